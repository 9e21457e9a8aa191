"""Which changes of the law make two answers differ: traced from the answer back to dates.

Two assessments of the same facts by the law of two days differ because a norm began or ended, a
kind of body went on or off a list, or another data-protection regime governs. From each norm whose
part in the answer differs, the walk goes through its conditions, its defeaters and the norms they
rest on, down to what is dated. What changed as well and made no difference is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from kg.assess.engine import Engine
from kg.assess.layers import CARRYING
from kg.assess.norms import Norm, citation_of
from kg.model import DisclosureAssessment, LegalChange, ProvisionResult
from kg.prepare import Prepared, regime_on
from kg.prepare.computed import REGIMES
from kg.reason import Dated

#: The days on which another data-protection regime begins.
REGIME_DAYS = frozenset(start.isoformat() for start, _ in REGIMES if start != date.min)


def kinds_of(prepared: Prepared) -> frozenset[str]:
    """Return every class that a thing of a prepared disclosure is stated or computed to be."""
    return frozenset(str(value) for _, p, value in prepared.triples if p == "rdf:type")


def may_concern(engine: Engine, kinds: Collection[str]) -> list[Dated]:
    """Return the list entries, of any day, that a thing of one of these kinds could meet.

    An entry is left out only if no class lies below both its kind and one of the kinds: then it can
    neither put a thing on the list nor make its stated kind too general. The root of a vocabulary
    (any body) never counts as wider than a kind.
    """
    below = engine.below_on_any_day
    wide = [kind for kind in kinds if engine.dimensions.get(kind) != kind]
    mine = frozenset(kinds).union(*(below.get(kind, frozenset()) for kind in wide))
    found = []
    for entry in (*engine.compiled.dated, *engine.compiled.unsettled):
        under = below.get(entry.kind, frozenset())
        by_expression = any(name.startswith("_:") for name in under)
        if by_expression or entry.kind in mine or not mine.isdisjoint(under):
            found.append(entry)
    return found


def is_open(engine: Engine, result: ProvisionResult) -> bool:
    """Whether the dates of a norm can touch the answer: it is read, and fails on no strand's facts."""
    norm, table = engine.table.norms[result.id], engine.table
    read = (
        norm.effect in {*CARRYING, "bar"}
        or norm.layer == "bars"
        or bool(norm.defeats)
        or any(norm.id in names for names in table.of_kind.values())
    )
    return read and any(
        all(condition.state != "not-met" for condition in conditions)
        for conditions in result.conditions_by_strand.values()
    )


def causes_of(
    engine: Engine,
    before: DisclosureAssessment,
    after: DisclosureAssessment,
    kinds: Collection[str],
) -> tuple[LegalChange, ...]:
    """Return the changes of the law that make two answers differ, by day and in file order.

    ``before`` has the earlier law date; ``kinds`` are those that occur in the case (``kinds_of``).
    """
    found = _Tracer(engine, before, after, kinds).changes()
    return tuple(sorted(dict.fromkeys(found), key=lambda change: change.day))


class _Tracer:
    """Walks from the parts of the answer that differ to the dated things behind them."""

    def __init__(
        self,
        engine: Engine,
        before: DisclosureAssessment,
        after: DisclosureAssessment,
        kinds: Collection[str],
    ) -> None:
        self.engine, self.before, self.after = engine, before, after
        self.days = before.law_date.isoformat(), after.law_date.isoformat()
        self.results = tuple({p.id: p for p in one.provisions} for one in (before, after))
        self.entries = [
            entry
            for entry in may_concern(engine, kinds)
            if entry.holds_on(self.days[0]) != entry.holds_on(self.days[1])
        ]
        self.seen: set[str] = set()

    def changes(self) -> list[LegalChange]:
        """Return what made the difference; what could have, where the trace leads to no date."""
        found = [change for name in self._parts() for change in self.norm(name)]
        for layer in self.engine.layers:
            one, other = (a.layers[layer.id] for a in (self.before, self.after))
            if one.state != other.state and "not-needed" in {one.state, other.state}:
                found += self._classes(layer.needed_when)
        if found or self.before.outcome == self.after.outcome:
            return found
        return [*self._regime(), *map(self._entry, self.entries)]

    def _parts(self) -> Iterator[str]:
        """Yield the norms whose part in the answer differs."""
        for name, one in self.before.layers.items():
            other = self.after.layers[name]
            both = (*one.by, *other.by)
            alike = set(one.by) & set(other.by) if one.state == other.state else ()
            yield from (norm for norm in both if norm not in alike)
        for conflict in set(self.before.conflicts) ^ set(self.after.conflicts):
            yield from (conflict.duty, conflict.prohibition)

    def norm(self, name: str) -> Iterator[LegalChange]:
        """Yield what changed the state of a norm: its own dates, or what its conditions rest on."""
        if name in self.seen:
            return
        self.seen.add(name)
        norm = self.engine.table.norms[name]
        one, other = (results[name] for results in self.results)
        if norm.in_force_on(self.days[0]) != norm.in_force_on(self.days[1]):
            yield self._dates(norm)
            return
        if one.by_strand == other.by_strand:
            return
        for strand, conditions in one.conditions_by_strand.items():
            for was, now in zip(
                conditions, other.conditions_by_strand.get(strand, ()), strict=False
            ):
                if was.state != now.state:
                    yield from self.condition(was.id)
        for linked in (*self.engine.table.defeaters.get(name, ()), *norm.defeats):
            if self.results[0][linked].by_strand != self.results[1][linked].by_strand:
                yield from self.norm(linked)

    def condition(self, name: str) -> Iterator[LegalChange]:
        """Yield what changed the state of a condition."""
        condition = self.engine.table.conditions[name]
        for kind in condition.any_norm_of:
            for norm in self.engine.table.of_kind[kind]:
                if self.results[0][norm].state != self.results[1][norm].state:
                    yield from self.norm(norm)
        yield from self._classes(name)

    def _classes(self, start: str) -> Iterator[LegalChange]:
        """Yield the changed lists inside the expressions of a class, and the regime if it is asked.

        A computed class may read lists that no expression names: then all that changed are yielded.
        """
        below = self.engine.below_on_any_day
        inside = self._inside(start)
        own = [e for e in self.entries if any(e.list in (n, *below.get(n, ())) for n in inside)]
        yield from map(self._entry, own)
        asked = {self.engine.dimensions.get(name, "") for name in inside}
        if "kg:Regime" in asked:
            yield from self._regime()
        elif "kg:LawEnforcementTest" in asked:
            yield from self._regime()
            if not own:
                yield from map(self._entry, self.entries)

    def _inside(self, start: str) -> set[str]:
        """Return every named class that the expressions of a class mention, itself included."""
        compiled, found, todo = self.engine.compiled, {start}, [start]
        while todo:
            name = todo.pop()
            kind, parts = compiled.expression.get(name, ("", ()))
            on = 1 if kind in {"some", "has"} else 0
            more = {str(part) for part in parts[on:]} | set(compiled.sufficient.get(name, ()))
            todo.extend(more - found)
            found |= more
        return {name for name in found if not name.startswith("_:")}

    def _dates(self, norm: Norm) -> LegalChange:
        begins = norm.in_force_on(self.days[1])
        day, what = (norm.start, "begins") if begins else (norm.end, "ends")
        return LegalChange(day, what, norm.id, norm.citation, norm.label)  # type: ignore[arg-type]

    def _entry(self, entry: Dated) -> LegalChange:
        law, listed = self.engine.law, entry.holds_on(self.days[1])
        day, what = (entry.start, "listed") if listed else (entry.end, "unlisted")
        cited = citation_of(entry.list, law)
        return LegalChange(day, what, entry.entry, cited, law.label(entry.kind))  # type: ignore[arg-type]

    def _regime(self) -> Iterator[LegalChange]:
        if regime_on(self.before.law_date) == regime_on(self.after.law_date):
            return
        regime = regime_on(self.after.law_date)
        day = next(start for start, name in REGIMES if name == regime)
        yield LegalChange(day.isoformat(), "regime", regime, self.engine.law.label(regime), "")
