"""A provision as a page shows it: state, conditions, the facts behind them, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg import explain
from kg.assess import Engine
from kg.assess.nearest import Nearest
from kg.model import (
    ConditionResult,
    DisclosureAssessment,
    ProvisionResult,
    ProvisionState,
    Strand,
)
from web.contexts.common import Tag, anchor, day_words, safe_url, sentence

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
    fallback: bool
    blocked_by: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class _Kind:
    key: str
    heading: str
    intro: str
    fits: Callable[[ProvisionResult], bool]
    folded: bool = False


#: Sets of changes shown for one provision; the JSON lists more.
_WAYS = 2
_AUTHORITY = {"duty", "power"}


def _holds(result: ProvisionResult) -> bool:
    return result.state in {"applies", "applies-if-judgement"}


#: Every provision stands in the first group that fits, so each is shown exactly once.
_KINDS = (
    _Kind(
        "guidance",
        "Guidance that fits",
        "Guidance is never an authority to share: it says how to use one.",
        lambda p: p.effect == "guidance" and _holds(p),
    ),
    _Kind(
        "authority",
        "What authorises this disclosure",
        "Every condition is met on the stated facts.",
        lambda p: p.layer == "authority" and p.effect in _AUTHORITY and p.state == "applies",
    ),
    _Kind(
        "restrictions",
        "Restrictions and exceptions in play",
        "These hold, or hold if a person so judges. Unless absolute, each closes one route only.",
        lambda p: p.effect == "bar" and _holds(p),
    ),
    _Kind(
        "may-apply",
        "What may apply, if a person so judges",
        "The stated facts fit. What is open is for a person to decide, and to record.",
        lambda p: p.state == "applies-if-judgement",
    ),
    _Kind(
        "also",
        "What else is satisfied",
        "Lawful bases, conditions and other provisions that apply.",
        lambda p: p.state == "applies",
    ),
    _Kind(
        "not-shown",
        "Not shown: something is not stated",
        "“Not shown” is never “not allowed”: state the missing fact and look again.",
        lambda p: p.state == "not-shown",
    ),
    _Kind(
        "blocked",
        "Blocked by an exception or bar",
        "The conditions fit, and something stands in the way.",
        lambda p: p.state == "blocked",
    ),
    _Kind(
        "not-applicable",
        "Does not apply, and why",
        "Nothing here fits this disclosure on the stated facts.",
        lambda p: p.state == "not-applicable",
        folded=True,
    ),
    _Kind(
        "not-in-force",
        "Not in force on this date",
        "The conditions are shown all the same.",
        lambda p: p.state == "not-in-force",
        folded=True,
    ),
)
#: Order on the page: the answer first, guidance after the law.
_ORDER = (
    "authority", "may-apply", "restrictions", "also", "not-shown", "blocked", "guidance",
    "not-applicable", "not-in-force",
)  # fmt: skip


def groups_of(
    assessment: DisclosureAssessment, engine: Engine, nearest: Nearest, prefix: str
) -> tuple[Group, ...]:
    """Return the provisions in groups, none empty; ``prefix`` keeps ids apart on one page."""
    place = {layer: number for number, layer in enumerate(assessment.layers)}
    found: dict[str, list[ProvisionResult]] = {kind.key: [] for kind in _KINDS}
    for result in assessment.provisions:
        found[next(kind.key for kind in _KINDS if kind.fits(result))].append(result)
    kinds = {kind.key: kind for kind in _KINDS}
    shown = []
    for key in _ORDER:
        results = sorted(
            found[key],
            key=lambda p: (place.get(p.layer, len(place)), p.fallback, p.effect != "duty"),
        )
        if results:
            kind = kinds[key]
            provisions = tuple(
                provision_of(p, assessment, engine, nearest, prefix) for p in results
            )
            shown.append(
                Group(anchor(prefix, key), kind.heading, kind.intro, kind.folded, provisions)
            )
    return tuple(shown)


def provision_of(
    result: ProvisionResult, assessment: DisclosureAssessment, engine: Engine, nearest: Nearest,
    prefix: str,
) -> Provision:  # fmt: skip
    """Return one provision for the page."""
    cited = {p.id: p.citation for p in assessment.provisions}
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
        in_force=in_force_words(result.in_force),
        fallback=result.fallback,
        blocked_by=tuple(cited.get(name, name) for name in result.blocked_by),
        why_not=explain.why_not(result) if away else "",
        note=engine.table.norms[result.id].note,
        nearest=() if settled else tuple(explain.ways_sentences(nearest.of(result.id), _WAYS)),
        tables=_tables(result, assessment.strands),
    )


def state_tag(state: ProvisionState) -> Tag:
    """Return the state of a provision in words."""
    return Tag(explain.PROVISION_WORDS[state], _STATE_COLOURS[state])


def in_force_words(stretch: tuple[str | None, str | None]) -> str:
    """Return a half-open stretch of ISO dates in words; its end is the first day without."""
    start, end = stretch
    if not start:
        return "Not commenced"
    return f"In force from {day_words(start)}" + (
        f", until the end of the day before {day_words(end)}" if end else ""
    )


def strand_words(strand: Strand) -> str:
    """Return a strand as ``trust to council: notes, about infant``, in the case's own names."""
    giver, taker, item, subject = strand.id.split("/")
    return f"{giver} to {taker}: {item}" + (f", about {subject}" if subject else "")


def _tables(result: ProvisionResult, strands: Sequence[Strand]) -> tuple[ConditionTable, ...]:
    if not result.partly:
        conditions = tuple(_condition(c) for c in result.conditions)
        return (ConditionTable((), state_tag(result.state), conditions),) if conditions else ()
    alike: dict[tuple[ProvisionState, tuple[ConditionResult, ...]], list[str]] = {}
    for strand in strands:
        key = (result.by_strand[strand.id], result.conditions_by_strand[strand.id])
        alike.setdefault(key, []).append(strand_words(strand))
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
