"""The same facts in text, JSON, HTML and Markdown (docs/reference/answers.md says the rule)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from kg import explain
from kg.assess import Engine, assess_case
from kg.assess.holds import with_holds
from kg.cli import screen
from kg.export import assessment_json
from kg.export.markdown import assessment_markdown, why_markdown
from kg.load import Case, load_case, load_case_text, load_law
from kg.model import DisclosureAssessment
from web import create_app

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("SC-*.yaml"))[::11]
FILES = [*SCENARIOS, ROOT / "examples" / "school-referral.yaml"]
STATES = {words: state for state, words in explain.PROVISION_WORDS.items()}
BEARING = {"applies", "applies-if-judgement", "not-shown", "blocked"}
CONDITION = re.compile(rf"({'|'.join(explain.CONDITION_WORDS.values())}): (.*)")
FACT = re.compile(r"([^:;]+): (?:.*?)(?: \(line (\d+)\))?")


class Facts(NamedTuple):
    """What one format says about one disclosure; conditions are (norm, label, state)."""

    provisions: frozenset[tuple[str, str, str]]
    conditions: frozenset[tuple[str, str, str]]
    facts: frozenset[tuple[str, str, str, int]]
    judgements: frozenset[str]
    missing: frozenset[str]


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def case_of(path: Path) -> Case:
    return load_case(path, engine().law)


@cache
def answers(path: Path) -> tuple[DisclosureAssessment, ...]:
    case = case_of(path)
    return tuple(with_holds(engine(), case, assess_case(case, engine())))


def capital(words: str) -> str:
    return (words[0].upper() + words[1:]).rstrip(".")


# --- JSON -----------------------------------------------------------------------------------------


def from_json(document: dict[str, Any]) -> Facts:
    shown = [p for p in document["provisions"] if p["state"] in BEARING]
    conditions = [(p, c) for p in shown for c in p["conditions"]]
    return Facts(
        frozenset((p["id"], p["citation"], p["state"]) for p in shown),
        frozenset((p["id"], capital(c["label"]), c["state"]) for p, c in conditions),
        frozenset(
            (p["id"], capital(c["label"]), b["path"], b["line"])
            for p, c in conditions
            for b in c["because"]
        ),
        frozenset(j["question"] for j in document["judgements"]),
        frozenset(m["path"] for m in document["missing"]),
    )


# --- Text and Markdown: lines of the same sentences -------------------------------------------------


def text_lines(assessment: DisclosureAssessment, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    out = io.StringIO()
    wide = Console(file=out, highlight=False, width=20_000)
    monkeypatch.setattr(screen, "console", lambda **_: wide)
    screen.show_assessment(assessment)
    return [line.rstrip() for line in out.getvalue().splitlines()]


def markdown_lines(text: str) -> list[str]:
    """Return the plain text of headings, paragraphs and list items, marked as the text marks them."""
    lines = []
    inside: list[str] = []
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        if token.type.endswith("_open"):
            inside.append(
                f"{token.type.removesuffix('_open')}{token.tag[1:] if 'heading' in token.type else ''}"
            )
        elif token.type.endswith("_close"):
            inside.pop()
        elif token.type == "inline":
            words = "".join(c.content for c in token.children or ())
            start = {"heading2": "## ", "heading3": "### "}.get(inside[-1], "")
            lines.append(f"{start}{'- ' if 'list_item' in inside else ''}{words}")
    return lines


def facts_in(words: str) -> Iterable[tuple[str, int]]:
    """Yield path and line of each fact between brackets; “; ” may also stand inside a value."""
    parts: list[str] = []
    for piece in words.split("; "):
        if FACT.fullmatch(piece) or not parts:
            parts.append(piece)
        else:
            parts[-1] += f"; {piece}"
    for part in parts:
        found = FACT.fullmatch(part)
        assert found, part
        yield found[1], int(found[2] or 0)


def condition_in(
    norm: str, line: str
) -> tuple[tuple[str, str, str], set[tuple[str, str, str, int]]]:
    found = CONDITION.fullmatch(line)
    assert found, line
    label, bracket, facts = found[2].partition(". [")
    state = next(s for s, w in explain.CONDITION_WORDS.items() if w == found[1])
    if not bracket:
        label = found[2].partition(". ")[0]
    label = label.removesuffix(".")
    inside = facts.rpartition("]")[0] if bracket else ""
    return (norm, label, state), {
        (norm, label, path, number) for path, number in (facts_in(inside) if inside else ())
    }


def open_points(line: str) -> str:
    found = re.match(
        r"(?:Not stated|Too general): (\S+?)(?:[ .]|$)|.*under (\S+) is on the list", line
    )
    assert found, line
    return (found[1] or found[2]).rstrip(".")


def from_text(lines: list[str]) -> Facts:
    provisions, conditions, facts, judgements, missing = set(), set(), set(), set(), set()
    heading = ""
    head = norm = ""
    ids = re.compile(r"  (?:In force|Not commenced).*\. (\S+:\S+)$")
    for line in lines:
        if line and line[0] not in " •" and not line.startswith("Note:"):
            heading = line
        elif line.startswith("• ") and heading == "For a person to judge":
            judgements.add(line.removeprefix("• ").partition("?")[0] + "?")
        elif line.startswith("• ") and heading.startswith("Facts that are missing"):
            missing.add(open_points(line.removeprefix("• ")))
        elif line.startswith("• ") and any(f". {words}." in line for words in STATES):
            head = line.removeprefix("• ")
        elif found := ids.match(line):
            state = next(s for words, s in STATES.items() if f". {words}." in head)
            norm = found[1]
            provisions.add((norm, engine().table.norms[norm].citation, state))
            assert head.startswith(engine().table.norms[norm].citation)
        elif line.startswith("    ") and CONDITION.fullmatch(line.strip()):
            condition, found_facts = condition_in(norm, line.strip())
            conditions.add(condition)
            facts |= found_facts
    return Facts(*map(frozenset, (provisions, conditions, facts, judgements, missing)))


def from_markdown(lines: list[str]) -> Facts:
    provisions, conditions, facts, judgements, missing = set(), set(), set(), set(), set()
    heading, title, state, rows = "", "", "", []
    for line in lines:
        if line.startswith("## "):
            heading = line[3:]
        elif line.startswith("### "):
            title, state, rows = line[4:], "", []
        elif line.startswith("- ") and heading == "For a person to judge":
            judgements.add(line[2:].partition("?")[0] + "?")
        elif line.startswith("- ") and heading.startswith("Facts that are missing"):
            missing.add(open_points(line[2:]))
        elif line.startswith("- ") and CONDITION.fullmatch(line[2:]) and title:
            rows.append(line[2:])
        elif title and not state and any(line.startswith(f"{words}.") for words in STATES):
            state = next(s for words, s in STATES.items() if line.startswith(f"{words}."))
        elif title and (found := re.match(r"(?:In force|Not commenced).* (\S+:\S+)$", line)):
            norm = found[1]
            assert title.startswith(engine().table.norms[norm].citation)
            provisions.add((norm, engine().table.norms[norm].citation, state))
            for row in rows:
                condition, found_facts = condition_in(norm, row)
                conditions.add(condition)
                facts |= found_facts
    return Facts(*map(frozenset, (provisions, conditions, facts, judgements, missing)))


# --- HTML -----------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Collects the words of each element, with its classes and those of the elements around it."""

    VOID = frozenset({"link", "meta", "br", "input", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, set[str], str, list[str]]] = []
        self.items: list[tuple[str, set[str], str, str, set[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag not in self.VOID:
            values = dict(attrs)
            classes = set((values.get("class") or "").split())
            self.stack.append((tag, classes, values.get("id") or "", []))

    def handle_endtag(self, tag: str) -> None:
        """Close an element; what is visually hidden is no word of the element around it."""
        if tag in self.VOID:
            return
        name, classes, key, words = self.stack.pop()
        assert name == tag
        around = {one for _, above, _, _ in self.stack for one in above}
        self.items.append((tag, classes, key, " ".join("".join(words).split()), around))
        if self.stack and "govuk-visually-hidden" not in classes:
            self.stack[-1][3].extend(words)

    def handle_data(self, data: str) -> None:
        """Take words."""
        if self.stack:
            self.stack[-1][3].append(data)


def from_html(page: str) -> Facts:  # noqa: C901 - one branch for each thing on the page
    reader = Reader()
    reader.feed(page)
    provisions, conditions, facts, judgements, missing = set(), set(), set(), set(), set()
    state = citation = part = ""
    rows, row = [], []
    for tag, classes, key, text, around in reader.items:
        if tag in {"h2", "h3"}:
            part = key.rpartition("-")[2]
        if "provision__name" in classes or (tag == "summary" and "provision" in around):
            citation = text
        elif tag == "strong" and "govuk-tag" in classes and "provision__state" in around:
            state, rows = STATES[text], []
        elif "conditions__label" in classes:
            row = [text.replace(" (text)", ""), "", []]
            rows.append(row)
        elif (
            tag == "strong"
            and "govuk-tag" in classes
            and "conditions" in around
            and "govuk-table__cell" in around
        ):
            row[1] = next(s for s, w in explain.CONDITION_WORDS.items() if w == text)
        elif tag == "li" and "facts" in around and "conditions" in around:
            row[2].append(text)
        elif "provision__id" in classes and state in BEARING:
            assert citation.startswith(engine().table.norms[text].citation)
            provisions.add((text, engine().table.norms[text].citation, state))
            for label, word, found in rows:
                conditions.add((text, label, word))
                for path, number in (x for f in found for x in facts_in(f)):
                    facts.add((text, label, path, number))
        elif tag == "strong" and "questions__text" in around and part in {"judgements", "judged"}:
            judgements.add(text)
        elif tag == "p" and "questions__text" in classes and part == "missing":
            missing.add(open_points(text))
    return Facts(*map(frozenset, (provisions, conditions, facts, judgements, missing)))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_same_facts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Provisions, conditions, facts with lines, judgements and gaps are the same in all four."""
    found = answers(path)
    if len(found) > 1:
        found = found[:1]
    document = assessment_json(answers(path), engine())["disclosures"][0]
    wanted = from_json(document)
    assert wanted.provisions
    assert wanted.facts

    text = from_text(text_lines(found[0], monkeypatch))
    markdown = from_markdown(markdown_lines(assessment_markdown(found)))
    for kind, other in (("text", text), ("markdown", markdown)):
        for name in Facts._fields:
            assert getattr(other, name) == getattr(wanted, name), (kind, name)

    if len(answers(path)) == 1:
        page = (
            create_app(engine(), [case_of(path)]).test_client().get(f"/cases/{found[0].case}").text
        )
        html = from_html(page)
        assert html.provisions == wanted.provisions
        assert html.judgements == wanted.judgements
        assert html.missing == wanted.missing
        # Where strands differ the page shows the conditions of each of them.
        partly = {p["id"] for p in document["provisions"] if p["partly"]}
        for name in ("conditions", "facts"):
            ours, theirs = getattr(html, name), getattr(wanted, name)
            assert theirs <= ours, name
            assert {x for x in ours if x[0] not in partly} == {
                x for x in theirs if x[0] not in partly
            }


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_what_does_not_fit_is_named_or_counted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text and Markdown name duties and powers that do not fit, count the rest, and say how to see them."""
    found = answers(path)[0]
    rest = [p for p in found.provisions if p.state not in BEARING]
    named = {p.id for p in rest if p.effect in {"duty", "power"}}
    lines = text_lines(found, monkeypatch)
    how = [line for line in lines if f"kg why {found.file} PROVISION" in line]
    assert len(how) == 1
    assert how[0].startswith(f"{len(rest) - len(named)} other provisions that do not fit")
    start = lines.index("Duties and powers that do not fit, and why")
    listed = {
        line.rpartition("(")[2].rstrip(")") for line in lines[start:] if line.startswith("• ")
    }
    assert listed == named
    marked = markdown_lines(assessment_markdown([found]))
    assert how[0] in marked
    start = marked.index("## Duties and powers that do not fit, and why")
    assert {line.rpartition(" ")[2] for line in marked[start:] if line.startswith("- ")} == named


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_beside_the_provisions(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law date, holding time, layers, disagreements, warnings, what awaits confirmation: in every format."""
    found = answers(path)[0]
    assert found.holds
    document = assessment_json(answers(path), engine())["disclosures"][0]
    awaiting = [
        p for p in found.provisions if p.state in BEARING and p.review_status != "confirmed"
    ]
    assert document["awaitingConfirmation"] == [p.id for p in awaiting]
    sources = [d for d in document["disagreements"] if d["kind"] == "sources"]
    page = create_app(engine(), [case_of(path)]).test_client().get(f"/cases/{found.case}").text
    reader = Reader()
    reader.feed(page)
    html = {text for *_, text, _ in reader.items}
    text = "\n".join(text_lines(found, monkeypatch))
    markdown = "\n".join(markdown_lines(assessment_markdown([found])))
    sentences = [
        explain.answer_sentence(found), explain.law_date_sentence(found),
        explain.holds_sentence(found.holds), explain.NOT_A_BAN, explain.EMERGENCY,
        *(s for d in found.discrepancies for s in explain.discrepancy_sentences(d)),
        *(explain.disagreement_sentence(d, explain.citations(found)) for d in found.disagreements),
        *found.warnings,
    ]  # fmt: skip
    for words in sentences:
        assert words in text
        assert words in markdown
        assert words in html
    for one in sources:
        for words in (one["sourceSays"], one["lawSays"], one["follows"], *one["documents"]):
            assert words in text
            assert words in markdown
        assert set(one["provisions"]) <= {
            p["id"] for p in document["provisions"] if p["state"] in BEARING
        }
    for provision in awaiting:
        assert provision.citation in text.partition("What awaits confirmation")[2]
        assert provision.citation in markdown.partition("What awaits confirmation")[2]


def test_every_recorded_difference_can_surface() -> None:
    """Each disagreement of the sources that names a norm is indexed once, with both positions."""
    law = engine().law
    wanted = {
        name for name in law.instances("kg:Discrepancy")
        if set(law.names(name, "kg:bearsOn")) & set(engine().table.norms)
    }  # fmt: skip
    assert {found.id for found in engine().discrepancies} == wanted
    assert all(f.says and f.law_says and f.follows and f.reason for f in engine().discrepancies)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_sentences_hold_no_names_of_the_graph(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """IRIs and prefixed names stand where the stable id of a provision is shown on purpose, nowhere else."""
    prefixes = {name.partition(":")[0] for name in engine().table.norms}
    prefixes |= {"kg", "kgsh", "body", "purpose", "info", "concern", "consent", "question", "value"}
    name = re.compile(rf"\b(?:{'|'.join(sorted(prefixes))}):[A-Za-z0-9]|w3id|#")
    on_purpose = re.compile(
        r"(  (?:In force|Not commenced).*)\. \S+$|(• .*) \([a-z0-9-]+(?::\S+)?\)$|  https?://\S+$"
    )
    lines = text_lines(answers(path)[0], monkeypatch)
    assert len(lines) > 40
    for line in lines:
        found = on_purpose.fullmatch(line)
        sentence = (found[1] or found[2] or "") if found else line
        assert not name.search(sentence), line


HOSTILE = "# <script>alert(1)</script> | **x** [a](http://evil.example) ![b](c) `d` - 1. ~~e~~ &lt; \\| $f$ www.evil.example"
QUIET = "quiet words"
TEMPLATE = """
case: hostile
title: {words}
parties:
  trust: {{kind: nhs-foundation-trust}}
  council: {{kind: local-authority, function: childrens-social-care}}
people:
  infant: {{age: 0}}
information:
  notes: {{description: {words}, topic: health, identifies: yes, about: infant, confidential: yes}}
disclosure:
  from: trust
  to: council
  items: notes
  subjects: infant
  purpose: {{kind: s47-enquiry}}
  date: 2023-03-14
  judgements:
    - {{question: necessary-for-the-purpose, answer: yes, by: {words}, on: 2023-03-14, reasons: {words}}}
"""


@pytest.mark.parametrize(
    "words",
    [
        HOSTILE,
        "- - -",
        "1. one",
        "1) one",
        "=== x",
        "> quote",
        "+ plus",
        "\u202e <b>",
        "a\n\n# b",
        "\\",
        "|",
        "_a_ __b__",
    ],
)
def test_nothing_of_a_case_is_a_mark(words: str) -> None:
    """Hostile words give the same structure of Markdown as quiet ones, no HTML and no link of their own."""

    def tokens(text: str) -> list[str]:
        import json

        case = load_case_text(
            TEMPLATE.format(words=json.dumps(text)), "yaml", engine().law, "hostile.yaml"
        )
        (found,) = assess_case(case, engine())
        norm = found.provision("ca1989:s47-9")
        assert norm
        written = assessment_markdown([found]) + why_markdown(found, norm, text, None)
        assert len(written) > 2000
        parsed = (
            MarkdownIt("commonmark", {"html": True})
            .enable(["table", "strikethrough"])
            .parse(written)
        )
        inner = [child for token in parsed for child in token.children or ()]
        assert "http://evil" not in written
        assert not [t for t in [*parsed, *inner] if t.type.startswith("html")]
        links = [t.attrs["href"] for t in inner if t.type == "link_open"]
        assert all("evil" not in str(link) for link in links)
        seen = "".join(c.content for c in inner)
        assert " ".join(text.replace("\u202e", " ").split()) in seen
        return [t.type for t in parsed] + [
            t.type for t in inner if t.type not in {"text", "text_special"}
        ]

    assert tokens(words) == tokens(QUIET)
