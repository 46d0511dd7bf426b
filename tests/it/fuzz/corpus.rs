//! The files that are damaged: all bundled ones, each read in a small study that names it.

use std::fs;
use std::path::{Path, PathBuf};

use seamline::scenario::{BUNDLED, Kind};
use toml::{Table, Value};

use super::mutate::Chance;

/// A file to damage.
#[derive(Debug, Clone)]
pub(crate) struct Victim {
    pub(crate) text: String,
    /// Where it stands in the folder.
    pub(crate) place: PathBuf,
    /// The study that it is read in; itself, if none.
    study: Option<String>,
    /// How often it is taken, beside the others.
    weight: u64,
}

/// All files to damage, and the words that damage puts into them.
#[derive(Debug)]
pub(crate) struct Corpus {
    victims: Vec<Victim>,
    weights: u64,
    /// The parameter files in few words, which stand beside each victim so that reading is quick.
    brief: Vec<(PathBuf, String)>,
}

impl Corpus {
    pub(crate) fn new() -> Self {
        let mut victims = Vec::new();
        let mut brief = Vec::new();
        for file in BUNDLED {
            let place = PathBuf::from(file.path());
            let victim = |text: &str, weight: u64| Victim {
                text: text.to_owned(),
                place: place.clone(),
                study: study_naming(file.kind, file.id),
                weight,
            };
            match file.kind {
                // Whole, and in few words, which is quicker to read and hit more often where it matters.
                Kind::Parameters => {
                    let short = in_few_words(file.text);
                    victims.push(victim(file.text, 50));
                    victims.push(victim(&short, 250));
                    brief.push((place.clone(), short));
                }
                Kind::Study if !file.text.contains("parameters") => {
                    victims.push(victim(file.text, 3_000));
                }
                Kind::Study => victims.push(victim(file.text, 50)),
                Kind::Area => victims.push(victim(file.text, 300)),
                Kind::Structure => victims.push(victim(file.text, 30)),
                Kind::Figures | Kind::Joint => {}
                Kind::Overlay => victims.push(victim(file.text, 30)),
            }
        }
        Self {
            weights: victims.iter().map(|it| it.weight).sum(),
            victims,
            brief,
        }
    }

    pub(crate) fn pick(&self, chance: &mut Chance) -> &Victim {
        let mut left = chance.below(self.weights);
        for victim in &self.victims {
            match left.checked_sub(victim.weight) {
                Some(rest) => left = rest,
                None => return victim,
            }
        }
        &self.victims[0]
    }

    /// Any file, for words and lines to put elsewhere.
    pub(crate) fn any(&self, chance: &mut Chance) -> &str {
        &self.victims[chance.below(self.victims.len() as u64) as usize].text
    }

    /// The folder in which one thread reads.
    pub(crate) fn folder(&self, thread: usize) -> Folder {
        let folder = Folder {
            root: Folder::root(thread),
            brief: self.brief.clone(),
        };
        let _ = fs::remove_dir_all(&folder.root);
        for kind in Kind::ALL {
            fs::create_dir_all(folder.root.join(kind.folder())).unwrap();
        }
        for (place, text) in &self.brief {
            fs::write(folder.root.join(place), text).unwrap();
        }
        folder
    }
}

/// A folder of scenario files in which one of them is damaged.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    brief: Vec<(PathBuf, String)>,
}

impl Folder {
    /// It lies with what is built, so that a file that ended the process is still there.
    pub(crate) fn root(thread: usize) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{thread}"))
    }

    pub(crate) fn path(&self, victim: &Victim) -> PathBuf {
        self.root.join(&victim.place)
    }

    /// Puts a damaged file in its place, and returns the study that names it.
    pub(crate) fn put(&self, victim: &Victim, bytes: &[u8]) -> PathBuf {
        renew(&self.path(victim), bytes);
        let Some(text) = &victim.study else {
            return self.path(victim);
        };
        let study = self.root.join("studies/names-it.toml");
        renew(&study, text.as_bytes());
        study
    }

    /// Takes it away again.
    pub(crate) fn clear(&self, victim: &Victim) {
        let sound = self.brief.iter().find(|(place, _)| *place == victim.place);
        match sound {
            Some((_, text)) => renew(&self.path(victim), text.as_bytes()),
            None => fs::remove_file(self.path(victim)).unwrap(),
        }
    }
}

/// Writes a file anew. Some file systems wait for the disk when a file that is there is written over.
fn renew(path: &Path, bytes: &[u8]) {
    let _ = fs::remove_file(path);
    fs::write(path, bytes).unwrap();
}

/// A small study that names a file; none for a study.
fn study_naming(kind: Kind, id: &str) -> Option<String> {
    let year = match id.ends_with("2023") {
        true => "2023",
        false => "2003",
    };
    let baseline = match year {
        "2023" => "council-department-2023",
        _ => "fragmented",
    };
    let structures = match kind {
        Kind::Study => return None,
        Kind::Structure if id == baseline => "[]".to_owned(),
        Kind::Structure => format!("[\"{id}\"]"),
        Kind::Overlay => format!("[\"{baseline}+{id}\"]"),
        _ => "[]".to_owned(),
    };
    let world = match kind {
        Kind::Parameters => id.to_owned(),
        _ => format!("england-{year}"),
    };
    let area = match kind {
        Kind::Area => id.to_owned(),
        _ => format!("typical-council-{year}"),
    };
    Some(format!(
        "[study]\nname = \"Names a file\"\npurpose = \"Does it read?\"\nparameters = \"{world}\"\n\
         areas = [{{ area = \"{area}\", copies = 2, region = \"north\" }}]\nbaseline = \"{baseline}\"\n\
         structures = {structures}\nstart = \"decision day\"\nwarm_up = \"1 year\"\n\
         observe = \"2 years\"\ntrials = 2\nseed = 1\n"
    ))
}

/// The same file without its comments and sources.
fn in_few_words(text: &str) -> String {
    fn prune(table: &mut Table) {
        table.retain(|key, _| !["source", "why", "doi", "n", "period"].contains(&key));
        for (_, value) in table.iter_mut() {
            if let Value::Table(inner) = value {
                prune(inner);
            }
        }
    }
    let mut table: Table = text.parse().unwrap();
    prune(&mut table);
    table.to_string()
}
