//! Published figures: what they state, and what is wrong with them.

use super::*;
use crate::measures::Flow;

pub(super) const FIGURES: &str = r#"
[figures]
name = "Counted"

[figure.b]
name     = "Comes first"
quantity = "referrals"
of       = "social-work"
value    = "516 per 10000 per year"
within   = "15 per 10000 per year"
role     = "fitted"
evidence = "statistic"
source   = "a count"

[figure.a]
quantity = "seen-within"
of       = ["social-work"]
days     = "4 weeks"
value    = "52%"
within   = "5%"
role     = "held out"
source   = "another"

[figure.c]
not_simulated = "no courts"
value  = 55
within = 1
source = "a third"

[vary]
"records.half_life" = { times = [0.5, 2] }
"referral.pause" = "range"
"need.harm.begins" = { from = "1% per year", to = "2% per year" }
"#;

fn set(text: &str) -> FigureSet {
    let scenario = loaded("figures = \"counted\"\n", &[("figures/counted.toml", text)]);
    scenario.figures.unwrap()
}

#[track_caller]
fn wrong(from: &str, to: &str) -> Vec<String> {
    assert!(FIGURES.contains(from));
    refused(
        "figures = \"counted\"\n",
        &[("figures/counted.toml", &FIGURES.replacen(from, to, 1))],
    )
}

#[test]
fn figures_come_in_the_order_of_the_file_with_their_units() {
    let set = set(FIGURES);
    let ids: Vec<&str> = set.figures.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["b", "a", "c"]);
    assert!((set.figures[0].value - 516.0).abs() < 1e-9);
    assert!((set.figures[0].within - 15.0).abs() < 1e-9);
    assert_eq!(set.figures[0].grade, Some(Grade::Statistic));
    assert_eq!(set.figures[1].role, Role::HeldOut);
    let Simulated::Flow(of) = &set.figures[1].simulated else {
        panic!("a quantity was stated");
    };
    assert_eq!((of.flow, of.number), (Flow::SeenWithin, 28.0));
    assert_eq!(
        set.figures[2].simulated,
        Simulated::Not("no courts".to_owned())
    );
}

#[test]
fn what_may_vary_comes_in_the_order_of_the_file() {
    let priors: Vec<Prior> = set(FIGURES).vary.into_iter().map(|it| it.prior).collect();
    assert_eq!(
        priors,
        [
            Prior::Times(0.5, 2.0),
            Prior::OwnRange,
            Prior::Between("1% per year".to_owned(), "2% per year".to_owned()),
        ]
    );
}

#[test]
fn published_figures_are_no_parameters() {
    let scenario = loaded(
        "figures = \"counted\"\n",
        &[("figures/counted.toml", FIGURES)],
    );
    let of_figures = |it: &&Parameter| it.path.starts_with("figure");
    assert_eq!(scenario.parameters.iter().find(of_figures), None);
    assert!(scenario.files.iter().any(|it| it.label.contains("counted")));
}

#[test]
fn every_fault_of_a_figure_is_told() {
    for (from, to, told) in [
        (
            "quantity = \"referrals\"",
            "quantity = \"refferals\"",
            "there is no quantity",
        ),
        (
            "of       = \"social-work\"",
            "of = \"social-works\"",
            "nothing is called \"social-works\"",
        ),
        (
            "quantity = \"referrals\"",
            "quantity = \"arrivals\"",
            "has no quantity \"arrivals\"",
        ),
        (
            "within   = \"5%\"",
            "within = \"0%\"",
            "no published figure is exact",
        ),
        (
            "source   = \"another\"",
            "",
            "does not say where it was published",
        ),
        ("days     = \"4 weeks\"\n", "", "does not state `days`"),
        ("role     = \"held out\"", "role = \"held\"", "unknown role"),
        (
            "{ times = [0.5, 2] }",
            "{ times = [2, 0.5] }",
            "where the parameter may lie",
        ),
        ("\"range\"", "\"anywhere\"", "where the parameter may lie"),
    ] {
        let problems = wrong(from, to);
        assert!(
            problems.iter().any(|it| it.contains(told)),
            "{to}: {problems:?}"
        );
    }
}
