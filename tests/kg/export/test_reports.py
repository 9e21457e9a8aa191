"""Reports say the same in every format, keep to the grammar of each, and let nothing slip out of a cell."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import junitparser
import pytest
import sarif_pydantic
from rdflib import RDF, Graph, Namespace

from kg.assess import Engine
from kg.errors import FileNotReadable, Problem
from kg.export.reports import FORMATS, report, summary_of
from kg.load import load_case, load_law
from kg.model import RecordReport, RuleResult
from kg.validate import load_shapes, validate_case

SH = Namespace("http://www.w3.org/ns/shacl#")
FILES = sorted((Path(__file__).parents[2] / "scenarios").glob("SC-*.yaml"))[:12]
NASTY = "=HYPERLINK(\"x\") <script>alert('1')</script> \"quoted\" \\ back\nline ]]> & \x0b é\U0001f600"
ERRORS = [FileNotReadable(Problem("“a.yaml” is empty", "a.yaml", 0, "nothing to read", "write a case"))]
SHAPES = load_shapes()


@cache
def scenario_reports() -> tuple[RecordReport, ...]:
    engine = Engine.of(load_law())
    found = []
    for path in FILES:
        case = load_case(path, engine.law)
        if any(predicate == "kg:record" for _, predicate, _ in case.triples):
            found += validate_case(case, engine, SHAPES)
    return tuple(found)


@cache
def nasty_reports() -> tuple[RecordReport, ...]:
    """Return the same reports with words that try to break out of every format."""
    return tuple(
        replace(
            one, file="a b/ü=1.yaml", body=NASTY, team=NASTY,
            results=tuple(replace(r, message=NASTY, subject=NASTY) for r in one.results),
        )
        for one in scenario_reports()
    )  # fmt: skip


def counted(reports: Sequence[RecordReport]) -> Counter[str]:
    return Counter(result.severity for one in reports for result in one.results)


def by_format(format_: str, text: str) -> Counter[str]:
    """Return how many results of each severity a report holds, read back from its text."""
    if format_ == "json":
        records = json.loads(text)["records"]
        return Counter(r["severity"] for record in records for r in record["results"])
    if format_ == "csv":
        return Counter(row["severity"] for row in csv.DictReader(io.StringIO(text)) if row["rule"])
    if format_ == "turtle":
        graph = Graph().parse(data=text, format="turtle")
        return Counter(
            str(value).rpartition("#")[2].lower() for value in graph.objects(None, SH.resultSeverity)
        )
    if format_ == "sarif":
        words = {"error": "violation", "warning": "warning", "note": "info"}
        found = sarif_pydantic.Sarif.model_validate(json.loads(text)).runs[0].results or []
        return Counter(words[result.level.value if result.level else ""] for result in found)
    if format_ == "junit":
        xml = junitparser.JUnitXml.fromstring(text.encode())
        assert xml.failures == sum(suite.failures for suite in xml)
        severities: Counter[str] = Counter()
        for case in (case for suite in xml for case in suite):
            assert not case.is_skipped
            if case.is_failure:
                severities["violation"] += 1
            elif case.system_out:
                severities["warning" if case.system_out.startswith("Should") else "info"] += 1
        return severities
    page = Page(text)
    return Counter({word: number for word, number in page.levels.items() if number})


class Page(HTMLParser):
    """Reads the counts of a page, its tags and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.words = ""
        self.feed(text)
        names = {"Must": "violation", "Should": "warning", "Advice": "info"}
        found = re.findall(r"(Must|Should|Advice): (\d+)", self.words)
        self.levels = {names[word]: int(number) for word, number in found}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002, D102
        self.tags[tag] += 1

    def handle_data(self, data: str) -> None:  # noqa: D102
        self.words += data


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("which", [scenario_reports, nasty_reports], ids=["scenarios", "nasty"])
def test_same_counts_in_every_format(format_: str, which: object) -> None:
    """Read back from its text, each report holds the results that were found, no more and no fewer."""
    assert callable(which)
    reports = which()
    assert counted(reports)["violation"] > 5
    assert counted(reports)["warning"] > 0
    assert by_format(format_, report(format_, reports, ERRORS, SHAPES)) == counted(reports)


@pytest.mark.parametrize("format_", sorted(set(FORMATS) - {"csv"}))
def test_files_that_could_not_be_read_are_named(format_: str) -> None:
    """A report never passes over a file in silence; in CSV the error goes to the screen."""
    assert "“a.yaml” is empty" in report(format_, scenario_reports(), ERRORS, SHAPES)


def test_nothing_at_all() -> None:
    """With no record every format is still well formed."""
    for format_ in FORMATS:
        assert not by_format(format_, report(format_, (), (), SHAPES))


def test_no_formula_survives() -> None:
    """No cell begins with a sign that a spreadsheet would calculate."""
    rows = list(csv.reader(io.StringIO(report("csv", nasty_reports(), (), SHAPES))))
    assert len(rows) > 10
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]


def test_page_is_plain_and_alone() -> None:
    """The page holds no script and no link, asks nothing of a network, and speaks no jargon."""
    text = report("html", nasty_reports(), ERRORS, SHAPES)
    page = Page(text)
    assert not page.tags.keys() & {"script", "link", "img", "iframe", "a"}
    assert "http" not in text
    assert not re.search(r"\b(SHACL|shape|focus node|triple|IRI)\b", page.words)
    assert page.words.count("<script>") >= counted(nasty_reports()).total()


def test_turtle_is_a_report_of_the_standard() -> None:
    """One report per record; it conforms where nothing was found; each result names its shape."""
    graph = Graph().parse(data=report("turtle", scenario_reports(), (), SHAPES), format="turtle")
    nodes = list(graph.subjects(RDF.type, SH.ValidationReport))
    assert len(nodes) == len(scenario_reports())
    for node in nodes:
        found = list(graph.objects(node, SH.result))
        assert [str(value) for value in graph.objects(node, SH.conforms)] == [str(not found).lower()]
        for result in found:
            for part in (SH.focusNode, SH.sourceShape, SH.resultSeverity, SH.resultMessage):
                assert len(list(graph.objects(result, part))) == 1


def test_sarif_points_to_lines() -> None:
    """Every result names its rule by place and, where a line is known, the line."""
    text = report("sarif", scenario_reports(), ERRORS, SHAPES)
    run = json.loads(text)["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    assert any("region" in r["locations"][0]["physicalLocation"] for r in run["results"])
    assert not run["invocations"][0]["executionSuccessful"]


def test_summary_counts() -> None:
    """Bodies, teams and months each add up to the whole; rules are ordered by how many records fail."""
    reports = scenario_reports()
    summary = summary_of(reports)
    assert summary.whole.records == len(reports)
    for groups in (summary.bodies, summary.teams, summary.periods):
        assert sum(group.records for group in groups) == len(reports)
        for severity, number in counted(reports).items():
            assert sum(group.counts[severity] for group in groups) == number
    musts = [rule.records for rule in summary.rules if rule.severity == "violation"]
    assert musts == sorted(musts, reverse=True)
    two = RuleResult("R-001", "violation", "", 0, "")
    once = summary_of([RecordReport("a", "", "r", complete=False, results=(two, two))])
    assert (once.rules[0].results, once.rules[0].records) == (2, 1)
    assert once.bodies[0].name == "not stated"
