"""A norm takes over on the day on which the one it supersedes ends.

Problem: kg:supersedes names something that is no norm, or there is a gap or an overlap between the two.
Why:     in a gap neither applies, in an overlap both do: on those days every answer is wrong.
Fix:     give the old norm as kg:inForceUntil the day that the new one has as kg:inForceFrom; while the
         new one has not been commenced, the old one has no end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem


def problems(material: Material) -> Iterator[Problem]:
    """Yield each gap and overlap between a norm and the one it supersedes."""
    law, norms = material.law, frozenset(material.law.norms)
    for new, of in material.known:
        for old in of.get("kg:supersedes", ()):
            if new not in norms or old not in norms:
                stranger = new if new not in norms else old
                yield material.problem(
                    new,
                    f"{new} supersedes {old}, and {stranger} is no norm",
                    "only a norm can take the place of a norm",
                    "correct the name",
                )
                continue
            start, end = law.text(new, "kg:inForceFrom"), law.text(old, "kg:inForceUntil")
            if start == end:
                continue
            if not start or (end and end < start):
                what = (
                    f"between {old} (until {end}) and {new} ({start or 'not commenced'}) is a gap"
                )
                why = "in the gap neither applies"
            else:
                what = f"{old} (until {end or 'further notice'}) and {new} (from {start}) overlap"
                why = "on those days both apply"
            yield material.problem(
                new,
                what,
                why,
                f"let {old} end (kg:inForceUntil) on the day on which {new} begins",
            )
