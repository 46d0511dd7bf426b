//! Holds `docs/language.md` to the readers: every key that any of them asks for stands in it.

use std::collections::BTreeSet;

use super::super::cases::{self, CaseContext};
use super::super::library::{Document, Shelf};
use super::super::reader::Reader;
use super::super::services::Names;
use super::super::{area, children, figures, network, overlay, structure, study};
use super::*;

const REFERENCE: &str = include_str!("../../../docs/language.md");

/// A script with one level and one occasion.
const CASE: &str = "[study]\nname = \"x\"\n[case.a]\nchildren = 1\n[case.a.level.one]\nlevel = 2\n\
    [case.a.occasion.one]\nday = \"1 day\"\n";

/// Every key that is asked for while a file is read by `read`.
fn keys(text: &str, read: impl FnOnce(&mut Reader<'_>, &Document)) -> BTreeSet<&'static str> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.toml");
    fs::write(&path, text).unwrap();
    let mut shelf = Shelf::default();
    let document = shelf.any_file(&path.to_string_lossy()).unwrap();
    let mut reader = Reader::new(&mut shelf);
    read(&mut reader, &document);
    reader.keys
}

fn asked_for() -> BTreeSet<&'static str> {
    let parameters = format!("{SMALL}{MECHANISMS}");
    let overlay = "[overlay]\nname = \"x\"\n[shared]\nrecords = \"all\"\n[separate]\n\
        records = [[\"a\"]]\n[oversight.board]\n[adoption]\n[lead_professional]\n[law]\n[partnering]\n";
    let network = BUNDLED.iter().find(|it| it.id == "plain-network").unwrap();
    let study = format!("{STUDY}structures = [\"apart\"]\n");
    [
        keys(&parameters, |reader, document| {
            let top = reader.shelf.files.top_of(document.file);
            drop(children::read(reader, &document.table, top));
        }),
        keys(TOWN, |reader, document| {
            drop(area::read(reader, document, None))
        }),
        keys(APART, |reader, document| {
            drop(structure::read(reader, document, None));
        }),
        keys(overlay, |reader, document| {
            drop(overlay::read(reader, document, None, &[]));
        }),
        keys(CASE, |reader, document| {
            let names = Names::of(&document.table, 18);
            let context = CaseContext {
                names: &names,
                observe: None,
                upper_age: None,
                areas: 2,
            };
            drop(cases::read(reader, document.table.get("case"), &context));
        }),
        keys(&study, |reader, document| {
            drop(study::read_head(reader, document, document.head().unwrap()));
        }),
        keys(super::figures::FIGURES, |reader, document| {
            drop(figures::read(reader, document, None));
        }),
        keys(network.text, |reader, document| {
            let top = reader.shelf.files.top_of(document.file);
            drop(network::read(reader, &document.table, top));
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The words in backquotes.
fn words_of_the_reference() -> BTreeSet<&'static str> {
    REFERENCE.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_reference_names_every_key() {
    let named = words_of_the_reference();
    let asked = asked_for();
    assert!(
        asked.len() > 150,
        "only {} keys were asked for",
        asked.len()
    );
    let left_out: Vec<&&str> = asked.iter().filter(|key| !named.contains(**key)).collect();
    assert!(left_out.is_empty(), "docs/language.md lacks {left_out:?}");
}

#[test]
fn the_reference_names_every_quantity_of_figures() {
    let named = words_of_the_reference();
    let left_out: Vec<&str> = (crate::measures::Flow::ALL.iter())
        .map(|flow| flow.id())
        .filter(|id| !named.contains(id))
        .collect();
    assert!(left_out.is_empty(), "docs/language.md lacks {left_out:?}");
}

#[test]
fn the_reference_names_every_mechanism_that_can_be_switched_off() {
    let named = words_of_the_reference();
    let left_out: Vec<&str> = (Mechanism::ALL.iter())
        .map(|mechanism| mechanism.id())
        .filter(|id| !named.contains(id))
        .collect();
    assert!(left_out.is_empty(), "docs/language.md lacks {left_out:?}");
}
