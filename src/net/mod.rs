//! Derived state of one phase, pure: what a host is told when it asks for a name, and what it
//! reaches when it opens a port.
//!
//! [`world`] builds dense indexes once per topology; [`routing`] holds the petgraph views (sites and
//! links; routing groups and connectors), [`directory`] the AD sites and their links; [`lookup`]
//! follows a question through resolvers, views and forwarders; [`reach`] follows a connection through
//! segments, links, lines and firewalls. [`watch`] says what is down and which answers depend on it.
//! [`unknown`] names the facts that are missing, [`cause`] what stopped a connection. Nothing here
//! knows of mail, and nothing here guesses.

pub mod build;
pub mod cause;
pub mod directory;
pub mod lookup;
pub mod reach;
pub mod routing;
pub mod unknown;
pub mod watch;
pub mod way;
pub mod world;
mod zone;
