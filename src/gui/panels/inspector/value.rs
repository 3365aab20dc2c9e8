//! Values of fields: how each is shown, edited and said in words. Every field of every object goes
//! through the one table in [`editors`]; a field that it lacks does not compile.

use crate::{
    gui::{drafts::Drafts, theme::Theme},
    model::{
        ObjectId, Topology,
        connector::{GroupConnectorField, GroupField, SiteLinkField, SmtpConnectorField},
        dns::{RecordField, ResolverField, ViewField, ZoneField},
        organisation::{MailDomainField, MailboxesField, OrganisationField},
        server::{ListenerField, ServerField},
        site::{FirewallField, LineField, LinkField, SegmentField, SiteField},
        topology::Field,
    },
};
use eframe::egui::{Color32, Id, Ui};

/// What an editor needs to know.
pub(super) struct Cx<'a> {
    /// The drawing in the phase that is shown.
    pub(super) topology: &'a Topology,
    /// Whose field it is.
    pub(super) id: &'a ObjectId,
    /// The field's name.
    pub(super) name: &'static str,
    /// Its label.
    pub(super) label: &'a str,
    /// The widget that shows the label.
    pub(super) label_id: Id,
    /// The colours.
    pub(super) theme: &'a Theme,
    /// What is being typed.
    pub(super) drafts: &'a mut Drafts,
    /// The colour in which the value is marked as doubtful.
    pub(super) mark: Option<Color32>,
    /// Whether the new value comes from typing.
    pub(super) typed: bool,
    /// Whether the field is to take the keyboard.
    pub(super) focus: bool,
}

impl Cx<'_> {
    /// The key of a draft of this field.
    pub(super) fn key(&self, part: &str) -> String {
        format!("{} {} {part}", self.id, self.name)
    }
}

/// A value that can be shown and edited.
pub(super) trait Value: Sized {
    /// Draws the editor; gives the new value when it was changed.
    fn edit(&self, ui: &mut Ui, cx: &mut Cx<'_>) -> Option<Self>;
    /// The value in words.
    fn text(&self, topology: &Topology) -> String;
}

macro_rules! editors {
    ($($kind:ident $field:ident { $($variant:ident)* })+) => {
        /// Draws the editor of a field; gives the field with its new value when it was changed.
        pub(super) fn edit(ui: &mut Ui, cx: &mut Cx<'_>, field: &Field) -> Option<Field> {
            Some(match field {
                $(Field::$kind(id, value) => Field::$kind(id.clone(), match value {
                    $($field::$variant(value) => $field::$variant(value.edit(ui, cx)?),)*
                }),)+
            })
        }

        /// The value of a field in words.
        pub(super) fn text(topology: &Topology, field: &Field) -> String {
            match field {
                $(Field::$kind(_, value) => match value {
                    $($field::$variant(value) => value.text(topology),)*
                },)+
            }
        }
    };
}

editors! {
    Organisation OrganisationField { Name DirectoryDomains }
    Domain MailDomainField { Name Organisation }
    Site SiteField { Name Resolvers Internet }
    Segment SegmentField { Name Site Kind Subnets FromSegments }
    Line LineField { Name Site Addresses Firewall BandwidthKbit }
    Firewall FirewallField { Name Site Published SourceAddresses Hairpin Outbound25 Blocked }
    Link LinkField { Name A B BandwidthKbit LatencyMs Filter }
    View ViewField { Name Kind }
    Zone ZoneField { TtlS NegativeTtlS }
    Record RecordField { Data TtlS }
    Resolver ResolverField { Name Place Addresses Serves Forwards Conditional }
    Server ServerField {
        Name Place Role Platform Edition Organisation ComputerName DirectoryDomain Addresses
        Resolvers Group Routes RelayDomains RelayFrom KeepsOnNameError
    }
    Listener ListenerField { Name Fqdn Bindings Port SmartHost }
    Group GroupField { Name Kind Hub Master }
    SiteLink SiteLinkField { Name Sites Cost ExchangeCost }
    GroupConnector GroupConnectorField { Name From To Cost Sources Targets }
    SmtpConnector SmtpConnectorField { Name Group Spaces Scope Sources Delivery }
    Mailboxes MailboxesField {
        Name Domain UsersAt Home Count FromInternetPerDay ToInternetPerDay InsidePerDay Addresses
    }
}
