"""Nothing of the template still stands in a file copied from it.

Problem: a text in [brackets], a name, or an address of _template.ttl was not replaced.
Why:     an answer would show it to a lawyer, or link to an Act that has nothing to do with it.
Fix:     write the text, the prefix or the address of your Act or document; delete what it does not have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import Problem
from kg.model import Lit
from kg.namespaces import expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material, Source

_TEXT = re.compile(r"\[.+\]\Z", re.DOTALL)
#: Parts of the names and addresses of the two templates.
NAMES = (
    "/law/act2000/", "/legislation/example-act-2000", "/ukpga/2000/0", "/law/guide/example2026",
    "/guidance/example-guidance-2026", "//example.org/",
)  # fmt: skip


def problems(material: Material) -> Iterator[Problem]:
    """Yield each text in brackets, and each name or address of the templates once per file."""
    for source in material.law_sources:
        yield from _texts(source)
        yield from _names(source)


def _texts(source: Source) -> Iterator[Problem]:
    for text in dict.fromkeys(v.text for _, _, v in source.triples if isinstance(v, Lit)):
        if _TEXT.match(text):
            for number, line in enumerate(source.lines, 1):
                if f'"{text}"' in line:
                    yield Problem(
                        f"“{text}” is a placeholder of the template", source.name, number,
                        "answers would show it", "write your own text, without brackets",
                    )  # fmt: skip


def _names(source: Source) -> Iterator[Problem]:
    used = {term for triple in source.triples for term in triple if isinstance(term, str)}
    for part in NAMES:
        found = sorted(name for name in used if part in expand(name))
        if found:
            line = next((n for n, text in enumerate(source.lines, 1) if part in text), 0)
            line = line or source.mention(found[0])
            yield Problem(
                f"“{part.strip('/')}” is the template's, not yours", source.name, line,
                "names are cited in records, and addresses are links",
                "replace it throughout the file",
            )  # fmt: skip
