"""Whether the kinds of body in a disclosure existed on the law date, and act under law held here.

Source: dated kinds of ontology/bodies.ttl (kg:existsFrom inclusive, kg:existsUntil exclusive,
kg:succeededBy), domain law section 3; kg:otherLaw, domain law-3 section 10 (J28).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from kg.load import Law
from kg.prepare.facts import Facts

_Step = Callable[[str], list[str]]
_REMARK = re.compile(r" \([^)]*\)\Z")


def existed_on(law: Law, kind: str, day: str) -> bool:
    """Whether bodies of a kind existed on an ISO day; a kind without dates always did."""
    start, end = law.text(kind, "kg:existsFrom"), law.text(kind, "kg:existsUntil")
    return start <= day and (not end or day < end)


def successors_on(law: Law, kind: str, day: str) -> list[str]:
    """Return the kinds that held the work of a former kind on an ISO day, however often it passed."""
    return _existing(law, kind, day, lambda one: law.names(one, "kg:succeededBy"))


def predecessors_on(law: Law, kind: str, day: str) -> list[str]:
    """Return the kinds that held the work of a later kind on an ISO day."""
    return _existing(law, kind, day, lambda one: law.subjects.get(("kg:succeededBy", one), []))


def warnings_of(facts: Facts, disclosure: str, day: date) -> Iterator[str]:
    """Yield a warning for each kind of a party that did not exist then, or acts under other law."""
    law, on = facts.law, day.isoformat()
    for party in _parties(facts, disclosure):
        for kind in facts.types(party):
            if not kind.startswith("body:"):
                continue
            if country := law.text(kind, "kg:otherLaw"):
                yield (
                    f"{facts.path(party)} is stated as “{_plain(law, kind)}”: the law of {country} "
                    "is not held here, and may give or limit what such a body may ask, give or use. "
                    "Take legal advice (other-law-governs)."
                )
            if existed_on(law, kind, on):
                continue
            since = law.text(kind, "kg:existsFrom")
            too_early = bool(since) and on < since
            others = (predecessors_on if too_early else successors_on)(law, kind, on)
            passed = ""
            if others:
                verb = "was then done by" if too_early else "passed to"
                passed = f"; its work {verb} {_listed(_plain(law, one) for one in others)}"
            yield (
                f"{facts.path(party)} is stated as “{_plain(law, kind)}”: such a body did not "
                f"{'yet ' if too_early else ''}exist on {in_words(day)}{passed}. "
                "Correct the kind or the date."
            )


def in_words(day: date) -> str:
    """Return a day as people write it: 2 March 2024."""
    return f"{day.day} {day:%B %Y}"


def _existing(law: Law, kind: str, day: str, step: _Step) -> list[str]:
    found: dict[str, None] = {}
    todo, seen = list(step(kind)), {kind}
    while todo:
        one = todo.pop(0)
        if one in seen:
            continue
        seen.add(one)
        if existed_on(law, one, day):
            found[one] = None
        else:
            todo.extend(step(one))
    return list(found)


def _parties(facts: Facts, disclosure: str) -> Iterator[str]:
    """Yield who gives, gets and asks, and the bodies they act for or belong to, once each."""
    todo = [
        *facts.names(disclosure, "kg:discloser"),
        *(
            party
            for node in facts.names(disclosure, "kg:receipt")
            for party in facts.names(node, "kg:recipient")
        ),
        *(
            party
            for node in facts.names(disclosure, "kg:request")
            for party in facts.names(node, "kg:requester")
        ),
    ]
    seen: set[str] = set()
    while todo:
        party = todo.pop(0)
        if party not in seen:
            seen.add(party)
            yield party
            todo += [*facts.names(party, "kg:actsFor"), *facts.names(party, "kg:legalPerson")]


def _plain(law: Law, kind: str) -> str:
    """Return the label of a kind without the remark in brackets."""
    return _REMARK.sub("", law.label(kind))


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
