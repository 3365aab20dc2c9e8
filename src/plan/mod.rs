//! The plan: what was promised, checked in every phase from which it holds.

pub mod promises;
