"""Two answers for one disclosure compared: only what differs, each with what made it differ."""

from __future__ import annotations

from collections.abc import Iterator

from kg.assess.layers import CARRYING
from kg.model import (
    Comparison,
    ConditionChange,
    DisclosureAssessment,
    LayerChange,
    OpenJudgement,
    ProvisionChange,
    ProvisionResult,
)


def compare(before: DisclosureAssessment, after: DisclosureAssessment) -> Comparison:
    """Return what differs between two answers, made with one ontology.

    Outcome, layers, norms by state (also on single strands), judgements and conflicts are compared;
    facts behind an equal state are not. What was supposed and which changes of the law lie behind
    it is for the caller to add.
    """
    was, now = _open(before), _open(after)
    given = {(j.id, j.answer, j.made_by) for j in before.judgements if j.answer is not None}
    return Comparison(
        before,
        after,
        layers=tuple(_layers(before, after)),
        provisions=tuple(_provisions(before, after)),
        asked=tuple(j for j in after.judgements if j.answer is None and j.id not in was),
        fallen_away=tuple(
            j
            for j in before.judgements
            if j.answer is None and j.id not in now and not _answered(after, j.id)
        ),
        answered=tuple(
            j
            for j in after.judgements
            if j.answer is not None and (j.id, j.answer, j.made_by) not in given
        ),
        conflicts_new=tuple(c for c in after.conflicts if c not in before.conflicts),
        conflicts_gone=tuple(c for c in before.conflicts if c not in after.conflicts),
        prospective=tuple(_prospective(after)),
    )


def _open(assessment: DisclosureAssessment) -> set[str]:
    return {judgement.id for judgement in assessment.judgements if judgement.answer is None}


def _answered(assessment: DisclosureAssessment, question: str) -> list[OpenJudgement]:
    return [j for j in assessment.judgements if j.id == question and j.answer is not None]


def _layers(before: DisclosureAssessment, after: DisclosureAssessment) -> Iterator[LayerChange]:
    for name, was in before.layers.items():
        now = after.layers[name]
        if was.state != now.state or set(was.by) != set(now.by):
            yield LayerChange(name, was, now)


def _provisions(
    before: DisclosureAssessment, after: DisclosureAssessment
) -> Iterator[ProvisionChange]:
    for was, now in zip(before.provisions, after.provisions, strict=True):
        shared = [strand for strand in was.by_strand if strand in now.by_strand]
        moved = [strand for strand in shared if was.by_strand[strand] != now.by_strand[strand]]
        if was.state != now.state or moved:
            yield ProvisionChange(was, now, tuple(_conditions(was, now, moved or shared)))


def _conditions(
    was: ProvisionResult, now: ProvisionResult, strands: list[str]
) -> Iterator[ConditionChange]:
    """Yield the conditions whose state differs, once each; of other strands, if none is shared."""
    seen: set[str] = set()
    pairs = [
        (strand, was.conditions_by_strand[strand], now.conditions_by_strand[strand])
        for strand in strands
    ] or [("", was.conditions, now.conditions)]
    for strand, old, new in pairs:
        for one, other in zip(old, new, strict=True):
            if one.state != other.state and one.id not in seen:
                seen.add(one.id)
                yield ConditionChange(one, other, strand)


def _prospective(after: DisclosureAssessment) -> Iterator[ProvisionResult]:
    """Yield the norms that fit the facts and have not begun on the later day: they never count."""
    day = after.law_date.isoformat()
    for result in after.provisions:
        start = result.in_force[0]
        carries = result.effect in {*CARRYING, "bar"}
        if result.state == "not-in-force" and carries and (start is None or start > day):
            fits = any(
                all(c.state != "not-met" for c in conditions)
                for conditions in result.conditions_by_strand.values()
            )
            if fits:
                yield result
