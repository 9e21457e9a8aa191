"""A list shares its name with nothing else.

Problem: one name is a list and also a norm, a condition or an entry of a list.
Why:     the two become one class: every body on the list would meet the condition, and whatever
         meets the condition would stand on the list.
Fix:     name the list after the subsection that holds it, or give it or the condition another word
         after the dot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem


def problems(material: Material) -> Iterator[Problem]:
    """Yield each list whose name is also that of a norm, a condition or an entry."""
    others = {
        "norm": set(material.law.norms),
        "condition": set(material.kinds("kg:Condition")),
        "list entry": set(material.kinds("kg:ListEntry")),
    }
    for name in material.kinds("kg:StatutoryList"):
        for what, names in others.items():
            if name in names:
                yield material.problem(
                    name,
                    f"{name} is both a list and a {what}",
                    "they become one class, so that being listed would settle what else it says",
                    "give one of them another name",
                )
