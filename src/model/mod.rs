//! The ground state: plain data about a client's mail system, its phases and its promises.
//!
//! This module knows nobody: no graphs, no files, no clock, no window. Words are the field's own.
//! In reading order: [`id`] and [`name`] are the small parts; [`organisation`], [`site`], [`dns`],
//! [`server`], [`connector`] the objects of the drawing; [`topology`] all of them at one moment;
//! [`edit`] what one of them becomes; [`project`] the system as it is and its phases; [`unfold`] the
//! topology after each phase, [`carry_out`] the order of its steps; [`dossier`] and [`marks`] what the
//! handover says beside it, [`note`] what people write on the drawing; [`change`] and [`editing`] how a project is changed and changed back.

pub mod address;
pub mod assumption;
pub mod beside;
pub mod carry_out;
pub mod change;
pub mod connector;
pub mod dns;
pub mod dossier;
pub mod edit;
pub mod editing;
pub mod id;
pub mod marks;
pub mod name;
pub mod note;
mod object;
pub mod organisation;
pub mod project;
pub mod promise;
pub mod reference;
pub mod server;
pub mod site;
pub mod subject;
pub mod topology;
pub mod unfold;

pub use project::Project;
pub use subject::Subject;
pub use topology::{ObjectId, Topology};
