//! The long questions: what every failure loses, and what an outage does.

mod faults;
mod outage;
