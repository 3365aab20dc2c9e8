//! Naming in place: a field over the name on the drawing, for what is there and for what a tool has just
//! put down.

use super::{
    CanvasInput, CanvasState,
    arrange::Draft,
    create::{self, Stamp},
};
use crate::{
    diagram::{
        geometry::Area,
        scene::{Kind, Scene},
    },
    gui::{command::Command, theme::semi_bold},
    model::{
        ObjectId, Subject,
        change::Change,
        connector::{GroupConnectorField, GroupField, SiteLinkField, SmtpConnectorField},
        dns::ResolverField,
        edit::Edit,
        id::NoteId,
        note::Note,
        organisation::MailboxesField,
        server::ServerField,
        site::{FirewallField, LineField, LinkField, SegmentField, SiteField},
        topology::Field,
    },
};
use eframe::egui::{FontId, Key, Rect, TextEdit, Ui, UiBuilder, vec2};

/// A name that is being typed.
pub(super) struct Rename {
    what: What,
    text: String,
    place: Area,
    /// Whether the field has had the keyboard yet.
    begun: bool,
}

/// What gets the name.
enum What {
    /// An object that is drawn.
    Known(Subject, Kind),
    /// Something that a tool has put down.
    New(Stamp),
}

impl Rename {
    /// Begins to rename an object that is drawn.
    pub(super) fn of(scene: &Scene, subject: &Subject) -> Option<Self> {
        let item = scene.item(subject)?;
        Some(Self {
            what: What::Known(subject.clone(), item.kind),
            text: item.name.clone(),
            place: item.label,
            begun: false,
        })
    }

    /// Begins to name what a tool has put down.
    pub(super) fn new(stamp: Stamp) -> Self {
        let title =
            Area { min: stamp.place.min.moved(8.0, 8.0), max: stamp.place.min.moved(150.0, 34.0) };
        Self { text: stamp.name.clone(), place: title, what: What::New(stamp), begun: false }
    }

    /// Where what is being named is going to stand.
    pub(super) fn ghost(&self) -> Option<Area> {
        match &self.what {
            What::New(stamp) => Some(stamp.place),
            What::Known(..) => None,
        }
    }
}

/// The field, while something is named.
pub(super) fn field(
    ui: &mut Ui,
    input: &CanvasInput<'_>,
    state: &mut CanvasState,
    scene: &Scene,
    view: Rect,
    commands: &mut Vec<Command>,
) {
    let Some(rename) = &mut state.rename else { return };
    if let What::Known(subject, _) = &rename.what
        && let Some(item) = scene.item(subject)
    {
        rename.place = item.label;
    }
    let at = state.camera.rect(view, rename.place);
    let size = vec2(at.width().max(150.0), 26.0);
    // Names stand at the left of cards and boxes, in the middle of lines.
    let middle = match &rename.what {
        What::Known(_, Kind::Link | Kind::Connector | Kind::Line) => at.center(),
        _ => at.left_center() + vec2(size.x / 2.0 - 8.0, 0.0),
    };
    let rect = Rect::from_center_size(middle, size);
    let rect = rect.translate(vec2(
        (view.min.x - rect.min.x).max(0.0) - (rect.max.x - view.max.x).max(0.0),
        (view.min.y - rect.min.y).max(0.0) - (rect.max.y - view.max.y).max(0.0),
    ));
    let id = ui.scope_id().with("rename");
    let mut field = ui.new_child(UiBuilder::new().max_rect(rect));
    let edit = TextEdit::singleline(&mut rename.text)
        .id(id)
        .font(FontId::new(13.0, semi_bold()))
        .desired_width(size.x - 14.0)
        .char_limit(200);
    let response = field.add(edit);
    let spoken = if rename.ghost().is_some() { "Name" } else { "New name" };
    response.widget_info(|| {
        eframe::egui::WidgetInfo::labeled(eframe::egui::Role::TextInput, true, spoken)
    });
    if !rename.begun {
        rename.begun = true;
        response.request_focus();
        crate::gui::widgets::select_all(ui, id, rename.text.chars().count());
        return;
    }
    let escape = ui.input(|i| i.key_pressed(Key::Escape));
    if escape {
        state.rename = None;
    } else if response.lost_focus()
        || !response.has_focus() && ui.input(|i| i.pointer.any_pressed())
    {
        commands.extend(done(input, scene, rename));
        state.rename = None;
    }
}

fn done(input: &CanvasInput<'_>, scene: &Scene, rename: &Rename) -> Vec<Command> {
    let name = rename.text.trim().to_owned();
    let topology = &input.now().topology;
    let (subject, kind) = match &rename.what {
        What::Known(subject, kind) => (subject, kind),
        What::New(stamp) => {
            let name = if name.is_empty() { &stamp.name } else { &name };
            return create::make(input, scene, stamp, name);
        }
    };
    if let Subject::Note(id) = subject {
        return note(input, id, name);
    }
    let Some(object) = subject.object(topology) else { return Vec::new() };
    let before = topology.name(&object);
    if name == before {
        return Vec::new();
    }
    if name.is_empty() {
        return vec![Command::Status("A name cannot be empty".to_owned())];
    }
    let Some(field) = named(object, &name) else {
        return vec![Command::Status(format!("{before} cannot be renamed here: {kind:?}"))];
    };
    let mut draft = Draft::default();
    draft.said.push(format!("{before} is now called {name}"));
    draft.edits.push(Edit::Set(field));
    draft.commands(input, format!("Rename {before} to {name}"))
}

/// What is written in a note of one line.
fn note(input: &CanvasInput<'_>, id: &NoteId, text: String) -> Vec<Command> {
    let Some(before) = input.project().notes.get(id) else { return Vec::new() };
    if before.text.lines().count() > 1 {
        let why = "a note of several lines is written in the inspector";
        return vec![Command::Status(why.to_owned())];
    }
    if text.is_empty() || text == before.text {
        return Vec::new();
    }
    let to = Some(Note { text, ..before.clone() });
    let label = "Write a note".to_owned();
    vec![Command::Apply { label, change: Change::Note { id: id.clone(), to } }]
}

/// The field that holds an object's name.
fn named(object: ObjectId, name: &str) -> Option<Field> {
    let name = name.to_owned();
    Some(match object {
        ObjectId::Site(id) => Field::Site(id, SiteField::Name(name)),
        ObjectId::Segment(id) => Field::Segment(id, SegmentField::Name(name)),
        ObjectId::Line(id) => Field::Line(id, LineField::Name(name)),
        ObjectId::Firewall(id) => Field::Firewall(id, FirewallField::Name(name)),
        ObjectId::Link(id) => Field::Link(id, LinkField::Name(name)),
        ObjectId::Resolver(id) => Field::Resolver(id, ResolverField::Name(name)),
        ObjectId::Server(id) => Field::Server(id, ServerField::Name(name)),
        ObjectId::Group(id) => Field::Group(id, GroupField::Name(name)),
        ObjectId::SiteLink(id) => Field::SiteLink(id, SiteLinkField::Name(name)),
        ObjectId::GroupConnector(id) => Field::GroupConnector(id, GroupConnectorField::Name(name)),
        ObjectId::SmtpConnector(id) => Field::SmtpConnector(id, SmtpConnectorField::Name(name)),
        ObjectId::Mailboxes(id) => Field::Mailboxes(id, MailboxesField::Name(name)),
        _ => return None,
    })
}
