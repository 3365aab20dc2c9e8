//! Who takes this over.

use crate::{
    model::{
        dossier::Signatory,
        marks::{DEFAULT_PARTIES, MarkKey, Part, field_id},
    },
    report::{
        context::Context,
        document::{Block, CheckItem, Checklist, Field, Signature, Text},
    },
};

/// The section.
pub fn blocks(context: &Context<'_>, _: &str) -> Vec<Block> {
    vec![
        Block::Paragraph(
            "Taken over with the findings, assumptions and evidence of this document, and with what \
             section Outstanding items lists as open."
                .into(),
        ),
        Block::Checklist(Checklist {
            items: super::phases::items(context, 0, "sign-off", choices()),
            ..Checklist::default()
        }),
        Block::KeyValue(identity(context)),
        super::heading("SHA-256 of the plan's file"),
        super::hash(context),
        Block::SignOff(signatories(context).iter().enumerate().map(signature).collect()),
    ]
}

/// How it is taken over.
fn choices() -> Vec<CheckItem> {
    ["Accepted", "Accepted with the conditions of section Outstanding items", "Not accepted"]
        .map(CheckItem::from)
        .into()
}

/// Which document it is that is signed.
fn identity(context: &Context<'_>) -> Vec<(String, Text)> {
    let dossier = &context.analysis.project.dossier;
    let entered = |value: &str| match value {
        "" => Text::weak("not entered"),
        value => Text::from(value),
    };
    vec![(
        "Document number, version".to_owned(),
        entered([dossier.reference.as_str(), dossier.version.as_str()].join(" ").trim()),
    )]
}

/// Who signs: those that the dossier names, or else one for each side.
fn signatories(context: &Context<'_>) -> Vec<Signatory> {
    let named = &context.analysis.project.dossier.sign_off;
    if !named.is_empty() {
        return named.clone();
    }
    let blank = |party: &&str| Signatory { party: (*party).to_owned(), ..Signatory::default() };
    DEFAULT_PARTIES.iter().map(blank).collect()
}

fn signature((at, one): (usize, &Signatory)) -> Signature {
    let key = MarkKey::SignOff(at);
    let field = |label: &str, part, value: &str| Field {
        id: field_id(&key, part),
        label: label.to_owned(),
        value: value.to_owned(),
    };
    Signature {
        party: one.party.clone(),
        fields: vec![
            field("Name", Part::Name, &one.name),
            field("Role", Part::Role, &one.role),
            Field { label: "Signature".to_owned(), ..Field::default() },
            field("Date", Part::Date, &one.date),
        ],
    }
}

/// What the fields stand for.
pub(in crate::report) fn marks(context: &Context<'_>) -> Vec<MarkKey> {
    let choices = choices();
    let items = choices.iter().map(|item| super::phases::key(context, 0, "sign-off", item));
    items.chain((0..signatories(context).len()).map(MarkKey::SignOff)).collect()
}
