//! The only test binary: one link, one run.
//!
//! A `mod` line for each area, in this order: `support` (helpers, no tests), `tidy` (the tree holds
//! to the design), then the areas from the model up to the command line.
#![expect(
    clippy::disallowed_methods,
    reason = "tests read the tree and the fixtures, and start the program"
)]

mod support;
mod tidy;

mod canvas;
mod cli;
mod diagram;
mod editing;
mod files;
mod fixes;
mod gui;
mod naive;
mod observed;
mod probe;
mod report;
mod rules;
mod studies;
mod templates;
mod truth;
mod window;
mod workspace;
