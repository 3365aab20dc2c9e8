//! A laboratory's case and its result, as their files say them.
//!
//! The words and defaults are those of the laboratory's README. A case is kept as JSON beside its
//! typed form, because the changes between phases are defined on the JSON (see [`super::phases`]).
#![expect(
    clippy::disallowed_methods,
    reason = "a test reads the laboratory's files and is told by the environment where they are"
)]

use bridgehead::model::{address::Subnet, name::Fqdn};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
};

/// The site of hosts that stand on the Internet.
pub(crate) const INTERNET: &str = "internet";

/// A word, or a list of things.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum WordOr<T> {
    Word(#[expect(dead_code, reason = "the only word is `all`")] String),
    List(Vec<T>),
}

/// One text or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Texts {
    One(String),
    Many(Vec<String>),
}

impl Texts {
    /// All of them.
    pub(crate) fn list(&self) -> Vec<&str> {
        match self {
            Self::One(text) => vec![text],
            Self::Many(list) => list.iter().map(String::as_str).collect(),
        }
    }
}

/// A case, or its state in a phase.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Case {
    #[serde(default)]
    pub(crate) sites: BTreeMap<String, Site>,
    #[serde(default)]
    pub(crate) wan: Vec<Wan>,
    #[serde(default)]
    pub(crate) public_dns: Vec<String>,
    pub(crate) servers: BTreeMap<String, Server>,
    pub(crate) messages: Vec<Message>,
    pub(crate) phases: Option<Vec<Phase>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Site {
    pub(crate) lan: Subnet,
    #[serde(default)]
    pub(crate) public: Vec<IpAddr>,
    #[serde(default)]
    pub(crate) dns: Dns,
    #[serde(default)]
    pub(crate) firewall: Firewall,
}

impl Site {
    /// The `n`th address of the LAN: 1 is the firewall's, 2 the DNS server's unless it has another.
    pub(crate) fn lan_address(&self, n: u32) -> IpAddr {
        match self.lan.address() {
            IpAddr::V4(first) => Ipv4Addr::from(u32::from(first) + n).into(),
            v6 @ IpAddr::V6(_) => v6,
        }
    }

    pub(crate) fn dns_address(&self) -> IpAddr {
        self.dns.ip.unwrap_or_else(|| self.lan_address(2))
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Dns {
    #[serde(default)]
    pub(crate) zones: BTreeMap<String, Vec<String>>,
    pub(crate) software: Option<String>,
    pub(crate) ip: Option<IpAddr>,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Firewall {
    #[serde(default)]
    pub(crate) hairpin: bool,
    #[serde(default)]
    pub(crate) publish: Vec<Publish>,
    #[serde(default)]
    pub(crate) snat: Vec<Snat>,
    pub(crate) outbound25: Option<WordOr<String>>,
    pub(crate) wan_in: Option<WordOr<WanRule>>,
    pub(crate) blocked: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Publish {
    pub(crate) public: IpAddr,
    pub(crate) to: String,
    pub(crate) to_ip: Option<IpAddr>,
    pub(crate) port: Option<u16>,
    pub(crate) snat: Option<bool>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Snat {
    pub(crate) from: String,
    pub(crate) public: IpAddr,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct WanRule {
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) port: Option<u16>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Wan {
    pub(crate) sites: [String; 2],
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Server {
    pub(crate) site: String,
    pub(crate) ip: Texts,
    pub(crate) bind: Option<Texts>,
    pub(crate) ehlo: Option<String>,
    #[serde(default)]
    pub(crate) mailboxes: Vec<String>,
    pub(crate) org: Option<String>,
    #[serde(default)]
    pub(crate) accepts: Vec<String>,
    #[serde(default)]
    pub(crate) relay_for: Vec<String>,
    pub(crate) relay_from: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) routes: BTreeMap<String, Texts>,
    pub(crate) resolver: Option<Texts>,
    #[serde(default)]
    pub(crate) defer_name_errors: bool,
    #[serde(default)]
    pub(crate) postfix: BTreeMap<String, Value>,
}

impl Server {
    pub(crate) fn on_internet(&self) -> bool {
        self.site == INTERNET
    }

    pub(crate) fn ips(&self) -> Vec<IpAddr> {
        self.ip.list().iter().filter_map(|ip| ip.parse().ok()).collect()
    }

    /// The addresses that the server listens on; none: all.
    pub(crate) fn bound(&self) -> Option<Vec<IpAddr>> {
        let list = self.bind.as_ref()?.list();
        let words: Vec<_> = list
            .iter()
            .flat_map(|text| text.split([',', ' ']))
            .filter(|word| !word.is_empty())
            .collect();
        if words == ["all"] {
            return None;
        }
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Some(words.iter().map(|word| word.parse().unwrap_or(local)).collect())
    }

    /// The name in its greeting, in lower case.
    pub(crate) fn greeting(&self, id: &str) -> String {
        self.ehlo.clone().unwrap_or_else(|| format!("{id}.invalid")).to_lowercase()
    }

    pub(crate) fn organisation(&self, id: &str) -> String {
        let default = if self.on_internet() { id } else { "corp" };
        self.org.clone().unwrap_or_else(|| default.to_owned())
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

impl Message {
    pub(crate) fn domain(&self) -> String {
        self.to.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase()
    }
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Phase {
    #[serde(default)]
    pub(crate) label: String,
    #[serde(default)]
    pub(crate) changes: Vec<Value>,
    #[serde(default)]
    pub(crate) send: Vec<String>,
}

impl Case {
    /// The phases; a case without any has one, in which everything is sent.
    pub(crate) fn all_phases(&self) -> Vec<Phase> {
        self.phases.clone().unwrap_or_else(|| {
            let send = self.messages.iter().map(|m| m.id.clone()).collect();
            vec![Phase { label: "start".to_owned(), changes: vec![], send }]
        })
    }

    /// The server that holds a mailbox.
    pub(crate) fn home(&self, address: &str) -> Option<&str> {
        let address = address.to_lowercase();
        let holds = |server: &Server| server.mailboxes.iter().any(|b| b.to_lowercase() == address);
        self.servers.iter().find(|(_, server)| holds(server)).map(|(id, _)| id.as_str())
    }

    /// The domains that an organisation receives mail for.
    pub(crate) fn domains_of(&self, organisation: &str) -> Vec<String> {
        let mut domains: Vec<String> = self
            .servers
            .iter()
            .filter(|(id, server)| server.organisation(id) == organisation)
            .flat_map(|(_, server)| {
                let boxes = server.mailboxes.iter().filter_map(|b| b.split('@').nth(1));
                boxes.chain(server.accepts.iter().map(String::as_str)).map(str::to_lowercase)
            })
            .collect();
        domains.sort();
        domains.dedup();
        domains
    }
}

/// A DNS record of a case: `name [ttl] TYPE data`.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) name: Fqdn,
    pub(crate) ttl_s: Option<u32>,
    pub(crate) kind: String,
    pub(crate) data: String,
}

impl Record {
    /// Reads a record, or the `name TYPE` of one that is to go.
    pub(crate) fn parse(line: &str) -> Result<Self, String> {
        let bad = || format!("no record: `{line}`");
        let (name, mut rest) = line.split_once(char::is_whitespace).ok_or_else(bad)?;
        rest = rest.trim();
        let mut ttl_s = None;
        if let Some((first, after)) = rest.split_once(char::is_whitespace)
            && let Ok(ttl) = first.parse()
        {
            (ttl_s, rest) = (Some(ttl), after.trim());
        }
        let (kind, data) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let name = name.parse().map_err(|error| format!("{error}"))?;
        Ok(Self { name, ttl_s, kind: kind.to_uppercase(), data: data.trim().to_owned() })
    }
}

/// A case with what the laboratory found.
pub(crate) struct Tried {
    pub(crate) name: String,
    pub(crate) case: Value,
    pub(crate) result: Value,
}

/// The laboratory's folder in the shared material; none when that is absent.
pub(crate) fn shared() -> Option<PathBuf> {
    let here = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let truth =
        std::env::var_os("BRIDGEHEAD_SHARED").map_or_else(here, PathBuf::from).join("truth");
    truth.join("cases").is_dir().then_some(truth)
}

/// A folder of further cases, if the environment names one.
pub(crate) fn further() -> Option<PathBuf> {
    std::env::var_os("BRIDGEHEAD_TRUTH").filter(|dir| !dir.is_empty()).map(PathBuf::from)
}

/// Whether this runs where nobody would read a warning.
pub(crate) fn in_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty())
}

/// Reads all cases of a folder: `dir/cases` or `dir` itself, with the results in `results` inside
/// `dir` or beside it.
pub(crate) fn read_all(dir: &Path) -> Result<Vec<Tried>, String> {
    let inner = dir.join("cases");
    let cases = if inner.is_dir() { inner } else { dir.to_owned() };
    let beside = dir.join("../results");
    let results = [dir.join("results"), beside].into_iter().find(|folder| folder.is_dir());
    let results = results.ok_or_else(|| format!("{}: no folder `results`", dir.display()))?;
    let listing = cases.read_dir().map_err(|error| format!("{}: {error}", cases.display()))?;
    let mut files: Vec<_> = listing.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|ext| ext == "json"));
    files.sort();
    if files.is_empty() {
        return Err(format!("{}: no cases", cases.display()));
    }
    files.iter().map(|file| read(file, &results)).collect()
}

fn read(file: &Path, results: &Path) -> Result<Tried, String> {
    let name = file.file_name().unwrap_or_default();
    Ok(Tried {
        name: file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        case: json(file)?,
        result: json(&results.join(name))?,
    })
}

fn json<T: DeserializeOwned>(file: &Path) -> Result<T, String> {
    let text =
        std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}
