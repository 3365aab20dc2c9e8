//! Which sections are printed, what the pages are compared with, and tables to be copied.

use crate::{
    gui::{
        command::Command,
        handover::Handover,
        theme::Theme,
        widgets::{link, weak},
    },
    report::{
        document::{Block, Document},
        sections::SECTIONS,
    },
};
use eframe::egui::{ScrollArea, Ui};

pub(super) fn choices_ui(
    ui: &mut Ui,
    theme: &Theme,
    handover: &mut Handover,
    commands: &mut Vec<Command>,
) {
    ui.horizontal_wrapped(|ui| {
        if link(ui, theme, "Handover details…").clicked() {
            commands.push(Command::EditDossier);
        }
        let out = handover.leave_out.len();
        let text = match out {
            0 => "Sections: all".to_owned(),
            out => format!("Sections: {} of {}", SECTIONS.len() - out, SECTIONS.len()),
        };
        if link(ui, theme, &text).clicked() {
            handover.choosing = !handover.choosing;
        }
    });
    if handover.choosing {
        sections_ui(ui, handover);
    }
    since_ui(ui, theme, handover, commands);
    tables_ui(ui, handover, commands);
}

fn sections_ui(ui: &mut Ui, handover: &mut Handover) {
    let area = ScrollArea::vertical().id_salt("sections").max_height(190.0);
    area.auto_shrink([false, true]).show(ui, |ui| {
        for section in SECTIONS {
            let mut printed = !handover.leave_out.contains(section.key);
            let name = format!("Print {} {}", section.number, section.title);
            if ui.checkbox(&mut printed, name).changed() {
                if printed {
                    handover.leave_out.remove(section.key);
                } else {
                    handover.leave_out.insert(section.key.to_owned());
                }
            }
        }
    });
}

fn since_ui(ui: &mut Ui, theme: &Theme, handover: &Handover, commands: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| match &handover.since {
        None => {
            if link(ui, theme, "Mark what changed since…").clicked() {
                commands.push(Command::CompareHandover);
            }
        }
        Some(earlier) => {
            ui.label(weak(theme, format!("Marked: what differs from {}", earlier.name)));
            if link(ui, theme, "Mark nothing").clicked() {
                commands.push(Command::CompareHandoverWithNothing);
            }
        }
    });
}

/// The tables of a document: what each is called, its section and its block.
fn tables(document: &Document) -> Vec<(String, usize, usize)> {
    let mut all: Vec<(String, usize, usize)> = Vec::new();
    for (at, section) in document.sections.iter().enumerate() {
        let mut below = String::new();
        for (number, block) in section.blocks.iter().enumerate() {
            match block {
                Block::Heading(heading) => below = format!(": {}", heading.text),
                Block::Table(table) if !table.rows.is_empty() => {
                    let name = format!("{} {}{below}", section.number, section.title);
                    let same = all.iter().filter(|(known, ..)| known.starts_with(&name)).count();
                    let more = if same > 0 { format!(" ({})", same + 1) } else { String::new() };
                    all.push((format!("{name}{more}"), at, number));
                }
                _ => {}
            }
        }
    }
    all
}

fn tables_ui(ui: &mut Ui, handover: &Handover, commands: &mut Vec<Command>) {
    let Some((_, laid)) = &handover.laid else { return };
    ui.menu_button("Copy a table…", |ui| {
        ui.set_min_width(320.0);
        ScrollArea::vertical().max_height(420.0).show(ui, |ui| {
            for (name, section, block) in tables(&laid.document) {
                if ui.button(name).clicked() {
                    commands.push(Command::CopyTable(section, block));
                    ui.close();
                }
            }
        });
    });
}
