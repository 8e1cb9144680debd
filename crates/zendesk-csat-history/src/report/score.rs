//! What the counts of a set of ratings say: score, interval, response rate, and whether a change is more than chance.

use serde::Serialize;

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
    /// Answered with a score that is none of the three, or with one that Zendesk does not name.
    pub unscored: u64,
    /// Not answered, and the survey still takes an answer.
    pub unanswered_open: u64,
    /// Not answered before the survey expired.
    pub unanswered_expired: u64,
    /// Not answered, and offered by the legacy system, which never expires.
    pub unanswered_without_expiry: u64,
}

impl Counts {
    /// All ratings asked for.
    pub fn sent(&self) -> u64 {
        self.answered() + self.unanswered_open + self.unanswered_expired + self.unanswered_without_expiry
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
        self.unanswered_open += score.unanswered_open;
        self.unanswered_expired += score.unanswered_expired;
        self.unanswered_without_expiry += score.unanswered_without_expiry;
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

    /// The probability that chance alone makes two scores differ at least this much, if both come from customers
    /// who are equally satisfied: the two-sided two-proportion z test. None if either side has no answer.
    pub fn probability_of_chance(self, other: Answers) -> Option<f64> {
        if self.answered == 0 || other.answered == 0 {
            return None;
        }
        let (n, m) = (self.answered as f64, other.answered as f64);
        let difference = self.good as f64 / n - other.good as f64 / m;
        let pooled = (self.good + other.good) as f64 / (n + m);
        let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
        if error == 0.0 {
            // All answers on both sides agree.
            return Some(1.0);
        }
        Some(libm::erfc((difference / error).abs() / std::f64::consts::SQRT_2))
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
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// Ratings asked for: `answered` and the three kinds of `unanswered_…` together.
    pub sent: u64,
    /// Ratings given: `good`, `neutral`, `bad` and `unscored` together.
    pub answered: u64,
    /// Answered well.
    pub good: u64,
    /// Answered neither well nor badly (surveys only).
    pub neutral: u64,
    /// Answered badly.
    pub bad: u64,
    /// Answered with a score that is none of the three, or with one that Zendesk does not name.
    pub unscored: u64,
    /// Not answered, and the survey still takes an answer.
    pub unanswered_open: u64,
    /// Not answered before the survey expired.
    pub unanswered_expired: u64,
    /// Not answered, and offered by the legacy system, which never expires.
    pub unanswered_without_expiry: u64,
    /// CSAT: `good` of `answered`, in percent.
    pub csat_percent: Option<f64>,
    /// Lower end of the Wilson 95 % interval, in percent.
    pub csat_percent_low: Option<f64>,
    /// Upper end of the Wilson 95 % interval, in percent.
    pub csat_percent_high: Option<f64>,
    /// `answered` of `sent`, in percent. None where only what was answered can be counted (by reason, by locale).
    pub response_rate_percent: Option<f64>,
    /// Median time from sent to answered, in whole seconds. Ratings whose time of asking is not known are left out.
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
            unanswered_open: counts.unanswered_open,
            unanswered_expired: counts.unanswered_expired,
            unanswered_without_expiry: counts.unanswered_without_expiry,
            csat_percent: answers.csat_percent(),
            csat_percent_low: interval.map(|interval| interval.low),
            csat_percent_high: interval.map(|interval| interval.high),
            response_rate_percent: percent(counts.answered(), counts.sent()),
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

/// How a score differs from an earlier one.
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
    /// The probability, 0 to 1, that chance alone makes a difference this large (two-sided two-proportion z test).
    pub probability_of_chance: f64,
    /// Either side has fewer than [`SMALL_SAMPLE_BELOW`] answers.
    pub small_sample: bool,
}

impl Change {
    /// The change from the earlier to the later answers; none if either side has none.
    pub fn between(previous: Answers, current: Answers) -> Option<Self> {
        let (before, now) = (previous.csat_percent()?, current.csat_percent()?);
        Some(Self {
            csat_points: now - before,
            current_csat_percent: now,
            current_answered: current.answered,
            previous_csat_percent: before,
            previous_answered: previous.answered,
            probability_of_chance: current.probability_of_chance(previous)?,
            small_sample: previous.is_small_sample() || current.is_small_sample(),
        })
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
    fn two_proportions_by_hand() {
        // 45 of 50 against 35 of 50: pooled 0.8, error √(0.16 · 0.04) = 0.08, z = 2.5, p = 0.012419.
        let probability = answers(45, 50).probability_of_chance(answers(35, 50)).unwrap();
        assert!(close(probability, 0.012_419, 0.000_001), "{probability}");
        assert_eq!(answers(5, 5).probability_of_chance(answers(90, 90)), Some(1.0));
        assert_eq!(answers(5, 5).probability_of_chance(answers(0, 0)), None);
    }

    #[test]
    fn a_change_carries_both_sides_and_says_when_one_is_small() {
        let change = Change::between(answers(35, 50), answers(45, 50)).unwrap();
        assert!(close(change.csat_points, 20.0, 1e-9));
        assert_eq!((change.previous_answered, change.current_answered), (50, 50));
        assert!(!change.small_sample);
        assert!(
            Change::between(answers(20, 29), answers(45, 50))
                .unwrap()
                .small_sample
        );
        assert!(
            !Change::between(answers(20, 30), answers(45, 50))
                .unwrap()
                .small_sample
        );
        assert_eq!(Change::between(answers(0, 0), answers(45, 50)), None);
    }

    fn any_answers() -> impl Strategy<Value = Answers> {
        (1_u64..2_000_000)
            .prop_flat_map(|n| (0..=n, Just(n)))
            .prop_map(|(good, n)| answers(good, n))
    }

    fn any_counts() -> impl Strategy<Value = Counts> {
        let count = || 0_u64..1_000_000;
        (count(), count(), count(), count(), count(), count(), count()).prop_map(
            |(good, neutral, bad, unscored, open, expired, none)| Counts {
                unscored,
                good,
                neutral,
                bad,
                unanswered_open: open,
                unanswered_expired: expired,
                unanswered_without_expiry: none,
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
        fn chance_is_a_probability_and_knows_no_direction(one in any_answers(), other in any_answers()) {
            let probability = one.probability_of_chance(other).unwrap();
            prop_assert!((0.0..=1.0).contains(&probability));
            prop_assert_eq!(probability, other.probability_of_chance(one).unwrap());
            prop_assert!(close(one.probability_of_chance(one).unwrap(), 1.0, 1e-12));
        }

        #[test]
        fn a_larger_difference_is_less_likely_chance(answered in 2_u64..100_000, good in 0_u64..100_000) {
            prop_assume!(good + 2 <= answered);
            let base = answers(good, answered);
            let near = base.probability_of_chance(answers(good + 1, answered)).unwrap();
            let far = base.probability_of_chance(answers(good + 2, answered)).unwrap();
            prop_assert!(far < near);
        }

        #[test]
        fn a_score_adds_up(counts in any_counts()) {
            let score = Score::new(&counts, None);
            prop_assert_eq!(score.answered, score.good + score.neutral + score.bad + score.unscored);
            prop_assert_eq!(
                score.sent,
                score.answered + score.unanswered_open + score.unanswered_expired + score.unanswered_without_expiry
            );
            for share in [score.csat_percent, score.response_rate_percent].into_iter().flatten() {
                prop_assert!((0.0..=100.0).contains(&share));
            }
            prop_assert_eq!(score.csat_percent.is_none(), score.answered == 0);
            prop_assert_eq!(score.response_rate_percent.is_none(), score.sent == 0);
        }
    }
}
