//! Addresses of name servers at the parent and in the zone (CONSISTENCY05), and whether there is a zone
//! at all (BASIC01).

use super::{Wanted, hold, wanted};
use bridgehead::model::beside::Outcome::{Fail, Info, Pass, Unknown, Warn};

/// Glue against the zone's own addresses, by Z3; name servers that do not answer as they ought to, by Z2.
const CONSISTENCY: &[Wanted] = &[
    wanted(
        "ADDRESSES-MATCH-1",
        "addresses-match-1.consistency05.xa",
        "Z3",
        Pass,
        "ADDRESSES_MATCH",
    ),
    wanted("ADDRESSES-MATCH-1", "addresses-match-1.consistency05.xa", "Z2", Pass, "not CHILD_…"),
    wanted(
        "ADDRESSES-MATCH-2",
        "addresses-match-2.consistency05.xa",
        "Z3",
        Pass,
        "ADDRESSES_MATCH",
    ),
    wanted("ADDRESSES-MATCH-2", "addresses-match-2.consistency05.xa", "Z2", Pass, "not CHILD_…"),
    wanted(
        "ADDRESSES-MATCH-3",
        "addresses-match-3.consistency05.xa",
        "Z3",
        Pass,
        "ADDRESSES_MATCH",
    ),
    wanted(
        "ADDRESSES-MATCH-3",
        "addresses-match-3.consistency05.xa",
        "Z2",
        Fail,
        "CHILD_NS_FAILED",
    ),
    wanted(
        "ADDRESSES-MATCH-4",
        "addresses-match-4.consistency05.xa",
        "Z3",
        Pass,
        "ADDRESSES_MATCH",
    ),
    wanted(
        "ADDRESSES-MATCH-4",
        "addresses-match-4.consistency05.xa",
        "Z2",
        Fail,
        "CHILD_NS_FAILED",
    ),
    wanted(
        "ADDRESSES-MATCH-5",
        "addresses-match-5.consistency05.xa",
        "Z3",
        Pass,
        "ADDRESSES_MATCH",
    ),
    wanted(
        "ADDRESSES-MATCH-5",
        "addresses-match-5.consistency05.xa",
        "Z2",
        Unknown,
        "NO_RESPONSE; not CHILD_NS_FAILED: silence is no proof of a fault",
    ),
    wanted(
        "ADDRESSES-MATCH-7",
        "addresses-match-7.consistency05.xa",
        "Z3",
        Pass,
        "ADDRESSES_MATCH",
    ),
    wanted("ADDRESSES-MATCH-7", "addresses-match-7.consistency05.xa", "Z2", Pass, "not CHILD_…"),
    wanted(
        "CHILD-ZONE-LAME-1",
        "child-zone-lame-1.consistency05.xa",
        "Z2",
        Unknown,
        "NO_RESPONSE; differs from CHILD_ZONE_LAME: no answer is never a verdict",
    ),
    wanted(
        "CHILD-ZONE-LAME-2",
        "child-zone-lame-2.consistency05.xa",
        "Z2",
        Fail,
        "CHILD_ZONE_LAME, CHILD_NS_FAILED",
    ),
    wanted(
        "IB-ADDR-MISMATCH-1",
        "ib-addr-mismatch-1.consistency05.xa",
        "Z3",
        Warn,
        "IN_BAILIWICK_ADDR_MISMATCH, EXTRA_ADDRESS_CHILD",
    ),
    wanted("IB-ADDR-MISMATCH-1", "ib-addr-mismatch-1.consistency05.xa", "Z2", Pass, "not CHILD_…"),
    wanted(
        "IB-ADDR-MISMATCH-2",
        "ib-addr-mismatch-2.consistency05.xa",
        "Z3",
        Warn,
        "IN_BAILIWICK_ADDR_MISMATCH",
    ),
    wanted(
        "IB-ADDR-MISMATCH-3",
        "ib-addr-mismatch-3.consistency05.xa",
        "Z3",
        Warn,
        "IN_BAILIWICK_ADDR_MISMATCH: the server that the zone does not name",
    ),
    wanted(
        "IB-ADDR-MISMATCH-4",
        "ib-addr-mismatch-4.consistency05.xa",
        "Z1",
        Warn,
        "IN_BAILIWICK_ADDR_MISMATCH: the servers have no address in their zone",
    ),
    wanted(
        "IB-ADDR-MISMATCH-4",
        "ib-addr-mismatch-4.consistency05.xa",
        "Z3",
        Unknown,
        "differs: a resolver finds no server that could be asked, so that nothing is compared",
    ),
    wanted(
        "EXTRA-ADDRESS-CHILD",
        "extra-address-child.consistency05.xa",
        "Z3",
        Info,
        "EXTRA_ADDRESS_CHILD; not IN_BAILIWICK_ADDR_MISMATCH",
    ),
];

const UNDELEGATED: &str =
    "an undelegated zone is tried by `rehearse`, not by a check on what is delegated";
const GLUE_IN_TEMPLATES: &str = "the settings answer from templates that carry glue, which the answerer does not read, and give ns2 no address: they name ns1 twice";

/// Scenarios of CONSISTENCY05 that have no line above.
const CONSISTENCY_LEFT_OUT: &[(&str, &str)] = &[
    ("ADDR-MATCH-DEL-UNDEL-1", UNDELEGATED),
    ("ADDR-MATCH-DEL-UNDEL-2", UNDELEGATED),
    ("ADDR-MATCH-NO-DEL-UNDEL-1", UNDELEGATED),
    ("ADDR-MATCH-NO-DEL-UNDEL-2", UNDELEGATED),
    ("ADDRESSES-MATCH-6", GLUE_IN_TEMPLATES),
    ("OOB-ADDR-MISMATCH", GLUE_IN_TEMPLATES),
];

/// Whether there is a zone: where nobody hosts it, Z1 says so.
const BASIC: &[Wanted] = &[
    wanted(
        "GOOD-GRANDPARENT-HOST-1",
        "child.parent.good-grandparent-host-1.basic01.xa",
        "Z1",
        Pass,
        "B01_CHILD_FOUND",
    ),
    wanted(
        "GOOD-GRANDPARENT-HOST-1",
        "child.parent.good-grandparent-host-1.basic01.xa",
        "Z3",
        Pass,
        "B01_PARENT_FOUND; not B01_INCONSISTENT_DELEGATION",
    ),
    wanted("GOOD-MIXED-2", "child.parent.good-mixed-2.basic01.xa", "Z1", Pass, "B01_CHILD_FOUND"),
    wanted(
        "GOOD-MIXED-2",
        "child.parent.good-mixed-2.basic01.xa",
        "Z3",
        Pass,
        "B01_PARENT_FOUND; not B01_INCONSISTENT_DELEGATION",
    ),
    wanted("NO-CHILD-1", "child.parent.no-child-1.basic01.xa", "Z1", Fail, "B01_NO_CHILD"),
    wanted("NO-CHILD-2", "child.parent.no-child-2.basic01.xa", "Z1", Fail, "B01_NO_CHILD"),
    wanted(
        "CHILD-ALIAS-1",
        "child.parent.child-alias-1.basic01.xa",
        "Z1",
        Fail,
        "B01_NO_CHILD; differs: that the name is an alias is not told",
    ),
    wanted(
        "NO-CHLD-NO-PAR-1",
        "child.parent.no-chld-no-par-1.basic01.xa",
        "Z1",
        Unknown,
        "B01_SERVER_ZONE_ERROR; differs from B01_NO_CHILD: a failure is never `no zone`",
    ),
];

const NOT_HOSTED: &str = "the specification has no data for the child zone, so that a resolver, by which this program asks, gets no answer: nothing to judge; how Zonemaster walks from the root is no question of a plan";
const ONE_SIDED: &str = "parents that contradict each other about a child that nobody hosts: a resolver's answer is chance; the servers of a zone that is hosted are compared by Z2 to Z4";

/// Scenarios of BASIC01 that have no line above.
const BASIC_LEFT_OUT: &[(&str, &str)] = &[
    ("GOOD-1", NOT_HOSTED),
    ("GOOD-MIXED-1", NOT_HOSTED),
    (
        "GOOD-PARENT-HOST-1",
        "served by its parent's servers alone, which give no referral: there is no delegation to compare",
    ),
    ("GOOD-UNDEL-1", UNDELEGATED),
    ("GOOD-MIXED-UNDEL-1", UNDELEGATED),
    ("GOOD-MIXED-UNDEL-2", UNDELEGATED),
    ("NO-DEL-UNDEL-1", UNDELEGATED),
    ("NO-DEL-MIXED-UNDEL-1", UNDELEGATED),
    ("NO-DEL-MIXED-UNDEL-2", UNDELEGATED),
    ("NO-DEL-UNDEL-NO-PAR-1", UNDELEGATED),
    ("NO-DEL-UNDEL-PAR-UND-1", UNDELEGATED),
    ("NO-CHLD-PAR-UNDETER-1", ONE_SIDED),
    ("CHLD-FOUND-PAR-UNDET-1", ONE_SIDED),
    ("CHLD-FOUND-INCONSIST-1", ONE_SIDED),
    ("CHLD-FOUND-INCONSIST-2", ONE_SIDED),
    ("CHLD-FOUND-INCONSIST-3", ONE_SIDED),
    ("CHLD-FOUND-INCONSIST-4", ONE_SIDED),
    ("CHLD-FOUND-INCONSIST-5", ONE_SIDED),
    ("CHLD-FOUND-INCONSIST-6", ONE_SIDED),
    ("CHLD-FOUND-INCONSIST-7", ONE_SIDED),
    ("CHLD-FOUND-INCONSIST-8", ONE_SIDED),
    ("CHLD-FOUND-INCONSIST-9", ONE_SIDED),
    ("CHLD-FOUND-INCONSIST-10", ONE_SIDED),
    ("CHILD-ALIAS-2", ONE_SIDED),
    ("ZONE-ERR-GRANDPARENT-1", NOT_HOSTED),
    ("ZONE-ERR-GRANDPARENT-2", NOT_HOSTED),
    ("ZONE-ERR-GRANDPARENT-3", NOT_HOSTED),
    ("ROOT-ZONE", "the root is no zone of a plan"),
];

#[test]
fn consistency_scenarios() {
    hold("Consistency-TP", &["consistency05"], CONSISTENCY, CONSISTENCY_LEFT_OUT);
}

#[test]
fn basic_scenarios() {
    hold("Basic-TP", &["basic01"], BASIC, BASIC_LEFT_OUT);
}
