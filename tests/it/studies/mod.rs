//! The long questions: what every failure loses.

mod faults;
