//! The event calendar: what is far off in wide buckets, what is near in narrow ones, the next events
//! in order.
//!
//! An instant is read as four digits of eight bits. An event lies in the bucket of the highest digit
//! in which it differs from the present, so there are 256 buckets of 194 days, 256 of 18 hours,
//! 256 of 4 minutes and 256 of a second. When its time comes, a bucket of few events is sorted into
//! the agenda, a bucket of many is divided among narrower ones. Buckets are plain vectors, written at
//! their end and read from beginning to end, and their room is used again; so an event costs about
//! the same among a thousand and among a million.
//!
//! Events at one instant come in the order of the event type's `Ord`, never in the order in which
//! they were scheduled; how they are divided among buckets therefore changes speed and nothing else.

use std::cmp::Ordering;
use std::num::NonZero;

use super::Instant;

/// Bits of a digit.
const DIGIT: u32 = 8;
/// Digits of an instant.
const LEVELS: usize = (u32::BITS / DIGIT) as usize;
/// Values of a digit.
const BUCKETS: usize = 1 << DIGIT;
/// As many events are sorted at once; more are divided among narrower buckets first.
const FEW: usize = 64;
/// An agenda that has grown longer than this is shortened.
const LONG: usize = 128;

/// The claim to a scheduled event, for cancelling it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(NonZero<u32>);

impl Ticket {
    fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Pending,
    Cancelled,
}

#[derive(Debug, Clone, Copy)]
struct Due<E> {
    at: Instant,
    /// None for what is never taken back.
    ticket: Option<Ticket>,
    event: E,
}

impl<E: Ord> Due<E> {
    /// Which of two comes first. Few lie at one instant, so a processor guesses right that they do not.
    #[inline]
    fn order(&self, other: &Self) -> Ordering {
        match self.at.cmp(&other.at) {
            Ordering::Equal => self.event.cmp(&other.event),
            different => different,
        }
    }
}

/// All buckets: those of the lowest digit first, and of each digit by its value.
#[derive(Debug, Clone)]
struct Buckets<E> {
    buckets: Box<[Vec<Due<E>>; LEVELS * BUCKETS]>,
    /// A bit for each bucket that is not empty.
    occupied: [u64; LEVELS * BUCKETS / 64],
}

/// Events to come, in order of time and, within an instant, of the events themselves.
#[derive(Debug, Clone)]
pub struct Calendar<E> {
    buckets: Buckets<E>,
    /// The present stretch: one bucket's, or a part of it as wide as narrower ones. All events up to
    /// its last second are in the agenda, all others in buckets, but for the latest.
    first: u32,
    last: u32,
    /// The events of the present stretch, the next one last.
    agenda: Vec<Due<E>>,
    /// The event planned last. It is put in its place only when another one is planned or its turn may
    /// have come: by then its moment, which takes long to work out, is known, and a processor need not
    /// guess where it goes and begin again when it was wrong. That takes a tenth off a network's event.
    latest: Option<Due<E>>,
    /// By ticket.
    states: Vec<State>,
    free: Vec<Ticket>,
    pending: usize,
    /// Cancelled events that still lie somewhere.
    cancelled: usize,
}

impl<E> Buckets<E> {
    fn empty() -> Self {
        Self {
            buckets: Box::new([const { Vec::new() }; LEVELS * BUCKETS]),
            occupied: [0; LEVELS * BUCKETS / 64],
        }
    }

    /// Puts an event that comes after this second into its bucket.
    #[inline]
    fn put(&mut self, due: Due<E>, last: u32) {
        let at = due.at.seconds();
        // They differ, so the lowest bit decides nothing; but that there is one need not be looked up.
        let level = ((at ^ last) | 1).ilog2() / DIGIT;
        let digit = (at >> (level * DIGIT)) as usize % BUCKETS;
        let number = level as usize * BUCKETS + digit;
        self.buckets[number].push(due);
        self.occupied[number / 64] |= 1 << (number % 64);
    }

    /// The first bucket with anything in it. What shares more digits with the present comes sooner.
    #[inline]
    fn first(&self) -> Option<usize> {
        let mut words = self.occupied.iter().enumerate();
        words
            .find(|(_, word)| **word != 0)
            .map(|(number, word)| number * 64 + word.trailing_zeros() as usize)
    }

    /// The bucket is about to be emptied.
    fn clear(&mut self, number: usize) {
        self.occupied[number / 64] &= !(1 << (number % 64));
    }
}

/// The seconds after the first of a stretch that is `2^shift` seconds wide and begins at a multiple of
/// its width.
fn rest(shift: u32) -> u32 {
    (1 << shift) - 1
}

impl<E: Copy + Ord> Default for Calendar<E> {
    fn default() -> Self {
        Self {
            buckets: Buckets::empty(),
            first: 0,
            last: 0,
            agenda: Vec::new(),
            latest: None,
            states: Vec::new(),
            free: Vec::new(),
            pending: 0,
            cancelled: 0,
        }
    }
}

impl<E: Copy + Ord> Calendar<E> {
    /// Number of events to come.
    pub fn len(&self) -> usize {
        self.pending
    }

    /// Is nothing to come?
    pub fn is_empty(&self) -> bool {
        self.pending == 0
    }

    /// Plans an event. It may lie at the present instant, not before it.
    pub fn schedule(&mut self, at: Instant, event: E) -> Ticket {
        let ticket = self.free.pop().unwrap_or_else(|| self.new_ticket());
        self.states[ticket.index()] = State::Pending;
        self.add(Due {
            at,
            ticket: Some(ticket),
            event,
        });
        ticket
    }

    /// Plans an event that nobody will take back; it needs no ticket.
    #[inline]
    pub fn schedule_for_good(&mut self, at: Instant, event: E) {
        self.add(Due {
            at,
            ticket: None,
            event,
        });
    }

    /// Takes back an event that has not happened yet.
    ///
    /// # Panics
    /// If the event has happened or was cancelled before, and its ticket is not in use again.
    pub fn cancel(&mut self, ticket: Ticket) {
        let state = &mut self.states[ticket.index()];
        assert!(
            *state == State::Pending,
            "only an event that is to come is cancelled"
        );
        // It is left where it lies until its bucket is opened, or until there are too many like it.
        *state = State::Cancelled;
        self.pending -= 1;
        self.cancelled += 1;
        if self.cancelled > self.pending + FEW {
            self.sweep();
        }
    }

    /// The moment of the next event, if it lies before `end`.
    #[inline]
    pub fn peek_before(&mut self, end: Instant) -> Option<Instant> {
        self.place_latest();
        loop {
            match self.agenda.last() {
                None => {
                    if !self.open_next(end) {
                        return None;
                    }
                }
                Some(due) if is_cancelled(&self.states, due) => {
                    if let Some(due) = self.agenda.pop() {
                        self.forget(due);
                    }
                }
                Some(due) => return (due.at < end).then_some(due.at),
            }
        }
    }

    /// Takes the next event if it lies before `end`.
    #[inline]
    pub fn next_before(&mut self, end: Instant) -> Option<(Instant, E)> {
        if let Some(latest) = &self.latest
            && (self.agenda.last()).is_none_or(|next| latest.order(next) == Ordering::Less)
        {
            self.place_latest();
        }
        loop {
            let Some(next) = self.agenda.last() else {
                if self.open_next(end) {
                    continue;
                }
                return None;
            };
            if next.at >= end {
                return None;
            }
            let due = self.agenda.pop()?;
            if due.ticket.is_some() {
                if is_cancelled(&self.states, &due) {
                    self.forget(due);
                    // What comes after the cancelled one may be the one planned last.
                    self.place_latest();
                    continue;
                }
                self.release(&due);
            }
            self.pending -= 1;
            return Some((due.at, due.event));
        }
    }

    /// An event that comes so many after the next one, as far as that is known by now. It is good for
    /// getting ready, not for deciding anything: it may be cancelled, and others may come before it.
    #[inline]
    pub fn glimpse(&self, after: usize) -> Option<E> {
        let position = self.agenda.len().checked_sub(after + 1)?;
        Some(self.agenda[position].event)
    }

    #[inline]
    fn add(&mut self, due: Due<E>) {
        self.pending += 1;
        if let Some(before) = self.latest.replace(due) {
            self.place(before);
        }
    }

    /// Puts the event planned last in its place, where it may be the next or is looked for.
    #[inline(never)]
    fn place_latest(&mut self) {
        if let Some(latest) = self.latest.take() {
            self.place(latest);
        }
    }

    #[inline]
    fn place(&mut self, due: Due<E>) {
        if due.at.seconds() > self.last {
            self.buckets.put(due, self.last);
        } else {
            self.add_to_agenda(due);
        }
    }

    #[inline(never)]
    fn add_to_agenda(&mut self, due: Due<E>) {
        let later = |other: &Due<E>| other.order(&due) == Ordering::Greater;
        let position = self.agenda.partition_point(later);
        self.agenda.insert(position, due);
        if self.agenda.len() > LONG {
            self.shorten();
        }
    }

    /// Opens the next bucket with an event in it, if it begins before `end`.
    fn open_next(&mut self, end: Instant) -> bool {
        while self.agenda.is_empty() {
            let Some(number) = self.buckets.first() else {
                return false;
            };
            let (level, digit) = (number / BUCKETS, number % BUCKETS);
            let shift = level as u32 * DIGIT;
            let above = u32::MAX.checked_shl(shift + DIGIT).unwrap_or(0);
            let first = self.last & above | (digit as u32) << shift;
            if first >= end.seconds() {
                return false;
            }
            self.first = first;
            self.buckets.clear(number);
            let bucket = &mut self.buckets.buckets[number];
            if level == 0 || bucket.len() <= FEW {
                self.last = first | rest(shift);
                std::mem::swap(&mut self.agenda, bucket);
            } else {
                self.last = first;
                let mut many = std::mem::take(bucket);
                self.divide(&many);
                many.clear();
                self.buckets.buckets[number] = many;
            }
        }
        self.agenda.sort_unstable_by(|one, other| other.order(one));
        true
    }

    /// Divides events among the agenda and narrower buckets.
    fn divide(&mut self, events: &[Due<E>]) {
        for due in events {
            if is_cancelled(&self.states, due) {
                self.forget(*due);
            } else if due.at.seconds() > self.last {
                self.buckets.put(*due, self.last);
            } else {
                self.agenda.push(*due);
            }
        }
    }

    /// Ends the present stretch sooner, so that events planned for it need not be sorted in among many.
    fn shorten(&mut self) {
        let Some(next) = self.agenda.last() else {
            return;
        };
        let next = next.at.seconds().max(self.first);
        for shift in (0..u32::BITS).step_by(DIGIT as usize).rev() {
            let last = next | rest(shift);
            let beyond = self.agenda.partition_point(|due| due.at.seconds() > last);
            if last < self.last && beyond > self.agenda.len() / 2 {
                self.first = next & !rest(shift);
                self.last = last;
                let near = self.agenda.split_off(beyond);
                let far = std::mem::replace(&mut self.agenda, near);
                for due in far {
                    self.buckets.put(due, self.last);
                }
                return;
            }
        }
    }

    fn new_ticket(&mut self) -> Ticket {
        self.states.push(State::Free);
        let number = u32::try_from(self.states.len()).ok().and_then(NonZero::new);
        Ticket(number.expect("fewer than 2^32 events at once"))
    }

    /// The event does not wait any longer; its ticket, if it has one, may be used again.
    fn release(&mut self, due: &Due<E>) {
        if let Some(ticket) = due.ticket {
            self.states[ticket.index()] = State::Free;
            self.free.push(ticket);
        }
    }

    /// A cancelled event is taken from where it lay.
    fn forget(&mut self, due: Due<E>) {
        self.cancelled -= 1;
        self.release(&due);
    }

    /// Takes all cancelled events from where they lie.
    fn sweep(&mut self) {
        self.place_latest();
        let Self {
            buckets,
            agenda,
            states,
            free,
            cancelled,
            ..
        } = self;
        for events in buckets.buckets.iter_mut().chain([agenda]) {
            events.retain(|due| match due.ticket {
                Some(ticket) if states[ticket.index()] == State::Cancelled => {
                    states[ticket.index()] = State::Free;
                    free.push(ticket);
                    *cancelled -= 1;
                    false
                }
                _ => true,
            });
        }
    }
}

fn is_cancelled<E>(states: &[State], due: &Due<E>) -> bool {
    due.ticket
        .is_some_and(|ticket| states[ticket.index()] == State::Cancelled)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drain(calendar: &mut Calendar<u32>) -> Vec<(u32, u32)> {
        std::iter::from_fn(|| calendar.next_before(Instant::NEVER))
            .map(|(at, event)| (at.seconds(), event))
            .collect()
    }

    #[test]
    fn events_of_one_instant_come_in_their_own_order() {
        let mut calendar = Calendar::default();
        for event in [3, 1, 2] {
            calendar.schedule(Instant::at(100), event);
        }
        assert_eq!(drain(&mut calendar), vec![(100, 1), (100, 2), (100, 3)]);
    }

    #[test]
    fn an_event_planned_for_now_comes_before_later_ones() {
        let mut calendar = Calendar::default();
        calendar.schedule(Instant::at(5), 1);
        calendar.schedule(Instant::at(9), 2);
        assert_eq!(
            calendar.next_before(Instant::NEVER),
            Some((Instant::at(5), 1))
        );
        calendar.schedule(Instant::at(5), 0);
        assert_eq!(
            calendar.next_before(Instant::NEVER),
            Some((Instant::at(5), 0))
        );
    }

    #[test]
    fn nothing_is_handed_out_at_or_after_the_end() {
        let mut calendar = Calendar::default();
        calendar.schedule(Instant::at(50), 1);
        assert_eq!(calendar.next_before(Instant::at(50)), None);
        assert_eq!(
            calendar.next_before(Instant::at(51)),
            Some((Instant::at(50), 1))
        );
    }

    #[test]
    fn a_crowd_is_divided_and_an_agenda_that_grows_long_is_shortened() {
        let mut calendar = Calendar::default();
        let mut expected = Vec::new();
        // An event alone in half a year makes the stretch wide, and then many come into it.
        calendar.schedule_for_good(Instant::at(17_000_000), 0);
        assert!(calendar.next_before(Instant::NEVER).is_some());
        for event in 1..10_000u32 {
            let at = 17_000_000 + event.wrapping_mul(2_654_435_761) % 30_000_000;
            calendar.schedule_for_good(Instant::at(at), event);
            expected.push((at, event));
            assert!(calendar.agenda.len() <= LONG);
        }
        expected.sort_unstable();
        assert_eq!(drain(&mut calendar), expected);
    }

    #[test]
    fn cancelled_events_do_not_pile_up() {
        let mut calendar = Calendar::default();
        for round in 0..10_000u32 {
            let ticket = calendar.schedule(Instant::at(1_000_000 + round), round);
            calendar.cancel(ticket);
        }
        assert!(calendar.is_empty());
        assert!(calendar.states.len() <= 2 * FEW + 2);
        assert_eq!(drain(&mut calendar), vec![]);
    }

    #[test]
    fn the_event_planned_last_is_not_passed_over_for_one_behind_a_cancelled_one() {
        let mut calendar = Calendar::default();
        // An event of the same stretch has been taken, so those that follow are sorted in at once.
        calendar.schedule_for_good(Instant::at(17_000_000), 0);
        assert!(calendar.next_before(Instant::NEVER).is_some());
        calendar.schedule_for_good(Instant::at(17_000_020), 3);
        let cancelled = calendar.schedule(Instant::at(17_000_005), 1);
        calendar.schedule_for_good(Instant::at(17_000_010), 2);
        calendar.cancel(cancelled);
        assert_eq!(drain(&mut calendar), [(17_000_010, 2), (17_000_020, 3)]);
    }

    #[test]
    #[should_panic(expected = "only an event that is to come is cancelled")]
    fn an_event_is_cancelled_once() {
        let mut calendar = Calendar::default();
        let ticket = calendar.schedule(Instant::at(1), 1);
        calendar.cancel(ticket);
        calendar.cancel(ticket);
    }

    /// What is done to a calendar: some events planned this long after the present, one of those to
    /// come cancelled or planned anew, some events taken.
    #[derive(Debug, Clone)]
    enum Act {
        Plan(u32, u32, u32),
        PlanForGood(u32, u32),
        Cancel(prop::sample::Index),
        PlanAnew(prop::sample::Index, u32),
        Take(u32),
    }

    fn acts() -> impl Strategy<Value = Act> {
        // Near, in the present stretch more often than not, and as far as the clock reaches.
        let delay = || prop_oneof![0u32..4, 0u32..5_000, 0u32..40_000_000, any::<u32>()];
        prop_oneof![
            (delay(), 0u32..10, 1u32..150)
                .prop_map(|(at, event, times)| Act::Plan(at, event, times)),
            (delay(), 0u32..10).prop_map(|(at, event)| Act::PlanForGood(at, event)),
            any::<prop::sample::Index>().prop_map(Act::Cancel),
            (any::<prop::sample::Index>(), delay())
                .prop_map(|(which, at)| Act::PlanAnew(which, at)),
            (1u32..100).prop_map(Act::Take),
        ]
    }

    proptest! {
        /// Whatever is planned, cancelled, planned anew and taken in between, what comes out is what a
        /// sorted list would give.
        #[test]
        fn the_order_is_that_of_a_sorted_list(acts in prop::collection::vec(acts(), 0..60)) {
            let mut calendar = Calendar::default();
            let mut list: Vec<(Instant, u32, Option<Ticket>)> = Vec::new();
            let mut now = Instant::START;
            for act in acts {
                match act {
                    Act::Plan(delay, event, times) => for step in 0..times {
                        let at = now.after(delay.saturating_add(step * 37));
                        list.push((at, event, Some(calendar.schedule(at, event))));
                    },
                    Act::PlanForGood(delay, event) => {
                        calendar.schedule_for_good(now.after(delay), event);
                        list.push((now.after(delay), event, None));
                    }
                    Act::Cancel(which) | Act::PlanAnew(which, _) if !list.is_empty() => {
                        let (_, event, ticket) = list[which.index(list.len())];
                        let Some(ticket) = ticket else { continue };
                        calendar.cancel(ticket);
                        list.retain(|it| it.2 != Some(ticket));
                        if let Act::PlanAnew(_, delay) = act {
                            let at = now.after(delay);
                            list.push((at, event, Some(calendar.schedule(at, event))));
                        }
                    }
                    Act::Cancel(_) | Act::PlanAnew(..) => {}
                    Act::Take(times) => for _ in 0..times {
                        list.sort_unstable_by_key(|it| (it.0, it.1));
                        let end = now.after(10_000_000);
                        let expected = list.first().filter(|it| it.0 < end).map(|it| (it.0, it.1));
                        prop_assert_eq!(calendar.peek_before(end), expected.map(|it| it.0));
                        let taken = calendar.next_before(end);
                        prop_assert_eq!(taken, expected);
                        let Some((at, event)) = taken else {
                            now = end;
                            break;
                        };
                        now = at;
                        // Of equals, the calendar may have taken any.
                        let mut equals = list.iter().enumerate().filter(|(_, it)| (it.0, it.1) == (at, event));
                        let gone = equals.find(|(_, it)| it.2.is_none_or(|it| calendar.states[it.index()] != State::Pending));
                        let (gone, _) = gone.unwrap();
                        list.remove(gone);
                    },
                }
                prop_assert_eq!(calendar.len(), list.len());
            }
            let mut rest: Vec<_> = list.iter().map(|it| (it.0.seconds(), it.1)).collect();
            rest.sort_unstable();
            // What is due at the end of the clock never happens.
            rest.retain(|it| it.0 < u32::MAX);
            prop_assert_eq!(drain(&mut calendar), rest);
        }
    }
}
