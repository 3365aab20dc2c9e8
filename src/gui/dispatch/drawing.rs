//! The drawing by itself, as a file.

use super::files;
use crate::{
    diagram::{build::build, raster, svg},
    gui::{
        app::App,
        canvas::scene_lens,
        command::{Command, Picture},
        dialogs::{Dialog, Purpose},
        state::State,
        words,
    },
    workspace::disk,
};
use eframe::egui::Context;
use std::path::Path;

/// The dots of a picture to a world unit.
const SCALE: f32 = 2.0;

pub(super) fn run(app: &mut App, ctx: &Context, command: Command) {
    match command {
        Command::SaveDrawing(picture) => files::ask(app, ctx, Purpose::Drawing(picture)),
        Command::SaveDrawingTo(picture, path) if disk::exists(&path) => {
            let then = Box::new(Command::ReplaceDrawing(picture, path.clone()));
            app.state.dialog = Some(Dialog::Replace { path, then });
        }
        Command::SaveDrawingTo(picture, path) | Command::ReplaceDrawing(picture, path) => {
            write(&mut app.state, picture, &path);
        }
        _ => {}
    }
}

fn write(state: &mut State, picture: Picture, path: &Path) {
    let lens = state.lens;
    let Some(plan) = &mut state.plan else { return };
    plan.workspace.analyse();
    let analysis = plan.analysis();
    let project = &analysis.project;
    let scene = build(analysis, plan.phase, scene_lens(lens));
    let title = format!("{}: phase {}", project.name, words::phase(project, plan.phase));
    let made = match picture {
        Picture::Svg => Ok(svg::svg(&scene, &title).into_bytes()),
        Picture::Png => raster::png(&scene, SCALE).map_err(|error| error.to_string()),
    };
    let written =
        made.and_then(|bytes| disk::write(path, &bytes, true).map_err(|error| error.words()));
    match written {
        Ok(()) => state.status = format!("The drawing is saved as {}", path.display()),
        Err(text) => {
            let title = "The drawing was not saved".to_owned();
            state.dialog = Some(Dialog::Message { title, text: words::sentence(&text) });
        }
    }
}
