//! Block lists (A13): what their return codes say about an address by which mail leaves.

use super::answers::{Answers, Judged, each};
use crate::{
    model::dns::reverse_name,
    probe::{NoAnswer, judge::Verdict, spf::Stop, wire::Rr},
    sim::expected::Study,
};
use std::net::IpAddr;

/// Return codes by which a list says that it does not answer this asker: typing error in the name,
/// public resolver, too many questions.
const NO_ANSWER: [&str; 3] = ["127.255.255.252", "127.255.255.254", "127.255.255.255"];

/// The address's name in a list (RFC 5782 section 2.1).
fn name_in(list: &str, address: IpAddr) -> String {
    let reverse = reverse_name(address);
    let text = reverse.as_str();
    let digits = text.strip_suffix(".in-addr.arpa").or_else(|| text.strip_suffix(".ip6.arpa"));
    format!("{}.{list}", digits.unwrap_or(text))
}

pub(super) fn listed(study: &Study, answers: &Answers<'_>) -> Judged {
    let Some(address) = study.address else {
        return Ok(Verdict::not_applicable("the plan has no address there"));
    };
    let asked = study.lists.iter().map(|list| {
        let name = name_in(list.as_str(), address);
        (list.to_string(), answers.look(study.side, &name, Rr::A))
    });
    let (came, why) = each(asked)?;
    let codes = |looked: &super::Looked| looked.texts().into_iter().collect::<Vec<_>>();
    let mut refused = None;
    for (list, looked) in &came {
        let codes = codes(looked);
        if codes.iter().any(|code| NO_ANSWER.contains(&code.as_str())) {
            refused = Some(format!("{list} does not answer this asker ({})", codes.join(", ")));
        } else if codes.iter().any(|code| !code.starts_with("127.")) {
            refused = Some(format!(
                "{list} gives no return code ({}): somebody rewrites answers",
                codes.join(", ")
            ));
        } else if !codes.is_empty() {
            let reason =
                format!("{address} is on the list {list}: receivers that use it refuse its mail");
            let remedy =
                format!("find why at the list's own page, mend it, then ask {list} to take it out");
            return Ok(Verdict::fail(reason).got(codes).remedy(remedy).ttl(looked.ttl));
        }
    }
    match (refused, why) {
        (Some(text), _) => Err(Stop::None(NoAnswer::Network(text))),
        (None, Some(why)) => Err(Stop::None(why)),
        (None, None) => {
            Ok(Verdict::pass("on none of the lists").got(came.iter().map(|(list, _)| list)))
        }
    }
}
