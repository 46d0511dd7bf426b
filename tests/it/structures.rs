//! The bundled structures: their share F of parted pairs, and what the documents say of them.

use seamline::scenario::{BUNDLED, Exhibit, Kind, StructureSheet, describe};

use crate::repository::read;

/// F as the evidence base prints it for each form of the debate of 2003, to two decimals.
///
/// Computed from the text, not from the files: the pairs among nine services that sit in
/// different organisations, of 36.
const PRINTED: &[(&str, f64)] = &[
    ("fragmented", 0.89),
    ("local-trust", 0.42),
    ("commissioning-trust", 0.89),
    ("disability-trust", 0.89),
    ("education-merger", 0.81),
    ("reunification-1974", 0.72),
    ("section-31-flexibilities", 0.89),
    ("national-agency", 0.94),
    ("local-protection-service", 0.94),
    ("service-hub", 0.89),
    ("laming", 0.89),
    ("care-trust", 0.58),
    ("public-interest-company", 0.89),
    ("public-interest-company-with-sen", 0.81),
    ("private-management", 0.89),
    ("trust-without-child-protection", 0.69),
    ("trust-and-agency", 0.58),
    ("partnering", 0.89),
];

/// Forms for which nothing is printed. The evidence base has one line for every trust with a
/// focus, and its 0.89 is that of its example, disability. A trust for mental health that joins two
/// services which were alone parts one pair fewer: 31 of 36.
const COMPUTED: &[(&str, f64)] = &[
    ("camhs-trust", 0.86),
    ("council-department-2023", 0.81),
    ("company-trust-2023", 0.89),
    ("multi-agency-hub-2023", 0.81),
    ("irish-agency", 0.81),
    ("northern-irish-trust", 0.58),
];

fn sheet(id: &str) -> StructureSheet {
    let found = describe(id).unwrap_or_else(|problems| panic!("{id}: {problems}"));
    match found.into_iter().next() {
        Some(Exhibit::Structure(sheet)) => *sheet,
        _ => panic!("{id} is no structure"),
    }
}

fn structures() -> impl Iterator<Item = &'static str> {
    (BUNDLED.iter())
        .filter(|file| file.kind == Kind::Structure)
        .map(|file| file.id)
}

#[test]
fn the_share_of_parted_pairs_is_as_printed() {
    for (id, printed) in PRINTED.iter().chain(COMPUTED) {
        let organisations = &sheet(id).profile.seams[0];
        assert_eq!(organisations.pairs, 36, "{id}");
        let share = organisations.share();
        assert_eq!(format!("{share:.2}"), format!("{printed:.2}"), "{id}");
    }
    let named = PRINTED.iter().chain(COMPUTED).map(|(id, _)| *id);
    let mut named: Vec<&str> = named.collect();
    named.sort_unstable();
    let mut bundled: Vec<&str> = structures().collect();
    bundled.sort_unstable();
    assert_eq!(named, bundled);
}

#[test]
fn a_trust_with_a_focus_adds_a_seam_where_it_removes_one() {
    let (before, after) = (sheet("fragmented"), sheet("disability-trust"));
    let parted = |sheet: &StructureSheet, pair: (&str, &str)| {
        let seams = sheet.profile.seams[0].parted.iter();
        seams
            .filter(|(one, other)| (one.as_str(), other.as_str()) == pair)
            .count()
    };
    let to_social_work = ("child-protection", "disabled-children");
    assert_eq!(parted(&before, to_social_work), 0);
    assert_eq!(parted(&after, to_social_work), 1);
    let within = ("sen-support", "speech-therapy");
    assert_eq!((parted(&before, within), parted(&after, within)), (1, 0));
}

#[test]
fn the_boards_of_the_laming_report_are_four_layers_over_all() {
    let profile = sheet("laming").profile;
    assert!(profile.tiers.iter().all(|(_, layers)| *layers == 4));
}

#[test]
fn police_may_be_neither_delegated_nor_pooled_unless_the_law_changes() {
    for id in structures() {
        let profile = sheet(id).profile;
        let barred: Vec<&str> = profile.barred.iter().map(|it| it.as_str()).collect();
        assert_eq!(barred, ["police"], "{id}");
    }
    let lifted = sheet("fragmented+change-of-law").profile;
    assert!(lifted.barred.is_empty());
    assert_eq!(lifted.lifted[0].as_str(), "police");
}

#[test]
fn services_outside_are_those_that_keep_their_organisation() {
    let outside = |id: &str| {
        let outside = sheet(id).profile.outside;
        outside.map(|ids| ids.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let of = |names: &[&str]| Some(names.iter().map(ToString::to_string).collect::<Vec<_>>());
    assert_eq!(outside("local-trust"), of(&["police", "school"]));
    assert_eq!(
        outside("care-trust"),
        of(&["police", "school", "sen-support"])
    );
    // Its base is the trust, whose own base is what was there before.
    assert_eq!(outside("trust-and-agency"), of(&["police", "school"]));
    assert_eq!(outside("fragmented"), None);
}

#[test]
fn every_structure_says_who_is_answerable_what_it_needs_in_law_and_what_is_said_of_it() {
    for id in structures() {
        let sheet = sheet(id);
        assert!(sheet.governance.accountable.is_some(), "{id}");
        assert!(sheet.law.is_some(), "{id}");
        assert!(!sheet.sources.is_empty(), "{id}");
        assert!(
            !sheet.claims_for.is_empty() && !sheet.claims_against.is_empty(),
            "{id}"
        );
        assert!(!sheet.governance.oversight.is_empty(), "{id}");
    }
}

#[test]
fn the_list_of_structures_says_what_the_files_say() {
    let document = read("docs/structures.md");
    for id in structures() {
        let sheet = sheet(id);
        let row = format!(
            "| `{id}` | {} | {:.2} | {} |",
            sheet.name,
            sheet.profile.seams[0].share(),
            sheet.governance.oversight.len()
        );
        assert!(
            document.contains(&row),
            "docs/structures.md has no row {row}"
        );
    }
    for file in BUNDLED.iter().filter(|file| file.kind == Kind::Overlay) {
        let row = format!("| `{}` | {} |", file.id, file.name());
        assert!(
            document.contains(&row),
            "docs/structures.md has no row {row}"
        );
    }
}

/// An overlay may promise an effect that nobody has measured, so its range reaches no effect. What is
/// an experiment promises nothing: it is what it is.
#[test]
fn every_factor_of_an_overlay_may_have_no_effect() {
    let mut factors = 0;
    for file in BUNDLED.iter().filter(|file| file.kind == Kind::Overlay) {
        let table: toml::Table = file.text.parse().expect("TOML");
        let Some(scale) = table.get("scale").and_then(toml::Value::as_table) else {
            continue;
        };
        let promises = |factor: &toml::Value| factor["source"].as_str() != Some("an experiment");
        for (path, factor) in scale.iter().filter(|(_, factor)| promises(factor)) {
            factors += 1;
            let bound = |place: usize| -> f64 {
                let text = factor["range"][place].as_str().expect("a bound");
                text.trim_start_matches("times ").parse().expect("a factor")
            };
            let value: f64 = factor["value"]
                .as_str()
                .and_then(|text| text.strip_prefix("times "))
                .and_then(|text| text.parse().ok())
                .expect("a factor");
            assert!(
                bound(0) <= 1.0 && bound(1) >= 1.0,
                "{}: the range of {path} leaves out no effect",
                file.id
            );
            let is_slight = (0.9..1.0).contains(&value) && !path.ends_with("per_post");
            assert!(
                !is_slight || bound(1) >= 1.05,
                "{}: {path} has a slight effect, and no range above none",
                file.id
            );
            for key in ["evidence", "source"] {
                assert!(factor.get(key).is_some(), "{}: {path}", file.id);
            }
        }
    }
    assert!(factors > 10, "only {factors} factors found");
}
