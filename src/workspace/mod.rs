//! Where a project lives while it is worked on: on the disk.

pub mod disk;
