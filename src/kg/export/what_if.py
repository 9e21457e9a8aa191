"""A comparison as JSON: the contract kg-what-if/1 (design section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from kg import explain
from kg.assess import Engine
from kg.errors import KgError
from kg.export.contract import condition_json, errors_json, judgement_json, law_json
from kg.model import (
    Comparison,
    ConditionChange,
    DisclosureAssessment,
    LayerResult,
    ProvisionChange,
)


def _law_date(assessment: DisclosureAssessment) -> dict[str, str]:
    return {"date": assessment.law_date.isoformat(), "from": assessment.law_date_from}


def _layer(layer: LayerResult) -> dict[str, Any]:
    return {"state": layer.state, "by": list(layer.by)}


def _condition(change: ConditionChange) -> dict[str, Any]:
    after = condition_json(change.after)
    return {**after, "before": change.before.state, "after": after.pop("state")}


def _provision(change: ProvisionChange, found: Comparison) -> dict[str, Any]:
    was, now = change.before, change.after
    start, end = now.in_force
    return {
        "id": now.id,
        "citation": now.citation,
        "label": now.label,
        "effect": now.effect,
        "layer": now.layer,
        "before": was.state,
        "after": now.state,
        "byStrand": {"before": dict(was.by_strand), "after": dict(now.by_strand)},
        "inForce": {"from": start, "until": end},
        "reviewStatus": now.review_status,
        "reason": explain.provision_change_reason(change, found),
        "conditions": [_condition(condition) for condition in change.conditions],
    }


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return what differs for one disclosure."""
    before, after = found.before, found.after
    cited = {p.id: p.citation for p in after.provisions}
    return {
        "case": after.case,
        "file": after.file,
        "id": after.id,
        "supposed": [
            {
                "path": one.path,
                "value": one.value or None,
                "before": one.before or None,
                "paths": list(one.paths),
                "readBy": list(one.read_by),
                "standing": one.standing,
            }
            for one in found.supposed
        ],
        "lawDate": {"before": _law_date(before), "after": _law_date(after)},
        "nothingChanges": found.nothing,
        "whyNothing": [
            explain.no_difference_sentence(one, [cited[name] for name in one.read_by])
            for one in found.supposed
        ]
        if found.nothing
        else [],
        "outcome": {"before": before.outcome, "after": after.outcome},
        "layers": {
            change.id: {"before": _layer(change.before), "after": _layer(change.after)}
            for change in found.layers
        },
        "provisions": [_provision(change, found) for change in found.provisions],
        "judgements": {
            "asked": [judgement_json(one) for one in found.asked],
            "fallenAway": [judgement_json(one) for one in found.fallen_away],
            "answered": [judgement_json(one) for one in found.answered],
        },
        "conflicts": {
            "new": [asdict(conflict) for conflict in found.conflicts_new],
            "gone": [asdict(conflict) for conflict in found.conflicts_gone],
        },
        "law": [change._asdict() for change in found.legal],
        "notYetInForce": [
            {"id": p.id, "citation": p.citation, "label": p.label, "from": p.in_force[0]}
            for p in found.prospective
        ],
    }


def what_if_json(
    found: Sequence[Comparison], engine: Engine, errors: Iterable[KgError] = ()
) -> dict[str, Any]:
    """Return the whole kg-what-if/1 document."""
    return {
        "format": "kg-what-if/1",
        "law": law_json(engine),
        "errors": errors_json(errors),
        "saved": False,
        "disclosures": [comparison_json(one) for one in found],
    }
