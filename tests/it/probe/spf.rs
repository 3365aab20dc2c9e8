//! The RFC 7208 test suite (openspf.org, 2014.04): each case's result.

use super::shared;
use bridgehead::probe::spf::{Records, Sender, Stop, check};
use std::{collections::BTreeMap, net::IpAddr};
use yaml_rust2::{Yaml, YamlLoader};

/// A record of the suite's zone data: its type and what it says.
type Entry = (String, Vec<String>);

/// The zone data of one group of cases; a type that is not there times out where `silent` is told.
struct Zones {
    names: BTreeMap<String, (Vec<Entry>, bool)>,
}

impl Zones {
    fn read(data: &Yaml) -> Self {
        let mut names = BTreeMap::new();
        for (name, entries) in data.as_hash().unwrap() {
            let mut found: Vec<Entry> = Vec::new();
            let mut silent = false;
            for entry in entries.as_vec().unwrap() {
                match entry {
                    Yaml::String(word) => silent |= word == "TIMEOUT",
                    entry => {
                        let (kind, value) = entry.as_hash().unwrap().front().unwrap();
                        found.push((kind.as_str().unwrap().to_owned(), strings(value)));
                    }
                }
            }
            // The suite's `SPF` records stand for TXT records too where a name has none of its own.
            if !found.iter().any(|(kind, _)| kind == "TXT") {
                let spf: Vec<Entry> =
                    found.iter().filter(|(kind, _)| kind == "SPF").cloned().collect();
                found.extend(spf.into_iter().map(|(_, text)| ("TXT".to_owned(), text)));
            }
            found.retain(|(kind, text)| kind != "TXT" || text.join("") != "NONE");
            names.insert(name.as_str().unwrap().to_lowercase(), (found, silent));
        }
        Self { names }
    }

    fn of(&self, name: &str, kind: &str) -> Result<Vec<Vec<String>>, Stop<()>> {
        let mut name = name.to_lowercase();
        for _ in 0..10 {
            let Some((entries, silent)) = self.names.get(&name) else { return Ok(Vec::new()) };
            let of = |kind: &str| -> Vec<Vec<String>> {
                entries.iter().filter(|(k, _)| k == kind).map(|(_, t)| t.clone()).collect()
            };
            let found = of(kind);
            match of("CNAME").first() {
                _ if !found.is_empty() => return Ok(found),
                Some(alias) => name = alias[0].trim_end_matches('.').to_lowercase(),
                None if *silent => return Err(Stop::None(())),
                None => return Ok(found),
            }
        }
        Ok(Vec::new())
    }
}

fn strings(value: &Yaml) -> Vec<String> {
    match value {
        Yaml::Array(list) => list.iter().flat_map(strings).collect(),
        Yaml::Integer(number) => vec![number.to_string()],
        Yaml::Real(text) | Yaml::String(text) => vec![text.clone()],
        other => panic!("{other:?}"),
    }
}

fn dns_name(name: &str) -> String {
    name.trim_end_matches('.').to_lowercase()
}

impl Records for Zones {
    type Why = ();

    fn texts(&self, name: &str) -> Result<Vec<String>, Stop<()>> {
        Ok(self.of(name, "TXT")?.into_iter().map(|parts| parts.concat()).collect())
    }

    fn addresses(&self, name: &str, v4: bool) -> Result<Vec<IpAddr>, Stop<()>> {
        let found = self.of(name, if v4 { "A" } else { "AAAA" })?;
        Ok(found.iter().map(|text| text[0].parse().unwrap()).collect())
    }

    fn exchangers(&self, name: &str) -> Result<Vec<String>, Stop<()>> {
        let mut found = self.of(name, "MX")?;
        found.sort_by_key(|mx| mx[0].parse::<u32>().unwrap());
        let named = found.into_iter().map(|mx| dns_name(mx.get(1).map_or("", String::as_str)));
        Ok(named.filter(|name| !name.is_empty()).collect())
    }

    fn pointers(&self, name: &str) -> Result<Vec<String>, Stop<()>> {
        Ok(self.of(name, "PTR")?.into_iter().map(|text| dns_name(&text[0])).collect())
    }
}

fn case(zones: &Zones, name: &str, case: &Yaml, wrong: &mut Vec<String>) {
    let text = |key: &str| strings(&case[key]).concat();
    let helo = text("helo");
    let from = text("mailfrom");
    let (local, domain) = match from.rsplit_once('@') {
        Some((local, domain)) => (local, domain),
        // Without a sender the greeting's name is checked (section 2.4).
        None => ("postmaster", helo.as_str()),
    };
    let address: IpAddr = text("host").parse().unwrap();
    let sender = Sender { address, local, domain, helo: &helo };
    let (answer, _) = check(zones, &sender).unwrap_or_else(|| panic!("{name}: nothing is missing"));
    let allowed = strings(&case["result"]);
    if !allowed.iter().any(|word| word == answer.name()) {
        wrong.push(format!("{name}: {answer:?} instead of {}", allowed.join(" or ")));
    }
}

#[test]
fn all_203_cases_of_the_rfc_7208_suite() {
    let Some(path) = shared("data/spf/openspf/rfc7208-tests.yml") else { return };
    let text = std::fs::read_to_string(&path).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for group in YamlLoader::load_from_str(&text).unwrap() {
        let zones = Zones::read(&group["zonedata"]);
        for (name, yaml) in group["tests"].as_hash().unwrap() {
            case(&zones, name.as_str().unwrap(), yaml, &mut wrong);
            count += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(count, 203);
}
