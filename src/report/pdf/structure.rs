//! The structure tree: what each marked piece of a page is, in reading order (ISO 32000-1, 14.7).

use super::{
    draw::PaintedPage,
    objects::{name, rectangle, text},
    tags::{DOCUMENT, Node, Role, TagId, Tags},
};
use lopdf::{Dictionary, Document as File, Object, ObjectId, dictionary};

/// An annotation and the node that it belongs to.
pub(super) type Attached = (TagId, ObjectId);

/// What stands on pages of each node, by its number.
struct Pieces<'p> {
    pages: &'p [ObjectId],
    /// Page and number of each marked piece.
    marked: Vec<Vec<(usize, usize)>>,
    annotations: Vec<Vec<ObjectId>>,
    bounds: Vec<Option<[f32; 4]>>,
    kept: Vec<bool>,
}

/// Adds the tree, and says to pages and annotations where in it they belong.
pub(super) fn structure(
    file: &mut File,
    tags: &Tags,
    painted: &[PaintedPage],
    pages: &[ObjectId],
    attached: &[Attached],
) -> ObjectId {
    let pieces = pieces(tags, painted, pages, attached);
    let root = file.new_object_id();
    let ids: Vec<ObjectId> = (0..tags.len()).map(|_| file.new_object_id()).collect();
    for (id, node) in tags.nodes() {
        if pieces.kept[id.index()] {
            let parent = if id == DOCUMENT { root } else { ids[node.parent.index()] };
            let element = element(id, node, parent, &pieces, &ids);
            file.objects.insert(ids[id.index()], Object::Dictionary(element));
        }
    }
    let mut numbers = Vec::new();
    for (at, (page, id)) in painted.iter().zip(pages).enumerate() {
        let owners = page.owners.iter().map(|tag| Object::Reference(ids[tag.index()]));
        let owners = file.add_object(Object::Array(owners.collect()));
        numbers.extend([integer(at), owners.into()]);
        if let Ok(page) = file.get_object_mut(*id).and_then(Object::as_dict_mut) {
            page.set("StructParents", integer(at));
            page.set("Tabs", name("S"));
        }
    }
    for (nth, (tag, annotation)) in attached.iter().enumerate() {
        let key = pages.len() + nth;
        numbers.extend([integer(key), ids[tag.index()].into()]);
        if let Ok(dict) = file.get_object_mut(*annotation).and_then(Object::as_dict_mut) {
            dict.set("StructParent", integer(key));
        }
    }
    let tree = file.add_object(dictionary! { "Nums" => numbers });
    let all = dictionary! {
        "Type" => name("StructTreeRoot"),
        "K" => ids[DOCUMENT.index()],
        "ParentTree" => tree,
        "ParentTreeNextKey" => integer(pages.len() + attached.len()),
    };
    file.objects.insert(root, Object::Dictionary(all));
    root
}

fn integer(value: usize) -> Object {
    Object::Integer(i64::try_from(value).unwrap_or(i64::MAX))
}

fn pieces<'p>(
    tags: &Tags,
    painted: &[PaintedPage],
    pages: &'p [ObjectId],
    attached: &[Attached],
) -> Pieces<'p> {
    let mut pieces = Pieces {
        pages,
        marked: vec![Vec::new(); tags.len()],
        annotations: vec![Vec::new(); tags.len()],
        bounds: vec![None; tags.len()],
        kept: vec![false; tags.len()],
    };
    for (at, page) in painted.iter().enumerate() {
        for (number, tag) in page.owners.iter().enumerate() {
            pieces.marked[tag.index()].push((at, number));
        }
        for (tag, bounds) in &page.bounds {
            pieces.bounds[tag.index()].get_or_insert(*bounds);
        }
    }
    for (tag, annotation) in attached {
        pieces.annotations[tag.index()].push(*annotation);
    }
    // Kids have higher numbers than what they stand in.
    let nodes: Vec<_> = tags.nodes().collect();
    for (id, node) in nodes.into_iter().rev() {
        let at = id.index();
        let full = !pieces.marked[at].is_empty()
            || !pieces.annotations[at].is_empty()
            || node.kids.iter().any(|kid| pieces.kept[kid.index()]);
        // An empty cell is a cell all the same: without it the columns would not agree.
        let cell = matches!(node.role, Role::Td | Role::ThColumn | Role::ThRow);
        pieces.kept[at] = full || cell || id == DOCUMENT;
    }
    pieces
}

fn element(
    id: TagId,
    node: &Node,
    parent: ObjectId,
    pieces: &Pieces<'_>,
    ids: &[ObjectId],
) -> Dictionary {
    let at = id.index();
    let mut element = dictionary! { "S" => name(node.role.name()), "P" => parent };
    let kept = node.kids.iter().filter(|kid| pieces.kept[kid.index()]);
    let mut kids: Vec<Object> = kept.map(|kid| ids[kid.index()].into()).collect();
    let page_of = |page: usize| pieces.pages[page];
    let home = pieces.marked[at].first().map(|(page, _)| *page);
    if let Some(home) = home {
        element.set("Pg", page_of(home));
    }
    for (page, number) in &pieces.marked[at] {
        kids.push(if Some(*page) == home {
            integer(*number)
        } else {
            let reference = dictionary! {
                "Type" => name("MCR"), "Pg" => page_of(*page), "MCID" => integer(*number),
            };
            Object::Dictionary(reference)
        });
    }
    for annotation in &pieces.annotations[at] {
        let reference = dictionary! { "Type" => name("OBJR"), "Obj" => *annotation };
        kids.push(Object::Dictionary(reference));
    }
    match kids.len() {
        0 => {}
        1 => element.set("K", kids.swap_remove(0)),
        _ => element.set("K", kids),
    }
    if let Some(alt) = &node.alt {
        element.set("Alt", text(alt));
    }
    let scope = |scope: &str| dictionary! { "O" => name("Table"), "Scope" => name(scope) };
    match node.role {
        Role::ThColumn => element.set("A", scope("Column")),
        Role::ThRow => element.set("A", scope("Row")),
        Role::Figure => {
            if let Some(bounds) = pieces.bounds[at] {
                let layout = dictionary! { "O" => name("Layout"), "BBox" => rectangle(bounds) };
                element.set("A", layout);
            }
        }
        _ => {}
    }
    element
}
