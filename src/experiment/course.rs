//! The baseline from its very first day, counted month by month: what a warm-up is to leave out.

use std::sync::atomic::AtomicBool;

use super::results::{MonthTally, ServiceMonth, Tally};
use super::{Grounds, Prepared, years};
use crate::measures::Count;
use crate::simulate::{ChildrenTape, ChildrenTrial, Instant, Luck, NetworkTrial, Trial};

/// Seconds of the months that a study of children keeps: a twelfth of a year.
pub const MONTH: u32 = 31_557_600 / 12;

impl Prepared {
    /// One trial of the baseline from the first day of the warm-up, where counting begins at once, to
    /// the end of the study. It lives what the same trial of a run lives up to decision day.
    ///
    /// What happened in each month stands in [`Tally::months`] and [`Tally::service_months`]. A network
    /// keeps no months of its own: of it these hold so many steps of `step` seconds each, with handoffs,
    /// losses, starts of help, and the services. A study of children has months whatever `step` says.
    ///
    /// Returns `None` if `stop` was set before it began.
    pub fn course(&self, trial: u32, step: u32, stop: &AtomicBool) -> Option<Tally> {
        if stop.load(std::sync::atomic::Ordering::Relaxed) {
            return None;
        }
        let experiment = &self.experiment;
        let baseline = &experiment.stages.first()?.structure;
        let end = experiment.end;
        let luck = Luck::new(experiment.seed, experiment.draw, trial);
        Some(match &experiment.grounds {
            Grounds::Children(grounds) => {
                let ground = grounds.first()?;
                let tape = ChildrenTape::new(ground, luck, end);
                let seconds = end.seconds();
                let mut trial =
                    ChildrenTrial::established(ground, baseline, baseline, &tape, seconds);
                trial.begin_observing();
                trial.run_until(end);
                trial.finish().0
            }
            Grounds::Network(grounds) => {
                let years = years(end.seconds());
                let trial = NetworkTrial::new(grounds.first()?, baseline, luck, years);
                in_steps(trial, end, step)
            }
        })
    }
}

/// What is counted up to the end of each step, less what was counted before it.
fn in_steps(mut trial: NetworkTrial<'_>, end: Instant, step: u32) -> Tally {
    trial.begin_observing();
    let mut before: Option<Tally> = None;
    let (mut months, mut service_months) = (Vec::new(), Vec::new());
    let steps = end.seconds() / step.max(1);
    for number in 1..=steps {
        trial.run_until(Instant::at(number * step));
        let (tally, _) = trial.clone().finish();
        let of = |tally: &Tally| MonthTally {
            handoffs: tally.count(Count::Handoffs),
            losses: tally.count(Count::SilentLosses) + tally.count(Count::DetectedLosses),
            help_starts: tally.services.iter().map(|it| it.started).sum(),
            ..MonthTally::default()
        };
        let (now, past) = (of(&tally), before.as_ref().map(of).unwrap_or_default());
        months.push(MonthTally {
            handoffs: now.handoffs - past.handoffs,
            losses: now.losses - past.losses,
            help_starts: now.help_starts - past.help_starts,
            ..MonthTally::default()
        });
        for (service, now) in tally.services.iter().enumerate() {
            let past = before.as_ref().map(|it| it.services[service]);
            let past = past.unwrap_or_default();
            service_months.push(ServiceMonth {
                occupied_seconds: now.occupied_seconds - past.occupied_seconds,
                place_seconds: now.place_seconds - past.place_seconds,
                queue_seconds: now.queue_seconds - past.queue_seconds,
            });
        }
        before = Some(tally);
    }
    let mut tally = before.unwrap_or_else(|| trial.finish().0);
    tally.months = months;
    tally.service_months = service_months;
    tally
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Plan;
    use crate::scenario::{self, Request};

    fn prepared(study: &str, set: &[&str]) -> Prepared {
        let request = Request {
            study: study.to_owned(),
            structures: Some(String::new()),
            set: set.iter().map(|it| (*it).to_owned()).collect(),
            ..Request::default()
        };
        let scenario = scenario::load(&request).unwrap();
        Prepared::new(&scenario, &Plan::default(), &AtomicBool::new(false)).unwrap()
    }

    /// The steps add up to the whole, and the whole is what a run without a warm-up counts.
    #[test]
    fn the_course_of_a_network_is_a_run_without_a_warm_up_in_steps() {
        let never = AtomicBool::new(false);
        let set = ["study.warm_up=0 days", "study.observe=200 days"];
        let study = prepared("duty-desk", &set);
        let course = study.course(3, 10 * 86_400, &never).unwrap();
        assert_eq!(course.months.len(), 20);
        let run = study.run_part(3..4, &|_| {}, &never).unwrap();
        let run = &run.trials[0][0];
        for service in 0..run.services.len() {
            let each = course.service_months.iter().skip(service);
            let each = each.step_by(run.services.len());
            let sum = each.map(|it| it.occupied_seconds).sum::<u64>();
            assert_eq!(sum, run.services[service].occupied_seconds);
            assert!(sum > 0);
        }
        let handoffs: u64 = course.months.iter().map(|it| it.handoffs).sum();
        assert_eq!(handoffs, run.count(Count::Handoffs));
        // A longer warm-up moves nothing: it is the same course.
        let set = ["study.warm_up=150 days", "study.observe=50 days"];
        let other = prepared("duty-desk", &set);
        assert_eq!(other.course(3, 10 * 86_400, &never).unwrap(), course);
    }

    /// Months of the course beyond decision day are those of the run.
    #[test]
    fn the_course_of_children_passes_through_decision_day_unchanged() {
        let never = AtomicBool::new(false);
        let study = prepared(
            "calibration-2003",
            &[
                "area.typical-council-2003.children=1000",
                "study.warm_up=1 year",
                "study.observe=1 year",
            ],
        );
        let course = study.course(0, MONTH, &never).unwrap();
        assert_eq!(course.months.len(), 24);
        let run = study.run_part(0..1, &|_| {}, &never).unwrap();
        let run = &run.trials[0][0];
        let referrals = |of: &[MonthTally]| of.iter().map(|it| it.referrals).sum::<u64>();
        assert_eq!(referrals(&course.months[12..]), referrals(&run.months));
        assert!(referrals(&run.months) > 0);
        let served = |of: &[ServiceMonth]| of.iter().map(|it| it.occupied_seconds).sum::<u64>();
        let services = run.services.len();
        assert_eq!(
            served(&course.service_months[12 * services..]),
            served(&run.service_months)
        );
    }
}
