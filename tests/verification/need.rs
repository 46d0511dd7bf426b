//! Needs that nobody sees, against the matrix exponential of their chain.

use crate::children::{Files, with_neutral_tables};
use crate::estimate::Estimate;
use seamline::experiment::results::NeedTally;
use seamline::measures::{Count, Step};

type Matrix = [[f64; 4]; 4];

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..4).map(|k| a[i][k] * b[k][j]).sum()))
}

/// The exponential by its own definition, `(1 + A / n)^n` for n = 2^30, from the square of the square.
fn exponential(rates: &Matrix) -> Matrix {
    let n = f64::from(1 << 30);
    let near_one = std::array::from_fn(|i| {
        std::array::from_fn(|j| f64::from(u8::from(i == j)) + rates[i][j] / n)
    });
    (0..30).fold(near_one, |power, _| product(&power, &power))
}

/// Chances of the four levels at an age, from level 0 at birth, for a family of mean vulnerability.
fn levels_at(age: f64, up: [f64; 3], down: [f64; 3]) -> [f64; 4] {
    let mut rates = [[0.0; 4]; 4];
    for level in 0..3 {
        rates[level][level + 1] = up[level] * age;
        rates[level + 1][level] = down[level] * age;
    }
    for (level, row) in rates.iter_mut().enumerate() {
        row[level] = -row.iter().sum::<f64>();
    }
    exponential(&rates)[0]
}

/// Time at level 2 and over, and how often children come to it, over years in which each age is as
/// frequent as any other. Nobody meets a child, so all of that time is unmet and unknown.
#[test]
fn time_in_need_follows_the_matrix_exponential() {
    let (up, down) = ([0.12, 0.5, 0.3], [0.4, 0.6, 0.9]);
    let parameters = format!(
        "[need.harm]\nbegins = \"{} per year\"\nworsens = [\"{} per year\", \"{} per year\"]\n\
         eases = [\"{} per year\", \"{} per year\", \"{} per year\"]\n\
         harm = [\"0 per year\", \"0 per year\", \"0 per year\"]\nharm_refers = 0\n\
         harm_met_by = \"gp\"\nreferred_to = \"helper\"\n\
         grace = {{ level_2 = \"90 days\", level_3 = \"15 days\" }}\nwhen_helped = {{ eases = 1 }}\n\
         [outside.gp]\nmeets = {{ rate = \"0 per year\", notes_above = 1, sees = {{ harm = 1 }}, \
         refers_above = {{ harm = 2 }} }}\n\
         [service.helper]\nhelps = {{ harm = \"levels 1 to 3\" }}\n\
         screening = {{ takes = \"1 day\", threshold = 1 }}\n\
         assessment = {{ initial = \"7 days\", per_post = 10 }}\nreview = \"60 days\"\ncaseload = 12\n",
        up[0], up[1], up[2], down[0], down[1], down[2]
    );
    let files = Files {
        study: "[study]\nname = \"Needs alone\"\npurpose = \"How long are children in need?\"\n\
            parameters = \"world\"\nareas = [\"town\"]\nbaseline = \"one\"\nstructures = []\n\
            start = \"established\"\nwarm_up = \"20 years\"\nobserve = \"4 years\"\ntrials = 40\n\
            seed = 2003\n[structure.one]\nname = \"One\"\nsummary = \"One body.\"\n\
            [structure.one.organisation]\nbody = { footprint = \"area\", runs = [\"helper\"] }\n"
            .to_owned(),
        area: "[area]\nchildren = 1800\nages = \"even\"\nmoves = \"0 per year\"\n[posts]\n\
               helper = { screening = 1, assessment = 1, help = 1 }\n"
            .to_owned(),
        parameters: with_neutral_tables(&parameters),
    };
    let results = files.run_on(None);

    // The mean over ages from 0 to 18, by the rule of midpoints.
    const STEPS: u32 = 1_800;
    let mut at_level = [0.0; 4];
    for step in 0..STEPS {
        let age = 18.0 * (f64::from(step) + 0.5) / f64::from(STEPS);
        for (sum, chance) in at_level.iter_mut().zip(levels_at(age, up, down)) {
            *sum += chance / f64::from(STEPS);
        }
    }
    let in_need = at_level[2] + at_level[3];
    let child_years = |seconds: u64| seconds as f64 / (365.25 * 86_400.0);
    let trials = || results.trials.iter().map(|trial| &trial[0]);
    let ratio = |of: fn(&NeedTally) -> f64| {
        Estimate::ratio(trials().map(move |it| (of(&it.needs[0]), child_years(it.child_seconds))))
    };
    ratio(|need| need.unmet_seconds as f64 / (365.25 * 86_400.0)).agrees_with(
        in_need,
        0.01,
        "share of childhood at level 2 and over, matrix exponential",
    );
    ratio(|need| need.steps[Step::Needed.index()] as f64).agrees_with(
        at_level[1] * up[1],
        0.01,
        "need spells a child and year, matrix exponential",
    );
    for tally in trials() {
        assert_eq!(tally.count(Count::NotedContacts), 0);
        assert_eq!(
            tally.count(Count::UnmetUnknownSeconds),
            tally.needs[0].unmet_seconds
        );
    }
}

#[test]
fn the_exponential_of_two_levels_is_the_known_one() {
    let (up, down, age): (f64, f64, f64) = (0.3, 0.7, 2.5);
    let known = up / (up + down) * (1.0 - (-(up + down) * age).exp());
    let found = levels_at(age, [up, 0.0, 0.0], [down, 0.0, 0.0]);
    assert!((found[1] - known).abs() < 1e-7, "{} for {known}", found[1]);
}
