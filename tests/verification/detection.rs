//! How soon a child in need is referred, against the exact sequential test.

use statrs::distribution::{ContinuousCDF, Normal};

use crate::children::{Files, with_neutral_tables};
use crate::estimate::Estimate;
use seamline::measures::Count;

/// Evidence below this is dropped: docs/model.md, on records.
const FORGOTTEN: f64 = 0.05;

/// The chance that a sum of evidence has passed `above` by the n-th contact, for each n up to `most`.
///
/// A signal is normal about `mean` with spread 1; one below 0 is not noted. A noted signal `s` adds
/// `m s - m^2 / 2`, where `m` is the mean signal at level 2; the sum has a floor at 0. The chances of the
/// sum are carried from contact to contact over narrow cells.
fn passed_by(mean: f64, m: f64, above: f64, most: usize) -> Vec<f64> {
    const CELLS: usize = 1_000;
    let width = above / CELLS as f64;
    let signal = Normal::new(mean, 1.0).unwrap();
    let unnoted = signal.cdf(0.0);
    // Chance that a signal is noted and adds no more than this.
    let adds_up_to = |sum: f64| (signal.cdf(sum / m + m / 2.0) - unnoted).max(0.0);
    let hops: Vec<f64> = (0..2 * CELLS + 1)
        .map(|hop| {
            let by = (hop as f64 - CELLS as f64) * width;
            adds_up_to(by + width / 2.0) - adds_up_to(by - width / 2.0)
        })
        .collect();
    let noted = 1.0 - unnoted;
    let (mut at_zero, mut cells) = (1.0, vec![0.0; CELLS]);
    let mut passed = Vec::with_capacity(most);
    let mut so_far = 0.0;
    for _ in 0..most {
        let mut next: Vec<f64> = cells.iter().map(|chance| chance * unnoted).collect();
        let mut next_zero = 0.0;
        for (cell, chance) in cells.iter().enumerate() {
            let sum = (cell as f64 + 0.5) * width;
            if sum < FORGOTTEN {
                at_zero += chance;
                next[cell] = 0.0;
                continue;
            }
            next_zero += chance * adds_up_to(-sum);
            so_far += chance * (noted - adds_up_to(above - sum));
            for (other, slot) in next.iter_mut().enumerate() {
                *slot += chance * hops[other + CELLS - cell];
            }
        }
        next_zero += at_zero * (unnoted + adds_up_to(0.0));
        so_far += at_zero * (noted - adds_up_to(above));
        for (other, slot) in next.iter_mut().enumerate() {
            let low = other as f64 * width;
            *slot += at_zero * (adds_up_to(low + width) - adds_up_to(low));
        }
        (at_zero, cells) = (next_zero, next);
        passed.push(so_far);
    }
    passed
}

/// Every child is at one level from its first days; one source meets it at random again and again. How
/// many are referred within 60 days, through the whole of a study.
#[track_caller]
fn check_referred(level: usize, signal: f64, above: f64) {
    const A_YEAR: f64 = 90.0;
    const YEARS: f64 = 60.0 / 365.25;
    // A need that begins at once: its higher levels follow at once, or never.
    let worsens = [["0", "0"], ["0", "0"], ["5000", "0"], ["5000", "5000"]][level];
    let begins = if level > 0 { "5000" } else { "0" };
    let parameters = format!(
        "[need.harm]\nbegins = \"{begins} per year\"\n\
         worsens = [\"{} per year\", \"{} per year\"]\n\
         eases = [\"0 per year\", \"0 per year\", \"0 per year\"]\nwhen_helped = {{ eases = 1 }}\n\
         harm = [\"0 per year\", \"0 per year\", \"0 per year\"]\nharm_refers = 0\n\
         harm_met_by = \"gp\"\nreferred_to = \"helper\"\n\
         grace = {{ level_2 = \"90 days\", level_3 = \"15 days\" }}\n\
         [outside.gp]\nmeets = {{ rate = \"{A_YEAR} per year\", notes_above = 0, \
         sees = {{ harm = {signal} }}, refers_above = {{ harm = {above} }} }}\n\
         [service.helper]\nhelps = {{ harm = \"levels 1 to 3\" }}\n\
         screening = {{ takes = \"1 day\", threshold = 0.5 }}\n\
         assessment = {{ initial = \"7 days\", per_post = 10 }}\nreview = \"60 days\"\ncaseload = 12\n",
        worsens[0], worsens[1]
    );
    let files = Files {
        study: "[study]\nname = \"Detection\"\npurpose = \"How soon is need found?\"\n\
            parameters = \"world\"\nareas = [\"town\"]\nbaseline = \"one\"\nstructures = []\n\
            start = \"established\"\nwarm_up = \"0 days\"\nobserve = \"60 days\"\ntrials = 40\n\
            seed = 2003\n[structure.one]\nname = \"One\"\nsummary = \"One body.\"\n\
            [structure.one.organisation]\nbody = { footprint = \"area\", runs = [\"helper\"] }\n"
            .to_owned(),
        area: "[area]\nchildren = 1800\nages = \"even\"\nmoves = \"0 per year\"\n[posts]\n\
               helper = { screening = 1000, assessment = 1000, help = 1000 }\n"
            .to_owned(),
        parameters: with_neutral_tables(&parameters),
    };
    let results = files.run_on(None);

    // Referred by contact n, over a Poisson number of contacts in the time.
    let m = 2.0 * signal;
    let by_contact = passed_by(signal * level as f64, m, above, 80);
    let referred = |years: f64| {
        let mean = A_YEAR * years;
        let mut chance_of_n = (-mean).exp();
        let mut sum = 0.0;
        for (n, passed) in (1..).zip(&by_contact) {
            chance_of_n *= mean / f64::from(n);
            sum += chance_of_n * passed;
        }
        sum
    };
    // One child in 18 reaches the age of 18 within a year, and a newborn one takes its place.
    const STEPS: u32 = 200;
    let over_time: f64 = (0..STEPS)
        .map(|step| referred(YEARS * (f64::from(step) + 0.5) / f64::from(STEPS)))
        .sum::<f64>()
        / f64::from(STEPS);
    let leaving = YEARS / 18.0;
    let exact = (1.0 - leaving) * referred(YEARS) + 2.0 * leaving * over_time;
    // Newborn children are at their level within hours.
    let noted = A_YEAR * YEARS * Normal::new(signal * level as f64, 1.0).unwrap().sf(0.0);
    Estimate::ratio(results.trials.iter().map(|trial| {
        let noted = trial[0].count(Count::NotedContacts) as f64;
        (noted, results.children as f64)
    }))
    .agrees_with(
        noted,
        0.01,
        &format!("contacts noted a child in 60 days at level {level}, closed form"),
    );
    Estimate::ratio(results.trials.iter().map(|trial| {
        let referrals = trial[0].count(Count::Referrals) as f64;
        (referrals, results.children as f64)
    }))
    .agrees_with(
        exact,
        0.02,
        &format!("share referred within 60 days at level {level}, exact sequential test"),
    );
}

#[test]
fn children_are_referred_as_soon_as_the_exact_test_says() {
    check_referred(0, 0.4, 2.0);
    check_referred(1, 0.5, 2.5);
    check_referred(2, 0.4, 2.3);
    check_referred(3, 0.3, 3.5);
}
