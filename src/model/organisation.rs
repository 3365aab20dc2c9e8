//! Organisations, their mail domains and their mailboxes.

use super::{
    id::{DomainId, OrganisationId, ServerId, SiteId},
    name::{Fqdn, MailAddress},
    object::object,
};
use std::collections::BTreeSet;

object! {
    /// An organisation: servers that share one directory and know each other's mailboxes.
    pub struct Organisation, OrganisationField {
        required {
            /// The name that people use.
            name: String => Name,
        }
        optional {
            /// The domains of its directory (AD domains), parents and children alike. A host name
            /// under one of them is an internal name.
            directory_domains: BTreeSet<Fqdn> => DirectoryDomains,
        }
    }
}

object! {
    /// A domain that the organisation receives mail for (recipient policy, accepted domain).
    pub struct MailDomain, MailDomainField {
        required {
            /// The part of an address after the `@`.
            name: Fqdn => Name,
            /// Whose domain it is.
            organisation: OrganisationId => Organisation,
        }
        optional {}
    }
}

object! {
    /// Mailboxes that are alike: same domain, same place of their users, same home server.
    pub struct Mailboxes, MailboxesField {
        required {
            /// The name that people use.
            name: String => Name,
            /// The domain of their addresses.
            domain: DomainId => Domain,
        }
        optional {
            /// The site where their users sit, wherever the server stands; none: not entered.
            users_at: Option<SiteId> => UsersAt,
            /// The server that holds them; none: not entered.
            home: Option<ServerId> => Home,
            /// How many they are.
            count: u32 => Count,
            /// Messages a day that one of them gets from the Internet; none: not entered.
            from_internet_per_day: Option<u32> => FromInternetPerDay,
            /// Messages a day that one of them sends to the Internet; none: not entered.
            to_internet_per_day: Option<u32> => ToInternetPerDay,
            /// Messages a day that one of them sends within the plan's organisations; none: not entered.
            inside_per_day: Option<u32> => InsidePerDay,
            /// Their addresses, where they are worth naming; none: any address of the domain.
            addresses: BTreeSet<MailAddress> => Addresses,
        }
    }
}
