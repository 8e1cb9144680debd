//! Whether a difference between two scores is more than chance.

use serde::Serialize;

use super::score::Answers;

/// The test behind a p-value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Test {
    /// The N−1 χ² test, where each count that no change would lead one to expect is 5 or more.
    ChiSquared,
    /// Fisher's exact test, where one of them is less.
    Fisher,
}

/// A difference with a smaller p-value, corrected for the comparisons beside it, is called significant.
pub const SIGNIFICANT_BELOW: f64 = 0.05;

/// The χ² test stands on each expected count being at least this.
const SMALLEST_EXPECTED: f64 = 5.0;

/// How far two probabilities of equal tables may lie apart by rounding.
const ROUNDING: f64 = 1e-9;

/// The probability, 0 to 1, of a difference in score at least as large, if the customers on both sides were equally
/// satisfied: two-sided. None if either side has no answer.
///
/// ```
/// use zendesk_csat_history::report::{Answers, Test, p_value};
///
/// let (before, now) = (Answers { good: 35, answered: 50 }, Answers { good: 45, answered: 50 });
/// let (p_value, test) = p_value(before, now).unwrap();
/// assert!((0.012..0.014).contains(&p_value) && test == Test::ChiSquared);
/// ```
pub fn p_value(previous: Answers, current: Answers) -> Option<(f64, Test)> {
    if previous.answered == 0 || current.answered == 0 {
        return None;
    }
    let (n, m) = (current.answered as f64, previous.answered as f64);
    let good = (current.good + previous.good) as f64;
    let all = n + m;
    let smallest = n.min(m) * good.min(all - good) / all;
    if smallest < SMALLEST_EXPECTED {
        return Some((fisher(previous, current), Test::Fisher));
    }
    let difference = current.good as f64 / n - previous.good as f64 / m;
    let pooled = good / all;
    let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
    let z = difference.abs() / error * ((all - 1.0) / all).sqrt();
    Some((libm::erfc(z / std::f64::consts::SQRT_2), Test::ChiSquared))
}

/// Fisher's exact test, two-sided: of all tables with these sums, those that are no more probable than this one.
fn fisher(previous: Answers, current: Answers) -> f64 {
    let good = current.good + previous.good;
    let (n, m) = (current.answered, previous.answered);
    let (least, most) = (good.saturating_sub(m), good.min(n));
    // The probabilities by their ratios, outwards from the most probable table: none overflows, and the far ones vanish.
    let mode = ((n as f64 + 1.0) * (good as f64 + 1.0) / ((n + m) as f64 + 2.0)) as u64;
    let mode = mode.clamp(least, most);
    // From `x` to `x + 1` good answers on the current side.
    let step = |x: u64| {
        let (x, n, m, good) = (x as f64, n as f64, m as f64, good as f64);
        (good - x) * (n - x) / ((x + 1.0) * (m - good + x + 1.0))
    };
    let up = (mode..most).scan(1.0, |weight, x| {
        *weight *= step(x);
        Some((x + 1, *weight))
    });
    let down = (least..mode).rev().scan(1.0, |weight, x| {
        *weight /= step(x);
        Some((x, *weight))
    });
    let weights: Vec<(u64, f64)> = std::iter::once((mode, 1.0)).chain(up).chain(down).collect();
    let here = weights
        .iter()
        .find(|(x, _)| *x == current.good)
        .map_or(1.0, |(_, weight)| *weight);
    let sum = |keep: &dyn Fn(f64) -> bool| -> f64 {
        weights
            .iter()
            .map(|(_, weight)| *weight)
            .filter(|weight| keep(*weight))
            .sum()
    };
    (sum(&|weight| weight <= here * (1.0 + ROUNDING)) / sum(&|_| true)).min(1.0)
}

/// Corrects p-values for being several, by Holm's method: the chance that any of them is called significant where nothing
/// changed stays what it is for one.
///
/// ```
/// use zendesk_csat_history::report::holm;
///
/// assert_eq!(holm(&[0.01, 0.04, 0.03]), [0.03, 0.06, 0.06]);
/// ```
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&left, &right| p_values[left].total_cmp(&p_values[right]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut highest = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        highest = highest.max(((p_values.len() - rank) as f64 * p_values[index]).min(1.0));
        adjusted[index] = highest;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// By scipy and statsmodels: made by `tests/judges/reference_statistics.py`.
    fn reference() -> Value {
        serde_json::from_str(include_str!("significance/reference.json")).unwrap()
    }

    fn answers(good: u64, answered: u64) -> Answers {
        Answers { good, answered }
    }

    fn side(value: &Value) -> Answers {
        answers(value[0].as_u64().unwrap(), value[1].as_u64().unwrap())
    }

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() <= 1e-12 + 1e-7 * right.abs()
    }

    #[test]
    fn p_values_are_those_of_scipy() {
        let reference = reference();
        let comparisons = reference["comparisons"].as_array().unwrap();
        let mut tests = [0, 0];
        for comparison in comparisons {
            let (p_value, test) =
                p_value(side(&comparison["previous"]), side(&comparison["current"])).unwrap();
            assert_eq!(
                serde_json::to_value(test).unwrap(),
                comparison["test"],
                "{comparison}"
            );
            assert!(
                close(p_value, comparison["p_value"].as_f64().unwrap()),
                "{p_value}: {comparison}"
            );
            tests[test as usize] += 1;
        }
        assert!(tests.iter().all(|&number| number > 40), "{tests:?}");
    }

    #[test]
    fn corrected_p_values_are_those_of_statsmodels() {
        let numbers = |value: &Value| -> Vec<f64> {
            value
                .as_array()
                .unwrap()
                .iter()
                .map(|number| number.as_f64().unwrap())
                .collect()
        };
        for family in reference()["holm"].as_array().unwrap() {
            let (adjusted, expected) = (holm(&numbers(&family["p_values"])), numbers(&family["adjusted"]));
            assert_eq!(adjusted.len(), expected.len());
            for (ours, theirs) in adjusted.iter().zip(&expected) {
                assert!(close(*ours, *theirs), "{ours}: {family}");
            }
        }
        assert_eq!(holm(&[]), [0.0; 0]);
    }

    #[test]
    fn intervals_are_those_of_statsmodels() {
        for expected in reference()["wilson"].as_array().unwrap() {
            let number = |name: &str| expected[name].as_u64().unwrap();
            let interval = answers(number("good"), number("answered")).interval().unwrap();
            assert!(
                close(interval.low, expected["low"].as_f64().unwrap()),
                "{expected}"
            );
            assert!(
                close(interval.high, expected["high"].as_f64().unwrap()),
                "{expected}"
            );
        }
    }

    #[test]
    fn by_hand() {
        // All of 1 against none of 1: one of two tables, both as probable.
        assert_eq!(p_value(answers(1, 1), answers(0, 1)), Some((1.0, Test::Fisher)));
        // The lady and her tea: 3 of 4 against 1 of 4, (16 + 16 + 1 + 1) of 70.
        let (tea, _) = p_value(answers(1, 4), answers(3, 4)).unwrap();
        assert!(close(tea, 34.0 / 70.0), "{tea}");
        assert_eq!(p_value(answers(0, 0), answers(1, 2)), None);
    }

    fn any_answers() -> impl Strategy<Value = Answers> {
        (1_u64..200_000)
            .prop_flat_map(|n| (0..=n, Just(n)))
            .prop_map(|(good, n)| answers(good, n))
    }

    proptest! {
        #[test]
        fn it_is_a_probability_and_knows_no_direction(one in any_answers(), other in any_answers()) {
            let (there, back) = (p_value(one, other).unwrap(), p_value(other, one).unwrap());
            prop_assert!((0.0..=1.0).contains(&there.0));
            prop_assert!(close(there.0, back.0) && there.1 == back.1);
            prop_assert!(close(p_value(one, one).unwrap().0, 1.0));
        }

        #[test]
        fn good_and_bad_are_alike(one in any_answers(), other in any_answers()) {
            let turned = |side: Answers| answers(side.answered - side.good, side.answered);
            prop_assert!(close(p_value(one, other).unwrap().0, p_value(turned(one), turned(other)).unwrap().0));
        }

        #[test]
        fn a_correction_only_raises_and_keeps_the_order(p_values in prop::collection::vec(0.0_f64..=1.0, 1..30)) {
            let adjusted = holm(&p_values);
            for (index, p_value) in p_values.iter().enumerate() {
                prop_assert!(*p_value <= adjusted[index] && adjusted[index] <= 1.0);
                for (other, less) in p_values.iter().enumerate() {
                    prop_assert!(less > p_value || adjusted[other] <= adjusted[index]);
                }
            }
        }
    }
}
