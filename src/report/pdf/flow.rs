//! From strips to pages: headings keep with what follows, heads of tables are shown again, nothing
//! is broken that fits on a page.

use super::strip::{Anchor, Item, Strip};

/// Where an anchor came to stand.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The anchor.
    pub(super) anchor: Anchor,
    /// The page, from 0.
    pub(super) page: usize,
    /// Points below the top of the body.
    pub(super) y: f32,
}

/// A page: strips with their distance from the top of the body.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// The items of each strip, and how far down it stands.
    pub(super) placed: Vec<(f32, Vec<Item>)>,
    /// The section that runs at the page's top, as its head says: number and title.
    pub(super) section: Option<(String, String)>,
}

/// All pages.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// The pages.
    pub(super) pages: Vec<Page>,
    /// The anchors, in order.
    pub(super) places: Vec<Place>,
}

/// Stacks strips into bodies of that height in points.
pub(super) fn paginate(strips: Vec<Strip>, body: f32) -> Pages {
    let chains = chains(&strips, body);
    let mut pages = Pages::default();
    let mut page = Page::default();
    let mut y = 0.0;
    let mut section: Option<(String, String)> = None;
    for (strip, chain) in strips.into_iter().zip(chains) {
        let fresh = page.placed.is_empty();
        let before = if fresh { 0.0 } else { strip.before };
        let breaks = y + before + strip.height > body + 0.01
            || (chain <= body && y + before + chain > body + 0.01);
        let mut before = before;
        if !fresh && (strip.new_page || breaks) {
            pages.pages.push(std::mem::take(&mut page));
            y = 0.0;
            before = 0.0;
            if let Some(head) = strip.head.as_ref().filter(|_| !strip.new_page) {
                page.placed.push((0.0, head.items.clone()));
                y = head.height;
            }
        }
        y += before;
        if let Some(anchor) = strip.anchor {
            if anchor.level == 1 {
                section = Some((anchor.number.clone(), anchor.title.clone()));
            }
            pages.places.push(Place { anchor, page: pages.pages.len(), y });
        }
        if page.section.is_none() {
            page.section.clone_from(&section);
        }
        page.placed.push((y, strip.items));
        y += strip.height;
    }
    if !page.placed.is_empty() || pages.pages.is_empty() {
        pages.pages.push(page);
    }
    pages
}

/// For each strip its height with all that it must share a page with; cut off beyond a page.
fn chains(strips: &[Strip], body: f32) -> Vec<f32> {
    let mut chains = vec![0.0; strips.len()];
    for at in (0..strips.len()).rev() {
        let next = strips.get(at + 1).filter(|next| strips[at].keep && !next.new_page);
        let below = next.map_or(0.0, |next| next.before + chains[at + 1]);
        // A chain that no page can hold holds nothing together.
        let whole = strips[at].height + below;
        chains[at] = if whole > body { strips[at].height } else { whole };
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(height: f32) -> Strip {
        Strip { height, ..Strip::default() }
    }

    fn heights(strips: Vec<Strip>, body: f32) -> Vec<usize> {
        paginate(strips, body).pages.iter().map(|page| page.placed.len()).collect()
    }

    #[test]
    fn a_heading_goes_to_the_next_page_with_what_it_heads() {
        let heading = Strip { keep: true, ..strip(20.0) };
        assert_eq!(heights(vec![strip(70.0), heading, strip(20.0)], 100.0), [1, 2]);
    }

    #[test]
    fn a_chain_that_no_page_holds_is_broken_where_the_page_ends() {
        let chain = vec![Strip { keep: true, ..strip(40.0) }; 5];
        assert_eq!(heights(chain, 100.0), [2, 2, 1]);
    }

    #[test]
    fn the_head_of_a_table_is_shown_again() {
        let head = std::rc::Rc::new(strip(10.0));
        let row = Strip { head: Some(head), ..strip(40.0) };
        let rows = vec![Strip { keep: true, ..strip(10.0) }, row.clone(), row.clone(), row];
        assert_eq!(heights(rows, 100.0), [3, 2]);
    }

    #[test]
    fn nothing_at_all_is_one_page() {
        assert_eq!(heights(vec![], 100.0), [0]);
    }
}
