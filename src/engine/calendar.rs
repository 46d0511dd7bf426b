//! The event calendar: a ring of buckets of linked nodes.
//!
//! A bucket holds the events of one stretch of time, in no order. When the clock reaches it, its
//! events are sorted once into the agenda and handed out from there. Scheduling
//! touches one list head, cancelling one node; nodes are used again.
//!
//! Events at one instant come in the order of the event type's `Ord`, never in the order in which
//! they were scheduled; the width of buckets therefore changes speed and nothing else.

use super::Instant;

const NO_NODE: u32 = u32::MAX;

/// The claim to a scheduled event, for cancelling it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Pending,
    Cancelled,
}

#[derive(Debug, Clone, Copy)]
struct Node<E> {
    at: Instant,
    event: E,
    next: u32,
    state: State,
}

/// Events to come, in order of time and, within an instant, of the events themselves.
#[derive(Debug, Clone)]
pub struct Calendar<E> {
    nodes: Vec<Node<E>>,
    free: u32,
    heads: Vec<u32>,
    /// A bucket is `2^shift` seconds wide.
    shift: u32,
    /// The stretch of time whose events are in the agenda.
    current: u32,
    /// The events of the current stretch, the next one last.
    agenda: Vec<(Instant, E, u32)>,
    pending: usize,
}

impl<E: Copy + Ord> Calendar<E> {
    /// An empty calendar whose buckets are `2^shift` seconds wide and number `2^ring`.
    pub fn new(shift: u32, ring: u32) -> Self {
        Self {
            nodes: Vec::new(),
            free: NO_NODE,
            heads: vec![NO_NODE; 1 << ring],
            shift,
            current: 0,
            agenda: Vec::new(),
            pending: 0,
        }
    }

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
        self.pending += 1;
        let stretch = at.seconds() >> self.shift;
        let index = self.take_node(at, event);
        if stretch <= self.current {
            let position = self
                .agenda
                .partition_point(|due| (due.0, due.1) > (at, event));
            self.agenda.insert(position, (at, event, index));
        } else {
            let bucket = self.bucket(stretch);
            self.nodes[index as usize].next = self.heads[bucket];
            self.heads[bucket] = index;
        }
        Ticket(index)
    }

    /// Takes back an event that has not happened yet.
    ///
    /// # Panics
    /// If the event has happened or was cancelled before, and its node is not in use again.
    pub fn cancel(&mut self, ticket: Ticket) {
        let node = &mut self.nodes[ticket.0 as usize];
        assert!(
            node.state == State::Pending,
            "only an event that is to come is cancelled"
        );
        // Its node is used again when its stretch of time has come.
        node.state = State::Cancelled;
        self.pending -= 1;
    }

    /// The moment of the next event, if it lies before `end`.
    pub fn peek_before(&mut self, end: Instant) -> Option<Instant> {
        loop {
            while let Some(&(at, _, index)) = self.agenda.last() {
                if self.nodes[index as usize].state == State::Cancelled {
                    self.agenda.pop();
                    self.release(index);
                    continue;
                }
                return (at < end).then_some(at);
            }
            if self.pending == 0
                || (u64::from(self.current) + 1) << self.shift >= u64::from(end.seconds())
            {
                return None;
            }
            self.current += 1;
            self.fill_agenda();
        }
    }

    /// Takes the next event if it lies before `end`.
    pub fn next_before(&mut self, end: Instant) -> Option<(Instant, E)> {
        self.peek_before(end)?;
        let (at, event, index) = self.agenda.pop()?;
        self.release(index);
        self.pending -= 1;
        Some((at, event))
    }

    fn bucket(&self, stretch: u32) -> usize {
        stretch as usize & (self.heads.len() - 1)
    }

    fn fill_agenda(&mut self) {
        let bucket = self.bucket(self.current);
        let mut index = std::mem::replace(&mut self.heads[bucket], NO_NODE);
        while index != NO_NODE {
            let node = self.nodes[index as usize];
            if node.at.seconds() >> self.shift != self.current {
                // Due when the ring has come round again.
                self.nodes[index as usize].next = self.heads[bucket];
                self.heads[bucket] = index;
            } else if node.state == State::Cancelled {
                self.release(index);
            } else {
                self.agenda.push((node.at, node.event, index));
            }
            index = node.next;
        }
        self.agenda
            .sort_unstable_by_key(|due| std::cmp::Reverse((due.0, due.1)));
    }

    fn take_node(&mut self, at: Instant, event: E) -> u32 {
        let node = Node {
            at,
            event,
            next: NO_NODE,
            state: State::Pending,
        };
        if self.free == NO_NODE {
            self.nodes.push(node);
            u32::try_from(self.nodes.len() - 1).expect("fewer than 2^32 events at once")
        } else {
            let index = self.free;
            self.free = self.nodes[index as usize].next;
            self.nodes[index as usize] = node;
            index
        }
    }

    fn release(&mut self, index: u32) {
        let node = &mut self.nodes[index as usize];
        node.state = State::Free;
        node.next = self.free;
        self.free = index;
    }
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
        let mut calendar = Calendar::new(4, 3);
        for event in [3, 1, 2] {
            calendar.schedule(Instant::at(100), event);
        }
        assert_eq!(drain(&mut calendar), vec![(100, 1), (100, 2), (100, 3)]);
    }

    #[test]
    fn an_event_planned_for_now_comes_before_later_ones() {
        let mut calendar = Calendar::new(4, 3);
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
        let mut calendar = Calendar::new(2, 2);
        calendar.schedule(Instant::at(50), 1);
        assert_eq!(calendar.next_before(Instant::at(50)), None);
        assert_eq!(
            calendar.next_before(Instant::at(51)),
            Some((Instant::at(50), 1))
        );
    }

    proptest! {
        /// Whatever the width and the number of buckets, and whatever is cancelled, what comes out
        /// is what a sorted list would give.
        #[test]
        fn the_order_is_that_of_a_sorted_list(
            plans in prop::collection::vec((0u32..5_000, 0u32..10, any::<bool>()), 0..200),
            shift in 0u32..10,
            ring in 0u32..6,
        ) {
            let mut calendar = Calendar::new(shift, ring);
            let mut expected = Vec::new();
            let mut cancelled = Vec::new();
            for (at, event, keep) in plans {
                let ticket = calendar.schedule(Instant::at(at), event);
                if keep { expected.push((at, event)) } else { cancelled.push(ticket) }
            }
            for ticket in cancelled { calendar.cancel(ticket) }
            expected.sort_unstable();
            prop_assert_eq!(calendar.len(), expected.len());
            prop_assert_eq!(drain(&mut calendar), expected);
            prop_assert!(calendar.is_empty());
        }
    }
}
