//! A set of numbers out of a fixed range, one bit each: small, and gone through in order.

const BITS: u32 = u64::BITS;

/// A set of numbers below a bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    words: Vec<u64>,
}

impl Marked {
    /// The empty set of numbers below `bound`.
    pub fn none_of(bound: u32) -> Self {
        Self {
            words: vec![0; bound.div_ceil(BITS) as usize],
        }
    }

    /// Puts a number into the set, or takes it out.
    ///
    /// # Panics
    /// If the number is not below the bound.
    pub fn set(&mut self, number: u32, is_in: bool) {
        let word = &mut self.words[(number / BITS) as usize];
        let bit = 1 << (number % BITS);
        if is_in {
            *word |= bit;
        } else {
            *word &= !bit;
        }
    }

    /// Is a number in the set?
    pub fn holds(&self, number: u32) -> bool {
        self.words[(number / BITS) as usize] & (1 << (number % BITS)) != 0
    }

    /// The members from `first` and before `end`, in order.
    pub fn members_within(&self, first: u32, end: u32) -> impl Iterator<Item = u32> + '_ {
        let (from, to) = (first / BITS, end.div_ceil(BITS));
        (from..to.min(self.words.len() as u32))
            .flat_map(|word| {
                let mut left = self.words[word as usize];
                std::iter::from_fn(move || {
                    (left != 0).then(|| {
                        let lowest = left.trailing_zeros();
                        left &= left - 1;
                        word * BITS + lowest
                    })
                })
            })
            .filter(move |number| (first..end).contains(number))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_holds_what_was_put_in_and_not_taken_out(
            changes in prop::collection::vec((0u32..300, any::<bool>()), 0..200),
            first in 0u32..300,
            length in 0u32..300,
        ) {
            let mut marked = Marked::none_of(300);
            let mut plain = BTreeSet::new();
            for (number, is_in) in changes {
                marked.set(number, is_in);
                if is_in { plain.insert(number); } else { plain.remove(&number); }
            }
            prop_assert!((0..300).all(|it| marked.holds(it) == plain.contains(&it)));
            let end = (first + length).min(300);
            let within: Vec<u32> = marked.members_within(first, end).collect();
            let expected: Vec<u32> = plain.range(first..end.max(first)).copied().collect();
            prop_assert_eq!(within, expected);
        }
    }
}
