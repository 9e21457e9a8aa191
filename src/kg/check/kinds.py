"""Kinds of body that came and went carry dates that fit.

Problem: a kind ends before it begins; it hands its work on without an end, or to something that is no
         kind of body.
Why:     the warning “did not exist on that day; its work passed to …” would be wrong or missing.
Fix:     kg:existsFrom is the first day, kg:existsUntil the first day on which none existed any more;
         kg:succeededBy names kinds of bodies.ttl.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

_WHY = "the warning that a body did not exist on the law date would be wrong"


def problems(material: Material) -> Iterator[Problem]:
    """Yield what is wrong with the dates and successors of each kind of body."""
    law = material.law
    kinds = set(law.vocabulary("body:Body").values())
    for kind, of in material.known:
        start, end = law.text(kind, "kg:existsFrom"), law.text(kind, "kg:existsUntil")
        heirs = of.get("kg:succeededBy", ())
        if (start or end or heirs) and kind not in kinds:
            yield material.problem(
                kind, f"{kind} has dates of existence but is no kind of body", _WHY,
                "norms and entries have kg:inForceFrom and kg:inForceUntil",
            )  # fmt: skip
        if start and end and end <= start:
            yield material.problem(kind, f"{kind} ends before it begins", _WHY, "correct one date")
        if heirs and not end:
            yield material.problem(
                kind, f"{kind} hands its work on but has no end", _WHY, "add kg:existsUntil"
            )
        for heir in heirs:
            if heir not in kinds:
                yield material.problem(
                    kind, f"{kind} hands its work to {heir}, which is no kind of body", _WHY,
                    "name a kind of bodies.ttl",
                )  # fmt: skip
