"""The ontology, compiled and checked once: what every assessment shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kg.assess.layers import Layer, read_layers
from kg.assess.norms import NormTable, read_norms
from kg.load import Law
from kg.prepare.computed import REGIMES
from kg.reason import Compiled, compile_rules


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
