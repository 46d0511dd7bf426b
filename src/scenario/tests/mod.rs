//! Tests of the language as a whole, on files small enough to read at once.

mod figures;
mod mechanisms;
mod network;
mod places;
mod reference;
mod structures;
mod study;

use std::fs;

use super::*;

/// A parameter file that says nothing of any mechanism.
pub(super) const SMALL: &str = include_str!("small/parameters.toml");
/// The tables of every mechanism, to follow [`SMALL`].
pub(super) const MECHANISMS: &str = include_str!("small/mechanisms.toml");
/// An area that fits.
pub(super) const TOWN: &str = include_str!("small/area.toml");
/// A study of it, open at the end of `[study]`.
pub(super) const STUDY: &str = include_str!("small/study.toml");
/// Everyone on their own.
pub(super) const APART: &str = include_str!("small/structure.toml");

/// What a study of the small world comes to, with these keys added to `[study]`, and these files
/// in the place of the usual ones or beside them.
pub(super) fn asked(
    keys: &str,
    files: &[(&str, &str)],
    request: &Request,
) -> Result<Scenario, Problems> {
    let folder = tempfile::tempdir().unwrap();
    let study = format!("{STUDY}{keys}");
    let parameters = format!("{SMALL}{MECHANISMS}");
    let usual = [
        ("studies/mine.toml", study.as_str()),
        ("parameters/small.toml", &parameters),
        ("areas/town.toml", TOWN),
        ("structures/apart.toml", APART),
    ];
    for (name, text) in usual.iter().chain(files) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    load(&Request {
        study: folder
            .path()
            .join("studies/mine.toml")
            .to_string_lossy()
            .into_owned(),
        ..request.clone()
    })
}

/// The same, without problems.
#[track_caller]
pub(super) fn loaded(keys: &str, files: &[(&str, &str)]) -> Scenario {
    asked(keys, files, &Request::default()).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// The messages of the problems that such a study has.
#[track_caller]
pub(super) fn refused(keys: &str, files: &[(&str, &str)]) -> Vec<String> {
    match asked(keys, files, &Request::default()) {
        Ok(_) => panic!("the files were accepted"),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[track_caller]
pub(super) fn children(structure: &Structure) -> &ChildrenWorld {
    match structure.world.as_ref() {
        World::Children(world) => world,
        World::Network(_) => panic!("a network was not expected"),
    }
}

pub(super) fn names(ids: &[Id]) -> Vec<&str> {
    ids.iter().map(Id::as_str).collect()
}
