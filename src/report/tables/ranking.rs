//! Tables of what can be told apart: each structure in the order of its estimate, and every pair.

use super::{MEASURE, NOTE, STRUCTURE, STRUCTURE_NAME, Table, UNIT, column, note, three};
use crate::analysis::{Summary, Verdict};
use crate::report::unit_of_difference;

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Lower => "lower",
        Verdict::Higher => "higher",
        Verdict::CannotTell => "cannot tell",
    }
}

pub(super) fn ranking(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for ranking in &summary.rankings {
        for (place, structure) in ranking.order.iter().enumerate() {
            let groups: Vec<String> = ranking
                .groups
                .iter()
                .enumerate()
                .filter(|(_, group)| group.contains(structure))
                .map(|(number, _)| (number + 1).to_string())
                .collect();
            rows.push(vec![
                ranking.measure.id.to_owned(),
                (place + 1).to_string(),
                summary.structures[*structure].id.clone(),
                summary.structures[*structure].name.clone(),
                groups.join(" "),
                ranking
                    .against_baseline(*structure)
                    .map_or("baseline", word)
                    .to_owned(),
                note(summary),
            ]);
        }
    }
    Table {
        file: "ranking.csv",
        about: "Structures in the order of their estimates, by each measure that stands forward, and \
                which of them these trials cannot tell apart.",
        columns: const {
            &[
                MEASURE,
                column(
                    "place",
                    "Place by the estimate alone, the one that is better for children first; says \
                     nothing of chance.",
                ),
                STRUCTURE,
                STRUCTURE_NAME,
                column(
                    "groups",
                    "Numbers of the groups it is in. No two of a group can be told apart; groups may \
                     overlap.",
                ),
                column(
                    "against_baseline",
                    "`lower` or `higher` than the baseline, or `cannot tell`, by intervals that hold \
                     together.",
                ),
                NOTE,
            ]
        },
        rows,
    }
}

pub(super) fn pairs(summary: &Summary) -> Table {
    let mut rows = Vec::new();
    for ranking in &summary.rankings {
        for pair in &ranking.pairs {
            let [difference, low, high] = three(Some(pair.difference), 1.0);
            rows.push(vec![
                ranking.measure.id.to_owned(),
                unit_of_difference(ranking.measure).to_owned(),
                summary.structures[pair.of].id.clone(),
                summary.structures[pair.from].id.clone(),
                difference,
                low,
                high,
                word(Verdict::on(pair)).to_owned(),
            ]);
        }
    }
    Table {
        file: "pairs.csv",
        about: "The difference of every pair of structures, with intervals that hold together over all \
                pairs of a measure.",
        columns: const {
            &[
                MEASURE,
                UNIT,
                STRUCTURE,
                column("less", "Id of the structure that is taken away."),
                column(
                    "difference",
                    "The value of the first less that of the second.",
                ),
                column("low_95_together", "Lower end of its interval."),
                column("high_95_together", "Upper end of its interval."),
                column(
                    "verdict",
                    "`lower` or `higher` where the interval leaves out zero, else `cannot tell`.",
                ),
            ]
        },
        rows,
    }
}
