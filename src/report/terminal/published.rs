//! Published figures beside what was simulated, as text and as JSON.

use serde::Serialize;

use super::text::{push_grid, push_wrapped};
use crate::analysis::Agreement;
use crate::inquiry::published::{Held, agreeing};
use crate::report::numbers::{plain, rounded};
use crate::scenario::{FigureSet, Role, Simulated, Study};

/// The table of figures by role, and what the table proves.
pub fn figures(set: &FigureSet, held: &[Held], study: &Study, is_network: bool) -> String {
    let mut text = String::new();
    push_wrapped(&mut text, &format!("{}: {}", study.name, set.name), 2);
    push_wrapped(&mut text, &set.summary, 0);
    for (role, title) in [
        (
            Role::HeldOut,
            "Held out: not looked at when values were chosen",
        ),
        (
            Role::Fitted,
            "Fitted: values were chosen so that these come out",
        ),
        (Role::Input, "Inputs: values were taken from these"),
    ] {
        let simulated: Vec<&Held> = (held.iter())
            .filter(|it| it.figure.role == role && is_simulated(it))
            .collect();
        if simulated.is_empty() {
            continue;
        }
        text.push('\n');
        push_wrapped(&mut text, title, 0);
        push_rows(&mut text, &simulated, is_network);
        let (all, close, near) = agreeing(held, role);
        let sum = format!(
            "{close} of {all} within one standard error of what was published, {near} within two."
        );
        push_wrapped(&mut text, &sum, 0);
    }
    let absent: Vec<&Held> = held.iter().filter(|it| !is_simulated(it)).collect();
    if !absent.is_empty() {
        text.push_str("\nPublished, and not simulated\n");
    }
    for it in absent {
        if let Simulated::Not(why) = &it.figure.simulated {
            push_wrapped(&mut text, &format!("  {}: {why}", it.figure.name), 4);
        }
    }
    text.push('\n');
    let meaning = "Only what was held out tells whether the model is right beyond what it was made \
        to show. The interval beside a simulated figure is its luck over trials; the one beside a \
        published figure is its standard error with all that its definition leaves open.";
    push_wrapped(&mut text, meaning, 0);
    text
}

fn is_simulated(held: &Held) -> bool {
    matches!(held.figure.simulated, Simulated::Flow(_))
}

fn push_rows(text: &mut String, held: &[&Held], is_network: bool) {
    let rows: Vec<(String, Vec<String>)> = held.iter().map(|it| row(it, is_network)).collect();
    let rows: Vec<(&str, Vec<String>)> = (rows.iter())
        .map(|(name, cells)| (name.as_str(), cells.clone()))
        .collect();
    let heads = ["published", "simulated", "95% interval", ""].map(str::to_owned);
    push_grid(text, &heads, &rows);
}

fn row(held: &Held, is_network: bool) -> (String, Vec<String>) {
    let figure = &held.figure;
    let unit = match &figure.simulated {
        Simulated::Flow(of) => of.flow.unit().words(is_network),
        Simulated::Not(_) => "",
    };
    let places = decimals(figure.within);
    let published = format!(
        "{} ± {}",
        plain(figure.value, places),
        plain(figure.within, places)
    );
    let (simulated, interval) = match held.simulated {
        None => ("none".to_owned(), String::new()),
        Some(estimate) => (
            plain(estimate.value, places),
            estimate.interval.map_or_else(String::new, |it| {
                format!("{} to {}", plain(it.low, places), plain(it.high, places))
            }),
        ),
    };
    let verdict = match held.agreement {
        Some(Agreement::Close) => "close",
        Some(Agreement::Near) => "near",
        Some(Agreement::Off) => "OFF",
        None => "",
    };
    (
        format!("{}, {unit}", figure.name),
        vec![published, simulated, interval, verdict.to_owned()],
    )
}

/// Decimals in which a standard error shows two digits.
pub(super) fn decimals(within: f64) -> usize {
    match within {
        within if within >= 10.0 => 0,
        within if within >= 1.0 => 1,
        within if within >= 0.1 => 2,
        _ => 3,
    }
}

#[derive(Serialize)]
struct FigureView<'a> {
    id: &'a str,
    name: &'a str,
    role: &'a str,
    quantity: Option<&'a str>,
    unit: Option<&'a str>,
    published: f64,
    within: f64,
    simulated: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    agreement: Option<&'a str>,
    not_simulated: Option<&'a str>,
    source: &'a str,
}

/// The same as JSON, one object for each figure.
pub fn figures_json(held: &[Held], is_network: bool) -> String {
    let views: Vec<FigureView<'_>> = (held.iter())
        .map(|it| {
            let flow = match &it.figure.simulated {
                Simulated::Flow(of) => Some(of.flow),
                Simulated::Not(_) => None,
            };
            let interval = it.simulated.and_then(|simulated| simulated.interval);
            FigureView {
                id: it.figure.id.as_str(),
                name: &it.figure.name,
                role: it.figure.role.id(),
                quantity: flow.map(|flow| flow.id()),
                unit: flow.map(|flow| flow.unit().words(is_network)),
                published: it.figure.value,
                within: it.figure.within,
                simulated: it.simulated.map(|it| rounded(it.value)),
                low: interval.map(|it| rounded(it.low)),
                high: interval.map(|it| rounded(it.high)),
                agreement: it.agreement.map(|agreement| match agreement {
                    Agreement::Close => "close",
                    Agreement::Near => "near",
                    Agreement::Off => "off",
                }),
                not_simulated: match &it.figure.simulated {
                    Simulated::Not(why) => Some(why),
                    Simulated::Flow(_) => None,
                },
                source: &it.figure.source,
            }
        })
        .collect();
    serde_json::to_string_pretty(&views).unwrap_or_default()
}
