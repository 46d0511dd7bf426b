//! The arguments of the command. Their comments are what `--help` prints.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use super::again::Making;
use crate::inquiry::decide::equivalent::FACTORS;
use crate::report::charts::{self, Palette};

/// Compares governance structures for children's services by handoff delays and missed cases.
#[derive(Debug, Parser)]
#[command(name = "seamline", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a study: every structure on the same simulated children
    Run(RunArguments),
    /// Draw a chart of a finished run again, to taste, without simulating
    Chart(ChartArguments),
    /// Write the report of a finished run again, without simulating
    Report(ReportArguments),
    /// Make finished results again from their manifest, and compare file by file
    Reproduce(ReproduceArguments),
    /// Tell the story of one simulated child under two or more structures
    Trace(TraceArguments),
    /// Write what happened to every child of a trial as a log for process mining
    Events(EventsArguments),
    /// Hold published figures against what the baseline of a study gives
    Validate(ValidateArguments),
    /// Test the engine on a study: what must not matter, sums, and queues beside theory
    Verify(VerifyArguments),
    /// Fit parameters of a study to published figures
    Calibrate(CalibrateArguments),
    /// Draw the values that nobody knows well, and tell how sure the choice is
    Uncertainty(UncertaintyArguments),
    /// Tell where in the ranges of the values one structure does better than another
    Discover(DiscoverArguments),
    /// Tell which values matter: for each structure, and for each difference from the baseline
    Sensitivity(SensitivityArguments),
    /// Tell how far each value must go before another structure is best
    Flip(FlipArguments),
    /// Map which structure is best over two values
    Tipping(TippingArguments),
    /// Tell whether a study's warm-up is long enough
    WarmUp(WarmUpArguments),
    /// Tell how many more posts would do what each structure does
    Equivalent(EquivalentArguments),
    /// Report every problem of scenario files, each at its line
    Check {
        /// Files to check; without any, all under ./scenarios, or else the bundled ones
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Check studies as `run --off` would read them
        #[arg(long, value_name = "MECHANISM,...", conflicts_with = "only")]
        off: Option<String>,
        /// Check studies as `run --only` would read them
        #[arg(long, value_name = "MECHANISM,...")]
        only: Option<String>,
    },
    /// List what is bundled: studies, areas, structures, overlays, parameters, figures
    List,
    /// Show one thing in full, or the exact difference between two
    Show {
        /// For example local-trust, fragmented+shared-records, england-2003, a need, or a path
        #[arg(value_name = "NAME")]
        name: String,
        /// Another of the same kind, to see how the two differ
        #[arg(value_name = "OTHER")]
        other: Option<String>,
    },
    /// Write the bundled scenario files to a folder, to edit and run
    Export {
        /// The folder; files in it that differ from the bundled ones are never overwritten
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// What `seamline run` is asked for.
#[derive(Debug, Clone, Default, Args)]
pub struct RunArguments {
    /// A bundled study or the path of a study file [default: childrens-trusts-2003]
    #[arg(value_name = "STUDY")]
    pub study: Option<String>,
    /// Number of trials, at least 2, instead of the study's
    #[arg(long, value_name = "N")]
    pub trials: Option<u32>,
    /// Seed instead of the study's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Threads to use; results do not depend on it
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Folder for the results [default: output/STUDY]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Let --out replace a folder that holds anything else
    #[arg(long)]
    pub replace: bool,
    /// Structures to compare with the baseline: a comma parts them, + adds overlays
    #[arg(long, value_name = "A,B+OVERLAY")]
    pub structures: Option<String>,
    /// Set a value, at a path that `seamline show` prints; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Mechanisms to switch off, parted by commas, instead of those of the study
    #[arg(long, value_name = "MECHANISM,...", conflicts_with = "only")]
    pub off: Option<String>,
    /// Switch off every mechanism but these
    #[arg(long, value_name = "MECHANISM,...")]
    pub only: Option<String>,
    /// Run until each difference from the baseline is known to within this, for example
    /// "known-missed: 5 per 10000"; may be repeated
    #[arg(long, value_name = "MEASURE: WIDTH", conflicts_with = "trials")]
    pub precision: Vec<String>,
    /// Trials after which --precision gives up [default: 400]
    #[arg(long, value_name = "N", requires = "precision")]
    pub max_trials: Option<u32>,
    /// Add trials to a finished run, in its own folder, and run none of it again
    #[arg(long, value_name = "RUN", conflicts_with_all = ["study", "out", "structures", "set", "seed", "off", "only"])]
    pub extend: Option<PathBuf>,
    /// Print the summary as JSON
    #[arg(long)]
    pub json: bool,
    /// Print no progress
    #[arg(long)]
    pub quiet: bool,
}

/// What `seamline chart` is asked for.
#[derive(Debug, Clone, Args)]
pub(crate) struct ChartArguments {
    /// What to show
    #[arg(value_name = "KIND", value_parser = PossibleValuesParser::new(kinds()))]
    pub(crate) kind: String,
    /// Folder of a finished run [default: the newest below output/]
    #[arg(value_name = "RUN")]
    pub(crate) run: Option<PathBuf>,
    /// Structures to show beside the baseline, by their ids, parted by commas
    #[arg(long, value_name = "A,B")]
    pub(crate) structures: Option<String>,
    /// The one measure to show, for charts that show measures one by one
    #[arg(long, value_name = "MEASURE")]
    pub(crate) measure: Option<String>,
    /// Form of the picture
    #[arg(long, value_enum, default_value_t = Format::Svg)]
    pub(crate) format: Format,
    /// Width in pixels; height and text follow [default: 760 as SVG, 1520 as PNG]
    #[arg(long, value_name = "PIXELS")]
    pub(crate) width: Option<u32>,
    /// A title instead of the computed sentence
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Colours
    #[arg(long, value_name = "NAME", default_value = "standard", value_parser = PossibleValuesParser::new(Palette::ALL.map(|(name, _)| name)))]
    pub(crate) palette: String,
    /// File to write [default: chart-KIND in the current folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Let the chart replace a file that is there
    #[arg(long)]
    pub(crate) replace: bool,
}

/// What `seamline report` is asked for.
#[derive(Debug, Clone, Args)]
pub(crate) struct ReportArguments {
    /// Folder of a finished run [default: the newest below output/]
    #[arg(value_name = "RUN")]
    pub(crate) run: Option<PathBuf>,
    /// A title instead of the name of the study
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// Who answers for the report
    #[arg(long, value_name = "NAME")]
    pub(crate) author: Option<String>,
    /// Folder of an analysis of the same study (uncertainty, flip, ...), to tell its answer in the report;
    /// may be repeated
    #[arg(long, value_name = "FOLDER")]
    pub(crate) with: Vec<PathBuf>,
}

/// What `seamline reproduce` is asked for.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Exit codes: 0 every file is the same to the byte, 1 one differs or is missing, 2 \
nothing there can be made again, 130 interrupted."
)]
pub(crate) struct ReproduceArguments {
    /// Folder of results that have a manifest: of a run, a calibration, a verification or a question asked
    /// of many runs [default: the newest run below output/]
    #[arg(value_name = "FOLDER")]
    pub(crate) run: Option<PathBuf>,
    /// Threads to use; results do not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Print no progress
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// What `seamline trace` is asked for.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Picks: typical, worst, caught-by:STRUCTURE, lost-by:STRUCTURE. The child is \
simulated, nobody real."
)]
pub(crate) struct TraceArguments {
    /// A folder that `seamline run` wrote, or a study [default: the newest run, else the bundled study]
    #[arg(value_name = "RUN|STUDY")]
    pub(crate) subject: Option<String>,
    /// Whom to tell of, by a rule: typical, worst, caught-by:STRUCTURE or lost-by:STRUCTURE [default: typical]
    #[arg(long, value_name = "RULE", conflicts_with = "child")]
    pub(crate) pick: Option<String>,
    /// Whom to tell of: the id of a child, as an earlier story printed it
    #[arg(long, value_name = "ID", requires = "trial")]
    pub(crate) child: Option<String>,
    /// The trial, from 1; without it a pick takes the first that has such a child
    #[arg(long, value_name = "N")]
    pub(crate) trial: Option<u32>,
    /// Structures to tell beside the baseline, parted by commas [default: that of the pick, else the first]
    #[arg(long, value_name = "A,B+OVERLAY")]
    pub(crate) structures: Option<String>,
    /// Set a value of a study, at a path that `seamline show` prints; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Seed instead of the study's
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Threads to use; results do not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Form of the story
    #[arg(long, value_enum, default_value_t = StoryFormat::Text, hide_default_value = true)]
    pub(crate) format: StoryFormat,
    /// Tell it as JSON: the same as --format json
    #[arg(long, conflicts_with = "format")]
    pub(crate) json: bool,
    /// File for the story instead of standard output; one that is there is replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Print no progress
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// Forms of a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StoryFormat {
    /// For a terminal 80 columns wide
    Text,
    /// A piece of Markdown
    Markdown,
    /// Everything that is known of it
    Json,
    /// A chart: where the child stood, structure by structure
    Svg,
}

/// What `seamline events` is asked for.
#[derive(Debug, Clone, Args)]
pub(crate) struct EventsArguments {
    /// A folder that `seamline run` wrote, or a study [default: the newest run, else the bundled study]
    #[arg(value_name = "RUN|STUDY")]
    pub(crate) subject: Option<String>,
    /// Trials to log, from 1, parted by commas
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_value = "1")]
    pub(crate) trials: Vec<u32>,
    /// Structures to log beside the baseline, parted by commas [default: the first]
    #[arg(long, value_name = "A,B+OVERLAY")]
    pub(crate) structures: Option<String>,
    /// The file of the log, a CSV; one that is there is replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// What one case of the log is
    #[arg(long, value_enum, default_value_t = CaseChoice::Need)]
    pub(crate) case: CaseChoice,
    /// The calendar day that stands for decision day, since trials have no calendar
    #[arg(long, value_name = "YYYY-MM-DD", default_value = "2003-04-01")]
    pub(crate) decision_day: String,
    /// Log the years before decision day as well
    #[arg(long)]
    pub(crate) warm_up: bool,
    /// Set a value of a study, at a path that `seamline show` prints; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Seed instead of the study's
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Threads to use; results do not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Print no progress
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// What a case of a log can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CaseChoice {
    /// A need of a child
    Need,
    /// A handoff
    Handoff,
}

/// Forms of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Lines and text that stay sharp at any size
    Svg,
    /// Pixels, for documents that take no SVG
    Png,
}

impl Format {
    /// How names of such files end.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

fn kinds() -> Vec<PossibleValue> {
    let of_kind = |kind: &charts::Kind| PossibleValue::new(kind.id).help(kind.shows);
    charts::KINDS.iter().map(of_kind).collect()
}

/// What `seamline validate` is asked for.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ValidateArguments {
    /// A bundled study or the path of a study file [default: childrens-trusts-2003]
    #[arg(value_name = "STUDY")]
    study: Option<String>,
    /// Published figures instead of the study's: a bundled name or a file
    #[arg(long, value_name = "FILE")]
    pub(crate) targets: Option<String>,
    /// Number of trials, at least 2, instead of the study's
    #[arg(long, value_name = "N")]
    pub(crate) trials: Option<u32>,
    /// Seed instead of the study's
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Threads to use; results do not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Set a value, at a path that `seamline show` prints; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print the figures as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no progress
    #[arg(long)]
    pub(crate) quiet: bool,
}

impl ValidateArguments {
    /// The study whose baseline is run.
    pub(crate) fn study_or_default(&self) -> String {
        self.study
            .clone()
            .unwrap_or_else(|| DEFAULT_STUDY.to_owned())
    }
}

/// What `seamline verify` is asked for.
#[derive(Debug, Clone, Default, Args)]
#[command(
    after_help = "Exit codes: 0 every test that applies passes, 1 a test fails or verification \
could not finish, 2 wrong usage or a scenario with problems, 130 interrupted."
)]
pub struct VerifyArguments {
    /// A bundled study or the path of a study file [default: childrens-trusts-2003]
    #[arg(value_name = "STUDY")]
    pub study: Option<String>,
    /// Trials in every test, at least 2 [default: 2 in tests; for queues 4, or 20 in a network]
    #[arg(long, value_name = "N")]
    pub trials: Option<u32>,
    /// Seed instead of the study's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Threads to use; results do not depend on it, which is one of the tests
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Folder for what is found, as CSV and JSON with a manifest; without it nothing is written
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Let --out replace a folder that holds anything else
    #[arg(long, requires = "out")]
    pub replace: bool,
    /// Structures to compare with the baseline: a comma parts them, + adds overlays
    #[arg(long, value_name = "A,B+OVERLAY")]
    pub structures: Option<String>,
    /// Set a value, at a path that `seamline show` prints; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Mechanisms to switch off, parted by commas, instead of those of the study
    #[arg(long, value_name = "MECHANISM,...", conflicts_with = "only")]
    pub off: Option<String>,
    /// Switch off every mechanism but these
    #[arg(long, value_name = "MECHANISM,...")]
    pub only: Option<String>,
    /// Print what is found as JSON
    #[arg(long)]
    pub json: bool,
    /// Print no progress
    #[arg(long)]
    pub quiet: bool,
    #[arg(skip)]
    pub(crate) making: Making,
}

impl Command {
    /// What a command that can be made again is told of that; none for others.
    pub(super) fn making(&mut self) -> Option<&mut Making> {
        match self {
            Self::Calibrate(arguments) => Some(&mut arguments.making),
            Self::Verify(arguments) => Some(&mut arguments.making),
            Self::Uncertainty(arguments) => Some(&mut arguments.question.making),
            Self::Discover(arguments) => Some(&mut arguments.question.making),
            Self::Sensitivity(arguments) => Some(&mut arguments.question.making),
            Self::Flip(arguments) => Some(&mut arguments.question.making),
            Self::Tipping(arguments) => Some(&mut arguments.question.making),
            Self::WarmUp(arguments) => Some(&mut arguments.making),
            Self::Equivalent(arguments) => Some(&mut arguments.question.making),
            // A run has a way of its own; the others leave nothing that a manifest tells of.
            Self::Run(_)
            | Self::Chart(_)
            | Self::Report(_)
            | Self::Reproduce(_)
            | Self::Trace(_)
            | Self::Events(_)
            | Self::Validate(_)
            | Self::Check { .. }
            | Self::List
            | Self::Show { .. }
            | Self::Export { .. } => None,
        }
    }
}

impl RunArguments {
    /// The study to run.
    pub(crate) fn study_or_default(&self) -> String {
        self.study
            .clone()
            .unwrap_or_else(|| DEFAULT_STUDY.to_owned())
    }
}

/// What `seamline calibrate` is asked for.
#[derive(Debug, Clone, Args)]
pub(crate) struct CalibrateArguments {
    /// A bundled study or the path of a study file [default: childrens-trusts-2003]
    #[arg(value_name = "STUDY")]
    study: Option<String>,
    /// Published figures instead of the study's, with what may be varied: a bundled name or a file
    #[arg(long, value_name = "FILE")]
    pub(crate) targets: Option<String>,
    /// Number of runs
    #[arg(long, value_name = "N", default_value_t = 1_200)]
    pub(crate) runs: usize,
    /// Generations in which they are drawn, the first from the priors
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) generations: usize,
    /// Trials of each run
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) trials: u32,
    /// Time before anything is counted, instead of the study's, for example 2 years
    #[arg(long, value_name = "TIME")]
    pub(crate) warm_up: Option<String>,
    /// Time observed, instead of the study's
    #[arg(long, value_name = "TIME")]
    pub(crate) observe: Option<String>,
    /// Seed instead of the study's
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Threads to use; results do not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Folder for the results [default: output/calibration-STUDY]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Let --out replace a folder that holds anything else
    #[arg(long)]
    pub(crate) replace: bool,
    /// Set a value, at a path that `seamline show` prints; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Mechanisms to switch off, parted by commas, instead of those of the study
    #[arg(long, value_name = "MECHANISM,...", conflicts_with = "only")]
    pub(crate) off: Option<String>,
    /// Switch off every mechanism but these
    #[arg(long, value_name = "MECHANISM,...")]
    pub(crate) only: Option<String>,
    /// Print no progress
    #[arg(long)]
    pub(crate) quiet: bool,
    #[arg(skip)]
    pub(crate) making: Making,
}

impl CalibrateArguments {
    /// The study to fit.
    pub(crate) fn study_or_default(&self) -> String {
        self.study
            .clone()
            .unwrap_or_else(|| DEFAULT_STUDY.to_owned())
    }
}

/// What every question is asked that takes many runs of a study.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct QuestionArguments {
    /// A bundled study or the path of a study file [default: childrens-trusts-2003]
    #[arg(value_name = "STUDY")]
    pub(crate) study: Option<String>,
    /// Measures to judge by, parted by commas [default: those that stand forward]
    #[arg(long, value_name = "MEASURE,...", value_delimiter = ',')]
    pub(crate) measures: Vec<String>,
    /// Take what was fitted together from this joint set: a bundled one, the accepted.csv of a
    /// calibration, or none for every value by itself [default: that of the study]
    #[arg(long, value_name = "FILE")]
    pub(crate) joint: Option<String>,
    /// Structures to compare with the baseline: a comma parts them, + adds overlays
    #[arg(long, value_name = "A,B+OVERLAY")]
    pub(crate) structures: Option<String>,
    /// Set a value, at a path that `seamline show` prints; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Mechanisms to switch off, parted by commas, instead of those of the study
    #[arg(long, value_name = "MECHANISM,...", conflicts_with = "only")]
    pub(crate) off: Option<String>,
    /// Switch off every mechanism but these
    #[arg(long, value_name = "MECHANISM,...")]
    pub(crate) only: Option<String>,
    /// Seed instead of the study's
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Threads to use; results do not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Folder for the results [default: output/COMMAND-STUDY]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Let --out replace a folder that holds anything else
    #[arg(long)]
    pub(crate) replace: bool,
    /// Print no progress
    #[arg(long)]
    pub(crate) quiet: bool,
    #[arg(skip)]
    pub(crate) making: Making,
}

/// Said below the help of every such question.
const GOES_ON: &str = "Runs are kept as they end: a command that was interrupted goes on from there when it \
is given again.";

/// What draws of the values are made.
#[derive(Debug, Clone, Args)]
pub(crate) struct DrawArguments {
    /// Draws of the values, 20 at least; powers of 2 are spread best
    #[arg(long, value_name = "N", default_value_t = 128)]
    pub(crate) draws: usize,
    /// Trials of each draw, 2 at least
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) trials: u32,
    /// How draws fill the space of the values
    #[arg(long, value_enum, default_value_t = DesignChoice::Sobol)]
    pub(crate) design: DesignChoice,
    /// Draw only the values at or below these paths, parted by commas [default: all with a range]
    #[arg(long, value_name = "PATH,...", value_delimiter = ',')]
    pub(crate) vary: Vec<String>,
}

/// What `seamline uncertainty` is asked for.
#[derive(Debug, Clone, Args)]
#[command(after_help = GOES_ON)]
pub(crate) struct UncertaintyArguments {
    #[command(flatten)]
    pub(crate) question: QuestionArguments,
    #[command(flatten)]
    pub(crate) drawn: DrawArguments,
}

/// What `seamline discover` is asked for.
#[derive(Debug, Clone, Args)]
#[command(after_help = GOES_ON)]
pub(crate) struct DiscoverArguments {
    #[command(flatten)]
    pub(crate) question: QuestionArguments,
    /// The structure asked of, by its id [default: the first beside the baseline]
    #[arg(long, value_name = "STRUCTURE")]
    pub(crate) better: Option<String>,
    /// The structure that it is held against [default: the baseline]
    #[arg(long, value_name = "STRUCTURE")]
    pub(crate) than: Option<String>,
    /// Take the largest region in which it is true in this share of the draws, in percent [default: the region that
    /// balances that share against how many of all such draws it holds]
    #[arg(long, value_name = "PERCENT")]
    pub(crate) density: Option<f64>,
    /// Most regions to tell: each next is looked for outside those before
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) regions: usize,
    #[command(flatten)]
    pub(crate) drawn: DrawArguments,
}

/// What `seamline sensitivity` is asked for.
#[derive(Debug, Clone, Args)]
#[command(after_help = GOES_ON)]
pub(crate) struct SensitivityArguments {
    #[command(flatten)]
    pub(crate) question: QuestionArguments,
    /// Trajectories that look at every value, 4 at least; each is a run more than there are values
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) trajectories: usize,
    /// How many values go on to indices
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) keep: usize,
    /// Rows for indices, 16 at least, best a power of 2; each is a run for every value kept, and three
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub(crate) rows: usize,
    /// Trials of each run, 2 at least
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) trials: u32,
    /// Vary only the values at or below these paths, parted by commas [default: all with a range]
    #[arg(long, value_name = "PATH,...", value_delimiter = ',')]
    pub(crate) vary: Vec<String>,
}

/// What `seamline flip` is asked for.
#[derive(Debug, Clone, Args)]
#[command(after_help = GOES_ON)]
pub(crate) struct FlipArguments {
    #[command(flatten)]
    pub(crate) question: QuestionArguments,
    /// Places of each range, its ends among them, 2 at least; where the value is stated is one more
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) places: usize,
    /// Trials at each place, 2 at least
    #[arg(long, value_name = "N", default_value_t = 6)]
    pub(crate) trials: u32,
    /// Vary only the values at or below these paths, parted by commas [default: all with a range]
    #[arg(long, value_name = "PATH,...", value_delimiter = ',')]
    pub(crate) vary: Vec<String>,
}

/// What `seamline tipping` is asked for.
#[derive(Debug, Clone, Args)]
#[command(after_help = GOES_ON)]
pub(crate) struct TippingArguments {
    /// The value across: a path with a range, or its own ends: PATH=LOW..HIGH
    #[arg(value_name = "X")]
    pub(crate) x: String,
    /// The value up, in the same form
    #[arg(value_name = "Y")]
    pub(crate) y: String,
    #[command(flatten)]
    pub(crate) question: QuestionArguments,
    /// Places along each side, 3 at least
    #[arg(long, value_name = "N", default_value_t = 9)]
    pub(crate) side: usize,
    /// Trials at each place, 2 at least
    #[arg(long, value_name = "N", default_value_t = 6)]
    pub(crate) trials: u32,
}

/// Ways to fill the space of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DesignChoice {
    /// Scrambled Sobol points; more draws of the same seed begin with the same ones
    Sobol,
    /// A Latin hypercube
    LatinHypercube,
}

/// What `seamline warm-up` is asked for.
#[derive(Debug, Clone, Args)]
#[command(after_help = GOES_ON)]
pub(crate) struct WarmUpArguments {
    /// A bundled study or the path of a study file [default: childrens-trusts-2003]
    #[arg(value_name = "STUDY")]
    pub(crate) study: Option<String>,
    /// Trials of the baseline, 2 at least
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) trials: u32,
    /// Time followed from the first day of the warm-up, for example 10 years [default: the warm-up and
    /// the observed time, twice the warm-up, or 60 months or steps, whichever is longest]
    #[arg(long = "observe", value_name = "TIME")]
    pub(crate) followed: Option<String>,
    /// Days of a step, in a network; a study of children is followed by month [default: a month]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3_650))]
    pub(crate) step: Option<u32>,
    /// Set a value, at a path that `seamline show` prints; may be repeated
    #[arg(long, value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Mechanisms to switch off, parted by commas, instead of those of the study
    #[arg(long, value_name = "MECHANISM,...", conflicts_with = "only")]
    pub(crate) off: Option<String>,
    /// Switch off every mechanism but these
    #[arg(long, value_name = "MECHANISM,...")]
    pub(crate) only: Option<String>,
    /// Seed instead of the study's
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Threads to use; results do not depend on it
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Folder for the results [default: output/warm-up-STUDY]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Let --out replace a folder that holds anything else
    #[arg(long)]
    pub(crate) replace: bool,
    /// Print no progress
    #[arg(long)]
    pub(crate) quiet: bool,
    #[arg(skip)]
    pub(crate) making: Making,
}

/// What `seamline equivalent` is asked for.
#[derive(Debug, Clone, Args)]
#[command(after_help = GOES_ON)]
pub(crate) struct EquivalentArguments {
    #[command(flatten)]
    pub(crate) question: QuestionArguments,
    /// Trials, 2 at least
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) trials: u32,
    /// Factors on the posts of the baseline that are tried, parted by commas
    #[arg(long, value_name = "TIMES,...", value_delimiter = ',', default_values_t = FACTORS)]
    pub(crate) posts: Vec<f64>,
    /// Services whose posts are more or fewer, parted by commas [default: all]
    #[arg(long, value_name = "SERVICE,...", value_delimiter = ',')]
    pub(crate) services: Vec<String>,
    /// Overlays to put on the baseline one by one, parted by commas, or "none" [default: eight features
    /// of joint working, as far as they fit a study of children]
    #[arg(long, value_name = "OVERLAY,...", value_delimiter = ',')]
    pub(crate) features: Option<Vec<String>>,
    /// Put each part of this structure on the baseline as well: who runs what, each partition, governance
    #[arg(long, value_name = "STRUCTURE")]
    pub(crate) parts: Option<String>,
}

/// The study that runs when none is named.
pub(crate) const DEFAULT_STUDY: &str = "childrens-trusts-2003";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::scenario::{BUNDLED, Kind};

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_default_study_is_bundled() {
        let is_default =
            |it: &&crate::scenario::Bundled| it.kind == Kind::Study && it.id == DEFAULT_STUDY;
        assert!(BUNDLED.iter().find(is_default).is_some());
    }
}
