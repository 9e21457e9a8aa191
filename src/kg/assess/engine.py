"""The ontology, compiled and checked once: what every assessment shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kg.assess.kinds import KindReader
from kg.assess.layers import Layer, read_layers
from kg.assess.norms import NormTable, read_norms
from kg.load import Law
from kg.prepare.computed import REGIMES
from kg.reason import Compiled, Rules, compile_rules


@dataclass(frozen=True)
class Engine:
    """The ontology, compiled once: what every assessment shares; ``Engine.of(law)`` builds it."""

    law: Law
    compiled: Compiled
    table: NormTable
    layers: tuple[Layer, ...]

    @classmethod
    def of(cls, law: Law) -> Engine:
        """Compile and check the ontology.

        Raises: BrokenGraph.
        """
        compiled = compile_rules(law)
        return cls(law, compiled, read_norms(law, compiled), read_layers(law))

    @cached_property
    def _kinds(self) -> dict[str, KindReader]:
        return {}

    def kinds_on(self, rules: Rules) -> KindReader:
        """Return the reader of kinds and lists for a set of rules; one for each stretch of days."""
        found = self._kinds.get(rules.day)
        if found is None:
            found = self._kinds[rules.day] = KindReader(self.law, rules, self.dimensions)
        return found

    @cached_property
    def _inputs(self) -> dict[str, tuple[tuple[str, str], ...] | None]:
        return {}

    def inputs(self, condition: str) -> tuple[tuple[str, str], ...] | None:
        """Return all that a condition looks at on a strand: properties, dimensions, answers.

        None means that it rests on other norms, so that no list of facts settles it.
        """
        if condition not in self._inputs:
            self._inputs[condition] = self._looked_at(condition)
        return self._inputs[condition]

    def _looked_at(self, condition: str) -> tuple[tuple[str, str], ...] | None:
        found: set[tuple[str, str]] = set()
        seen: set[str] = set()
        todo = [condition]
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            kind, parts = self.compiled.expression.get(name, ("", ()))
            types = self.law.names(name, "rdf:type")
            if "kg:AssessedCondition" in types:
                return None
            if kind in {"some", "has"}:
                found.add(("property", str(parts[0])))
            elif kind:
                todo.extend(str(part) for part in parts)
            else:
                if "kg:JudgementCondition" in types:
                    found.add(("answer", name))
                elif name.endswith((".yes", ".no")):
                    found.add(("answer", name.rpartition(".")[0]))
                if name in self.dimensions:
                    found.add(("dimension", self.dimensions[name]))
                todo.extend(self.compiled.sufficient.get(name, ()))
        return tuple(sorted(found))

    @cached_property
    def _inner(self) -> dict[str, tuple[str, ...]]:
        return {}

    def inner_judgements(self, condition: str) -> tuple[str, ...]:
        """Return the judgement conditions inside the expressions of a condition."""
        found = self._inner.get(condition)
        if found is None:
            found = self._inner[condition] = tuple(self._judgements_inside(condition))
        return found

    def _judgements_inside(self, condition: str) -> Iterator[str]:
        todo = list(self.compiled.sufficient.get(condition, ()))
        while todo:
            name = todo.pop(0)
            if self.law.name(name, "kg:question"):
                yield name
            kind, parts = self.compiled.expression.get(name, ("", ()))
            todo.extend(str(part) for part in parts[1 if kind in {"some", "has"} else 0 :])

    @cached_property
    def dimensions(self) -> dict[str, str]:
        """The dimension of every class that has one."""
        roots = set(self.law.instances("kg:Dimension"))
        found = {root: root for root in roots}
        for name, above in self.law.superclasses.items():
            hit = next((wide for wide in above if wide in roots), "")
            if hit:
                found.setdefault(name, hit)
        return found

    @cached_property
    def change_points(self) -> tuple[str, ...]:
        """Every day on which a norm, a list entry or the regime changes, ascending ISO dates."""
        days = set(self.compiled.change_points)
        days.update(
            day for norm in self.table.norms.values() for day in (norm.start, norm.end) if day
        )
        days.update(start.isoformat() for start, _ in REGIMES if start != date.min)
        return tuple(sorted(days))
