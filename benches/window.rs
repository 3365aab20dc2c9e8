//! How long a frame takes, panels and all, from input to triangles, without a display: the template, a
//! drawing of 1 000 nodes and 2 000 links, all in view (goal 5 ms) and at its own size (1.5 ms), one of 10 000
//! and 20 000, all in view (9 ms), near (2 ms), with 500 of them being dragged (10 ms), and how long it takes
//! to open (0.5 s). Figures with their machine stand in `benches/README.md`.
#![expect(clippy::disallowed_methods, reason = "what happens once is timed by the clock")]
#![expect(clippy::print_stderr, reason = "its result")]

use bridgehead::{
    file,
    gui::{
        app::{App, Options},
        canvas::CanvasRequest,
        command::Command,
        theme,
    },
    model::{ObjectId, Project, Subject},
    templates,
    workspace::disk,
};
use criterion::{Criterion, criterion_group, criterion_main};
use eframe::egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};
use std::{fmt::Write as _, path::PathBuf, time::Instant};

/// A window without a display.
struct Window {
    ctx: Context,
    app: App,
    time: f64,
    step: u16,
    /// What happens in the next frame, beside the pointer's move.
    events: Vec<Event>,
}

impl Window {
    /// A window on a plan, once it has come to rest.
    fn on(plan: &Project, name: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        disk::write(&path, file::save(plan).as_bytes(), true).expect("a file for the plan");
        let mut window = Self::opening(path);
        for _ in 0..30 {
            window.frame();
            window.app.finish_tasks(&window.ctx.clone());
        }
        window
    }

    /// A window that is about to open a plan.
    fn opening(path: PathBuf) -> Self {
        let ctx = Context::default();
        theme::install_fonts(&ctx);
        let app = App::new(Options::default());
        let mut window = Self { ctx, app, time: 0.0, step: 0, events: Vec::new() };
        window.app.request(Command::OpenPath(path));
        window
    }

    /// Does as a person asks, and comes to rest.
    fn give(&mut self, command: Command) {
        self.app.request(command);
        for _ in 0..20 {
            self.frame();
        }
    }

    /// Takes hold of what is in the middle of the drawing, and of all else that is selected.
    fn grab(&mut self, what: &Project) {
        let ids: Vec<ObjectId> =
            what.as_is.servers.keys().take(500).cloned().map(ObjectId::Server).collect();
        let first = ids[0].clone();
        self.give(Command::Select(ids.into_iter().map(Subject::from).collect()));
        let plan = self.app.state.plan.as_mut().expect("a plan is open");
        let scene = plan.canvas.scene().expect("it is drawn");
        let at = scene.places.cards[&first].centre();
        plan.canvas.request(CanvasRequest::Show(at, 0.2));
        for command in [Command::ToggleBottom, Command::ToggleInspector] {
            self.give(command);
        }
        let at = pos2(f32::midpoint(48.0, 1440.0), f32::midpoint(84.0, 876.0));
        let button = |pressed| Event::PointerButton {
            pos: at,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        };
        self.events = vec![Event::PointerMoved(at), button(true)];
        self.frame();
    }

    /// One frame with the pointer somewhere else on the drawing; gives how many triangles came of it.
    fn frame(&mut self) -> usize {
        self.time += 1.0 / 60.0;
        self.step = (self.step + 10) % 500;
        let away = vec2(300.0 + f32::from(self.step), 400.0);
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1440.0, 900.0))),
            time: Some(self.time),
            events: match std::mem::take(&mut self.events) {
                own if own.is_empty() => vec![Event::PointerMoved(Pos2::ZERO + away)],
                own => own,
            },
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
    let mut window = Window::on(&large(50), "bench-large.ron");
    c.bench_function("a frame of 1 000 nodes and 2 000 links, all in view", |b| {
        b.iter(|| window.frame());
    });
    window.give(Command::Zoom100);
    c.bench_function("a frame of 1 000 nodes and 2 000 links, at its own size", |b| {
        b.iter(|| window.frame());
    });
}

/// Ten times as many: slow to prepare, so apart.
fn huge(c: &mut Criterion) {
    let plan = large(500);
    let begun = Instant::now();
    let mut window = Window::on(&plan, "bench-huge.ron");
    eprintln!("10 000 nodes and 20 000 links: opened and at rest after {:?}", begun.elapsed());
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("bench-huge.ron");
    let begun = Instant::now();
    let mut other = Window::opening(path);
    other.frame();
    eprintln!("10 000 nodes and 20 000 links: first frame after {:?}", begun.elapsed());
    drop(other);
    let mut group = c.benchmark_group("10 000 nodes and 20 000 links");
    group.sample_size(20);
    group.bench_function("a frame, all in view", |b| b.iter(|| window.frame()));
    window.give(Command::Zoom100);
    group.bench_function("a frame, at its own size", |b| b.iter(|| window.frame()));
    window.grab(&plan);
    group.bench_function("a frame, 500 being dragged", |b| b.iter(|| window.frame()));
    group.finish();
}

/// That many sites with 18 servers and a routing group each; 40 connectors from each group.
fn large(count: usize) -> Project {
    let [mut sites, mut segments, mut servers, mut groups, mut connectors] =
        [const { String::new() }; 5];
    for s in 0..count {
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
            let to = (s + step) % count;
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
    assert_eq!((nodes, plan.as_is.group_connectors.len()), (count * 20, count * 40));
    plan
}

criterion_group!(window, frames, huge);
criterion_main!(window);
