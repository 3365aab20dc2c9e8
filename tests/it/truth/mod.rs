//! The simulator against what real servers did.
//!
//! The laboratory's cases describe mail systems, its results say what BIND, nftables and Postfix
//! made of their mail. Here each case becomes a plan ([`convert`]), each of its messages is traced
//! ([`compare`]), and disposition, code, server and path have to be the laboratory's. What a plan
//! cannot say stands in [`UNEXPRESSED`], with the reason: nothing is left out in silence.
//!
//! `BRIDGEHEAD_TRUTH` names a folder of further cases with their results, `BRIDGEHEAD_SHARED` the
//! shared material where it is not beside the repository.

mod case;
mod compare;
mod convert;
mod doubts;
mod phases;
mod result;

use case::Tried;
use compare::{PLATFORMS, examine};
use serde_json::{Value, json};

/// What the shipped cases have that a plan cannot say: (case, platform, reason).
const UNEXPRESSED: &[(&str, &str, &str)] = &[
    (
        "12b-shadow-zone-defer",
        "Exchange 2003",
        "ex-a keeps mail for domains that do not exist, too: Exchange returns that",
    ),
    (
        "18-same-ehlo-name",
        "Exchange 2003",
        "ex-a and ex-b greet with one name: only Postfix is known to take that for a loop",
    ),
];

/// The shipped cases; none, loudly, where the shared material is absent.
#[expect(clippy::print_stderr, reason = "a test that does nothing has to say so")]
fn shipped() -> Option<Vec<Tried>> {
    let Some(folder) = case::shared() else {
        eprintln!("\n*** THE LABORATORY'S CASES ARE NOT HERE: THE SIMULATOR IS NOT TESTED ***\n");
        assert!(!case::in_ci(), "set BRIDGEHEAD_SHARED to the folder with the shared material");
        return None;
    };
    Some(case::read_all(&folder).expect("the shared cases are readable"))
}

/// All that came of some cases: how many messages agreed or not, what is wrong, what is not said.
#[derive(Default)]
struct Findings {
    compared: usize,
    wrong: Vec<String>,
    unexpressed: Vec<(String, &'static str, String)>,
}

fn examine_all(cases: &[Tried]) -> Findings {
    let mut all = Findings::default();
    for tried in cases {
        for (platform, name) in PLATFORMS {
            match examine(tried, platform) {
                Err(error) => all.wrong.push(format!("{}: {error}", tried.name)),
                Ok(report) => {
                    all.compared += report.compared;
                    all.wrong.extend(report.disagreements);
                    let reasons = report.unexpressed.into_iter();
                    all.unexpressed.extend(reasons.map(|why| (tried.name.clone(), name, why)));
                }
            }
        }
    }
    all
}

impl Findings {
    /// The table of what is not expressed, a line each.
    fn table(&self) -> String {
        let lines = self
            .unexpressed
            .iter()
            .map(|(case, platform, why)| format!("    {case} on {platform}: {why}\n"));
        format!(
            "{} messages compared; not expressed:\n{}",
            self.compared,
            lines.collect::<String>()
        )
    }
}

#[test]
fn the_simulator_agrees_with_real_servers() {
    if let Some(cases) = shipped() {
        let found = examine_all(&cases);
        println!("{} shipped cases, {}", cases.len(), found.table());
        assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n"));
        let unexpressed: Vec<_> =
            found.unexpressed.iter().map(|(c, p, why)| (c.as_str(), *p, why.as_str())).collect();
        assert_eq!(unexpressed, UNEXPRESSED);
        assert!(found.compared >= 2 * 100, "only {} messages were compared", found.compared);
    }
    if let Some(folder) = case::further() {
        let cases = case::read_all(&folder).expect("BRIDGEHEAD_TRUTH names a folder of cases");
        let found = examine_all(&cases);
        println!("{} further cases, {}", cases.len(), found.table());
        assert!(found.wrong.is_empty(), "{}", found.wrong.join("\n"));
    }
}

/// One fact of a shipped case, and what it is turned into.
struct Flip {
    case: &'static str,
    fact: &'static str,
    becomes: Value,
    message: &'static str,
}

#[test]
fn a_wrong_fact_is_noticed() {
    let Some(cases) = shipped() else { return };
    let flip = |case, fact, becomes, message| Flip { case, fact, becomes, message };
    let flips = [
        flip("04-hairpin", "/sites/HQ/firewall/hairpin", json!(false), "b2a"),
        flip("01-seed", "/sites/HQ/firewall/blocked", json!("reject"), "b2a"),
        flip("08-bound-to-other-ip", "/servers/ex-b/bind", json!("all"), "a2b"),
        flip("16-only-frontend-out", "/sites/HQ/firewall/outbound25", json!("all"), "a2net"),
        flip("06-site-a-down", "/phases/1/changes", json!([]), "down2a"),
        flip("14-dynamic-dns-mx", "/servers/alt/relay_for", json!([]), "m3"),
    ];
    for Flip { case, fact, becomes, message } in flips {
        let tried = cases.iter().find(|tried| tried.name == case).expect("a shipped case");
        let mut changed = tried.case.clone();
        let (thing, field) = fact.rsplit_once('/').expect("a thing and its field");
        changed.pointer_mut(thing).expect("a thing of the case")[field] = becomes;
        let changed = Tried { name: case.to_owned(), case: changed, result: tried.result.clone() };
        let (platform, _) = PLATFORMS[0];
        let report = examine(&changed, platform).expect("still a case");
        let about = format!("{case} on {platform:?}, {message}: ");
        assert!(
            report.disagreements.iter().any(|text| text.starts_with(&about)),
            "{case} with another {fact}: nobody noticed; {report:?}"
        );
    }
}

#[test]
fn summaries_say_what_the_result_says() {
    let Some(cases) = shipped() else { return };
    let mut read = 0;
    for tried in &cases {
        let messages = tried.result["messages"].as_object().expect("messages");
        for (id, report) in messages {
            let last = report["after_phase"].as_array().and_then(|all| all.last()?.as_str());
            let from = report["from"].as_str().expect("a sender");
            let parsed = result::State::parse(last.expect("a last phase"), from);
            assert_eq!(parsed, result::State::last(report), "{}, {id}", tried.name);
            read += 1;
        }
    }
    assert!(read >= 100, "only {read} messages");
}
