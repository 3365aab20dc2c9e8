//! What the pieces of a page are: a tree of headings, paragraphs, lists, tables and figures in reading
//! order, from which the file's structure tree is made (ISO 32000-1, 14.7 and 14.8). What belongs to no
//! node is an artifact: rules, grounds, heads and feet of pages, the repeated heads of tables.

/// A node of the tree, or [`ARTIFACT`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TagId(u32);

/// What is no content of the document.
pub(super) const ARTIFACT: TagId = TagId(0);
/// The document itself.
pub(super) const DOCUMENT: TagId = TagId(1);

/// What a node is: the standard structure types that are in use (ISO 32000-1, 14.8.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The whole.
    Document,
    /// A section.
    Sect,
    /// A box with a title.
    Div,
    /// A heading of level 1 to 4.
    H(u8),
    /// A paragraph.
    P,
    /// Something as typed.
    Code,
    /// A list.
    L,
    /// An item of a list.
    Li,
    /// Its number or bullet.
    Lbl,
    /// Its words.
    LBody,
    /// A table.
    Table,
    /// A row.
    Tr,
    /// The head of a column.
    ThColumn,
    /// The head of a row.
    ThRow,
    /// A cell.
    Td,
    /// A drawing or a mark; has an alternative text.
    Figure,
    /// A field to fill in.
    Form,
    /// The list of contents.
    Toc,
    /// A line of it.
    Toci,
    /// What leads elsewhere in the document.
    Link,
}

impl Role {
    /// The name in the file.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Sect => "Sect",
            Self::Div => "Div",
            Self::H(0 | 1) => "H1",
            Self::H(2) => "H2",
            Self::H(3) => "H3",
            Self::H(_) => "H4",
            Self::P => "P",
            Self::Code => "Code",
            Self::L => "L",
            Self::Li => "LI",
            Self::Lbl => "Lbl",
            Self::LBody => "LBody",
            Self::Table => "Table",
            Self::Tr => "TR",
            Self::ThColumn | Self::ThRow => "TH",
            Self::Td => "TD",
            Self::Figure => "Figure",
            Self::Form => "Form",
            Self::Toc => "TOC",
            Self::Toci => "TOCI",
            Self::Link => "Link",
        }
    }
}

/// A node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// What it is.
    pub(super) role: Role,
    /// In what it stands.
    pub(super) parent: TagId,
    /// What is said in its place; figures and fields have it.
    pub(super) alt: Option<String>,
    /// What stands in it, in reading order.
    pub(super) kids: Vec<TagId>,
}

/// The tree.
#[derive(Clone, Debug)]
pub(super) struct Tags {
    nodes: Vec<Node>,
    /// Where new nodes go.
    here: TagId,
    /// The level of the last heading: none may be left out on the way down.
    level: u8,
}

impl Tags {
    /// A document without content.
    pub(super) fn new() -> Self {
        let node = |role| Node { role, parent: ARTIFACT, alt: None, kids: Vec::new() };
        // The first node stands for artifacts, so that numbers and places agree.
        Self { nodes: vec![node(Role::Div), node(Role::Document)], here: DOCUMENT, level: 0 }
    }

    /// All nodes with their numbers, without that of artifacts.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (TagId, &Node)> {
        self.nodes.iter().enumerate().skip(1).map(|(at, node)| (tag_id(at), node))
    }

    /// A node.
    pub(super) fn node(&self, id: TagId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// How many there are, that of artifacts included.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Adds a node to the one where new nodes go.
    pub(super) fn leaf(&mut self, role: Role) -> TagId {
        self.add(role, self.here)
    }

    /// Adds a node to another one.
    pub(super) fn add(&mut self, role: Role, parent: TagId) -> TagId {
        let id = tag_id(self.nodes.len());
        self.nodes.push(Node { role, parent, alt: None, kids: Vec::new() });
        self.nodes[parent.0 as usize].kids.push(id);
        id
    }

    /// Adds a figure or a field with what is said in its place.
    pub(super) fn spoken(&mut self, role: Role, parent: TagId, alt: impl Into<String>) -> TagId {
        let id = self.add(role, parent);
        self.nodes[id.0 as usize].alt = Some(alt.into());
        id
    }

    /// Adds a heading, at most one level below the last one.
    pub(super) fn heading(&mut self, level: u8) -> TagId {
        self.level = level.clamp(1, self.level + 1);
        self.leaf(Role::H(self.level))
    }

    /// New nodes go into a new one from here on; gives back where they went before.
    pub(super) fn enter(&mut self, role: Role) -> TagId {
        let id = self.leaf(role);
        self.go(id)
    }

    /// New nodes go there from here on; gives back where they went before.
    pub(super) fn go(&mut self, to: TagId) -> TagId {
        std::mem::replace(&mut self.here, to)
    }

    /// Where new nodes go.
    pub(super) fn here(&self) -> TagId {
        self.here
    }
}

impl TagId {
    /// The number, as an index.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

fn tag_id(at: usize) -> TagId {
    TagId(u32::try_from(at).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_level_of_headings_is_left_out_on_the_way_down() {
        let mut tags = Tags::new();
        let levels = [1, 3, 3, 4, 2, 1].map(|level| {
            let id = tags.heading(level);
            tags.node(id).role
        });
        assert_eq!(levels, [1, 2, 3, 4, 2, 1].map(Role::H));
    }
}
