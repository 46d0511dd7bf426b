//! What is said of values that were fitted together.

use super::super::text::push_wrapped;
use super::values;
use crate::report::numbers::plain;
use crate::scenario::{Grade, JointSet, Ranged};

/// Members of equal weight that tell little of how far values can lie together when there are fewer.
const FEW_MEMBERS: f64 = 30.0;

/// `12 values from their ranges and 22 together from joint/england-2003.csv`.
pub(in crate::report) fn varied(parameters: &[Ranged], joint: Option<&JointSet>) -> String {
    let together = joint.map_or(0, |it| it.covers.len());
    let singly = parameters.len() - together;
    let from_ranges = format!("{} from their ranges", values(singly));
    match joint {
        None => from_ranges,
        Some(joint) if singly == 0 => format!("{} together from {}", values(together), joint.file),
        Some(joint) => format!("{from_ranges} and {together} together from {}", joint.file),
    }
}

/// What the joint set is, and what makes the spread of what is varied too wide or too narrow.
pub(in crate::report) fn push_joint(
    text: &mut String,
    parameters: &[Ranged],
    joint: Option<&JointSet>,
) {
    for paragraph in joint
        .map(joint_set)
        .into_iter()
        .chain(warnings(parameters, joint))
    {
        text.push('\n');
        push_wrapped(text, &paragraph, 2);
    }
}

/// What the set is from which values are drawn together.
pub(in crate::report) fn joint_set(joint: &JointSet) -> String {
    let mut said = format!(
        "Values in {} were fitted together: each draw takes one of its {} members whole, by weight; as many \
         of equal weight would be {}.",
        joint.file,
        joint.members.len(),
        plain(joint.effective_size, 1)
    );
    if joint.covers.len() < joint.values {
        said.push_str(&format!(
            " {} of its {} values are drawn; varied.csv names those that are set otherwise or not there.",
            joint.covers.len(),
            joint.values
        ));
    }
    said
}

/// What makes the spread too wide or too narrow.
pub(in crate::report) fn warnings(parameters: &[Ranged], joint: Option<&JointSet>) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(joint) = joint.filter(|it| it.effective_size < FEW_MEMBERS) {
        warnings.push(format!(
            "Warning: the joint set tells no more than {} members of equal weight would. So few show too \
             little of how far the fitted values can lie together: the spread is understated. A \
             calibration with more runs finds more.",
            plain(joint.effective_size, 1)
        ));
    }
    let is_joint = |place: usize| joint.is_some_and(|it| it.covers.contains(&place));
    let singly = fitted(parameters, &is_joint);
    if singly > 0 {
        warnings.push(format!(
            "Warning: {singly} of the values were fitted together to published figures. Drawn one by one they \
             agree with those figures no more, so that the spread is too wide; --joint draws them together \
             from the accepted.csv of a calibration, --vary draws other values only."
        ));
    }
    warnings
}

/// Of values that go through their ranges alone: that some of them were fitted together.
pub(in crate::report) fn push_alone(text: &mut String, parameters: &[Ranged]) {
    if let Some(sentence) = alone(parameters) {
        text.push('\n');
        push_wrapped(text, &sentence, 2);
    }
}

/// The same as a sentence; `None` where none was fitted.
pub(in crate::report) fn alone(parameters: &[Ranged]) -> Option<String> {
    let alone = fitted(parameters, &|_| false);
    (alone > 0).then(|| {
        format!(
            "Warning: {alone} of the values were fitted together to published figures. Alone they leave what agrees \
             with those figures, so the figures may rule out a flip by one of them."
        )
    })
}

fn fitted(parameters: &[Ranged], but: &dyn Fn(usize) -> bool) -> usize {
    (parameters.iter().enumerate())
        .filter(|(place, it)| it.grade == Some(Grade::Fitted) && !but(*place))
        .count()
}
