//! Values that state a range, ready to be drawn from it: what nobody knows well enough. Those that were
//! fitted together are drawn together, from the joint set of their calibration.

use super::checked::{Grade, Parameter, Scenario};
use super::joint::{JointSet, load_with_joint};
use super::load::{Request, load};
use super::problem::{Code, Problem, Problems, did_you_mean};
use super::vary::{Drawable, Spacing, between};

/// Paths below these are choices of the study or prices, not facts about children and services.
const NOT_DRAWN: [(&str, &str); 2] = [
    ("study", "a choice of the study's design"),
    ("costs", "a price: no measure of children depends on it"),
];

/// A share of the way that rounds to no simple number: a value that takes whole numbers only is
/// refused here.
const GOLDEN: f64 = 0.381_966;

/// A value with a range.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranged {
    /// How it is drawn.
    pub drawable: Drawable,
    /// How sure its value is.
    pub grade: Option<Grade>,
    /// Its range in its own words.
    pub range: (String, String),
    /// How far between the ends the stated value lies, from 0 to 1; outside where ends that were asked
    /// for leave it out.
    pub stated: f64,
}

impl Ranged {
    /// Path as `--set` takes it.
    pub fn path(&self) -> &str {
        &self.drawable.path
    }

    /// The value at this share of the range as `--set` takes it: where it is stated, in the words of
    /// its file.
    pub fn words(&self, share: f64) -> String {
        let stated = self.drawable.stated.as_ref();
        match stated.filter(|_| share.to_bits() == self.stated.to_bits()) {
            Some(stated) => stated.clone(),
            None => self.drawable.words(share),
        }
    }
}

/// A value with a range that is not drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Its path.
    pub path: String,
    /// Why it is not drawn.
    pub why: String,
}

/// A study whose values are to be drawn from their ranges.
#[derive(Debug, Clone, PartialEq)]
pub struct ToVary {
    /// The study as it is stated.
    pub scenario: Scenario,
    /// What is drawn, in the order of paths.
    pub parameters: Vec<Ranged>,
    /// What has a range, or stands in the joint set, and is not drawn.
    pub left_out: Vec<LeftOut>,
    /// The set from which some of the parameters are drawn together, each draw a member.
    pub joint: Option<JointSet>,
}

/// What a design draws by one coordinate: a single parameter, or all that are drawn together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// A path, or the name of the joint set.
    pub name: String,
    /// Places of its parameters in [`ToVary::parameters`].
    pub parameters: Vec<usize>,
}

impl ToVary {
    /// What a design has a coordinate for: the joint set first, where there is one, for the first
    /// coordinates of a design are spread best, and it stands for many values; then every other
    /// parameter.
    pub fn factors(&self) -> Vec<Factor> {
        let joint = self.joint.iter().map(|joint| Factor {
            name: format!("joint set {}", joint.name),
            parameters: joint.covers.clone(),
        });
        let singly = (0..self.parameters.len()).filter(|place| !self.is_joint(*place));
        let singly = singly.map(|place| Factor {
            name: self.parameters[place].path().to_owned(),
            parameters: vec![place],
        });
        joint.chain(singly).collect()
    }

    /// Is the parameter at this place drawn together with others?
    pub fn is_joint(&self, place: usize) -> bool {
        let joint = self.joint.as_ref();
        joint.is_some_and(|joint| joint.covers.contains(&place))
    }

    /// How far between its ends each parameter lies at a point, which has a coordinate from 0 to 1 for
    /// every factor. The joint set's picks a member, by weight: its values are then that member's own,
    /// to the word.
    ///
    /// # Panics
    /// If coordinates and factors differ in number.
    pub fn shares_of(&self, coordinates: &[f64]) -> Vec<f64> {
        let mut shares = vec![f64::NAN; self.parameters.len()];
        let mut rest = coordinates;
        if let (Some(joint), Some((first, others))) = (&self.joint, coordinates.split_first()) {
            let member = joint.member_at(*first);
            for (place, share) in joint.covers.iter().zip(&member.shares) {
                shares[*place] = *share;
            }
            rest = others;
        }
        let singly: Vec<usize> = (0..shares.len()).filter(|it| !self.is_joint(*it)).collect();
        assert_eq!(singly.len(), rest.len(), "each factor has a coordinate");
        for (place, share) in singly.into_iter().zip(rest) {
            shares[place] = *share;
        }
        shares
    }
}

/// A study with all its values that have a range or were fitted together, or those of them at or below
/// the paths `wanted`. Values in the joint set that the study names are drawn from it and not from their
/// ranges.
///
/// # Errors
/// Everything that is wrong with the study and its joint set; paths that lead to no value with a range,
/// and named ones that cannot be drawn.
pub fn load_to_vary(request: &Request, wanted: &[String]) -> Result<ToVary, Problems> {
    let (scenario, mut together) = load_with_joint(request)?;
    let mut problems = Problems::default();
    let mut parameters = Vec::new();
    let mut left_out = Vec::new();
    let is_wanted = |path: &str| wanted.is_empty() || wanted.iter().any(|it| is_below(path, it));
    if let Some(together) = &mut together {
        together.keep(is_wanted);
    }
    let is_together = |path: &str| together.as_ref().is_some_and(|it| it.covers(path));
    for (parameter, range) in with_range(&scenario) {
        let path = parameter.path.as_str();
        if !is_wanted(path) || is_together(path) {
            continue;
        }
        let found = match not_drawn(path) {
            Some(why) => Err(why.to_owned()),
            None => ranged(parameter, range),
        };
        match found {
            Ok(ranged) => parameters.push(ranged),
            Err(why) => left_out.push(LeftOut {
                path: path.to_owned(),
                why,
            }),
        }
    }
    for path in wanted {
        let drawn = parameters.iter().any(|it| is_below(it.path(), path));
        let drawn_together = (together.as_ref()).is_some_and(|it| it.covers_below(path));
        if drawn || drawn_together {
            continue;
        }
        problems.push(match left_out.iter().find(|it| is_below(&it.path, path)) {
            Some(out) => Problem::new(
                Code::NotFitted,
                format!("`{}` is not drawn: {}", out.path, out.why),
            ),
            None => no_range(&scenario, path),
        });
    }
    let nothing_together = together.as_ref().is_none_or(|it| !it.covers_below(""));
    if problems.is_empty() && parameters.is_empty() && nothing_together {
        let message = "the study states no range for any value: nothing is uncertain".to_owned();
        let help = "give values a range: { value = ..., range = [LOW, HIGH] }";
        problems.push(Problem::new(Code::MissingKey, message).help(help));
    }
    if !problems.is_empty() {
        return Err(problems.settled());
    }
    let mut parameters = as_the_study_takes_them(request, parameters, &mut left_out)?;
    let mut joint = None;
    if let Some(together) = together {
        let ready = together.ready(request, &scenario)?;
        left_out.extend(ready.left_out);
        let paths: Vec<String> = (ready.parameters.iter())
            .map(|it| it.path().to_owned())
            .collect();
        parameters.extend(ready.parameters);
        parameters.sort_by(|one, other| one.path().cmp(other.path()));
        let place = |path: &String| parameters.iter().position(|it| it.path() == path);
        joint = ready.joint.map(|set| JointSet {
            covers: paths.iter().filter_map(place).collect(),
            ..set
        });
    }
    Ok(ToVary {
        scenario,
        parameters,
        left_out,
        joint,
    })
}

/// Why nothing at a path is drawn, if so.
pub(super) fn not_drawn(path: &str) -> Option<&'static str> {
    let reason = NOT_DRAWN.iter().find(|(prefix, _)| is_below(path, prefix));
    reason.map(|(_, why)| *why)
}

/// A study with two values to go through a map, each at a path, or between two ends of its own:
/// `PATH=LOW..HIGH`.
///
/// # Errors
/// Everything that is wrong with the study; paths that lead to no single value, values without a range
/// where no ends are given, and ends that the study refuses.
pub fn load_axes(request: &Request, wanted: [&str; 2]) -> Result<ToVary, Problems> {
    let scenario = load(request)?;
    let mut problems = Problems::default();
    let mut axes = Vec::new();
    for words in wanted {
        match axis(&scenario, words) {
            Ok(axis) => axes.push(axis),
            Err(problem) => problems.push(problem),
        }
    }
    if let [x, y] = axes.as_slice()
        && x.path() == y.path()
    {
        let message = format!("both sides of the map are `{}`", x.path());
        problems.push(Problem::new(Code::NotFitted, message).help("name two values"));
    }
    if !problems.is_empty() {
        return Err(problems.settled());
    }
    let mut left_out = Vec::new();
    let parameters = as_the_study_takes_them(request, axes, &mut left_out)?;
    for out in left_out {
        problems.push(Problem::new(
            Code::NotFitted,
            format!("`{}` cannot go through its range: {}", out.path, out.why),
        ));
    }
    if !problems.is_empty() {
        return Err(problems.settled());
    }
    Ok(ToVary {
        scenario,
        parameters,
        left_out: Vec::new(),
        joint: None,
    })
}

fn axis(scenario: &Scenario, words: &str) -> Result<Ranged, Problem> {
    let (path, ends) = match words.split_once('=') {
        Some((path, ends)) => (path.trim(), Some(ends)),
        None => (words.trim(), None),
    };
    let parameters = &scenario.parameters;
    let Some(parameter) = parameters.iter().find(|it| it.path == path) else {
        let below: Vec<&str> = (parameters.iter().map(|it| it.path.as_str()))
            .filter(|it| is_below(it, path))
            .collect();
        if let Some(first) = below.first() {
            let message = format!(
                "`{path}` holds {} values, and a side of a map is one",
                below.len()
            );
            return Err(Problem::new(Code::NotFitted, message).help(format!("for example {first}")));
        }
        return Err(no_range(scenario, path));
    };
    let range = match ends {
        None => (parameter.range.clone()).ok_or_else(|| {
            let message = format!("`{path}` states no range to go through");
            let help = format!("give its ends: \"{path}=LOW..HIGH\"");
            Problem::new(Code::MissingKey, message).help(help)
        })?,
        Some(ends) => match ends.split_once("..") {
            Some((low, high)) => (low.trim().to_owned(), high.trim().to_owned()),
            None => {
                let message = format!("`{words}` names no two ends");
                let help = format!("write \"{path}=LOW..HIGH\"");
                return Err(Problem::new(Code::NotFitted, message).help(help));
            }
        },
    };
    let axis = ranged(parameter, &range);
    let axis = axis.map(|it| Ranged {
        // Ends of its own may leave the stated value out.
        stated: it.drawable.place_of_stated().unwrap_or(it.stated),
        ..it
    });
    axis.map_err(|why| {
        let message = format!(
            "`{path}` cannot go from \"{}\" to \"{}\": {why}",
            range.0, range.1
        );
        let stated = format!("it is stated as \"{}\"", parameter.value);
        Problem::new(Code::NotFitted, message).help(stated)
    })
}

/// Reads a study with values drawn: shares of the way between the ends, in the order of parameters.
///
/// # Errors
/// What the values make wrong.
pub fn load_varied(
    request: &Request,
    parameters: &[Ranged],
    shares: &[f64],
) -> Result<Scenario, Problems> {
    load(&with_values(request, parameters, shares))
}

/// The request with values drawn, as `--set` would have them. A value at the very share at which it is
/// stated stays as it is.
pub fn with_values(request: &Request, parameters: &[Ranged], shares: &[f64]) -> Request {
    let drawn = (parameters.iter().zip(shares))
        .filter(|(it, share)| it.stated.to_bits() != share.to_bits());
    let values = drawn.map(|(it, share)| format!("{}={}", it.path(), it.drawable.words(*share)));
    let mut request = request.clone();
    request.set.extend(values);
    request
}

fn with_range(scenario: &Scenario) -> impl Iterator<Item = (&Parameter, &(String, String))> {
    let parameters = scenario.parameters.iter();
    parameters.filter_map(|it| Some((it, it.range.as_ref()?)))
}

pub(super) fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn no_range(scenario: &Scenario, path: &str) -> Problem {
    if scenario
        .parameters
        .iter()
        .any(|it| is_below(&it.path, path))
    {
        return Problem::new(
            Code::MissingKey,
            format!("`{path}` states no range to draw from"),
        )
        .help("give it one in the file: { value = ..., range = [LOW, HIGH] }");
    }
    let paths = with_range(scenario).map(|(it, _)| it.path.as_str());
    let known: Vec<&str> = paths
        .flat_map(|path| {
            let ends = path.match_indices('.').map(|(end, _)| end);
            ends.chain([path.len()]).map(|end| &path[..end])
        })
        .collect();
    let problem = Problem::new(Code::UnknownPath, format!("there is no value at `{path}`"));
    match did_you_mean(path, known.iter().copied()) {
        Some(help) => problem.help(help),
        None => problem.help("`seamline show STUDY` prints every path"),
    }
}

fn ranged(parameter: &Parameter, range: &(String, String)) -> Result<Ranged, String> {
    let pieces = between(Some(&parameter.value), &range.0, &range.1)
        .map_err(|refused| refused.problem.message.clone())?;
    let drawable = Drawable::new(&parameter.path, &parameter.value, Spacing::Even, pieces);
    Ok(Ranged {
        stated: drawable.share_of_stated(),
        drawable,
        grade: parameter.grade,
        range: range.clone(),
    })
}

/// The study takes what may be drawn at its ends and between; values that take whole numbers only are
/// made whole, and what is refused even so is left out.
fn as_the_study_takes_them(
    request: &Request,
    parameters: Vec<Ranged>,
    left_out: &mut Vec<LeftOut>,
) -> Result<Vec<Ranged>, Problems> {
    const TRIED: [f64; 3] = [0.0, GOLDEN, 1.0];
    let all_at = |parameters: &[Ranged], share: f64| {
        load_varied(request, parameters, &vec![share; parameters.len()])
    };
    if TRIED
        .iter()
        .all(|share| all_at(&parameters, *share).is_ok())
    {
        return Ok(parameters);
    }
    let mut taken = Vec::new();
    for mut ranged in parameters {
        let refused = |it: &Ranged| {
            let one = std::slice::from_ref(it);
            TRIED.iter().find_map(|share| all_at(one, *share).err())
        };
        if refused(&ranged).is_some() {
            ranged.drawable = ranged.drawable.whole();
            if let Some(problems) = refused(&ranged) {
                let why = problems.iter().next().map(ToString::to_string);
                left_out.push(LeftOut {
                    path: ranged.path().to_owned(),
                    why: why.unwrap_or_default(),
                });
                continue;
            }
        }
        taken.push(ranged);
    }
    // Each alone is taken: what is refused now is a combination.
    for share in TRIED {
        all_at(&taken, share)?;
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(study: &str) -> Request {
        Request {
            study: study.to_owned(),
            ..Request::default()
        }
    }

    #[test]
    fn every_range_of_the_bundled_study_can_be_drawn() {
        let found = load_to_vary(&request("childrens-trusts-2003"), &[]).unwrap();
        assert!(found.parameters.len() > 100, "{}", found.parameters.len());
        for out in &found.left_out {
            let why = NOT_DRAWN
                .iter()
                .find(|(prefix, _)| is_below(&out.path, prefix));
            assert!(why.is_some(), "{}: {}", out.path, out.why);
        }
        for ranged in &found.parameters {
            assert!((0.0..=1.0).contains(&ranged.stated), "{}", ranged.path());
        }
    }

    #[test]
    fn the_stated_share_leads_back_to_the_stated_value() {
        let found =
            load_to_vary(&request("childrens-trusts-2003"), &["closeness".to_owned()]).unwrap();
        let one = found.parameters.iter();
        let one = one
            .into_iter()
            .find(|it| it.path() == "closeness.same_organisation");
        let one = one.unwrap();
        assert_eq!(one.drawable.words(one.stated), "times 0.4");
        assert_eq!(one.range, ("times 0.1".to_owned(), "times 1".to_owned()));
    }

    #[test]
    fn a_path_without_a_range_is_told_with_a_suggestion() {
        let problems =
            load_to_vary(&request("childrens-trusts-2003"), &["closenes".to_owned()]).unwrap_err();
        let told = problems.iter().next().unwrap();
        assert_eq!(told.code(), Code::UnknownPath);
        assert!(
            told.help
                .as_ref()
                .is_some_and(|it| it.contains("closeness"))
        );
    }
}
