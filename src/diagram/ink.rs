//! What a colour is for. Who paints (window, SVG, PDF) knows what it looks like.

/// A colour by its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ink {
    /// The sheet.
    Canvas,
    /// A panel, a label's ground.
    Panel,
    /// A quiet line.
    Line,
    /// Text.
    Text,
    /// Quiet text.
    Weak,
    /// What is chosen.
    Accent,
    /// The ground of what is chosen.
    AccentGround,
    /// A site's ground.
    Site,
    /// The edge of sites and cards.
    SiteLine,
    /// A routing group, by its number.
    Group(u8),
    /// A WAN link or an Internet line.
    Pipe,
    /// An error.
    Error,
    /// The ground of an error.
    ErrorGround,
    /// A warning.
    Warning,
    /// The ground of a warning.
    WarningGround,
    /// Fine.
    Good,
    /// The ground of what is fine.
    GoodGround,
    /// Worth knowing.
    Info,
    /// The Internet.
    Net,
    /// A card.
    Node,
    /// A field, a quiet ground.
    Field,
    /// Text on a sign that is filled with a strong colour.
    OnSign,
}

/// How many colours there are for routing groups; more groups use them again.
pub const GROUP_INKS: u8 = 6;
