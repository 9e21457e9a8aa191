"""What a case states twice and differently: an error that names both, never a guess.

Source: case-model section 8 (the same fact twice can disagree).
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.errors import Problem
from kg.model import Because
from kg.prepare.facts import Facts
from kg.prepare.situation import Computed, Situation, age_classes

#: Parts that a thing takes once: of two entries only one could count. A body may get a thing twice,
#: through two persons.
_ONCE = (
    ("kg:involvement", "kg:person", "subjects"),
    ("kg:content", "kg:item", "items"),
)
_ONE_COUNTS = "only one can be true, and the program must not choose"


def contradictions_of(situation: Situation) -> Iterator[Problem]:
    """Yield each contradiction between stated facts that needs a comparison to be seen."""
    facts = situation.facts
    for node in facts.index:
        kinds = facts.types(node)
        if "kg:Person" in kinds:
            yield from _ages(situation, node)
        if facts.names(node, "kg:legalPerson"):
            yield from _circle(facts, node)
    for part, who, word in _ONCE:
        yield from _twice(situation, part, who, word)


def _twice(s: Situation, part: str, who: str, word: str) -> Iterator[Problem]:
    """Yield each thing that takes part twice as the same, where only one entry could count."""
    seen: dict[str, str] = {}
    for node in s.facts.names(s.disclosure, part):
        name = s.facts.name(node, who)
        first = seen.setdefault(name, node)
        if name and first != node:
            place = s.facts.case.places.get(node)
            yield Problem(
                f"“{s.facts.local(name)}” stands twice among the {word} "
                f"({s.facts.path(first)} and {s.facts.path(node)})",
                s.facts.case.file,
                place.line if place else 0,
                "what is said of it in one place would be lost, or contradict the other",
                "join the two; consent takes a list",
            )


def _ages(s: Situation, person: str) -> Iterator[Problem]:
    """Yield the ages of a person that fall into two bands on one day."""
    found = [c for c in age_classes(s, person) if c.cls]
    if len({c.cls for c in found}) > 1:
        said = " and ".join(_said(c, s.facts) for c in found)
        yield Problem(
            f"the age of “{s.facts.local(person)}” is stated in ways that disagree: {said}",
            s.facts.case.file,
            _line(found[-1].because),
            _ONE_COUNTS,
            "keep the birth date where it is known, and delete the other",
        )


def _said(computed: Computed, facts: Facts) -> str:
    stated = "; ".join(f"{b.path} {b.value} (line {b.line})" for b in computed.because)
    return f"{stated}: {facts.law.label(computed.cls)}"


def _circle(facts: Facts, party: str) -> Iterator[Problem]:
    """Yield the circle of parties that are part of each other, once."""
    seen = [party]
    while above := facts.name(seen[-1], "kg:legalPerson"):
        if above in seen:
            if above == party and party == min(seen):
                names = " → ".join(facts.local(name) for name in [*seen, above])
                yield Problem(
                    f"“{facts.local(party)}” is part of itself: {names}",
                    facts.case.file,
                    _line(facts.reasons(party, "kg:legalPerson")),
                    "which organisation is the legal person decides whether anything is disclosed at all",
                    "let part-of lead from the part to the whole, and leave it out of the whole",
                )
            return
        seen.append(above)


def _line(because: tuple[Because, ...]) -> int:
    return because[0].line if because else 0
