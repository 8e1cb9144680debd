//! Adds ratings up, one grouping at a time. Memory grows with the number of groups, plus 4 bytes for each answer's
//! time in each grouping (the median is exact).

use ahash::AHashMap;

use super::dimension::Dimension;
use super::score::{Answers, Counts, Score};

/// How one rating came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Good,
    Neutral,
    Bad,
    /// Answered with a score of another name, or none.
    Unscored,
    /// Not answered, and can still be.
    Open,
    /// Not answered, and can no longer be.
    Expired,
}

impl Outcome {
    pub(crate) const fn is_answer(self) -> bool {
        matches!(self, Self::Good | Self::Neutral | Self::Bad | Self::Unscored)
    }
}

/// What one rating adds to the groups that it is in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fact {
    pub(crate) outcome: Outcome,
    /// Whether the customer was asked.
    pub(crate) is_asked: bool,
    pub(crate) seconds_to_answer: Option<u32>,
    /// Whether it counts for the report's period.
    pub(crate) in_period: bool,
    /// Whether it counts for the later and the earlier span of the comparison.
    pub(crate) in_current: bool,
    pub(crate) in_previous: bool,
    /// Whether it would count for the earlier span, had the answer not come later than those of the later span can have.
    pub(crate) is_later: bool,
}

/// The sums of one group.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) counts: Counts,
    pub(crate) current: Answers,
    pub(crate) previous: Answers,
    /// Answers of the earlier span that came too late to be compared.
    pub(crate) later: u64,
    seconds_to_answer: Vec<u32>,
}

impl Tally {
    pub(crate) fn add(&mut self, fact: &Fact) {
        let is_answer = fact.outcome.is_answer();
        if fact.in_period {
            let counts = &mut self.counts;
            *match fact.outcome {
                Outcome::Good => &mut counts.good,
                Outcome::Neutral => &mut counts.neutral,
                Outcome::Bad => &mut counts.bad,
                Outcome::Unscored => &mut counts.unscored,
                Outcome::Open => &mut counts.unanswered_open,
                Outcome::Expired => &mut counts.unanswered_expired,
            } += 1;
            counts.unasked += u64::from(is_answer && !fact.is_asked);
            self.seconds_to_answer.extend(fact.seconds_to_answer);
        }
        if is_answer {
            for (counts, side) in [
                (fact.in_current, &mut self.current),
                (fact.in_previous, &mut self.previous),
            ] {
                if counts {
                    side.answered += 1;
                    side.good += u64::from(fact.outcome == Outcome::Good);
                }
            }
            self.later += u64::from(fact.is_later);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        for (side, more) in [
            (&mut self.current, other.current),
            (&mut self.previous, other.previous),
        ] {
            side.answered += more.answered;
            side.good += more.good;
        }
        self.later += other.later;
        self.seconds_to_answer.extend_from_slice(&other.seconds_to_answer);
    }

    pub(crate) fn into_score(mut self) -> Score {
        let median = median(&mut self.seconds_to_answer);
        Score::new(&self.counts, median)
    }
}

/// The middle value; of an even number, the mean of the two middle ones, rounded down.
fn median(values: &mut [u32]) -> Option<u64> {
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    let even = values.len().is_multiple_of(2);
    let (below, upper, _) = values.select_nth_unstable(middle);
    let upper = u64::from(*upper);
    match below.iter().max() {
        Some(&lower) if even => Some((u64::from(lower) + upper) / 2),
        _ => Some(upper),
    }
}

/// The groups of one dimension.
#[derive(Debug)]
pub(crate) struct Grouping {
    pub(crate) dimension: Dimension,
    numbers: AHashMap<i64, Tally>,
    texts: AHashMap<Box<str>, Tally>,
    /// Ratings for which the key is not known.
    without_key: Tally,
}

/// The sums of a grouping, by key.
pub(crate) struct Groups {
    pub(crate) numbers: Vec<(i64, Tally)>,
    pub(crate) texts: Vec<(Box<str>, Tally)>,
    pub(crate) without_key: Tally,
}

impl Grouping {
    pub(crate) fn new(dimension: Dimension) -> Self {
        Self {
            dimension,
            numbers: AHashMap::new(),
            texts: AHashMap::new(),
            without_key: Tally::default(),
        }
    }

    pub(crate) fn add_number(&mut self, key: Option<i64>, fact: &Fact) {
        match key {
            Some(key) => self.numbers.entry(key).or_default().add(fact),
            None => self.without_key.add(fact),
        }
    }

    pub(crate) fn add_text(&mut self, key: Option<&str>, fact: &Fact) {
        match key {
            // Two lookups on the first sight of a key, so that no later one copies it.
            Some(key) => match self.texts.get_mut(key) {
                Some(tally) => tally.add(fact),
                None => self.texts.entry(key.into()).or_default().add(fact),
            },
            None => self.without_key.add(fact),
        }
    }

    /// Adds what another group has counted.
    pub(crate) fn merge_text(&mut self, key: Option<&str>, tally: &Tally) {
        match key {
            Some(key) => self.texts.entry(key.into()).or_default().merge(tally),
            None => self.without_key.merge(tally),
        }
    }

    /// The keys that are numbers.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = i64> {
        self.numbers.keys().copied()
    }

    pub(crate) fn into_groups(self) -> Groups {
        Groups {
            numbers: self.numbers.into_iter().collect(),
            texts: self.texts.into_iter().collect(),
            without_key: self.without_key,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn medians_by_hand() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [7]), Some(7));
        assert_eq!(median(&mut [9, 1, 5]), Some(5));
        assert_eq!(median(&mut [9, 1, 5, 6]), Some(5));
        assert_eq!(median(&mut [u32::MAX, u32::MAX]), Some(u64::from(u32::MAX)));
    }

    proptest! {
        #[test]
        fn half_lie_below_the_median_and_half_above(mut values in proptest::collection::vec(0_u32..1000, 1..60)) {
            let middle = median(&mut values).unwrap();
            let at_most = values.iter().filter(|&&value| u64::from(value) <= middle).count();
            let at_least = values.iter().filter(|&&value| u64::from(value) >= middle).count();
            prop_assert!(at_most * 2 >= values.len() && at_least * 2 >= values.len());
        }
    }
}
