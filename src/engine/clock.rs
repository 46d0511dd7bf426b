//! The clock counts whole seconds since the start of the warm-up.

/// A moment, in whole seconds since the start of the warm-up; the clock reaches 136 years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Instant(u32);

impl Instant {
    /// The start of the warm-up.
    pub const START: Self = Self(0);
    /// The end of the clock. No run reaches it, so what is due then never happens.
    pub const NEVER: Self = Self(u32::MAX);

    /// The moment this many seconds after the start.
    pub fn at(seconds: u32) -> Self {
        Self(seconds)
    }

    /// Seconds since the start.
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// This moment and a duration in seconds; the end of the clock if that lies beyond it.
    #[inline]
    pub fn after(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from an earlier moment until this one; 0 if it is later.
    #[inline]
    pub fn since(self, earlier: Self) -> u32 {
        self.0.saturating_sub(earlier.0)
    }
}

/// A level that changes at moments and the exact sum of level x seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meter {
    level: u32,
    since: Instant,
    sum: u64,
}

impl Meter {
    /// The level now.
    pub fn level(&self) -> u32 {
        self.level
    }

    /// Raises the level by one.
    #[inline]
    pub fn up(&mut self, now: Instant) {
        self.settle(now);
        self.level += 1;
    }

    /// Sets the level.
    pub fn set(&mut self, level: u32, now: Instant) {
        self.settle(now);
        self.level = level;
    }

    /// Lowers the level by one.
    ///
    /// # Panics
    /// If the level is 0: somebody left who was never there.
    #[inline]
    pub fn down(&mut self, now: Instant) {
        self.settle(now);
        assert!(self.level > 0, "a meter at zero cannot go down");
        self.level -= 1;
    }

    /// The sum of level x seconds up to now.
    #[inline]
    pub fn settle(&mut self, now: Instant) -> u64 {
        self.sum += u64::from(self.level) * u64::from(now.since(self.since));
        self.since = now;
        self.sum
    }

    /// Forgets the sum, keeps the level.
    pub fn restart(&mut self, now: Instant) {
        self.sum = 0;
        self.since = now;
    }
}

/// A level that changes at moments, and the whole seconds that it stood at each height.
///
/// Heights are told apart up to a top, which stands for itself and all above it. Room is made when
/// a height is reached for the first time, and never otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heights {
    level: u32,
    top: u32,
    since: Instant,
    seconds: Vec<u64>,
}

impl Heights {
    /// A level at zero, with heights told apart up to `top`.
    pub fn new(top: u32) -> Self {
        Self {
            level: 0,
            top,
            since: Instant::START,
            seconds: Vec::new(),
        }
    }

    /// The height now, at most the top.
    #[inline]
    pub fn height(&self) -> usize {
        self.level.min(self.top) as usize
    }

    /// Raises the level by one.
    #[inline]
    pub fn up(&mut self, now: Instant) {
        self.settle(now);
        self.level += 1;
    }

    /// Lowers the level by one.
    ///
    /// # Panics
    /// If the level is 0: somebody left who was never there.
    #[inline]
    pub fn down(&mut self, now: Instant) {
        self.settle(now);
        assert!(self.level > 0, "a level at zero cannot go down");
        self.level -= 1;
    }

    #[inline]
    fn settle(&mut self, now: Instant) {
        let height = self.height();
        if height >= self.seconds.len() {
            self.seconds.resize(height + 1, 0);
        }
        self.seconds[height] += u64::from(now.since(self.since));
        self.since = now;
    }

    /// Forgets the seconds, keeps the level.
    pub fn restart(&mut self, now: Instant) {
        self.seconds.fill(0);
        self.since = now;
    }

    /// Seconds at each height up to now, as far as any height was held.
    pub fn take(&mut self, now: Instant) -> Vec<u64> {
        self.settle(now);
        let mut seconds = std::mem::take(&mut self.seconds);
        let held = seconds.iter().rposition(|seconds| *seconds > 0);
        seconds.truncate(held.map_or(0, |last| last + 1));
        seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_sums_level_times_seconds() {
        let mut meter = Meter::default();
        meter.up(Instant::at(10));
        meter.up(Instant::at(20));
        meter.down(Instant::at(25));
        assert_eq!(meter.settle(Instant::at(30)), 10 + 10 + 5);
    }

    #[test]
    fn heights_are_held_for_all_of_the_time_and_the_top_holds_what_is_above_it() {
        let mut heights = Heights::new(2);
        heights.up(Instant::at(10));
        heights.restart(Instant::at(15));
        for _ in 0..3 {
            heights.up(Instant::at(20));
        }
        assert_eq!(heights.height(), 2);
        heights.down(Instant::at(27));
        heights.down(Instant::at(28));
        assert_eq!(heights.height(), 2);
        assert_eq!(heights.take(Instant::at(40)), [0, 5, 20]);
        assert_eq!(heights.take(Instant::at(40)), [0; 0]);
    }

    #[test]
    fn what_lies_beyond_the_clock_never_happens() {
        assert_eq!(Instant::at(5).after(u32::MAX), Instant::NEVER);
    }
}
