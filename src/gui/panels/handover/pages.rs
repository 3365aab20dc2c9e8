//! The pages in a column; only those in view are painted.

use super::sheet;
use crate::{
    gui::{
        handover::{Handover, Laid, PageZoom},
        theme::Theme,
        widgets::weak,
    },
    report::pdf::Book,
    workspace::Revisions,
};
use eframe::egui::{
    Align2, FontId, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role,
    pos2, vec2,
};
use std::sync::Arc;

/// Between the pages, and around them, in screen points.
const GAP: f32 = 18.0;
/// The least and the largest scale.
const SCALES: (f32, f32) = (0.2, 5.0);

pub(super) fn pages_ui(ui: &mut Ui, theme: &Theme, handover: &mut Handover, revisions: Revisions) {
    let Some((_, laid)) = handover.laid.clone() else {
        let text = match handover.wanted(revisions) {
            Some(_) => "The pages are being laid out",
            None => "The pages wait for a date",
        };
        ui.centered_and_justified(|ui| ui.label(weak(theme, text)));
        return;
    };
    // Paper has no soft edges.
    ui.spacing_mut().scroll.fade.strength = 0.0;
    let view = ui.available_rect_before_wrap();
    let scale = scale(handover, &laid.book, view.width(), view.height());
    let column = Column::new(&laid.book, scale, view.width());
    let mut area = ScrollArea::both().id_salt("pages").auto_shrink([false, false]);
    let went = handover.go_to.take();
    if let Some(page) = went {
        let top = column.tops.get(page).copied().unwrap_or(0.0) - GAP / 2.0;
        area = area.vertical_scroll_offset(top.max(0.0));
    }
    let shown = area.show_viewport(ui, |ui, seen| {
        let (rect, _) = ui.allocate_exact_size(vec2(column.width, column.height), Sense::hover());
        for page in column.seen(seen) {
            page_ui(
                ui,
                theme,
                &laid,
                page,
                column.place(page).translate(rect.min.to_vec2()),
                scale,
            );
        }
    });
    follow(ui, handover, &column, (shown.state.clamped_offset().y, view.height()), went);
}

/// The page that takes the upper third of the view is the one that is read; where somebody went, it is
/// that one until the pages are moved.
fn follow(
    ui: &Ui,
    handover: &mut Handover,
    column: &Column,
    (offset, height): (f32, f32),
    went: Option<usize>,
) {
    let moved = (offset - handover.offset).abs() > 0.5;
    handover.offset = offset;
    let page = match went {
        Some(page) => page.min(column.tops.len().saturating_sub(1)),
        None if moved => {
            let read = offset + height / 3.0;
            column.tops.iter().rposition(|top| *top <= read).unwrap_or(0)
        }
        None => return,
    };
    if page != handover.page {
        handover.page = page;
        // The bar above was drawn already.
        ui.ctx().request_repaint();
    }
}

/// Screen points a point on paper.
fn scale(handover: &mut Handover, book: &Book, width: f32, height: f32) -> f32 {
    let sheets = book.sheets().iter();
    let widest = sheets.clone().map(|sheet| sheet.size[0]).fold(1.0, f32::max);
    let tallest = sheets.map(|sheet| sheet.size[1]).fold(1.0, f32::max);
    let across = (width - 2.0 * GAP - 14.0).max(50.0);
    let scale = match handover.zoom {
        PageZoom::Width => (across / widest).min(1.9),
        PageZoom::Page => ((height - 2.0 * GAP).max(50.0) / tallest).min(across / widest),
        PageZoom::Scale(scale) => scale,
    };
    if let Some(by) = handover.scale_by.take() {
        let scale = (scale * by).clamp(SCALES.0, SCALES.1);
        handover.zoom = PageZoom::Scale(scale);
        handover.go_to = Some(handover.page);
        return scale;
    }
    scale.clamp(SCALES.0, SCALES.1)
}

/// Where the pages stand.
struct Column {
    tops: Vec<f32>,
    sizes: Vec<[f32; 2]>,
    width: f32,
    height: f32,
}

impl Column {
    fn new(book: &Book, scale: f32, room: f32) -> Self {
        let sizes: Vec<[f32; 2]> =
            book.sheets().iter().map(|sheet| sheet.size.map(|length| length * scale)).collect();
        let widest = sizes.iter().map(|size| size[0]).fold(0.0, f32::max);
        let mut tops = Vec::with_capacity(sizes.len());
        let mut height = GAP;
        for size in &sizes {
            tops.push(height);
            height += size[1] + GAP;
        }
        Self { tops, sizes, width: (widest + 2.0 * GAP).max(room - 14.0), height }
    }

    fn place(&self, page: usize) -> Rect {
        let [width, height] = self.sizes[page];
        let left = ((self.width - width) / 2.0).max(GAP);
        Rect::from_min_size(pos2(left, self.tops[page]), vec2(width, height))
    }

    /// The pages of which something is seen.
    fn seen(&self, seen: Rect) -> std::ops::Range<usize> {
        let first = self.tops.partition_point(|top| *top < seen.top()).saturating_sub(1);
        let end = self.tops.partition_point(|top| *top < seen.bottom());
        first..end
    }
}

fn page_ui(ui: &mut Ui, theme: &Theme, laid: &Arc<Laid>, page: usize, rect: Rect, scale: f32) {
    if !ui.is_rect_visible(rect) {
        return;
    }
    let name = format!("Page {} of {}, as it is printed", page + 1, laid.book.sheets().len());
    let response = ui.interact(rect, ui.scope_id().with(("page", page)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, name.as_str()));
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect_filled(rect, 0.0, Theme::printed([255, 255, 255]));
    sheet::paint(&painter, &laid.book, page, rect.min, scale);
    let edge = Stroke::new(1.0, theme.line);
    ui.painter().rect_stroke(rect, 0.0, edge, StrokeKind::Outside);
    if scale < 0.3 {
        // Nothing can be read at that size but the number.
        let font = FontId::proportional(11.0);
        let at = rect.center_bottom() + vec2(0.0, 9.0);
        ui.painter().text(at, Align2::CENTER_CENTER, (page + 1).to_string(), font, theme.weak);
    }
}
