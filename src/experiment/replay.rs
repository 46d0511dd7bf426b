//! One trial of a study once more, with a diary of some of its children.
//!
//! It goes exactly as in the study: the same luck, the same means, the same fork. Only the structures
//! asked for are run, and the baseline.

use std::sync::atomic::{AtomicBool, Ordering};

pub use crate::simulate::{
    ChildOutcome, Decision, Diary, Held, Home, Instant, Note, Outcomes, Reason, Response, Review,
    Watch, WatchedChild, What,
};

use super::{Experiment, Grounds, HELD_BACK, Prepared, Stage};
use crate::measures::Outcome;
use crate::scenario::{Scenario, Start};
use crate::simulate::{ChildrenGround, ChildrenTape, ChildrenTrial, Luck, Tally, Trial};

/// Child and domain by outcome under one structure (rows) and under another.
pub type Table = [[u64; Outcome::COUNT]; Outcome::COUNT];

/// A trial of a study of children made ready to be gone through again.
#[derive(Debug)]
pub struct Replay<'p> {
    prepared: &'p Prepared,
    grounds: &'p [ChildrenGround],
    tapes: Vec<ChildrenTape>,
    trial: u32,
}

/// What a trial was under one structure.
#[derive(Debug)]
pub struct Played {
    /// The structure's place in the study; 0 is the baseline.
    pub structure: usize,
    /// What was counted.
    pub tally: Tally,
    /// What became of each child with a qualifying need.
    pub outcomes: Outcomes,
    /// What happened to those who were watched.
    pub diary: Diary,
}

impl Prepared {
    /// A trial of the study, to be gone through again; `None` in a study of a network.
    pub fn replay(&self, trial: u32) -> Option<Replay<'_>> {
        let Grounds::Children(grounds) = &self.experiment.grounds else {
            return None;
        };
        let experiment = &self.experiment;
        let luck = Luck::new(experiment.seed, experiment.draw, trial);
        let tapes = grounds
            .iter()
            .map(|ground| ChildrenTape::new(ground, luck, experiment.end))
            .collect();
        Some(Replay {
            prepared: self,
            grounds,
            tapes,
            trial,
        })
    }

    /// The study, as it is run.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }
}

impl Replay<'_> {
    /// The number of the trial.
    pub fn trial(&self) -> u32 {
        self.trial
    }

    /// Decision day, on the clock of the trial.
    pub fn decision_day(&self) -> Instant {
        self.prepared.experiment.decision_day
    }

    /// The end of the study, on the clock of the trial.
    pub fn end(&self) -> Instant {
        self.prepared.experiment.end
    }

    /// Where a child stands.
    pub fn home(&self, child: WatchedChild) -> Home {
        self.tapes[0].home(&self.grounds[0], child)
    }

    /// The slot of a home, if there is such a home in the study.
    pub fn slot_of(&self, home: Home) -> Option<u32> {
        self.tapes[0].slot_of(home)
    }

    /// Goes through the trial under the baseline and these other structures, and hands each over as it
    /// ends; and under the baseline's twin, in which one referral is held back, where its difference
    /// from the baseline is asked for. Returns `None` if `stop` was set before the end.
    pub fn play(
        &self,
        structures: &[usize],
        watch: &Watch,
        churn: Option<&mut Table>,
        stop: &AtomicBool,
        mut each: impl FnMut(Played),
    ) -> Option<()> {
        let experiment = &self.prepared.experiment;
        let grounds = self.grounds();
        let first = self.warmed_up(&experiment.stages[0], watch);
        let is_fork = experiment.start == Start::DecisionDay;
        let mut under_baseline: Option<Outcomes> = None;
        let others = structures.iter().copied().filter(|place| *place != 0);
        for structure in std::iter::once(0).chain(others) {
            if stop.load(Ordering::Relaxed) {
                return None;
            }
            let stage = &experiment.stages[structure];
            let trial = if is_fork || structure == 0 {
                first.clone()
            } else {
                self.warmed_up(stage, watch)
            };
            let trial = experiment.go_on(trial, &grounds, stage, 0);
            let (mut tally, outcomes, diary) = trial.finish_with_diary();
            let before = under_baseline.get_or_insert_with(|| outcomes.clone());
            tally.discordance = outcomes.against(before);
            each(Played {
                structure,
                tally,
                outcomes,
                diary,
            });
        }
        if let (Some(churn), Some(before)) = (churn, &under_baseline) {
            let twin = experiment.go_on(first, &grounds, &experiment.stages[0], HELD_BACK);
            *churn = twin.finish().1.against(before);
        }
        Some(())
    }

    fn grounds(&self) -> Vec<(&ChildrenGround, &ChildrenTape)> {
        self.grounds.iter().zip(&self.tapes).collect()
    }

    fn warmed_up<'s>(&'s self, stage: &'s Stage, watch: &Watch) -> ChildrenTrial<'s> {
        let experiment: &Experiment = &self.prepared.experiment;
        let mut trial = ChildrenTrial::watching(
            &self.grounds[stage.ground],
            &stage.structure,
            &experiment.stages[0].structure,
            &self.tapes[stage.ground],
            experiment.observe,
            watch.clone(),
        );
        trial.run_until(experiment.decision_day);
        trial.begin_observing();
        trial
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Plan;
    use crate::scenario::{self, Request};

    const STUDY: &str = r#"
[study]
name       = "A small world"
purpose    = "Is a trial the same when it is gone through again?"
parameters = "england-2003"
areas      = [{ area = "typical-council-2003", copies = 2, region = "north" }]
baseline   = "fragmented"
structures = ["local-trust", "national-agency"]
start      = "START"
warm_up    = "1 year"
observe    = "1 year"
trials     = 2
seed       = 5
"#;

    #[test]
    fn a_trial_gone_through_again_is_the_trial_of_the_study() {
        let stop = AtomicBool::new(false);
        for start in ["decision day", "established"] {
            let request = Request {
                set: vec!["area.typical-council-2003.children=700".to_owned()],
                ..Request::default()
            };
            let text = STUDY.replace("START", start);
            let scenario = scenario::load_text("small.toml", &text, &request)
                .unwrap_or_else(|problems| panic!("{problems:?}"));
            let prepared =
                Prepared::new(&scenario, &Plan::default(), &stop).expect("nothing stops it");
            let results = prepared.run(&|_| {}, &stop).expect("nothing stops it");
            let replay = prepared.replay(1).expect("a study of children");
            let mut churn = Table::default();
            let mut played = 0;
            replay
                .play(&[2], &Watch::Everyone, Some(&mut churn), &stop, |one| {
                    assert!(one.tally == results.trials[1][one.structure], "{start}");
                    assert!(!one.diary.notes().is_empty());
                    played += 1;
                })
                .expect("nothing stops it");
            assert_eq!(played, 2, "only the structures asked for");
            assert_eq!(churn, results.churn[1]);
        }
    }
}
