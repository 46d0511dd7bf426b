use super::*;
use crate::analysis::decision::{
    AtShare, Choice, Discovery, Indices, Parting, Place, Plain, Regret, Screened, SecondBest,
    Sensitivity, Shares, Standing, Steady, Told, Valued, Worth, parting, steady as judged,
};
use crate::analysis::{Estimate, Interval};
use crate::inquiry::decide::uncertainty::AgainstBaseline;
use crate::measures::{MEASURES, Measure};
use crate::report::charts::look::{Look, Palette};
use crate::report::charts::tests::{check, without_font};
use crate::scenario::{Request, load_to_vary};

/// Invented numbers that look like results: the fractional parts of multiples of an irrational number.
fn invented(place: usize) -> f64 {
    (0.5 + 0.618_033_988_75 * place as f64).fract()
}

fn estimate(value: f64, half: f64) -> Estimate {
    Estimate {
        value,
        interval: Some(Interval {
            low: value - half,
            high: value + half,
        }),
    }
}

fn measure(id: &str) -> &'static Measure {
    MEASURES.iter().find(|it| it.id == id).unwrap()
}

fn structures(many: usize) -> Vec<Named> {
    (0..many)
        .map(|place| Named {
            id: format!("structure-{place}"),
            name: match place {
                0 => "As things are".to_owned(),
                1 => "One body".to_owned(),
                2 => "A combined authority of several councils with pooled budgets".to_owned(),
                place => format!("Form {place}"),
            },
        })
        .collect()
}

/// Parameters of a bundled study under invented paths.
fn parameters(many: usize) -> Vec<Ranged> {
    let request = Request {
        study: "even-odds".to_owned(),
        ..Request::default()
    };
    let real = load_to_vary(&request, &[]).unwrap().parameters;
    (0..many)
        .map(|place| {
            let mut parameter = real[place % real.len()].clone();
            parameter.drawable.path = match place {
                0 | 1 => parameter.drawable.path,
                2 => "need.speech-and-language-difficulties.severe.begins_at_school_age".to_owned(),
                place => format!("part-{place}.value"),
            };
            parameter
        })
        .collect()
}

fn standings(structures: usize, is_even: bool) -> Vec<Standing> {
    (0..structures)
        .map(|place| {
            let weight = |rank: usize| match is_even {
                true => 1.0,
                false => 1.0 / (1.0 + (rank as f64 - place as f64).abs().powi(2)),
            };
            let sum: f64 = (0..structures).map(weight).sum();
            let ranks: Vec<f64> = (0..structures).map(|rank| weight(rank) / sum).collect();
            let ranked = ranks.iter().zip(1..);
            Standing {
                mean_rank: ranked.map(|(share, rank)| share * f64::from(rank)).sum(),
                ranks,
                regret: Regret {
                    mean: 3.0 + 4.2 * place as f64,
                    percentile_95: 11.0 + 7.5 * place as f64,
                    worst: 60.0,
                },
            }
        })
        .collect()
}

fn of_measure(structures: usize, parameters: usize, is_even: bool) -> OfMeasure {
    let scale = if is_even { 0.05 } else { 1.0 };
    OfMeasure {
        measure: measure("lost-cases"),
        sign: 1.0,
        choice: Choice {
            values: (0..structures)
                .map(|place| Valued {
                    mean: 100.0 - 6.0 * scale * place as f64,
                    between_draws: Some(20.0),
                    standard_error: Some(0.8),
                })
                .collect(),
            plain: standings(structures, is_even),
            smoothed: Some(standings(structures, is_even)),
            told: (structures > 1).then(|| Told {
                clear: if is_even { 0.04 } else { 0.71 },
                by_structure: vec![0.1; structures],
            }),
        },
        chosen: structures - 1,
        perfect: (
            Worth {
                value: 9.4 * scale,
                upward_bias: 0.1,
                corrected: 9.3 * scale,
                standard_error: 1.3,
                from_fit: 0.9,
                from_draws: 0.9,
            },
            Plain {
                value: 9.9,
                standard_error: 1.0,
            },
        ),
        of_each: (0..parameters)
            .map(|place| {
                let corrected = 7.2 * scale / (1.0 + place as f64).powi(2);
                let worth = Worth {
                    value: corrected,
                    upward_bias: 0.0,
                    corrected,
                    standard_error: 0.4,
                    from_fit: 0.3,
                    from_draws: 0.25,
                };
                (place, worth)
            })
            .collect(),
        worlds: Vec::new(),
        against_baseline: (1..structures)
            .map(|structure| AgainstBaseline {
                structure,
                better: 0.8,
                clearly: if is_even { (0.03, 0.02) } else { (0.7, 0.1) },
                rests_on: Some(Shares {
                    variance: 120.0,
                    groups: vec![
                        estimate(0.11, 0.08),
                        estimate(0.52, 0.2),
                        estimate(-0.01, 0.02),
                    ],
                    together: estimate(0.04, 0.05),
                    luck: estimate(if is_even { 0.29 } else { 0.12 }, 0.03),
                    rest: estimate(if is_even { 0.05 } else { 0.22 }, 0.1),
                }),
                region: Discovery {
                    density: 0.8,
                    boxes: Vec::new(),
                    left: None,
                },
                region_is_of_better: false,
            })
            .collect(),
    }
}

const GRADES: [Option<Grade>; 3] = [Some(Grade::Statistic), Some(Grade::Assumption), None];

/// The four charts of an uncertainty analysis of so many structures and values.
fn of_uncertainty(
    (many, values, draws_made, is_even): (usize, usize, usize, bool),
    look: &Look,
) -> Vec<(&'static str, String)> {
    let of = of_measure(many, values, is_even);
    let (structures, parameters) = (structures(many), parameters(values));
    let choosing = Choosing {
        of: &of,
        structures: &structures,
        parameters: &parameters,
        grades: &GRADES,
        draws: draws_made,
        trials: 4,
    };
    let differences = Differences {
        by_structure: (1..many)
            .map(|structure| {
                let draws = 0..draws_made;
                draws
                    .map(|draw| {
                        let [a, b, c] = [1, 2, 3].map(|it| invented(it * draw + structure));
                        let scale = if is_even { 2.0 } else { 22.0 };
                        let value = scale * (a + b + c - 1.5) - 0.3 * structure as f64 * scale;
                        (value, Some(3.4))
                    })
                    .collect()
            })
            .collect(),
    };
    let drawn = [
        ("chances", chances(&choosing, look)),
        ("draws", draws(&choosing, &differences, look)),
        ("worth", worth(&choosing, look)),
        ("grades", grades(&choosing, look)),
    ];
    drawn
        .into_iter()
        .filter_map(|(name, svg)| Some((name, svg?)))
        .collect()
}

fn named(values: usize) -> Vec<(String, String)> {
    let names = parameters(values);
    let each = names.iter().enumerate();
    each.map(|(place, it)| {
        let grade = if place % 2 == 0 {
            "assumption"
        } else {
            "study"
        };
        (it.path().to_owned(), grade.to_owned())
    })
    .collect()
}

fn of_indices(values: usize, is_clear: bool, look: &Look) -> Vec<(&'static str, String)> {
    let parameters = named(values);
    let quantity = Quantity {
        name: "the difference of “One body” from “As things are” in cases lost in handoffs",
        unit: "per 1,000 arrivals",
        parameters: &parameters,
        runs: "1,024 runs of 2 trials",
    };
    let half = if is_clear { 0.06 } else { 0.9 };
    let sensitivity = Sensitivity {
        variance: 30.0,
        luck: 0.2,
        indices: Some(
            (0..values)
                .map(|place| {
                    let first = 0.6 / (1.0 + place as f64).powi(2) - 0.01;
                    Indices {
                        first: estimate(first, half),
                        total: estimate(first + 0.05, half),
                    }
                })
                .collect(),
        ),
    };
    let screened: Vec<Screened> = (0..values)
        .map(|place| {
            let size = 40.0 / (1.0 + place as f64);
            Screened {
                mu: if place % 3 == 0 { -size } else { 0.4 * size },
                mu_star: estimate(size, if is_clear { 0.2 * size } else { size }),
                sigma: Some(14.0),
            }
        })
        .collect();
    let ends: Vec<Swings> = (0..values)
        .map(|place| {
            let size = 30.0 * invented(place) - 12.0;
            let error = if is_clear { 1.5 } else { 40.0 };
            Swings {
                low: ("5%".to_owned(), -4.0 - size, error),
                high: ("times 2.25".to_owned(), -4.0 + 0.6 * size.abs(), error),
            }
        })
        .collect();
    let ends = Tornado {
        quantity,
        stated: -4.0,
        swings: &ends,
    };
    let index = Index {
        quantity,
        sensitivity: &sensitivity,
    };
    vec![
        ("indices", indices(&index, look).unwrap()),
        ("tornado", tornado(&ends, look).unwrap()),
        (
            "screening",
            screening(&quantity, &screened, Some(2.5), look).unwrap(),
        ),
    ]
}

fn of_flip(values: usize, is_clear: bool, look: &Look) -> String {
    let parameters = parameters(values);
    let points: Vec<Vec<AtShare>> = (0..values)
        .map(|place| {
            let reach = 30.0 * (0.2 + 1.3 * invented(place));
            (0..=8)
                .map(|step| {
                    let share = f64::from(step) / 8.0;
                    let base = if is_clear { 9.0 } else { 2.0 };
                    let way = if place % 2 == 0 { 1.0 } else { -1.0 };
                    AtShare {
                        share,
                        difference: base - way * reach * (share - 0.5),
                        standard_error: 2.1,
                    }
                })
                .collect()
        })
        .collect();
    let rows: Vec<(FlipRow, Parting)> = parameters
        .iter()
        .zip(&points)
        .map(|(parameter, points)| {
            let parting = parting(points, parameter.stated);
            let row = FlipRow {
                parameter,
                rival: "As things are",
                points,
                parting,
            };
            (row, parting)
        })
        .collect();
    let rows = crate::analysis::decision::by_distance(rows);
    let rows: Vec<FlipRow> = rows.into_iter().map(|(row, _)| row).collect();
    let of = Flip {
        measure: measure("lost-cases"),
        leader: "One body",
        is_clear,
        rows: &rows,
        runs: "9 places of each, 10 trials",
    };
    flip(&of, look).unwrap()
}

fn of_tipping(many: usize, across: usize, is_clear: bool, look: &Look) -> String {
    let structures = structures(many);
    let parameters = parameters(3);
    let axes = [&parameters[0], &parameters[2]].map(Axis::of);
    let places: Vec<Place> = (0..across * across)
        .map(|place| {
            let share = |step: usize| step as f64 / (across - 1) as f64;
            let (x, y) = (share(place % across), share(place / across));
            let means: Vec<f64> = (0..many)
                .map(|it| {
                    let (own_x, own_y) = (invented(it), invented(2 * it + 1));
                    10.0 * ((x - own_x).powi(2) + (y - own_y).powi(2))
                })
                .collect();
            let mut order: Vec<usize> = (0..many).collect();
            order.sort_by(|a, b| means[*a].total_cmp(&means[*b]));
            let behind = means[order[1]] - means[order[0]];
            let error = if is_clear { 0.3 } else { 40.0 };
            let weight = |it: usize| (-(means[it] - means[order[0]]) / error).exp().powi(3);
            let sum: f64 = (0..many).map(weight).sum();
            Place {
                x,
                y,
                best: order[0],
                next: Some(SecondBest {
                    structure: order[1],
                    behind,
                    standard_error: Some(error),
                    is_clear: behind > 2.0 * error,
                }),
                chances: Some((0..many).map(|it| weight(it) / sum).collect()),
                means,
            }
        })
        .collect();
    let of = Tipping {
        measure: measure("lost-cases"),
        structures: &structures,
        across: &axes[0],
        up: &axes[1],
        places: &places,
        trials: 10,
    };
    tipping(&of, look).unwrap()
}

fn of_steady(look: &Look) -> String {
    let warming = |trial: usize| -> Vec<f64> {
        (0..120)
            .map(|at| {
                let luck = invented(at * 7 + trial * 31) - 0.5;
                200.0 * (1.0 - (-(at as f64) / 14.0).exp()) + 30.0 * luck
            })
            .collect()
    };
    let flat = |trial: usize| -> Vec<f64> {
        (0..120)
            .map(|at| 0.02 + 0.01 * invented(at * 5 + trial * 17))
            .collect()
    };
    let trials: [Vec<Vec<f64>>; 2] = [(0..6).map(warming).collect(), (0..6).map(flat).collect()];
    let found: Vec<(Vec<f64>, Steady)> = trials
        .iter()
        .map(|trials| {
            let means = (0..120)
                .map(|at| trials.iter().map(|it| it[at]).sum::<f64>() / 6.0)
                .collect();
            (means, judged(trials, 24, 0.01, 0.05))
        })
        .collect();
    let words = [
        ("Children waiting", "children"),
        ("Missed cases", "per child"),
    ];
    let series: Vec<OneSeries> = words
        .iter()
        .zip(&found)
        .map(|((name, unit), (means, steady))| OneSeries {
            name,
            unit,
            means,
            steady,
        })
        .collect();
    let of = SeriesOfTrials {
        observation: "month",
        trials: 6,
        series: &series,
    };
    steady(&of, look).unwrap()
}

fn of_equivalent(many: usize, look: &Look) -> String {
    let names = structures(many);
    let curve: Vec<AtPosts> = [-10.0, -5.0, 0.0, 5.0, 10.0, 20.0]
        .into_iter()
        .map(|percent: f64| AtPosts {
            percent,
            difference: 40.0 * (-percent / 12.0).exp() - 40.0,
            standard_error: 0.2 * percent.abs(),
        })
        .collect();
    let each: Vec<Buys> = names
        .iter()
        .enumerate()
        .skip(1)
        .map(|(structure, it)| {
            let posts = match structure % 5 {
                0 => Reach::MoreThan(20.0),
                1 => Reach::Within(
                    7.4,
                    Some(Interval {
                        low: 5.1,
                        high: 9.9,
                    }),
                ),
                2 => Reach::Within(
                    1.0,
                    Some(Interval {
                        low: -1.5,
                        high: 3.2,
                    }),
                ),
                3 => Reach::LessThan(-10.0),
                _ => Reach::Within(
                    -6.0,
                    Some(Interval {
                        low: -8.0,
                        high: -4.2,
                    }),
                ),
            };
            Buys {
                structure,
                name: &it.name,
                difference: estimate(30.0 - 8.0 * structure as f64, 4.0),
                posts,
            }
        })
        .collect();
    let of = Equivalent {
        measure: measure("lost-cases"),
        baseline: &names[0].name,
        curve: &curve,
        structures: &each,
        runs: "20 trials each",
    };
    equivalent(&of, look).unwrap()
}

/// One chart of every kind.
fn every(look: &Look) -> Vec<(&'static str, String)> {
    let mut all = of_uncertainty((3, 5, 64, false), look);
    all.extend(of_indices(5, true, look));
    all.push(("flip", of_flip(5, true, look)));
    all.push(("tipping", of_tipping(3, 9, true, look)));
    all.push(("steady", of_steady(look)));
    all.push(("equivalent", of_equivalent(4, look)));
    all
}

/// Few and many, clear and all open.
fn extremes(look: &Look) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for (structures, values, draws, is_even) in [
        (1, 1, 20, false),
        (2, 1, 20, true),
        (2, 0, 128, false),
        (14, 40, 512, false),
        (14, 40, 2_000, true),
    ] {
        all.extend(of_uncertainty((structures, values, draws, is_even), look));
    }
    for (values, is_clear) in [(1, true), (40, false), (40, true)] {
        all.extend(of_indices(values, is_clear, look));
        all.push(("flip", of_flip(values, is_clear, look)));
    }
    for (structures, across, is_clear) in
        [(2, 2, true), (2, 5, false), (14, 21, true), (14, 41, false)]
    {
        all.push(("tipping", of_tipping(structures, across, is_clear, look)));
    }
    all.push(("equivalent", of_equivalent(2, look)));
    all.push(("equivalent", of_equivalent(14, look)));
    all
}

#[test]
fn charts_of_decisions_keep_their_words_and_marks_on_the_page() {
    for (_, svg) in every(&Look::default())
        .iter()
        .chain(&extremes(&Look::default()))
    {
        check(svg);
        assert!(svg.contains("role=\"img\"") && svg.contains("<desc id="));
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}

#[test]
fn a_choice_of_one_has_no_chart() {
    assert!(of_uncertainty((1, 5, 64, false), &Look::default()).is_empty());
    let of = SeriesOfTrials {
        observation: "month",
        trials: 2,
        series: &[],
    };
    assert_eq!(steady(&of, &Look::default()), None);
}

#[test]
fn titles_say_what_cannot_be_told() {
    let title = |svg: &str| crate::report::page::words_of(svg, "title").unwrap();
    let open = of_uncertainty((2, 1, 20, true), &Look::default());
    for (name, expected) in [
        ("chances", "No structure is surely best"),
        ("draws", "clearly better than “As things are” in 3%"),
        ("worth", "cannot tell that any single value"),
    ] {
        let (_, svg) = open.iter().find(|it| it.0 == name).unwrap();
        assert!(title(svg).contains(expected), "{}", title(svg));
    }
    for (_, svg) in of_indices(40, false, &Look::default()) {
        assert!(title(&svg).contains("cannot tell"), "{}", title(&svg));
    }
    let svg = of_flip(5, false, &Look::default());
    assert!(title(&svg).contains("cannot be told"), "{}", title(&svg));
    let svg = of_tipping(2, 5, false, &Look::default());
    assert!(title(&svg).starts_with("Nowhere on the map can these trials tell"));
}

#[test]
fn a_value_that_turns_the_ranking_is_marked_at_its_own_words() {
    let parameters = parameters(1);
    let points = [(0.0, 10.0), (1.0, -10.0)].map(|(share, difference)| AtShare {
        share,
        difference,
        standard_error: 1.0,
    });
    // Stated at a half it would not be told; moved to a quarter it is.
    let mut parameter = parameters[0].clone();
    parameter.stated = 0.25;
    let row = FlipRow {
        parameter: &parameter,
        rival: "Two",
        points: &points,
        parting: parting(&points, 0.25),
    };
    assert!(matches!(row.parting, Parting::Flips { .. }));
    let of = Flip {
        measure: measure("lost-cases"),
        leader: "One",
        is_clear: true,
        rows: &[row],
        runs: "2 places",
    };
    let svg = flip(&of, &Look::default()).unwrap();
    let words = crate::report::charts::decide::common::short(&parameter.drawable.words(0.5));
    assert!(svg.contains(&format!("turns at {words}")), "{words}");
    // 0 ± 1.96 lies between 0.402 and 0.598 of the range.
    let low = crate::report::charts::decide::common::short(&parameter.drawable.words(0.402));
    assert!(svg.contains(&format!("({low} to ")), "{low}");
}

#[test]
fn hostile_and_endless_names_of_structures_stay_in_their_places() {
    for name in [
        "<script>alert('x')</script> & \"co\"".to_owned(),
        "W".repeat(300),
        "many words ".repeat(60),
    ] {
        let of = of_measure(3, 3, false);
        let mut structures = structures(3);
        for it in &mut structures {
            it.name.clone_from(&name);
        }
        let mut parameters = parameters(3);
        for it in &mut parameters {
            it.drawable.path.clone_from(&name);
        }
        let choosing = Choosing {
            of: &of,
            structures: &structures,
            parameters: &parameters,
            grades: &GRADES,
            draws: 2,
            trials: 2,
        };
        let differences = Differences {
            by_structure: vec![vec![(1.0, None), (2.0, Some(0.1))]; 2],
        };
        let drawn = [
            chances(&choosing, &Look::default()),
            draws(&choosing, &differences, &Look::default()),
            worth(&choosing, &Look::default()),
            grades(&choosing, &Look::default()),
        ];
        for svg in drawn.into_iter().flatten() {
            check(&svg);
            assert!(!svg.contains("<script"));
        }
    }
}

#[test]
fn a_look_changes_title_width_and_colours_of_these_too() {
    let look = Look {
        title: Some("What the minister asked".to_owned()),
        width: Some(1_520),
        palette: Palette::Grey,
        measure: None,
    };
    for (name, svg) in every(&look) {
        assert!(svg.contains(">What the minister asked</text>"), "{name}");
        assert!(svg.contains(" width=\"1520\""), "{name}");
        assert!(!svg.contains("#12436d"), "{name}");
    }
}

#[test]
fn charts_of_decisions_are_as_they_were() {
    for (name, svg) in every(&Look::default()) {
        insta::assert_snapshot!(name, without_font(&svg));
    }
}
