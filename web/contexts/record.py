"""What the decision records of a case lack, by Must, Should and Advice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.model import RecordReport, RuleResult
from web.contexts.common import Tag, anchor

_LEVELS = (
    ("violation", "Must", "Without these the record is not complete."),
    ("warning", "Should", "The record is complete without these; good practice asks for them."),
    ("info", "Advice", "Worth a thought."),
)


@dataclass(frozen=True, slots=True)
class Lack:
    """One rule that is not met: what to do, rule id, where in the file (path and line), sources."""

    message: str
    rule: str
    where: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """The lacks of one weight, under Must, Should or Advice."""

    heading: str
    intro: str
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The completeness of one record."""

    anchor: str
    name: str
    tag: Tag
    levels: tuple[Level, ...]


def records_of(reports: Sequence[RecordReport]) -> tuple[Record, ...]:
    """Return the records of a case for the page, in file order."""
    return tuple(_record(report) for report in reports)


def _record(report: RecordReport) -> Record:
    count = len([r for r in report.results if r.severity == "violation"])
    tag = (
        Tag("Complete", "green")
        if report.complete
        else Tag(f"Not complete: {count} to put right", "red")
    )
    levels = []
    for severity, heading, intro in _LEVELS:
        lacks = _lacks([r for r in report.results if r.severity == severity])
        if lacks:
            levels.append(Level(heading, intro, lacks))
    return Record(anchor("record", report.id), report.id, tag, tuple(levels))


def _lacks(results: Sequence[RuleResult]) -> tuple[Lack, ...]:
    """Return one entry per rule and message, with all the places where it is not met."""
    found: dict[tuple[str, str], list[RuleResult]] = {}
    for result in results:
        found.setdefault((result.rule, result.message), []).append(result)
    return tuple(
        Lack(
            message,
            rule,
            tuple(dict.fromkeys(_where(r) for r in same)),
            tuple(dict.fromkeys(source for r in same for source in r.sources)),
        )
        for (rule, message), same in found.items()
    )


def _where(result: RuleResult) -> str:
    return f"{result.path} (line {result.line})" if result.line else result.path
