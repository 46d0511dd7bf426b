//! Cumulative incidence of handoffs that are begun, with competing ends (Aalen and Johansen 1978).
//!
//! Time is in whole days since the decision to pass a case on: what ended in bin `d` ended in
//! `[d, d + 1)`. "By day `t`" therefore means a delay of less than `t` days. A handoff that the
//! end of the study censors in a bin is still at risk for the events of that bin, the usual rule
//! for ties. Being lost, rejected, given up, moved or aged out are ends of their own: they keep a
//! handoff from ever being begun, so they do not make a structure look fast.
//!
//! Source: Aalen O, Johansen S (1978), Scandinavian Journal of Statistics 5:141-150; Andersen PK
//! and others (2012), International Journal of Epidemiology 41:861-870,
//! <https://doi.org/10.1093/ije/dyr213>.

use crate::experiment::results::{HANDOFF_DAYS, Tally};
use crate::measures::{HandoffEnd, HandoffKind};

/// Days after the decision up to which handoffs are followed.
pub const HORIZON: usize = HANDOFF_DAYS - 1;

const SECONDS_A_DAY: f64 = 86_400.0;

/// How handoffs ended, by day.
#[derive(Debug, Clone, PartialEq)]
pub struct Incidence {
    /// Chance of each end in each bin, by [`HandoffEnd`]; zeros for the censored ones.
    increments: Vec<[f64; HORIZON]>,
    /// Mean part of a day by which begun handoffs pass their last whole day, 0 to 1.
    part_day: f64,
    /// Handoffs, censored ones included.
    handoffs: u64,
}

impl Incidence {
    /// The incidence of a tally's handoffs, of one kind or (with `None`) of all.
    ///
    /// Returns `None` where there was no handoff.
    pub fn of(tally: &Tally, kind: Option<HandoffKind>) -> Option<Self> {
        let kinds = match &kind {
            Some(kind) => std::slice::from_ref(kind),
            None => HandoffKind::ALL,
        };
        let ended = |end: HandoffEnd, day: usize| -> u64 {
            kinds
                .iter()
                .map(|kind| u64::from(tally.ends_by_day(*kind, end)[day]))
                .sum()
        };
        let part_seconds = kinds
            .iter()
            .map(|kind| tally.begun_part_days[kind.index()])
            .sum();
        Self::of_ends(&ended, part_seconds)
    }

    /// The incidence that the receivers' own records show: of handoffs that reached a door, by whole
    /// days since they did. Records hold days only, so parts of a day are taken as none.
    ///
    /// Returns `None` where no handoff reached a door.
    pub fn of_recorded(tally: &Tally) -> Option<Self> {
        let ended = |end: HandoffEnd, day: usize| -> u64 {
            u64::from(tally.recorded_ends[end.index() * HANDOFF_DAYS + day])
        };
        Self::of_ends(&ended, 0)
    }

    fn of_ends(ended: &dyn Fn(HandoffEnd, usize) -> u64, part_seconds: u64) -> Option<Self> {
        let handoffs: u64 = HandoffEnd::ALL
            .iter()
            .flat_map(|end| (0..HANDOFF_DAYS).map(move |day| (*end, day)))
            .map(|(end, day)| ended(end, day))
            .sum();
        if handoffs == 0 {
            return None;
        }

        let mut increments = vec![[0.0; HORIZON]; HandoffEnd::COUNT];
        let mut at_risk = handoffs;
        let mut under_way = 1.0; // chance that no end has come yet
        for day in 0..HORIZON {
            let mut events = 0;
            for (end, steps) in HandoffEnd::ALL.iter().zip(&mut increments) {
                let count = ended(*end, day);
                if *end != HandoffEnd::Unfinished && count > 0 {
                    steps[day] = under_way * count as f64 / at_risk as f64;
                    events += count;
                }
            }
            if events > 0 {
                under_way *= (at_risk - events) as f64 / at_risk as f64;
            }
            at_risk -= events + ended(HandoffEnd::Unfinished, day);
        }

        let begun: u64 = (0..HORIZON).map(|day| ended(HandoffEnd::Begun, day)).sum();
        let part_day = if begun == 0 {
            0.0
        } else {
            part_seconds as f64 / (begun as f64 * SECONDS_A_DAY)
        };
        Some(Self {
            increments,
            part_day,
            handoffs,
        })
    }

    /// Handoffs that it was made from, censored ones included.
    pub fn handoffs(&self) -> u64 {
        self.handoffs
    }

    /// Share of handoffs with this end by a day: a delay of less than `day` days.
    pub fn share_by(&self, end: HandoffEnd, day: usize) -> f64 {
        self.increments[end.index()][..day.min(HORIZON)]
            .iter()
            .sum()
    }

    /// Share of handoffs not yet begun, by day: at the start of day 0 all, and so on to the horizon.
    pub fn not_begun(&self) -> Vec<f64> {
        let mut begun = 0.0;
        let steps = self.increments[HandoffEnd::Begun.index()].iter();
        std::iter::once(1.0)
            .chain(steps.map(|step| {
                begun += step;
                1.0 - begun
            }))
            .collect()
    }

    /// Share with each end by day, from 0 to the horizon, by [`HandoffEnd`]: a delay of less than so
    /// many days. What is left of 1 is under way; of it nothing is told, so the last is 0.
    pub fn by_day(&self) -> Vec<[f64; HandoffEnd::COUNT]> {
        let mut sums = [0.0; HandoffEnd::COUNT];
        let days = (0..HORIZON).map(|day| {
            for (sum, steps) in sums.iter_mut().zip(&self.increments) {
                *sum += steps[day];
            }
            sums
        });
        std::iter::once([0.0; HandoffEnd::COUNT])
            .chain(days.collect::<Vec<_>>())
            .collect()
    }

    /// Restricted mean of the days in which a handoff is not begun, up to the horizon: the area
    /// above the cumulative incidence of begun handoffs.
    ///
    /// A handoff begun in bin `d` saves `HORIZON - d` days less the part of a day by which begun
    /// handoffs pass their last midnight; without censoring the result is the exact mean.
    pub fn days_not_begun(&self) -> f64 {
        let saved: f64 = self.increments[HandoffEnd::Begun.index()]
            .iter()
            .enumerate()
            .map(|(day, step)| step * ((HORIZON - day) as f64 - self.part_day))
            .sum();
        HORIZON as f64 - saved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: HandoffKind = HandoffKind::BetweenOrganisations;

    fn tally_of(ends: &[(HandoffEnd, u32)]) -> Tally {
        let mut tally = Tally::new(1, 1, 0, 1);
        for (end, day) in ends {
            tally.end_handoff(KIND, *end, day * 86_400);
        }
        tally
    }

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found}, not {expected}");
    }

    /// Ten handoffs worked out by hand with the formula of Putter, Fiocco and Geskus (2007),
    /// Statistics in Medicine 26:2389-2430, section 3: `F(t) = sum of S(t-) d/n`.
    ///
    /// | day | at risk | begun | lost | censored | S before | step of begun |
    /// |---|---|---|---|---|---|---|
    /// | 1 | 10 | 2 | 1 | 0 | 1 | 0.2 |
    /// | 3 | 7 | 1 | 0 | 1 | 0.7 | 0.1 |
    /// | 5 | 5 | 0 | 2 | 0 | 0.6 | 0 |
    /// | 8 | 3 | 1 | 0 | 2 | 0.36 | 0.12 |
    #[test]
    fn competing_ends_give_the_incidence_worked_out_by_hand() {
        use HandoffEnd::{Begun, Lost, Unfinished};
        let tally = tally_of(&[
            (Begun, 1),
            (Begun, 1),
            (Lost, 1),
            (Begun, 3),
            (Unfinished, 3),
            (Lost, 5),
            (Lost, 5),
            (Begun, 8),
            (Unfinished, 8),
            (Unfinished, 8),
        ]);
        let incidence = Incidence::of(&tally, None).unwrap();
        close(incidence.share_by(Begun, 1), 0.0);
        close(incidence.share_by(Begun, 2), 0.2);
        close(incidence.share_by(Begun, 4), 0.3);
        close(incidence.share_by(Begun, 30), 0.42);
        close(incidence.share_by(Lost, 30), 0.1 + 0.24);
        close(incidence.not_begun()[4], 0.7);
        // The area above: 365 less what begun handoffs save.
        close(
            incidence.days_not_begun(),
            365.0 - 0.2 * 364.0 - 0.1 * 362.0 - 0.12 * 357.0,
        );
    }

    #[test]
    fn without_censoring_the_restricted_mean_is_the_plain_mean() {
        let mut tally = tally_of(&[(HandoffEnd::Lost, 4)]);
        tally.end_handoff(KIND, HandoffEnd::Begun, 86_400 * 3 / 2); // 1.5 days
        tally.end_handoff(HandoffKind::Internal, HandoffEnd::Begun, 0);
        tally.end_handoff(KIND, HandoffEnd::Begun, 86_400 * 700);
        let incidence = Incidence::of(&tally, None).unwrap();
        close(
            incidence.days_not_begun(),
            (365.0 + 1.5 + 0.0 + 365.0) / 4.0,
        );
        let internal = Incidence::of(&tally, Some(HandoffKind::Internal)).unwrap();
        close(internal.days_not_begun(), 0.0);
    }

    #[test]
    fn all_shares_and_those_under_way_add_up_to_one() {
        let tally = tally_of(&[
            (HandoffEnd::Begun, 0),
            (HandoffEnd::GaveUp, 2),
            (HandoffEnd::Moved, 2),
            (HandoffEnd::Rejected, 7),
            (HandoffEnd::AgedOut, 9),
        ]);
        let incidence = Incidence::of(&tally, None).unwrap();
        let sum: f64 = HandoffEnd::ALL
            .iter()
            .map(|end| incidence.share_by(*end, HORIZON))
            .sum();
        close(sum, 1.0);
        let by_day = incidence.by_day();
        assert_eq!(by_day.len(), HORIZON + 1);
        close(by_day[3][HandoffEnd::GaveUp.index()], 0.2);
        close(by_day[2][HandoffEnd::GaveUp.index()], 0.0);
        close(by_day[HORIZON].iter().sum(), 1.0);
    }

    #[test]
    fn records_show_only_what_reached_a_door() {
        let mut tally = tally_of(&[(HandoffEnd::Lost, 0), (HandoffEnd::Begun, 40)]);
        assert_eq!(Incidence::of_recorded(&tally), None);
        tally.recorded_ends[HandoffEnd::Begun.index() * HANDOFF_DAYS + 20] = 1;
        let recorded = Incidence::of_recorded(&tally).unwrap();
        close(recorded.share_by(HandoffEnd::Begun, 30), 1.0);
        close(recorded.days_not_begun(), 20.0);
        let truth = Incidence::of(&tally, None).unwrap();
        close(truth.share_by(HandoffEnd::Begun, 30), 0.0);
    }

    #[test]
    fn no_handoff_has_no_incidence() {
        assert_eq!(Incidence::of(&Tally::new(1, 1, 0, 1), None), None);
    }
}
