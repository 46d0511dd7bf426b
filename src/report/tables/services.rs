//! Tables of services and of everything that is simply counted.

use super::{STRUCTURE, Table, column, maybe, number};
use crate::analysis::Summary;

pub(super) fn services(summary: &Summary) -> Table {
    let rows = summary
        .loads
        .iter()
        .map(|load| {
            vec![
                summary.structures[load.structure].id.clone(),
                summary.services[load.service].id.clone(),
                number(load.referrals),
                number(load.rereferrals),
                number(load.accepted),
                number(load.initial_assessments),
                number(load.core_assessments),
                number(load.joined),
                number(load.started),
                number(load.ended),
                number(load.gave_up),
                number(load.turned_away),
                maybe(load.wait_days),
                number(load.waiting),
                number(load.served),
                number(load.served_at_end),
                maybe(load.places_in_use.map(|share| 100.0 * share)),
                maybe(load.screening_in_use.map(|share| 100.0 * share)),
                maybe(load.assessment_in_use.map(|share| 100.0 * share)),
            ]
        })
        .collect();
    Table {
        file: "services.csv",
        about: "What each service did, all areas together, mean over trials.",
        columns: const {
            &[
                STRUCTURE,
                column("service", "Id of the service."),
                column("referrals_per_year", "Referrals by sources to its door."),
                column(
                    "rereferrals_per_year",
                    "... within 12 months of an earlier one about the child.",
                ),
                column("accepted_per_year", "... accepted at screening."),
                column(
                    "initial_assessments_per_year",
                    "Initial assessments completed.",
                ),
                column("core_assessments_per_year", "Core assessments completed."),
                column("joined_per_year", "Cases that joined the waiting list."),
                column("started_per_year", "Cases that began to be served."),
                column("ended_per_year", "Cases that ended being served."),
                column("gave_up_per_year", "Cases that gave up waiting."),
                column(
                    "turned_away_per_year",
                    "Cases that found the waiting room full, wherever they went then.",
                ),
                column(
                    "mean_wait_days",
                    "Mean days waited by those that began; empty if none did.",
                ),
                column("mean_waiting", "Mean number in the waiting list."),
                column("mean_served", "Mean number being served."),
                column(
                    "served_at_end",
                    "Number being served at the end of the study.",
                ),
                column(
                    "places_in_use_percent",
                    "Share of places in use; empty where unlimited.",
                ),
                column(
                    "screening_in_use_percent",
                    "Share of screening time in use; empty if none.",
                ),
                column(
                    "assessment_in_use_percent",
                    "Share of assessment places in use; empty if none.",
                ),
            ]
        },
        rows,
    }
}

pub(super) fn counts(summary: &Summary) -> Table {
    let rows = summary
        .counts
        .iter()
        .map(|counted| {
            vec![
                summary.structures[counted.structure].id.clone(),
                counted.what.id().to_owned(),
                counted.what.label().to_owned(),
                number(counted.per_year),
                maybe(counted.per_10k_children),
            ]
        })
        .collect();
    Table {
        file: "counts.csv",
        about: "Everything that is simply counted, all areas together, mean over trials.",
        columns: const {
            &[
                STRUCTURE,
                column("count", "Id of what is counted."),
                column("count_name", "The same in words."),
                column("per_year", "Times a year."),
                column(
                    "per_10k_children_per_year",
                    "Times a year for 10,000 children; empty in a network study.",
                ),
            ]
        },
        rows,
    }
}
