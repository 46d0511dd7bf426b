//! The log of events as CSV, with the columns that process-mining tools look for.

use std::io;

use crate::inquiry::events::Event;

/// The columns, in order.
pub const COLUMNS: [&str; 13] = [
    "case:concept:name",
    "concept:name",
    "time:timestamp",
    "org:resource",
    "lifecycle:transition",
    "organisation",
    "structure",
    "trial",
    "child",
    "need",
    "handoff",
    "kind",
    "detail",
];

/// A calendar day that stands for decision day: the clock of a trial has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NominalDay {
    /// Days since 1 January 1970.
    days: i64,
}

impl NominalDay {
    /// Reads a day such as `2003-04-01`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year: i64 = parts.next()?.parse().ok()?;
        let month: i64 = parts.next()?.parse().ok()?;
        let day: i64 = parts.next()?.parse().ok()?;
        let is_plausible = parts.next().is_none()
            && (1600..=3000).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day);
        let found = Self {
            days: days_before(year, month, day),
        };
        // A day that there is comes back as it went in.
        (is_plausible && civil(found.days) == (year, month, day)).then_some(found)
    }

    /// A moment so many seconds after the begin of this day, in UTC: `2003-04-01T09:00:00Z`.
    pub fn at(self, seconds: i64) -> String {
        let (year, month, day) = civil(self.days + seconds.div_euclid(86_400));
        let second = seconds.rem_euclid(86_400);
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            second / 3600,
            second / 60 % 60,
            second % 60
        )
    }
}

/// Days from 1 January 1970 to a day of the Gregorian calendar; years are counted from March, so that
/// the leap day comes last.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // Months from March on have 31, 30, 31, 30, 31 days, and so again.
    365 * year + leaps + (153 * month + 2) / 5 + day - 1 - 719_468
}

/// The day of the Gregorian calendar that lies so many days after 1 January 1970.
fn civil(days: i64) -> (i64, i64, i64) {
    // 400 years have 146,097 days. The first guess is at most one year off.
    let mut year = 1970 + (days * 400).div_euclid(146_097);
    while days_before(year + 1, 1, 1) <= days {
        year += 1;
    }
    while days_before(year, 1, 1) > days {
        year -= 1;
    }
    let month = (1..=12)
        .rev()
        .find(|month| days_before(year, *month, 1) <= days)
        .unwrap_or(1);
    (year, month, days - days_before(year, month, 1) + 1)
}

/// Writes events as rows of CSV.
pub struct Log<W: io::Write> {
    writer: csv::Writer<W>,
    day: NominalDay,
}

impl<W: io::Write> Log<W> {
    /// Begins a log with its header.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(out: W, day: NominalDay) -> io::Result<Self> {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(COLUMNS)?;
        Ok(Self { writer, day })
    }

    /// Writes an event.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn push(&mut self, event: &Event) -> io::Result<()> {
        let number = |number: Option<u32>| number.map_or_else(String::new, |it| it.to_string());
        self.writer.write_record([
            event.case.as_str(),
            &event.activity,
            &self.day.at(event.seconds),
            &event.resource,
            event.lifecycle,
            &event.organisation,
            &event.structure,
            &event.trial.to_string(),
            &event.child,
            &event.need,
            &number(event.handoff),
            event.kind,
            &event.detail,
        ])?;
        Ok(())
    }

    /// Ends the log.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_calendar() {
        let day = NominalDay::parse("2003-04-01").unwrap();
        assert_eq!(day.at(0), "2003-04-01T00:00:00Z");
        assert_eq!(day.at(-1), "2003-03-31T23:59:59Z");
        assert_eq!(day.at(86_400 * 30 + 3_723), "2003-05-01T01:02:03Z");
        // 2004 is a leap year.
        assert_eq!(day.at(86_400 * 334), "2004-02-29T00:00:00Z");
        assert_eq!(day.at(86_400 * 366), "2004-04-01T00:00:00Z");
        assert_eq!(NominalDay::parse("1970-01-01").unwrap().days, 0);
        assert_eq!(NominalDay::parse("2000-03-01").unwrap().days, 11_017);
    }

    #[test]
    fn a_day_that_there_is_not_is_refused() {
        for text in [
            "2003-02-29",
            "2003-13-01",
            "2003-04",
            "1 April 2003",
            "2003-04-31",
            "",
        ] {
            assert!(NominalDay::parse(text).is_none(), "{text}");
        }
    }
}
