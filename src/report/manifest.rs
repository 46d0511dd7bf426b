//! The manifest: all that determines the results and nothing else, so that equal inputs give equal
//! bytes. When, how fast and where a run was made stands in its log.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::report::File;
use crate::scenario::{Request, Scenario, SourceFile, Start};

/// Name of the file.
pub const FILE: &str = "manifest.json";

/// Libraries whose version can move a result: random numbers, and the mathematics of laws and
/// quantiles. A test holds them against the lock file.
pub(in crate::report) const LIBRARIES: [(&str, &str); 5] = [
    ("libm", "0.2.16"),
    ("rand", "0.10.3"),
    ("rand_core", "0.10.1"),
    ("rand_distr", "0.6.0"),
    ("statrs", "0.19.1"),
];

/// The library whose version can move a calibration or the answer to a question besides.
const LINEAR_ALGEBRA: (&str, &str) = ("nalgebra", "0.35.0");

/// The library whose version can move where draws lie.
const DESIGNS: (&str, &str) = ("sobol_burley", "0.5.0");

#[derive(Serialize)]
struct Manifest<'a> {
    program: Version<'a>,
    libraries: Vec<Version<'a>>,
    study: StudyView<'a>,
    structures: Vec<&'a str>,
    /// Mechanisms that are switched off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    off: Vec<&'a str>,
    settings: Vec<Setting<'a>>,
    files: Vec<FileView<'a>>,
    /// What was asked of the study, if not a run.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<&'static str>,
    /// How the study was asked for: what it takes to read it again. Says nothing that the rest does
    /// not, so it is no part of the inputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestView<'a>>,
    /// What was asked of the study, if not a run, in the words of the command but for those that the
    /// request says; no part of the inputs either.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    command: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    calibration: Option<&'a CalibrationView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<&'a QuestionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs: Option<String>,
}

#[derive(Serialize)]
struct RequestView<'a> {
    #[serde(flatten)]
    request: &'a Request,
    /// Labels of the files that are the user's own.
    local: Vec<&'a str>,
}

#[derive(Serialize)]
struct Version<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct StudyView<'a> {
    id: &'a str,
    name: &'a str,
    start: &'a str,
    warm_up_days: f64,
    observed_days: f64,
    trials: u32,
    seed: u64,
}

#[derive(Serialize)]
struct Setting<'a> {
    path: &'a str,
    value: &'a str,
}

#[derive(Serialize)]
struct FileView<'a> {
    label: &'a str,
    sha256: String,
    text: &'a str,
}

/// The manifest of a run as a file.
pub fn file(scenario: &Scenario) -> File {
    file_of(of(scenario), scenario, &[])
}

/// The manifest of a verification as a file.
pub fn verification_file(scenario: &Scenario) -> File {
    file_of(of_verification(scenario), scenario, &["verify".to_owned()])
}

/// What a calibration adds to the inputs of its study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CalibrationView {
    /// Runs in all.
    pub runs: usize,
    /// Generations in which they were drawn.
    pub generations: usize,
    /// Trials of each run.
    pub trials_a_run: u32,
    /// Seed of all draws.
    pub seed: u64,
    /// The command in words, but for those that the request of the study says: no part of the inputs.
    #[serde(skip)]
    pub command: Vec<String>,
}

/// The manifest of a calibration as a file.
pub fn calibration_file(scenario: &Scenario, calibration: &CalibrationView) -> File {
    let manifest = of_calibration(scenario, calibration);
    file_of(manifest, scenario, &calibration.command)
}

/// The SHA-256 of everything in the manifest of a calibration.
pub fn calibration_inputs(scenario: &Scenario, calibration: &CalibrationView) -> String {
    hash_of(&of_calibration(scenario, calibration))
}

fn of_calibration<'a>(scenario: &'a Scenario, calibration: &'a CalibrationView) -> Manifest<'a> {
    let mut manifest = of(scenario);
    manifest.calibration = Some(calibration);
    let (name, version) = LINEAR_ALGEBRA;
    manifest.libraries.push(Version { name, version });
    manifest
}

/// What a question asked of many runs of a study adds to the inputs of the study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuestionView {
    /// The question: the name of the command.
    pub question: &'static str,
    /// What was wanted of it, as words of the command.
    pub options: Vec<String>,
    /// Label, among the files, of the joint set that values were taken from together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joint_set: Option<String>,
    /// Paths of the parameters that are varied, with the ends between which they are.
    pub between: Vec<(String, String, String)>,
    /// Ids of the measures.
    pub measures: Vec<&'static str>,
    /// The command in words, but for those that the request of the study says: no part of the inputs.
    #[serde(skip)]
    pub command: Vec<String>,
}

/// The manifest of a question as a file.
pub fn question_file(scenario: &Scenario, view: &QuestionView) -> File {
    file_of(of_question(scenario, view), scenario, &view.command)
}

/// The SHA-256 of everything in it.
pub fn question_inputs(scenario: &Scenario, view: &QuestionView) -> String {
    hash_of(&of_question(scenario, view))
}

fn of_question<'a>(scenario: &'a Scenario, view: &'a QuestionView) -> Manifest<'a> {
    let mut manifest = of(scenario);
    manifest.question = Some(view);
    let added = [LINEAR_ALGEBRA, DESIGNS];
    let added = added.map(|(name, version)| Version { name, version });
    manifest.libraries.extend(added);
    manifest
}

/// A manifest with the hash of its inputs, and with what it takes to do the same again, which the hash
/// does not cover.
fn file_of<'a>(mut manifest: Manifest<'a>, scenario: &'a Scenario, command: &'a [String]) -> File {
    manifest.inputs = Some(hash_of(&manifest));
    let local = scenario.files.iter().filter(|file| file.local);
    manifest.request = Some(RequestView {
        request: &scenario.asked,
        local: local.map(|file| file.label.as_str()).collect(),
    });
    manifest.command = command;
    let mut bytes = json(&manifest);
    bytes.push(b'\n');
    File {
        name: FILE.to_owned(),
        bytes,
    }
}

/// The SHA-256 of everything in the manifest: two runs with the same inputs are the same study.
pub fn inputs(scenario: &Scenario) -> String {
    hash_of(&of(scenario))
}

/// The SHA-256 of everything that a trial of the study depends on: how many there are is no part of it.
pub fn inputs_of_a_trial(scenario: &Scenario) -> String {
    let mut manifest = of(scenario);
    manifest.asked = Some("trial");
    manifest.study.trials = 0;
    hash_of(&manifest)
}

/// The same for a verification, which is not the run of the same study.
pub fn inputs_of_verification(scenario: &Scenario) -> String {
    hash_of(&of_verification(scenario))
}

fn of_verification(scenario: &Scenario) -> Manifest<'_> {
    Manifest {
        asked: Some("verify"),
        ..of(scenario)
    }
}

/// The inputs that a manifest's text names, if it is a manifest of this program.
pub fn inputs_in(text: &[u8]) -> Option<String> {
    let manifest: serde_json::Value = serde_json::from_slice(text).ok()?;
    (manifest["program"]["name"] == env!("CARGO_PKG_NAME"))
        .then(|| manifest["inputs"].as_str().map(str::to_owned))
        .flatten()
}

/// What a manifest says of a run or of any other question: enough to ask it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What was asked of the study, as words of the command; none for a run.
    pub command: Vec<String>,
    /// How the study was asked for.
    pub request: Request,
    /// Every file that took part.
    pub files: Vec<SourceFile>,
    /// The SHA-256 of the inputs.
    pub inputs: String,
    /// The version that wrote it.
    pub version: String,
}

/// Why a manifest is not that of a run.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not JSON, or not of this program.
    #[error("{FILE} is not a manifest of {name}", name = env!("CARGO_PKG_NAME"))]
    Foreign,
    /// Of another question.
    #[error("the folder holds {0}, not a run")]
    NotARun(&'static str),
    /// Written before manifests said how to read a study again.
    #[error("{FILE} was written by version {0}, which kept too little to read the study again")]
    TooOld(String),
}

#[derive(Deserialize)]
struct Read {
    program: ReadVersion,
    asked: Option<String>,
    calibration: Option<serde_json::Value>,
    question: Option<serde_json::Value>,
    #[serde(default)]
    command: Vec<String>,
    request: Option<ReadRequest>,
    files: Vec<ReadFile>,
    inputs: Option<String>,
}

#[derive(Deserialize)]
struct ReadVersion {
    name: String,
    version: String,
}

#[derive(Deserialize)]
struct ReadRequest {
    #[serde(flatten)]
    request: Request,
    #[serde(default)]
    local: Vec<String>,
}

#[derive(Deserialize)]
struct ReadFile {
    label: String,
    text: String,
}

/// Reads the manifest of a run.
///
/// # Errors
///
/// When the text is no manifest of a run.
pub fn read(text: &[u8]) -> Result<Kept, ManifestError> {
    let read = parsed(text)?;
    if read.asked.is_some() {
        return Err(ManifestError::NotARun("a verification"));
    }
    if read.calibration.is_some() {
        return Err(ManifestError::NotARun("a calibration"));
    }
    if read.question.is_some() {
        return Err(ManifestError::NotARun(
            "the answer to a question asked of many runs",
        ));
    }
    kept(read)
}

/// Reads the manifest of a run or of any other question.
///
/// # Errors
///
/// When the text is no manifest, or one that says too little to ask the question again.
pub fn read_any(text: &[u8]) -> Result<Kept, ManifestError> {
    let read = parsed(text)?;
    let is_run = read.asked.is_none() && read.calibration.is_none() && read.question.is_none();
    if !is_run && read.command.is_empty() {
        return Err(ManifestError::TooOld(read.program.version));
    }
    kept(read)
}

fn parsed(text: &[u8]) -> Result<Read, ManifestError> {
    let read: Result<Read, _> = serde_json::from_slice(text);
    let ours = read
        .ok()
        .filter(|it| it.program.name == env!("CARGO_PKG_NAME"));
    ours.ok_or(ManifestError::Foreign)
}

fn kept(read: Read) -> Result<Kept, ManifestError> {
    let version = read.program.version;
    let (Some(ReadRequest { request, local }), Some(inputs)) = (read.request, read.inputs) else {
        return Err(ManifestError::TooOld(version));
    };
    // A file of the user's own stands behind a bundled one of the same label.
    let labels: Vec<String> = read.files.iter().map(|file| file.label.clone()).collect();
    let files = (read.files.into_iter().enumerate())
        .map(|(place, file)| SourceFile {
            local: local.contains(&file.label) && !labels[place + 1..].contains(&file.label),
            label: file.label,
            text: file.text.into(),
        })
        .collect();
    Ok(Kept {
        command: read.command,
        request,
        files,
        inputs,
        version,
    })
}

fn of(scenario: &Scenario) -> Manifest<'_> {
    let study = &scenario.study;
    Manifest {
        program: Version {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        libraries: LIBRARIES
            .iter()
            .map(|(name, version)| Version { name, version })
            .collect(),
        study: StudyView {
            id: study.id.as_str(),
            name: &study.name,
            start: match study.start {
                Start::DecisionDay => "decision day",
                Start::Established => "established",
            },
            warm_up_days: study.warm_up.get(),
            observed_days: study.observe.get(),
            trials: study.trials,
            seed: study.seed,
        },
        structures: scenario
            .structures
            .iter()
            .map(|structure| structure.id.as_str())
            .collect(),
        off: (study.comparison.off.iter())
            .map(|mechanism| mechanism.id())
            .collect(),
        settings: scenario
            .parameters
            .iter()
            .filter(|parameter| parameter.file == "--set")
            .map(|parameter| Setting {
                path: &parameter.path,
                value: &parameter.value,
            })
            .collect(),
        files: scenario
            .files
            .iter()
            .map(|file| FileView {
                label: &file.label,
                sha256: sha256(file.text.as_bytes()),
                text: &file.text,
            })
            .collect(),
        asked: None,
        request: None,
        command: &[],
        calibration: None,
        question: None,
        inputs: None,
    }
}

fn hash_of(manifest: &Manifest) -> String {
    sha256(&json(manifest))
}

fn json(manifest: &Manifest) -> Vec<u8> {
    serde_json::to_vec_pretty(manifest).expect("plain numbers and text are always JSON")
}

/// The SHA-256 of bytes in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(
            sha256(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn the_versions_named_are_the_versions_locked() {
        let lock = include_str!("../../Cargo.lock").replace("\r\n", "\n");
        for (name, version) in LIBRARIES.into_iter().chain([LINEAR_ALGEBRA, DESIGNS]) {
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            assert!(
                lock.contains(&entry),
                "{name} {version} is not what is locked"
            );
        }
    }

    #[test]
    fn whatever_moves_results_moves_the_inputs() {
        let study = sample::study();
        let same = inputs(&study);
        let mut other = study.clone();
        other.study.seed += 1;
        assert_ne!(inputs(&other), same);
        let mut other = study.clone();
        other.parameters[0].value = "5%".to_owned();
        assert_ne!(inputs(&other), same);
        let mut other = study.clone();
        other.files[0].text = "[study]\n".into();
        assert_ne!(inputs(&other), same);
        let mut other = study.clone();
        other.study.comparison.off = vec![crate::scenario::Mechanism::Moves];
        assert_ne!(inputs(&other), same);
        // Where a file was found moves nothing.
        let mut other = study.clone();
        other.files[0].local = false;
        assert_eq!(inputs(&other), same);
    }

    #[test]
    fn a_verification_is_not_the_run_of_its_study() {
        let study = sample::study();
        let own = inputs_of_verification(&study);
        assert_ne!(own, inputs(&study));
        assert_eq!(inputs_in(&verification_file(&study).bytes), Some(own));
    }

    #[test]
    fn a_study_is_read_again_from_the_manifest_of_its_run() {
        let request = Request {
            study: "childrens-trusts-2003".to_owned(),
            structures: Some("national-agency+shared-records".to_owned()),
            set: vec!["handoff.silent_loss=5%".to_owned()],
            trials: Some(7),
            off: Some("moves,change".to_owned()),
            ..Request::default()
        };
        let scenario = crate::scenario::load(&request).unwrap();
        let kept = read(&file(&scenario).bytes).unwrap();
        assert_eq!(kept.request, request);
        let again = crate::scenario::load_kept(&kept.request, &kept.files).unwrap();
        assert_eq!(again, scenario);
        assert_eq!(kept.inputs, inputs(&again));
    }

    #[test]
    fn what_is_no_run_is_told_apart() {
        let study = sample::study();
        let error = read(&verification_file(&study).bytes).unwrap_err();
        assert!(error.to_string().contains("a verification"), "{error}");
        assert!(matches!(read(b"{}"), Err(ManifestError::Foreign)));
    }

    #[test]
    fn the_manifest_names_its_inputs() {
        let study = sample::study();
        let file = file(&study);
        assert_eq!(inputs_in(&file.bytes), Some(inputs(&study)));
        assert_eq!(inputs_in(b"{}"), None);
        assert_eq!(inputs_in(b"not a manifest"), None);
    }
}
