//! The window: panels and a canvas over one project.
//!
//! Panels and canvas only read the [`state::State`] and push [`command::Command`]s; [`dispatch`] carries
//! them out, after the pass, and is the only writer of the project. Long work runs in [`tasks`].

pub mod app;
pub mod canvas;
pub mod command;
pub mod derived;
pub mod dialogs;
mod dispatch;
pub mod drafts;
mod entries;
pub mod failures;
pub mod handover;
pub mod insert;
pub mod panels;
pub mod settings;
pub mod state;
mod tasks;
pub mod theme;
pub mod validation;
mod widgets;
mod words;

use anyhow::{anyhow, bail};
use app::{App, Options};
use eframe::{
    NativeOptions,
    egui::{ViewportBuilder, vec2},
};
use std::path::PathBuf;

/// Opens the window, with a plan or with the start page; returns when it is closed.
///
/// # Errors
/// When there is no display, or none that a window can be drawn on.
pub fn open(plan: Option<PathBuf>) -> anyhow::Result<()> {
    if !settings::display_is_named() {
        bail!("there is no display");
    }
    let viewport = ViewportBuilder::default()
        .with_title("Bridgehead")
        .with_app_id("bridgehead")
        .with_inner_size(vec2(1440.0, 900.0))
        .with_min_inner_size(vec2(960.0, 600.0));
    let options = NativeOptions { viewport, ..NativeOptions::default() };
    eframe::run_native(
        "Bridgehead",
        options,
        Box::new(move |creation| {
            theme::install_fonts(&creation.egui_ctx);
            let mut app = App::new(Options::of_this_machine(plan));
            app.dress(&creation.egui_ctx);
            Ok(Box::new(app))
        }),
    )
    .map_err(|error| {
        // What comes last says why; before it stand the places in other people's code.
        let text = error.to_string();
        anyhow!("the display does not do: {}", text.rsplit(": ").next().unwrap_or(&text))
    })
}
