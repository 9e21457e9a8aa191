"""Only constructs that the reasoner knows.

Problem: an OWL or RDFS term, or a class expression, outside the allowed ones.
Why:     the reasoner refuses what it does not know; skipping it would change answers silently.
Fix:     owl:intersectionOf, owl:unionOf, owl:someValuesFrom or owl:hasValue on the left of
         rdfs:subClassOf, and a named class on the right.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.errors import BrokenGraph, Problem
from kg.load import Law
from kg.reason import compile_rules, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material, Source

_NAME = re.compile(r"[\w-]+:[\w-][\w.-]*")
_TERM = re.compile(r"\b(?:owl|rdfs):\w+")


def problems(material: Material) -> Iterator[Problem]:
    """Yield each unknown construct, then each class expression that does not compile."""
    for source in material.law_sources:
        law = Law(source.triples, {})
        unknown = [problem for triple in source.triples for problem in refused(triple, law)]
        yield from (_placed(problem, source) for problem in unknown)
        if not unknown:
            yield from _expressions(source, law)


def _expressions(source: Source, law: Law) -> Iterator[Problem]:
    try:
        compile_rules(law)
    except BrokenGraph as fault:
        yield from (_placed(problem, source) for problem in fault.problems)


def _placed(problem: Problem, source: Source) -> Problem:
    """Put the problem at the first line that holds the construct it names."""
    found = _TERM.search(problem.what)
    line = source.mention(found[0]) if found else 0
    named = _NAME.findall(problem.what)
    line = line or next((n for word in named if (n := source.line_of(word))), 0)
    return replace(problem, file=source.name, line=line)
