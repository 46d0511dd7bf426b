//! Laws that hold in any study of children, tried on studies that nobody thought of.
//!
//! A study is drawn as a plan and written out as files. `PROPTEST_CASES` asks for more of them.

use std::fmt::Write;

use proptest::prelude::*;
use seamline::analysis;
use seamline::experiment::results::{AreaTally, MonthTally, NeedTally, Results, Tally};
use seamline::measures::{Count, HandoffEnd, HandoffKind, Outcome, Standing, Step};

use crate::children::{Files, with_neutral_tables};

/// Laws of work, help and the stages of a handoff.
const LAWS: &[&str] = &[
    "exactly 1 day",
    "exponential, mean 5 days",
    "lognormal, median 3 days, spread 1.1",
    "gamma, mean 10 days, sd 20 days",
    "exactly 0 days",
];

/// Posts of a service; next to none and parts of one among them. The reader refuses none at all.
const POSTS: &[f64] = &[0.001, 0.05, 0.2, 1.0, 2.5, 30.0];

/// Tables of mechanisms, each on or off. `SERVICE` stands for the first service that helps.
const MECHANISMS: &[&str] = &[
    "[relations]\nbeta = \"50%\"\nmatures = \"1 year\"\nmean = \"80%\"\neffort_raises = \"30%\"\neffort_takes = \"2%\"",
    "[lead_professional]\nfinds = \"40%\"\nafter = \"exponential, mean 20 days\"\nchase = 0.7\nhours_a_month = 4",
    "[budget_moves]\nat_most = \"20%\"\nrecruitment = \"2 months\"",
    "[workforce]\nturnover = \"60% per year\"\nworker_changes = \"2 per year\"\ngap = \"exponential, mean 18 days\"",
    "[adoption]\njoins = \"60%\"\nslope = 1",
    "[area_spread]\nrelations = 0.2\nthresholds = 0.3",
    "[change]\nlead_time = \"3 months\"\nblight = \"5%\"\ndip = \"20%\"\ndip_lasts = \"3 months\"\ndip_half_life = \"90 days\"\nextra_turnover = 1.5\ncost_a_post = 2000\nweights = { records = \"40%\", front_doors = \"40%\" }\nbuild = { records = \"6 months\", budgets = \"1 month\" }",
    "[deadline]\npulled = \"30%\"\ntargets = 1.5",
    "[rationing]\nrises = 0.3\nat_most = 1",
    "[leaving]\nhands_over = true",
    "[siblings]\nshare = \"60%\"\nconcern = 0.5",
    "[priority]\nlead_sector_weight = 1.3",
    "[costs]\na_post = 30000\nhours_a_year = 1500\nchase_hours = 1\nreply_hours = 0.5\npanel_hours = 2",
    "[joint_step.enquiry]\nin_assessment_by = \"SERVICE\"\nfrom_level = 1.5\nparts = [\"gp\", \"school\"]\ntakes = \"exponential, mean 5 days\"\nlimit = \"15 days\"\nhours = 4",
    "[presentation]\nspread = 0.7\nlasts = \"3 months\"",
    "[records]\nhalf_life = \"100 days\"\nconclusion = 0.5\nseen_elsewhere = \"30%\"",
    "[referral]\npause = \"21 days\"\nunless_stronger_by = 0.5\nrepeat_within = \"12 months\"",
    "[perception]\nscreening = 1\nscreening_fully_seen = 0.5\nassessment = 0.9\nassessment_fully_seen = 0.5\nhelp_from = 1.2\nreview = 0.5",
    "[assessment]\naccepted_elsewhere = \"50%\"",
    "[intake]\nshared_by_all = true",
    "[information]\nreply = \"lognormal, median 3 days, spread 1\"\nlimit = \"5 days\"",
    "[closeness]\nsame_team = 0.1\nsame_organisation = 0.4\nbetween_areas = 1.5",
    "[funding]\npanel_every = \"30 days\"\nsecond_panel = \"30%\"",
    "[moves]\ndelay = \"exponential, mean 12 days\"\nsilent_loss = \"20%\"\ndetected_loss = \"20%\"",
];

#[derive(Debug, Clone)]
struct Helper {
    /// By kind of work: an index into [`POSTS`], and into [`LAWS`] for how long it takes.
    posts: [usize; 3],
    laws: [usize; 3],
    has_core: bool,
    has_course: bool,
    gives_up: bool,
    vacant_percent: u32,
}

/// Numbers that say which block each service is in.
type Blocks = Vec<u8>;

#[derive(Debug, Clone)]
struct Plan {
    needs: usize,
    helpers: Vec<Helper>,
    mechanisms: Vec<bool>,
    /// Indices into [`LAWS`], and chances in percent.
    handoff: (usize, usize, u32, u32, u32, u32),
    children: u32,
    copies: u32,
    moves_percent: u32,
    /// Organisations and the five partitions, of the baseline and of one more structure.
    partitions: [[Option<Blocks>; 6]; 2],
    footprints: [usize; 4],
    adoption: usize,
    overseen: bool,
    accompanied: bool,
    from_decision_day: bool,
    has_warm_up: bool,
    filled_percent: u32,
    equal: usize,
    replanned: bool,
    follows: bool,
    seed: u32,
}

fn helper() -> impl Strategy<Value = Helper> {
    (
        prop::array::uniform3(0..POSTS.len()),
        prop::array::uniform3(0..LAWS.len()),
        any::<[bool; 3]>(),
        prop::sample::select(vec![0, 11, 60]),
    )
        .prop_map(
            |(posts, laws, [has_core, has_course, gives_up], vacant_percent)| Helper {
                posts,
                laws,
                has_core,
                has_course,
                gives_up,
                vacant_percent,
            },
        )
}

/// Blocks for up to six services, or nothing said of them.
fn blocks() -> impl Strategy<Value = Option<Blocks>> {
    prop::option::of(prop::collection::vec(0u8..4, 6))
}

fn plan() -> impl Strategy<Value = Plan> {
    (
        (
            1usize..4,
            prop::collection::vec(helper(), 1..4),
            prop::collection::vec(any::<bool>(), MECHANISMS.len()),
            (
                0..LAWS.len(),
                0..LAWS.len(),
                0u32..40,
                0u32..40,
                0u32..40,
                0u32..3,
            ),
        ),
        (20u32..250, 1u32..4, prop::sample::select(vec![0u32, 5, 60])),
        prop::array::uniform2(prop::array::uniform6(blocks())),
        prop::array::uniform4(0usize..3),
        (0usize..3, any::<[bool; 4]>(), any::<[bool; 2]>()),
        (0u32..=100, 0usize..3, any::<u32>()),
    )
        .prop_map(
            |(
                (needs, helpers, mechanisms, handoff),
                (children, copies, moves_percent),
                partitions,
                footprints,
                (
                    adoption,
                    [overseen, accompanied, replanned, follows],
                    [from_decision_day, has_warm_up],
                ),
                (filled_percent, equal, seed),
            )| Plan {
                needs,
                helpers,
                mechanisms,
                handoff,
                children,
                copies,
                moves_percent,
                partitions,
                footprints,
                adoption,
                overseen,
                accompanied,
                from_decision_day,
                has_warm_up,
                filled_percent,
                equal,
                replanned,
                follows,
                seed,
            },
        )
}

impl Plan {
    /// Services that help, then two that only meet children.
    fn services(&self) -> Vec<String> {
        let helpers = (0..self.helpers.len()).map(|number| format!("help-{number}"));
        helpers
            .chain(["school".to_owned(), "visiting".to_owned()])
            .collect()
    }

    fn files(&self) -> Files {
        Files {
            study: self.study(),
            area: self.area(),
            parameters: self.parameters(),
        }
    }

    fn study(&self) -> String {
        let follows = match self.follows {
            true => ", \"baseline then other\"",
            false => "",
        };
        let mut text = format!(
            "[study]\nname = \"Any study\"\npurpose = \"Do the laws hold?\"\nparameters = \"world\"\n\
             areas = [{{ area = \"town\", copies = {}, region = \"north\" }}]\n\
             baseline = \"baseline\"\nstructures = [\"other\", \"twin\"{follows}]\nstart = \"{}\"\n\
             warm_up = \"{} days\"\nobserve = \"{} days\"\nsecond_decision = \"90 days\"\n\
             trials = 2\nseed = {}\nequal = \"{}\"\nposts_planned = \"{}\"\n",
            self.copies,
            ["established", "decision day"][usize::from(self.from_decision_day)],
            if self.has_warm_up { 200 } else { 0 },
            // No whole number of months or years.
            407,
            self.seed,
            ["money", "posts", "nothing"][self.equal],
            ["inherited", "re-planned"][usize::from(self.replanned)],
        );
        if !self.follows {
            text = text.replace("second_decision = \"90 days\"\n", "");
        }
        self.structure(&mut text, "baseline", &self.partitions[0], "statutory");
        let adoption = ["statutory", "voluntary", "statutory"][self.adoption];
        self.structure(&mut text, "other", &self.partitions[1], adoption);
        text +=
            "[structure.twin]\nextends = \"baseline\"\nname = \"The same under another name\"\n";
        text
    }

    fn structure(
        &self,
        text: &mut String,
        id: &str,
        partitions: &[Option<Blocks>; 6],
        adoption: &str,
    ) {
        let _ = write!(
            text,
            "[structure.{id}]\nname = \"The {id}\"\nsummary = \"Drawn by chance.\"\n\
             [structure.{id}.organisation]\n"
        );
        let organisations = self.groups(partitions[0].as_ref());
        for (number, (group, footprint)) in organisations.iter().zip(self.footprints).enumerate() {
            let footprint = ["area", "region", "nation"][footprint];
            let _ = writeln!(
                text,
                "body-{number} = {{ footprint = \"{footprint}\", runs = {group:?} }}"
            );
        }
        let names = [
            "records",
            "budgets",
            "assessment",
            "front_doors",
            "workforce",
        ];
        let _ = writeln!(text, "[structure.{id}.shared]");
        for (name, blocks) in names.iter().zip(&partitions[1..]) {
            if blocks.is_none() {
                continue;
            }
            // Doors and shared work belong to services that help.
            let mut groups = self.groups(blocks.as_ref());
            for group in &mut groups {
                group.retain(|service| *name == "records" || service.starts_with("help"));
            }
            groups.retain(|group| group.len() > 1);
            if !groups.is_empty() {
                let _ = writeln!(text, "{name} = {groups:?}");
            }
        }
        if self.overseen {
            let _ = writeln!(
                text,
                "[structure.{id}.oversight]\nboard = {{ kind = \"board\", over = \"all\", targets = true }}"
            );
        }
        if self.accompanied {
            let _ = writeln!(
                text,
                "[structure.{id}.lead_professional]\nfor = \"all referred children\""
            );
        }
        let _ = writeln!(text, "[structure.{id}.adoption]\nbasis = \"{adoption}\"");
    }

    /// The services by block; all in one where nothing is said.
    fn groups(&self, blocks: Option<&Blocks>) -> Vec<Vec<String>> {
        let mut groups = vec![Vec::new(); 4];
        for (number, service) in self.services().into_iter().enumerate() {
            let block = blocks.map_or(0, |blocks| blocks[number]);
            groups[usize::from(block)].push(service);
        }
        groups.retain(|group| !group.is_empty());
        groups
    }

    fn area(&self) -> String {
        let mut text = format!(
            "[area]\nchildren = {}\nages = \"even\"\nmoves = \"{}% per year\"\n[posts]\n",
            self.children, self.moves_percent
        );
        for (number, helper) in self.helpers.iter().enumerate() {
            let [screening, assessment, help] = helper.posts.map(|posts| POSTS[posts]);
            let _ = writeln!(
                text,
                "help-{number} = {{ screening = {screening}, assessment = {assessment}, \
                 help = {help}, vacant = \"{}%\" }}",
                helper.vacant_percent
            );
        }
        text
    }

    fn parameters(&self) -> String {
        let mut text = format!(
            "[children]\nupper_age = 9\nvulnerability_shape = 0.7\nvulnerability_cap = \"99%\"\n\
             places_filled_at_start = \"{}%\"\nspell_bridges = \"14 days\"\n",
            self.filled_percent
        );
        let needs: Vec<String> = (0..self.needs)
            .map(|number| format!("need-{number}"))
            .collect();
        for (number, need) in needs.iter().enumerate() {
            let _ = write!(
                text,
                "[need.{need}]\nbegins = \"0.5 per year\"\nworsens = [\"1 per year\", \"0.7 per year\"]\n\
                 eases = [\"0.5 per year\", \"0.6 per year\", \"0.9 per year\"]\n\
                 when_helped = {{ worsens = 0.4, eases = 3, harm = 0.5 }}\n\
                 harm = [\"0 per year\", \"0.2 per year\", \"1 per year\"]\nharm_refers = \"50%\"\n\
                 harm_met_by = \"{}\"\nreferred_to = \"help-{}\"\n\
                 grace = {{ level_2 = \"60 days\", level_3 = \"15 working days\" }}\n",
                ["gp", "school"][number % 2],
                number % self.helpers.len()
            );
        }
        let by_need = |value: f64| {
            let each: Vec<String> = needs
                .iter()
                .map(|need| format!("{need} = {value}"))
                .collect();
            each.join(", ")
        };
        for (source, rate) in [
            ("outside.gp", 3.0),
            ("service.school", 5.0),
            ("service.visiting", 1.0),
        ] {
            let _ = write!(
                text,
                "[{source}]\nmeets = {{ rate = \"{rate} per year\", at_level_3 = 2, notes_above = 0.5, \
                 sees = {{ {} }}, refers_above = {{ {} }} }}\n",
                by_need(0.6),
                by_need(1.2)
            );
        }
        for (number, helper) in self.helpers.iter().enumerate() {
            self.write_helper(&mut text, number, helper, &needs);
        }
        let law = |number: usize| LAWS[number];
        let (preparation, transit, silent, detected, wrong, bounces) = self.handoff;
        let _ = write!(
            text,
            "[handoff]\npreparation = \"{}\"\ntransit = \"{}\"\nsilent_loss = \"{silent}%\"\n\
             detected_loss = \"{detected}%\"\nchase = \"exponential, mean 9 days\"\n\
             wrong_door = \"{wrong}%\"\nbounces_at_most = {bounces}\n\
             [oversight.board]\nlooks_every = \"1 month\"\nsees = \"40%\"\nfinds = \"60%\"\n\
             stalled_after = \"40 days\"\ntakes = \"2%\"\n",
            law(preparation),
            law(transit)
        );
        for (table, is_on) in MECHANISMS.iter().zip(&self.mechanisms) {
            if *is_on {
                text += &table.replace("SERVICE", "help-0");
                text.push('\n');
            }
        }
        with_neutral_tables(&text)
    }

    fn write_helper(&self, text: &mut String, number: usize, helper: &Helper, needs: &[String]) {
        // Every service helps the needs that are referred to it; the last one helps all besides.
        let is_last = number + 1 == self.helpers.len();
        let helps: Vec<String> = (needs.iter().enumerate())
            .filter(|(need, _)| is_last || need % self.helpers.len() == number)
            .map(|(need, name)| {
                let own = need % self.helpers.len() == number;
                format!(
                    "{name} = \"{}\"",
                    if own { "levels 1 to 3" } else { "level 3" }
                )
            })
            .collect();
        let helps = match helps.is_empty() {
            true => format!("{} = \"level 3\"", needs[0]),
            false => helps.join(", "),
        };
        let [screens, assesses, _] = helper.laws.map(|law| LAWS[law]);
        // The last law takes no time, and a course of help must take some.
        let stays = LAWS[helper.laws[2] % (LAWS.len() - 1)];
        let core = match helper.has_core {
            true => {
                ", core = \"lognormal, median 20 days, spread 0.5\", core_from = 1.5, core_due = \"35 days\""
            }
            false => "",
        };
        let ends = match helper.has_course {
            true => format!("course = \"{stays}\""),
            false => "review = \"45 days\"".to_owned(),
        };
        let gives_up = match helper.gives_up {
            true => "gives_up = \"exponential, mean 50 days\"\n",
            false => "",
        };
        let _ = write!(
            text,
            "[service.help-{number}]\nskill = \"work\"\nhelps = {{ {helps} }}\n{ends}\n{gives_up}\
             screening = {{ takes = \"{screens}\", threshold = 0.5 }}\n\
             assessment = {{ initial = \"{assesses}\", per_post = 4, due = \"7 days\"{core} }}\n\
             caseload = 6\n"
        );
    }
}

/// Checks the books of one structure in one trial.
fn check_books(results: &Results, tally: &Tally) {
    let count = |what| tally.count(what);
    // A child who leaves makes room for one who is born, and a move takes no time: so at every second
    // there are as many children as at the start, each in one area.
    let observed = u64::from(results.observed.to_seconds());
    assert_eq!(tally.child_seconds, results.children * observed);

    // Stages add up to delays, and every handoff has one end.
    for pair in &tally.pairs {
        assert_eq!(pair.stage_seconds.iter().sum::<u64>(), pair.delay_seconds);
        assert!(pair.begun + pair.lost + pair.rejected <= pair.started);
    }
    let ends: u64 = HandoffEnd::ALL
        .iter()
        .flat_map(|end| HandoffKind::ALL.iter().map(move |kind| (*kind, *end)))
        .flat_map(|(kind, end)| tally.ends_by_day(kind, end))
        .map(|handoffs| u64::from(*handoffs))
        .sum();
    assert_eq!(ends, count(Count::Handoffs));
    let started: u64 = tally.pairs.iter().map(|pair| pair.started).sum();
    assert_eq!(started + count(Count::LeftWithNeed), ends);

    // Causes add up to missed cases, by need.
    for (number, need) in tally.needs.iter().enumerate() {
        let row = &tally.missed_stood[number * Standing::COUNT..][..Standing::COUNT];
        assert_eq!(row.iter().sum::<u64>(), need.known_missed);
        assert!(need.steps.is_sorted_by(|a, b| a >= b));
        assert!(need.known_missed <= need.known_spells);
    }

    // Months, areas and needs add up to what was counted in all.
    let month = |of: fn(&MonthTally) -> u64| tally.months.iter().map(of).sum::<u64>();
    let area = |of: fn(&AreaTally) -> u64| tally.areas.iter().map(of).sum::<u64>();
    let need = |of: fn(&NeedTally) -> u64| tally.needs.iter().map(of).sum::<u64>();
    let known = count(Count::UnmetKnownSeconds);
    for (sum, total) in [
        (month(|it| it.referrals), count(Count::Referrals)),
        (month(|it| it.handoffs), count(Count::Handoffs)),
        (month(|it| it.known_missed), count(Count::KnownMissed)),
        (month(|it| it.unknown_missed), count(Count::UnknownMissed)),
        (month(|it| it.harm), count(Count::Harm)),
        (month(|it| it.help_starts), count(Count::HelpStarts)),
        (month(|it| it.unmet_known_seconds), known),
        (area(|it| it.referrals), count(Count::Referrals)),
        (area(|it| it.handoffs), count(Count::Handoffs)),
        (area(|it| it.known_missed), count(Count::KnownMissed)),
        (area(|it| it.unmet_known_seconds), known),
        (area(|it| it.child_seconds), tally.child_seconds),
        (need(|it| it.known_missed), count(Count::KnownMissed)),
        (need(|it| it.known_spells), count(Count::KnownSpells)),
        (
            need(|it| it.steps[Step::Needed.index()]),
            count(Count::Spells),
        ),
        (
            need(|it| it.unmet_seconds),
            known + count(Count::UnmetUnknownSeconds),
        ),
    ] {
        assert_eq!(sum, total);
    }

    // Services: nobody begins who did not join, nobody waits who is not in the list.
    for service in &tally.services {
        assert!(service.waited <= service.started);
        assert!(service.accepted <= service.referrals.max(ends));
    }
}

/// Little's law to the second: in a list that is empty at both ends of the observed time, whoever
/// joined has begun, and time in the list is the sum of waits.
fn check_little(tally: &Tally) -> usize {
    let mut compared = 0;
    for service in &tally.services {
        if service.joined == service.started && service.gave_up == 0 {
            assert_eq!(service.queue_seconds, service.waited_seconds);
            compared += usize::from(service.waited > 0);
        }
    }
    compared
}

/// Child and domain under the baseline in the rows: a structure is held against the same children.
fn row(tally: &Tally, outcome: Outcome) -> u64 {
    tally.discordance[outcome.index()].iter().sum()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").map_or(48, |cases| cases.parse().unwrap()),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_study_of_children_keeps_the_laws(plan in plan()) {
        let files = plan.files();
        let results = files.run_on(Some(1));
        prop_assert!(results == files.run_on(Some(2)), "threads matter in\n{}", files);
        for trial in &results.trials {
            for tally in trial {
                check_books(&results, tally);
                if !plan.has_warm_up && plan.filled_percent == 0 {
                    check_little(tally);
                }
            }
            prop_assert!(trial[0] == trial[2], "a name of a structure matters in\n{}", files);
            for tally in &trial[1..] {
                let missed = tally.discordance[Outcome::NoNeed.index()][Outcome::NoNeed.index()];
                prop_assert_eq!(missed, 0);
                // A child with no need under the baseline may have one here: its row alone may differ.
                for outcome in [Outcome::NotMissed, Outcome::Missed] {
                    prop_assert_eq!(row(&trial[0], outcome), row(tally, outcome));
                }
            }
        }
        // Reading is total: whatever a run leaves can be summarised.
        let summary = analysis::summarise(&results);
        prop_assert_eq!(summary.structures.len(), results.structures.len());
    }
}
