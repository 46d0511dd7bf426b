//! Where files that users name are read from: the disk, or the texts kept of an earlier reading.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::checked::SourceFile;
use super::library::short_label;

/// The only door to files of users.
#[derive(Debug, Default)]
pub(crate) enum Disk {
    /// The disk of this machine.
    #[default]
    Real,
    /// The users' files of an earlier reading, by label. Nothing else exists.
    Kept(BTreeMap<String, Arc<str>>),
}

impl Disk {
    /// The users' files among these.
    pub(crate) fn kept(files: &[SourceFile]) -> Self {
        let local = files.iter().filter(|file| file.local);
        Self::Kept(
            local
                .map(|file| (file.label.clone(), Arc::clone(&file.text)))
                .collect(),
        )
    }

    /// Is there a file at this path?
    pub(crate) fn has(&self, path: &Path) -> bool {
        match self {
            Self::Real => path.is_file(),
            Self::Kept(texts) => texts.contains_key(&short_label(path)),
        }
    }

    /// The bytes of a file.
    pub(crate) fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self {
            Self::Real => std::fs::read(path),
            Self::Kept(texts) => texts
                .get(&short_label(path))
                .map(|text| text.as_bytes().to_vec())
                .ok_or_else(|| io::ErrorKind::NotFound.into()),
        }
    }
}
