"""From asserted to prepared: law date, strands, computed classes and recorded judgements.

Source: case-model sections 3 and 5. The result is plain triples, so that the same graph can be
handed to the chainer and to its referee.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

from kg.errors import Contradiction, Problem
from kg.load import Law
from kg.model import TRUE, Case, Strand, Triple
from kg.prepare.computed import STRAND_TESTS, is_person, of_person, regime_on
from kg.prepare.consent import involvement
from kg.prepare.contradictions import contradictions_of
from kg.prepare.existence import warnings_of as existence_warnings
from kg.prepare.facts import Facts
from kg.prepare.situation import Computed, CountedJudgement, Situation, legal_person

__all__ = [
    "Computed", "CountedJudgement", "Facts", "Prepared", "disclosures", "involvement", "is_person",
    "judgement_authors", "law_date", "legal_person", "prepare", "regime_on",
]  # fmt: skip

#: What a strand carries besides computed classes (case-model section 3): property and its key.
_CARRIED = (
    "request", "purpose", "concern", "protects", "trigger", "channel", "urgent", "routine",
    "automated",
)  # fmt: skip
UNSTATED = "unstated"
#: Vocabularies whose members are individuals, not classes.
_VALUES = ("value:", "consent:", "function:")


@dataclass(frozen=True)
class Prepared:
    """One disclosure, ready for the chainer.

    ``triples`` are the asserted facts (with what unstated facts mean), the strands and the computed
    classes; ``computed`` holds every computed class with its reasons by node and dimension;
    ``assumed`` the facts taken as so because nothing says otherwise.
    """

    case: Case
    facts: Facts
    disclosure: str
    day: date
    day_from: str
    strands: tuple[Strand, ...]
    triples: tuple[Triple, ...]
    computed: dict[tuple[str, str], Computed]
    judgements: tuple[CountedJudgement, ...]
    answers: dict[tuple[str, str], CountedJudgement]
    assumed: frozenset[Triple]
    warnings: tuple[str, ...]

    @cached_property
    def computed_of(self) -> dict[str, dict[str, Computed]]:
        """The computed classes of each node, by dimension."""
        found: dict[str, dict[str, Computed]] = {}
        for (node, dimension), one in self.computed.items():
            found.setdefault(node, {})[dimension] = one
        return found

    @cached_property
    def answers_of(self) -> dict[str, dict[str, CountedJudgement]]:
        """The judgements that count on each strand, by the condition they settle."""
        found: dict[str, dict[str, CountedJudgement]] = {}
        for (node, condition), judgement in self.answers.items():
            found.setdefault(node, {})[condition] = judgement
        return found


def disclosures(case: Case) -> list[str]:
    """Return the disclosures of a case, in file order."""
    return list(
        dict.fromkeys(s for s, p, o in case.triples if p == "rdf:type" and o == "kg:Disclosure")
    )


def records_of(facts: Facts, disclosure: str) -> Iterator[str]:
    """Yield the records that decide a disclosure: by name, or by naming none if it is alone."""
    base = f"case:{facts.case.name}/"
    only = len(disclosures(facts.case)) == 1
    for record in facts.names(base, "kg:record"):
        decided = facts.names(record, "kg:decides")
        if disclosure in decided or (not decided and only):
            yield record


def law_date(
    facts: Facts, disclosure: str, as_at: date | None = None, today: date | None = None
) -> tuple[date, str]:
    """Return the day whose law applies, and why: as-at, disclosure, decision, today (design 2)."""
    if as_at:
        return as_at, "as-at"
    made = facts.text(disclosure, "kg:date")
    if made:
        return date.fromisoformat(made), "disclosure"
    for record in records_of(facts, disclosure):
        decided = facts.text(record, "kg:date")
        if decided:
            return date.fromisoformat(decided), "decision"
    return today or date.today(), "today"  # noqa: DTZ011 - the user's own calendar day is meant


def _strands(facts: Facts, disclosure: str) -> Iterator[Strand]:
    """One strand for each discloser, recipient, item and subject; unstated places stay empty."""
    givers = facts.names(disclosure, "kg:discloser") or [""]
    takers = [
        facts.name(node, "kg:recipient") for node in facts.names(disclosure, "kg:receipt")
    ] or [""]
    items = [facts.name(node, "kg:item") for node in facts.names(disclosure, "kg:content")] or [""]
    people = [facts.name(node, "kg:person") for node in facts.names(disclosure, "kg:involvement")]
    pairs = list(product(dict.fromkeys(givers), dict.fromkeys(takers)))
    # At a meeting nobody tells himself; a disclosure to oneself alone still gets an answer.
    apart = [(giver, taker) for giver, taker in pairs if not giver or giver != taker]
    for (giver, taker), item in product(apart or pairs, dict.fromkeys(items)):
        about = facts.names(item, "kg:about") or people
        if item and facts.name(item, "kg:identifies") == "value:no":
            about = []
        for subject in dict.fromkeys(about) or [""]:
            names = [
                facts.local(x).replace("/", ".") if x else UNSTATED for x in (giver, taker, item)
            ]
            names.append(facts.local(subject).replace("/", ".") if subject else "-")
            identifier = "/".join(names)
            node = f"{disclosure}/strand/{identifier.replace('/-', '/nobody')}"
            yield Strand(identifier, node, giver, taker, item, subject)


def judgement_authors(facts: Facts, disclosure: str, node: str) -> tuple[str, str]:
    """Return author and date of a judgement; both default to those of the deciding record."""
    by, on = facts.text(node, "kg:by"), facts.text(node, "kg:on")
    for record in records_of(facts, disclosure):
        by = by or facts.text(record, "kg:decidedBy")
        on = on or facts.text(record, "kg:date")
    return by, on


def counting_judgements(facts: Facts, disclosure: str) -> Iterator[CountedJudgement]:
    """Yield the judgements of a disclosure that count: answered and reasoned, by a person, on a day."""
    for node in facts.names(disclosure, "kg:judgement"):
        question = facts.name(node, "kg:question")
        answer = facts.values(node, "kg:answer")
        by, on = judgement_authors(facts, disclosure, node)
        if question and answer and facts.text(node, "kg:reasons") and on and is_person(by):
            yield CountedJudgement(
                node, question, answer[0] == TRUE, by, on,
                tuple(facts.names(node, "kg:forNorm")), tuple(facts.names(node, "kg:aboutPerson")),
            )  # fmt: skip


def _answers(
    facts: Facts, judgements: Iterable[CountedJudgement], strand: Strand
) -> Iterator[tuple[str, CountedJudgement]]:
    """Yield the judgement conditions of a strand that counting answers settle.

    Raises: Contradiction when two counting answers to one condition are opposite.
    """
    law = facts.law
    settled: dict[str, CountedJudgement] = {}
    parts = {strand.discloser, strand.recipient, strand.item, strand.subject}
    for judgement in judgements:
        if judgement.about and not parts & set(judgement.about):
            continue
        for condition in law.judgement_conditions.get(judgement.question, ()):
            if judgement.norms and law.owner(condition) not in judgement.norms:
                continue
            other = settled.setdefault(condition, judgement)
            if other.answer != judgement.answer:
                raise Contradiction(_opposite(facts, other, judgement))
    yield from settled.items()


def _opposite(facts: Facts, one: CountedJudgement, other: CountedJudgement) -> Problem:
    place = facts.case.places.get(other.node)
    return Problem(
        f"two judgements answer “{facts.law.label(one.question)}” in opposite ways "
        f"({facts.path(one.node)} by {one.by}; {facts.path(other.node)} by {other.by})",
        facts.case.file,
        place.line if place else 0,
        "only one can count, and the program must not choose",
        "delete the one that no longer stands, or say with “for” and “about” what each is about",
    )


def _meaning_of_unstated(facts: Facts) -> Iterator[Triple]:
    """Yield the facts that an unstated yes/no key means (kg:whenUnstated true or false)."""
    for term, value in facts.law.unstated:
        for node, stated in facts.index.items():
            if term not in stated and facts.key(node, term) is not None:
                yield node, term, value


def _kinds_of_values(triples: Iterable[Triple], law: Law) -> list[Triple]:
    """Return the classes of the listed values a case uses (a telephone call is kg:Oral)."""
    used = sorted({value for _, _, value in triples if isinstance(value, str)})
    return [
        (value, "rdf:type", cls)
        for value in used
        if value.startswith(_VALUES)
        for cls in law.names(value, "rdf:type")
    ]


def prepare(
    case: Case, law: Law, disclosure: str, as_at: date | None = None, today: date | None = None
) -> Prepared:
    """Prepare one disclosure of a case.

    ``as_at`` fixes the law date; ``today`` is the last resort and exists for tests.

    Raises: Contradiction for opposite counting judgements, ages that disagree, a circle of part-of.
    """
    facts = Facts(case, law)
    assumed = frozenset(_meaning_of_unstated(facts))
    facts = Facts(case, law, sorted(assumed))
    day, day_from = law_date(facts, disclosure, as_at, today)
    fact_day, _ = law_date(facts, disclosure, None, today)
    judgements = tuple(counting_judgements(facts, disclosure))
    situation = Situation(facts, disclosure, day, fact_day, judgements)
    wrong = list(contradictions_of(situation))
    if wrong:
        raise Contradiction(wrong)
    strands = tuple(_strands(facts, disclosure))
    triples: list[Triple] = [*case.triples, *sorted(assumed)]
    computed: dict[tuple[str, str], Computed] = {}
    answers: dict[tuple[str, str], CountedJudgement] = {}
    carried = [
        (f"kg:{word}", value)
        for word in _CARRIED
        for value in facts.values(disclosure, f"kg:{word}")
    ]
    for strand in strands:
        triples.append((strand.node, "rdf:type", "kg:Strand"))
        for predicate, value in (
            ("kg:discloser", strand.discloser), ("kg:recipient", strand.recipient),
            ("kg:item", strand.item), ("kg:subject", strand.subject),
        ):  # fmt: skip
            if value:
                triples.append((strand.node, predicate, value))
        triples.extend((strand.node, predicate, value) for predicate, value in carried)
        for test in STRAND_TESTS:
            result = test(situation, strand)
            if result:
                computed[strand.node, result.dimension] = result
        for condition, judgement in _answers(facts, judgements, strand):
            answers[strand.node, condition] = judgement
            triples.append(
                (strand.node, "rdf:type", f"{condition}.{'yes' if judgement.answer else 'no'}")
            )
            triples.append((strand.node, "kg:judgement", judgement.node))
    for person in {subject for subject in facts.index if "kg:Person" in facts.types(subject)}:
        for result in of_person(situation, person):
            computed[person, result.dimension] = result
    triples.extend(
        (node, "rdf:type", name)
        for (node, _), result in sorted(computed.items())
        for name in (result.cls, *(other for other, _ in result.also))
        if name
    )
    triples.extend(_kinds_of_values(triples, law))
    return Prepared(
        case, facts, disclosure, day, day_from, strands, tuple(dict.fromkeys(triples)), computed,
        judgements, answers, assumed, tuple(_warnings(facts, disclosure, day)),
    )  # fmt: skip


def _warnings(facts: Facts, disclosure: str, day: date) -> Iterator[str]:
    trigger = facts.name(disclosure, "kg:trigger")
    if facts.values(disclosure, "kg:request") and trigger in facts.law.names(
        "kg:request", "kg:absentWhen"
    ):
        yield (
            f"The trigger says “{facts.law.label(trigger)}”, yet a request is described. "
            "The trigger counts; correct whichever is wrong."
        )
    if regime_on(day) == "kg:Before2000":
        yield "Before 1 March 2000 the Data Protection Act 1984 applied: this graph lacks it."
    yield from existence_warnings(facts, disclosure, day)
