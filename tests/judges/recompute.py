"""Every number of a report, worked out anew from the raw pages of an account, the statistics by scipy and statsmodels."""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from raw_account import Account, Row
from scipy.stats import chi2, chi2_contingency, fisher_exact
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

FEW = 30
# As many comments of each agent are asked for.
COMMENTS = 7
OF_ANSWERS = ("reason", "scale")
OF_TIME = ("day", "week", "month")


@dataclass
class Asked:
    """What is asked of the report; times are milliseconds since the epoch, the end is not part of the period."""

    since: int | None = None
    until: int | None = None
    zone: str = "UTC"
    week_start: str = "monday"
    date: str = "sent"
    count: str = "tickets"
    like: str | None = None
    as_of: int = 0
    brand: int | None = None
    without_tag: str | None = None
    # The month before a month, and not as many days before.
    is_month: bool = False

    def picks(self, row: Row) -> bool:
        """A ticket is picked by the row that it counts by; where its tags are not known, none is known to be there."""
        return self.brand in (None, row.brand) and self.without_tag not in row.tags

    def day(self, at: int) -> date:
        return datetime.fromtimestamp(at / 1000, ZoneInfo(self.zone)).date()

    def midnight(self, day: date) -> int:
        return int(datetime.combine(day, time(), ZoneInfo(self.zone)).timestamp()) * 1000


@dataclass
class Unit:
    """What counts once: an answer or an offer, when the customer was asked, and when they first answered."""

    row: Row
    is_asked: bool
    asked: int
    first_rated: int | None
    dated: int | None = None


def units(account: Account, asked: Asked) -> list[Unit]:
    """Each ticket once, by its latest answer, else by the latest time that the customer was asked; or every row."""
    alone, by_ticket = [], defaultdict(list)
    rows = account.rows
    if asked.like == "explore":
        # Neutral is bad, and deleted tickets are out.
        bad = [replace(row, score="bad") if row.score == "neutral" else row for row in rows]
        rows = [row for row in bad if row.status != "deleted"]
    for row in rows:
        if asked.count == "answers" or row.ticket is None:
            alone.append(row)
        else:
            by_ticket[row.ticket].append(row)
    counted = [Unit(row, row.is_offer, row.sent, row.first_rated) for row in alone]
    for rows in by_ticket.values():
        row = next((row for row in rows if row.is_latest), None) or max(rows, key=lambda row: (row.sent, row.id))
        unit = Unit(row, any(row.is_offer for row in rows), row.sent, row.first_rated)
        # A rating that nobody asked for is dated by the last time before at which the customer was asked.
        before = [offer.sent for offer in rows if offer.is_offer and offer.sent <= row.sent]
        if not row.is_offer and before:
            unit.asked = max(before)
            answers = [one.first_rated for one in rows if one.first_rated is not None]
            unit.first_rated = min(rated for rated in answers if rated >= unit.asked)
        counted.append(unit)
    for unit in counted:
        unit.dated = unit.asked if asked.date == "sent" else unit.row.rated
    return [unit for unit in counted if unit.dated is not None and asked.picks(unit.row)]


def can_answer(row: Row, as_of: int) -> bool:
    if row.source == "rating":
        return row.status not in ("closed", "deleted")
    return row.expires > as_of


def score(of: list[Unit], asked: Asked) -> dict:
    answers = [unit for unit in of if unit.row.score]
    by = {name: sum(unit.row.score == name for unit in answers) for name in ("good", "neutral", "bad")}
    unasked = sum(not unit.is_asked for unit in answers)
    still_open = sum(unit.row.score is None and can_answer(unit.row, asked.as_of) for unit in of)
    sent = len(of) - unasked
    took = [max(unit.first_rated - unit.asked, 0) // 1000 for unit in answers if unit.is_asked]
    low, high = (
        (100 * end for end in proportion_confint(by["good"], len(answers), method="wilson"))
        if answers
        else (None, None)
    )
    return by | {
        "sent": sent,
        "answered": len(answers),
        "unscored": 0,
        "unasked": unasked,
        "unanswered_open": still_open,
        "unanswered_expired": len(of) - len(answers) - still_open,
        "csat_percent": 100 * by["good"] / len(answers) if answers else None,
        "csat_percent_low": low,
        "csat_percent_high": high,
        "response_rate_percent": 100 * (len(answers) - unasked) / sent if sent and asked.date == "sent" else None,
        "median_time_to_answer_seconds": int(statistics.median(took)) if took else None,
        "small_sample": len(answers) < FEW,
    }


def change(before: tuple[int, int], now: tuple[int, int]) -> dict | None:
    """Of good of answered, with the exact test where an expected count is below 5, else with the N-1 chi-squared test."""
    if min(before[1], now[1]) < FEW:
        return None
    table = [[good, answered - good] for good, answered in (now, before)]
    number, good = before[1] + now[1], before[0] + now[0]
    test, p_value = "fisher", 1.0
    if 0 < good < number:
        pearson = chi2_contingency(table, correction=False)
        if pearson.expected_freq.min() >= 5:
            test, p_value = "chi-squared", chi2.sf(pearson.statistic * (number - 1) / number, 1)
        else:
            p_value = fisher_exact(table).pvalue
    then, today = (100 * good / answered for good, answered in (before, now))
    return {
        "csat_points": today - then,
        "current_csat_percent": today,
        "current_answered": now[1],
        "previous_csat_percent": then,
        "previous_answered": before[1],
        "p_value": p_value,
        "test": test,
    }


def corrected(changes: list[dict]) -> None:
    """Several comparisons in one table, by Holm's method."""
    if changes:
        adjusted = multipletests([change["p_value"] for change in changes], method="holm")[1]
        for change, p_value in zip(changes, adjusted, strict=True):
            change |= {"p_value_adjusted": p_value, "significant_change": bool(p_value < 0.05)}


class Comparison:
    """The period and as many days before it, or the month before a month; without a begin, the last 28 days.

    The earlier span is seen at the age of the later: by their ends where the later is over, else by their begins.
    """

    def __init__(self, asked: Asked) -> None:
        end = asked.midnight(asked.day(asked.as_of) + timedelta(days=1))
        self.until = asked.until if asked.since is not None and asked.until is not None else min(asked.until or end, end)
        if asked.since is not None:
            self.since = asked.since
        else:
            self.since = asked.midnight(asked.day(self.until) - timedelta(days=28))
        days = (asked.day(self.until) - asked.day(self.since)).days
        if asked.is_month:
            days = (asked.day(self.since) - timedelta(days=1)).day
        self.before = asked.midnight(asked.day(self.since) - timedelta(days=days))
        # What was rated in a span is known as soon as the span is over.
        apart = self.since - self.before if asked.as_of < self.until else self.until - self.since
        self.as_of = asked.as_of - apart if asked.date == "sent" else None

    def is_late(self, unit: Unit) -> bool:
        return self.as_of is not None and unit.first_rated > self.as_of

    def sides(self, of: list[Unit]) -> list[list[Unit]]:
        """The answers of the earlier span, of the later, and those of the earlier that came too late."""
        answers = [unit for unit in of if unit.row.score]
        earlier = [unit for unit in answers if self.before <= unit.dated < self.since]
        later = [unit for unit in answers if self.since <= unit.dated < self.until]
        late = [unit for unit in earlier if self.is_late(unit)]
        return [[unit for unit in earlier if not self.is_late(unit)], later, late]

    def change(self, of: list[Unit]) -> dict | None:
        earlier, later, _ = self.sides(of)
        return change(*((sum(unit.row.score == "good" for unit in side), len(side)) for side in (earlier, later)))


def keys(by: str, unit: Unit, asked: Asked) -> list[str | None]:
    row, day = unit.row, asked.day(unit.dated)
    year, week, weekday = day.isocalendar()
    sunday = day - timedelta(days=weekday % 7)
    if by == "reason":
        return [reason for reason, _ in row.reasons] or [None]
    if by == "tag":
        return sorted(set(row.tags)) or [None]
    named = {
        "day": day.isoformat(),
        "week": f"{year:04}-W{week:02}" if asked.week_start == "monday" else sunday.isoformat(),
        "month": f"{day:%Y-%m}",
        "agent": row.agent,
        "group": row.group,
        "source": row.source,
        "channel": row.channel,
        "survey-version": row.survey,
        "brand": row.brand,
        "organization": row.organization,
        "form": row.form,
        "priority": row.priority,
        "account": "acme",
        "scale": row.scale if row.source == "survey" else "legacy",
    }
    return [None if named[by] is None else str(named[by])]


def breakdown(
    by: str, of: list[Unit], asked: Asked, compared: Comparison, names: dict[str, dict[int, str]]
) -> dict[str | None, dict]:
    """The groups by their keys, in order."""
    groups: dict[str | None, list[Unit]] = defaultdict(list)
    for unit in of:
        if by in OF_ANSWERS and unit.row.score is None or by == "reason" and unit.row.score == "good":
            continue
        for key in keys(by, unit, asked):
            groups[key].append(unit)
    found, last = {}, None
    period = {key: [unit for unit in group if in_period(unit, asked)] for key, group in groups.items()}
    if by in OF_TIME:
        names = sorted({keys(by, unit, asked)[0] for group in period.values() for unit in group})
        first, final = (asked.day(pick(unit.dated for group in period.values() for unit in group)) for pick in (min, max))
        while first <= final:
            pretend = Unit(Row(*[None] * 15, tags=[]), False, 0, None, asked.midnight(first))
            names.append(keys(by, pretend, asked)[0])
            first += timedelta(days=1)
        for name in sorted(set(names)):
            now = score(period.get(name, []), asked)
            is_open = now["unanswered_open"] > 0
            sides = [(side["good"], side["answered"]) for side in (last, now) if side]
            both = last and not is_open and not last["unanswered_open"]
            found[name], last = now | {"change": change(*sides) if both else None, "is_open": is_open}, now
    else:
        for key, group in groups.items():
            if period[key]:
                found[key] = score(period[key], asked) | {"change": compared.change(group)}
    for key, bucket in found.items():
        if by in OF_ANSWERS:
            bucket["response_rate_percent"] = None
        if by == "reason":
            bucket |= dict.fromkeys(("change", "csat_percent", "csat_percent_low", "csat_percent_high"))
            bucket["label"] = next((text for unit in groups[key] for one, text in unit.row.reasons if one == key), None)
    if by in names:
        of_keys = {key: names[by].get(int(key)) for key in found if key is not None}
        for key, name in of_keys.items():
            twice = name is not None and list(of_keys.values()).count(name) > 1
            found[key]["label"] = f"{name} ({key})" if twice else name
    corrected([bucket["change"] for bucket in found.values() if bucket["change"]])
    if by not in OF_TIME:
        first_by = ("bad", "answered") if by == "reason" else ("answered", "sent")
        rank = lambda key: (key is None, *(-found[key][name] for name in first_by), key or "")
        found = {key: found[key] for key in sorted(found, key=rank)}
    return found


def in_period(unit: Unit, asked: Asked) -> bool:
    return (asked.since is None or asked.since <= unit.dated) and (asked.until is None or unit.dated < asked.until)


def said(row: Row) -> dict:
    is_known, is_asked_why = row.score in ("good", "neutral", "bad"), row.score in ("neutral", "bad")
    reasons = ", ".join(label or option for option, label in row.reasons) if is_asked_why else None
    return {
        "subdomain": "acme",
        "source": row.source,
        "id": row.id,
        "ticket_id": row.ticket,
        "score": row.score if is_known else None,
        "rated_at": row.rated,
        "assignee_id": row.agent,
        "group_id": row.group,
        "reason": reasons or None,
        "comment": row.comment,
    }


def latest(of: Iterable[Row], number: int) -> list[dict]:
    rows = sorted(of, key=lambda row: (row.rated, row.source, row.id), reverse=True)
    return [said(row) for row in rows[:number]]


def agent_comments(of: list[Unit], number: int) -> list[dict]:
    by_agent: dict[int | None, list[Row]] = {}
    for row in (unit.row for unit in of if unit.row.score and unit.row.comment):
        by_agent.setdefault(row.agent, []).append(row)
    return [
        {"assignee_id": agent, "comments": len(by_agent[agent]), "latest": latest(by_agent[agent], number)}
        for agent in sorted(by_agent, key=lambda agent: (agent is None, agent))
    ]


def report(account: Account, asked: Asked, by: list[str]) -> dict:
    counted = units(account, asked)
    period = [unit for unit in counted if in_period(unit, asked)]
    compared = Comparison(asked)
    earlier, later, late = compared.sides(counted)
    moved = compared.change(counted)
    corrected([moved] if moved else [])
    table = [row for row in account.rows if asked.like is None or row.status != "deleted"]
    sent = [row.sent for row in table]
    first_survey = min(row.sent for row in table if row.source == "survey")
    scales = {(row.scale is None, row.scale) for row in (unit.row for unit in period) if row.score}
    return {
        "since": asked.since,
        "until": asked.until,
        "as_of": asked.as_of,
        "time_zone": asked.zone,
        "week_start": asked.week_start,
        "date": asked.date,
        "count": asked.count,
        "like": asked.like,
        "first_sent_at": min(sent),
        "last_sent_at": max(sent),
        "surveys_began_at": first_survey if min(sent) < first_survey else None,
        "scales": [str(scale) if scale else "legacy" for _, scale in sorted(scales, key=lambda one: (one[0], one[1] or 0))],
        "total": score(period, asked),
        "comparison": {
            "previous": {"since": compared.before, "until": compared.since},
            "previous_as_of": compared.as_of,
            "previous_answered_later": len(late),
            "previous_answered": len(earlier),
            "current": {"since": compared.since, "until": compared.until},
            "current_answered": len(later),
            "change": moved,
        },
        "breakdowns": {one: breakdown(one, counted, asked, compared, account.names) for one in by},
        "latest_bad_comments": latest((unit.row for unit in period if unit.row.score == "bad" and unit.row.comment), 20),
        "agent_comments": agent_comments(period, COMMENTS),
    }
