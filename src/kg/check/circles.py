"""The law loads: norms do not rest on each other in a circle.

Problem: a norm defeats, or rests on, a norm that rests on it; or the program refuses the law.
Why:     no order would settle which norm comes first, so nothing could be assessed.
Fix:     break the circle; a gateway that saves data-protection law carries kg:subjectToLayer.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.assess.norms import read_norms
from kg.errors import BrokenGraph
from kg.reason import compile_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

_NAME = re.compile(r"[\w-]+:[\w-][\w.-]*\w")


def problems(material: Material) -> Iterator[Problem]:
    """Yield what the program itself refuses when it loads the law."""
    try:
        compiled = compile_rules(material.law)
    except BrokenGraph:
        return  # the check of constructs says so, with file and line
    try:
        read_norms(material.law, compiled)
    except BrokenGraph as fault:
        for problem in fault.problems:
            named = _NAME.findall(problem.what)
            source = next((s for n in named if (s := material.source_of.get(n))), None)
            line = (
                source.line_of(next(n for n in named if n in material.source_of)) if source else 0
            )
            yield replace(problem, file=source.name if source else problem.file, line=line)
