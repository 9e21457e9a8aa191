"""Every norm and entry says whether somebody confirmed it.

Problem: kg:reviewStatus is missing on a norm or entry, or has another value than the two allowed.
Why:     each answer shows what rests on unconfirmed law; a misspelt status would hide it.
Fix:     write "confirmed" or "to-be-confirmed".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

ALLOWED = ("confirmed", "to-be-confirmed")


def problems(material: Material) -> Iterator[Problem]:
    """Yield each missing or unknown review status."""
    law = material.law
    needed = {*law.norms, *material.kinds("kg:ListEntry")}
    for name, of in material.known:
        stated = law.text(name, "kg:reviewStatus")
        if not stated and name not in needed:
            continue
        if stated not in ALLOWED or len(of["kg:reviewStatus"]) > 1:
            yield material.problem(
                name,
                f"{name} has no review status" if not stated
                else f"“{stated}” is not a review status (on {name})",
                "answers show what rests on law that nobody has confirmed",
                'write kg:reviewStatus "confirmed" or "to-be-confirmed", once',
            )  # fmt: skip
