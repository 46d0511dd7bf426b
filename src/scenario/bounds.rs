//! Bounds that a number must keep besides those of its type.

use crate::units::{Days, Probability};

use super::problem::{Code, Problem};
use super::reader::{Fields, Reader};
use super::value::Number;

/// A number that must be more than 0.
pub(crate) fn positive(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    stated: Option<Number>,
) -> Option<f64> {
    let Number(number) = stated?;
    if number > 0.0 {
        return Some(number);
    }
    let problem = Problem::new(Code::OutOfRange, format!("`{key}` cannot be {number}"));
    reader.report(problem, fields.place_of(key), "expected more than 0");
    None
}

/// A perceived level of need, 0 to 3.
pub(crate) fn level(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    stated: Option<Number>,
) -> Option<f64> {
    let Number(number) = stated?;
    if number <= 3.0 {
        return Some(number);
    }
    let problem = Problem::new(
        Code::OutOfRange,
        format!("`{key}` is {number}, and levels of need end at 3"),
    );
    reader.report(
        problem,
        fields.place_of(key),
        "expected a level from 0 to 3",
    );
    None
}

/// A length of time that must be more than 0.
pub(crate) fn some_time(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    stated: Option<Days>,
) -> Option<Days> {
    let days = stated?;
    if days > Days::ZERO {
        return Some(days);
    }
    let problem = Problem::new(
        Code::OutOfRange,
        format!("`{key}` cannot be no time at all"),
    );
    reader.report(problem, fields.place_of(key), "expected more than 0 days");
    None
}

/// A share that leaves something over: below 100%.
pub(crate) fn below_all(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    stated: Option<Probability>,
) -> Option<Probability> {
    let share = stated?;
    if share < Probability::ONE {
        return Some(share);
    }
    let message = format!("`{key}` would leave nothing over");
    let problem = Problem::new(Code::OutOfRange, message);
    reader.report(problem, fields.place_of(key), "expected less than \"100%\"");
    None
}

/// A number that has a highest value; `unit` follows the numbers in words.
pub(crate) fn at_most(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    number: f64,
    most: f64,
    unit: &str,
) -> Option<f64> {
    if number <= most {
        return Some(number);
    }
    let problem = Problem::new(Code::OutOfRange, format!("`{key}` is {number} {unit}"));
    let expected = format!("expected {most} {unit} or less");
    reader.report(problem, fields.place_of(key), expected);
    None
}
