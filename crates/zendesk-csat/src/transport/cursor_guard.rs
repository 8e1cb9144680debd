//! Notices a listing that goes round in a circle.

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};

/// Cursors that are remembered at once. A shorter circle is noticed at its first repeated cursor.
const REMEMBERED: usize = 4_096;

/// The cursors of one walk. Memory is bounded: the last ones are kept as hashes, and of the older ones a single
/// mark that moves on at every power of two, which every longer circle must pass again.
#[derive(Debug, Default)]
pub(crate) struct CursorGuard {
    hasher: RandomState,
    recent: HashSet<u64>,
    recent_in_order: VecDeque<u64>,
    mark: Option<u64>,
    admitted: u64,
}

impl CursorGuard {
    /// Takes note of a cursor that is about to be followed; an error if it was followed before.
    pub(crate) fn admit(&mut self, cursor: &str) -> Result<(), RepeatedCursor> {
        let hash = self.hasher.hash_one(cursor);
        if self.mark == Some(hash) || !self.recent.insert(hash) {
            return Err(RepeatedCursor {
                cursors: self.admitted,
            });
        }
        self.recent_in_order.push_back(hash);
        if self.recent_in_order.len() > REMEMBERED
            && let Some(oldest) = self.recent_in_order.pop_front()
        {
            self.recent.remove(&oldest);
        }
        self.admitted += 1;
        if self.admitted.is_power_of_two() {
            self.mark = Some(hash);
        }
        Ok(())
    }
}

/// The service gave a cursor that was followed already: to go on would list the same records for ever.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the service repeated a cursor after {cursors} cursors, so this listing would never end")]
pub(crate) struct RepeatedCursor {
    /// Cursors followed before the repeated one came.
    pub(crate) cursors: u64,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn walk(cursors: impl IntoIterator<Item = u64>) -> Result<(), RepeatedCursor> {
        let mut guard = CursorGuard::default();
        cursors
            .into_iter()
            .try_for_each(|cursor| guard.admit(&cursor.to_string()))
    }

    #[test]
    fn a_cursor_that_comes_at_once_again_is_an_error() {
        let error = walk([1, 2, 2]).unwrap_err();
        assert_eq!(error, RepeatedCursor { cursors: 2 });
    }

    #[test]
    fn a_long_walk_is_no_error_and_keeps_little() {
        let mut guard = CursorGuard::default();
        for cursor in 0..100_000_u64 {
            guard.admit(&cursor.to_string()).unwrap();
        }
        assert_eq!(guard.recent.len(), REMEMBERED);
        assert_eq!(guard.recent_in_order.len(), REMEMBERED);
    }

    #[test]
    fn a_circle_longer_than_the_memory_is_noticed_too() {
        let circle = REMEMBERED as u64 * 3;
        let endless = (0..).map(|step: u64| {
            if step < 500 {
                step
            } else {
                500 + (step - 500) % circle
            }
        });
        let error = walk(endless).unwrap_err();
        assert!(error.cursors < 4 * (circle + 500), "{error}");
    }

    proptest! {
        #[test]
        fn a_short_circle_is_noticed_at_its_first_repetition(lead in 0..300_u64, circle in 1..300_u64) {
            let endless = (0..).map(|step: u64| if step < lead { step } else { lead + (step - lead) % circle });
            prop_assert_eq!(walk(endless).unwrap_err().cursors, lead + circle);
        }
    }
}
