//! What the counts of a set of ratings say: score, interval, response rate, and how it changed.

use serde::Serialize;

use super::significance::{SIGNIFICANT_BELOW, Test, holm, p_value};

/// A score over fewer answers than this is marked as a small sample.
///
/// Below it one single answer moves the score by more than 3 points, and the interval can be wider than 30 points.
pub const SMALL_SAMPLE_BELOW: u64 = 30;

/// The two-sided 95 % quantile of the normal distribution.
const Z_95: f64 = 1.959_963_984_540_054;

/// How a set of ratings came out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Answered well.
    pub good: u64,
    /// Answered neither well nor badly (surveys only).
    pub neutral: u64,
    /// Answered badly.
    pub bad: u64,
    /// Answered with another score than the three, or with one that Zendesk does not name.
    pub unscored: u64,
    /// Of the answers: those that nobody asked for. The customer rated once more, or what they were asked by is not there.
    pub unasked: u64,
    /// Not answered, and can still be.
    pub unanswered_open: u64,
    /// Not answered, and can no longer be: the survey has expired, or the legacy offer's ticket is closed or deleted.
    pub unanswered_expired: u64,
}

impl Counts {
    /// How many customers were asked.
    pub fn sent(&self) -> u64 {
        self.answered_of_sent() + self.unanswered()
    }

    /// All ratings given by those who were asked.
    fn answered_of_sent(&self) -> u64 {
        self.answered().saturating_sub(self.unasked)
    }

    fn unanswered(&self) -> u64 {
        self.unanswered_open + self.unanswered_expired
    }

    /// All ratings given.
    pub fn answered(&self) -> u64 {
        self.good + self.neutral + self.bad + self.unscored
    }

    /// Adds what a score counted.
    pub(crate) fn add(&mut self, score: &Score) {
        self.good += score.good;
        self.neutral += score.neutral;
        self.bad += score.bad;
        self.unscored += score.unscored;
        self.unasked += score.unasked;
        self.unanswered_open += score.unanswered_open;
        self.unanswered_expired += score.unanswered_expired;
    }

    /// Adds what another set counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.good += other.good;
        self.neutral += other.neutral;
        self.bad += other.bad;
        self.unscored += other.unscored;
        self.unasked += other.unasked;
        self.unanswered_open += other.unanswered_open;
        self.unanswered_expired += other.unanswered_expired;
    }

    /// What the score needs of these counts.
    pub fn answers(&self) -> Answers {
        Answers {
            good: self.good,
            answered: self.answered(),
        }
    }
}

/// The two counts that make a CSAT score.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answers {
    /// Answers that were good.
    pub good: u64,
    /// All answers.
    pub answered: u64,
}

impl Answers {
    /// CSAT: the share of answers that were good, in percent; none without an answer.
    pub fn csat_percent(self) -> Option<f64> {
        percent(self.good, self.answered)
    }

    /// Whether there are too few answers to lean on; see [`SMALL_SAMPLE_BELOW`].
    pub fn is_small_sample(self) -> bool {
        self.answered < SMALL_SAMPLE_BELOW
    }

    /// The Wilson 95 % interval of the score, in percent; none without an answer.
    pub fn interval(self) -> Option<Interval> {
        if self.answered == 0 {
            return None;
        }
        let n = self.answered as f64;
        let share = self.good as f64 / n;
        let z2 = Z_95 * Z_95;
        let middle = share + z2 / (2.0 * n);
        let reach = Z_95 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
        let scale = 100.0 / (1.0 + z2 / n);
        // At none or all good the bound is exactly the score; rounding may leave it a hair outside.
        let low = if self.good == 0 {
            0.0
        } else {
            (middle - reach) * scale
        };
        let high = if self.good == self.answered {
            100.0
        } else {
            (middle + reach) * scale
        };
        Some(Interval { low, high })
    }
}

/// The range that holds the true score with 95 % confidence, in percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end, 0 or more.
    pub low: f64,
    /// Upper end, 100 or less.
    pub high: f64,
}

/// The score of a set of ratings, with all that it is made of.
///
/// `answered` is the sum of `good`, `neutral`, `bad` and `unscored`; `sent` is `answered` without `unasked`, and the two kinds
/// of `unanswered_…`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// Customers who were asked; by default each ticket once.
    pub sent: u64,
    /// Ratings given; by default each ticket's latest.
    pub answered: u64,
    /// Answered well.
    pub good: u64,
    /// Answered neither well nor badly (surveys only).
    pub neutral: u64,
    /// Answered badly.
    pub bad: u64,
    /// Answered with another score than the three, or with one that Zendesk does not name.
    pub unscored: u64,
    /// Of `answered`: those that nobody asked for. The customer rated once more, or what they were asked by is not there.
    pub unasked: u64,
    /// Not answered, and can still be.
    pub unanswered_open: u64,
    /// Not answered, and can no longer be: the survey has expired, or the legacy offer's ticket is closed or deleted.
    pub unanswered_expired: u64,
    /// CSAT: `good` of `answered`, in percent.
    pub csat_percent: Option<f64>,
    /// Lower end of the Wilson 95 % interval, in percent.
    pub csat_percent_low: Option<f64>,
    /// Upper end of the Wilson 95 % interval, in percent.
    pub csat_percent_high: Option<f64>,
    /// `answered` without `unasked`, of `sent`, in percent. None where only what was answered can be counted: by reason, by
    /// scale, or by the date rated.
    pub response_rate_percent: Option<f64>,
    /// Median time from sent to the first answer, in whole seconds, of those who were asked and answered.
    pub median_time_to_answer_seconds: Option<u64>,
    /// Fewer than [`SMALL_SAMPLE_BELOW`] answers.
    pub small_sample: bool,
}

impl Score {
    /// The score of these counts, with the median in seconds.
    pub fn new(counts: &Counts, median_time_to_answer_seconds: Option<u64>) -> Self {
        let answers = counts.answers();
        let interval = answers.interval();
        Self {
            sent: counts.sent(),
            answered: counts.answered(),
            good: counts.good,
            neutral: counts.neutral,
            bad: counts.bad,
            unscored: counts.unscored,
            unasked: counts.unasked,
            unanswered_open: counts.unanswered_open,
            unanswered_expired: counts.unanswered_expired,
            csat_percent: answers.csat_percent(),
            csat_percent_low: interval.map(|interval| interval.low),
            csat_percent_high: interval.map(|interval| interval.high),
            response_rate_percent: percent(counts.answered_of_sent(), counts.sent()),
            median_time_to_answer_seconds,
            small_sample: answers.is_small_sample(),
        }
    }

    /// The Wilson 95 % interval, in percent.
    pub fn interval(&self) -> Option<Interval> {
        Some(Interval {
            low: self.csat_percent_low?,
            high: self.csat_percent_high?,
        })
    }

    pub(crate) fn answers(&self) -> Answers {
        Answers {
            good: self.good,
            answered: self.answered,
        }
    }
}

/// How a score differs from an earlier one; of [`SMALL_SAMPLE_BELOW`] answers or more on either side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The later score minus the earlier one, in percentage points.
    pub csat_points: f64,
    /// The later score, in percent.
    pub current_csat_percent: f64,
    /// Answers behind the later score.
    pub current_answered: u64,
    /// The earlier score, in percent.
    pub previous_csat_percent: f64,
    /// Answers behind the earlier score.
    pub previous_answered: u64,
    /// The probability, 0 to 1, of a difference at least this large with no real change (two-sided).
    pub p_value: f64,
    /// The test behind it.
    pub test: Test,
    /// `p_value`, corrected by Holm's method for the comparisons in the same table; the same where there is one.
    pub p_value_adjusted: f64,
    /// Whether `p_value_adjusted` is less than 0.05.
    pub significant_change: bool,
}

impl Change {
    /// The change from the earlier to the later answers; none if either side has fewer than [`SMALL_SAMPLE_BELOW`].
    pub fn between(previous: Answers, current: Answers) -> Option<Self> {
        if previous.is_small_sample() || current.is_small_sample() {
            return None;
        }
        let (before, now) = (previous.csat_percent()?, current.csat_percent()?);
        let (p_value, test) = p_value(previous, current)?;
        Some(Self {
            csat_points: now - before,
            current_csat_percent: now,
            current_answered: current.answered,
            previous_csat_percent: before,
            previous_answered: previous.answered,
            p_value,
            test,
            p_value_adjusted: p_value,
            significant_change: p_value < SIGNIFICANT_BELOW,
        })
    }

    /// Corrects the changes of one table for being several.
    pub(crate) fn correct<'a>(changes: impl Iterator<Item = &'a mut Self>) {
        let mut changes: Vec<&mut Self> = changes.collect();
        let p_values: Vec<f64> = changes.iter().map(|change| change.p_value).collect();
        for (change, adjusted) in changes.iter_mut().zip(holm(&p_values)) {
            change.p_value_adjusted = adjusted;
            change.significant_change = adjusted < SIGNIFICANT_BELOW;
        }
    }
}

/// `part` of `whole` in percent; none of nothing.
pub(crate) fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answers(good: u64, answered: u64) -> Answers {
        Answers { good, answered }
    }

    fn close(left: f64, right: f64, tolerance: f64) -> bool {
        (left - right).abs() <= tolerance
    }

    #[test]
    fn wilson_interval_of_8_in_10_is_the_one_worked_out_by_hand() {
        // z² = 3.8415; middle (0.8 + 0.19207) / 1.38415 = 0.71674; reach 1.95996 · √(0.016 + 0.0096037) / 1.38415 = 0.22658.
        let interval = answers(8, 10).interval().unwrap();
        assert!(close(interval.low, 49.016, 0.002), "{interval:?}");
        assert!(close(interval.high, 94.332, 0.002), "{interval:?}");
    }

    #[test]
    fn wilson_interval_of_none_and_all_ends_at_the_score() {
        // Upper end for 0 of n: z² / (n + z²) = 3.8415 / 13.8415.
        let none = answers(0, 10).interval().unwrap();
        assert_eq!(none.low, 0.0);
        assert!(close(none.high, 27.753, 0.002), "{none:?}");
        let all = answers(10, 10).interval().unwrap();
        assert_eq!(all.high, 100.0);
        assert!(close(all.low, 72.247, 0.002), "{all:?}");
        assert_eq!(answers(0, 0).interval(), None);
        assert_eq!(answers(0, 0).csat_percent(), None);
    }

    #[test]
    fn a_change_carries_both_sides_and_there_is_none_from_or_to_few_answers() {
        let change = Change::between(answers(35, 50), answers(45, 50)).unwrap();
        assert!(close(change.csat_points, 20.0, 1e-9));
        assert_eq!((change.previous_answered, change.current_answered), (50, 50));
        assert!(change.significant_change && change.p_value == change.p_value_adjusted);
        assert!(Change::between(answers(20, 30), answers(45, 50)).is_some());
        assert_eq!(Change::between(answers(20, 29), answers(45, 50)), None);
        assert_eq!(Change::between(answers(45, 50), answers(20, 29)), None);
        assert_eq!(Change::between(answers(0, 0), answers(45, 50)), None);
    }

    #[test]
    fn one_of_many_changes_has_to_be_clearer() {
        let mut changes = vec![Change::between(answers(35, 50), answers(45, 50)).unwrap(); 5];
        Change::correct(changes.iter_mut());
        for change in changes {
            assert!(close(change.p_value_adjusted, 5.0 * change.p_value, 1e-12));
            assert!(change.p_value < 0.05 && !change.significant_change);
        }
    }

    fn any_answers() -> impl Strategy<Value = Answers> {
        (1_u64..2_000_000)
            .prop_flat_map(|n| (0..=n, Just(n)))
            .prop_map(|(good, n)| answers(good, n))
    }

    fn any_counts() -> impl Strategy<Value = Counts> {
        let count = || 0_u64..1_000_000;
        (count(), count(), count(), count(), count(), count(), count()).prop_map(
            |(good, neutral, bad, unscored, open, expired, closed)| Counts {
                unscored,
                good,
                neutral,
                bad,
                unasked: good / 3,
                unanswered_open: open,
                unanswered_expired: expired + closed,
            },
        )
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_score_and_stays_within_bounds(sample in any_answers()) {
            let (score, interval) = (sample.csat_percent().unwrap(), sample.interval().unwrap());
            prop_assert!(0.0 <= interval.low && interval.low <= score + 1e-9);
            prop_assert!(score <= interval.high + 1e-9 && interval.high <= 100.0);
            prop_assert!(interval.low < interval.high);
        }

        #[test]
        fn one_more_good_answer_moves_the_interval_up(sample in any_answers()) {
            prop_assume!(sample.good < sample.answered);
            let (here, above) = (sample.interval().unwrap(), answers(sample.good + 1, sample.answered).interval().unwrap());
            prop_assert!(above.low > here.low && above.high > here.high);
        }

        #[test]
        fn ten_times_the_answers_narrow_the_interval(sample in any_answers()) {
            let (few, many) = (sample.interval().unwrap(), answers(sample.good * 10, sample.answered * 10).interval().unwrap());
            prop_assert!(many.high - many.low < few.high - few.low);
        }

        #[test]
        fn a_score_adds_up(counts in any_counts()) {
            let score = Score::new(&counts, None);
            prop_assert_eq!(score.answered, score.good + score.neutral + score.bad + score.unscored);
            prop_assert_eq!(
                score.sent,
                score.answered - score.unasked + score.unanswered_open + score.unanswered_expired
            );
            for share in [score.csat_percent, score.response_rate_percent].into_iter().flatten() {
                prop_assert!((0.0..=100.0).contains(&share));
            }
            prop_assert_eq!(score.csat_percent.is_none(), score.answered == 0);
            prop_assert_eq!(score.response_rate_percent.is_none(), score.sent == 0);
        }
    }
}
