//! A store whose items keep their number until they are removed; free numbers are used again,
//! the last freed first.

use std::ops::{Index, IndexMut};

/// A store of items under stable numbers.
#[derive(Debug, Clone)]
pub struct Slab<T> {
    items: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Slab<T> {
    /// Stores an item and returns its number.
    #[inline]
    pub fn insert(&mut self, item: T) -> u32 {
        if let Some(index) = self.free.pop() {
            self.items[index as usize] = Some(item);
            index
        } else {
            let index = u32::try_from(self.items.len()).expect("fewer than 2^32 items at once");
            self.items.push(Some(item));
            index
        }
    }

    /// Removes an item.
    ///
    /// # Panics
    /// If there is none under this number.
    #[inline]
    pub fn remove(&mut self, index: u32) -> T {
        let item = self.items[index as usize]
            .take()
            .expect("only what is stored is removed");
        self.free.push(index);
        item
    }

    /// Is something stored under this number?
    #[inline]
    pub fn holds(&self, index: u32) -> bool {
        self.items.get(index as usize).is_some_and(Option::is_some)
    }

    /// Number of items stored.
    pub fn len(&self) -> usize {
        self.items.len() - self.free.len()
    }

    /// Is nothing stored?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers in use, in order.
    pub fn numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.items
            .iter()
            .zip(0u32..)
            .filter_map(|(item, index)| item.as_ref().map(|_| index))
    }
}

impl<T> Index<u32> for Slab<T> {
    type Output = T;

    #[inline]
    fn index(&self, index: u32) -> &T {
        self.items[index as usize]
            .as_ref()
            .expect("only what is stored is read")
    }
}

impl<T> IndexMut<u32> for Slab<T> {
    #[inline]
    fn index_mut(&mut self, index: u32) -> &mut T {
        self.items[index as usize]
            .as_mut()
            .expect("only what is stored is changed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_freed_number_is_used_again() {
        let mut slab = Slab::default();
        let first = slab.insert("a");
        let second = slab.insert("b");
        assert_eq!(slab.remove(first), "a");
        assert_eq!(slab.insert("c"), first);
        assert_eq!(slab[second], "b");
        assert_eq!(slab.len(), 2);
        assert_eq!(slab.numbers().collect::<Vec<_>>(), vec![first, second]);
    }
}
