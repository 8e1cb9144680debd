"""The reference values for the report's statistics, by scipy and statsmodels.

    pip install scipy statsmodels
    python tests/judges/reference_statistics.py > crates/zendesk-csat-history/src/report/significance/reference.json

The tests of the crate compare its own numbers with these.
"""

import json
import random

from scipy.stats import chi2, chi2_contingency, fisher_exact
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint


def comparison(previous, current):
    (good_before, answered_before), (good_now, answered_now) = previous, current
    table = [[good_now, answered_now - good_now], [good_before, answered_before - good_before]]
    number = answered_before + answered_now
    good = good_before + good_now
    if good in (0, number):
        # Nothing varies: neither test is defined, and no difference can be seen.
        return {"previous": previous, "current": current, "test": "fisher", "p_value": 1.0}
    pearson = chi2_contingency(table, correction=False)
    if pearson.expected_freq.min() >= 5:
        p_value = chi2.sf(pearson.statistic * (number - 1) / number, 1)
        return {"previous": previous, "current": current, "test": "chi-squared", "p_value": p_value}
    return {"previous": previous, "current": current, "test": "fisher", "p_value": fisher_exact(table).pvalue}


def pairs(dice):
    yield from [((35, 50), (45, 50)), ((30, 30), (30, 30)), ((0, 30), (0, 40)), ((0, 30), (40, 40))]
    # The largest expected count below 5, and the smallest above it.
    yield from [((91, 100), (99, 100)), ((90, 100), (100, 100)), ((91, 100), (100, 100))]
    yield from [((29, 30), (99_000, 100_000)), ((24, 30), (99_970, 100_000)), ((1_999_999, 2_000_000), (1_999_996, 2_000_000))]
    for _ in range(200):
        sides = []
        for _ in range(2):
            answered = round(30 * 10 ** dice.uniform(0, 3))
            share = dice.choice([0.01, 0.05, 0.5, 0.85, 0.97, 0.995])
            sides.append((sum(dice.random() < share for _ in range(answered)), answered))
        yield tuple(sides)


def adjusted(p_values):
    return {"p_values": p_values, "adjusted": list(multipletests(p_values, method="holm")[1])}


def interval(good, answered):
    low, high = proportion_confint(good, answered, method="wilson")
    return {"good": good, "answered": answered, "low": 100 * low, "high": 100 * high}


def main():
    dice = random.Random(12)
    families = [[0.03], [0.01, 0.04, 0.03, 0.005], [0.5, 0.5, 0.9], [0.02, 0.02, 0.02]]
    families += [[dice.random() ** 3 for _ in range(number)] for number in (2, 7, 40)]
    shares = [(1, 1), (8, 10), (29, 30), (500, 1_000), (123_456, 130_000)]
    print(
        json.dumps(
            {
                "comparisons": [comparison(*pair) for pair in pairs(dice)],
                "holm": [adjusted(family) for family in families],
                "wilson": [interval(*share) for share in shares],
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
