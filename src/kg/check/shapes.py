"""The bundled shapes are well-made, and every record rule of the law has one.

Problem: a shape without rule, path, severity or message, with a term the validator passes over, or
         satisfied by inference; or a kg:recordRule that no shape carries.
Why:     the validator is silent about what it does not understand, and silence means “complete”.
Fix:     as the message says; shapes/README.md shows the pattern.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg import paths
from kg.validate import lint_shapes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

_NAME = re.compile(r"[\w-]+:[\w-][\w.-]*\w")


def problems(material: Material) -> Iterator[Problem]:
    """Yield what the lint of the shapes finds, each at its file and line."""
    for problem in lint_shapes(paths.SHAPES, material.law):
        if problem.file in material.shape_names:
            yield replace(problem, file=material.shape_names[problem.file])
            continue
        named = [name for name in _NAME.findall(problem.what) if name in material.source_of]
        placed = material.problem(named[0], problem.what) if named else problem
        yield replace(problem, file=placed.file, line=placed.line)
