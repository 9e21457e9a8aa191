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
    holds_of,
    judgements_of,
    missing_of,
    summary_of,
)
from kg.assess.strands import StrandAssessor, groups_of
from kg.model import (
    Case,
    ConditionResult,
    Conflict,
    DisclosureAssessment,
    LayerResult,
    Outcome,
    ProvisionResult,
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


def assess_prepared(prepared: Prepared, engine: Engine) -> DisclosureAssessment:
    """Assess one prepared disclosure: equal strands once, every norm exactly once each."""
    rules = engine.compiled.rules_on(prepared.day)
    kinds = engine.kinds_on(rules)
    groups = groups_of(prepared, engine)
    skipped = {strand.node for group in groups for strand in group[1:]}
    closure = rules.close(t for t in prepared.triples if t[0] not in skipped)
    shared: dict[object, ConditionResult] = {}
    numbers: dict[object, int] = {}
    assessors = [
        (group, StrandAssessor(engine, prepared, closure, kinds, group[0], shared, numbers))
        for group in groups
    ]
    layers_by_group: list[Mapping[str, LayerResult]] = []
    outcomes: list[Outcome] = []
    fallbacks: list[frozenset[str]] = []
    conflicts: list[Conflict] = []
    for group, one in assessors:
        states = {name: one.norm(name).state for name in engine.table.norms}
        fallbacks.append(one.fallback())
        layers_by_group.append(
            strand_layers(engine.layers, engine.table, states, fallbacks[-1], one.walker, one.node)
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
        part3="yes"
        if part3 == {"kg:LawEnforcementProcessing"}
        else "no"
        if part3 == {"kg:GeneralProcessing"}
        else "unknown",
        outcome=combine_outcomes(outcomes),
        holds=holds_of(engine, prepared.day),
        strands=prepared.strands,
        layers=combine_layers(layers_by_group, engine.layers),
        provisions=provisions,
        missing=missing_of(provisions),
        judgements=tuple(judgements_of(engine, prepared, provisions)),
        conflicts=tuple(conflicts),
        disagreements=tuple(disagreements_of(engine, provisions)),
        warnings=prepared.warnings + tuple(assumptions_of(prepared)),
        title=prepared.case.title,
        summary=summary_of(prepared),
    )


def _provision(
    norm: Norm,
    assessors: list[tuple[list[Strand], StrandAssessor]],
    fallbacks: list[frozenset[str]],
) -> ProvisionResult:
    results = [(group, one.norm(norm.id)) for group, one in assessors]
    state = combine_states([r.state for _, r in results], bar=norm.effect == "bar")
    decisive = next(r for _, r in results if r.state == state)
    by_strand = {strand.id: r.state for group, r in results for strand in group}
    return ProvisionResult(
        id=norm.id, kind=norm.kind, effect=norm.effect, layer=norm.layer, state=state,
        citation=norm.citation, label=norm.label, url=norm.url,
        in_force=(norm.start or None, norm.end or None), review_status=norm.review_status,
        by_strand=by_strand, conditions=decisive.conditions,
        conditions_by_strand={strand.id: r.conditions for group, r in results for strand in group},
        partly=len({r.state for _, r in results}) > 1,
        fallback=any(norm.id in names for names in fallbacks), blocked_by=decisive.blocked_by,
    )  # fmt: skip
