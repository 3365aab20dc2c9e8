//! The drawing at one moment: all objects, by kind and id.
//!
//! One table (`kinds!`) names every kind of object with its id, its map and its type; from it come
//! [`ObjectId`], [`Object`], [`Field`] and [`Topology`]. A new kind is one line there, and its
//! references in [`super::reference`].

use super::{
    connector::{
        Group, GroupConnector, GroupConnectorField, GroupField, SiteLink, SiteLinkField,
        SmtpConnector, SmtpConnectorField,
    },
    dns::{
        RecordField, RecordId, RecordSet, Resolver, ResolverField, View, ViewField, Zone,
        ZoneField, ZoneId,
    },
    id::{
        ConnectorId, DomainId, FirewallId, GroupId, IdError, LineId, LinkId, MailboxesId,
        OrganisationId, ResolverId, SegmentId, ServerId, SiteId, SiteLinkId, ViewId, serde_as_text,
    },
    organisation::{
        MailDomain, MailDomainField, Mailboxes, MailboxesField, Organisation, OrganisationField,
    },
    server::{Listener, ListenerField, ListenerId, Server, ServerField},
    site::{
        Firewall, FirewallField, Line, LineField, Link, LinkField, Segment, SegmentField, Site,
        SiteField,
    },
};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::{collections::BTreeMap, fmt, marker::PhantomData};

macro_rules! kinds {
    ($($kind:ident, $id:ty, $map:ident, $object:ident, $field:ident, $word:literal;)+) => {
        /// The id of an object, with its kind: what an edit is keyed by.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ObjectId {
            $(#[doc = concat!("Written `", $word, ":…`.")] $kind($id),)+
        }

        impl ObjectId {
            /// The kind's word on the command line and in files.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$kind(_) => $word,)+ }
            }

            /// The id without its kind.
            pub fn id(&self) -> String {
                match self { $(Self::$kind(id) => id.to_string(),)+ }
            }

            /// The names of the fields that objects of this kind have.
            pub fn fields(&self) -> &'static [&'static str] {
                match self { $(Self::$kind(_) => $object::FIELDS,)+ }
            }

            /// The id of a kind, from its word.
            ///
            /// # Errors
            /// When the word is no kind of object, or the id is not of its form.
            pub fn from_parts(kind: &str, id: &str) -> Result<Self, IdError> {
                $(if kind == $word && $word != "connector" { return Ok(Self::$kind(id.parse()?)); })+
                Err(IdError::Form {
                    kind: "object",
                    text: format!("{kind}:{id}"),
                    form: "kind:id, as in `server:lon-be1`",
                })
            }
        }

        /// An object with its id: what is added.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Object {
            $(#[doc = concat!("An object written `", $word, ":…`.")] $kind($id, $object),)+
        }

        impl Object {
            /// The object's id.
            pub fn id(&self) -> ObjectId {
                match self { $(Self::$kind(id, _) => ObjectId::$kind(id.clone()),)+ }
            }

            /// Sets a field of it. False when the field is another object's.
            pub fn set(&mut self, field: Field) -> bool {
                match (self, field) {
                    $((Self::$kind(id, object), Field::$kind(of, field)) if *id == of => {
                        object.set(field);
                        true
                    })+
                    _ => false,
                }
            }
        }

        /// A field of an object and what it becomes.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Field {
            $(#[doc = concat!("A field of the object `", $word, ":…`.")] $kind($id, $field),)+
        }

        impl Field {
            /// Whose field it is.
            pub fn object(&self) -> ObjectId {
                match self { $(Self::$kind(id, _) => ObjectId::$kind(id.clone()),)+ }
            }

            /// The field's name.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$kind(_, field) => field.name(),)+ }
            }

            /// The same field of another object of the kind; none of another kind.
            pub fn of(self, id: &ObjectId) -> Option<Self> {
                match (self, id) {
                    $((Self::$kind(_, field), ObjectId::$kind(id)) => {
                        Some(Self::$kind(id.clone(), field))
                    })+
                    _ => None,
                }
            }
        }

        /// All objects at one moment.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Topology {
            $(
                #[doc = concat!("The objects written `", $word, ":…`.")]
                #[serde(
                    default,
                    skip_serializing_if = "BTreeMap::is_empty",
                    deserialize_with = "unique_map"
                )]
                pub $map: BTreeMap<$id, $object>,
            )+
        }

        impl Topology {
            /// Whether the object is there.
            pub fn contains(&self, id: &ObjectId) -> bool {
                match id { $(ObjectId::$kind(id) => self.$map.contains_key(id),)+ }
            }

            /// The object, if it is there.
            pub fn get(&self, id: &ObjectId) -> Option<Object> {
                match id {
                    $(ObjectId::$kind(id) => {
                        self.$map.get(id).map(|o| Object::$kind(id.clone(), o.clone()))
                    })+
                }
            }

            /// Puts an object in, in place of one with the same id.
            pub fn insert(&mut self, object: Object) {
                match object { $(Object::$kind(id, object) => { self.$map.insert(id, object); })+ }
            }

            /// Takes an object out, alone.
            pub fn remove(&mut self, id: &ObjectId) -> Option<Object> {
                match id {
                    $(ObjectId::$kind(id) => {
                        self.$map.remove(id).map(|o| Object::$kind(id.clone(), o))
                    })+
                }
            }

            /// Sets a field. False when its object is not there.
            pub fn set(&mut self, field: Field) -> bool {
                match field {
                    $(Field::$kind(id, field) => {
                        self.$map.get_mut(&id).map(|object| object.set(field)).is_some()
                    })+
                }
            }

            /// The present value of a field, by the field's name.
            pub fn field(&self, id: &ObjectId, name: &str) -> Option<Field> {
                match id {
                    $(ObjectId::$kind(id) => {
                        self.$map.get(id)?.get(name).map(|f| Field::$kind(id.clone(), f))
                    })+
                }
            }

            /// Whether a field already has this value.
            pub fn has(&self, field: &Field) -> bool {
                match field {
                    $(Field::$kind(id, field) => {
                        self.$map.get(id).is_some_and(|object| object.has(field))
                    })+
                }
            }

            /// The ids of all objects, sorted.
            pub fn ids(&self) -> Vec<ObjectId> {
                let mut ids = Vec::new();
                $(ids.extend(self.$map.keys().cloned().map(ObjectId::$kind));)+
                ids
            }
        }
    };
}

kinds! {
    Organisation, OrganisationId, organisations, Organisation, OrganisationField, "organisation";
    Domain, DomainId, domains, MailDomain, MailDomainField, "domain";
    Site, SiteId, sites, Site, SiteField, "site";
    Segment, SegmentId, segments, Segment, SegmentField, "segment";
    Line, LineId, lines, Line, LineField, "line";
    Firewall, FirewallId, firewalls, Firewall, FirewallField, "firewall";
    Link, LinkId, links, Link, LinkField, "link";
    View, ViewId, views, View, ViewField, "view";
    Zone, ZoneId, zones, Zone, ZoneField, "zone";
    Record, RecordId, records, RecordSet, RecordField, "record";
    Resolver, ResolverId, resolvers, Resolver, ResolverField, "resolver";
    Server, ServerId, servers, Server, ServerField, "server";
    Listener, ListenerId, listeners, Listener, ListenerField, "listener";
    Group, GroupId, groups, Group, GroupField, "group";
    SiteLink, SiteLinkId, site_links, SiteLink, SiteLinkField, "site-link";
    GroupConnector, ConnectorId, group_connectors, GroupConnector, GroupConnectorField,
        "group-connector";
    SmtpConnector, ConnectorId, smtp_connectors, SmtpConnector, SmtpConnectorField,
        "smtp-connector";
    Mailboxes, MailboxesId, mailboxes, Mailboxes, MailboxesField, "mailboxes";
}

impl std::str::FromStr for ObjectId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (kind, id) = text.split_once(':').unwrap_or((text, ""));
        Self::from_parts(kind, id)
    }
}
impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind(), self.id())
    }
}
impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
serde_as_text!(ObjectId);

impl Topology {
    /// The name that people use for an object; its id where it has no name of its own.
    pub fn name(&self, id: &ObjectId) -> String {
        let name = match id {
            ObjectId::Organisation(id) => self.organisations.get(id).map(|o| o.name.clone()),
            ObjectId::Domain(id) => self.domains.get(id).map(|o| o.name.to_string()),
            ObjectId::Site(id) => self.sites.get(id).map(|o| o.name.clone()),
            ObjectId::Segment(id) => self.segments.get(id).map(|o| o.name.clone()),
            ObjectId::Line(id) => self.lines.get(id).map(|o| o.name.clone()),
            ObjectId::Firewall(id) => self.firewalls.get(id).map(|o| o.name.clone()),
            ObjectId::Link(id) => self.links.get(id).map(|o| o.name.clone()),
            ObjectId::View(id) => self.views.get(id).map(|o| o.name.clone()),
            ObjectId::Zone(id) => Some(id.origin.to_string()),
            ObjectId::Record(id) => Some(id.name.to_string()),
            ObjectId::Resolver(id) => self.resolvers.get(id).map(|o| o.name.clone()),
            ObjectId::Server(id) => self.servers.get(id).map(|o| o.name.clone()),
            ObjectId::Listener(id) => self.listeners.get(id).map(|o| o.name.clone()),
            ObjectId::Group(id) => self.groups.get(id).map(|o| o.name.clone()),
            ObjectId::SiteLink(id) => self.site_links.get(id).map(|o| o.name.clone()),
            ObjectId::GroupConnector(id) => self.group_connectors.get(id).map(|o| o.name.clone()),
            ObjectId::SmtpConnector(id) => self.smtp_connectors.get(id).map(|o| o.name.clone()),
            ObjectId::Mailboxes(id) => self.mailboxes.get(id).map(|o| o.name.clone()),
        };
        name.unwrap_or_else(|| id.id())
    }

    /// Whether a connector of either kind has this id.
    pub fn has_connector(&self, id: &ConnectorId) -> bool {
        self.group_connectors.contains_key(id) || self.smtp_connectors.contains_key(id)
    }
}

/// Reads a map and refuses a key that stands twice; RON itself would keep the last one silently.
pub(crate) fn unique_map<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord + fmt::Display,
    V: Deserialize<'de>,
{
    struct Unique<K, V>(PhantomData<(K, V)>);
    impl<'de, K, V> de::Visitor<'de> for Unique<K, V>
    where
        K: Deserialize<'de> + Ord + fmt::Display,
        V: Deserialize<'de>,
    {
        type Value = BTreeMap<K, V>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }
        fn visit_map<A: de::MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some(key) = access.next_key::<K>()? {
                if map.contains_key(&key) {
                    return Err(de::Error::custom(format_args!("`{key}` stands twice")));
                }
                let value = access.next_value()?;
                map.insert(key, value);
            }
            Ok(map)
        }
    }
    deserializer.deserialize_map(Unique(PhantomData))
}
