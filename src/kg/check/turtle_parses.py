"""A file must be readable Turtle.

Problem: a file breaks the grammar of Turtle, is empty, or is not UTF-8 text.
Why:     nothing in it can be used, and answers would lack its law without a word.
Fix:     compare the reported line with its neighbours: a full stop, semicolon, bracket or prefix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem


def problems(material: Material) -> Iterator[Problem]:
    """Yield the problem of each file that could not be read."""
    yield from material.broken
