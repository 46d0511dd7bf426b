//! `seamline equivalent`: how many more posts would do what each structure does, and which single
//! feature of joint working does most of it.

#![allow(clippy::print_stderr, reason = "printing is what a command is for")]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::process::ExitCode;

use super::WRONG;
use super::args::EquivalentArguments;
use super::question::{Question, Work, option};
use crate::inquiry::decide::equivalent::{self as inquiry, Asked, FEATURES, parts_of, services_of};
use crate::report::decide::equivalent as report;
use crate::report::terminal;
use crate::scenario::{self, Problems, Request, Scenario, Structure, ToVary, World};

/// Factors between which posts are tried.
const TRIED: std::ops::RangeInclusive<f64> = 0.1..=10.0;

/// Runs the study, and the baseline with more posts and with single features. Exit codes: 0 done, 1
/// could not finish, 2 wrong usage or a scenario with problems, 130 interrupted.
pub(crate) fn equivalent(arguments: &EquivalentArguments) -> ExitCode {
    let joined = |all: &[String]| all.join(",");
    let posts: Vec<String> = arguments.posts.iter().map(f64::to_string).collect();
    let mut options = [
        option("trials", arguments.trials),
        option("posts", joined(&posts)),
    ]
    .concat();
    if !arguments.services.is_empty() {
        options.extend(option("services", joined(&arguments.services)));
    }
    options.extend((arguments.parts.iter()).flat_map(|it| option("parts", it)));
    let question = Question {
        name: "equivalent",
        arguments: &arguments.question,
        options,
        vary: Vec::new(),
        any_measure: false,
        faults: wrong_numbers(arguments),
    };
    let features = Cell::new(0);
    let read = question.study_by(&|request| {
        let (mut scenario, mut found) = with_features(request, arguments.features.as_deref())?;
        if let Some(whole) = &arguments.parts {
            let parts = parts_of(&scenario, whole).unwrap_or_default();
            found += parts.len();
            scenario.structures.extend(parts);
        }
        features.set(found);
        Ok(ToVary {
            scenario,
            parameters: Vec::new(),
            left_out: Vec::new(),
            joint: None,
        })
    });
    let study = match read {
        Ok(study) => study,
        Err(code) => return code,
    };
    let scenario = &study.to_vary.scenario;
    if let Err(fault) = is_possible(scenario, arguments) {
        eprintln!("error: {fault}");
        return ExitCode::from(WRONG);
    }
    let asked = Asked {
        scenario: scenario.clone(),
        features: features.get(),
        factors: arguments.posts.clone(),
        services: arguments.services.clone(),
        trials: arguments.trials,
        measures: study.measures.clone(),
    };
    let work = Work {
        runs: u64::from(arguments.trials),
        called: "trials",
        known: BTreeMap::new(),
        find: &|plan, watch| inquiry::equivalent(&asked, plan, watch),
        files: &|found, view| report::files(found, scenario, view),
        said: &|found| terminal::equivalent(found, &scenario.study),
    };
    question.answer(&study, &[], &work)
}

/// The study with single features on its baseline after its structures, and how many these are. Of
/// those that nobody named, the ones that do not fit the study are left out.
fn with_features(
    request: &Request,
    wanted: Option<&[String]>,
) -> Result<(Scenario, usize), Problems> {
    let scenario = scenario::load(request)?;
    let ids: Vec<String> = scenario
        .structures
        .iter()
        .map(|it| it.id.to_string())
        .collect();
    let is_of_children = matches!(&*scenario.structures[0].world, World::Children(_));
    let with = |structures: String| Request {
        structures: Some(structures),
        ..request.clone()
    };
    let wanted: Vec<String> = match wanted {
        Some(named) => named.iter().filter(|it| *it != "none").cloned().collect(),
        None if is_of_children => {
            let fits = |it: &&str| scenario::load(&with(format!("{}+{it}", ids[0]))).is_ok();
            FEATURES
                .into_iter()
                .filter(fits)
                .map(str::to_owned)
                .collect()
        }
        None => Vec::new(),
    };
    if wanted.is_empty() {
        return Ok((scenario, 0));
    }
    let features: Vec<String> = wanted.iter().map(|it| with_overlay(&ids[0], it)).collect();
    let all: Vec<String> = ids[1..].iter().chain(&features).cloned().collect();
    let mut full = scenario::load(&with(all.join(",")))?;
    // A feature that is named among the structures as well stands with the features.
    let is_feature = |it: &Structure| features.iter().any(|id| it.id.as_str() == id);
    let (last, first): (Vec<Structure>, Vec<Structure>) =
        full.structures.into_iter().partition(is_feature);
    let found = last.len();
    full.structures = first.into_iter().chain(last).collect();
    Ok((full, found))
}

/// The id of a structure with one more overlay: those that it carries stand in order.
fn with_overlay(structure: &str, overlay: &str) -> String {
    let mut parts = structure.split('+');
    let name = parts.next().unwrap_or_default();
    let mut overlays: Vec<&str> = parts.chain([overlay]).collect();
    overlays.sort_unstable();
    overlays.dedup();
    format!("{name}+{}", overlays.join("+"))
}

/// What is wrong with the numbers of the command.
fn wrong_numbers(arguments: &EquivalentArguments) -> Vec<String> {
    let mut faults = Vec::new();
    if arguments.trials < 2 {
        let found = arguments.trials;
        faults.push(format!(
            "--trials is 2 at least, found {found}: with one trial luck cannot be told"
        ));
    }
    for factor in &arguments.posts {
        if !TRIED.contains(factor) {
            faults.push(format!(
                "--posts takes factors from {} to {}, found {factor}",
                TRIED.start(),
                TRIED.end()
            ));
        }
    }
    if (arguments.posts.iter()).all(|it| (it - 1.0).abs() < 1e-9) {
        faults.push("--posts names no other number of posts than there is".to_owned());
    }
    faults
}

/// Tells what the study lacks for the question.
fn is_possible(scenario: &Scenario, arguments: &EquivalentArguments) -> Result<(), String> {
    if scenario.structures.len() < 2 {
        return Err(
            "the study has no structure beside its baseline: name some with --structures"
                .to_owned(),
        );
    }
    if let Some(whole) = &arguments.parts
        && parts_of(scenario, whole).is_none()
    {
        let others = scenario.structures[1..].iter().map(|it| it.id.as_str());
        return Err(format!(
            "--parts names `{whole}`, which is not among the structures that are compared: {}",
            others.collect::<Vec<_>>().join(", ")
        ));
    }
    let known = services_of(scenario);
    if known.is_empty() {
        return Err("no service of the study has posts or places that could be more".to_owned());
    }
    for service in &arguments.services {
        if !known.contains(service) {
            return Err(format!(
                "--services names `{service}`, which has no posts or limited places here; there are {}",
                known.join(", ")
            ));
        }
    }
    Ok(())
}
