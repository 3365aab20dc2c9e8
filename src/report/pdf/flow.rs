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
    /// Whether it is wider than high.
    pub(super) landscape: bool,
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

/// The height of a page's body in points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bodies {
    /// Of a page that is higher than wide.
    pub(super) portrait: f32,
    /// Of one that is wider than high.
    pub(super) landscape: f32,
}

impl Bodies {
    fn of(self, strip: &Strip) -> f32 {
        if strip.landscape { self.landscape } else { self.portrait }
    }
}

/// Stacks strips into bodies.
pub(super) fn paginate(strips: Vec<Strip>, bodies: Bodies) -> Pages {
    let chains = chains(&strips, bodies);
    let mut pages = Pages::default();
    let mut page = Page::default();
    let mut y = 0.0;
    let mut section: Option<(String, String)> = None;
    for (strip, chain) in strips.into_iter().zip(chains) {
        let fresh = page.placed.is_empty();
        let body = bodies.of(&strip);
        let turns = !fresh && page.landscape != strip.landscape;
        let before = if fresh { 0.0 } else { strip.before };
        let breaks = y + before + strip.height > body + 0.01
            || (chain <= body && y + before + chain > body + 0.01);
        let mut before = before;
        if !fresh && (strip.new_page || turns || breaks) {
            pages.pages.push(std::mem::take(&mut page));
            y = 0.0;
            before = 0.0;
            if let Some(head) = strip.head.as_ref().filter(|_| !strip.new_page) {
                page.placed.push((0.0, head.items.clone()));
                y = head.height;
            }
        }
        y += before;
        page.landscape = strip.landscape;
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

/// For each strip its height with all that it must share a page with. A chain that no page can hold
/// holds nothing together.
fn chains(strips: &[Strip], bodies: Bodies) -> Vec<f32> {
    let mut chains: Vec<f32> = strips.iter().map(|strip| strip.height).collect();
    let goes_on =
        |at: usize| strips[at].keep && strips.get(at + 1).is_some_and(|next| !next.new_page);
    let mut first = 0;
    while first < strips.len() {
        let mut last = first;
        while goes_on(last) {
            last += 1;
        }
        let below: f32 = strips[first + 1..=last].iter().map(|s| s.before + s.height).sum();
        if strips[first].height + below <= bodies.of(&strips[first]) {
            for at in (first..last).rev() {
                chains[at] = strips[at].height + strips[at + 1].before + chains[at + 1];
            }
        }
        first = last + 1;
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
        let bodies = Bodies { portrait: body, landscape: body };
        paginate(strips, bodies).pages.iter().map(|page| page.placed.len()).collect()
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
        let head = std::sync::Arc::new(strip(10.0));
        let row = Strip { head: Some(head), ..strip(40.0) };
        let rows = vec![Strip { keep: true, ..strip(10.0) }, row.clone(), row.clone(), row];
        assert_eq!(heights(rows, 100.0), [3, 2]);
    }

    #[test]
    fn a_page_holds_strips_of_one_orientation() {
        let wide = Strip { landscape: true, ..strip(10.0) };
        assert_eq!(heights(vec![strip(10.0), wide.clone(), wide, strip(10.0)], 100.0), [1, 2, 1]);
    }

    #[test]
    fn nothing_at_all_is_one_page() {
        assert_eq!(heights(vec![], 100.0), [0]);
    }
}
