//! A tally as a plain list of numbers, each with the place where it stands: for comparing two of them
//! and saying in words where they part.

use super::{Fields, Tally};
use crate::measures::{HandoffEnd, Stage, Step};

/// A part of a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Plain counts, by [`crate::measures::Count`].
    Counts,
    /// One service.
    Services,
    /// One need.
    Needs,
    /// One area.
    Areas,
    /// Missed cases by need and standing.
    MissedStood,
    /// Seconds of grace of missed cases by need and standing.
    MissedSeconds,
    /// Missed cases by year.
    MissedByYear,
    /// Handoffs by kind and pair of ends.
    Pairs,
    /// Handoffs by kind, end and days.
    HandoffEnds,
    /// Part days of begun handoffs, by kind.
    PartDays,
    /// Handoffs by end and days, as recorded.
    RecordedEnds,
    /// One month.
    Months,
    /// One month of one service.
    ServiceMonths,
    /// Seconds of work besides the children themselves.
    Overheads,
    /// Outcomes against those under the baseline.
    Discordance,
    /// Referrals by source and service.
    ReferralsFrom,
    /// Spans at services by days.
    Spans,
    /// Joint steps.
    JointSteps,
    /// Children at a level of a need.
    Levels,
    /// Seconds with so many present at a service, by service; the field is empty.
    Present(usize),
    /// Cases that found so many present at a service, by service.
    Found(usize),
    /// Services that share places, by group.
    Sharing(usize),
    /// Scripted children, by script.
    Cases(usize),
    /// Children present.
    ChildSeconds,
    /// Events handled.
    Events,
}

/// One number of a tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The part it belongs to.
    pub part: Part,
    /// Its place in that part, in the order of the tally's own list.
    pub place: usize,
    /// The field at that place, as the tally names it; empty where a place holds one number.
    pub field: &'static str,
    /// The number.
    pub value: u64,
}

impl Tally {
    /// Every number, plain counts first.
    pub fn entries(&self) -> Vec<Entry> {
        let mut all = Vec::new();
        plain(&mut all, Part::Counts, self.counts);
        fields(&mut all, Part::Services, &self.services);
        fields(&mut all, Part::Needs, &self.needs);
        for (place, need) in self.needs.iter().enumerate() {
            for (step, value) in Step::ALL.iter().zip(need.steps) {
                all.push(Entry {
                    part: Part::Needs,
                    place,
                    field: step.label(),
                    value,
                });
            }
        }
        fields(&mut all, Part::Areas, &self.areas);
        plain(
            &mut all,
            Part::MissedStood,
            self.missed_stood.iter().copied(),
        );
        let seconds = self.missed_seconds.iter().copied();
        plain(&mut all, Part::MissedSeconds, seconds);
        let by_year = self.known_missed_by_year.iter().copied();
        plain(&mut all, Part::MissedByYear, by_year);
        self.pair_entries(&mut all);
        let ends = self.handoff_ends.iter().copied().map(u64::from);
        plain(&mut all, Part::HandoffEnds, ends);
        plain(&mut all, Part::PartDays, self.begun_part_days);
        let ends = self.recorded_ends.iter().copied().map(u64::from);
        plain(&mut all, Part::RecordedEnds, ends);
        fields(&mut all, Part::Months, &self.months);
        fields(&mut all, Part::ServiceMonths, &self.service_months);
        plain(&mut all, Part::Overheads, self.overhead_seconds);
        let outcomes = self.discordance.iter().flatten().copied();
        plain(&mut all, Part::Discordance, outcomes);
        let referrals = self.referrals_from.iter().copied();
        plain(&mut all, Part::ReferralsFrom, referrals);
        let spans = self.spans.iter().copied().map(u64::from);
        plain(&mut all, Part::Spans, spans);
        plain(&mut all, Part::JointSteps, self.joint_steps.iter().copied());
        let levels = self.needs.iter().flat_map(|need| need.at_level);
        plain(&mut all, Part::Levels, levels);
        for (service, present) in self.present.iter().enumerate() {
            let seconds = present.seconds.iter().copied();
            plain(&mut all, Part::Present(service), seconds);
            plain(
                &mut all,
                Part::Found(service),
                present.found.iter().copied(),
            );
        }
        for (group, sharing) in self.sharings.iter().enumerate() {
            let seconds = std::iter::once(sharing.fits_seconds)
                .chain(sharing.last_taken_seconds.iter().copied())
                .chain(sharing.none_free_seconds.iter().copied());
            plain(&mut all, Part::Sharing(group), seconds);
        }
        for (script, case) in self.cases.iter().enumerate() {
            plain(&mut all, Part::Cases(script), case.numbers());
        }
        plain(&mut all, Part::ChildSeconds, [self.child_seconds]);
        plain(&mut all, Part::Events, [self.events]);
        all
    }

    fn pair_entries(&self, all: &mut Vec<Entry>) {
        for (place, pair) in self.pairs.iter().enumerate() {
            let stages = Stage::ALL.iter().zip(pair.stage_seconds);
            let counts = [
                ("started", pair.started),
                (HandoffEnd::Begun.label(), pair.begun),
                ("delay_seconds", pair.delay_seconds),
                ("lost", pair.lost),
                ("bounced", pair.bounced),
                ("rejected", pair.rejected),
            ];
            let stages = stages.map(|(stage, seconds)| (stage.label(), seconds));
            all.extend(
                counts
                    .into_iter()
                    .chain(stages)
                    .map(|(field, value)| Entry {
                        part: Part::Pairs,
                        place,
                        field,
                        value,
                    }),
            );
        }
    }
}

fn plain(all: &mut Vec<Entry>, part: Part, values: impl IntoIterator<Item = u64>) {
    let numbered = values.into_iter().enumerate();
    all.extend(numbered.map(|(place, value)| Entry {
        part,
        place,
        field: "",
        value,
    }));
}

fn fields<const N: usize, T: Fields<N>>(all: &mut Vec<Entry>, part: Part, rows: &[T]) {
    for (place, row) in rows.iter().enumerate() {
        let mut row = *row;
        let values = row.fields_mut().map(|value| *value);
        let named = T::NAMES.into_iter().zip(values);
        all.extend(named.map(|(field, value)| Entry {
            part,
            place,
            field,
            value,
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_listed_once() {
        let mut tally = Tally::with_areas(3, 2, 2, 1, 2, 3);
        let none = tally.entries();
        assert!(none.iter().all(|entry| entry.value == 0));
        tally.services[1].gave_up = 4;
        tally.pairs[2].bounced = 5;
        tally.needs[1].steps[0] = 6;
        tally.handoff_ends[9] = 7;
        tally.discordance[1][0] = 8;
        tally.events = 9;
        tally.spans[11] = 3;
        tally.needs[0].at_level[2] = 2;
        tally.present[1].seconds = vec![0, 0];
        let changed: Vec<Entry> = tally
            .entries()
            .into_iter()
            .filter(|entry| entry.value > 0)
            .collect();
        assert_eq!(changed.len(), 8);
        assert_eq!(tally.entries().len(), none.len() + 2);
        let of_service = changed.iter().find(|entry| entry.part == Part::Services);
        let of_service = of_service.unwrap();
        assert_eq!((of_service.place, of_service.field), (1, "gave_up"));
    }
}
