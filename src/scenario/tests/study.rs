use super::*;
use crate::units::{Days, Factor};

const JOINED: (&str, &str) = (
    "structures/joined.toml",
    "[structure]\nname = \"Joined\"\nextends = \"apart\"\n[organisation]\ntrust = { runs = [\"visiting\", \"social-work\"] }\n",
);

fn off(scenario: &Scenario) -> Vec<&'static str> {
    let off = scenario.study.comparison.off.iter();
    off.map(|it| it.id()).collect()
}

#[test]
fn a_study_that_says_nothing_of_the_comparison_has_its_defaults() {
    let scenario = loaded("", &[]);
    assert_eq!(scenario.study.comparison, Comparison::default());
    let network = Request {
        study: "duty-desk".to_owned(),
        ..Request::default()
    };
    let network = load(&network).unwrap();
    assert_eq!(network.study.comparison.primary, "handoff-days");
}

#[test]
fn every_key_reaches_the_comparison() {
    let keys = "equal = \"posts\"\nposts_planned = \"re-planned\"\nposts = \"times 0.8\"\nalso_at_posts = [\"times 0.9\", 1.1]\npilots = [\"town-2\"]\nsecond_decision = \"3 years\"\nprimary = \"days-to-help\"\noff = [\"relations\", \"records\"]\n";
    let comparison = loaded(keys, &[]).study.comparison;
    assert_eq!(comparison.equal, Equal::Posts);
    assert_eq!(comparison.posts_planned, PostsPlan::RePlanned);
    assert!((comparison.posts.get() - 0.8).abs() < 1e-12);
    let factors = [0.9, 1.1].map(|factor| Factor::try_from(factor).unwrap());
    assert_eq!(comparison.also_at_posts, factors);
    assert_eq!(names(&comparison.pilots), ["town-2"]);
    let years = comparison.second_decision.get() / Days::YEAR.get();
    assert!((years - 3.0).abs() < 1e-9);
    assert_eq!(comparison.primary, "days-to-help");
    assert_eq!(comparison.off, [Mechanism::Records, Mechanism::Relations]);
}

#[test]
fn only_switches_everything_else_off() {
    let scenario = loaded("only = [\"records\"]\n", &[]);
    let off = &scenario.study.comparison.off;
    assert_eq!(off.len(), Mechanism::ALL.len() - 1);
    assert!(!off.contains(&Mechanism::Records) && off.is_sorted());
    let scenario = loaded("only = []\n", &[]);
    assert_eq!(scenario.study.comparison.off, Mechanism::ALL);
}

#[test]
fn the_command_line_stands_in_the_place_of_the_study() {
    let request = |off: Option<&str>, only: Option<&str>| Request {
        off: off.map(str::to_owned),
        only: only.map(str::to_owned),
        ..Request::default()
    };
    let keys = "only = [\"records\"]\n";
    let scenario = asked(keys, &[], &request(Some("moves, change"), None)).unwrap();
    assert_eq!(off(&scenario), ["moves", "change"]);
    let scenario = asked(keys, &[], &request(Some(""), None)).unwrap();
    assert!(off(&scenario).is_empty());
    let scenario = asked(keys, &[], &request(None, Some("change"))).unwrap();
    assert!(off(&scenario).contains(&"records") && !off(&scenario).contains(&"change"));
    assert!(asked(keys, &[], &request(Some("moves"), Some("change"))).is_err());
}

#[test]
fn words_of_the_comparison_can_be_set() {
    let request = Request {
        set: vec![
            "study.equal=nothing".to_owned(),
            "study.posts=times 0.7".to_owned(),
            "study.also_at_posts=[1.2]".to_owned(),
        ],
        ..Request::default()
    };
    let comparison = asked("", &[], &request).unwrap().study.comparison;
    assert_eq!(comparison.equal, Equal::Nothing);
    assert!((comparison.posts.get() - 0.7).abs() < 1e-12);
    assert_eq!(comparison.also_at_posts.len(), 1);
}

#[test]
fn a_structure_can_be_followed_by_another() {
    let keys = "second_decision = \"3 years\"\nstructures = [\"joined then apart\", \"joined>joined+quick\"]\n";
    let quick = "[overlay]\nname = \"Quick replies\"\n[scale]\n\"information.reply\" = 0.5\n";
    let files = [JOINED, ("overlays/quick.toml", quick)];
    let scenario = loaded(keys, &files);
    let [apart, back, quick] = scenario.structures.as_slice() else {
        panic!("three structures were expected");
    };
    assert_eq!(apart.then, None);
    assert_eq!(back.id.as_str(), "joined>apart");
    assert_eq!(back.name, "Joined, then everyone apart");
    assert_eq!(back.organisations.len(), 2);
    assert_eq!(back.then.as_deref(), Some(apart));
    let then = quick.then.as_deref().unwrap();
    assert_eq!(quick.id.as_str(), "joined>joined+quick");
    assert_eq!(then.name, "Joined, with quick replies");
    let reply = |structure: &Structure| children(structure).information.reply.mean().get();
    assert!((reply(then) - 0.5 * reply(quick)).abs() < 1e-12);
    // Both spellings are one structure.
    let said = refused(
        "second_decision = \"3 years\"\nstructures = [\"joined then apart\", \"joined>apart\"]\n",
        &[JOINED],
    );
    assert_eq!(said, ["\"joined>apart\" is compared with itself"]);
}

#[test]
fn pilots_are_needed_where_a_structure_has_them_and_adoption_is_on() {
    let pilot = (
        "overlays/pilot.toml",
        "[overlay]\n[adoption]\nbasis = \"pilot\"\n",
    );
    let structures = "structures = [\"apart+pilot\"]\n";
    let said = refused(structures, &[pilot]);
    assert_eq!(
        said,
        ["\"apart+pilot\" is adopted by pilots and no area is one"]
    );
    loaded(&format!("{structures}pilots = [\"town-1\"]\n"), &[pilot]);
    loaded(&format!("{structures}off = [\"adoption\"]\n"), &[pilot]);
}
