"""Every list that a key of the case file offers has members.

Problem: a key takes values of a list, or kinds of a vocabulary, in which there is none.
Why:     nobody could write that key, and every case that needs it would be refused.
Fix:     declare the values (or kinds) in the ontology, or correct the name of the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.case_keys import BLOCKS
from kg.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material


def problems(material: Material) -> Iterator[Problem]:
    """Yield each key whose list is empty."""
    for block in BLOCKS.values():
        for key in block.keys:
            if key.listed and not material.law.vocabulary(key.listed):
                namespace, _, cls = key.listed.partition(":")
                yield Problem(
                    f"the key “{key.name}” of {block.title.lower()} offers no value",
                    why=f"no {namespace}: name is below or of kg:{cls}",
                    fix=f"declare the values of kg:{cls}",
                )
