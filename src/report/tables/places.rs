//! Tables of numbers present and of what numbers of places would mean; for networks.

use super::{HIGH, LOW, STRUCTURE, Table, column, maybe, number, structure_id, three};
use crate::analysis::{Delayed, Exact, Summary};

const SERVICE: super::Column = column("service", "Id of the service.");

pub(super) fn places(summary: &Summary) -> Table {
    let row = |it: &Delayed| {
        let exact = |pick: fn(Exact) -> f64| maybe(it.exact.map(|exact| 100.0 * pick(exact)));
        let sharing = it.sharing.map(|place| summary.sharings[place].id.clone());
        let mut row = vec![
            structure_id(summary, it.structure),
            summary.services[it.service].id.clone(),
            sharing.unwrap_or_default(),
            it.own.to_string(),
            it.common.to_string(),
        ];
        row.extend(three(it.delayed, 100.0));
        row.push(exact(|it| it.delayed));
        row.extend(three(it.none_free, 100.0));
        row.push(exact(|it| it.none_free));
        row
    };
    Table {
        file: "places.csv",
        about: "What numbers of places would have meant, read from how many were present.",
        columns: const {
            &[
                STRUCTURE,
                SERVICE,
                column(
                    "sharing",
                    "Id of the division of places; empty where the service has its places alone.",
                ),
                column("own_places", "Places of its own."),
                column("shared_places", "Places that it shares with others."),
                column(
                    "delayed_percent",
                    "Share of its cases that would have found no place: time with every place that \
                     it can use taken, of the time in which all present have one.",
                ),
                LOW,
                HIGH,
                column(
                    "exact_delayed_percent",
                    "The same by theory (for one service Erlang's loss formula); empty where theory \
                     does not know how many are present.",
                ),
                column(
                    "none_free_percent",
                    "Share of the time in which one more case would have found no place, whether all \
                     present have one or not.",
                ),
                column("none_free_low_95", "Lower end of its interval of 95%."),
                column("none_free_high_95", "Upper end of its interval of 95%."),
                column("exact_none_free_percent", "The same by theory."),
            ]
        },
        rows: summary.delayed.iter().map(row).collect(),
    }
}

pub(super) fn present(summary: &Summary) -> Table {
    let held = (summary.present.iter()).filter(|it| it.time > 0.0 || it.found > 0.0);
    let rows = held.map(|it| {
        vec![
            structure_id(summary, it.structure),
            summary.services[it.service].id.clone(),
            it.number.to_string(),
            number(100.0 * it.time),
            number(100.0 * it.found),
            maybe(it.exact.map(|exact| 100.0 * exact)),
        ]
    });
    Table {
        file: "present.csv",
        about: "How many were present at each service, waiting or served: of the time, and as the cases \
                that came found it.",
        columns: const {
            &[
                STRUCTURE,
                SERVICE,
                column("present", "Number present; 1000 is that or more."),
                column("time_percent", "Share of the time with so many present."),
                column(
                    "found_percent",
                    "Share of the cases that came and found so many present.",
                ),
                column(
                    "exact_time_percent",
                    "Share of the time by theory; empty where it does not know how many are present.",
                ),
            ]
        },
        rows: rows.collect(),
    }
}
