//! The drawing: as found, and after each phase that changes it.

use crate::report::{
    context::Context,
    document::{Block, Figure, Heading, Text},
    scene,
};

/// The width of a drawing on paper in points, that of a page's column.
const WIDTH: f32 = 700.0;

/// The section.
pub fn blocks(context: &Context<'_>, number: &str) -> Vec<Block> {
    let mut blocks = vec![Block::Remark(legend())];
    let mut last = None;
    let mut shown = 0;
    for at in 0..context.analysis.phases.len() {
        let drawing = scene::drawing(context.analysis, at, WIDTH);
        if last.as_ref() == Some(&drawing) {
            continue;
        }
        shown += 1;
        let title = context.analysis.project.phase_title(at);
        blocks.push(Block::Heading(Heading {
            number: format!("{number}.{shown}"),
            text: if at == 0 { title.to_owned() } else { format!("After phase {at}: {title}") },
            level: 2,
            new_page: false,
        }));
        let caption = scene::caption(context.analysis, at);
        let alt = format!("The drawing of {}. {caption}", context.phase(at));
        blocks.push(Block::Figure(Figure { caption, alt, drawing: drawing.clone() }));
        last = Some(drawing);
    }
    blocks
}

fn legend() -> Text {
    "Boxes are sites and servers; wide lines are WAN links and Internet lines; thin arrows are \
     connectors; dashed hulls are routing groups. A phase that changes nothing on the drawing has \
     none of its own."
        .into()
}
