//! Lists of observed stays: a text file with one number of days on each line.

use crate::units::Days;

/// A line that is not a number of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadLine {
    /// First byte of the line's content.
    pub(crate) start: usize,
    /// Past its last byte.
    pub(crate) end: usize,
    /// What stands there.
    pub(crate) found: String,
}

/// Reads one number a line. The first line may be a heading; empty lines are passed over.
///
/// # Errors
/// Every line that is not a number of days, 0 or more.
pub(crate) fn read(text: &str) -> Result<Vec<Days>, Vec<BadLine>> {
    let mut days = Vec::new();
    let mut bad = Vec::new();
    let mut start = 0;
    let mut may_be_heading = true;
    for line in text.split_inclusive('\n') {
        let field = line.trim().trim_matches('"');
        let number = field.parse::<f64>().ok();
        match number.map(Days::try_from) {
            Some(Ok(value)) => days.push(value),
            None if field.is_empty() || may_be_heading => {}
            _ => {
                let start = start + (line.len() - line.trim_start().len());
                bad.push(BadLine {
                    start,
                    end: start + line.trim().len(),
                    found: field.to_owned(),
                });
            }
        }
        may_be_heading = may_be_heading && field.is_empty();
        start += line.len();
    }
    if bad.is_empty() { Ok(days) } else { Err(bad) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_and_empty_lines_are_passed_over() {
        let days = read("days\n3\n\n4.5\n").unwrap();
        assert_eq!(
            days.iter().map(|it| it.get()).sum::<f64>().to_bits(),
            7.5_f64.to_bits()
        );
        assert_eq!(read("3\n4\n").unwrap().len(), 2);
    }

    #[test]
    fn every_line_with_words_is_named() {
        let text = "days\n3\nabout a week\n -1\n";
        let bad = read(text).unwrap_err();
        let marked: Vec<&str> = bad.iter().map(|it| &text[it.start..it.end]).collect();
        assert_eq!(marked, ["about a week", "-1"]);
    }
}
