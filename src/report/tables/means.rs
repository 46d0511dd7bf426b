//! Tables of what structures have to work with, and of the study at other numbers of posts.

use super::{
    HIGH, LOW, MEASURE, NOTE, STRUCTURE, Table, UNIT, column, note, number, structure_id, three,
};
use crate::analysis::{MeansOf, Summary, Work};
use crate::measures::Overhead;

pub(super) fn means(summary: &Summary) -> Table {
    Table {
        file: "means.csv",
        about: "What each structure has to work with, all areas together: posts, overheads, money and \
                the load offered to each service.",
        columns: const {
            &[
                STRUCTURE,
                column(
                    "quantity",
                    "`front-line-posts`, `overhead-posts`, `all-posts-over-baseline`, \
                     `overhead-hours` (as simulated), `running-cost`, `running-cost-over-baseline`, \
                     `one-off-cost`, or `offered-load` of a kind of work: what is asked for, for each \
                     unit of capacity, were nobody kept waiting; at 1 or more the service cannot keep up.",
                ),
                column(
                    "of",
                    "Id of the service, of the overhead or, for offered load, of service and work; or \
                     `all`.",
                ),
                column(
                    "value",
                    "The value; it follows from the scenario, but for hours.",
                ),
                UNIT,
                NOTE,
            ]
        },
        rows: summary
            .means
            .iter()
            .enumerate()
            .flat_map(|(structure, means)| means_rows(summary, structure, means))
            .collect(),
    }
}

fn means_rows(summary: &Summary, structure: usize, of: &MeansOf) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut push = |quantity: &str, what: &str, value: f64, unit: &str| {
        rows.push(vec![
            structure_id(summary, structure),
            quantity.to_owned(),
            what.to_owned(),
            number(value),
            unit.to_owned(),
            note(summary),
        ]);
    };
    let posts = "full-time posts";
    push("front-line-posts", "all", of.front_line, posts);
    for (service, value) in summary.services.iter().zip(&of.means.front_line) {
        push("front-line-posts", &service.id, *value, posts);
    }
    push("overhead-posts", "all", of.overheads, posts);
    for (overhead, value) in Overhead::ALL.iter().zip(of.means.overheads) {
        push("overhead-posts", overhead.id(), value, posts);
    }
    for (overhead, value) in Overhead::ALL.iter().zip(of.overhead_hours) {
        push("overhead-hours", overhead.id(), value, "hours a year");
    }
    push(
        "all-posts-over-baseline",
        "all",
        100.0 * of.posts_over_baseline,
        "%",
    );
    if let Some(over) = of.cost_over_baseline {
        push(
            "running-cost",
            "all",
            of.means.pounds_a_year,
            "pounds a year",
        );
        push("running-cost-over-baseline", "all", 100.0 * over, "%");
        push("one-off-cost", "all", of.means.one_off_pounds, "pounds");
    }
    for (service, offered) in summary.services.iter().zip(&of.means.offered) {
        for work in Work::ALL {
            if let Some(load) = work.offered(offered) {
                let what = format!("{} {}", service.id, work.id());
                push("offered-load", &what, load, "for each unit of capacity");
            }
        }
    }
    rows
}

pub(super) fn at_posts(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for at in &summary.at_posts {
        for compared in &at.measures {
            let ranking = at
                .rankings
                .iter()
                .find(|ranking| ranking.measure.id == compared.measure.id);
            for (place, row) in compared.rows.iter().enumerate() {
                let [estimate, low, high] = three(row.estimate, 1.0);
                let [difference, low_difference, high_difference] = three(row.simultaneous, 1.0);
                let order = ranking
                    .and_then(|ranking| ranking.order.iter().position(|other| *other == place))
                    .map_or_else(String::new, |order| (order + 1).to_string());
                rows.push(vec![
                    number(at.factor),
                    compared.measure.id.to_owned(),
                    compared.measure.unit.to_owned(),
                    structure_id(summary, place),
                    estimate,
                    low,
                    high,
                    difference,
                    low_difference,
                    high_difference,
                    order,
                    note(summary),
                ]);
            }
        }
    }
    Table {
        file: "at-posts.csv",
        about: "The measures that stand forward with other numbers of posts: orders can turn with load.",
        columns: const {
            &[
                column("posts_times", "Factor on all posts."),
                MEASURE,
                UNIT,
                STRUCTURE,
                column("estimate", "The estimate."),
                LOW,
                HIGH,
                column(
                    "difference",
                    "The structure's value less the baseline's, paired within trials; empty for the \
                     baseline.",
                ),
                column(
                    "difference_low_95_together",
                    "Lower end of the interval that holds together with those of all structures.",
                ),
                column("difference_high_95_together", "Upper end of the same."),
                column(
                    "place",
                    "Place by the estimate alone; says nothing of chance.",
                ),
                NOTE,
            ]
        },
        rows,
    }
}
