use super::*;

const JOINED: &str = "[structure]
extends = \"apart\"
led_by = \"health\"
[organisation]
trust = { runs = [\"visiting\", \"social-work\"] }
[oversight.board]
kind = \"committee\"
over = [\"visiting\"]
[teams]
duty = [\"police\", \"social-work\"]
[lead_professional]
for = \"children in several services\"
[partnering]
paid_for = true
";

const OVERLAY: &str = "[overlay]
[oversight.board]
name = \"The board\"
kind = \"committee\"
over = [\"social-work\"]
targets = true
[oversight.audit]
kind = \"committee\"
over = \"all\"
[teams]
clinic = [\"visiting\", \"social-work\"]
[lead_professional]
for = \"all referred children\"
[adoption]
basis = \"voluntary\"
[scale]
\"posts.social-work.help\" = \"times 1.1\"
posts.social-work.vacant = \"times 0\"
";

fn overlay(tables: &str) -> String {
    format!("[overlay]\n{tables}")
}

#[test]
fn a_structure_and_its_overlay_are_united() {
    let files = [
        ("structures/joined.toml", JOINED),
        ("overlays/board.toml", OVERLAY),
    ];
    let scenario = loaded("structures = [\"joined\", \"joined+board\"]\n", &files);
    let [apart, joined, both] = scenario.structures.as_slice() else {
        panic!("three structures were expected");
    };
    let expected = Governance {
        accountable: Some("nobody in particular".to_owned()),
        ..Governance::default()
    };
    assert_eq!(apart.governance, expected);

    let governance = &joined.governance;
    assert_eq!(governance.led_by.as_deref(), Some("health"));
    assert_eq!(governance.lead_professional, Coverage::SeveralServices);
    assert_eq!(governance.adoption, Adoption::Statutory);
    assert!(governance.partnering);
    assert_eq!(names(&governance.oversight[0].over), ["visiting"]);
    assert!(!governance.oversight[0].targets);

    let governance = &both.governance;
    let [audit, board] = governance.oversight.as_slice() else {
        panic!("two layers were expected");
    };
    assert_eq!(names(&audit.over), ["police", "social-work", "visiting"]);
    assert_eq!(names(&board.over), ["social-work", "visiting"]);
    assert_eq!((board.name.as_str(), board.targets), ("The board", true));
    let teams: Vec<Vec<&str>> = governance.teams.iter().map(|team| names(team)).collect();
    assert_eq!(
        teams,
        [["police", "social-work"], ["social-work", "visiting"]]
    );
    assert_eq!(governance.lead_professional, Coverage::AllReferred);
    assert_eq!(governance.adoption, Adoption::Voluntary);
    assert!(governance.partnering);
    let posts: Vec<(PostsWork, f64)> = (both.posts.iter())
        .map(|it| (it.work, it.factor.get()))
        .collect();
    assert_eq!(posts, [(PostsWork::Help, 1.1), (PostsWork::Vacant, 0.0)]);
    assert!(joined.posts.is_empty());
}

#[test]
fn an_empty_list_takes_away_what_the_base_states() {
    let less =
        "[structure]\nextends = \"joined\"\n[oversight.board]\nover = []\n[teams]\nduty = []\n";
    let files = [
        ("structures/joined.toml", JOINED),
        ("structures/less.toml", less),
    ];
    let scenario = loaded("structures = [\"less\"]\n", &files);
    let governance = &scenario.structures[1].governance;
    assert!(governance.oversight.is_empty() && governance.teams.is_empty());
    assert_eq!(governance.lead_professional, Coverage::SeveralServices);
}

#[test]
fn a_structure_within_a_study_has_the_same_tables() {
    let study = "structures = [\"mine\"]
[structure.mine]
extends = \"apart\"
led_by = \"social care\"
[structure.mine.oversight.audit]
kind = \"committee\"
over = \"all\"
[structure.mine.law]
lifts = [\"police\"]
[structure.mine.adoption]
basis = \"statutory\"
";
    let scenario = loaded(study, &[]);
    let governance = &scenario.structures[1].governance;
    assert_eq!(governance.led_by.as_deref(), Some("social care"));
    assert_eq!(governance.oversight[0].over.len(), 3);
    assert_eq!(names(&governance.law_lifted_for), ["police"]);
    // The law in words stands where it stood.
    let study =
        "structures = [\"mine\"]\n[structure.mine]\nextends = \"apart\"\nlaw = \"none needed\"\n";
    let scenario = loaded(study, &[]);
    assert_eq!(scenario.structures[1].law.as_deref(), Some("none needed"));
}

#[test]
fn what_may_not_be_delegated_is_neither_run_nor_paid_for_with_others() {
    let run = "[structure]\nextends = \"apart\"\n[organisation]\ncouncil = { runs = [\"social-work\", \"police\"] }\n";
    let files = [("structures/run.toml", run)];
    let said = refused("structures = [\"run\"]\n", &files);
    let expected = "\"police\" may not be delegated, so \"council\" cannot run it with others";
    assert_eq!(said, [expected]);

    let pool = overlay("[shared]\nbudgets = \"all\"\n");
    let files = [("overlays/pool.toml", pool.as_str())];
    let said = refused("structures = [\"apart+pool\"]\n", &files);
    let expected = "\"police\" may not be delegated, and so shares no budget";
    assert_eq!(said, [expected]);

    // Apart from the pool it keeps to the law.
    let pool = overlay("[shared]\nbudgets = \"all\"\n[separate]\nbudgets = [[\"police\"]]\n");
    loaded(
        "structures = [\"apart+pool\"]\n",
        &[("overlays/pool.toml", pool.as_str())],
    );
}

#[test]
fn an_overlay_lifts_the_law_for_its_structure_alone() {
    let run = "[structure]\nextends = \"apart\"\n[organisation]\ncouncil = { runs = [\"social-work\", \"police\"] }\n";
    let law = overlay("[law]\nlifts = [\"police\"]\n");
    let files = [
        ("structures/run.toml", run),
        ("overlays/change-of-law.toml", law.as_str()),
    ];
    let scenario = loaded("structures = [\"run+change-of-law\"]\n", &files);
    let lifted = &scenario.structures[1].governance.law_lifted_for;
    assert_eq!(names(lifted), ["police"]);
    let said = refused("structures = [\"run+change-of-law\", \"run\"]\n", &files);
    assert_eq!(said.len(), 1);
}

#[test]
fn factors_of_overlays_on_the_same_posts_multiply() {
    let more = overlay("[scale]\nposts.social-work.help = 2\n");
    let less = overlay("[scale]\nposts.social-work.help = 0.25\n");
    let files = [
        ("overlays/more.toml", more.as_str()),
        ("overlays/less.toml", less.as_str()),
    ];
    let scenario = loaded("structures = [\"apart+more+less\"]\n", &files);
    let [scale] = scenario.structures[1].posts.as_slice() else {
        panic!("one factor was expected");
    };
    assert!((scale.factor.get() - 0.5).abs() < 1e-12);
}

#[test]
fn the_factor_of_an_overlay_can_be_set_at_the_path_that_is_shown() {
    let files = [("overlays/board.toml", OVERLAY)];
    let structures = "structures = [\"apart+board\"]\n";
    let request = Request {
        set: vec!["overlay.board.scale.posts.social-work.help=times 1.5".to_owned()],
        ..Request::default()
    };
    let scenario = asked(structures, &files, &request).unwrap();
    assert!((scenario.structures[1].posts[0].factor.get() - 1.5).abs() < 1e-12);
    let request = Request {
        set: vec!["overlay.board.scale.posts.social-work.hlp=1".to_owned()],
        ..Request::default()
    };
    let problems = asked(structures, &files, &request).unwrap_err();
    let codes: Vec<Code> = problems.iter().map(Problem::code).collect();
    assert_eq!(codes, [Code::UnknownPath]);
}
