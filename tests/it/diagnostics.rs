//! What users see when a scenario file is wrong: each case once, through the real command, as a
//! snapshot that someone has read.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use proptest::prelude::*;
use seamline::scenario::{BUNDLED, Kind, Request, load, load_text};

/// A network of two services in one file.
const NETWORK: &str = r#"[study]
name       = "Two desks"
purpose    = "What does the handoff cost?"
baseline   = "apart"
structures = ["together"]
start      = "established"
warm_up    = "1 year"
observe    = "2 years"
trials     = 10
seed       = 1

[arrivals]
phone = { to = "duty", rate = "3 per day" }

[service.duty]
places = 4
stay   = "exponential, mean 0.4 days"
then   = { help = "60%", closed = "40%" }

[service.help]
places = "unlimited"
stay   = "exponential, mean 90 days"
then   = { closed = "100%" }

[handoff]
transit = "lognormal, median 5 days, spread 0.8"

[structure.apart.organisation]
council = { footprint = "area", runs = ["duty"] }
charity = { footprint = "area", runs = ["help"] }

[structure.together.organisation]
council = { footprint = "area", runs = ["duty", "help"] }
"#;

/// The network with one passage replaced, which must be there.
fn network(old: &str, new: &str) -> String {
    assert!(NETWORK.contains(old), "{old} is not in the network");
    NETWORK.replace(old, new)
}

/// What the command says in an empty folder that holds only these files. It must refuse them with
/// exit code 2, say so on standard error alone, and write nothing.
#[track_caller]
fn refused(files: &[(&str, &[u8])], arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let before = entries(folder.path());
    let output = Command::cargo_bin("seamline")
        .unwrap()
        .args(arguments)
        .current_dir(folder.path())
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    assert_eq!(entries(folder.path()), before, "something was written");
    String::from_utf8(output.stderr).unwrap()
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// What the command says of one study file.
#[track_caller]
fn study(text: &str) -> String {
    refused(&[("mine.toml", text.as_bytes())], &["check", "mine.toml"])
}

/// What the command says of the bundled study with one file replaced by `text`, which builds on
/// the bundled file of the same name.
#[track_caller]
fn beside(path: &str, text: &str) -> String {
    let own = "[study]\nextends = \"childrens-trusts-2003\"\n";
    refused(
        &[
            ("studies/mine.toml", own.as_bytes()),
            (path, text.as_bytes()),
        ],
        &["check", "studies/mine.toml"],
    )
}

/// What the command says of one file in a world of three services, which no bundled file touches.
#[track_caller]
fn small(path: &str, text: &str) -> String {
    let world = include_str!("../../src/scenario/tests/small/parameters.toml");
    let apart = include_str!("../../src/scenario/tests/small/structure.toml");
    refused(
        &[
            ("parameters/small.toml", world.as_bytes()),
            ("structures/apart.toml", apart.as_bytes()),
            (path, text.as_bytes()),
        ],
        &["check", path],
    )
}

macro_rules! shows {
    ($($name:ident: $said:expr;)+) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!($said);
        })+
    };
}

shows! {
    an_unknown_key: study(&network("places = 4", "plaecs = 4"));
    a_wrong_unit: study(&network("mean 90 days", "mean 90 dyas"));
    a_unit_left_out: study(&network("\"1 year\"", "1"));
    an_impossible_probability: beside(
        "parameters/england-2003.toml",
        "[parameters]\nextends = \"england-2003\"\n[handoff]\nsilent_loss = 22\ndetected_loss = \"130%\"\n",
    );
    an_unknown_structure: study(&network("[\"together\"]", "[\"togehter\", \"apart+shared-record\"]"));
    an_unknown_service: study(&network("runs = [\"duty\", \"help\"]", "runs = [\"duty\", \"hlep\"]"));
    shares_that_do_not_add_up: study(&network("closed = \"40%\"", "closed = \"30%\""));
    a_service_without_exit: study(&network("closed = \"100%\"", "help = \"100%\""));
    a_service_that_leads_nowhere: study(&network("then   = { closed = \"100%\" }\n", ""));
    a_loop_of_zero_duration: study(
        &network("mean 90 days\"\nthen   = { closed = \"100%\" }", "mean 90 days\"\nthen   = { duty = \"50%\", closed = \"50%\" }")
            .replace("exponential, mean 90 days", "exactly 0 days")
            .replace("exponential, mean 0.4 days", "0 days")
            .replace("transit = ", "chase = "),
    );
    two_organisations_for_one_service: study(&network("runs = [\"help\"]", "runs = [\"help\", \"duty\"]"));
    no_organisation_for_a_service: study(&network("charity = { footprint = \"area\", runs = [\"help\"] }\n", ""));
    a_service_that_may_not_be_delegated: beside(
        "structures/local-trust.toml",
        "[structure]\nextends = \"local-trust\"\n[organisation]\nchildrens-trust = { runs = [\"child-protection\", \"police\"] }\ncouncil = { footprint = \"area\", runs = [\"family-support\", \"disabled-children\", \"sen-support\", \"speech-therapy\", \"camhs\", \"health-visiting\"] }\n",
    );
    an_empty_file: study("");
    a_study_with_nothing_in_it: study(&NETWORK[..NETWORK.find("[arrivals]").unwrap()]);
    a_file_of_another_kind: study("[studdy]\nname = \"x\"\n");
    a_circular_base: refused(
        &[
            ("structures/one.toml", b"[structure]\nextends = \"two\"\n"),
            ("structures/two.toml", b"[structure]\nextends = \"one\"\n"),
        ],
        &["check", "structures/one.toml"],
    );
    bytes_that_are_not_utf8: refused(
        &[("mine.toml", b"[study]\r\nname = \"Caf\xe9\"\r\n")],
        &["check", "mine.toml"],
    );
    a_folder_for_a_file: refused(&[("studies/mine.toml", b"")], &["check", "studies"]);
    a_missing_file: refused(&[("mine.toml", b"")], &["run", "mien.toml"]);
    an_unknown_study: refused(&[], &["run", "duty-dek"]);
    stays_with_words: refused(
        &[
            ("mine.toml", network("\"exponential, mean 90 days\"", "\"from stays.csv\"").as_bytes()),
            ("stays.csv", b"days\n12\nabout a month\n30.5\n-4\n"),
        ],
        &["check", "mine.toml"],
    );
    stays_that_are_not_there: study(&network("\"exponential, mean 90 days\"", "\"from stays.csv\""));
    too_few_trials: study(&network("trials     = 10", "trials     = 1"))
        + &refused(&[], &["run", "duty-desk", "--trials", "1"]);
    posts_for_an_unknown_service: beside(
        "areas/typical-council-2003.toml",
        "[area]\nextends = \"typical-council-2003\"\n[posts]\nchild-protecton = { screening = 1, assessment = 1, help = 1 }\nschool = { screening = 1, assessment = 1, help = 1 }\n",
    );
    a_key_stated_twice: study(&network("seed       = 1", "seed       = 1\nseed       = 2"));
    a_mean_of_zero: study(&network("mean 90 days", "mean 0 days"));
    a_range_that_misses_its_value: beside(
        "parameters/england-2003.toml",
        "[parameters]\nextends = \"england-2003\"\n[handoff]\nsilent_loss = { value = \"4%\", range = [\"5%\", \"10%\"], evidence = \"assumption\" }\n",
    );
    an_unknown_grade: beside(
        "parameters/england-2003.toml",
        "[parameters]\nextends = \"england-2003\"\n[handoff]\nsilent_loss = { value = \"4%\", evidence = \"asumption\" }\n",
    );
    a_need_referred_to_the_wrong_service: beside(
        "parameters/england-2003.toml",
        "[parameters]\nextends = \"england-2003\"\n[need.family]\nreferred_to = \"camhs\"\nharm_met_by = \"hospitl\"\n",
    );
    levels_and_ages_out_of_range: beside(
        "parameters/england-2003.toml",
        "[parameters]\nextends = \"england-2003\"\n[service.camhs]\nages = \"5 to 21\"\nscreening = { threshold = 4 }\nhelps = { mental-health = \"levels 0 to 3\" }\n",
    );
    an_unknown_need: beside(
        "parameters/england-2003.toml",
        "[parameters]\nextends = \"england-2003\"\n[service.camhs]\nhelps = { mental-helth = \"level 3\" }\n",
    );
    an_unknown_path_in_set: refused(
        &[("mine.toml", b"[study]\nextends = \"childrens-trusts-2003\"\n[set]\n\"handoff.silent_los\" = \"6%\"\nhandoff.transit = \"5 furlongs\"\n")],
        &["check", "mine.toml"],
    );
    a_wrong_setting_on_the_command_line: refused(
        &[],
        &["run", "--set", "handof.silent_loss=6%", "--set", "handoff.detected_loss=60", "--set", "moves", "--structures", "local-trst,service-hub+shared-recrds"],
    );
    an_unknown_path_in_scale: refused(
        &[
            ("studies/mine.toml", b"[study]\nextends = \"childrens-trusts-2003\"\nstructures = [\"fragmented+quick\"]\n"),
            ("overlays/quick.toml", b"[overlay]\nname = \"Quick replies\"\n[scale]\n\"information.replies\" = \"times 0.6\"\n\"moves.silent_loss\" = 20\n"),
        ],
        &["check", "studies/mine.toml"],
    );
    several_faults_of_syntax: study(&network("places = 4", "places = ")
        .replace("\"What does the handoff cost?\"", "\"What does the handoff cost?")
        .replace("mean 90 days", "mean 90 dyas"));
    many_problems_at_once: study(&network("places = 4", "plaecs = 4")
        .replace("start      = \"established\"", "start      = \"establised\"")
        .replace("3 per day", "3 per dya")
        .replace("closed = \"40%\"", "closed = \"50%\"")
        .replace("footprint = \"area\", runs = [\"duty\", \"help\"]", "footprint = \"town\", runs = [\"Duty\", \"help\"]"));
    a_bad_name: study(&network("charity = {", "Our_Charity = {"));
    mechanisms_out_of_range: small(
        "parameters/mine.toml",
        r#"[parameters]
extends = "small"
[relations]
beta = "100%"
mean = "100%"
effort_takes = "100%"
[lead_professional]
finds = "40%"
hours_a_month = 2000
[change]
dip = "100%"
extra_turnover = "times 0.5"
[workforce]
turnover = "1 per day"
[rationing]
rises = 0.5
[costs]
hours_a_year = 0
[service.social-work]
gives_up = "0 days"
assessment = { due = "0 days", core_due = "0 days" }
"#,
    );
    a_joint_step_of_strangers: small(
        "parameters/mine.toml",
        r#"[parameters]
extends = "small"
[joint_step.meeting]
in_assessment_by = "police"
from_level = 4
parts = ["visting", "police", "gp", "gp"]
takes = "5 days"
limit = "0 days"
[joint_step.visit]
in_assessment_by = "socal-work"
from_level = 2
parts = []
takes = "5 days"
limit = "5 days"
"#,
    );
    a_kind_of_oversight_half_stated: small(
        "parameters/mine.toml",
        "[parameters]\nextends = \"small\"\n[oversight.audit]\nlook_every = \"1 year\"\nsees = \"5%\"\ntakes = \"100%\"\n",
    );
    all_posts_vacant: beside(
        "areas/typical-council-2003.toml",
        "[area]\nextends = \"typical-council-2003\"\n[posts]\ncamhs = { vacant = \"100%\" }\n",
    );
    a_structure_that_asks_for_what_is_not_there: small(
        "structures/mine.toml",
        r#"[structure]
extends = "apart"
led_by = "helth"
[oversight.tide-board]
kind = "tides"
over = "everyone"
[oversight.moon-board]
kind = "moons"
over = ["visting"]
[teams]
duty = ["police"]
clinic = ["visiting", "visiting", "socal-work"]
[lead_professional]
for = "all refered children"
[adoption]
basis = "mandatory"
[partnering]
paid = true
[law]
lifts = ["polcie"]
"#,
    );
    a_budget_that_the_law_forbids: refused(
        &[
            ("studies/mine.toml", b"[study]\nextends = \"childrens-trusts-2003\"\nstructures = [\"fragmented+pool\", \"fragmented+pool+law\"]\n"),
            ("overlays/pool.toml", b"[overlay]\nname = \"One pot\"\n[shared]\nbudgets = [[\"police\", \"child-protection\"]]\n"),
            ("overlays/law.toml", b"[overlay]\nname = \"Change of law\"\n[law]\nlifts = [\"police\"]\n"),
        ],
        &["check", "studies/mine.toml"],
    );
    overlays_that_disagree: refused(
        &[
            ("studies/mine.toml", b"[study]\nextends = \"childrens-trusts-2003\"\nstructures = [\"local-trust+must+may\", \"local-trust+wait\"]\n"),
            ("overlays/must.toml", b"[overlay]\n[adoption]\nbasis = \"statutory\"\n"),
            ("overlays/may.toml", b"[overlay]\n[adoption]\nbasis = \"voluntary\"\n"),
            ("overlays/wait.toml", b"[overlay]\n[adoption]\nbasis = \"pilot\"\n"),
        ],
        &["check", "studies/mine.toml"],
    );
    factors_on_posts_that_are_not_there: refused(
        &[
            ("studies/mine.toml", b"[study]\nextends = \"childrens-trusts-2003\"\nstructures = [\"fragmented+more\"]\n"),
            ("overlays/more.toml", b"[overlay]\n[scale]\n\"posts.camsh.help\" = 2\n\"posts.camhs.helpers\" = 2\n\"posts.school.help\" = 2\n\"posts.camhs.help\" = \"more\"\n"),
        ],
        &["check", "studies/mine.toml"],
    );
    a_comparison_that_cannot_be: refused(
        &[("studies/mine.toml", br#"[study]
extends         = "childrens-trusts-2003"
equal           = "cash"
posts_planned   = "replanned"
posts           = "times 0"
also_at_posts   = ["times 0.9", 0.9, "times 1000"]
pilots          = ["typical-council-2003", "typical-council-2003-1", "typical-council-2003-1"]
second_decision = "60 years"
primary         = "known-mised"
off             = ["chnage", "wind"]
structures      = ["local-trust then national-agency"]
"#)],
        &["check", "studies/mine.toml"],
    );
    structures_that_cannot_follow_each_other: refused(
        &[("studies/mine.toml", br#"[study]
extends         = "childrens-trusts-2003"
second_decision = "6 years"
baseline        = "fragmented then local-trust"
structures      = ["local-trust>local-trust", "local-trust then service-hub then national-agency", "local-trust then nowhere"]
"#)],
        &["check", "studies/mine.toml"],
    );
    off_and_only: refused(
        &[("studies/mine.toml", b"[study]\nextends = \"childrens-trusts-2003\"\noff = [\"change\"]\nonly = [\"records\"]\n")],
        &["check", "studies/mine.toml"],
    ) + &refused(&[], &["run", "--only", "recrds, moves", "--structures", "local-trust then service-hub"]);
    a_measure_of_another_kind_of_study: study(&network("seed       = 1", "seed       = 1\nprimary    = \"known-missed\""));
    a_factor_of_an_overlay_that_is_not_there: refused(
        &[
            ("studies/mine.toml", b"[study]\nextends = \"childrens-trusts-2003\"\nstructures = [\"fragmented+quick\"]\n[set]\noverlay.quick.scale.information.rely = 2\n"),
            ("overlays/quick.toml", b"[overlay]\n[scale]\ninformation.reply = 0.5\n"),
        ],
        &["check", "studies/mine.toml"],
    );
    areas_that_cannot_be: study(r#"[study]
extends = "childrens-trusts-2003"

[[study.areas]]
area            = "typical-council-2003"
id              = "Council"
copies          = 3
regions         = 4
children        = { value = 60_000, range = [70_000, 80_000] }
children_spread = 20
need            = "times 0"
posts           = "1.3 per year"

[[study.areas]]
area        = "typical-council-2003"
need_spread = 0.4
childern    = 10

[[study.areas]]
area = "typical-council-2003"
name = "Harbour"
"#);
    two_areas_of_one_name: study("[study]\nextends = \"childrens-trusts-2003\"\nareas = [{ area = \"typical-council-2003\", id = \"harbour\" }, { area = \"typical-council-2003\", id = \"harbour\", need = 1.3 }]\n");
    a_path_in_the_list_of_areas: refused(
        &[("mine.toml", b"[study]\nextends = \"childrens-trusts-2003\"\n[set]\nstudy.areas.1.ned = 2\nstudy.areas.2.need = 2\n")],
        &["check", "mine.toml"],
    );
    a_structure_checked_alone: refused(
        &[("structures/mine.toml", b"[structure]\nextends = \"fragmented\"\n[organisation]\ntrust = { footprint = \"area\", runs = [\"camsh\", \"sen-support\"] }\n")],
        &["check"  , "structures/mine.toml"],
    );
}

#[test]
fn every_bundled_study_loads() {
    for file in BUNDLED.iter().filter(|file| file.kind == Kind::Study) {
        let request = Request {
            study: file.id.to_owned(),
            ..Request::default()
        };
        let scenario = load(&request).unwrap_or_else(|problems| panic!("{problems:?}"));
        assert!(!scenario.structures.is_empty());
        assert!(scenario.files.iter().all(|file| !file.local));
    }
}

#[test]
fn the_bundled_files_have_no_problem() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::cargo_bin("seamline")
        .unwrap()
        .arg("check")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success());
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said, format!("{} files, no problems\n", BUNDLED.len()));
}

#[test]
fn a_script_that_cannot_be_played() {
    let text = r#"[study]
extends = "childrens-trusts-2003"
areas   = ["typical-council-2003"]

[case.often-met]
children = 0
age      = 17
begins   = "4 years"
lasts    = "2 years"
need     = "protecton"

[case.often-met.level.first]
day   = "0 days"
need  = "family"
level = 4

[case.often-met.occasion.teacher]
day    = "3 years"
met_by = "schools"

[case.often-met.occasion.neighbour]
day    = "10 days"
met_by = "public"
moves  = true
notes  = "unknown key"

[case.nobody]
children = 1
age      = 3
lasts    = "1 year"
need     = "family"
level    = {}
occasion = {}
"#;
    insta::assert_snapshot!(study(text));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Whatever is done to a scenario file, it is read or refused.
    #[test]
    fn a_mutated_study_never_panics(
        which in 0..BUNDLED.len(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), 0..40_usize, "[ -~\n]{0,6}"), 1..5),
    ) {
        let file = &BUNDLED[which];
        let mut text: Vec<char> = file.text.chars().collect();
        for (at, length, put) in &cuts {
            let start = at.index(text.len() + 1);
            let end = (start + length).min(text.len());
            text.splice(start..end, put.chars());
        }
        let text: String = text.into_iter().collect();
        let _ = load_text("mutated", &text, &Request::default());
        // Files that are no study are read as the base of one, in a folder of their own.
        if file.kind != Kind::Study {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(file.path());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &text).unwrap();
            let _ = seamline::scenario::check_file(&path);
        }
    }

    /// Neither does any value set on the command line.
    #[test]
    fn an_odd_setting_never_panics(value in "\\PC{0,20}") {
        for path in ["handoff.transit", "need.family.worsens", "study.observe", "area.typical-council-2003.ages"] {
            let request = Request {
                study: "childrens-trusts-2003".to_owned(),
                set: vec![format!("{path}={value}")],
                ..Request::default()
            };
            let _ = load(&request);
        }
    }
}
