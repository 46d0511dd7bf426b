//! Tables of scripted children: what never happened to them, and what each occasion led to.

use super::{HIGH, LOW, NOTE, STRUCTURE, Table, column, maybe, note, number, structure_id, three};
use crate::analysis::{CaseOccasion, Never, Summary};
use crate::measures::Fate;

pub(super) fn cases(summary: &Summary) -> Table {
    let cases = &summary.cases;
    let chances = cases.chances.iter().map(|chance| {
        let case = &cases.named[chance.case];
        let [value, low, high] = three(chance.share, 1.0);
        let [difference, difference_low, difference_high] = three(chance.difference, 1.0);
        let [independent, independent_low, independent_high] = three(chance.independent, 1.0);
        let [together, together_low, together_high] = three(chance.together, 1.0);
        vec![
            structure_id(summary, chance.structure),
            case.id.clone(),
            chance.never.id().to_owned(),
            "%".to_owned(),
            cases.children[chance.case].to_string(),
            value,
            low,
            high,
            difference,
            difference_low,
            difference_high,
            independent,
            independent_low,
            independent_high,
            together,
            together_low,
            together_high,
            note(summary),
        ]
    });
    let days = cases.days.iter().map(|days| {
        let [value, low, high] = three(days.days, 1.0);
        let [difference, difference_low, difference_high] = three(days.difference, 1.0);
        let mut row = vec![
            structure_id(summary, days.structure),
            cases.named[days.case].id.clone(),
            "days-to-help".to_owned(),
            "days".to_owned(),
            cases.children[days.case].to_string(),
            value,
            low,
            high,
            difference,
            difference_low,
            difference_high,
        ];
        row.extend((0..6).map(|_| String::new()));
        row.push(note(summary));
        row
    });
    Table {
        file: "cases.csv",
        about: "Scripted children: the share to whom something never happened within the script.",
        columns: const {
            &[
                STRUCTURE,
                CASE,
                column(
                    "quantity",
                    "`never-helped`: no fitting help began, so every occasion was missed; \
                     `never-planned`, `never-assessed`, `never-accepted`, `never-referred` and \
                     `never-noted`: no occasion brought the child so far; `days-to-help`: mean days \
                     from the beginning of the script to the first fitting help, of those helped.",
                ),
                column(
                    "unit",
                    "Unit of the values in the row; of differences of shares, percentage points.",
                ),
                column(
                    "children",
                    "Children who lived through the script under each structure, all trials together.",
                ),
                column("value", "The estimate."),
                LOW,
                HIGH,
                column(
                    "difference",
                    "Paired difference from the baseline; empty for the baseline.",
                ),
                column("difference_low_95", "Lower end of its interval of 95%."),
                column("difference_high_95", "Upper end of its interval of 95%."),
                column(
                    "independent",
                    "What the share would be if occasions failed independently: the product over \
                     occasions of the share left when the child is met on that occasion alone.",
                ),
                column("independent_low_95", "Lower end of its interval of 95%."),
                column("independent_high_95", "Upper end of its interval of 95%."),
                column(
                    "together",
                    "The value less that; more than 0 where occasions fail together, less where they \
                     add up.",
                ),
                column("together_low_95", "Lower end of its interval of 95%."),
                column("together_high_95", "Upper end of its interval of 95%."),
                NOTE,
            ]
        },
        rows: chances.chain(days).collect(),
    }
}

const CASE: super::Column = column("case", "Id of the script.");

pub(super) fn occasions(summary: &Summary) -> Table {
    let rows = summary.cases.occasions.iter();
    Table {
        file: "case-occasions.csv",
        about: "Scripted children: what each occasion led to, in percent of those met on it.",
        columns: const {
            &[
                STRUCTURE,
                CASE,
                column("occasion", "Id of the occasion."),
                column("occasion_name", "The same in words."),
                column("day", "Day of the script."),
                column("met_by", "Id of the source that meets the child."),
                column(
                    "failure",
                    "What went wrong on the real occasion, as the script says; may be empty.",
                ),
                column("children", "Children met, all trials together."),
                column("noted_percent", "Something about the need was noted."),
                column("referred_percent", "The source referred the need."),
                column("accepted_percent", "... and a front door accepted."),
                column("assessed_percent", "... and an assessment was completed."),
                column("planned_percent", "... and help was planned."),
                column("helped_percent", "... and fitting help began."),
                column(
                    "not_noted_percent",
                    "What came of it: nothing was noted. This column and the next seven add up to 100 with `helped_percent`.",
                ),
                column("not_enough_percent", "Noted, and not enough to refer."),
                column("in_hand_percent", "Somebody else had the case."),
                column("lost_percent", "The referral was lost."),
                column("turned_away_percent", "Turned away at a front door."),
                column(
                    "not_found_percent",
                    "Assessed, and no need found that is helped.",
                ),
                column("gave_up_percent", "The family gave up waiting."),
                column(
                    "unfinished_percent",
                    "Still under way, or with a service that does not fit, at the end of the script.",
                ),
                column(
                    "not_yet_helped_percent",
                    "Not yet helped when the occasion came.",
                ),
                LOW,
                HIGH,
                column(
                    "first_help_percent",
                    "Share whose first fitting help it led to.",
                ),
                column(
                    "helped_alone_percent",
                    "Share of other children, met on this occasion alone, whom it brought to fitting help; empty if nobody was.",
                ),
                column("helped_alone_low_95", "Lower end of its interval of 95%."),
                column("helped_alone_high_95", "Upper end of its interval of 95%."),
            ]
        },
        rows: rows.map(|occasion| row(summary, occasion)).collect(),
    }
}

fn row(summary: &Summary, of: &CaseOccasion) -> Vec<String> {
    let case = &summary.cases.named[of.case];
    let occasion = &case.occasions[of.occasion];
    let mut row = vec![
        structure_id(summary, of.structure),
        case.id.clone(),
        occasion.id.clone(),
        occasion.name.clone(),
        number(occasion.day.get()),
        summary.sources[occasion.met_by].id.clone(),
        occasion.failure.clone(),
        of.met.to_string(),
    ];
    let steps = Never::ALL.iter().rev();
    row.extend(steps.map(|never| maybe(of.reached[never.step().index()])));
    let failures = Fate::ALL.iter().filter(|fate| **fate != Fate::Helped);
    row.extend(failures.map(|fate| maybe(of.fates[fate.index()])));
    row.extend(three(of.not_yet_helped, 1.0));
    row.push(maybe(of.first_help));
    row.extend(three(of.helped_alone, 1.0));
    row
}
