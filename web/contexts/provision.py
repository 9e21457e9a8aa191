"""A provision as a page shows it: state, conditions, the facts behind them, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg import explain
from kg.assess import Engine
from kg.assess.nearest import Nearest
from kg.explain import sentence
from kg.model import (
    ConditionResult,
    DisclosureAssessment,
    ProvisionResult,
    ProvisionState,
    Strand,
)
from web.contexts.common import Tag, anchor, safe_url

_STATE_COLOURS: dict[ProvisionState, str] = {
    "applies": "green",
    "applies-if-judgement": "yellow",
    "not-shown": "grey",
    "blocked": "red",
    "not-applicable": "grey",
    "not-in-force": "grey",
}
_CONDITION_COLOURS = {"met": "green", "not-met": "red", "unknown": "grey", "judgement": "yellow"}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: label, state, stated facts with path and line, what is missing, source."""

    label: str
    tag: Tag
    because: tuple[str, ...]
    missing: tuple[str, ...]
    note: str
    source: str
    rule: str


@dataclass(frozen=True, slots=True)
class ConditionTable:
    """The conditions for strands that come out alike; ``strands`` is empty when all do."""

    strands: tuple[str, ...]
    tag: Tag
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Provision:
    """One norm of an answer, under the id ``anchor``.

    ``review`` is empty when a lawyer confirmed it; ``in_force`` is in words; ``why_not`` is empty
    unless it does not apply; ``note`` says what the provision does not do; ``nearest`` says what would
    have to change for it to apply (empty when it does, or is not in force).
    """

    anchor: str
    name: str
    citation: str
    label: str
    kind: str
    tag: Tag
    review: str
    url: str
    source: str
    in_force: str
    fallback: str
    blocked_by: str
    why_not: str
    note: str
    nearest: tuple[str, ...]
    tables: tuple[ConditionTable, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Provisions that come out alike, under one heading; ``folded`` groups stand behind a click."""

    anchor: str
    heading: str
    intro: str
    folded: bool
    provisions: tuple[Provision, ...]


#: Sets of changes shown for one provision; the JSON lists more.
_WAYS = 2


def groups_of(
    assessment: DisclosureAssessment, engine: Engine, nearest: Nearest, prefix: str
) -> tuple[Group, ...]:
    """Return the provisions in groups, none empty; ``prefix`` keeps ids apart on one page."""
    return tuple(
        Group(
            anchor(prefix, group.key),
            group.heading,
            group.intro,
            not group.bearing,
            tuple(provision_of(p, assessment, engine, nearest, prefix) for p in group.provisions),
        )
        for group in explain.groups_of(assessment)
    )


def provision_of(
    result: ProvisionResult, assessment: DisclosureAssessment, engine: Engine, nearest: Nearest,
    prefix: str,
) -> Provision:  # fmt: skip
    """Return one provision for the page."""
    cited = explain.citations(assessment)
    away = result.state in {"not-applicable", "not-in-force"}
    settled = result.state in {"applies", "not-in-force"}
    return Provision(
        anchor=anchor(prefix, result.id),
        name=result.id,
        citation=result.citation,
        label=sentence(result.label),
        kind=sentence(engine.law.label(f"kg:{result.kind}")).rstrip("."),
        tag=state_tag(result.state),
        review="" if result.review_status == "confirmed" else explain.AWAITING,
        url=safe_url(result.url),
        source=result.url,
        in_force=explain.in_force_words(result.in_force),
        fallback=explain.FALLBACK if result.fallback else "",
        blocked_by=explain.blocked_sentence(result, cited),
        why_not=explain.why_not(result, cited) if away else "",
        note=engine.table.norms[result.id].note,
        nearest=()
        if settled
        else tuple(explain.ways_sentences(nearest.of(result.id), cited, _WAYS)),
        tables=_tables(result, assessment.strands),
    )


def state_tag(state: ProvisionState) -> Tag:
    """Return the state of a provision in words."""
    return Tag(explain.PROVISION_WORDS[state], _STATE_COLOURS[state])


def _tables(result: ProvisionResult, strands: Sequence[Strand]) -> tuple[ConditionTable, ...]:
    if not result.partly:
        conditions = tuple(_condition(c) for c in result.conditions)
        return (ConditionTable((), state_tag(result.state), conditions),) if conditions else ()
    alike: dict[tuple[ProvisionState, tuple[ConditionResult, ...]], list[str]] = {}
    for strand in strands:
        key = (result.by_strand[strand.id], result.conditions_by_strand[strand.id])
        alike.setdefault(key, []).append(explain.strand_words(strand.id))
    return tuple(
        ConditionTable(tuple(words), state_tag(state), tuple(_condition(c) for c in conditions))
        for (state, conditions), words in alike.items()
    )


def _condition(result: ConditionResult) -> Condition:
    return Condition(
        label=sentence(result.label).rstrip("."),
        tag=Tag(explain.CONDITION_WORDS[result.state], _CONDITION_COLOURS[result.state]),
        because=tuple(explain.because_words(reason) for reason in result.because),
        missing=tuple(explain.missing_sentence(gap) for gap in result.missing),
        note=sentence(result.note),
        source=safe_url(result.source),
        rule=result.rule,
    )
