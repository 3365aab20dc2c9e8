//! How long a frame takes, panels and all, from input to triangles, without a display: the template, and
//! a drawing of 1 000 nodes and 2 000 links. Goals: 2 ms and 8 ms. Figures with their machine stand in
//! `benches/README.md`.

use bridgehead::{
    file,
    gui::{
        app::{App, Options},
        command::Command,
        theme,
    },
    model::Project,
    templates,
    workspace::disk,
};
use criterion::{Criterion, criterion_group, criterion_main};
use eframe::egui::{Context, Event, Pos2, RawInput, Rect, vec2};
use std::{fmt::Write as _, path::PathBuf};

/// A window without a display.
struct Window {
    ctx: Context,
    app: App,
    time: f64,
    step: u16,
}

impl Window {
    /// A window on a plan, once it has come to rest.
    fn on(plan: &Project, name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        disk::write(&path, file::save(plan).as_bytes(), true).expect("a file for the plan");
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        let mut window = Self { ctx, app: App::new(Options::default()), time: 0.0, step: 0 };
        window.app.request(Command::OpenPath(path));
        for _ in 0..30 {
            window.frame();
            window.app.finish_tasks(&window.ctx.clone());
        }
        window
    }

    /// One frame with the pointer somewhere else on the drawing; gives how many triangles came of it.
    fn frame(&mut self) -> usize {
        self.time += 1.0 / 60.0;
        self.step = (self.step + 10) % 500;
        let away = vec2(300.0 + f32::from(self.step), 400.0);
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0))),
            time: Some(self.time),
            events: vec![Event::PointerMoved(Pos2::ZERO + away)],
            ..RawInput::default()
        };
        let app = &mut self.app;
        let output = self.ctx.run_ui(input, |ui| {
            app.think(ui.ctx());
            app.show(ui);
        });
        let meshes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        meshes.len()
    }
}

fn frames(c: &mut Criterion) {
    let plan = templates::find("two-sites-exchange-2003").expect("the template").plan;
    let mut window = Window::on(&plan, "bench-template.ron");
    c.bench_function("a frame of the template", |b| b.iter(|| window.frame()));
    let mut window = Window::on(&large(), "bench-large.ron");
    c.bench_function("a frame of 1 000 nodes and 2 000 links, all in view", |b| {
        b.iter(|| window.frame());
    });
}

/// 50 sites with 18 servers and a routing group each; 2 000 connectors.
fn large() -> Project {
    let [mut sites, mut segments, mut servers, mut groups, mut connectors] =
        [const { String::new() }; 5];
    for s in 0..50 {
        writeln!(sites, "\"s{s}\": (name: \"Site {s}\"),").expect("text");
        writeln!(segments, "\"lan{s}\": (name: \"LAN\", site: \"s{s}\"),").expect("text");
        writeln!(groups, "\"g{s}\": (name: \"Group {s}\"),").expect("text");
        for n in 0..18 {
            writeln!(
                servers,
                "\"s{s}-{n}\": (name: \"S{s}-{n}\", place: Segment(\"lan{s}\"), group: \"g{s}\"),"
            )
            .expect("text");
        }
        for step in 1..=40 {
            let to = (s + step) % 50;
            writeln!(
                connectors,
                "\"c-{s}-{to}\": (name: \"{s} to {to}\", from: \"g{s}\", to: \"g{to}\"),"
            )
            .expect("text");
        }
    }
    let text = format!(
        "(format: 1, plan: (name: \"Large\", as_is: (sites: {{{sites}}}, segments: {{{segments}}},
            servers: {{{servers}}}, groups: {{{groups}}}, group_connectors: {{{connectors}}})))"
    );
    let plan = file::load(text.as_bytes()).expect("a plan").project;
    let nodes = plan.as_is.sites.len() + plan.as_is.servers.len() + plan.as_is.groups.len();
    assert_eq!((nodes, plan.as_is.group_connectors.len()), (1000, 2000));
    plan
}

criterion_group!(window, frames);
criterion_main!(window);
