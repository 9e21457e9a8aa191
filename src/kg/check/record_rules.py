"""A record rule is named by its number.

Problem: kg:recordRule names something else than a rule R-nnn.
Why:     the rule is looked up by number when the condition fails; a wrong name is never reported.
Fix:     write kgsh:R-153, with the number of the list of record requirements.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

_RULE = re.compile(r"kgsh:R-\d{3}\Z")


def problems(material: Material) -> Iterator[Problem]:
    """Yield each record rule that is not named R-nnn."""
    for name, of in material.known:
        for rule in of.get("kg:recordRule", ()):
            if not _RULE.match(rule):
                yield material.problem(
                    name,
                    f"“{rule}” is not a record rule (on {name})",
                    "it would never be reported",
                    "write kgsh:R-nnn with three digits",
                )
