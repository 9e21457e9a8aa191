"""The pages in a real browser: accessible, narrow, by keyboard, without JavaScript, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from kg.ask import catalogue
from kg.load import load_law

pytestmark = pytest.mark.browser

NAMES = ("with-record", "two-disclosures", "strands-differ", "hostile", "sparse")
LISTS = ("/", "/about", "/cases", "/questions", "/nowhere")
CASES = tuple(f"/cases/{name}" for name in NAMES)
MISTAKES = ("/cases/with-record?as-at=2023-02-30", "/cases/with-record?as-at-day=1")
#: One question of each kind of form and answer; test_pages.py reads the pages of all of them.
SAMPLE = {"Q-01", "Q-05", "Q-07", "Q-11", "Q-43", "Q-53", "Q-65", "Q-76"}
QUESTIONS = {q.id: q for q in catalogue(load_law()) if q.id in SAMPLE}
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def filled(identifier: str) -> str:
    """Return the address of a question with a value for every parameter."""
    values = {
        p.name: "2023-03-14"
        if p.type == "date"
        else "with-record"
        if p.type == "case"
        else "R-027"
        if p.type == "rule"
        else p.allowed[0][0]
        for p in QUESTIONS[identifier].parameters
        if p.type != "case" or not QUESTIONS[identifier].or_case
    }
    return f"/questions/{identifier}?{urlencode(values)}"


PAGES = (
    *LISTS,
    *CASES,
    *MISTAKES,
    *(f"/questions/{name}" for name in QUESTIONS),
    *map(filled, QUESTIONS),
)


@pytest.fixture(autouse=True)
def guarded(page: Page) -> Iterator[None]:
    """Fail any test in which a page asks another machine, breaks its policy or has an error."""
    strangers: list[str] = []
    complaints: list[str] = []

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.hostname != "127.0.0.1":
            strangers.append(request.url)

    def on_console(message: ConsoleMessage) -> None:
        # A page that is a mistake is also reported by the browser as a failed load.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield
    assert strangers == []
    assert complaints == []


def open_details(page: Page) -> None:
    """Open every fold, so that what is inside is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(path: str, page: Page) -> None:
    """No page breaks a rule of WCAG 2.2 AA or of good practice that axe knows, folds open."""
    page.goto(path)
    open_details(page)
    results = Axe().run(page, options=RULES)

    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("path", ["/", "/cases/with-record", "/questions"])
def test_axe_finds_nothing_in_the_plain_style(
    path: str, page: Page, app: Flask, monkeypatch
) -> None:
    """Without the design system's style sheet the pages are as accessible and as narrow."""
    loaded = app.extensions["kg"]
    monkeypatch.setattr(loaded, "styled", False)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    open_details(page)
    results = Axe().run(page, options=RULES)

    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
def test_no_sideways_scrolling_at_320_pixels(path: str, page: Page) -> None:
    """At 320 pixels (400 % zoom) the page scrolls one way; wide tables scroll on their own."""
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)
    open_details(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_from_start_to_provision_without_javascript(browser: Browser, base_url: str) -> None:
    """A visitor without JavaScript reaches a provision, and the answer of another day."""
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Look at a case").click()
    page.get_by_role("link", name="with-record").click()
    assert page.get_by_role("heading", level=1).inner_text().endswith(".")
    page.locator(".layers a[href^='#']").first.click()
    target = page.locator(":target")
    assert target.locator("table").first.is_visible()
    assert target.get_by_role("link", name="Read the text").count() <= 1

    page.get_by_role("textbox", name="Day").fill("1")
    page.get_by_role("textbox", name="Month").fill("5")
    page.get_by_role("textbox", name="Year").fill("2010")
    page.get_by_role("button", name="Show the answer for this day").click()
    assert page.url.endswith("/cases/with-record?as-at=2010-05-01")
    assert "Law of 1 May 2010" in page.inner_text("main")

    page.goto("/")
    page.get_by_role("link", name="Ask a question").click()
    page.locator("main a").first.click()
    assert page.get_by_role("heading", level=1).is_visible()
    context.close()


def test_folds_open_without_javascript(browser: Browser, base_url: str) -> None:
    """A fold opens by key, and the address of a folded provision opens the fold around it."""
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    page.goto("/cases/sparse")
    fold = page.locator("details").first
    summary = fold.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert fold.get_attribute("open") is not None

    inside = page.locator("details details").last.get_attribute("id")
    page.goto("/")
    page.goto(f"/cases/sparse#{inside}")
    assert page.locator(f"#{inside} > summary").is_visible()
    context.close()


def test_a_question_is_asked_by_its_form(page: Page) -> None:
    """Pick-lists and date fields lead to the answer, at an address that can be kept."""
    identifier = next(
        n for n, q in QUESTIONS.items() if {p.type for p in q.parameters} >= {"body", "date"}
    )
    page.goto(f"/questions/{identifier}")
    for parameter in QUESTIONS[identifier].parameters:
        if parameter.type == "date":
            group = page.locator(f"#{parameter.name}")
            for label, text in (("Day", "8"), ("Month", "8"), ("Year", "2012")):
                group.get_by_label(label).fill(text)
        elif parameter.type == "case":
            page.locator(f"#{parameter.name}").select_option("with-record")
        elif not parameter.optional:
            page.locator(f"#{parameter.name}").select_option(parameter.allowed[0][0])
    page.get_by_role("button", name="Show the answer").click()

    assert page.get_by_role("heading", name="Answer", exact=True).is_visible()
    assert "2012-08-08" in page.url
    assert "-day" not in page.url


def test_the_first_key_skips_to_the_content(page: Page) -> None:
    """The skip link comes first, is seen when focused, and moves the focus into the page."""
    page.goto("/cases/with-record")
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.inner_text() == "Skip to main content"
    box = link.bounding_box()
    assert box is not None
    assert box["height"] > 10
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main-content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    """Tab reaches every link, field and fold in the order of the page, and shows where it is."""
    page.goto("/cases/sparse")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], input, button, summary, [tabindex="0"]')]
            .filter(e => e.checkVisibility()).length"""
    )
    places = []
    for _ in range(wanted):
        page.keyboard.press("Tab")
        place, ring = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e);
                const all = [...document.querySelectorAll('*')];
                const seen = [s, ...[...e.children].map(c => getComputedStyle(c))];
                const ringed = x => x.outlineStyle !== 'none' || x.boxShadow !== 'none';
                return [all.indexOf(e), seen.some(ringed)]; }"""
        )
        assert ring
        places.append(place)

    assert places == sorted(set(places))


def test_an_error_summary_leads_to_its_field(page: Page) -> None:
    """The link of the error summary puts the focus into the first field of the date."""
    page.goto("/cases/with-record?as-at=2023-02-30")
    assert page.title().startswith("Error: ")
    page.get_by_role("link", name="The date of the law must be a real date").click()

    assert page.evaluate("document.activeElement.id") == "as-at-day"


def test_paper_shows_every_reason(page: Page) -> None:
    """In print every fold is open and the form is gone."""
    page.goto("/cases/with-record")
    hidden = (
        "[...document.querySelectorAll('details table')].filter(t => !t.checkVisibility()).length"
    )
    assert page.evaluate(hidden) > 0
    page.emulate_media(media="print")

    assert page.evaluate(hidden) == 0
    assert not page.get_by_role("button").first.is_visible()


@pytest.mark.parametrize("path", ["/", "/cases/with-record"])
def test_states_are_told_without_colour(path: str, page: Page) -> None:
    """With the colours of the system forced, text and borders stay; every tag holds words."""
    page.emulate_media(forced_colors="active")
    page.goto(path)

    assert all(text.strip() for text in page.locator(".govuk-tag").all_text_contents())
    assert page.get_by_role("heading", level=1).is_visible()


@pytest.mark.parametrize("path", CASES)
@pytest.mark.parametrize("width", [320, 1200])
def test_words_of_the_picture_stay_in_their_boxes(path: str, width: int, page: Page) -> None:
    """In a real font every line of the picture lies inside its box, and the picture on the page."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(path)
    wide, lines, outside = page.evaluate(
        """() => { const svg = document.querySelector('.picture svg');
            const texts = [...svg.querySelectorAll('[data-node] tspan')];
            const box = e => e.closest('[data-node]').querySelector('rect').getBBox();
            const out = texts.filter(e => { const b = box(e), p = e.getStartPositionOfChar(0);
                return p.x < b.x || p.x + e.getComputedTextLength() > b.x + b.width; });
            return [svg.getBoundingClientRect().width, texts.length,
                    out.map(e => e.textContent)]; }"""
    )
    assert lines > 20
    assert outside == []
    assert 200 < wide <= width
