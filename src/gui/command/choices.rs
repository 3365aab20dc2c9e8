//! What commands choose among: tools, kinds of objects, ways to arrange, appearances.

/// What a click or drag on the canvas creates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// Nothing: it selects and moves.
    #[default]
    Select,
    /// A site.
    Site,
    /// A server.
    Server,
    /// A WAN link.
    Link,
    /// An Internet line with its firewall.
    Line,
    /// A routing group connector.
    Connector,
    /// A routing group.
    Group,
    /// A resolver.
    Resolver,
    /// A note.
    Note,
}

impl Tool {
    /// All tools, in the order of the rail.
    pub const ALL: [Self; 9] = [
        Self::Select,
        Self::Site,
        Self::Server,
        Self::Link,
        Self::Line,
        Self::Connector,
        Self::Group,
        Self::Resolver,
        Self::Note,
    ];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Select => "Select",
            Self::Site => "Site",
            Self::Server => "Server",
            Self::Link => "WAN link",
            Self::Line => "Internet line",
            Self::Connector => "Connector",
            Self::Group => "Routing group",
            Self::Resolver => "Resolver",
            Self::Note => "Note",
        }
    }

    /// How it is used.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Select => "click to select, drag to move, drag on the canvas to select several",
            Self::Site => "click on the canvas to add a site",
            Self::Server => "click in a site, or on the Internet, to add a server",
            Self::Link => "drag from one site to another",
            Self::Line => "drag from a site to the Internet",
            Self::Connector => "drag from one routing group to another",
            Self::Group => "drag around servers, or click, to add a routing group or an AD site",
            Self::Resolver => "click in a site to add a resolver",
            Self::Note => "click anywhere to write a note",
        }
    }
}

/// How several things are brought into line; the first selected, in the plan's order, stays where it is
/// only where it is the outermost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arrange {
    /// All begin at the leftmost edge.
    Left,
    /// The middles stand above each other.
    Centre,
    /// All end at the rightmost edge.
    Right,
    /// All begin at the uppermost edge.
    Top,
    /// The middles stand beside each other.
    Middle,
    /// All end at the lowest edge.
    Bottom,
    /// Equal gaps from left to right.
    Across,
    /// Equal gaps from top to bottom.
    Down,
}

impl Arrange {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Left,
        Self::Centre,
        Self::Right,
        Self::Top,
        Self::Middle,
        Self::Bottom,
        Self::Across,
        Self::Down,
    ];

    /// What the command is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Left => "Align left edges",
            Self::Centre => "Align middles above each other",
            Self::Right => "Align right edges",
            Self::Top => "Align upper edges",
            Self::Middle => "Align middles beside each other",
            Self::Bottom => "Align lower edges",
            Self::Across => "Distribute from left to right",
            Self::Down => "Distribute from top to bottom",
        }
    }

    /// How many objects it needs.
    pub fn least(self) -> usize {
        if matches!(self, Self::Across | Self::Down) { 3 } else { 2 }
    }
}

/// A form in which the drawing is saved by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Picture {
    /// Lines and letters, sharp at any size.
    Svg,
    /// Dots.
    Png,
}

impl Picture {
    /// All forms.
    pub const ALL: [Self; 2] = [Self::Svg, Self::Png];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::Svg => "SVG",
            Self::Png => "PNG",
        }
    }

    /// How its files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

/// A side of something that is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// To the right of it.
    Right,
    /// To the left of it.
    Left,
    /// Above it.
    Above,
    /// Below it.
    Below,
}

impl Side {
    /// All sides.
    pub const ALL: [Self; 4] = [Self::Right, Self::Left, Self::Above, Self::Below];

    /// Where that is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Right => "to the right",
            Self::Left => "to the left",
            Self::Above => "above",
            Self::Below => "below",
        }
    }
}

/// How the window looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Appearance {
    /// As the system says.
    #[default]
    System,
    /// Dark text on light.
    Light,
    /// Light text on dark.
    Dark,
    /// White and strong colours on black, with strong edges.
    Contrast,
}

impl Appearance {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::System, Self::Light, Self::Dark, Self::Contrast];

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Self::System => "As the system says",
            Self::Light => "Light",
            Self::Dark => "Dark",
            Self::Contrast => "High contrast",
        }
    }
}

/// A kind of object that can be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the kind of object of that name")]
pub enum Kind {
    Site,
    Segment,
    Line,
    Firewall,
    Link,
    Server,
    Listener,
    Group,
    SiteLink,
    GroupConnector,
    SmtpConnector,
    Resolver,
    View,
    Zone,
    Record,
    Organisation,
    Domain,
    Mailboxes,
}

impl Kind {
    /// All kinds, in the order of the Insert menu.
    pub const ALL: [Self; 18] = [
        Self::Site,
        Self::Segment,
        Self::Line,
        Self::Firewall,
        Self::Link,
        Self::Server,
        Self::Listener,
        Self::Group,
        Self::SiteLink,
        Self::GroupConnector,
        Self::SmtpConnector,
        Self::Resolver,
        Self::View,
        Self::Zone,
        Self::Record,
        Self::Organisation,
        Self::Domain,
        Self::Mailboxes,
    ];

    /// Whether the Insert menu draws a line before it.
    pub fn opens_section(self) -> bool {
        matches!(self, Self::Server | Self::Group | Self::Resolver | Self::Organisation)
    }
}
