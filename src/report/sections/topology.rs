//! The drawing, as found and as planned, with its mail paths by number; then as it is after each phase
//! that changes it. Every drawing says in words what it shows.

use crate::{
    diagram::build::parts,
    model::id::SiteId,
    report::{
        context::{Context, count},
        document::{Block, Drawing, Figure, Heading, Style, Text},
        paths::{self, MailPath},
        scene,
    },
};
use std::collections::BTreeMap;

/// With more servers than this one drawing could not be read: it is printed in parts, and the paths are
/// told in the table alone.
const SERVERS_WITH_PATHS: usize = 40;

/// The room for a drawing on a page that is wider than high, in points.
const PAGE: [f32; 2] = [720.0, 320.0];

/// The section.
pub fn blocks(context: &Context<'_>, number: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut last = None;
    let mut shown = 0;
    let mut sheets = BTreeMap::new();
    let end = context.analysis.phases.len() - 1;
    for at in 0..=end {
        let drawing = scene::drawing(context.scene(at), PAGE);
        let numbered = at == 0 || at == end;
        if last.as_ref() == Some(&drawing) && !numbered {
            continue;
        }
        last = Some(drawing.clone());
        shown += 1;
        blocks.push(Block::Heading(Heading {
            number: format!("{number}.{shown}"),
            text: title(context, at),
            level: 2,
            new_page: false,
        }));
        let topology = &context.analysis.phases[at].topology;
        let paths = if numbered { paths::paths(context.analysis, at) } else { vec![] };
        if topology.servers.len() > SERVERS_WITH_PATHS {
            in_parts(context, at, &mut sheets, &mut blocks);
        } else {
            blocks.push(Block::Figure(whole(context, at, drawing, numbered.then_some(&paths))));
        }
        if numbered {
            blocks.push(Block::Table(paths::table(topology, &paths)));
            let untold = paths::untold(topology);
            if untold > 0 {
                let more = format!("{untold} more paths are not told here. ");
                let more = Text::from(more).and(Style::Mono, "bridgehead matrix PLAN");
                blocks.push(Block::Remark(more.and(Style::Plain, " tells who reaches whom.")));
            }
        }
    }
    blocks.push(Block::Remark(legend()));
    blocks
}

/// A phase in one drawing, with its mail paths.
fn whole(
    context: &Context<'_>,
    at: usize,
    mut drawing: Drawing,
    paths: Option<&Vec<MailPath>>,
) -> Figure {
    let caption = scene::caption(context.analysis, at);
    let mut alt = format!("The drawing of {}. {caption}", context.phase(at));
    if let Some(paths) = paths {
        let drawn = &context.drawn().phases[at].topology;
        drawing = scene::with_paths(context.scene(at), drawn, paths, PAGE);
        let topology = &context.analysis.phases[at].topology;
        alt = format!("{alt} {}", paths::spoken(topology, paths));
    }
    Figure { caption, alt, drawing, high: None }
}

/// A phase that is too large for one drawing: an overview with its servers counted, then the servers
/// sheet by sheet; of the sheets, those that differ from what was shown before.
fn in_parts(
    context: &Context<'_>,
    at: usize,
    known: &mut BTreeMap<(Option<SiteId>, usize), Drawing>,
    blocks: &mut Vec<Block>,
) {
    let drawn = context.drawn();
    let caption = format!(
        "Overview, servers counted by site and group. {}",
        scene::caption(context.analysis, at)
    );
    let alt = format!("The drawing of {}. {caption}", context.phase(at));
    let drawing = scene::overview(drawn, at, PAGE);
    blocks.push(Block::Figure(Figure { caption, alt, drawing, high: None }));
    let topology = &drawn.phases[at].topology;
    for sheet in parts::sheets(topology) {
        let drawing = scene::sheet(drawn, at, &sheet);
        let key = (sheet.site.clone(), sheet.number.0);
        if known.get(&key) == Some(&drawing) {
            continue;
        }
        known.insert(key, drawing.clone());
        let site = sheet.site.as_ref().and_then(|id| topology.sites.get(id));
        let place = site.map_or("On the Internet", |site| site.name.as_str());
        let (number, of) = sheet.number;
        let part = if of > 1 { format!(", sheet {number} of {of}") } else { String::new() };
        let caption = format!("{place}: {}{part}.", count(sheet.servers.len(), "server"));
        let names: Vec<&str> = sheet
            .servers
            .iter()
            .filter_map(|id| topology.servers.get(id))
            .map(|server| server.name.as_str())
            .collect();
        let alt = format!("The servers of {caption} {}.", names.join(", "));
        blocks.push(Block::Figure(Figure { caption, alt, drawing, high: None }));
    }
}

fn title(context: &Context<'_>, at: usize) -> String {
    let title = context.analysis.project.phase_title(at);
    match at {
        0 => format!("As found: {title}"),
        at if at + 1 == context.analysis.phases.len() => {
            format!("As planned, after phase {at}: {title}")
        }
        at => format!("After phase {at}: {title}"),
    }
}

fn legend() -> Text {
    "Boxes are sites and servers; wide lines are WAN links and Internet lines; thin arrows are \
     connectors; dashed hulls are routing groups and AD sites. Lines with numbers are the mail paths that the \
     table tells, several on one line where they share a stretch: solid arrives, dashed ends at the \
     cross, dotted cannot be told. A phase that changes nothing on the \
     drawing has none of its own. More than 40 servers are counted on an overview and shown site by site."
        .into()
}
