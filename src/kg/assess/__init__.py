"""From engaged to assessed: in force, defeat, judgements, layers. The only place with negation.

Source: case-model section 4; design section 2 and the JSON contract of section 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kg.assess.engine import Engine
from kg.assess.layers import (
    combine_layers,
    combine_outcomes,
    combine_states,
    outcome_of,
    strand_layers,
)
from kg.assess.norms import Norm, citation_of, citation_path
from kg.assess.open_points import (
    assumptions_of,
    disagreements_of,
    discrepancies_of,
    judgements_of,
    missing_of,
    summary_of,
)
from kg.assess.strands import StrandAssessor, StrandAssessors, groups_of
from kg.errors import Contradiction, Problem
from kg.model import (
    Case,
    ConditionResult,
    Conflict,
    DisclosureAssessment,
    LayerResult,
    Outcome,
    ProvisionResult,
    ProvisionState,
    Strand,
)
from kg.prepare import Prepared, disclosures, prepare, regime_on

__all__ = ["Engine", "assess_case", "assess_prepared", "citation_of", "citation_path"]

_REGIME_CODES = {
    "kg:Before2000": "before-2000",
    "kg:RegimeA": "A",
    "kg:RegimeB1": "B1",
    "kg:RegimeB2": "B2",
    "kg:RegimeC": "C",
}


def assess_case(
    case: Case, engine: Engine, as_at: date | None = None, today: date | None = None
) -> list[DisclosureAssessment]:
    """Assess every disclosure of a case.

    ``as_at`` fixes the law date for all; without it each disclosure has its own (design section 2).

    Raises: Contradiction.
    """
    return [
        assess_prepared(prepare(case, engine.law, name, as_at, today), engine)
        for name in disclosures(case)
    ]


def assess_prepared(
    prepared: Prepared, engine: Engine, *, every_gap: bool = True
) -> DisclosureAssessment:
    """Assess one prepared disclosure: equal strands once, every norm exactly once each.

    Without ``every_gap`` the missing facts of strands that are alike are named for one of them only.

    Raises: Contradiction when a thing is of two kinds that exclude each other.
    """
    groups = groups_of(prepared, engine)
    assessors = _assessors(prepared, engine, groups)
    if every_gap and len(groups) < len(prepared.strands):
        apart = [part for group, one in assessors for part in _told_apart(group, one, prepared)]
        if len(apart) > len(groups):
            assessors = _assessors(prepared, engine, apart)
    layers_by_group: list[Mapping[str, LayerResult]] = []
    outcomes: list[Outcome] = []
    fallbacks: list[frozenset[str]] = []
    conflicts: list[Conflict] = []
    for group, one in assessors:
        states = {name: one.norm(name).state for name in engine.table.norms}
        fallbacks.append(one.fallback())
        layers_by_group.append(
            strand_layers(
                engine.layers, engine.norms_of_layer, states, fallbacks[-1], one.walker, one.node
            )
        )
        clash = list(one.conflicts(group[0]))
        conflicts += clash
        outcomes.append(outcome_of(layers_by_group[-1], conflict=bool(clash)))
    provisions = tuple(
        _provision(norm, assessors, fallbacks) for norm in engine.table.norms.values()
    )
    part3 = {
        c.cls
        for (_, dimension), c in prepared.computed.items()
        if dimension == "kg:LawEnforcementTest"
    }
    facts = prepared.facts
    return DisclosureAssessment(
        case=prepared.case.name,
        file=prepared.case.file,
        id=facts.local(prepared.disclosure),
        law_date=prepared.day,
        law_date_from=prepared.day_from,
        regime=_REGIME_CODES[regime_on(prepared.day)],
        regime_label=engine.law.label(regime_on(prepared.day)),
        part3="yes"
        if part3 == {"kg:LawEnforcementProcessing"}
        else "no"
        if part3 == {"kg:GeneralProcessing"}
        else "unknown",
        outcome=combine_outcomes(outcomes),
        strands=prepared.strands,
        layers=combine_layers(layers_by_group, engine.layers),
        provisions=provisions,
        missing=missing_of(provisions),
        judgements=tuple(judgements_of(engine, prepared, provisions)),
        conflicts=tuple(conflicts),
        disagreements=tuple(disagreements_of(engine, provisions)),
        discrepancies=tuple(discrepancies_of(engine, provisions)),
        warnings=prepared.warnings + tuple(assumptions_of(prepared)),
        title=prepared.case.title,
        summary=summary_of(prepared),
        needs={
            strand.id: frozenset(n for n, layer in layers.items() if layer.state != "not-needed")
            for (group, _), layers in zip(assessors, layers_by_group, strict=True)
            for strand in group
        },
    )


def _assessors(
    prepared: Prepared, engine: Engine, groups: list[list[Strand]]
) -> list[tuple[list[Strand], StrandAssessor]]:
    """Close the disclosure with one strand of each group, and return the assessor of each."""
    rules = engine.compiled.rules_on(prepared.day)
    skipped = {strand.node for group in groups for strand in group[1:]}
    closure = rules.close(t for t in prepared.triples if t[0] not in skipped)
    clashes = list(closure.clashes(engine.compiled.disjoint))
    if clashes:
        raise Contradiction([_clash(prepared, *clash) for clash in clashes])
    strands = StrandAssessors(engine, prepared, closure, engine.kinds_on(rules))
    return [(group, strands.add(group[0])) for group in groups]


def _told_apart(group: list[Strand], one: StrandAssessor, prepared: Prepared) -> list[list[Strand]]:
    """Return a group in one piece, or strand by strand where a gap names a thing of its own.

    Two people of whom nothing is stated are alike, and yet two facts are missing.
    """
    facts, first = prepared.facts, group[0]
    nodes = [
        name
        for name, all_names in (
            (first.subject, {strand.subject for strand in group}),
            (first.item, {strand.item for strand in group}),
        )
        if len(all_names) > 1
    ]
    nodes += [
        part
        for name in nodes
        for term, who in (("kg:involvement", "kg:person"), ("kg:content", "kg:item"))
        for part in facts.names(prepared.disclosure, term)
        if facts.name(part, who) == name
    ]
    paths = tuple(facts.path(node) for node in nodes)
    gaps = (
        gap.path
        for norm in (one.table.norms.values() if paths else ())
        if one.norm(norm.id).state == "not-shown"
        for condition in one.conditions(norm)
        for gap in condition.missing
    )
    if any(gap == path or gap.startswith(f"{path}/") for gap in gaps for path in paths):
        return [[strand] for strand in group]
    return [group]


def _clash(prepared: Prepared, node: str, one: str, other: str) -> Problem:
    """Return the error for a thing that is of two kinds which exclude each other."""
    facts = prepared.facts
    stated = [name for name in facts.types(node) if not name.startswith("kg:")]
    lines = [facts.because(node, "rdf:type", name).line for name in stated]
    kinds = [name.partition(":")[2] for name in stated]
    return Problem(
        f"“{facts.local(node)}” cannot be both: {facts.law.label(one)}, and {facts.law.label(other)} "
        f"({facts.path(node)}/kind: {', '.join(kinds)})",
        facts.case.file,
        max(lines, default=0),
        "what the law allows depends on which of the two it is, and the program must not choose",
        "state one of them, or describe two parties",
    )


def _provision(
    norm: Norm,
    assessors: list[tuple[list[Strand], StrandAssessor]],
    fallbacks: list[frozenset[str]],
) -> ProvisionResult:
    results = [(group, one.norm(norm.id)) for group, one in assessors]
    states = [r.state for _, r in results]
    state = combine_states(states, bar=norm.effect == "bar")
    decisive = results[states.index(state)][1]
    blocked_by = decisive.blocked_by
    if blocked_by and len(results) > 1:
        blocked_by = tuple(
            sorted({name for _, r in results if r.state == state for name in r.blocked_by})
        )
    by_strand: dict[str, ProvisionState] = {}
    conditions: dict[str, tuple[ConditionResult, ...]] = {}
    for group, result in results:
        for strand in group:
            by_strand[strand.id] = result.state
            conditions[strand.id] = result.conditions
    return ProvisionResult(
        norm.id, norm.kind, norm.effect, norm.layer, state, norm.citation, norm.label, norm.url,
        (norm.start or None, norm.end or None), norm.review_status, by_strand, decisive.conditions,
        conditions, partly=len(set(states)) > 1,
        fallback=any(norm.id in names for names in fallbacks), blocked_by=blocked_by, defeats=norm.defeats,
    )  # fmt: skip
