"""What a computation sees and what it returns; facts about a person that several computations need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kg.model import Because, Missing
from kg.prepare.facts import Facts


@dataclass(frozen=True, slots=True)
class Computed:
    """The class of one node in one dimension; ``cls`` is empty when inputs are missing."""

    dimension: str
    cls: str
    because: tuple[Because, ...] = ()
    missing: tuple[Missing, ...] = ()


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
    """Return the age class of a person on the day of the facts, from age, birth date or age band."""
    dimension = "kg:AgeTest"
    age, born = s.facts.text(person, "kg:age"), s.facts.text(person, "kg:born")
    band = s.facts.name(person, "kg:ageBand")
    if born:
        start = date.fromisoformat(born)
        had_birthday = (s.fact_day.month, s.fact_day.day) >= (start.month, start.day)
        years: int | None = s.fact_day.year - start.year - (0 if had_birthday else 1)
        because = s.facts.reasons(person, "kg:born")
    else:
        years = int(age) if age else None
        because = s.facts.reasons(person, "kg:age")
    if years is not None:
        cls = "kg:Under16" if years < 16 else "kg:SixteenOrSeventeen" if years < 18 else "kg:Adult"  # noqa: PLR2004
        return Computed(dimension, cls, because)
    bands = {
        "value:under-16": "kg:Under16",
        "value:16-or-17": "kg:SixteenOrSeventeen",
        "value:adult": "kg:Adult",
    }
    if band:
        return Computed(dimension, bands[band], s.facts.reasons(person, "kg:ageBand"))
    return Computed(dimension, "", (), (s.facts.missing(person, "kg:age"),))
