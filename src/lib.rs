//! Bridgehead: draw a client's mail system, prove that the mail will flow, plan the migration.
//!
//! This page is the map of the code; it holds no code itself. Modules depend upward in this list
//! only, and a test checks it:
//!
//! - [`model`]: the ground state. Plain data about a client's mail system, its phases and promises,
//!   and how it is changed and changed back. Knows nobody.
//! - [`net`]: what a host is told when it asks for a name, what it reaches when it opens a port.
//! - [`platform`]: one file a mail system: how the next hop is chosen, which name is asked.
//! - [`sim`]: what becomes of a message, hop by hop, with the reason for each step; long questions on
//!   demand (every failure, an outage on a clock).
//! - [`rules`]: one rule, one file, named after the fault: article, check, cures; in the drawing, and in
//!   live answers that contradict it.
//! - [`plan`]: promises, phase by phase.
//! - [`analysis`]: the one entry to everything derived, shared by window, command line and report.
//! - [`diagram`]: the drawing as data, in world coordinates; window, SVG, PNG and PDF draw the same.
//! - [`report`]: the handover as a document, for the consultants or with other names for the client, as
//!   Markdown and as PDF.
//! - [`file`]: text to project and back. [`templates`]: the plans that come with the program.
//! - [`probe`]: what the live network answers, held against the plan: records one by one, sessions with
//!   listeners, and the catalogue of checks over many answers.
//! - [`rehearsal`]: the plan's zones and listeners on loopback, before they exist.
//! - [`workspace`]: where a project lives while it is worked on.
//! - [`cli`]: the command line, one file a subcommand.
//! - [`gui`]: the window: drawing, panels, live checks after a confirmation, the pages of the handover.
//!
//! One direction: file → Project → Analyzer → Analysis → (canvas, panels, report, command line). The
//! only way back is a [`model::change::Change`]. Analysis never fails: what it cannot know is
//! `cannot-tell`. Facts that nobody entered stay unknown. Output is sorted.

pub mod analysis;
pub mod cli;
pub mod diagram;
pub mod file;
pub mod gui;
pub mod model;
pub mod net;
pub mod plan;
pub mod platform;
pub mod probe;
pub mod rehearsal;
pub mod report;
pub mod rules;
pub mod sim;
pub mod templates;
pub mod workspace;
