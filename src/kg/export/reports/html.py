"""The report as one page: grouped by rule under Must, Should and Advice; no request leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2

from kg.errors import KgError
from kg.export.reports.summary import SEVERITY_WORDS, summary_of
from kg.load import VERSION
from kg.model import RecordReport, RuleResult
from kg.validate import Shapes

_INTRO = {
    "violation": "Without these a record is not complete.",
    "warning": "A record is complete without these; good practice asks for them.",
    "info": "Worth a thought.",
}


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """All results of one rule: why it matters, when it applies, sources, and each place."""

    rule: str
    why: str
    applies: str
    sources: tuple[str, ...]
    places: tuple[tuple[RecordReport, RuleResult], ...]


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    return environment.get_template("report.html")


def html_report(reports: Sequence[RecordReport], errors: Sequence[KgError], shapes: Shapes) -> str:
    """Return the page."""
    found = [(one, result) for one in reports for result in one.results]
    known = {rule.rule: rule for rule in reversed(shapes.rules.values())}
    levels = []
    for severity, heading in SEVERITY_WORDS.items():
        names = sorted({result.rule for _, result in found if result.severity == severity})
        groups = [
            RuleGroup(
                name, known[name].why, known[name].applies, known[name].sources,
                tuple(pair for pair in found if pair[1].rule == name and pair[1].severity == severity),
            )
            for name in names
        ]  # fmt: skip
        levels.append((heading, _INTRO[severity], sum(len(g.places) for g in groups), groups))
    return _template().render(
        reports=reports,
        levels=levels,
        problems=[problem for error in errors for problem in error.problems],
        summary=summary_of(reports),
        version=VERSION,
    )
