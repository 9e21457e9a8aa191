"""Nobody asserts what must follow from facts.

Problem: something is typed with a condition, a norm, a list or a computed class.
Why:     it would count as shown although no fact supports it.
Fix:     delete the type, and state the facts from which the class follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem


def problems(material: Material) -> Iterator[Problem]:
    """Yield each asserted membership of a class that only follows."""
    law = material.law
    follows = {
        *law.norms,
        *material.kinds("kg:Condition"),
        *material.kinds("kg:StatutoryList"),
        *material.kinds("kg:NeedTest"),
        "kg:Strand",
    }
    follows |= {
        f"{c}.{answer}" for c in material.kinds("kg:JudgementCondition") for answer in ("yes", "no")
    }
    computed = {d for d in material.kinds("kg:Dimension") if not _is_vocabulary(d, material)}
    follows |= computed | {name for d in computed for name in law.subclasses.get(d, ())}
    for subject, predicate, value in law.triples:
        if predicate == "rdf:type" and value in follows:
            yield material.problem(
                subject,
                f"{subject} is stated to be a {value}",
                "such a class follows from facts; stated, it would count without any",
                "delete the type and state the facts",
            )


def _is_vocabulary(dimension: str, material: Material) -> bool:
    """Whether kinds of the dimension are chosen in a case file, not computed."""
    below = material.law.subclasses.get(dimension, frozenset())
    return any(name.startswith(("body:", "purpose:", "info:", "concern:")) for name in below)
