"""Counts over many records: which rules fail most, and by body, team and period.

Source: domain questions Q-50, Q-65 to Q-75 (audit and oversight).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kg.model import RecordReport

SEVERITY_WORDS = {"violation": "Must", "warning": "Should", "info": "Advice"}
NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Group:
    """The records of one body, team or period: how many, how many are complete, results by weight."""

    name: str
    records: int
    complete: int
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule was not met, and in how many records."""

    rule: str
    severity: str
    results: int
    records: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All counts of a set of reports; ``rules`` the most frequent first."""

    whole: Group
    rules: tuple[RuleCount, ...]
    bodies: tuple[Group, ...]
    teams: tuple[Group, ...]
    periods: tuple[Group, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        return {
            **_plain(self.whole),
            "rules": [
                {"rule": r.rule, "severity": r.severity, "results": r.results, "records": r.records}
                for r in self.rules
            ],
            "bodies": [_plain(group) for group in self.bodies],
            "teams": [_plain(group) for group in self.teams],
            "months": [_plain(group) for group in self.periods],
        }


def _plain(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "records": group.records,
        "complete": group.complete,
        **{f"{severity}s": number for severity, number in group.counts.items()},
    }


def summary_of(reports: Sequence[RecordReport]) -> Summary:
    """Count a set of reports; periods are months of the decision."""
    return Summary(
        _group("all", reports),
        _rules(reports),
        _groups(reports, [one.body for one in reports], by_size=True),
        _groups(reports, [one.team for one in reports], by_size=True),
        _groups(reports, [one.decided[:7] for one in reports], by_size=False),
    )


def _group(name: str, reports: Sequence[RecordReport]) -> Group:
    counts: Counter[str] = Counter(result.severity for one in reports for result in one.results)
    return Group(
        name, len(reports), sum(one.complete for one in reports),
        {severity: counts[severity] for severity in SEVERITY_WORDS},
    )  # fmt: skip


def _groups(
    reports: Sequence[RecordReport], names: Iterable[str], *, by_size: bool
) -> tuple[Group, ...]:
    members: dict[str, list[RecordReport]] = {}
    for name, one in zip(names, reports, strict=True):
        members.setdefault(name or NOT_STATED, []).append(one)
    found = [_group(name, own) for name, own in sorted(members.items())]
    return tuple(sorted(found, key=lambda g: -g.records)) if by_size else tuple(found)


def _rules(reports: Sequence[RecordReport]) -> tuple[RuleCount, ...]:
    results = Counter((r.severity, r.rule) for one in reports for r in one.results)
    records = Counter(pair for one in reports for pair in {(r.severity, r.rule) for r in one.results})
    order = list(SEVERITY_WORDS)
    found = [
        RuleCount(rule, severity, number, records[severity, rule])
        for (severity, rule), number in results.items()
    ]
    return tuple(sorted(found, key=lambda r: (order.index(r.severity), -r.records, r.rule)))
