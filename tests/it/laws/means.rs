//! A fair comparison: what each structure has to work with.

use seamline::experiment::results::Means;
use seamline::measures::Overhead;

use super::small::SmallStudy;

const STRUCTURES: &str = r#"["local-trust+co-ordinator", "laming", "partnering", "national-agency", "local-trust+workforce-planning", "care-trust+pilot"]"#;

fn study(rule: &str) -> SmallStudy {
    SmallStudy {
        structures: STRUCTURES,
        tables: "pilots = [\"typical-council-2003-1\"]\n",
        ..SmallStudy::with(&[rule, "area.typical-council-2003.moves=10% per year"])
    }
}

fn means(study: &SmallStudy) -> Vec<Means> {
    study.prepared().means().to_vec()
}

fn sum(posts: &[f64]) -> f64 {
    posts.iter().sum()
}

#[track_caller]
fn check_close(what: &str, one: f64, other: f64) {
    assert!(
        (one - other).abs() <= 1e-9 * other.abs(),
        "{what}: {one} and {other}"
    );
}

#[test]
fn under_equal_money_overheads_come_out_of_front_line_posts() {
    let all = means(&study("study.equal=money"));
    let posts: f64 = sum(&all[0].front_line);
    let theirs: f64 = all[0].overheads.iter().sum();
    for means in &all {
        let ours: f64 = means.overheads.iter().sum();
        let all_posts = sum(&means.front_line) + (ours - theirs);
        check_close("front line and overheads", all_posts, posts);
        check_close("cost", means.pounds_a_year, all[0].pounds_a_year);
    }
    let more = |number: usize, what: Overhead| {
        let [own, base] = [&all[number], &all[0]].map(|it| it.overheads[what.index()]);
        own > base
    };
    assert!(more(1, Overhead::LeadProfessional) && more(1, Overhead::Oversight));
    assert!(more(2, Overhead::Oversight), "layers take time");
    assert!(more(3, Overhead::Partnering), "partnering is paid for");
    for number in [2, 3] {
        assert!(sum(&all[number].front_line) < posts, "structure {number}");
    }
}

#[test]
fn under_equal_posts_overheads_come_on_top() {
    let all = means(&study("study.equal=posts"));
    for means in &all {
        // Where a door is parted its intake is shared out anew, so only the sum is the same.
        check_close(
            "front line",
            sum(&means.front_line),
            sum(&all[0].front_line),
        );
    }
    // More overheads on the same posts cost more.
    assert!(all[2].pounds_a_year > all[0].pounds_a_year);
}

#[test]
fn without_overheads_all_posts_are_in_the_front_line() {
    let all =
        means(&study("study.equal=money").without(&[seamline::scenario::Mechanism::Overheads]));
    for means in &all {
        check_close(
            "front line",
            sum(&means.front_line),
            sum(&all[0].front_line),
        );
        assert!(sum(&means.overheads) <= 0.0);
    }
}

#[test]
fn re_planned_posts_are_as_many_and_follow_the_offered_load() {
    let inherited = means(&study("study.equal=posts"));
    let planned = means(&study("study.equal=posts").and(&["study.posts_planned=re-planned"]));
    for (planned, inherited) in planned.iter().zip(&inherited) {
        check_close(
            "posts",
            sum(&planned.front_line),
            sum(&inherited.front_line),
        );
        assert!(planned.front_line != inherited.front_line);
        // Shared out by load, every kind of work is offered the same.
        let loads: Vec<f64> = planned
            .offered
            .iter()
            .flat_map(|it| [it.screening, it.assessment, it.help])
            .flatten()
            .collect();
        let most = loads.iter().copied().fold(0.0, f64::max);
        let least = loads.iter().copied().fold(f64::MAX, f64::min);
        assert!(most - least < 1e-9 * most, "{loads:?}");
    }
}

/// The pilot has no limits, so what is asked for does not depend on posts.
#[test]
fn twice_the_posts_are_offered_half_the_load() {
    let once = means(&study("study.equal=posts"));
    let twice = means(&study("study.equal=posts").and(&["study.posts=times 2"]));
    let mut compared = 0;
    for (once, twice) in once.iter().zip(&twice) {
        for (one, two) in once.offered.iter().zip(&twice.offered) {
            for (one, two) in [
                (one.screening, two.screening),
                (one.assessment, two.assessment),
                (one.help, two.help),
            ] {
                assert_eq!(one.is_some(), two.is_some());
                if let (Some(one), Some(two)) = (one, two) {
                    check_close("offered load", two * 2.0, one);
                    compared += usize::from(one > 0.0);
                }
            }
        }
    }
    assert!(
        compared > 90,
        "only {compared} loads of {} structures",
        once.len()
    );
}

/// A structure that is in force in one of two areas alike costs half of what it would in both.
#[test]
fn who_stays_out_pays_nothing() {
    let study = SmallStudy {
        structures: r#"["care-trust+pilot", "bound"]"#,
        tables: r#"
pilots = ["typical-council-2003-1"]

[structure.bound]
extends = "care-trust"
name    = "A care trust that all must join"

[structure.bound.adoption]
basis = "statutory"
"#,
        ..study("study.equal=money")
    };
    let all = means(&study);
    let more = |number: usize| {
        let [own, base] =
            [&all[number], &all[0]].map(|it| it.overheads[Overhead::Oversight.index()]);
        own - base
    };
    assert!(more(2) > 0.0);
    check_close("oversight of a pilot", 2.0 * more(1), more(2));
    assert!(all[2].one_off_pounds > 0.0 && all[0].one_off_pounds <= 0.0);
    check_close(
        "cost of the change",
        2.0 * all[1].one_off_pounds,
        all[2].one_off_pounds,
    );
}
