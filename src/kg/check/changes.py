"""Everything a condition looks at says what it would take to be otherwise.

Problem: a property in a condition, or a computed class, without kg:toChange; or a kind of change that
         is none of the five.
Why:     “what would have to change” ranks by it, and must never present the impossible as a step.
Fix:     declare <property> kg:toChange kg:FactToEstablish (or kg:StepToTake, kg:ConsentToSeek,
         kg:PersonsDecision, kg:AnotherCase) in ontology/core.ttl.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.load.hints import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

_FIX = (
    "add kg:toChange with kg:FactToEstablish, kg:StepToTake, kg:ConsentToSeek, kg:PersonsDecision "
    "or kg:AnotherCase"
)
_WHY = "“what would have to change” could not say what it would take"


def problems(material: Material) -> Iterator[Problem]:
    """Yield each property and computed class without a kind of change, and each unknown kind."""
    yield from _properties(material)
    yield from _classes(material)
    kinds = set(material.kinds("kg:ChangeKind"))
    for name, of in material.known:
        for kind in (*of.get("kg:toChange", ()), *of.get("kg:toState", ())):
            if kind not in kinds:
                fix = nearest(kind, kinds) or _FIX
                yield material.problem(name, f"{kind} (on {name}) is no kind of change", _WHY, fix)


def _properties(material: Material) -> Iterator[Problem]:
    for source in material.law_sources:
        used = (
            str(value) for _, predicate, value in source.triples if predicate == "owl:onProperty"
        )
        for name in dict.fromkeys(used):
            if not material.law.names(name, "kg:toChange"):
                what = f"{name} stands in a condition without a kind of change"
                yield material.at(source, name, what, _WHY, _FIX)


def _classes(material: Material) -> Iterator[Problem]:
    """Yield the narrowest classes of each dimension that has no kind of change itself."""
    law = material.law
    for dimension in law.instances("kg:Dimension"):
        if law.names(dimension, "kg:toChange"):
            continue
        for name in sorted(law.subclasses.get(dimension, ())):
            if not law.subclasses.get(name) and not law.names(name, "kg:toChange"):
                yield material.problem(name, f"{name} has no kind of change", _WHY, _FIX)
