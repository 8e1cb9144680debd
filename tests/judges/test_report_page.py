"""Chromium shows the report's page as it is meant, whoever reads it and however, and runs nothing that customers wrote."""

import io
import json
import math
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from pypdf import PdfReader

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
DIMENSIONS = ["week", "month", "agent", "group", "brand", "reason", "survey-version", "source", "channel", "scale"]
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
@pytest.mark.parametrize("width", [390, 800, 1440])
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
    # The trend, and one each of groups, brands, versions, systems, channels and scales.
    assert len(pictures) == 7
    for picture in pictures:
        box = picture.bounding_box()
        assert 300 < box["width"] <= width and box["height"] > 90


def test_without_script_all_is_there_and_unfolds(shown, report):
    page, with_script = shown(java_script_enabled=False), shown()
    for name in ("By week", "By agent", "Response funnel"):
        # One table without a head of its own is the rest of another.
        assert table(page, name) == table(with_script, name)
    assert page.get_by_role("button").count() == 0 and not page.locator(".search").is_visible()
    agent = page.locator("section", has=page.get_by_role("heading", name="By agent", exact=True))
    comments = agent.locator("tr.said").first
    assert comments.get_by_role("article").count() == 0
    comments.locator("summary").click()
    assert comments.get_by_role("article").first.is_visible()


def test_no_script_runs_but_the_pages_own(shown, report, tmp_path):
    page = report.page.read_text()
    injected = "<script>document.title = 'run'</script><p onclick='0' style='color: red'>x</p>"
    for number, tampered in enumerate(
        [page.replace("</footer>", f"{injected}</footer>"), page.replace('"use strict";', 'document.title = "run";')]
    ):
        assert tampered != page
        file = tmp_path / f"{number}.html"
        file.write_text(tampered)
        opened = shown()
        assert opened.said == []
        opened.goto(file.as_uri())
        assert opened.title().startswith("CSAT of acme") and "Content Security Policy" in " ".join(opened.said)


def test_words_of_customers_stay_words(shown):
    page = shown()
    # But for the one that turns the direction of what follows.
    shown_words = HOSTILE.replace("\u202e", "")
    assert shown_words != HOSTILE
    assert page.locator(".latest blockquote").first.text_content() == shown_words
    assert page.get_by_role("rowheader", name="onerror").first.text_content().strip() == shown_words
    assert page.title().startswith("CSAT of acme, ")
    assert page.locator("main img, main iframe, main [onerror], main [onload]").count() == 0
    assert page.said == [] and len(page.fetched) == 1


def test_a_comment_leads_to_its_ticket(shown, report):
    links = shown().locator(".latest a")
    comments = [comment for comment in report.data["latest_bad_comments"] if comment["ticket_id"]]
    assert links.count() == len(comments) > 0
    for link, comment in zip(links.all(), comments, strict=True):
        assert link.get_attribute("href") == f"https://acme.zendesk.com/agent/tickets/{comment['ticket_id']}"


def table(page: Page, heading: str) -> list[dict[str, str]]:
    """The rows of a table as they are shown, with those that unfold; what has a name by its id."""
    section = page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))
    rows = section.evaluate(
        """section => [...section.querySelectorAll('table')].flatMap(table => {
            const names = [...table.querySelectorAll('thead th')].map(cell => cell.textContent.trim());
            return [...table.querySelectorAll('tbody tr:not(.said)')].map(row =>
                Object.fromEntries([...row.cells].map((cell, index) => [
                    names[index], (cell.querySelector('.id') ?? cell).textContent.trim()])));
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
            assert float(row["Response rate"].rstrip("%")) == pytest.approx(share, abs=0.051)
        if answered:
            assert float(row["CSAT"].rstrip("%*")) == pytest.approx(100 * good / answered, abs=0.051)
            assert row["CSAT"].endswith("*") == (answered < 30)
            low, high = map(float, row["95% CI"].split("–"))
            assert (low, high) == pytest.approx(wilson(good, answered), abs=0.051)


def test_its_headline_and_every_table_are_those_of_the_report(shown, report):
    page, total = shown(), report.data["total"]
    headline = page.locator(".facts").inner_text()
    assert f"{total['csat_percent']:.1f}%" in headline and f"{total['response_rate_percent']:.1f}%" in headline
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
@pytest.mark.parametrize("width", [390, 800, 1440])
def test_axe_finds_nothing_against_it(shown, width, scheme):
    page = shown(width, scheme, bypass_csp=True)
    page.evaluate("document.querySelectorAll('button.more, .opener').forEach(button => button.click())")
    assert page.locator("[aria-expanded=false]").count() == 0
    page.locator("#words").fill("the")
    assert page.locator(".found article").count() > 1
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
    for _ in range(400):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if not focus.count():
            break
        assert focus.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
        reached.add(focus.evaluate("element => element.tagName"))
    assert {"DIV", "BUTTON", "A"} <= reached
    page.locator("button.more").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("button.more[aria-expanded=true]").count() == 1


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


def section(page: Page, heading: str) -> Locator:
    return page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))


def column(page: Page, heading: str, name: str) -> list[str]:
    return [row[name] for row in table(page, heading)]


def test_tables_are_sorted_by_mouse_and_keys(shown):
    page = shown()
    agents = section(page, "By agent")
    answered = [int(number.replace(",", "")) for number in column(page, "By agent", "Answered")[:-1]]
    assert answered == sorted(answered, reverse=True) and len(set(answered)) > 3
    head = agents.get_by_role("columnheader", name="Bad")
    assert agents.locator("[aria-sort]").count() == 1 and head.get_attribute("aria-sort") is None
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending" and agents.locator("[aria-sort]").count() == 1
    bad = [int(number) for number in column(page, "By agent", "Bad")[:-1]]
    assert bad == sorted(bad, reverse=True) and bad[0] > bad[-1]
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert [int(number) for number in column(page, "By agent", "Bad")[:-1]] == bad[::-1]
    # Nobody's tickets stay last; scores that are not there come behind those that are.
    assert column(page, "By agent", "Agent")[-1] == "Unassigned"
    weeks = section(page, "By week")
    weeks.get_by_role("columnheader", name="CSAT").get_by_role("button").press("Enter")
    scores = [score.rstrip("%*") for score in column(page, "By week", "CSAT")]
    numbers = [float(score) for score in scores if score != "\u2013"]
    assert numbers == sorted(numbers, reverse=True) and numbers[0] > numbers[-1]
    assert scores[: len(numbers)] == [f"{number:.1f}" for number in numbers] and len(scores) > len(numbers)
    # What is sorted is all, and as much of it is shown as before.
    shown_rows = weeks.locator("tbody tr:visible").count()
    assert shown_rows == 12
    weeks.locator("button.more").click()
    assert weeks.locator("tbody tr:visible").count() == len(scores)
    first = weeks.get_by_role("columnheader", name="Week from")
    first.get_by_role("button").click()
    dates = column(page, "By week", "Week from")
    assert first.get_attribute("aria-sort") == "ascending" and dates == sorted(dates)
    assert page.said == []


def test_an_agents_row_opens_his_comments(shown, report):
    page = shown()
    agents = section(page, "By agent")
    answers = report.rows("assignee_id, id, comment, score, ticket_id, ticket_subject, rated_at, agent")
    wanted = Counter(str(row[0]) for row in answers if row[2])
    agent, number = max(((agent, number) for agent, number in wanted.items() if agent != "None"), key=lambda one: one[1])
    row = agents.locator("tbody tr:not(.said)", has_text=agent)
    assert row.locator("td").last.inner_text() == str(number)
    opener = row.get_by_role("button")
    (name,) = {row[7] for row in answers if str(row[0]) == agent}
    assert opener.inner_text() == (name or agent)
    assert opener.get_attribute("aria-expanded") == "false" and agents.get_by_role("article").count() == 0
    opener.press("Enter")
    assert opener.get_attribute("aria-expanded") == "true"
    below = page.locator(f"#{opener.get_attribute('aria-controls')}")
    assert below.is_visible() and row.evaluate("row => row.nextElementSibling.id") == below.get_attribute("id")
    said = below.get_by_role("article").all()
    expected = sorted((row for row in answers if str(row[0]) == agent and row[2]), key=lambda row: row[6], reverse=True)
    assert len(said) == min(number, 50)
    assert {article.locator(".score-of").inner_text() for article in said} >= {"good", "bad"}
    for article, (_, _, comment, score, ticket, subject, rated_at, _) in zip(said, expected, strict=False):
        assert article.locator("blockquote").text_content() == comment.replace("\u202e", "")
        assert article.locator(".score-of").inner_text() == score
        assert article.locator("time").get_attribute("datetime")[:16] == rated_at[:16]
        link = article.get_by_role("link")
        assert link.get_attribute("href") == f"https://acme.zendesk.com/agent/tickets/{ticket}"
        if subject:
            assert article.locator(".subject").text_content() == subject
    # It stays with its row when the table is sorted.
    agents.get_by_role("columnheader", name="CSAT").get_by_role("button").click()
    assert row.evaluate("row => row.nextElementSibling.id") == below.get_attribute("id") and below.is_visible()
    opener.click()
    assert not below.is_visible()


@pytest.mark.parametrize("width", [390, 1440])
def test_comments_are_found(shown, report, width):
    page = shown(width)
    comments = [row for row in report.rows("comment, score, ticket_subject") if row[0]]
    # Words in any order, in any case, with their accents or without.
    page.get_by_label("Search in comments").press_sequentially("FUR vielen")
    found = page.locator(".found article")
    thanks = sorted(comment for comment, _, _ in comments if "Vielen Dank f\u00fcr" in comment)
    assert sorted(found.locator("blockquote").all_text_contents()) == thanks != []
    status = page.locator(".search output")
    assert status.inner_text() == f"{len(thanks)} of {len(comments)} comments"
    assert not page.locator(".latest").is_visible()
    page.get_by_label("Search in comments").fill("")
    assert page.locator(".latest").is_visible() and found.count() == 0
    page.get_by_label("Score").select_option("neutral")
    assert found.count() == sum(score == "neutral" for _, score, _ in comments) > 0
    page.get_by_label("Search in comments").fill("no such words anywhere")
    assert found.count() == 0 and status.inner_text() == f"0 of {len(comments)} comments"
    assert page.said == [] and len(page.fetched) == 1


def test_on_paper_heads_repeat_and_open_comments_stay_open(shown):
    page = shown()
    section(page, "By week").locator("button.more").click()
    agents = section(page, "By agent")
    agents.locator(".opener").first.click()
    comments = agents.get_by_role("article").count()
    assert comments > 0
    pages = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
    assert 5 < len(pages) < 30
    weeks = column(page, "By week", "Week from")
    weekly = [text for text in pages if sum(f"\n{week}" in text for week in weeks) > 5]
    assert len(weekly) >= 3
    for text in weekly:
        assert "Week from" in text and "Response" in text and "95% CI" in text
        # Whole rows: a date stands with its score.
        assert all(re.search(rf"{week}(?: open)?(?: \u25c6)? ?\n? ?[\d\u2013]", text) for week in weeks if f"\n{week}" in text)
    whole = "\n".join(pages)
    assert whole.count("Latest bad comments") == 1 and "Search in comments" not in whole
    assert not re.search(r"Show (fewer|\d)", whole)
    assert "This page holds customers\u2019 words" in whole.replace("'", "\u2019")
    assert "Agent" in whole and f"{comments} comments" in whole
