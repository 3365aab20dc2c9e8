//! The tool rail: what a click or drag on the canvas creates.

use crate::gui::{
    command::{Command, Tool},
    theme::Theme,
};
use eframe::egui::{
    Color32, Painter, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo,
    accesskit::Role, pos2, vec2,
};

pub(super) fn tool_rail_ui(ui: &mut Ui, theme: &Theme, chosen: Tool, commands: &mut Vec<Command>) {
    ui.spacing_mut().item_spacing.y = 8.0;
    ui.add_space(12.0);
    for tool in Tool::ALL {
        let on = tool == chosen;
        let (rect, response) = ui.allocate_exact_size(vec2(48.0, 36.0), Sense::click());
        let cell = Rect::from_center_size(rect.center(), vec2(36.0, 36.0));
        if on {
            ui.painter().rect_filled(cell, 8.0, theme.accent_bg);
        } else if response.hovered() {
            ui.painter().rect_filled(cell, 8.0, theme.field);
        }
        if response.has_focus() {
            let line = Stroke::new(2.0, theme.accent);
            ui.painter().rect_stroke(cell, 8.0, line, StrokeKind::Inside);
        }
        glyph(ui.painter(), cell.center(), tool, theme.text, theme.weak);
        response.widget_info(|| {
            WidgetInfo::selected(Role::RadioButton, true, on, format!("Tool: {}", tool.title()))
        });
        if response.on_hover_text(format!("{}: {}", tool.title(), tool.hint())).clicked() {
            commands.push(Command::Tool(tool));
        }
    }
}

fn glyph(painter: &Painter, at: Pos2, tool: Tool, colour: Color32, weak: Color32) {
    let p = |x: f32, y: f32| at + vec2(x, y);
    let line = Stroke::new(1.6, colour);
    let path = |points: &[(f32, f32)]| {
        painter.add(Shape::line(points.iter().map(|(x, y)| p(*x, *y)).collect(), line));
    };
    let boxed = |w: f32, h: f32, radius: f32| {
        let rect = Rect::from_center_size(at, vec2(w, h));
        painter.rect_stroke(rect, radius, line, StrokeKind::Middle);
    };
    match tool {
        Tool::Select => {
            let points = [(-6.0, -8.0), (7.0, -1.0), (1.0, 1.0), (-2.0, 8.0)];
            let points = points.iter().map(|(x, y)| p(*x, *y)).collect();
            painter.add(Shape::closed_line(points, line));
        }
        Tool::Site => {
            boxed(18.0, 14.0, 3.0);
            path(&[(-9.0, -2.0), (9.0, -2.0)]);
        }
        Tool::Server => {
            boxed(12.0, 18.0, 2.0);
            path(&[(-3.0, -5.0), (3.0, -5.0)]);
            path(&[(-3.0, -1.0), (3.0, -1.0)]);
        }
        Tool::Link => {
            painter.line_segment([p(-9.0, 0.0), p(9.0, 0.0)], Stroke::new(6.0, weak));
        }
        Tool::Line => {
            cloud(painter, p(0.0, -2.0), line);
            painter.line_segment([p(0.0, 4.0), p(0.0, 10.0)], Stroke::new(3.0, weak));
        }
        Tool::Connector => {
            path(&[(-9.0, 5.0), (7.0, -4.0)]);
            path(&[(1.0, -6.0), (8.0, -5.0), (5.0, 1.0)]);
        }
        Tool::Group => dashed_round(painter, at, colour),
        Tool::Note => {
            path(&[(-8.0, -8.0), (8.0, -8.0), (8.0, 3.0), (3.0, 8.0), (-8.0, 8.0), (-8.0, -8.0)]);
            path(&[(3.0, 8.0), (3.0, 3.0), (8.0, 3.0)]);
            path(&[(-4.0, -3.0), (4.0, -3.0)]);
        }
        Tool::Resolver => {
            boxed(16.0, 16.0, 2.0);
            let font = eframe::egui::FontId::new(11.0, crate::gui::widgets::strong_family());
            painter.text(at, eframe::egui::Align2::CENTER_CENTER, "A", font, colour);
        }
    }
}

fn cloud(painter: &Painter, at: Pos2, line: Stroke) {
    let circle = |x: f32, y: f32, r: f32, from: f32, to: f32| -> Vec<Pos2> {
        (0..=10_u8)
            .map(|i| {
                let angle = (from + (to - from) * f32::from(i) / 10.0).to_radians();
                pos2(at.x + x + r * angle.cos(), at.y + y + r * angle.sin())
            })
            .collect()
    };
    let mut points = circle(-5.0, 1.0, 4.0, 90.0, 265.0);
    points.extend(circle(0.0, -2.5, 5.0, 200.0, 330.0));
    points.extend(circle(5.5, 1.0, 4.0, 275.0, 450.0));
    painter.add(Shape::closed_line(points, line));
}

fn dashed_round(painter: &Painter, at: Pos2, colour: Color32) {
    let corner = |i: u8| {
        let angle = f32::from(i) * std::f32::consts::TAU / 32.0;
        at + vec2(9.0 * angle.cos(), 8.0 * angle.sin())
    };
    let points: Vec<Pos2> = (0..=32).map(corner).collect();
    painter.extend(Shape::dashed_line(&points, Stroke::new(1.6, colour), 3.0, 3.0));
}
