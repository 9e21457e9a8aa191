"""How a stated kind stands to a class of a vocabulary on a day: what only the law decides, worked out once.

Source: case-model section 4 (kind or topic of a value; the wider rule) and section 6 (lists).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from kg.load import Law
from kg.model import ConditionState
from kg.reason import Rules


class Plan(NamedTuple):
    """How a named class is evaluated: its sort, its dimension if it has one, and its alternatives."""

    sort: Literal["judgement", "assessed", "dimension", "plain"]
    dimension: str
    alternatives: tuple[str, ...]


class Standing(NamedTuple):
    """How stated kinds that do not fit a class stand to it.

    ``too-general``: narrower kinds among them (``words``) would fit; ``not-established``: an entry
    nobody could confirm names them; ``outside``: they do not fit, ``note`` says if they once did.
    """

    sort: Literal["too-general", "not-established", "outside"]
    words: tuple[str, ...] = ()
    note: str = ""


class KindReader:
    """Reads classes and lists as they stand in the stretch of days of one set of rules."""

    def __init__(self, law: Law, rules: Rules, dimensions: dict[str, str]) -> None:
        self.law = law
        self.rules = rules
        self.dimensions = dimensions
        self.plans: dict[str, Plan] = {}
        self._states: dict[tuple[str, str], dict[str, ConditionState]] = {}
        self._standings: dict[tuple[str, tuple[str, ...]], Standing] = {}

    def plan(self, cls: str) -> Plan:
        """Return how a named class is evaluated."""
        found = self.plans.get(cls)
        if found is None:
            found = self.plans[cls] = self._plan(cls)
        return found

    def _plan(self, cls: str) -> Plan:
        types = self.law.names(cls, "rdf:type")
        if "kg:JudgementCondition" in types:
            return Plan("judgement", "", ())
        if "kg:AssessedCondition" in types:
            return Plan("assessed", "", tuple(self.rules.compiled.sufficient.get(cls, ())))
        dimension = self.dimensions.get(cls, "")
        if not dimension:
            return Plan("plain", "", tuple(self.rules.compiled.sufficient.get(cls, ())))
        below = [cls, *sorted(self.rules.below.get(cls, ()))]
        expressions = (e for name in below for e in self.rules.compiled.sufficient.get(name, ()))
        return Plan("dimension", dimension, tuple(e for e in expressions if e.startswith("_:")))

    def states_of(self, cls: str, listed: str) -> dict[str, ConditionState]:
        """Return, for each kind of a vocabulary (``namespace:Class``), the state it would give a class."""
        here = (cls, listed)
        found = self._states.get(here)
        if found is None:
            fitting = {cls, *self.rules.below.get(cls, ())}
            found = self._states[here] = {
                kind: "met" if kind in fitting
                else "not-met" if self._standing(cls, (kind,)).sort == "outside" else "unknown"
                for kind in self.law.vocabulary(listed).values()
            }  # fmt: skip
        return found

    def standing(self, cls: str, stated: tuple[str, ...]) -> Standing:
        """Return how stated kinds stand to a class that none of them fits."""
        here = (cls, stated)
        found = self._standings.get(here)
        if found is None:
            found = self._standings[here] = self._standing(cls, stated)
        return found

    def _standing(self, cls: str, stated: tuple[str, ...]) -> Standing:
        fitting = {cls, *self.rules.below.get(cls, ())}
        wide = {
            fit for name in stated for fit in self.rules.below.get(name, ())
            if fit in fitting and fit.partition(":")[0] == name.partition(":")[0]
        }  # fmt: skip
        if wide:
            return Standing("too-general", tuple(sorted(name.partition(":")[2] for name in wide)))
        if self._unsettled(stated, fitting):
            return Standing("not-established")
        return Standing("outside", (), self._out_of_date(stated, fitting))

    def _unsettled(self, stated: tuple[str, ...], fitting: set[str]) -> bool:
        return any(
            entry.list in fitting
            and entry.holds_on(self.rules.day)
            and self._under(name, entry.kind)
            for entry in self.rules.compiled.unsettled
            for name in stated
        )

    def _under(self, name: str, kind: str) -> bool:
        return name == kind or kind in self.law.superclasses.get(name, ())

    def _out_of_date(self, stated: tuple[str, ...], fitting: set[str]) -> str:
        """Say when a stated kind was, or will be, on the list: such an entry only says why not."""
        day = self.rules.day
        notes: list[str] = []
        entries = [e for name in fitting for e in self.rules.compiled.entries.get(name, ())]
        for entry in sorted(entries):
            if not any(self._under(name, entry.kind) for name in stated):
                continue
            kind = self.law.label(entry.kind)
            if entry.end and entry.end <= day:
                notes.append(f"{kind}: listed until {entry.end} (that day no longer)")
            elif entry.start > day:
                notes.append(f"{kind}: listed only from {entry.start}")
        return "; ".join(dict.fromkeys(notes))
