//! The catalogue's 88 checks: each is a check of the program, or the table says who answers it
//! otherwise, or why nobody does.

use bridgehead::probe::checks::{CHECKS, definition};
use std::collections::BTreeSet;

/// Where a check of the catalogue is answered.
enum By {
    /// By a check with that id.
    Check(&'static str),
    /// By the questions about records and listeners, or by how all of them are judged.
    Question(&'static str),
    /// By the SMTP sessions of the live checks.
    Session(&'static str),
    /// By a rule or a study over the drawing, without a network.
    Plan(&'static str),
    /// By nobody, and why.
    Nobody(&'static str),
}
use By::{Check, Nobody, Plan, Question, Session};

const CATALOGUE: &[(&str, By)] = &[
    ("R1", Check("R1")),
    ("R2", Check("R2")),
    ("R3", Check("R3")),
    ("R4", Check("R4")),
    ("R5", Question("a failure is `unknown` with its reason wherever it occurs, never `missing`")),
    ("R6", Check("R6")),
    ("R7", Check("R7")),
    ("R8", Check("R8")),
    ("M1", Check("M1")),
    ("M2", Check("M2")),
    ("M3", Check("M3")),
    ("M4", Check("M4")),
    ("M5", Check("M5")),
    ("M6", Check("M6")),
    ("M7", Check("M7")),
    ("M8", Check("M8")),
    ("M9", Check("M9")),
    ("M10", Check("M10")),
    ("M11", Check("M11")),
    (
        "M12",
        Question("the domain's MX records are held against the plan's, all of them and no others"),
    ),
    ("M13", Session("needs RCPT at both exchangers; the DNS cannot say it")),
    ("M14", Check("M14")),
    ("M15", Check("M15")),
    ("N1", Check("N1")),
    ("N2", Check("N2")),
    ("N3", Check("N3")),
    ("N4", Session("the banner's name is held against the plan's")),
    ("N5", Question("each listener's greeting is asked in each view that may know it")),
    ("N6", Check("N6")),
    ("N7", Check("N7")),
    ("B1", Question("each server's names are asked in each view and held against its addresses")),
    ("B2", Question("a connector's name is asked at its sender's site and held against the peer")),
    ("B3", Plan("rule listens-on-all-addresses")),
    ("B4", Plan("the drawing's own bindings")),
    ("B5", Session("each planned port is opened")),
    ("B6", Plan("the drawing's own addresses")),
    ("B7", Plan("the drawing's own routes")),
    ("B8", Plan("traces and the matrix")),
    ("B9", Plan("faults: every failure is tried on the drawing")),
    ("S1", Session("ports are opened, refused and filtered told apart")),
    ("S2", Session("the greeting, and how long it takes")),
    ("S3", Session("the verbs that EHLO names")),
    ("S4", Session("STARTTLS is offered and completes")),
    ("S5", Session("the certificate")),
    ("S6", Nobody("testing every cipher is long and strains the server; other tools do it better")),
    ("S7", Session("relay, only where it was asked for")),
    ("S8", Session("postmaster is taken, never with DATA")),
    ("S9", Session("SIZE along the path")),
    ("S10", Session("ETRN; queue lifetimes are the outage study's")),
    (
        "S11",
        Nobody("version texts and smuggling are a security review, not a proof that mail flows"),
    ),
    ("S12", Session("outbound port 25, as the drawing's firewalls say")),
    ("A1", Check("A1")),
    ("A2", Check("A2")),
    ("A3", Check("A3")),
    ("A4", Check("A4")),
    ("A5", Check("A5")),
    ("A6", Check("A6")),
    ("A7", Check("A7")),
    ("A8", Check("A8")),
    ("A9", Check("A9")),
    ("A10", Check("A10")),
    ("A11", Check("A11")),
    ("A12", Check("A12")),
    ("A13", Check("A13")),
    ("A14", Check("A14")),
    ("C1", Check("C1")),
    ("C2", Check("C2")),
    ("Z1", Check("Z1")),
    ("Z2", Check("Z2")),
    ("Z3", Check("Z3")),
    ("Z4", Check("Z4")),
    ("Z5", Check("Z5")),
    ("Z6", Check("Z6")),
    ("Z7", Check("Z7")),
    (
        "Z8",
        Nobody(
            "the time in a signature is not read: the client is built without DNSSEC, whose crypto would not be used otherwise",
        ),
    ),
    ("Z9", Nobody("asking for a whole zone is no polite question to a server that is not ours")),
    ("Z10", Check("Z10")),
    ("T1", Check("T1")),
    ("T2", Check("T2")),
    ("T3", Check("T3")),
    ("T4", Check("T4")),
    ("T5", Plan("rehearse serves the plan's own zones; every check can be pointed at it")),
    ("T6", Plan("two runs' evidence beside each other")),
    ("W1", Check("W1")),
    ("W2", Check("W2")),
    ("W3", Check("W3")),
    ("W4", Check("W4")),
    ("W5", Check("W5")),
];

#[test]
fn each_of_the_88_checks_is_answered_or_says_why_not() {
    let ids: BTreeSet<&str> = CATALOGUE.iter().map(|(id, _)| *id).collect();
    assert_eq!((ids.len(), CATALOGUE.len()), (88, 88));
    for (id, by) in CATALOGUE {
        match by {
            Check(own) => assert!(definition(own).is_some(), "{id}: there is no check {own}"),
            Question(how) | Session(how) | Plan(how) | Nobody(how) => {
                assert!(how.len() >= 4, "{id} says how or why");
                assert!(definition(id).is_none(), "{id} is a check, the table says otherwise");
            }
        }
    }
}

#[test]
fn each_check_is_in_the_catalogue_with_title_and_reference() {
    let mut seen = BTreeSet::new();
    for check in CHECKS {
        assert!(seen.insert(check.id), "{} stands twice", check.id);
        assert!(!check.title.is_empty() && !check.reference.is_empty(), "{}", check.id);
        // `A1-NS` is the half of A1 that asks the zone's own name servers.
        let id = check.id.trim_end_matches("-NS");
        assert!(CATALOGUE.iter().any(|(known, _)| *known == id), "{}", check.id);
    }
}
