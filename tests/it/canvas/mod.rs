//! The canvas by labels, as a screen reader and a hand meet it; the test carries the commands out.

mod arranging;

use crate::diagram::plans::{self, sixty, template};
use bridgehead::{
    analysis::{Analysis, Analyzer},
    gui::{
        canvas::{CanvasInput, CanvasRequest, CanvasState, canvas_ui},
        command::{Command, Lens, Tool},
        theme::{self, Theme},
    },
    model::{
        Project, Subject, Topology,
        change::{Change, apply},
        dns::Place,
        edit::Edit,
        editing::edit,
    },
    net::world::Inputs,
};
use eframe::egui::{Key, Modifiers, Pos2, Vec2, pos2, vec2};
use egui_kittest::{Harness, kittest::Queryable as _};
use std::{collections::BTreeSet, sync::Arc};

/// A window of nothing but the canvas.
struct Bench {
    project: Project,
    analyzer: Analyzer,
    analysis: Arc<Analysis>,
    phase: usize,
    selection: BTreeSet<Subject>,
    tool: Tool,
    theme: Theme,
    canvas: CanvasState,
    status: String,
    undo: Vec<Change>,
}

impl Bench {
    fn new(project: Project, phase: usize) -> Self {
        let mut analyzer = Analyzer::new();
        let analysis = analyzer.update(&project, &Inputs::of(&project));
        Self {
            project,
            analyzer,
            analysis,
            phase,
            selection: BTreeSet::new(),
            tool: Tool::Select,
            theme: Theme::light(),
            canvas: CanvasState::default(),
            status: String::new(),
            undo: Vec::new(),
        }
    }

    fn apply(&mut self, change: Change) {
        self.undo.push(apply(&mut self.project, change).expect("it can be carried out"));
        self.analysis = self.analyzer.update(&self.project, &Inputs::of(&self.project));
    }

    fn run(&mut self, command: Command) {
        if let Command::Apply { change, .. } = command {
            self.apply(change);
        } else if let Command::Select(selection) = command {
            self.selection = selection;
        } else if let Command::Tool(tool) = command {
            self.tool = tool;
        } else if let Command::Status(status) = command {
            self.status = status;
        } else if command == Command::Delete {
            for subject in std::mem::take(&mut self.selection) {
                if let Some(id) = subject.object(self.topology()) {
                    let change = edit(&self.project, self.phase, Edit::Remove(id));
                    self.apply(change.expect("it can go"));
                }
            }
        }
    }

    fn topology(&self) -> &Topology {
        &self.analysis.phases[self.phase].topology
    }
}

fn harness(bench: Bench) -> Harness<'static, Bench> {
    let mut harness = Harness::builder()
        .with_size(vec2(1071.0, 566.0))
        .with_step_dt(0.05) // two clicks within a double click's time
        .with_context_setup(theme::install_fonts)
        .build_ui_state(
            |ui, bench: &mut Bench| {
                let mut commands = Vec::new();
                let theme = bench.theme;
                theme.apply(ui.ctx());
                let input = CanvasInput {
                    analysis: &bench.analysis,
                    phase: bench.phase,
                    selection: &bench.selection,
                    tool: bench.tool,
                    lens: Lens::Mail,
                    trace: None,
                    finding: None,
                    lost: Vec::new(),
                    measured: Vec::new(),
                    theme: &theme,
                    reduced_motion: true,
                    snap: true,
                };
                drop(canvas_ui(ui, &input, &mut bench.canvas, &mut commands));
                for command in commands {
                    bench.run(command);
                }
            },
            bench,
        );
    harness.run();
    harness
}

fn at(harness: &Harness<'_, Bench>, label: &str) -> Pos2 {
    harness.get_by_label_contains(label).rect().center()
}

fn click(harness: &mut Harness<'_, Bench>, tool: Tool, pos: Pos2) {
    harness.state_mut().tool = tool;
    harness.hover_at(pos);
    harness.run();
    harness.drag_at(pos);
    harness.run();
    harness.drop_at(pos);
    harness.run();
    // What has a name to be given waits for it.
    if harness.query_by_label("Name").is_some() {
        harness.key_press(Key::Enter);
        harness.run();
    }
}

fn drag(harness: &mut Harness<'_, Bench>, tool: Tool, from: Pos2, to: Pos2) {
    harness.state_mut().tool = tool;
    harness.hover_at(from);
    harness.run();
    harness.drag_at(from);
    harness.run();
    for step in 1..=4_u8 {
        harness.hover_at(from + (to - from) * (f32::from(step) / 4.0));
        harness.run();
    }
    harness.drop_at(to);
    harness.run();
}

#[test]
fn every_object_has_a_spoken_name_and_an_idle_canvas_rests() {
    let mut harness = harness(Bench::new(template(), 3));
    assert!(harness.run() <= 2, "nothing happens, so nothing is painted again");
    harness.get_by_label_contains("Server LDS-BE1, back end, in London, routing group Leeds");
    harness
        .get_by_label_contains("Connector Leeds to London, from Leeds to London, cost 1, 1 error");
    harness.get_by_label_contains("Site Leeds, 200 users");
    harness.get_by_label_contains("Link WAN link");
    harness.get_by_label_contains("1 error at Leeds to London");
}

#[test]
fn a_click_selects_and_shift_adds() {
    let mut harness = harness(Bench::new(template(), 0));
    let server = at(&harness, "Server LON-MAIL");
    click(&mut harness, Tool::Select, server);
    let subject: Subject = "server:lon-mail".parse().expect("a subject");
    assert_eq!(harness.state().selection, [subject.clone()].into());
    harness.get_by_label_contains("Link WAN link").click_modifiers(Modifiers::SHIFT);
    harness.run();
    assert_eq!(harness.state().selection.len(), 2);
    click(&mut harness, Tool::Select, pos2(20.0, 20.0));
    assert!(harness.state().selection.is_empty());
}

#[test]
fn a_plan_is_drawn_from_nothing() {
    let mut harness = harness(Bench::new(Project::new("Empty"), 0));
    let before = harness.state().project.clone();
    click(&mut harness, Tool::Site, pos2(300.0, 300.0));
    assert_eq!(harness.state().tool, Tool::Select, "the hand is free again");
    let first = at(&harness, "Site Site 1");
    // Beside the first site, wherever the view went meanwhile.
    let beside = harness.get_by_label_contains("Site Site 1").rect();
    click(&mut harness, Tool::Site, pos2(beside.max.x + 220.0, first.y + 40.0));
    for site in ["Site Site 1", "Site Site 2"] {
        let below = harness.get_by_label_contains(site).rect();
        click(&mut harness, Tool::Server, pos2(below.center().x, below.max.y + 60.0));
    }
    assert_eq!(harness.state().topology().servers.len(), 2);
    assert_eq!(harness.state().topology().listeners.len(), 2);
    let (a, b) = (at(&harness, "Site Site 1"), at(&harness, "Site Site 2"));
    drag(&mut harness, Tool::Link, a, b);
    assert_eq!(harness.state().topology().links.len(), 1, "{}", harness.state().status);
    let site = at(&harness, "Site Site 1");
    click(&mut harness, Tool::Line, site);
    assert_eq!(harness.state().topology().firewalls.len(), 1);
    for server in ["Server Server 1", "Server Server 2"] {
        let server = at(&harness, server);
        click(&mut harness, Tool::Group, server);
    }
    assert_eq!(harness.state().topology().groups.len(), 2, "{}", harness.state().status);
    let (a, b) = (at(&harness, "Server Server 1"), at(&harness, "Server Server 2"));
    drag(&mut harness, Tool::Connector, a, b);
    let connectors = &harness.state().topology().group_connectors;
    assert_eq!(connectors.len(), 1, "{}", harness.state().status);
    let connector = connectors.values().next().expect("it is there");
    assert_eq!((connector.sources.len(), connector.targets.len(), connector.cost), (1, 1, None));
    assert!(harness.state().status.contains("one way"), "{}", harness.state().status);
    let firewall =
        harness.state().topology().firewalls.values().next().expect("it is there").clone();
    assert_eq!((firewall.hairpin, firewall.outbound_25), (None, None), "nobody entered it");
    while let Some(change) = harness.state_mut().undo.pop() {
        apply(&mut harness.state_mut().project, change).expect("it can be undone");
    }
    assert_eq!(harness.state().project, before);
}

#[test]
fn a_server_is_dragged_into_another_site_in_this_phase_alone() {
    let mut harness = harness(Bench::new(template(), 3));
    let earlier: Vec<Topology> =
        harness.state().analysis.phases[..3].iter().map(|p| p.topology.clone()).collect();
    let server = at(&harness, "Server LDS-FE1");
    let site = harness.get_by_label_contains("Site Leeds").rect();
    drag(&mut harness, Tool::Select, server, pos2(site.center().x, site.max.y + 70.0));
    let state = harness.state();
    let server = &state.topology().servers[&"lds-fe1".parse().expect("an id")];
    assert_eq!(server.place, Place::Segment("lds-lan".parse().expect("an id")));
    assert_eq!(state.status, "LDS-FE1 now stands in Leeds");
    assert_eq!(state.undo.len(), 1, "one step");
    for (phase, before) in earlier.iter().enumerate() {
        assert_eq!(state.analysis.phases[phase].topology, *before, "phase {phase}");
    }
    harness.get_by_label_contains("Server LDS-FE1, front end, in Leeds");
}

#[test]
fn a_drag_on_the_spot_changes_the_layout_alone() {
    let mut harness = harness(Bench::new(template(), 3));
    let before: Vec<Topology> =
        harness.state().analysis.phases.iter().map(|p| p.topology.clone()).collect();
    let server = at(&harness, "Server LON-BE1");
    drag(&mut harness, Tool::Select, server, server + vec2(0.0, 14.0));
    let state = harness.state();
    assert!(!state.project.layout.is_empty());
    let after: Vec<Topology> = state.analysis.phases.iter().map(|p| p.topology.clone()).collect();
    assert!(before == after, "no edit");
    assert!(state.status.contains("the plan is unchanged"), "{}", state.status);
}

#[test]
fn a_server_dropped_on_a_hull_joins_the_group() {
    let mut harness = harness(Bench::new(template(), 3));
    let server = at(&harness, "Server LON-MAIL");
    let hull = at(&harness, "Server LDS-BE1") + vec2(0.0, -56.0);
    drag(&mut harness, Tool::Select, server, hull);
    let server = &harness.state().topology().servers[&"lon-mail".parse().expect("an id")];
    assert_eq!(server.group, Some("leeds".parse().expect("an id")), "{}", harness.state().status);
    assert!(harness.state().status.contains("LON-MAIL is now in routing group Leeds"));
}

#[test]
fn what_cannot_be_joined_says_why() {
    let mut harness = harness(Bench::new(template(), 3));
    let (a, b) = (at(&harness, "Server LON-FE1"), at(&harness, "Server LON-BE1"));
    drag(&mut harness, Tool::Connector, a, b);
    assert!(harness.state().status.contains("send to each other directly"));
    assert!(harness.state().undo.is_empty());
}

#[test]
fn keys_nudge_rename_and_delete() {
    let mut harness = harness(Bench::new(template(), 0));
    let server = at(&harness, "Server LON-MAIL");
    click(&mut harness, Tool::Select, server);
    harness.run();
    harness.key_press(Key::ArrowRight);
    harness.run();
    let moved = at(&harness, "Server LON-MAIL") - server;
    assert!(moved.x > 4.0 && moved.y.abs() < 1.0, "{moved:?}");
    harness.key_press(Key::F2);
    harness.run();
    harness.get_by_label("New name").type_text("OLD-MAIL");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    harness.get_by_label_contains("Server OLD-MAIL, back end");
    let id = "lon-mail".parse().expect("an id");
    assert_eq!(harness.state().topology().servers[&id].name, "OLD-MAIL");
    let server = at(&harness, "Server OLD-MAIL");
    click(&mut harness, Tool::Select, server);
    harness.key_press(Key::Delete);
    harness.run();
    assert!(harness.state().topology().servers.is_empty());
    assert!(harness.state().topology().listeners.is_empty(), "its parts go with it");
}

#[test]
fn a_double_click_renames_and_escape_does_not() {
    let mut harness = harness(Bench::new(template(), 0));
    let site = at(&harness, "Site Leeds");
    for _ in 0..2 {
        harness.drag_at(site);
        harness.drop_at(site);
    }
    harness.run();
    harness.get_by_label("New name").type_text("Bradford");
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label("New name").is_none());
    assert!(harness.state().undo.is_empty());
    harness
        .state_mut()
        .canvas
        .request(CanvasRequest::Rename("site:leeds".parse().expect("a subject")));
    harness.run();
    harness.get_by_label("New name").type_text("Bradford");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    harness.get_by_label_contains("Site Bradford");
}

#[test]
fn the_keyboard_goes_through_the_objects() {
    let mut harness = harness(Bench::new(template(), 0));
    let mut seen = BTreeSet::new();
    for _ in 0..12 {
        harness.key_press(Key::Tab);
        harness.run();
        seen.extend(harness.state().selection.iter().cloned());
    }
    for subject in ["site:london", "server:lon-mail", "link:wan"] {
        assert!(seen.contains(&subject.parse().expect("a subject")), "{subject}: {seen:?}");
    }
}

#[test]
fn the_wheel_zooms_to_the_pointer() {
    let mut harness = harness(Bench::new(template(), 4));
    let server = at(&harness, "Server LDS-FE1");
    harness.hover_at(server);
    harness.run();
    let before = harness.state().canvas.zoom();
    harness.event(eframe::egui::Event::Zoom(1.5));
    harness.run_ok();
    let after = at(&harness, "Server LDS-FE1");
    assert!(harness.state().canvas.zoom() > before * 1.3);
    assert!((after - server).length() < 1.0, "what is under the pointer stays there");
    let out: Vec2 = pos2(0.0, 0.0) - server;
    assert!(out.length() > 0.0);
    harness.state_mut().canvas.request(CanvasRequest::Fit);
    harness.run();
    assert!((at(&harness, "Server LDS-FE1") - server).length() < 1.0);
}

#[test]
fn sixty_servers_and_long_names_are_shown_and_found() {
    for plan in [sixty(ToOwned::to_owned), sixty(plans::long)] {
        let mut harness = harness(Bench::new(plan, 0));
        assert!(harness.run() <= 2);
        let servers = harness.state().topology().servers.len();
        assert_eq!(servers, 60);
        let shown = harness.get_all_by_label_contains("Server S").count();
        assert!(shown >= 60, "{shown}");
    }
}
