"""The ontology, compiled and checked once: what every assessment shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from kg.assess.kinds import KindReader
from kg.assess.layers import Layer, read_layers
from kg.assess.norms import Norm, NormTable, read_norms
from kg.load import Law
from kg.model import ConditionResult, Discrepancy, Lit
from kg.prepare.computed import REGIMES
from kg.reason import Compiled, Rules, compile_rules


class Input(NamedTuple):
    """What a condition looks at on a strand: a property, a dimension or the answer to a question."""

    sort: Literal["property", "dimension", "answer"]
    name: str


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
    def _inputs(self) -> dict[str, frozenset[Input]]:
        return {}

    def inputs(self, name: str) -> frozenset[Input]:
        """Return all that a condition or a norm looks at on a strand, defeaters and references too."""
        found = self._inputs.get(name)
        if found is None:
            norm = self.table.norms.get(name)
            looked = self._of_norm(norm) if norm else self._of_condition(name)
            found = self._inputs[name] = frozenset(looked)
        return found

    def _of_norm(self, norm: Norm) -> Iterator[Input]:
        for name in norm.conditions:
            yield from self.inputs(name)
        for target in norm.defeats:  # a bar on an idle norm is idle: only its own conditions count
            for name in self.table.norms[target].conditions:
                yield from self.inputs(name)
        for name in self.table.defeaters.get(norm.id, ()):
            yield from self.inputs(name)

    def _of_condition(self, condition: str) -> Iterator[Input]:
        seen: set[str] = set()
        todo = [condition]
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            kind, parts = self.compiled.expression.get(name, ("", ()))
            if kind in {"some", "has"}:
                yield Input("property", str(parts[0]))
                continue
            if kind:
                todo.extend(str(part) for part in parts)
                continue
            yield from self._of_class(name)
            todo.extend(self.compiled.sufficient.get(name, ()))

    def _of_class(self, name: str) -> Iterator[Input]:
        """Yield what a named class looks at by itself, before the expressions below it."""
        types = self.law.names(name, "rdf:type")
        if "kg:JudgementCondition" in types:
            yield Input("answer", name)
        elif name.endswith((".yes", ".no")):
            yield Input("answer", name.rpartition(".")[0])
        if "kg:AssessedCondition" in types:
            for rested_on in self.table.conditions[name].any_norm_of:
                for norm in self.table.of_kind[rested_on]:
                    yield from self.inputs(norm)
        if name in self.dimensions:
            yield Input("dimension", self.dimensions[name])

    @cached_property
    def structures(self) -> dict[str, int]:
        """A number for each condition; conditions of one number always have one state on a strand.

        Norms repeat each other's conditions (“between two persons”), and each is evaluated once.
        Judgements are never shared: an answer may be meant for one norm alone.
        """
        numbers: dict[object, int] = {}
        found: dict[str, int] = {}
        for name, condition in self.table.conditions.items():
            alone = condition.kind == "judgement" or name in self.dimensions
            alternatives = tuple(sorted(self.compiled.sufficient.get(name, ())))
            key = name if alone else (condition.any_norm_of, alternatives)
            found[name] = numbers.setdefault(key, len(numbers))
        return found

    @cached_property
    def open_judgements(self) -> dict[str, ConditionResult]:
        """The result of each judgement that nobody has made: the same in every case."""
        return {
            name: ConditionResult(
                name, c.label, "judgement", "judgement", (), (), c.question, c.source, c.rule
            )
            for name, c in self.table.conditions.items() if c.kind == "judgement"
        }  # fmt: skip

    @cached_property
    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """The recorded differences of the sources that name a norm, in file order."""
        return tuple(
            found for name in self.law.instances("kg:Discrepancy")
            if (found := self._discrepancy(name)).provisions
        )  # fmt: skip

    def _discrepancy(self, name: str) -> Discrepancy:
        law = self.law
        sources = [value.text for value in law.values(name, "dcterms:source") if isinstance(value, Lit)]
        return Discrepancy(
            id=name,
            label=law.label(name),
            says=law.text(name, "kg:sourceSays"),
            law_says=law.text(name, "kg:lawSays"),
            follows=law.label(law.name(name, "kg:follows")),
            reason=law.text(name, "kg:reason"),
            documents=tuple(law.label(one) for one in law.names(name, "kg:statedIn")),
            places=tuple(text for text in sources if not text.startswith("domain ")),
            settled=law.text(name, "kg:settled") == "true",
            review_status=law.text(name, "kg:reviewStatus"),
            provisions=tuple(n for n in law.names(name, "kg:bearsOn") if n in self.table.norms),
        )

    @cached_property
    def norms_of_layer(self) -> dict[str, tuple[Norm, ...]]:
        """The norms of each layer, in file order."""
        return {
            layer.id: tuple(n for n in self.table.norms.values() if n.layer == layer.id)
            for layer in self.layers
        }

    @cached_property
    def residual(self) -> frozenset[str]:
        """The norms that are only a fallback (kg:residual)."""
        return frozenset(name for name, norm in self.table.norms.items() if norm.residual)

    @cached_property
    def powers(self) -> tuple[str, ...]:
        """The powers that push a residual norm back."""
        return tuple(
            n.id for n in self.table.norms.values()
            if n.effect == "power" and n.layer == "authority" and not n.residual
        )  # fmt: skip

    @cached_property
    def duties(self) -> tuple[Norm, ...]:
        """The norms that command."""
        return tuple(n for n in self.table.norms.values() if n.effect == "duty")

    @cached_property
    def prohibitions(self) -> tuple[Norm, ...]:
        """The norms that forbid on the layer of authority."""
        return tuple(
            n for n in self.table.norms.values()
            if n.kind == "Prohibition" and n.layer == "authority"
        )  # fmt: skip

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
        seen = {condition}
        todo = list(self.compiled.sufficient.get(condition, ()))
        while todo:
            name = todo.pop(0)
            if name in seen:
                continue
            seen.add(name)
            if self.law.name(name, "kg:question"):
                yield name
            kind, parts = self.compiled.expression.get(name, ("", ()))
            todo.extend(str(part) for part in parts[1 if kind in {"some", "has"} else 0 :])
            todo.extend(self.compiled.sufficient.get(name, ()))

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

    @cached_property
    def below_on_any_day(self) -> dict[str, frozenset[str]]:
        """All classes and expressions below a class, whatever the dates of lists; without itself."""
        up = {name: set(wide) for name, wide in self.compiled.up.items()}
        for entry in (*self.compiled.dated, *self.compiled.unsettled):
            up.setdefault(entry.kind, set()).add(entry.list)
        found: dict[str, set[str]] = {}
        for start, directly in up.items():
            todo = list(directly)
            while todo:
                name = todo.pop()
                if start not in found.setdefault(name, set()):
                    found[name].add(start)
                    todo.extend(up.get(name, ()))
        return {name: frozenset(below) for name, below in found.items()}
