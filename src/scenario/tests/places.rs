//! The list of areas of a study: what its keys come to.

use super::*;
use crate::units::Factor;

/// A second list of areas stands in the place of the first, as in a study that builds on another.
#[track_caller]
fn areas(list: &str) -> Vec<Area> {
    let text = own(list);
    loaded("", &[("studies/mine.toml", &text)]).areas
}

/// What is wrong with a list of areas.
#[track_caller]
fn faults(list: &str) -> Vec<String> {
    let text = own(list);
    refused("", &[("studies/mine.toml", &text)])
}

fn own(list: &str) -> String {
    let usual = "areas = [{ area = \"town\", copies = 2 }]";
    assert!(STUDY.contains(usual));
    STUDY.replace(usual, &format!("areas = [{list}]"))
}

fn help(area: &Area) -> f64 {
    area.posts[0].help
}

/// The town of the small world has 1,000 children and three posts that help them.
const TOWN_HELP: f64 = 3.0;

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() < 1e-9 * expected.abs().max(1.0),
        "{found}, not {expected}"
    );
}

#[test]
fn an_area_of_which_nothing_is_said_is_as_its_file_has_it() {
    let plain = areas("\"town\"");
    assert_eq!(plain.len(), 1);
    assert_eq!((plain[0].children, plain[0].need), (1000, Factor::ONE));
    assert_eq!(plain, areas("{ area = \"town\" }"));
    assert_eq!(
        plain,
        areas("{ area = \"town\", need = 1, posts = 1, children = 1000 }")
    );
    close(help(&plain[0]), TOWN_HELP);
}

#[test]
fn posts_go_with_children_and_with_what_is_stated_besides() {
    let both = areas(
        "{ area = \"town\", children = 500 }, { area = \"town\", children = 500, posts = \"times 1.2\" }",
    );
    let ids: Vec<&str> = both.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["town-1", "town-2"]);
    close(help(&both[0]), TOWN_HELP / 2.0);
    close(help(&both[1]), TOWN_HELP * 0.6);
    assert_eq!(both[0].posts[0].vacant, both[1].posts[0].vacant);
}

#[test]
fn posts_follow_need_as_far_as_the_study_says() {
    for (following, expected) in [(0.0, 1.0), (0.5, 2.0), (1.0, 4.0)] {
        let list = format!("{{ area = \"town\", need = 4, posts_follow_need = {following} }}");
        let area = &areas(&list)[0];
        close(area.need.get(), 4.0);
        close(help(area), TOWN_HELP * expected);
    }
}

#[test]
fn copies_have_the_ids_that_are_given_to_them() {
    let list = "{ area = \"town\", id = \"place\", name = \"Place\", copies = 12, region = \"force\", regions = 5 }, \
                { area = \"town\", id = \"city\" }, \"town\"";
    let all = areas(list);
    let of = |id: &str| {
        let found = all.iter().find(|it| it.id.as_str() == id);
        let found = found.unwrap_or_else(|| panic!("no {id} in {all:?}"));
        (found.name.as_str(), found.region.as_str())
    };
    assert_eq!(of("place-01"), ("Place 01", "force-1"));
    assert_eq!(of("place-12"), ("Place 12", "force-5"));
    assert_eq!(of("city"), ("city", "region"));
    assert_eq!(of("town").1, "region");
    assert!(all.is_sorted_by(|a, b| a.id < b.id));
    let mut regions: Vec<&str> = all.iter().map(|it| it.region.as_str()).collect();
    regions.dedup();
    assert_eq!(regions.len(), 7, "neighbours share a region: {regions:?}");
}

#[test]
fn a_spread_deals_out_the_quantiles_of_a_lognormal_law() {
    let all = areas(
        "{ area = \"town\", id = \"place\", copies = 101, children = 10_000, children_spread = 0.5, \
         need = 2, need_spread = 0.4, posts_spread = 0.2 }",
    );
    let sum: u32 = all.iter().map(|it| it.children).sum();
    assert!(sum.abs_diff(101 * 10_000) <= 51, "{sum}");
    // The middle one is the median, and a standard deviation above it 84 in 100 are smaller.
    let mut sizes: Vec<u32> = all.iter().map(|it| it.children).collect();
    sizes.sort_unstable();
    let ratio = f64::from(sizes[84]) / f64::from(sizes[50]);
    assert!((ratio / 0.5_f64.exp() - 1.0).abs() < 0.02, "{ratio}");
    let mut needs: Vec<f64> = all.iter().map(|it| it.need.get()).collect();
    needs.sort_by(f64::total_cmp);
    let ratio = needs[84] / needs[50];
    assert!((ratio / 0.4_f64.exp() - 1.0).abs() < 0.02, "{ratio}");
    // The mean child lives with the stated need.
    let weighted: f64 = (all.iter())
        .map(|it| f64::from(it.children) * it.need.get())
        .sum();
    let mean = weighted / f64::from(sum);
    assert!((mean - 2.0).abs() < 1e-3, "{mean}");
    let posts: f64 = all.iter().map(help).sum();
    assert!((posts / (1010.0 * TOWN_HELP) - 1.0).abs() < 1e-3, "{posts}");
}

/// The correlation of two lists.
fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let count = pairs.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|it| it.0), mean(|it| it.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| {
        let each = pairs.iter().map(|it| of(it.0 - x, it.1 - y));
        each.sum::<f64>()
    };
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

#[test]
fn england_has_150_councils_as_unequal_as_published_figures_say() {
    let england = load(&Request {
        study: "england-2003".to_owned(),
        ..Request::default()
    });
    let areas = england.unwrap().areas;
    assert_eq!(areas.len(), 150);
    let children: u32 = areas.iter().map(|it| it.children).sum();
    assert!(children.abs_diff(11_600_000) < 1000, "{children}");
    let mut sizes: Vec<u32> = areas.iter().map(|it| it.children).collect();
    sizes.sort_unstable();
    let median = (sizes[74] + sizes[75]) / 2;
    assert!((59_000..61_000).contains(&median), "{median}");
    // 70 children looked after per 10,000, and from 25 to 191 across authorities (S9).
    let needs = || areas.iter().map(|it| 70.0 * it.need.get());
    let (least, most) = (
        needs().fold(f64::MAX, f64::min),
        needs().fold(0.0, f64::max),
    );
    assert!((20.0..30.0).contains(&least), "{least}");
    assert!((170.0..210.0).contains(&most), "{most}");
    let pairs: Vec<(f64, f64)> = (areas.iter())
        .map(|it| (f64::from(it.children).ln(), it.need.get().ln()))
        .collect();
    let correlation = correlation(&pairs);
    assert!(correlation.abs() < 0.05, "{correlation}");
}

#[test]
fn a_key_of_an_entry_is_set_by_its_place() {
    let with = |set: &[&str]| {
        let request = Request {
            study: "england-2003".to_owned(),
            set: set.iter().map(|it| (*it).to_owned()).collect(),
            ..Request::default()
        };
        load(&request).unwrap_or_else(|problems| panic!("{problems:#?}"))
    };
    let few = with(&[
        "study.areas.1.copies=6",
        "study.areas.1.regions=2",
        "study.areas.1.need_spread=0",
        "study.areas.1.children=500",
        // The file of the study says nothing of this one.
        "study.areas.1.need=1.5",
    ]);
    assert_eq!(few.areas.len(), 6);
    assert!(
        few.areas
            .iter()
            .all(|it| (it.need.get() - 1.5).abs() < 1e-12)
    );
    let sum: u32 = few.areas.iter().map(|it| it.children).sum();
    assert!(sum.abs_diff(3000) <= 3, "{sum}");
    let stated = |path: &str| {
        let found = few.parameters.iter().find(|it| it.path == path);
        found.unwrap().clone()
    };
    assert_eq!(stated("study.areas.1.need").file, "--set");
    assert_eq!(
        stated("study.areas.1.children_spread").grade,
        Some(Grade::Assumption)
    );
}

#[test]
fn faults_of_the_list_are_told() {
    for (list, expected) in [
        (
            "{ area = \"town\", need = 0 }",
            "`need` of an area cannot be multiplied by 0",
        ),
        (
            "{ area = \"town\", posts = 101 }",
            "`posts` of an area cannot be multiplied by 101",
        ),
        (
            "{ area = \"town\", children = 0 }",
            "an area without children",
        ),
        (
            "{ area = \"town\", need_spread = 0.4 }",
            "one area alone has no spread",
        ),
        (
            "{ area = \"town\", copies = 3, need_spread = 3 }",
            "`need_spread` is too great, found 3",
        ),
        (
            "{ area = \"town\", copies = 3, regions = 4 }",
            "3 areas cannot lie in 4 regions",
        ),
        (
            "{ area = \"town\", id = \"Big Town\" }",
            "\"Big Town\" cannot be a name",
        ),
        (
            "{ area = \"town\", name = \"Big\" }",
            "areas have a name and no id",
        ),
        (
            "{ area = \"town\", id = \"a\" }, { area = \"town\", id = \"a\" }",
            "two areas are called \"a\"",
        ),
        (
            "{ area = \"town\", id = \"town-1\" }, \"town\", \"town\"",
            "two areas are called \"town-1\"",
        ),
        (
            "{ area = \"town\", copies = 50, children = 1, children_spread = 1.5 }",
            "an area without children",
        ),
        (
            "{ area = \"town\", posts_follow_need = 3 }",
            "`posts_follow_need` is too great, found 3",
        ),
    ] {
        let found = faults(list);
        assert_eq!(found, [expected], "{list}");
    }
}
