//! Waiting lists: by rank, then first come first served, with leaving from the middle at no cost.
//!
//! Whoever waits is known by a number below the capacity of the [`Links`], and waits in one list
//! at a time. All lists of a trial share one `Links`.

const NOBODY: u32 = u32::MAX;

/// Who stands before and behind whom.
#[derive(Debug, Clone, Default)]
pub struct Links {
    next: Vec<u32>,
    previous: Vec<u32>,
}

impl Links {
    fn make_room(&mut self, who: u32) {
        let needed = who as usize + 1;
        if self.next.len() < needed {
            self.next.resize(needed, NOBODY);
            self.previous.resize(needed, NOBODY);
        }
    }
}

/// One waiting list.
#[derive(Debug, Clone)]
pub struct WaitingList {
    /// First and last of each rank; rank 0 is the most urgent.
    ends: Vec<(u32, u32)>,
    waiting: u32,
}

impl WaitingList {
    /// An empty list with this many ranks.
    pub fn new(ranks: usize) -> Self {
        Self {
            ends: vec![(NOBODY, NOBODY); ranks],
            waiting: 0,
        }
    }

    /// How many wait.
    pub fn len(&self) -> u32 {
        self.waiting
    }

    /// Does nobody wait?
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// Joins the end of a rank.
    #[inline]
    pub fn join(&mut self, links: &mut Links, who: u32, rank: usize) {
        links.make_room(who);
        let (first, last) = &mut self.ends[rank];
        links.next[who as usize] = NOBODY;
        links.previous[who as usize] = *last;
        if *last == NOBODY {
            *first = who;
        } else {
            links.next[*last as usize] = who;
        }
        *last = who;
        self.waiting += 1;
    }

    /// The first of the most urgent rank that is not empty, and that rank.
    #[inline]
    pub fn first(&self) -> Option<(u32, usize)> {
        self.ends
            .iter()
            .enumerate()
            .find(|(_, ends)| ends.0 != NOBODY)
            .map(|(rank, ends)| (ends.0, rank))
    }

    /// Leaves the list, from wherever in its rank.
    #[inline]
    pub fn leave(&mut self, links: &mut Links, who: u32, rank: usize) {
        let (next, previous) = (links.next[who as usize], links.previous[who as usize]);
        let (first, last) = &mut self.ends[rank];
        if previous == NOBODY {
            assert!(*first == who, "only who waits in a list can leave it");
            *first = next;
        } else {
            links.next[previous as usize] = next;
        }
        if next == NOBODY {
            *last = previous;
        } else {
            links.previous[next as usize] = previous;
        }
        self.waiting -= 1;
    }

    /// Takes the first out of the list.
    #[inline]
    pub fn take_first(&mut self, links: &mut Links) -> Option<u32> {
        let (who, rank) = self.first()?;
        self.leave(links, who, rank);
        Some(who)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_urgent_go_first_and_equals_in_the_order_they_came() {
        let mut links = Links::default();
        let mut list = WaitingList::new(2);
        for (who, rank) in [(4, 1), (2, 0), (9, 1), (7, 0)] {
            list.join(&mut links, who, rank);
        }
        let order: Vec<_> = std::iter::from_fn(|| list.take_first(&mut links)).collect();
        assert_eq!(order, vec![2, 7, 4, 9]);
    }

    #[test]
    fn whoever_leaves_from_the_middle_leaves_the_others_in_order() {
        let mut links = Links::default();
        let mut list = WaitingList::new(1);
        for who in 0..4 {
            list.join(&mut links, who, 0);
        }
        list.leave(&mut links, 1, 0);
        list.leave(&mut links, 3, 0);
        list.join(&mut links, 1, 0);
        assert_eq!(list.len(), 3);
        let order: Vec<_> = std::iter::from_fn(|| list.take_first(&mut links)).collect();
        assert_eq!(order, vec![0, 2, 1]);
        assert!(list.is_empty());
    }
}
