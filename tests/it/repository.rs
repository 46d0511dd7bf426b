//! The files of the repository, for tests that read them.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder that holds Cargo.toml.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A path below the root, with `/` between its parts on every system.
pub(crate) fn label(path: &Path) -> String {
    let below = path.strip_prefix(root()).expect("a path of the repository");
    let parts: Vec<_> = below
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}

/// The text of a file named from the root.
#[track_caller]
pub(crate) fn read(name: &str) -> String {
    let text = fs::read_to_string(root().join(name));
    text.unwrap_or_else(|problem| panic!("{name} cannot be read: {problem}"))
}

/// Every file below a folder named from the root, sorted by path; what git does not keep is left out.
pub(crate) fn files_below(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the repository") {
            let path = entry.expect("an entry of the folder").path();
            if is_kept(&label(&path)) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
    }
    found.sort();
    found
}

/// Does git keep it? Says in short what `.gitignore` says.
fn is_kept(label: &str) -> bool {
    let ignored = label == ".git" || label == "target" || label.starts_with("output/");
    !ignored || label == "output/README.md"
}

/// The files below a folder whose names end so, with their texts.
pub(crate) fn texts_below(folder: &str, ending: &str) -> Vec<(String, String)> {
    let paths = files_below(folder);
    let wanted = paths.iter().map(|path| label(path));
    wanted
        .filter(|name| name.ends_with(ending))
        .map(|name| (name.clone(), read(&name)))
        .collect()
}
