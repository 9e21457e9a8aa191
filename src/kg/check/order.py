"""Provisions stand in the order of their Act.

Problem: in a legislation file a norm stands after one that follows it in the Act.
Why:     one Act, one file, in the Act's own order: a lawyer reads it with the Act beside it.
Fix:     move the block to its place; sections first, then schedules.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

_COMPONENTS = ("art", "s", "reg", "r", "sch", "annex", "para")
_PART = re.compile(rf"({'|'.join(sorted(_COMPONENTS, key=len, reverse=True))})?(\d*)([A-Za-z]*)\Z")
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
}

Part = tuple[int, int, str]


def place_of(name: str) -> tuple[Part, ...]:
    """Return the place of a provision in its Act: rank of the component, number and letters each."""
    local = name.partition(":")[2].partition(".")[0]
    parts: list[Part] = []
    for word in local.split("-"):
        found = _PART.match(word)
        component, number, letters = found.groups() if found else ("", "", word)
        rank = _COMPONENTS.index(component) if component else -1
        parts.append((rank, int(number or 0), letters))
    return tuple(parts)


def before(one: tuple[Part, ...], other: tuple[Part, ...]) -> bool:
    """Whether a provision stands before another; roman numerals count as numbers."""
    for (rank, number, letters), (rank2, number2, letters2) in zip(one, other, strict=False):
        left: tuple[int | str, ...] = (rank, number)
        right: tuple[int | str, ...] = (rank2, number2)
        if left == right and letters != letters2:
            if letters in _ROMAN and letters2 in _ROMAN:
                return _ROMAN[letters] < _ROMAN[letters2]
            return letters < letters2
        if left != right:
            return left < right
    return len(one) < len(other)


def problems(material: Material) -> Iterator[Problem]:
    """Yield each norm of a legislation file that stands after a later provision."""
    norms = frozenset(material.law.norms)
    for source in material.law_sources:
        by_prefix: dict[str, list[str]] = {}
        for subject, predicate, _ in source.triples:
            if predicate == "rdf:type" and subject in norms:
                listed = by_prefix.setdefault(subject.partition(":")[0], [])
                if subject not in listed:
                    listed.append(subject)
        for prefix, listed in by_prefix.items():
            if not material.law.name(f"{prefix}:act", "kg:source").partition("legislation.gov.uk")[
                1
            ]:
                continue
            for one, other in pairwise(listed):
                if before(place_of(other), place_of(one)):
                    yield material.problem(
                        other,
                        f"{other} stands after {one}",
                        "a file keeps the order of its Act",
                        f"move it before {one}",
                    )
