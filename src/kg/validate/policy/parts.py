"""What a local policy holds, as plain records.

Source: design section 6 (kg validate --policy). Severities are violation, warning, info.
"""

from __future__ import annotations

from dataclasses import dataclass

from kg.case_keys import Key
from kg.model import Term, in_force
from kg.validate.shapes import Severity

#: From the strictest.
STRICTNESS: tuple[Severity, ...] = ("violation", "warning", "info")
#: How the reports name a severity.
WORDS: dict[Severity, str] = {"violation": "Must", "warning": "Should", "info": "Advice"}


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a thing to what a key states.

    Attributes: written is the path as in the policy; up is ``""`` (the thing itself), ``disclosure``
    or ``record``; terms are properties in order; key is the last key.
    """

    written: str
    up: str
    terms: tuple[str, ...]
    key: Key


@dataclass(frozen=True, slots=True)
class When:
    """One line of ``when``: any of ``values`` is stated; without values, whether anything is."""

    way: Way
    values: tuple[Term, ...]
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Need:
    """What a rule asks: how many values (of ``values``, if given) are stated; None is no limit."""

    way: Way
    values: tuple[Term, ...]
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class LocalRule:
    """A rule of the organisation. ``applies`` is its ``when`` in words."""

    id: str
    on: str
    tests: tuple[When, ...]
    need: Need
    message: str
    why: str
    severity: Severity
    source: str
    applies: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit the organisation sets itself: ``days`` is the last number of days that is in time."""

    name: str
    days: int
    severity: Severity
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Raised:
    """One part of a rule (``kgsh:R-023.not-shared``) made stricter, with the organisation's reason."""

    shape: str
    before: Severity
    to: Severity
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy as written. ``start`` inclusive, ``end`` exclusive or empty (ISO dates)."""

    name: str
    title: str
    source: str
    file: str
    start: str
    end: str
    raised: tuple[Raised, ...] = ()
    limits: tuple[Limit, ...] = ()
    rules: tuple[LocalRule, ...] = ()

    def holds(self, day: str) -> bool:
        """Whether the policy governs decisions of that day (ISO); without a day it does not."""
        return bool(day) and in_force(self.start, self.end, day)

    def cited(self, source: str = "") -> str:
        """Return “by the policy …” with its source, for reports."""
        return f"by the policy “{self.title}” ({source or self.source})"
