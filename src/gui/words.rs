//! The words of the window: kinds, fields, ends, verdicts. No drawing here.

use super::command::Kind;
use crate::{
    model::{ObjectId, Subject, Topology, project::Project, promise::End},
    rules::rule::Severity,
    sim::trace::Disposition,
};

/// The word for a kind of object, as a sentence begins with it.
pub(super) fn kind(id: &ObjectId) -> &'static str {
    kind_title(kind_of(id))
}

/// The kind of an object.
pub(super) fn kind_of(id: &ObjectId) -> Kind {
    match id {
        ObjectId::Organisation(_) => Kind::Organisation,
        ObjectId::Domain(_) => Kind::Domain,
        ObjectId::Site(_) => Kind::Site,
        ObjectId::Segment(_) => Kind::Segment,
        ObjectId::Line(_) => Kind::Line,
        ObjectId::Firewall(_) => Kind::Firewall,
        ObjectId::Link(_) => Kind::Link,
        ObjectId::View(_) => Kind::View,
        ObjectId::Zone(_) => Kind::Zone,
        ObjectId::Record(_) => Kind::Record,
        ObjectId::Resolver(_) => Kind::Resolver,
        ObjectId::Server(_) => Kind::Server,
        ObjectId::Listener(_) => Kind::Listener,
        ObjectId::Group(_) => Kind::Group,
        ObjectId::SiteLink(_) => Kind::SiteLink,
        ObjectId::GroupConnector(_) => Kind::GroupConnector,
        ObjectId::SmtpConnector(_) => Kind::SmtpConnector,
        ObjectId::Mailboxes(_) => Kind::Mailboxes,
    }
}

/// The word for a kind.
pub(super) fn kind_title(kind: Kind) -> &'static str {
    match kind {
        Kind::Site => "Site",
        Kind::Segment => "Segment",
        Kind::Line => "Internet line",
        Kind::Firewall => "Firewall",
        Kind::Link => "WAN link",
        Kind::Server => "Server",
        Kind::Listener => "SMTP virtual server",
        Kind::Group => "Routing group",
        Kind::SiteLink => "AD site link",
        Kind::GroupConnector => "Routing group connector",
        Kind::SmtpConnector => "SMTP connector",
        Kind::Resolver => "Resolver",
        Kind::View => "DNS view",
        Kind::Zone => "DNS zone",
        Kind::Record => "DNS record",
        Kind::Organisation => "Organisation",
        Kind::Domain => "Mail domain",
        Kind::Mailboxes => "Mailboxes",
    }
}

/// The plural, for headings of lists.
pub(super) fn kind_plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Site => "Sites",
        Kind::Segment => "Segments",
        Kind::Line => "Internet lines",
        Kind::Firewall => "Firewalls",
        Kind::Link => "WAN links",
        Kind::Server => "Servers",
        Kind::Listener => "SMTP virtual servers",
        Kind::Group => "Routing groups, AD sites",
        Kind::SiteLink => "AD site links",
        Kind::GroupConnector => "Routing group connectors",
        Kind::SmtpConnector => "SMTP connectors",
        Kind::Resolver => "Resolvers",
        Kind::View => "DNS views",
        Kind::Zone => "DNS zones",
        Kind::Record => "DNS records",
        Kind::Organisation => "Organisations",
        Kind::Domain => "Mail domains",
        Kind::Mailboxes => "Mailboxes",
    }
}

/// A text as it stands inside a sentence: small, unless it is an abbreviation.
pub(super) fn inside(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(a), Some(b)) if a.is_uppercase() && b.is_lowercase() => {
            format!("{}{b}{}", a.to_lowercase(), chars.as_str())
        }
        _ => text.to_owned(),
    }
}

/// The label of a field, from its name and kind.
pub(super) fn field(kind: Kind, name: &str) -> String {
    let known = match (kind, name) {
        (Kind::Listener, "bindings") => "IP address",
        (Kind::Record, "data") => "Records, one a line",
        (Kind::GroupConnector, "from") => "From group",
        (Kind::GroupConnector, "to") => "To group",
        (Kind::GroupConnector | Kind::SmtpConnector, "sources") => "Local bridgeheads",
        (Kind::GroupConnector, "targets") => "Remote bridgeheads",
        (Kind::Group, "hub") => "Hub site",
        (Kind::Group, "master") => "Routing group master",
        (Kind::SiteLink, "sites") => "Joins",
        (Kind::SiteLink, "cost") => "Cost in the directory",
        (Kind::SiteLink, "exchange_cost") => "Exchange cost",
        (Kind::Server, "group") => "Routing group or AD site",
        (Kind::SmtpConnector, "group") => "Of routing group or AD site",
        (Kind::SmtpConnector, "spaces") => "Address spaces, one a line",
        (Kind::Site, "internet") => "Way to the Internet",
        (Kind::Link, "a") => "One end",
        (Kind::Link, "b") => "Other end",
        (Kind::Link, "filter") => "What passes",
        (Kind::Segment, "from_segments") => "What passes from the site's other segments",
        (Kind::Resolver, "serves") => "Serves the views",
        (Kind::Resolver, "forwards") => "Asks for other names",
        (Kind::Resolver, "conditional") => "Conditional forwarders",
        (Kind::Firewall, "published") => "Published ports",
        (Kind::Firewall, "source_addresses") => "Source addresses",
        (Kind::Firewall, "hairpin") => "Turns inside connections back (hairpin)",
        (Kind::Firewall, "outbound_25") => "Who may open port 25 to the Internet",
        (Kind::Firewall, "blocked") => "What it stops is",
        (Kind::Server, "routes") => "Transport table",
        (Kind::Server, "relay_domains") => "Relays for the domains, one a line",
        (Kind::Server, "relay_from") => "Who may relay",
        (Kind::Server, "keeps_on_name_error") => "Keeps mail whose next hop has no address",
        (Kind::Server, "directory_domain") => "Directory domain",
        (Kind::Organisation, "directory_domains") => "Directory domains, one a line",
        (Kind::Mailboxes, "users_at") => "Users sit at",
        (Kind::Mailboxes, "home") => "On the server",
        (Kind::Mailboxes, "count") => "How many",
        (Kind::Mailboxes, "from_internet_per_day") => "From the Internet, messages a day each",
        (Kind::Mailboxes, "to_internet_per_day") => "To the Internet, messages a day each",
        (Kind::Mailboxes, "inside_per_day") => "To other mailboxes, messages a day each",
        (_, "addresses") => "Addresses, one a line",
        (_, "subnets") => "Subnets, one a line",
        (_, "fqdn") => "FQDN",
        (_, "ttl_s") => "TTL, seconds",
        (_, "negative_ttl_s") => "Negative TTL, seconds",
        (_, "bandwidth_kbit") => "Bandwidth, kbit/s",
        (_, "latency_ms") => "Latency one way, milliseconds",
        _ => "",
    };
    if known.is_empty() { sentence(&name.replace('_', " ")) } else { known.to_owned() }
}

/// A text with a capital at its beginning.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The name of what a subject means, as people use it.
pub(super) fn subject(project: &Project, topology: &Topology, subject: &Subject) -> String {
    if let Some(id) = subject.object(topology) {
        return object(topology, &id);
    }
    match subject {
        Subject::Promise(id) => {
            project.promises.get(id).map_or_else(|| id.to_string(), |p| p.text.clone())
        }
        Subject::Assumption(id) => {
            project.assumptions.get(id).map_or_else(|| id.to_string(), |a| a.text.clone())
        }
        Subject::Phase(id) => {
            project.phase_of(id).map_or_else(|| id.to_string(), |i| phase(project, i))
        }
        Subject::Note(id) => {
            project.notes.get(id).map_or_else(|| id.to_string(), |n| n.title().to_owned())
        }
        other => other.to_string(),
    }
}

/// The name of an object, with what is needed to tell it from others of its kind.
pub(super) fn object(topology: &Topology, id: &ObjectId) -> String {
    let name = topology.name(id);
    match id {
        ObjectId::Listener(l) => {
            format!("{}: {name}", topology.name(&ObjectId::Server(l.server.clone())))
        }
        ObjectId::Segment(s) => match topology.segments.get(s) {
            Some(segment) => {
                format!("{}: {name}", topology.name(&ObjectId::Site(segment.site.clone())))
            }
            None => name,
        },
        ObjectId::Zone(z) => format!("{}: {name}", view(topology, &z.view)),
        ObjectId::Record(r) => format!(
            "{}: {name} {}",
            view(topology, &r.zone.view),
            r.kind.name().to_ascii_uppercase()
        ),
        _ => name,
    }
}

fn view(topology: &Topology, id: &crate::model::id::ViewId) -> String {
    topology.name(&ObjectId::View(id.clone()))
}

/// A phase with its number.
pub(super) fn phase(project: &Project, index: usize) -> String {
    format!("{index} {}", project.phase_title(index))
}

/// An end of a message's way, as people name it.
pub(super) fn end(topology: &Topology, end: &End) -> String {
    match end {
        End::Server(id) => topology.name(&ObjectId::Server(id.clone())),
        End::Site(id) => topology.name(&ObjectId::Site(id.clone())),
        End::Internet => "the Internet".to_owned(),
        End::Address(address) => address.to_string(),
    }
}

/// The name of what a trace's hop calls by its id.
pub(super) fn hop_end(topology: &Topology, text: &str) -> String {
    match text.parse() {
        _ if text == "internet" => "the Internet".to_owned(),
        Ok(id) if topology.servers.contains_key(&id) => topology.name(&ObjectId::Server(id)),
        _ => text.to_owned(),
    }
}

/// What becomes of mail, as the end of a sentence that begins with "Mail from A to B".
pub(super) fn fate(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::Delivered => "arrives",
        Disposition::LeftForInternet => "leaves for the Internet",
        Disposition::Queued => "will queue",
        Disposition::Bounced => "will be returned",
        Disposition::Refused => "will be refused",
        Disposition::Loop => "will loop",
        Disposition::NoRoute => "has no route",
        Disposition::CannotTell => "cannot be followed to its end",
    }
}

/// The plural of a severity, for counts.
pub(super) fn severity_plural(severity: Severity, count: usize) -> String {
    let (one, many) = match severity {
        Severity::Error => ("error", "errors"),
        Severity::Warning => ("warning", "warnings"),
        Severity::CannotTell => ("cannot tell", "cannot tell"),
        Severity::Note => ("note", "notes"),
    };
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A count of things.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// How long ago something was, in seconds, in words.
pub(super) fn age(seconds: u64) -> String {
    match seconds {
        0..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..172_800 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}

/// A time as evidence writes it, for people: date and time of day in UTC.
pub(super) fn utc(text: &str) -> String {
    format!("{} UTC", text.replace('T', " ").trim_end_matches('Z'))
}
