use std::fs;
use std::path::PathBuf;

use super::super::ranged::{ToVary, load_to_vary, with_values};
use super::*;

/// A desk whose loss and closeness are known in their product alone.
const STUDY: &str = "[study]\nextends = \"even-odds\"\njoint_set = \"accepted.csv\"\n";
const ACCEPTED: &str = "\u{feff}run,weight,handoff.silent_loss,closeness.same_organisation,figure.lost\r\n\
    3,1,5%,2,0.1\r\n8,1,8%,1.25,0.1\r\n11,2,12.5%,0.8,\r\n20,4,20%,0.5,0.1\r\n";

struct Local {
    folder: tempfile::TempDir,
}

impl Local {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn request(&self) -> Request {
        Request {
            study: self.path("studies/mine.toml").display().to_string(),
            ..Request::default()
        }
    }

    #[track_caller]
    fn varied(&self) -> ToVary {
        varied(&self.request())
    }
}

#[track_caller]
fn varied(request: &Request) -> ToVary {
    load_to_vary(request, &[]).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn desk(study: &str, accepted: &str) -> Local {
    Local::new(&[
        ("studies/mine.toml", study),
        ("studies/accepted.csv", accepted),
    ])
}

fn paths(found: &ToVary) -> Vec<&str> {
    found.parameters.iter().map(|it| it.path()).collect()
}

#[test]
fn a_value_in_quotation_marks_may_hold_commas_and_marks() {
    let texts = |text: &str| -> Vec<Vec<String>> {
        let lines = records(text).unwrap().into_iter();
        lines
            .map(|line| line.into_iter().map(|it| it.text).collect())
            .collect()
    };
    assert_eq!(
        texts("a,\"b, c\"\n\n\"d \"\"e\"\"\",\n"),
        [["a", "b, c"], ["d \"e\"", ""]]
    );
    assert_eq!(texts("a,b"), [["a", "b"]]);
    assert_eq!(texts("a,"), [["a", ""]]);
    assert_eq!(records("a,\"b\nc"), Err(2));
}

#[test]
fn what_was_fitted_together_is_drawn_together() {
    let found = desk(STUDY, ACCEPTED).varied();
    let paths = paths(&found);
    assert_eq!(
        paths,
        ["closeness.same_organisation", "handoff.silent_loss"]
    );
    let joint = found.joint.as_ref().unwrap();
    assert_eq!(
        (joint.name.as_str(), joint.file.as_str()),
        ("accepted", "studies/accepted.csv")
    );
    assert_eq!(
        (joint.covers.as_slice(), joint.values),
        ([0, 1].as_slice(), 2)
    );
    // Weights 1, 1, 2 and 4: 64 over 22.
    assert!((joint.effective_size - 64.0 / 22.0).abs() < 1e-12);
    assert!(
        found
            .parameters
            .iter()
            .all(|it| it.grade == Some(Grade::Fitted))
    );
    assert_eq!(
        found.parameters[1].range,
        ("5%".to_owned(), "20%".to_owned())
    );
    let factors = found.factors();
    assert_eq!(
        (factors.len(), factors[0].parameters.as_slice()),
        (1, [0, 1].as_slice())
    );
    let files = found.scenario.files.iter();
    assert!(
        files
            .map(|it| it.label.as_str())
            .any(|it| it == "studies/accepted.csv")
    );
}

#[test]
fn a_draw_is_a_member_and_each_has_a_stretch_as_long_as_its_weight() {
    let local = desk(STUDY, ACCEPTED);
    let found = local.varied();
    let mut drawn: Vec<Vec<String>> = Vec::new();
    for point in 0..16 {
        let coordinate = (f64::from(point) + 0.5) / 16.0;
        let shares = found.shares_of(&[coordinate]);
        drawn.push(with_values(&local.request(), &found.parameters, &shares).set);
    }
    let times = |loss: &str, closeness: &str| {
        let set = [
            format!("closeness.same_organisation={closeness}"),
            format!("handoff.silent_loss={loss}"),
        ];
        drawn.iter().filter(|it| **it == set).count()
    };
    let found = [
        ("5%", "2"),
        ("8%", "1.25"),
        ("12.5%", "0.8"),
        ("20%", "0.5"),
    ];
    assert_eq!(
        found.map(|(loss, closeness)| times(loss, closeness)),
        [2, 2, 4, 8]
    );
    // Neighbours are alike: each member is met once along the way.
    drawn.dedup();
    assert_eq!(drawn.len(), 4);
}

#[test]
fn both_ends_of_a_coordinate_are_members() {
    let found = desk(STUDY, ACCEPTED).varied();
    let joint = found.joint.unwrap();
    assert_eq!(joint.member_at(0.0), &joint.members[0]);
    assert_eq!(joint.member_at(1.0), &joint.members[3]);
}

#[test]
fn the_words_of_a_member_are_its_own() {
    let accepted = "weight,handoff.silent_loss\n1,5.123456789%\n1,12.50%\n1,9%\n";
    let local = desk(STUDY, accepted);
    let found = local.varied();
    let joint = found.joint.as_ref().unwrap();
    let place = joint.covers[0];
    let words: Vec<String> = (joint.members.iter())
        .map(|it| found.parameters[place].drawable.words(it.shares[0]))
        .collect();
    let own: Vec<String> = joint.members.iter().map(|it| it.words[0].clone()).collect();
    assert_eq!(words, own);
    assert!(own.contains(&"5.123456789%".to_owned()) && own.contains(&"12.50%".to_owned()));
    // What the set is silent on is drawn from its range, after the set.
    let factors: Vec<String> = found.factors().into_iter().map(|it| it.name).collect();
    assert_eq!(
        factors,
        ["joint set accepted", "closeness.same_organisation"]
    );
}

#[test]
fn a_value_that_all_members_share_is_taken_from_them() {
    let accepted = "weight,handoff.silent_loss,closeness.same_organisation\n1,5%,0.7\n1,8%,0.7\n";
    let local = desk(STUDY, accepted);
    let found = local.varied();
    let shares = found.shares_of(&[0.3]);
    let set = with_values(&local.request(), &found.parameters, &shares).set;
    assert!(
        set.contains(&"closeness.same_organisation=0.7".to_owned()),
        "{set:?}"
    );
}

#[test]
fn a_member_is_never_taken_for_the_stated_value() {
    // 10% and 1 are stated: the one lies beyond all members, the other is all but a member's.
    let accepted =
        "weight,handoff.silent_loss,closeness.same_organisation\n1,5%,0.5\n1,8%,1.0\n1,6%,2\n";
    let local = desk(STUDY, accepted);
    let found = local.varied();
    let joint = found.joint.as_ref().unwrap();
    for member in &joint.members {
        let set = with_values(&local.request(), &found.parameters, &member.shares).set;
        let loss = format!("handoff.silent_loss={}", member.words[1]);
        assert!(set.contains(&loss), "{set:?} lacks {loss}");
    }
    let stated: Vec<f64> = found.parameters.iter().map(|it| it.stated).collect();
    let set = with_values(&local.request(), &found.parameters, &stated).set;
    assert!(set.is_empty(), "{set:?}");
}

#[test]
fn whoever_states_a_value_otherwise_is_right() {
    let why = |found: &ToVary| {
        let joint = found.joint.as_ref().unwrap();
        let out: Vec<String> = (joint.left_out.iter())
            .map(|it| format!("{}: {}", it.path, it.why))
            .collect();
        assert_eq!(joint.covers.len(), 1);
        out.join("\n")
    };
    let local = desk(STUDY, ACCEPTED);
    let set = Request {
        set: vec!["handoff.silent_loss=7%".to_owned()],
        ..local.request()
    };
    assert_eq!(
        why(&varied(&set)),
        "handoff.silent_loss: it is set otherwise on the command line"
    );
    let study = format!("{STUDY}[set]\n\"handoff.silent_loss\" = \"7%\"\n");
    assert_eq!(
        why(&desk(&study, ACCEPTED).varied()),
        "handoff.silent_loss: it is set otherwise in studies/mine.toml"
    );
    let nearer = "[study]\nextends = \"fitted\"\n[handoff]\nsilent_loss = { value = \"7%\", range = [\"6%\", \"8%\"] }\n";
    let local = Local::new(&[
        ("studies/mine.toml", nearer),
        ("studies/fitted.toml", STUDY),
        ("studies/accepted.csv", ACCEPTED),
    ]);
    let found = local.varied();
    assert_eq!(
        why(&found),
        "handoff.silent_loss: it is stated otherwise in studies/mine.toml"
    );
    // It is drawn from the range that it states there.
    assert_eq!(found.parameters[1].range.0, "6%");
    // Named on the command line, a joint set is nearer than any file.
    let asked = Request {
        joint: Some(local.path("studies/accepted.csv").display().to_string()),
        ..local.request()
    };
    assert_eq!(varied(&asked).joint.unwrap().covers.len(), 2);
}

#[test]
fn without_a_joint_set_each_value_is_drawn_by_itself() {
    let local = desk(STUDY, ACCEPTED);
    let none = Request {
        joint: Some("none".to_owned()),
        ..local.request()
    };
    let found = varied(&none);
    assert_eq!((found.joint.is_none(), found.factors().len()), (true, 2));
    assert!(
        found
            .scenario
            .files
            .iter()
            .all(|it| !it.label.ends_with(".csv"))
    );
    let study = STUDY.replace("accepted.csv", "none");
    assert!(desk(&study, ACCEPTED).varied().joint.is_none());
}

#[test]
fn some_values_of_a_joint_set_can_be_drawn_alone() {
    let local = desk(STUDY, ACCEPTED);
    let found = load_to_vary(&local.request(), &["handoff".to_owned()]).unwrap();
    assert_eq!(paths(&found), ["handoff.silent_loss"]);
    let joint = found.joint.unwrap();
    assert_eq!((joint.covers.len(), joint.values), (1, 2));
}

#[test]
fn every_fault_of_a_joint_set_is_told_in_its_place() {
    let head = "weight,handoff.silent_loss\n";
    for (accepted, line, code, said) in [
        ("", 0, Code::WrongForm, "the joint set is empty"),
        (
            "wieght,handoff.silent_loss\n1,5%\n1,6%\n",
            1,
            Code::MissingKey,
            "a column `weight`",
        ),
        ("weight\n1\n2\n", 1, Code::MissingKey, "holds no values"),
        (
            &format!("{head}1,5%\n"),
            2,
            Code::OutOfRange,
            "2 members at least, found 1",
        ),
        (
            &format!("{head}1,5%\n0,6%\n"),
            3,
            Code::OutOfRange,
            "found \"0\"",
        ),
        (
            &format!("{head}1,5%\nheavy,6%\n"),
            3,
            Code::OutOfRange,
            "found \"heavy\"",
        ),
        (
            &format!("{head}1,5%\n1,6%,7\n"),
            3,
            Code::WrongForm,
            "has 3 values",
        ),
        (
            &format!("{head}1,5%\n1,\n"),
            3,
            Code::WrongForm,
            "has no value",
        ),
        (
            &format!("{head}1,5%\n1,\"6%\n"),
            3,
            Code::Syntax,
            "never closed",
        ),
        (
            &format!("{head}1,5%\n1,6 days\n"),
            3,
            Code::WrongForm,
            "more than its numbers",
        ),
        (
            &format!("{head}1,5%\n1,600%\n"),
            3,
            Code::ImpossibleProbability,
            "cannot be 600%",
        ),
        (
            "weight,handoff.silent_los\n1,5%\n1,6%\n",
            1,
            Code::UnknownPath,
            "silent_los",
        ),
        (
            "weight,handoff.silent_loss,handoff.silent_loss\n1,5%,5%\n1,6%,6%\n",
            1,
            Code::Twice,
            "twice",
        ),
    ] {
        let problems = load_to_vary(&desk(STUDY, accepted).request(), &[]).unwrap_err();
        let told: Vec<&Problem> = problems.iter().collect();
        let [only] = told.as_slice() else {
            panic!("{accepted:?}: {told:#?}");
        };
        assert_eq!(only.code(), code, "{accepted:?}");
        assert!(only.to_string().contains(said), "{only}");
        if line > 0 {
            let place = only.place().unwrap();
            assert_eq!(place.line(), line, "{accepted:?}");
            assert!(place.file().ends_with("accepted.csv"), "{}", place.file());
        }
    }
}

#[test]
fn a_joint_set_that_is_not_there_is_told_where_it_is_named() {
    let study = STUDY.replace("accepted.csv", "acepted.csv");
    let problems = load_to_vary(&desk(&study, ACCEPTED).request(), &[]).unwrap_err();
    let told = problems.iter().next().unwrap();
    assert_eq!(
        (told.code(), told.place().unwrap().line()),
        (Code::MissingFile, 3)
    );
    assert_eq!(told.help.as_deref(), Some("did you mean \"accepted.csv\"?"));
    let study = STUDY.replace("accepted.csv", "england-2033");
    let problems = load_to_vary(&desk(&study, ACCEPTED).request(), &[]).unwrap_err();
    let told = problems.iter().next().unwrap();
    assert_eq!(told.code(), Code::UnknownName);
    // A run does not look at it.
    assert!(load(&desk(&study, ACCEPTED).request()).is_ok());
}

/// The bundled sets with the studies of their presets, which are read with the members at the ends.
#[test]
fn the_bundled_joint_sets_fit_their_studies() {
    for study in ["childrens-trusts-2003", "childrens-services-2023"] {
        let request = Request {
            study: study.to_owned(),
            structures: Some(String::new()),
            ..Request::default()
        };
        let found = varied(&request);
        let joint = found.joint.as_ref().unwrap();
        assert_eq!(
            joint.covers.len(),
            joint.values,
            "{study}: {:?}",
            joint.left_out
        );
        assert!(joint.members.len() >= 2 && joint.effective_size > 1.0);
        let sum: f64 = joint.members.iter().map(|it| it.weight).sum();
        assert!((sum - 1.0).abs() < 1e-9);
        let factors = found.factors();
        assert_eq!(
            factors.len(),
            1 + found.parameters.len() - joint.covers.len()
        );
        let shares = found.shares_of(&vec![0.5; factors.len()]);
        assert!(shares.iter().all(|it| (0.0..=1.0).contains(it)));
    }
}

#[test]
fn a_value_of_another_area_is_left_aside_unless_its_path_is_misspelt() {
    let study =
        "[study]\nextends = \"childrens-trusts-2003\"\nareas = [\"hilltown\"]\nstructures = []\n";
    let area = "[area]\nextends = \"typical-council-2003\"\nname = \"Hilltown\"\n";
    let with = |path: &str| {
        let accepted = format!(
            "weight,need.family.begins,{path}\n1,500 per 10000 per year,10\n1,600 per 10000 per year,12\n"
        );
        let local = Local::new(&[
            ("studies/mine.toml", study),
            ("areas/hilltown.toml", area),
            ("studies/accepted.csv", &accepted),
        ]);
        let request = Request {
            joint: Some(local.path("studies/accepted.csv").display().to_string()),
            ..local.request()
        };
        load_to_vary(
            &request,
            &["need.family.begins".to_owned(), "area".to_owned()],
        )
    };
    let found = with("area.typical-council-2003.posts.sen-support.assessment").unwrap();
    let joint = found.joint.unwrap();
    assert_eq!(
        joint.left_out[0].why,
        "the study has no area typical-council-2003"
    );
    assert_eq!(joint.covers.len(), 1);
    for misspelt in [
        "area.typical-council-2003.posts.sen-suport.assessment",
        "area.hiltown.posts.sen-support.assessment",
        "area.hilltown.posts.sen-suport.assessment",
    ] {
        let problems = with(misspelt).unwrap_err();
        assert_eq!(
            problems.iter().next().unwrap().code(),
            Code::UnknownPath,
            "{misspelt}"
        );
    }
    let drawn = with("area.hilltown.posts.sen-support.assessment").unwrap();
    assert_eq!(drawn.joint.unwrap().covers.len(), 2);
}
