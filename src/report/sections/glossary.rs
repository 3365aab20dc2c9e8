//! The words of the field as this document uses them.

use crate::report::{
    context::Context,
    document::{Block, Cell, Table, Text},
};

/// The words, each with what it means.
const WORDS: &[(&str, &str)] = &[
    ("Back end", "A server that holds mailboxes."),
    ("Bridgehead", "A server that carries the mail of its routing group to another one."),
    ("Connector", "The route from one routing group to another, or to the Internet."),
    ("Front end", "A server without mailboxes that takes connections and passes them on."),
    ("FQDN", "A full name in the DNS, such as mail1.example.com."),
    ("Hairpin", "A firewall turns a connection from inside to its own public address back inside."),
    ("Listener", "What answers on a port: an SMTP virtual server of Exchange 2003."),
    ("MX record", "Says which hosts take the mail of a domain, in which order."),
    ("Phase", "A set of changes that is carried out together and can be taken back together."),
    ("PTR record", "The reverse name of an address."),
    ("Promise", "A requirement of the client, written so that it can be checked in every phase."),
    ("Resolver", "A DNS server, as hosts ask it."),
    ("Routing group", "Servers that hand mail to each other directly, without a connector."),
    ("Split DNS", "One name has one address inside and another one outside."),
    ("TTL", "For how many seconds an answer of the DNS is remembered."),
    ("View", "What one audience, inside or outside, is told by the DNS."),
    ("Waiver", "A finding that somebody decided to live with, and why."),
];

/// The section.
pub fn blocks(_: &Context<'_>, _: &str) -> Vec<Block> {
    let mut table = Table::new(&["Word", "Means here"], "");
    for (word, meaning) in WORDS {
        table.rows.push(vec![Cell::from(Text::strong(*word)), Cell::from(*meaning)]);
    }
    vec![Block::Table(table)]
}
