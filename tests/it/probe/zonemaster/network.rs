//! The scenarios' servers at their addresses, and a resolver that asks them from the top.

use super::coredns::{self, Block};
use bridgehead::probe::{
    NoAnswer, Timed,
    wire::{Message, Query, Rec, Reply, Rr, code},
};
use std::{
    net::{IpAddr, SocketAddr},
    path::Path,
};

/// Questions in a row to answer one, at most.
const STEPS_MAX: usize = 12;

pub(super) struct Network {
    blocks: Vec<Block>,
    case: String,
}

impl Network {
    pub(super) fn read(folder: &Path, case: &str) -> Self {
        let base = folder.parent().unwrap().parent().unwrap();
        let blocks = coredns::read(&folder.join(format!("{case}.cfg")), base);
        assert!(!blocks.is_empty(), "{}", folder.display());
        Self { blocks, case: case.to_owned() }
    }

    /// Where the resolver is.
    pub(super) fn resolver() -> SocketAddr {
        "192.0.2.53:53".parse().unwrap()
    }

    pub(super) fn answer(&self, query: &Query) -> Timed<Reply> {
        let reply = if query.server == Self::resolver() {
            self.resolve(&query.name, query.kind, 0)
        } else {
            self.at(query.server.ip(), &query.name, query.kind)
        };
        Timed { reply, took: None }
    }

    fn at(&self, address: IpAddr, name: &str, kind: Rr) -> Reply {
        let bound = self.blocks.iter().filter(|block| block.binds.contains(&address));
        let fitting = bound.filter(|block| block.fits(name));
        let block = fitting.max_by_key(|b| b.names.iter().map(String::len).max());
        let block = block.ok_or(NoAnswer::TimedOut)?;
        block.answer(name, kind).ok_or(NoAnswer::TimedOut)
    }

    /// The servers at the top: those of the case's own base zones, else of a top-level zone.
    fn top(&self, name: &str) -> Vec<IpAddr> {
        let serves = |block: &&Block| {
            block.zones.iter().any(|(zone, records)| {
                let base = zone.starts_with(&self.case) || !zone.contains('.');
                base && zone != "." && is_within(name, zone) && !records.is_empty()
            })
        };
        let v4 = |address: &&IpAddr| address.is_ipv4();
        self.blocks
            .iter()
            .filter(serves)
            .flat_map(|block| block.binds.iter().filter(v4).copied())
            .collect()
    }

    fn resolve(&self, name: &str, kind: Rr, depth: usize) -> Reply {
        let mut servers = self.top(name);
        if servers.is_empty() {
            return Ok(Message { code: code::NO_SUCH_NAME, ..Message::default() });
        }
        for _ in 0..STEPS_MAX {
            let mut last = NoAnswer::TimedOut;
            let mut next = None;
            for server in &servers {
                match self.at(*server, name, kind) {
                    Ok(message) if message.no_answer().is_some() => {
                        last = message.no_answer().unwrap();
                    }
                    Ok(message) if message.is_referral() => {
                        next = Some(message);
                        break;
                    }
                    Ok(mut message) => {
                        message.authoritative = false;
                        message.recursive = true;
                        return Ok(message);
                    }
                    Err(why) => last = why,
                }
            }
            let Some(referral) = next else {
                return match last {
                    NoAnswer::TimedOut => Err(last),
                    _ => Ok(Message { code: code::SERVER_FAILURE, ..Message::default() }),
                };
            };
            servers = self.glue(&referral, depth);
        }
        Ok(Message { code: code::SERVER_FAILURE, ..Message::default() })
    }

    fn glue(&self, referral: &Message, depth: usize) -> Vec<IpAddr> {
        let v4 = |rec: &Rec| rec.address().filter(IpAddr::is_ipv4);
        let glue: Vec<IpAddr> = referral.additional.iter().filter_map(v4).collect();
        if !glue.is_empty() || depth > 3 {
            return glue;
        }
        let names = referral.authority.iter().filter(|rec| rec.kind == Rr::Ns);
        let found = names.filter_map(|ns| self.resolve(&ns.text, Rr::A, depth + 1).ok());
        found.flat_map(|message| message.answers).filter_map(|rec| v4(&rec)).collect()
    }
}

fn is_within(name: &str, zone: &str) -> bool {
    name == zone || name.ends_with(&format!(".{zone}"))
}
