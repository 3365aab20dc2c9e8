//! The window.

pub mod canvas;
pub mod command;
pub mod theme;
