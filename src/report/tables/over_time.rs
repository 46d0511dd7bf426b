//! Tables by month since decision day.

use super::{
    HIGH, LOW, NOTE, STRUCTURE, Table, UNIT, column, maybe, note, number, structure_id, three,
};
use crate::analysis::{Spread, Summary};
use crate::units::Days;

const SERIES: super::Column = column(
    "series",
    "Id of what is followed; worded in dictionary.csv.",
);
const MONTH: super::Column = column(
    "month",
    "Number of the month since decision day, from 1; the last may be part of a month.",
);

fn vesting_month(summary: &Summary, structure: usize) -> String {
    let vesting = summary.vesting.get(structure).copied().flatten();
    maybe(vesting.map(|days| days.get() / Days::MONTH.get()))
}

pub(super) fn monthly(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for monthly in &summary.months {
        for (place, month) in monthly.months.iter().enumerate() {
            let [value, low, high] = three(month.value, 1.0);
            let [difference, low_difference, high_difference] = three(month.difference, 1.0);
            let quantile = |pick: fn(&Spread) -> f64| maybe(month.spread.as_ref().map(pick));
            let [sum, low_sum, high_sum] = three(month.cumulative, 1.0);
            rows.push(vec![
                structure_id(summary, monthly.structure),
                monthly.series.id().to_owned(),
                (place + 1).to_string(),
                value,
                low,
                high,
                quantile(|spread| spread.tenth),
                quantile(|spread| spread.quarter),
                quantile(|spread| spread.median),
                quantile(|spread| spread.three_quarters),
                quantile(|spread| spread.nine_tenths),
                difference,
                low_difference,
                high_difference,
                sum,
                low_sum,
                high_sum,
                monthly.series.unit(summary.scope).to_owned(),
            ]);
        }
    }
    Table {
        file: "monthly.csv",
        about: "What happened month by month since decision day, the difference from the baseline, and \
                the sum of those differences.",
        columns: const {
            &[
                STRUCTURE,
                SERIES,
                MONTH,
                column("estimate", "The value of the month, mean over trials."),
                LOW,
                HIGH,
                column("trials_10", "One trial in ten lies below this."),
                column("trials_25", "One trial in four lies below this."),
                column("trials_median", "Half of the trials lie below this."),
                column("trials_75", "Three trials in four lie below this."),
                column("trials_90", "Nine trials in ten lie below this."),
                column(
                    "difference",
                    "The structure's value less the baseline's, paired within trials; empty for the \
                     baseline.",
                ),
                column("difference_low_95", "Lower end of its interval."),
                column("difference_high_95", "Upper end of its interval."),
                column(
                    "cumulative",
                    "Sum of the differences up to and with this month; empty for shares.",
                ),
                column("cumulative_low_95", "Lower end of its interval."),
                column("cumulative_high_95", "Upper end of its interval."),
                UNIT,
            ]
        },
        rows,
    }
}

pub(super) fn break_even(summary: &Summary) -> Table {
    let month = |month: Option<usize>| month.map_or_else(String::new, |month| month.to_string());
    let rows = summary
        .break_even
        .iter()
        .map(|even| {
            vec![
                structure_id(summary, even.structure),
                even.series.id().to_owned(),
                vesting_month(summary, even.structure),
                month(even.month),
                month(even.earliest),
                month(even.latest),
                even.trials.to_string(),
                summary.trials.to_string(),
                note(summary),
            ]
        })
        .collect();
    Table {
        file: "break-even.csv",
        about: "The first month after which the sum of the differences from the baseline stays at or \
                below zero to the end of the study.",
        columns: const {
            &[
                STRUCTURE,
                SERIES,
                column(
                    "vesting_months",
                    "Months from decision day to vesting day; empty where nothing changes.",
                ),
                column(
                    "break_even_month",
                    "Number of that month for the mean over trials; empty: not within the study.",
                ),
                column(
                    "earliest_month",
                    "The same for the lower end of the sum's 95% interval.",
                ),
                column("latest_month", "The same for its upper end."),
                column(
                    "trials_that_break_even",
                    "Trials that break even within the study.",
                ),
                column("trials", "Number of trials."),
                NOTE,
            ]
        },
        rows,
    }
}

pub(super) fn service_months(summary: &Summary) -> Table {
    let rows = summary
        .service_months
        .iter()
        .map(|load| {
            vec![
                structure_id(summary, load.structure),
                (load.month + 1).to_string(),
                summary.services[load.service].id.clone(),
                number(load.served),
                maybe(load.places),
                maybe(load.in_use.map(|share| 100.0 * share)),
                number(load.waiting),
            ]
        })
        .collect();
    Table {
        file: "service-months.csv",
        about: "Services month by month, all areas together, mean over trials.",
        columns: const {
            &[
                STRUCTURE,
                MONTH,
                column("service", "Id of the service."),
                column("mean_served", "Mean number being served."),
                column(
                    "mean_places",
                    "Mean number of places; empty where unlimited.",
                ),
                column(
                    "in_use_percent",
                    "Share of places in use; 100 at most, as work that runs on after places fall keeps \
                     all of them in use. Empty where unlimited.",
                ),
                column("mean_waiting", "Mean number in the waiting list."),
            ]
        },
        rows,
    }
}
