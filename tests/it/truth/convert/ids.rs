//! The ids that a converted case's objects get.

use bridgehead::model::{
    ObjectId, Subject,
    dns::Place,
    id::{
        FirewallId, LineId, LinkId, OrganisationId, ResolverId, SegmentId, ServerId, SiteId, ViewId,
    },
    server::ListenerId,
};
use std::{fmt::Display, str::FromStr};

use super::super::case::Server;

/// A typed value from its text, or the reason why there is none.
pub(crate) fn read<T>(text: &str) -> Result<T, String>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error| format!("{error}"))
}

/// A name of the case as a slug.
fn slug(name: &str) -> String {
    let fits = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.chars().map(fits).collect()
}

fn with<T>(prefix: &str, name: &str) -> Result<T, String>
where
    T: FromStr,
    T::Err: Display,
{
    read(&format!("{prefix}{}", slug(name)))
}

pub(crate) fn site(name: &str) -> Result<SiteId, String> {
    with("", name)
}

pub(crate) fn segment(site: &str) -> Result<SegmentId, String> {
    with("lan-", site)
}

pub(crate) fn line(site: &str) -> Result<LineId, String> {
    with("line-", site)
}

pub(crate) fn firewall(site: &str) -> Result<FirewallId, String> {
    with("edge-", site)
}

/// The id of a WAN link by its place in the case: the simulator tries links in the order of their
/// ids, the laboratory in the order of the list.
pub(crate) fn link(index: usize) -> Result<LinkId, String> {
    read(&format!("wan-{index:03}"))
}

pub(crate) fn inside_view(site: &str) -> Result<ViewId, String> {
    with("inside-", site)
}

pub(crate) fn public_view() -> Result<ViewId, String> {
    read("public")
}

pub(crate) fn site_resolver(site: &str) -> Result<ResolverId, String> {
    with("dns-", site)
}

/// The resolver that hosts on the Internet ask.
pub(crate) fn isp_resolver() -> Result<ResolverId, String> {
    read("isp-dns")
}

/// The server of the public zone, where somebody asks it directly.
pub(crate) fn root_resolver() -> Result<ResolverId, String> {
    read("ext-dns")
}

pub(crate) fn organisation(name: &str) -> Result<OrganisationId, String> {
    with("", name)
}

pub(crate) fn server(name: &str) -> Result<ServerId, String> {
    read(name)
}

pub(crate) fn listener(server: &str) -> Result<ListenerId, String> {
    Ok(ListenerId { server: read(server)?, number: 1 })
}

pub(crate) fn place(server: &Server) -> Result<Place, String> {
    if server.on_internet() {
        return Ok(Place::Internet);
    }
    Ok(Place::Segment(segment(&server.site)?))
}

/// What is down, as subjects.
pub(crate) fn failures(down: &str, links: &[(usize, [String; 2])]) -> Result<Vec<Subject>, String> {
    let (kind, name) = down.split_once(':').unwrap_or((down, ""));
    let one = |object: ObjectId| Ok(vec![Subject::from(object)]);
    match (kind, name) {
        ("site", _) => one(ObjectId::Site(site(name)?)),
        ("internet", _) => one(ObjectId::Line(line(name)?)),
        ("stop", _) => one(ObjectId::Listener(listener(name)?)),
        ("host", "dns-ext") => {
            let both = [ObjectId::View(public_view()?), ObjectId::Resolver(root_resolver()?)];
            Ok(both.into_iter().map(Subject::from).collect())
        }
        ("host", "dns-isp") => one(ObjectId::Resolver(isp_resolver()?)),
        ("host", _) => match name.strip_prefix("dns-") {
            Some(of) => one(ObjectId::Resolver(site_resolver(of)?)),
            None => one(ObjectId::Server(server(name)?)),
        },
        ("wan", _) => {
            let (a, b) = name.split_once('-').unwrap_or((name, ""));
            let same = |ends: &[String; 2]| *ends == [a, b] || *ends == [b, a];
            // Of two links between the same sites the laboratory knows the last one by this name.
            match links.iter().rfind(|(_, ends)| same(ends)) {
                Some((index, _)) => one(ObjectId::Link(link(*index)?)),
                None => Ok(vec![]),
            }
        }
        _ => Err(format!("nothing in a plan is `{down}`")),
    }
}
