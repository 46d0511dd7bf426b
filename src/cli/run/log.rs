//! The log of a run: what does not determine its results.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// When, how long, how and by which command a run was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct RunLog {
    /// When it ended.
    pub(in crate::cli) ended: SystemTime,
    /// How long it took.
    pub(in crate::cli) took: Duration,
    /// Threads used.
    pub(in crate::cli) threads: usize,
    /// Events handled.
    pub(in crate::cli) events: u64,
    /// The command as given.
    pub(in crate::cli) command: String,
}

impl RunLog {
    /// The log as lines of text.
    pub(in crate::cli) fn text(&self) -> String {
        format!(
            "program: {} {}\nended: {}\ntook: {:.1} seconds\nthreads: {}\nevents: {}\ncommand: {}\n",
            env!("CARGO_PKG_NAME"),
            env!("CARGO_PKG_VERSION"),
            universal_time(self.ended),
            self.took.as_secs_f64(),
            self.threads,
            self.events,
            self.command
        )
    }
}

/// A time as `2003-09-08 14:05:09 UTC`.
///
/// The calendar follows Hinnant (2013), chrono-Compatible Low-Level Date Algorithms,
/// `civil_from_days`: years begin in March, so that the leap day comes last.
fn universal_time(time: SystemTime) -> String {
    let seconds = time
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let days = seconds / 86_400 + 719_468; // since 1 March of year 0
    let era = days / 146_097;
    let day_of_era = days % 146_097;
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let of_day = seconds % 86_400;
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC",
        of_day / 3_600,
        of_day / 60 % 60,
        of_day % 60
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        let at = |seconds| universal_time(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01 00:00:00 UTC");
        assert_eq!(at(951_782_400), "2000-02-29 00:00:00 UTC");
        assert_eq!(at(1_000_000_000), "2001-09-09 01:46:40 UTC");
        assert_eq!(at(1_735_689_599), "2024-12-31 23:59:59 UTC");
    }
}
