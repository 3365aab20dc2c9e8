//! The drawing, as found and as planned, with its mail paths by number; then as it is after each phase
//! that changes it. Every drawing says in words what it shows.

use crate::report::{
    context::Context,
    document::{Block, Figure, Heading, Style, Text},
    paths, scene,
};

/// The width of a drawing on paper in points, that of a page's column.
const WIDTH: f32 = 700.0;
/// With more servers than this the paths would hide the drawing: they are told in the table alone.
const SERVERS_WITH_PATHS: usize = 40;

/// The section.
pub fn blocks(context: &Context<'_>, number: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut last = None;
    let mut shown = 0;
    let end = context.analysis.phases.len() - 1;
    for at in 0..=end {
        let drawing = scene::drawing(context.drawn(), at, WIDTH);
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
        let caption = scene::caption(context.analysis, at);
        let mut alt = format!("The drawing of {}. {caption}", context.phase(at));
        let mut drawing = drawing;
        let paths = if numbered { paths::paths(context.analysis, at) } else { vec![] };
        if numbered && topology.servers.len() <= SERVERS_WITH_PATHS {
            scene::with_paths(context.drawn(), at, &paths, &mut drawing);
            alt = format!("{alt} {}", paths::spoken(topology, &paths));
        }
        blocks.push(Block::Figure(Figure { caption, alt, drawing }));
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
     connectors; dashed hulls are routing groups. Numbered lines are mail paths, told in the table \
     below: inbound solid, between sites dotted, outbound dashed. A phase that changes nothing on the \
     drawing has none of its own."
        .into()
}
