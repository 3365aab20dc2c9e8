//! The dossier: what the handover says of client, people and papers. None of it changes what happens to
//! a message. Every list is a list of [`Row`]s of plain texts, so that one editor and one table serve all.
//!
//! No secret belongs here: what looks like a password is refused, by a change and by a file alike.

use super::{id::PhaseId, object::is_default, topology::unique_map};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use std::collections::BTreeMap;

/// One line of a list of the dossier.
pub trait Row: Default + Clone {
    /// What the list is called.
    const TITLE: &'static str;
    /// What its columns are called.
    const COLUMNS: &'static [&'static str];
    /// The texts, in the order of the columns.
    fn cells(&self) -> Vec<&str>;
    /// The same, to be written.
    fn cells_mut(&mut self) -> Vec<&mut String>;
    /// Whether nothing stands in it.
    fn is_blank(&self) -> bool {
        self.cells().iter().all(|cell| cell.trim().is_empty())
    }
}

macro_rules! rows {
    ($(
        $(#[$doc:meta])*
        $row:ident, $title:literal { $( $(#[$fdoc:meta])* $field:ident: $column:literal, )+ }
    )+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $row {
            $( $(#[$fdoc])* #[serde(skip_serializing_if = "String::is_empty")] pub $field: String, )+
        }

        impl Row for $row {
            const TITLE: &'static str = $title;
            const COLUMNS: &'static [&'static str] = &[$($column),+];
            fn cells(&self) -> Vec<&str> {
                vec![$(&self.$field),+]
            }
            fn cells_mut(&mut self) -> Vec<&mut String> {
                vec![$(&mut self.$field),+]
            }
        }
    )+};
}

rows! {
    /// Somebody to ring, to ask or to tell.
    Contact, "Contacts" {
        /// The name.
        name: "Name",
        /// What for, e.g. `decides on the way back`.
        role: "Role",
        /// The organisation.
        organisation: "Organisation",
        /// The telephone number.
        telephone: "Telephone",
        /// The mail address.
        mail: "Mail",
    }
    /// Somebody who gets the document.
    Recipient, "Distribution" {
        /// The name.
        name: "Name",
        /// The organisation.
        organisation: "Organisation",
        /// Which copy.
        copy: "Copy",
        /// When it was sent, as `YYYY-MM-DD`.
        sent: "Sent on",
    }
    /// One version of the document.
    Revision, "Revision notes" {
        /// The version.
        version: "Version",
        /// When, as `YYYY-MM-DD`.
        date: "Date",
        /// By whom.
        by: "By",
        /// What became different.
        note: "What changed",
    }
    /// A certificate.
    Certificate, "Certificates" {
        /// Whom it is made out to.
        subject: "Subject",
        /// The other names in it.
        names: "Names",
        /// Who issued it.
        issuer: "Issuer",
        /// When it ends, as `YYYY-MM-DD`.
        expires: "Expires",
        /// Where it is installed.
        place: "Installed on",
    }
    /// An account, without its secret.
    Account, "Accounts" {
        /// The name.
        name: "Account",
        /// What it is for.
        purpose: "For",
        /// Where its secret is kept; never the secret.
        vault: "Secret kept in",
    }
    /// Something that others have to change.
    ChangeRequest, "Change requests" {
        /// Its number.
        reference: "Number",
        /// What is asked for.
        what: "What",
        /// Of whom.
        owner: "Of whom",
        /// How it stands.
        state: "State",
        /// By when, as `YYYY-MM-DD`.
        due: "Due",
    }
    /// Something that is left to be done.
    OpenItem, "Outstanding items" {
        /// What.
        item: "Item",
        /// By whom.
        owner: "Owner",
        /// By when, as `YYYY-MM-DD`.
        due: "Due",
        /// What acceptance hangs on.
        condition: "Condition for acceptance",
        /// When it was done, as `YYYY-MM-DD`.
        done: "Done on",
    }
    /// Something that is done again and again.
    Routine, "Operations" {
        /// What.
        what: "Check",
        /// How often.
        often: "How often",
        /// By whom.
        owner: "By",
        /// When it was done last, as `YYYY-MM-DD`.
        last: "Last done",
    }
    /// Something that was learned.
    Lesson, "Lessons" {
        /// What happened, in a sentence.
        title: "Lesson",
        /// Why, and what is done differently from now on.
        text: "What follows from it",
    }
    /// Somebody who signs.
    Signatory, "Sign-off" {
        /// For whom, e.g. `For the client`.
        party: "For whom",
        /// The name.
        name: "Name",
        /// The role.
        role: "Role",
        /// When it was signed, as `YYYY-MM-DD`.
        date: "Date",
    }
}

/// How far the document has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Status {
    /// Being written.
    #[default]
    Draft,
    /// Being read.
    ForReview,
    /// Given out.
    Issued,
    /// Signed by all.
    Signed,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Draft, Self::ForReview, Self::Issued, Self::Signed];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::ForReview => "for review",
            Self::Issued => "issued",
            Self::Signed => "signed",
        }
    }
}

/// When a phase is carried out, and who calls it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Window {
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub goal: String,
    /// When it begins.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub begins: String,
    /// Who reads the pauses aloud.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub caller: String,
    /// Until when the way back may be taken.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub back_until: String,
}

/// What the client's copy leaves out; the consultants' copy leaves out nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Withhold {
    /// Names of servers, DNS servers, firewalls, groups, connectors and of inside hosts and domains.
    pub names: bool,
    /// Names of sites, of the lines between them and to the Internet.
    pub sites: bool,
    /// Inside addresses and subnets.
    pub addresses: bool,
    /// Versions and editions.
    pub versions: bool,
    /// Notes of the consultants: on steps, in evidence, accounts, lessons of their own.
    pub notes: bool,
}

impl Default for Withhold {
    fn default() -> Self {
        Self { names: true, sites: false, addresses: true, versions: true, notes: true }
    }
}

/// What the handover says of client and consultant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Dossier {
    /// The client's name.
    pub client: String,
    /// The client's contact, with telephone.
    pub contact: String,
    /// Who prepared the plan.
    pub consultant: String,
    /// The consultant's firm.
    pub firm: String,
    /// Number of the document or change request.
    pub reference: String,
    /// Version of the document.
    pub version: String,
    /// Free text for the background section.
    pub background: String,
    /// How far the document has come.
    #[serde(skip_serializing_if = "is_default")]
    pub status: Status,
    /// When it is to be read again, as `YYYY-MM-DD`.
    #[serde(skip_serializing_if = "is_default")]
    pub review: String,
    /// The consultant's profile: the name of a file with logo and colours.
    #[serde(skip_serializing_if = "is_default")]
    pub profile: String,
    /// Whom to ring.
    #[serde(skip_serializing_if = "is_default")]
    pub contacts: Vec<Contact>,
    /// Who gets the document.
    #[serde(skip_serializing_if = "is_default")]
    pub distribution: Vec<Recipient>,
    /// The document's versions.
    #[serde(skip_serializing_if = "is_default")]
    pub history: Vec<Revision>,
    /// Certificates.
    #[serde(skip_serializing_if = "is_default")]
    pub certificates: Vec<Certificate>,
    /// Accounts, without secrets.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "without_secrets")]
    pub accounts: Vec<Account>,
    /// Change requests.
    #[serde(skip_serializing_if = "is_default")]
    pub change_requests: Vec<ChangeRequest>,
    /// What is left to be done.
    #[serde(skip_serializing_if = "is_default")]
    pub outstanding: Vec<OpenItem>,
    /// What is done again and again.
    #[serde(skip_serializing_if = "is_default")]
    pub operations: Vec<Routine>,
    /// Lessons for all readers.
    #[serde(skip_serializing_if = "is_default")]
    pub lessons: Vec<Lesson>,
    /// Lessons that stay with the consultants.
    #[serde(skip_serializing_if = "is_default")]
    pub own_lessons: Vec<Lesson>,
    /// Who signs.
    #[serde(skip_serializing_if = "is_default")]
    pub sign_off: Vec<Signatory>,
    /// When each phase is carried out.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "unique_map")]
    pub windows: BTreeMap<PhaseId, Window>,
    /// What the client's copy leaves out.
    #[serde(skip_serializing_if = "is_default")]
    pub withhold: Withhold,
}

impl Dossier {
    /// Where something stands that looks like a secret; never what stands there.
    pub fn secret(&self) -> Option<String> {
        first_secret(&self.accounts)
    }
}

fn first_secret(accounts: &[Account]) -> Option<String> {
    accounts.iter().enumerate().find_map(|(at, account)| {
        let cells = account.cells().into_iter().zip(Account::COLUMNS);
        let wrong = cells.into_iter().find(|(cell, _)| looks_secret(cell))?;
        Some(format!("account {}, {}", at + 1, wrong.1))
    })
}

/// What is said of a field that looks like a secret.
pub fn refusal(place: &str) -> String {
    format!(
        "{place} looks like a password: write where the secret is kept, never the secret itself"
    )
}

fn without_secrets<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Account>, D::Error> {
    let accounts = Vec::<Account>::deserialize(from)?;
    match first_secret(&accounts) {
        Some(place) => Err(D::Error::custom(refusal(&place))),
        None => Ok(accounts),
    }
}

/// Whether a text looks like a password, a key or a token. It errs to the side of refusing: a word is
/// taken for a secret when it is called one, or when it mixes letters, digits and signs as names do not.
pub fn looks_secret(text: &str) -> bool {
    let lower = text.to_lowercase();
    let called =
        ["password", "passwd", "passphrase", "pwd", "secret", "pin", "kennwort", "passwort"];
    let given = called.iter().any(|word| {
        lower.match_indices(word).any(|(at, _)| {
            let before = lower[..at].chars().next_back();
            let rest = lower[at + word.len()..].trim_start();
            let told = rest.strip_prefix([':', '=']).or_else(|| rest.strip_prefix("is "));
            before.is_none_or(|c| !c.is_alphanumeric())
                && told.is_some_and(|t| !t.trim().is_empty())
        })
    });
    given || text.contains("-----BEGIN") || text.split_whitespace().any(mixed)
}

/// Whether a word mixes what names do not mix.
fn mixed(word: &str) -> bool {
    let word = word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | '(' | ')' | '"' | '\''));
    let count = word.chars().count();
    // Paths, addresses of mail and pages, and references with slashes are how people name places.
    let place = word.contains("://") || word.contains('@') && word.contains('.');
    if count < 8 || place {
        return false;
    }
    let has = |what: fn(char) -> bool| word.chars().any(what);
    let sign = |c: char| c.is_ascii_punctuation() && !"-_./\\:@#".contains(c);
    let chars: Vec<char> = word.chars().collect();
    // A digit in the midst of letters, twice: `S3cr3tword`; a name has its digits at an end.
    let inside = chars
        .windows(3)
        .filter(|w| w[0].is_alphabetic() && w[1].is_ascii_digit() && w[2].is_alphabetic());
    let (upper, lower) = (has(char::is_uppercase), has(char::is_lowercase));
    let digit = has(|c| c.is_ascii_digit());
    let signs = word.chars().any(sign);
    (signs && (digit || (upper && lower))) || (upper && lower && inside.count() >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_password_is_told_from_names_and_places() {
        for secret in [
            "Tr0ub4dor&3",
            "password: hunter2",
            "PIN=4711",
            "S3cr3tWord",
            "the passphrase is correct horse",
            "-----BEGIN PRIVATE KEY-----",
            "Sommer2024!",
        ] {
            assert!(looks_secret(secret), "{secret}");
        }
        for fine in [
            "HARTWELL\\svc-backup1",
            "svc_exchange03@hartwell.example",
            "vault://mail/hartwell/svc-backup",
            "KeePass of the firm, entry 17",
            "password manager of the client",
            "domain administrator",
            "6f1c2b9e-0d1f-4c7e-9f3a-2f6d1c0b7a55",
            "LON-BE1.hf.local",
            "safe, 2nd floor",
        ] {
            assert!(!looks_secret(fine), "{fine}");
        }
    }
}
