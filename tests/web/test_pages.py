"""The pages through Flask's test client: what they say and never say, and how they are sent."""

from __future__ import annotations

import html
import json
import logging
import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.exceptions import UndefinedError

import web
from kg import explain
from kg.ask import catalogue
from kg.assess import Engine, assess_case
from kg.assess.holds import with_holds
from kg.assess.nearest import nearest_of
from kg.errors import BadRequest
from kg.export import assessment_json
from kg.load import Case
from web import create_app
from web.contexts.common import KNOWN_HOSTS, anchor, safe_url
from web.loaded import Loaded, example_cases

CANARY = "Canary-Wren"
NAMES = ("with-record", "two-disclosures", "strands-differ", "hostile", "sparse")
PAGES = ("/", "/about", "/cases", "/questions", *(f"/cases/{name}" for name in NAMES))
DAYS = "?as-at=2010-05-01"


@dataclass
class Parsed(HTMLParser):
    """What a page is made of: ids, links, headings, titles, scripts and text."""

    ids: list[str] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    resources: list[str] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    title: str = ""
    h1: str = ""
    within: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start the parser, which is no dataclass."""
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element and keep what matters of it."""
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.within.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found)
        if tag == "form":
            self.forms.append(found)
        if tag in {"link", "img", "script", "iframe"}:
            self.resources.append(found.get("href") or found.get("src") or "inline")
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        while self.within and self.within.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)
        if "title" in self.within:
            self.title += data
        if "h1" in self.within:
            self.h1 += data

    @cached_property
    def text(self) -> str:
        """All words of the page, with single spaces."""
        return " ".join(" ".join(self.words).split())


@cache
def parse(html: str) -> Parsed:
    """Return the parts of a page."""
    parsed = Parsed()
    parsed.feed(html)
    return parsed


def question_pages(engine: Engine) -> list[str]:
    """Return every question's page, empty and with a value for every parameter."""
    found = []
    for question in catalogue(engine.law):
        values = {
            p.name: "2023-03-14"
            if p.type == "date"
            else "with-record"
            if p.type == "case"
            else "R-027"
            if p.type == "rule"
            else p.allowed[0][0]
            for p in question.parameters
            if p.type != "case" or not question.or_case
        }
        found += [f"/questions/{question.id}", f"/questions/{question.id}?{urlencode(values)}"]
    return found


# --- Every page -----------------------------------------------------------------------------------


def test_every_page_is_sent_safely(client: FlaskClient, engine: Engine) -> None:
    """Every answer, mistakes included, forbids scripts, frames, sniffing, referrers and keeping."""
    for path in [
        *PAGES,
        *question_pages(engine),
        "/nowhere",
        "/cases/sparse?as-at=x",
        "/health",
        "/api/none",
    ]:
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]

        assert "default-src 'none'" in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert "script" not in policy, path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Cache-Control"] == "no-store", path
        assert "Set-Cookie" not in headers, path


def test_every_page_is_well_built(client: FlaskClient, engine: Engine) -> None:
    """One h1, no level skipped, ids once, no script, own resources only, a title of its own."""
    titles: dict[str, str] = {}
    for path in [*PAGES, *(f"/cases/{name}{DAYS}" for name in NAMES), *question_pages(engine)]:
        response = client.get(path)
        page = parse(response.text)

        assert response.status_code == 200, path
        assert page.levels.count(1) == 1, path
        assert page.levels[0] == 1, path
        assert all(after - before <= 1 for before, after in pairwise(page.levels)), path
        assert len(page.ids) == len(set(page.ids)), path
        assert not {"script", "iframe", "style", "object"} & set(page.tags), path
        assert all(r.startswith("/static/") for r in page.resources), path
        assert " style=" not in response.text, path
        assert titles.setdefault(page.title, path.partition("?")[0]) == path.partition("?")[0], path


def test_links_lead_somewhere_known(client: FlaskClient, engine: Engine) -> None:
    """Links on a page find their id, links of the site answer, others go to known hosts."""
    seen: set[str] = set()
    for path in [*PAGES, *question_pages(engine)]:
        page = parse(client.get(path).text)
        for link in page.links:
            href = link["href"]
            if href.startswith("#"):
                assert href[1:] in page.ids, (path, href)
            elif href.startswith("/"):
                seen.add(href.partition("#")[0])
            else:
                parts = urlsplit(href)
                assert (parts.scheme, parts.netloc in KNOWN_HOSTS) == ("https", True), (path, href)
                assert link["rel"] == "noreferrer", (path, href)
    assert {
        "/",
        "/about",
        "/cases",
        "/questions",
        "/cases/sparse",
        "/api/cases/sparse.json",
    } <= seen
    for href in sorted(seen):
        assert client.get(href).status_code == 200, href


def test_nothing_speaks_of_shacl(client: FlaskClient, engine: Engine) -> None:
    """Readers are lawyers and practitioners: the word for the machinery stays out."""
    for path in [*PAGES, *question_pages(engine)]:
        assert "shacl" not in parse(client.get(path).text).text.lower(), path


def test_every_page_names_law_and_limits(client: FlaskClient, engine: Engine) -> None:
    """Version of the law, “not legal advice” and the licence of the sources stand on every page."""
    for path in PAGES:
        text = parse(client.get(path).text).text

        assert engine.law.hash in text, path
        assert "not legal advice" in text, path
        assert "Open Government Licence" in text, path


# --- Start, list ----------------------------------------------------------------------------------


def test_start_counts_what_is_there(client: FlaskClient, engine: Engine) -> None:
    """The start page counts provisions, questions and cases as they are."""
    text = parse(client.get("/").text).text

    assert f"{len(engine.table.norms)} duties, powers" in text
    assert f"{len(catalogue(engine.law))} questions" in text
    assert f"{len(NAMES)} cases are loaded" in text


def test_cases_are_listed_with_their_outcome(
    client: FlaskClient, engine: Engine, cases: list[Case]
) -> None:
    """Each case has its line: reference, title, outcome in words for each disclosure."""
    text = parse(client.get("/cases").text).text

    for case in cases:
        assert case.name in text
        for assessment in assess_case(case, engine):
            assert explain.OUTCOME_WORDS[assessment.outcome] in text


def test_without_a_case_the_pages_help(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package has no examples: the pages say how to name a case."""
    monkeypatch.setattr(web, "example_cases", lambda _law: ((), ()))
    client = create_app(engine).test_client()
    about_cases = [q.id for q in catalogue(engine.law) if q.case_needed]

    assert "kg serve my-case.yaml" in client.get("/cases").text
    assert "0 cases are loaded" in parse(client.get("/").text).text
    assert about_cases
    for identifier in about_cases:
        assert "no case is loaded" in parse(client.get(f"/questions/{identifier}").text).text


def test_without_a_case_the_examples_are_shown(engine: Engine) -> None:
    """In a checkout the example folder is shown, whole, and every file of it can be read."""
    found, unread = example_cases(engine.law)
    text = parse(create_app(engine).test_client().get("/cases").text).text

    assert found
    assert unread == ()
    assert all(case.name in text and case.title in text for case in found)
    assert all(not case.file.startswith("/") for case in found)


def test_an_unreadable_example_is_named(
    engine: Engine, tmp_path: pytest.TempPathFactory, monkeypatch
) -> None:
    """A broken example is named with its mistake; a profile beside it is passed over."""
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "broken.yaml").write_text(
        "case: broken\nnonsense: yes\n", encoding="utf-8"
    )
    (tmp_path / "examples" / "profile.yaml").write_text("rules: {}\n", encoding="utf-8")
    monkeypatch.setattr("kg.paths.ONTOLOGY", tmp_path / "ontology")
    found, unread = example_cases(engine.law)

    assert found == ()
    assert {problem.file for problem in unread} == {"examples/broken.yaml"}


def test_a_long_list_has_pages(cases: list[Case], app: Flask, monkeypatch) -> None:
    """The list is cut, and links lead on and back."""
    monkeypatch.setattr("web.contexts.case.PER_PAGE", 2)
    client = app.test_client()
    second = parse(client.get("/cases?page=2").text)

    assert "Page 2 of 3" in second.text
    assert {"/cases?page=1", "/cases?page=3"} <= {link["href"] for link in second.links}
    assert cases[2].name in second.text
    assert cases[0].name not in second.text


def test_a_case_name_is_used_once(engine: Engine, cases: list[Case]) -> None:
    """Two cases of one name would share an address."""
    with pytest.raises(BadRequest, match="used twice"):
        create_app(engine, [cases[0], cases[0]])


# --- The case page --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_provision_is_shown_once(
    name: str, client: FlaskClient, engine: Engine, app: Flask
) -> None:
    """Authorised, rejected and unknown are all the norms of the graph, each under a stable id."""
    found = assess_case(app.extensions["kg"].by_name[name], engine)
    page = parse(client.get(f"/cases/{name}").text)

    for place, assessment in enumerate(found):
        prefix = assessment.id if place else ""
        for result in assessment.provisions:
            assert page.ids.count(anchor(prefix, result.id)) == 1
            assert result.citation in page.text
    assert anchor("", "ca1989:s47-9") == "ca1989-s47-9"


def test_the_answer_comes_first(client: FlaskClient, engine: Engine, app: Flask) -> None:
    """The heading is the answer; law date, why that day, regime and version come next."""
    (assessment,) = assess_case(app.extensions["kg"].by_name["with-record"], engine)
    page = parse(client.get("/cases/with-record").text)
    first_screen = page.text.partition("The disclosure")[0]

    assert page.h1.strip() == explain.answer_sentence(assessment)
    assert explain.OUTCOME_WORDS[assessment.outcome] in first_screen
    assert "Law of 14 March 2023, the day of the disclosure" in first_screen
    assert "UK GDPR and Data Protection Act 2018" in first_screen
    assert "Law version" in first_screen


def test_layers_conditions_judgements_and_gaps_are_shown(
    client: FlaskClient, engine: Engine, app: Flask
) -> None:
    """What the assessment holds, the page says: layers, conditions, facts, questions, gaps."""
    for name in NAMES:
        page = parse(client.get(f"/cases/{name}").text)
        for assessment in assess_case(app.extensions["kg"].by_name[name], engine):
            for layer in assessment.layers.values():
                assert layer.label in page.text
            for result in assessment.provisions:
                for condition in result.conditions:
                    assert explain.CONDITION_WORDS[condition.state] in page.text
                    for reason in condition.because:
                        assert " ".join(explain.because_words(reason).split()) in page.text
            for judgement in assessment.judgements:
                assert judgement.question in page.text
            for gap, _ in assessment.missing:
                assert explain.missing_sentence(gap) in page.text
            for warning in assessment.warnings:
                assert " ".join(warning.split()) in page.text


def test_unconfirmed_law_is_marked(client: FlaskClient, engine: Engine, app: Flask) -> None:
    """Every provision that no lawyer confirmed says so."""
    (assessment,) = assess_case(app.extensions["kg"].by_name["with-record"], engine)
    waiting = [p for p in assessment.provisions if p.review_status != "confirmed"]
    page = client.get("/cases/with-record").text
    marks = re.findall(r'<p class="govuk-body review"><strong>(.*?)</strong></p>', page)

    assert waiting
    assert len(marks) == len(waiting)
    assert {html.unescape(mark) for mark in marks} == {explain.sentence(explain.AWAITING)}


def test_strands_that_differ_are_both_shown(
    client: FlaskClient, engine: Engine, app: Flask
) -> None:
    """A provision that fits one recipient and not the other shows both, by name."""
    (assessment,) = assess_case(app.extensions["kg"].by_name["strands-differ"], engine)
    text = parse(client.get("/cases/strands-differ").text).text

    assert any(p.partly for p in assessment.provisions)
    assert "for trust to council: notes, about infant" in text
    assert "for trust to school: notes, about infant" in text


def test_a_made_judgement_shows_its_author(client: FlaskClient) -> None:
    """A judgement that counts is shown with answer, author and day."""
    text = parse(client.get("/cases/strands-differ").text).text

    assert f"Answered yes by {CANARY} on 14 March 2023" in text


def test_disclosures_have_a_section_each(client: FlaskClient, engine: Engine, app: Flask) -> None:
    """Two disclosures give two answers, each by the law of its own day."""
    first, second = assess_case(app.extensions["kg"].by_name["two-disclosures"], engine)
    page = parse(client.get("/cases/two-disclosures").text)

    assert page.h1.strip().startswith("2 disclosures")
    assert {"disclosure-first", "disclosure-second"} <= set(page.ids)
    assert explain.answer_sentence(first) in page.text
    assert explain.answer_sentence(second) in page.text
    assert "14 March 2023" in page.text
    assert "1 May 2010" in page.text


def test_the_law_of_another_day(client: FlaskClient) -> None:
    """A date asked for is the date of the law, and the page says so."""
    page = parse(client.get("/cases/with-record?as-at=2010-05-01").text)

    assert "Law of 1 May 2010, the day asked for" in page.text
    assert "Data Protection Act 1998" in page.text.partition("The disclosure")[0]
    assert "/api/cases/with-record.json?as-at=2010-05-01" in {link["href"] for link in page.links}


def test_three_date_fields_become_one_address(client: FlaskClient) -> None:
    """The form sends day, month and year; the answer's address holds one date, nothing else."""
    response = client.get("/cases/with-record?as-at-day=1&as-at-month=5&as-at-year=2010&other=x")

    assert response.status_code == 303
    assert response.headers["Location"] == "/cases/with-record?as-at=2010-05-01"


@pytest.mark.parametrize(
    "query", ["as-at=2023-02-30", "as-at=x", "as-at-day=1&as-at-year=2010", "as-at=" + "9" * 3000]
)
def test_a_bad_date_is_explained(client: FlaskClient, query: str) -> None:
    """A bad date gives an error summary that leads to the field, and no answer for another day."""
    response = client.get(f"/cases/with-record?{query}")
    page = parse(response.text)

    assert response.status_code == 400
    assert page.title.startswith("Error: ")
    assert "#as-at-day" in {link["href"] for link in page.links}
    assert "as-at-day" in page.ids
    assert "There is a problem" in page.text
    assert "layer by layer" not in page.text


def test_the_record_report_is_in_plain_words(client: FlaskClient, app: Flask) -> None:
    """What the record lacks is grouped, says the rule, the place and the source."""
    loaded: Loaded = app.extensions["kg"]
    reports = loaded.reports(loaded.by_name["with-record"])
    text = parse(client.get("/cases/with-record").text).text.partition("What the record lacks")[2]

    assert reports
    assert not reports[0].complete
    assert "Not complete" in text
    assert "Must" in text
    for result in reports[0].results:
        assert " ".join(result.message.split()) in text
        assert f"Rule {result.rule}." in text


def test_a_case_without_a_record_is_no_fault(client: FlaskClient) -> None:
    """No record yet is said as such."""
    assert "No record yet" in client.get("/cases/two-disclosures").text


# --- Questions ------------------------------------------------------------------------------------


def test_every_question_is_answered(client: FlaskClient, engine: Engine) -> None:
    """Each question shows its words, and with values an answer, its query and its caveats."""
    for question in catalogue(engine.law):
        empty, filled = (
            p for p in question_pages(engine) if p.partition("?")[0] == f"/questions/{question.id}"
        )
        page = parse(client.get(filled).text)

        assert page.h1.strip() == question.text
        assert question.definition in page.text
        assert "The query behind this answer" in page.text
        assert all(caveat in page.text for caveat in question.caveats)
        assert parse(client.get(empty).text).h1.strip() == question.text


def test_cases_that_cannot_be_checked_are_named(client: FlaskClient) -> None:
    """A question about the records of all cases names those that have none, and only those."""
    text = parse(client.get("/questions/Q-75").text).text
    assert "Not counted" in text
    assert "sparse.yaml: this case has no decision record" in text
    assert "with-record.yaml: " not in text


def test_a_question_form_says_what_is_missing(client: FlaskClient, engine: Engine) -> None:
    """A form sent with empty, wrong and impossible values is explained field by field."""
    asked = [q for q in catalogue(engine.law) if any(p.type == "date" for p in q.parameters)]
    assert asked
    for question in asked:
        query = {}
        for p in question.parameters:
            if p.type == "date":
                query |= {f"{p.name}-day": "31", f"{p.name}-month": "2", f"{p.name}-year": "2020"}
            else:
                query[p.name] = "" if p.optional else "<b>nonsense</b>"
        response = client.get(f"/questions/{question.id}?{urlencode(query)}")
        page = parse(response.text)
        targets = {link["href"] for link in page.links}

        assert response.status_code == 400
        assert page.title.startswith("Error: ")
        assert "<b>nonsense" not in response.text
        for p in question.parameters:
            if p.type == "date" or not p.optional:
                assert f"#{p.name}-day" in targets or f"#{p.name}" in targets


def test_a_case_stands_for_the_values(client: FlaskClient, engine: Engine) -> None:
    """Where a case may be given instead of values, it alone is enough, and both are a mistake."""
    asked = [q for q in catalogue(engine.law) if q.or_case]
    assert asked
    for question in asked:
        page = f"/questions/{question.id}?case=with-record"
        answered = client.get(page)
        assert answered.status_code == 200
        assert "The query behind this answer" in answered.text
        one = next(p for p in question.parameters if p.type not in {"case", "date"})
        both = client.get(f"{page}&{urlencode({one.name: one.allowed[0][0]})}")
        assert both.status_code == 400
        assert "choose no case" in both.text


def test_question_dates_become_one_parameter(client: FlaskClient, engine: Engine) -> None:
    """The three fields of a date are sent on as one, with the other values."""
    question = next(q for q in catalogue(engine.law) if any(p.type == "date" for p in q.parameters))
    query = {}
    for p in question.parameters:
        if p.type == "date":
            query |= {f"{p.name}-day": "8", f"{p.name}-month": "8", f"{p.name}-year": "2012"}
        else:
            query[p.name] = "with-record" if p.type == "case" else p.allowed[0][0]
    response = client.get(f"/questions/{question.id}?{urlencode(query)}")

    assert response.status_code == 303
    assert "2012-08-08" in response.headers["Location"]
    assert "-day=" not in response.headers["Location"]
    assert client.get(response.headers["Location"]).status_code == 200


# --- Mistakes, attacks, privacy -------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["/cases/none", "/questions/Q-000", "/nowhere", "/cases/..%2f..%2fetc", "/static/none.css"],
)
def test_what_is_not_there_is_said_plainly(client: FlaskClient, path: str) -> None:
    """An unknown address is a page, not a traceback."""
    response = client.get(path)

    assert response.status_code == 404
    assert parse(response.text).h1.strip() == "Page not found"


def test_pages_can_only_be_read(client: FlaskClient) -> None:
    """No page takes anything in."""
    for path in ("/", "/cases", "/cases/sparse", "/questions", "/api/cases/sparse.json"):
        assert client.post(path, data={"x": "y"}).status_code == 405


def test_a_foreign_name_gets_no_case(client: FlaskClient) -> None:
    """A site elsewhere that points its own name at this computer is refused."""
    response = client.get("/cases/with-record", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert CANARY not in response.text
    for host in ("127.0.0.1:8000", "localhost:8000", "[::1]:8000"):
        assert client.get("/", headers={"Host": host}).status_code == 200


def test_hostile_text_stays_text(client: FlaskClient) -> None:
    """A title that is a script, a tag or a template is shown letter by letter."""
    for path in ("/cases", "/cases/hostile", "/questions"):
        html = client.get(path).text

        assert "<script>alert" not in html
        assert "<img src=x" not in html
    page = parse(client.get("/cases/hostile").text)
    assert (
        """<script>alert(1)</script><img src=x onerror=alert(2)> "' {{ 7*7 }} {% raw %} &amp;"""
        in page.text
    )
    assert "alert" not in page.title


def test_no_personal_words_in_addresses(client: FlaskClient, engine: Engine) -> None:
    """Names, titles and texts of a case stand in no link, no form and no redirect."""
    for path in [*PAGES, *question_pages(engine)]:
        page = parse(client.get(path).text)
        addresses = [link["href"] for link in page.links] + [form["action"] for form in page.forms]

        assert all(CANARY.lower() not in address.lower() for address in addresses), path
        assert all(form["method"] == "get" for form in page.forms), path
        assert CANARY not in page.title, path


def test_a_fault_tells_and_logs_nothing_of_a_case(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A fault gives a plain page; the log names places in the code, no data, no query."""

    def fail(*_: object) -> None:
        raise ValueError(f"the name is {CANARY}")

    monkeypatch.setattr(Loaded, "assess", fail)
    with caplog.at_level(logging.DEBUG):
        page = app.test_client().get(f"/cases/with-record?as-at=2023-03-14&x={CANARY}")
        data = app.test_client().get(f"/api/cases/with-record.json?x={CANARY}")

    assert (page.status_code, data.status_code) == (500, 500)
    assert parse(page.text).h1.strip() == "Sorry, there is a problem with this service"
    assert data.json == {"status": 500, "title": "Internal Server Error", "type": "about:blank"}
    assert "ValueError on /cases/<name> at test_pages.py" in caplog.text
    captured = capfd.readouterr()
    for text in (page.text, data.text, caplog.text, captured.out, captured.err):
        assert CANARY not in text
        assert "Traceback" not in text


def test_a_case_that_cannot_be_answered_says_why(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A contradiction in a case is a page and a JSON answer that name it."""

    def refuse(*_: object) -> None:
        from kg.errors import Contradiction, Problem

        raise Contradiction(
            Problem("the case says both yes and no", "a.yaml", 3, "both cannot hold", "delete one")
        )

    monkeypatch.setattr(Loaded, "assess", refuse)
    client = app.test_client()
    page, data = client.get("/cases/sparse"), client.get("/api/cases/sparse.json")

    assert (page.status_code, data.status_code) == (422, 422)
    assert "a.yaml:3: the case says both yes and no" in parse(page.text).text
    assert data.json["problems"][0]["what"] == "the case says both yes and no"
    assert "the case says both yes and no" in parse(client.get("/cases").text).text


def test_only_known_addresses_become_links() -> None:
    """Scripts, foreign hosts, users and ports stay text; known hosts are linked with https."""
    assert (
        safe_url("http://www.legislation.gov.uk/id/ukpga/1989/41")
        == "https://www.legislation.gov.uk/id/ukpga/1989/41"
    )
    for address in (
        "javascript:alert(1)",
        "data:text/html,x",
        "//www.legislation.gov.uk/x",
        "https://evil.example/",
        "https://www.legislation.gov.uk@evil.example/",
        "https://www.legislation.gov.uk:8080/",
        "",
        "ca1989:s47-9",
    ):
        assert safe_url(address) == ""


def test_what_would_have_to_change(client: FlaskClient) -> None:
    """A provision that does not apply says what would have to be so, worded as no advice."""
    page = parse(client.get("/cases/with-record").text).text
    assert "What would have to change" in page
    assert "It would apply if it were so that" in page


# --- Picture --------------------------------------------------------------------------------------


def test_picture_has_an_address(client: FlaskClient, engine: Engine, app: Flask) -> None:
    """Each disclosure has its picture under a stable address, by the day asked for; no other has one."""
    from kg.export.picture import picture_of
    from kg.export.svg import svg_file

    case = app.extensions["kg"].by_name["two-disclosures"]
    drawn = {}
    for assessment in assess_case(case, engine):
        response = client.get(f"/cases/two-disclosures/{assessment.id}/picture.svg")
        assert response.mimetype == "image/svg+xml"
        assert response.text == svg_file(picture_of(assessment))
        drawn[assessment.id] = response.text
    assert len(set(drawn.values())) == 2
    other = client.get("/cases/two-disclosures/first/picture.svg?as-at=1985-01-01").text
    assert other not in drawn.values()
    for path, code in (
        ("/cases/two-disclosures/third/picture.svg", 404),
        ("/cases/none/first/picture.svg", 404),
        ("/cases/two-disclosures/first/picture.svg?as-at=2023-02-30", 400),
    ):
        assert client.get(path).status_code == code


def test_picture_and_its_list_are_on_the_page(
    client: FlaskClient, engine: Engine, app: Flask
) -> None:
    """The page holds the picture and, as text, everything that is drawn in it."""
    from kg.export.picture import picture_list, picture_of
    from kg.export.svg import picture_svg

    (assessment,) = assess_case(app.extensions["kg"].by_name["hostile"], engine)
    picture = picture_of(assessment)
    page = client.get("/cases/hostile").text
    assert picture_svg(picture) in page
    text = parse(page.partition('class="govuk-list govuk-list--bullet picture-list"')[2]).text
    for item in picture_list(picture):
        assert " ".join(item.text.split()) in text
        assert all(" ".join(words.split()) in text for words in item.links)


# --- JSON -----------------------------------------------------------------------------------------


def test_json_is_the_contract(client: FlaskClient, engine: Engine, app: Flask) -> None:
    """The JSON of a case is what the command prints, by its own day and by the day asked for."""
    from datetime import date

    case = app.extensions["kg"].by_name["with-record"]
    for query, day in (("", None), ("?as-at=2010-05-01", date(2010, 5, 1))):
        answers = with_holds(engine, case, assess_case(case, engine, day))
        nearest = nearest_of(case, engine, day)
        expected = json.loads(json.dumps(assessment_json(answers, engine, nearest=nearest)))
        assert any(p["nearest"] for p in expected["disclosures"][0]["provisions"])
        assert client.get(f"/api/cases/with-record.json{query}").json == expected


def test_json_mistakes_are_problems(client: FlaskClient) -> None:
    """An unknown case and a bad date are problem documents."""
    for path, code in (
        ("/api/cases/none.json", 404),
        ("/api/cases/sparse.json?as-at=2023-02-30", 400),
    ):
        response = client.get(path)

        assert response.status_code == code
        assert response.mimetype == "application/problem+json"
        assert response.json["status"] == code


def test_health(client: FlaskClient, engine: Engine) -> None:
    """Health names the law it answers by."""
    assert client.get("/health").json == {
        "status": "ok",
        "law": {"version": "2026.11", "hash": engine.law.hash},
        "norms": len(engine.table.norms),
        "cases": len(NAMES),
    }


# --- Set-up ---------------------------------------------------------------------------------------


def test_without_the_design_system_the_pages_still_work(
    engine: Engine, cases: list[Case], monkeypatch
) -> None:
    """Where the style sheet is not built, the plain one is linked and nothing is missing."""
    monkeypatch.setattr(web, "_STYLE_SHEET", web._STYLE_SHEET.with_name("none.css"))
    client = create_app(engine, cases).test_client()

    assert not web.assets_ready()
    for path in PAGES:
        page = parse(client.get(path).text)
        assert "/static/plain.css" in page.resources
        assert all(client.get(resource).status_code == 200 for resource in page.resources)


def test_a_wrong_name_in_a_template_is_an_error(app: Flask) -> None:
    """A template that asks its context for what is not there fails, instead of showing nothing."""
    with app.test_request_context("/"):
        page = web.pages.HomePage.of(app.extensions["kg"], __import__("datetime").date(2026, 1, 1))
        with pytest.raises(UndefinedError, match="no “nmae”"):
            app.jinja_env.from_string("{{ page.nmae }}").render(page=page)
        with pytest.raises(UndefinedError, match="no “nmae”"):
            app.jinja_env.from_string("{{ page.site.nmae }}").render(page=page)
