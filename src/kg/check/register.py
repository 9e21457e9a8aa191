"""Every row of the register says what models it, or why nothing does.

Problem: a row without label or source; with neither kg:modelledBy nor kg:referenceOnly, or with both;
         or modelled by something that is no norm, list or instrument.
Why:     the register is the promise of completeness; `kg coverage` counts on it.
Fix:     name the norms, lists or instruments; or say in words why the provision is named only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem


def problems(material: Material) -> Iterator[Problem]:
    """Yield what each row of the register lacks."""
    law = material.law
    models = {*law.norms, *material.kinds("kg:StatutoryList"), *material.kinds("kg:Instrument")}
    for row in material.kinds("kg:RegisterRow"):
        by, why_not = law.names(row, "kg:modelledBy"), law.text(row, "kg:referenceOnly")
        if not law.text(row, "rdfs:label"):
            yield material.problem(row, f"{row} has no label", "a reader could not tell what it is",
                                   "add rdfs:label")  # fmt: skip
        if not law.text(row, "dcterms:source"):
            yield material.problem(row, f"{row} has no source", "a row says who names it",
                                   "add dcterms:source")  # fmt: skip
        if bool(by) == bool(why_not):
            yield material.problem(
                row,
                f"{row} is {'both modelled and' if by else 'neither modelled nor'} named only",
                "a provision is one or the other",
                "state kg:modelledBy, or kg:referenceOnly with the reason",
            )
        for name in by:
            if name not in models:
                yield material.problem(
                    row,
                    f"{row} is modelled by {name}, which is no norm, list or instrument",
                    "nothing would stand behind the row",
                    "correct the name",
                )
