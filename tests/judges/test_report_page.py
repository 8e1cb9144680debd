"""Chromium shows the report's page as it is meant, whoever reads it and however, and runs nothing that customers wrote."""

import json
import math
import os
import pathlib
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

AXE = pathlib.Path(__file__).parents[2] / "target/judges/node/node_modules/axe-core/axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DIMENSIONS = ["week", "month", "agent", "group", "reason", "survey-version", "source", "channel", "scale"]
HOSTILE = (
    "</blockquote></p><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    "<svg onload=document.title='run'>\n=1+1 \u202egnp.exe \u05e2\u05d1\u05e8\u05d9\u05ea & \"quotes\""
)


class Report:
    """A synced history, the page of its report, and the same report as JSON."""

    def __init__(self, folder: pathlib.Path, emulator) -> None:
        self.page = folder / "report.html"
        self.history = folder / "csat.db"
        names = {"ZENDESK_SUBDOMAIN": "subdomain", "ZENDESK_BASE_URL": "base_url", "ZENDESK_OAUTH_TOKEN": "oauth_token"}
        environment = os.environ | {name: emulator.account[key] for name, key in names.items()}

        def run(*arguments: str) -> str:
            command = [os.environ["ZENDESK_CSAT_COMMAND"], *arguments]
            return subprocess.run(
                command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True
            ).stdout

        run("sync")
        with sqlite3.connect(self.history) as connection:
            (latest,) = connection.execute(
                "SELECT id FROM survey_responses WHERE score = 'bad' ORDER BY rated_at DESC LIMIT 1"
            ).fetchone()
            connection.execute("UPDATE survey_responses SET comment = ? WHERE id = ?", (HOSTILE, latest))
            (reason,) = connection.execute(
                "SELECT reasons.id FROM reasons JOIN csat_reasons ON reason_id = CAST(reasons.id AS TEXT)"
                " GROUP BY reasons.id ORDER BY count(*) DESC LIMIT 1"
            ).fetchone()
            connection.execute("UPDATE reasons SET value = ? WHERE id = ?", (HOSTILE, reason))
        connection.close()
        by = [word for dimension in DIMENSIONS for word in ("--by", dimension)]
        self.data = json.loads(run("report", "--json", "--count", "answers", "--html", str(self.page), *by))

    def rows(self, columns: str) -> list[tuple]:
        with sqlite3.connect(self.history) as connection:
            rows = connection.execute(f"SELECT {columns} FROM csat").fetchall()
        connection.close()
        return rows


@pytest.fixture(scope="module")
def report(emulator, tmp_path_factory) -> Report:
    return Report(tmp_path_factory.mktemp("report"), emulator)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def shown(browser, report):
    """Shows the page: `shown(width, scheme)`. What the console says and what is fetched is in `said` and `fetched`."""
    contexts = []

    def show(width: int = 1440, scheme: str = "light", **options) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.said, page.fetched = [], []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: page.fetched.append(request.url))
        page.goto(report.page.as_uri())
        return page

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_is_shown_in_full_width_and_says_nothing_on_the_console(shown, report, width, scheme):
    page = shown(width, scheme)
    assert page.said == []
    assert page.fetched == [report.page.as_uri()]
    assert page.get_by_role("heading", level=1).inner_text() == "CSAT of acme"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # Nothing is cut off: what is wider than the page scrolls in a frame of its own.
    beyond = page.evaluate(
        """width => [...document.querySelectorAll('body *')]
            .filter(element => !element.closest('.scroll, .unseen, .skip, details:not([open]) > :not(summary)'))
            .filter(element => element.getClientRects().length && element.getBoundingClientRect().right > width + 0.5)
            .map(element => element.outerHTML.slice(0, 80))""",
        width,
    )
    assert beyond == []
    pictures = [picture for picture in page.get_by_role("img").all() if picture.is_visible()]
    assert len(pictures) == 1
    box = pictures[0].bounding_box()
    assert 300 < box["width"] <= width and box["height"] > 150


def test_no_script_is_needed(shown):
    with_scripts, without = shown(), shown(java_script_enabled=False)
    assert with_scripts.content() == without.content()
    assert with_scripts.locator("script").count() == 0


def test_words_of_customers_stay_words(shown):
    page = shown()
    # But for the one that turns the direction of what follows.
    shown_words = HOSTILE.replace("\u202e", "")
    assert shown_words != HOSTILE
    assert page.locator("blockquote").first.text_content() == shown_words
    assert page.get_by_role("rowheader", name="onerror").first.text_content().strip() == shown_words
    assert page.title().startswith("CSAT of acme, ")
    assert page.locator("main img, main iframe, main [onerror], main [onload]").count() == 0
    assert page.said == [] and len(page.fetched) == 1


def test_a_comment_leads_to_its_ticket(shown, report):
    links = shown().locator(".comments a")
    comments = [comment for comment in report.data["latest_bad_comments"] if comment["ticket_id"]]
    assert links.count() == len(comments) > 0
    for link, comment in zip(links.all(), comments, strict=True):
        assert link.get_attribute("href") == f"https://acme.zendesk.com/agent/tickets/{comment['ticket_id']}"


def table(page: Page, heading: str) -> list[dict[str, str]]:
    """The rows of a table as they are shown, with those that unfold."""
    section = page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))
    rows = section.evaluate(
        """section => [...section.querySelectorAll('table')].flatMap(table => {
            const names = [...table.querySelectorAll('thead th')].map(cell => cell.textContent.trim());
            return [...table.querySelectorAll('tbody tr')].map(row =>
                Object.fromEntries([...row.cells].map((cell, index) => [names[index], cell.textContent.trim()])));
        })"""
    )
    assert rows
    return rows


def wilson(good: int, answered: int) -> tuple[float, float]:
    z, share = 1.959963984540054, good / answered
    middle = share + z * z / (2 * answered)
    reach = z * math.sqrt(share * (1 - share) / answered + z * z / (4 * answered * answered))
    scale = 100 / (1 + z * z / answered)
    return (middle - reach) * scale, (middle + reach) * scale


@pytest.mark.parametrize(
    ("heading", "key", "none"), [("By agent", "assignee_id", "Unassigned"), ("By group", "group_id", "No group")]
)
def test_its_numbers_are_those_of_the_table(shown, report, heading, key, none):
    sent, responded, scores = Counter(), Counter(), Counter()
    for name, score, rated_at, is_offer in report.rows(f"{key}, score, rated_at, is_offer"):
        name = none if name is None else str(name)
        sent[name] += is_offer
        responded[name] += is_offer and score is not None
        scores[name, score if rated_at else None] += 1
    rows = table(shown(), heading)
    assert Counter(row[heading.removeprefix("By ").capitalize()] for row in rows) == Counter(sent.keys())
    for row in rows:
        name = row[heading.removeprefix("By ").capitalize()]
        good, neutral, bad = (scores[name, score] for score in ("good", "neutral", "bad"))
        answered = good + neutral + bad
        found = [int(row[column].replace(",", "")) for column in ("Sent", "Answered", "Good", "Neutral", "Bad")]
        assert found == [sent[name], answered, good, neutral, bad], name
        if sent[name]:
            share = 100 * responded[name] / sent[name]
            assert float(row["Response rate"].rstrip(" %")) == pytest.approx(share, abs=0.051)
        if answered:
            assert float(row["CSAT %"].rstrip("*")) == pytest.approx(100 * good / answered, abs=0.051)
            assert row["CSAT %"].endswith("*") == (answered < 30)
            low, high = map(float, row["95 %"].split("–"))
            assert (low, high) == pytest.approx(wilson(good, answered), abs=0.051)


def test_its_headline_and_every_table_are_those_of_the_report(shown, report):
    page, total = shown(), report.data["total"]
    headline = page.locator(".facts").inner_text()
    assert f"{total['csat_percent']:.1f} %" in headline and f"{total['response_rate_percent']:.1f} %" in headline
    assert f"{total['answered'] - total['unasked']:,} answered of {total['sent']:,} sent" in headline
    headings = {"survey-version": "By survey version", "source": "By system", "reason": "Reasons for bad and neutral ratings"}
    for breakdown in report.data["breakdowns"]:
        name = breakdown["by"]
        rows = table(page, headings.get(name, f"By {name}"))
        buckets = breakdown["buckets"]
        column = "Bad" if name == "reason" else "Answered"
        expected = sorted(bucket[column.lower()] for bucket in buckets)
        assert sorted(int(row[column].replace(",", "")) for row in rows) == expected, name
    funnel = {row["Ratings"]: int(row["Number"].replace(",", "")) for row in table(page, "Response funnel")}
    assert (funnel["Sent"], funnel["Good"], funnel["Bad"]) == (total["sent"], total["good"], total["bad"])
    assert page.locator("abbr.seam").count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_against_it(shown, width, scheme):
    page = shown(width, scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run()")
    against = [(rule["id"], node["html"][:120]) for rule in found["violations"] for node in rule["nodes"]]
    assert against == []
    passed = {rule["id"] for rule in found["passes"]}
    assert {"color-contrast", "landmark-one-main", "svg-img-alt"} <= passed


def test_keys_reach_everything_and_show_where_they_are(shown):
    page = shown()
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to the numbers" and skip.bounding_box()["width"] > 50
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "numbers"
    reached = set()
    for _ in range(200):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if not focus.count():
            break
        assert focus.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
        reached.add(focus.evaluate("element => element.tagName"))
    assert {"DIV", "SUMMARY", "A"} <= reached
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() == 1


def test_it_prints_dark_on_white(shown):
    page = shown(scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.get_by_role("navigation").is_visible()
    # A4 has 794 pixels of 1/96 inch; what does not fit would be cut.
    page.set_viewport_size({"width": 720, "height": 1000})
    widest = page.evaluate(
        "Math.max(...[...document.querySelectorAll('table')].map(table => table.getBoundingClientRect().right))"
    )
    assert widest <= 720
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF") and len(printed) > 20_000
