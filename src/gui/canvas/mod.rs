//! Stand-in for the canvas.
use super::{
    command::{Command, Lens, Tool},
    theme::Theme,
};
use crate::{analysis::Analysis, model::Subject, rules::finding::Finding, sim::trace::Trace};
use eframe::egui;
use std::collections::BTreeSet;

/// Input.
#[expect(missing_docs, reason = "stand-in")]
pub struct CanvasInput<'a> {
    pub analysis: &'a Analysis,
    pub phase: usize,
    pub selection: &'a BTreeSet<Subject>,
    pub tool: Tool,
    pub lens: Lens,
    pub trace: Option<&'a Trace>,
    pub finding: Option<&'a Finding>,
    pub theme: &'a Theme,
    pub reduced_motion: bool,
}

/// State.
#[derive(Default)]
pub struct CanvasState {
    requests: Vec<CanvasRequest>,
}

/// Request.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "stand-in")]
pub enum CanvasRequest {
    Fit,
    FitSelection,
    Zoom100,
    ZoomIn,
    ZoomOut,
    Rename(Subject),
    Locate(Subject),
}

impl CanvasState {
    /// Asks.
    pub fn request(&mut self, request: CanvasRequest) {
        self.requests.push(request);
    }
}

/// Draws.
pub fn canvas_ui(
    ui: &mut egui::Ui,
    input: &CanvasInput<'_>,
    state: &mut CanvasState,
    commands: &mut Vec<Command>,
) {
    state.requests.clear();
    ui.painter().rect_filled(ui.max_rect(), 0.0, input.theme.canvas);
    for (id, server) in &input.analysis.phases[input.phase].topology.servers {
        if ui.button(&server.name).clicked() {
            commands
                .push(Command::Select([crate::model::ObjectId::Server(id.clone()).into()].into()));
        }
    }
}
