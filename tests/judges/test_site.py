"""The documentation site, as `cargo xtask docs --check` has built it: whole, readable, quiet, and with answers that are found."""

import ast
import functools
import html.parser
import http.server
import pathlib
import shutil
import threading
import tomllib
from collections.abc import Iterator
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = pathlib.Path(__file__).parents[2]
SITE = ROOT / "target/site"
AXE = ROOT / "target/judges/node/node_modules/axe-core/axe.min.js"
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
PAGES = sorted(page.name for page in SITE.glob("*.html"))
QUESTIONS = tomllib.loads((ROOT / "tests/judges/twenty_answers.toml").read_text(encoding="utf-8"))["question"]


class Links(html.parser.HTMLParser):
    """What a page leads to, what in it can be led to, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.places: set[str] = set()
        self.words = ""
        # The words but for blocks of code and scripts.
        self.prose = ""
        self.within: list[str] = []
        self.feed((SITE / page).read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name, value in attributes:
            if name == "id" and value:
                self.places.add(value)
            elif name in ("href", "src") and value is not None and tag != "base":
                self.links.add(value)

        if tag in ("pre", "script"):
            self.within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        self.words += data
        if not self.within:
            self.prose += data


@functools.cache
def read(page: str) -> Links:
    return Links(page)


def internal(page: str) -> Iterator[tuple[str, str]]:
    """The files that a page of the site leads to, with the place in each."""
    for link in read(page).links:
        whole, place = urldefrag(urljoin(f"http://site/{page}", link))
        if urlsplit(whole).netloc == "site":
            path = unquote(urlsplit(whole).path).removeprefix("/")
            yield path or "index.html", unquote(place)


def test_there_is_a_page_for_every_guide():
    guides = {page.with_suffix(".html").name for page in (ROOT / "docs").glob("*.md")}
    assert guides | {"python.html", "emulator.html", "spec.html", "contributing.html", "report.html"} <= set(PAGES)
    for page in PAGES:
        # The frame of a page alone has some 1,500 letters.
        assert len(" ".join(read(page).words.split())) > 1_500 or page == "404.html", page


@pytest.mark.parametrize("page", PAGES)
def test_every_internal_link_leads_somewhere(page):
    lost = []
    for path, place in internal(page):
        if not (SITE / path).is_file() or (place and path.endswith(".html") and place not in read(path).places):
            lost.append((path, place))
    # Nothing has an address of its own yet, so a page for what is not found has no site to lead into.
    assert lost == [] or page == "404.html"


def examples() -> Iterator[tuple[str, set[str]]]:
    """Of the Python package's stubs and sources: what is public, and the lines of code in its docstring's example."""

    def within(node: ast.Module | ast.ClassDef, path: str) -> Iterator[tuple[str, set[str]]]:
        for item in node.body:
            if not isinstance(item, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            # A call's `with_raw_response` has the examples of the call.
            shown = not item.name.startswith("_") or item.name in ("_Record", "_Model")
            if not shown or item.name.endswith("WithRawResponse"):
                continue
            lines = (ast.get_docstring(item) or "").splitlines()
            code = {line.partition("  # doctest:")[0].strip() for line in lines if line.lstrip().startswith((">>> ", "... "))}
            if code:
                yield f"{path}.{item.name}", code
            if isinstance(item, ast.ClassDef):
                yield from within(item, f"{path}.{item.name}")

    for path in sorted((ROOT / "python/python/zendesk_csat").glob("*.py*")):
        yield from within(ast.parse(path.read_text(encoding="utf-8")), path.stem)


def test_every_example_of_a_docstring_is_on_the_site():
    shown = {line.strip() for page in PAGES if page.startswith("python-") for line in read(page).words.splitlines()}
    found = dict(examples())
    assert [name for name, lines in found.items() if not lines <= shown] == []
    assert len(found) > 200


def test_no_mark_of_markdown_is_left():
    for page in PAGES:
        assert [mark for mark in ("\\|", "](", "**") if mark in read(page).prose] == [], page


def test_nothing_is_taken_from_another_host():
    loading = ('src="http', 'src="//', 'rel="stylesheet" href="http', 'rel="preconnect"', "@import url(http")
    for page in PAGES:
        text = (SITE / page).read_text(encoding="utf-8")
        assert [word for word in loading if word in text] == [], page


def test_the_report_is_the_demo_s():
    report = (SITE / "report.html").read_text(encoding="utf-8")
    assert "CSAT of acme" in report and "<svg" in report and "<script src" not in report
    # The tickets are invented, and so lead nowhere.
    assert "zendesk.com" not in report
    assert 'src="report.html"' in (SITE / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Handler, directory=SITE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def shown(browser, address):
    """Shows pages: `shown(page, width, scheme)`. What the console says and what is fetched is in `said` and `fetched`."""
    contexts = []

    def show(page: str = "index.html", width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        tab = context.new_page()
        tab.said, tab.fetched = [], []
        tab.on("console", lambda message: tab.said.append(message.text))
        tab.on("pageerror", lambda error: tab.said.append(str(error)))
        tab.on("request", lambda request: tab.fetched.append(request.url))
        tab.goto(f"{address}/{page}", wait_until="networkidle")
        return tab

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 820, 1280])
def test_pages_fit_and_ask_no_other_host(shown, address, width, scheme):
    tab = shown(PAGES[0], width, scheme)
    for page in PAGES:
        tab.goto(f"{address}/{page}")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, page
        dark = tab.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).every(part => part < 64)")
        assert dark == (scheme == "dark"), page
    assert tab.said == []
    elsewhere = [url for url in tab.fetched if not url.startswith((address, "data:", "blob:"))]
    assert len(tab.fetched) > len(PAGES) and elsewhere == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_is_on_the_first_page_in_the_same_colours(shown, scheme):
    tab = shown("index.html", 1280, scheme)
    report = tab.frame_locator("iframe.report")
    assert report.get_by_role("heading", level=1).inner_text() == "CSAT of acme"
    colour = report.locator("body").evaluate("body => getComputedStyle(body).backgroundColor.match(/\\d+/g).map(Number)")
    assert (max(colour) < 64) == (scheme == "dark")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_can_be_chosen(shown, scheme):
    tab = shown("tables.html", 1280, scheme)
    background = "getComputedStyle(document.body).backgroundColor"
    seen = {tab.evaluate(background)}
    for label in ("Switch to light", "Switch to dark"):
        tab.locator(f"label[title='{label}']").click()
        tab.wait_for_timeout(400)
        seen.add(tab.evaluate(background))
    assert len(seen) == 2


def test_the_report_follows_a_choice_of_colours(browser, address):
    # Where a scheme is emulated every frame has that one.
    tab = browser.new_page(color_scheme="null")
    tab.goto(f"{address}/index.html", wait_until="networkidle")
    dark = "matchMedia('(prefers-color-scheme: dark)').matches"
    seen = []
    for label in ("Switch to light", "Switch to dark"):
        tab.locator(f"label[title='{label}']").click()
        tab.wait_for_timeout(400)
        seen.append(tab.frames[1].evaluate(dark))
    tab.close()
    assert seen == [False, True]


@pytest.mark.parametrize("page", ["index.html", "tables.html", "tutorial-python.html"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing_against_what_is_ours(shown, page, width, scheme):
    """The frame around the pages is Zensical's."""
    tab = shown(page, width, scheme)
    tab.add_script_tag(path=AXE)
    found = tab.evaluate("axe.run('article', {runOnly: ['wcag2a', 'wcag2aa']})")
    assert [(rule["id"], node["html"][:120]) for rule in found["violations"] for node in rule["nodes"]] == []


def test_there_are_twenty_questions():
    assert len(QUESTIONS) >= 20
    assert len({question["asks"] for question in QUESTIONS}) == len(QUESTIONS)


@pytest.fixture(scope="module")
def searching(browser, address) -> Iterator[Page]:
    tab = browser.new_page()
    tab.goto(f"{address}/index.html", wait_until="networkidle")
    tab.keyboard.press("Control+k")
    yield tab
    tab.close()


def first_results(tab: Page, query: str) -> list[str]:
    """The first three pages that the site's own search shows."""
    box = tab.get_by_role("combobox", name="Search")
    box.fill("")
    tab.get_by_role("option").first.wait_for(state="detached")
    box.fill(query)
    tab.get_by_role("option").first.wait_for()
    tab.wait_for_timeout(200)
    found = [urlsplit(option.get_attribute("href")).path.removeprefix("/") for option in tab.get_by_role("option").all()]
    return list(dict.fromkeys(page or "index.html" for page in found))[:3]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["asks"])
def test_an_answer_is_found_by_one_search(searching, question):
    assert " ".join(question["answer"].split()) in " ".join(read(question["page"]).words.split())
    assert question["page"] in first_results(searching, question["search"])


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["asks"])
def test_an_answer_is_two_clicks_away_by_the_text_alone(shown, question):
    """Without the navigation, which leads to every page."""

    def led_to(page: str) -> set[str]:
        tab.goto(f"{address}{page}")
        hrefs = tab.locator("article a[href]").evaluate_all("links => links.map(link => link.href)")
        return {urlsplit(href).path.removeprefix("/") for href in hrefs if href.startswith(address)}

    tab = shown()
    address = tab.url.removesuffix("index.html")
    first = led_to("index.html")
    assert question["page"] in first or any(question["page"] in led_to(page) for page in first if page in PAGES)
