//! What becomes of a message: hop by hop, with the reason for each step.
//!
//! [`attempt`] is one server trying one next hop; [`walk`] follows a message from server to server
//! and remembers attempts; [`deliver`] takes the ends that people name apart into messages and gives
//! the worst; [`trace`] is the answer as data and [`render`] its wording, made on demand; [`matrix`]
//! is all pairs; [`expected`] is what the live network says if it is as planned; [`studies`] are long questions,
//! asked on demand.

pub mod attempt;
pub mod deliver;
pub mod ends;
pub mod expected;
pub mod matrix;
pub mod render;
pub mod studies;
pub mod trace;
pub mod walk;
