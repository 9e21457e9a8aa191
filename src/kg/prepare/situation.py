"""What a computation sees and what it returns; facts about a person that several computations need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kg.model import Because, Missing
from kg.prepare.facts import Facts


class Computed(NamedTuple):
    """The class of one node in one dimension; ``cls`` is empty when inputs are missing.

    ``also`` holds further classes of the dimension, each with its reason, where several facts are
    stated side by side (two reasons for not asking): the only exception to one class at a time.
    """

    dimension: str
    cls: str
    because: tuple[Because, ...] = ()
    missing: tuple[Missing, ...] = ()
    also: tuple[tuple[str, Because], ...] = ()


@dataclass(frozen=True, slots=True)
class CountedJudgement:
    """A recorded judgement that counts: it has an author who is a person, a date and reasons."""

    node: str
    question: str
    answer: bool
    by: str
    on: str
    norms: tuple[str, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What the computations see: facts, disclosure, law date, day of the facts, counting judgements.

    The two days differ only when another law date is asked for: a child does not grow older with it.
    """

    facts: Facts
    disclosure: str
    day: date
    fact_day: date
    judgements: tuple[CountedJudgement, ...] = ()

    @property
    def request(self) -> str:
        """The request of the disclosure, or an empty string."""
        return self.facts.name(self.disclosure, "kg:request")


def legal_person(facts: Facts, party: str) -> str:
    """Return the legal person a party belongs to: the top of its part-of chain, or itself."""
    seen = {party}
    while (above := facts.name(party, "kg:legalPerson")) and above not in seen:
        seen.add(above)
        party = above
    return party


def age_class(s: Situation, person: str) -> Computed:
    """Return the age class of a person on the day of the facts: by birth date, else age, else band."""
    found = next(iter(age_classes(s, person)), None)
    return found or Computed("kg:AgeTest", "", (), (s.facts.missing(person, "kg:age"),))


def age_classes(s: Situation, person: str) -> Iterator[Computed]:
    """Yield the age class by each fact that states one, the strongest first."""
    born, age = s.facts.text(person, "kg:born"), s.facts.text(person, "kg:age")
    band = s.facts.name(person, "kg:ageBand")
    if born:
        start = date.fromisoformat(born)
        had_birthday = (s.fact_day.month, s.fact_day.day) >= (start.month, start.day)
        years = s.fact_day.year - start.year - (0 if had_birthday else 1)
        yield Computed("kg:AgeTest", _of_years(years), s.facts.reasons(person, "kg:born"))
    if age:
        yield Computed("kg:AgeTest", _of_years(int(age)), s.facts.reasons(person, "kg:age"))
    if band:
        yield Computed("kg:AgeTest", _BANDS[band], s.facts.reasons(person, "kg:ageBand"))


_BANDS = {
    "value:under-16": "kg:Under16",
    "value:16-or-17": "kg:SixteenOrSeventeen",
    "value:adult": "kg:Adult",
}


def _of_years(years: int) -> str:
    return "kg:Under16" if years < 16 else "kg:SixteenOrSeventeen" if years < 18 else "kg:Adult"  # noqa: PLR2004
