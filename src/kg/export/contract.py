"""Assessments and reports as JSON: the contracts kg-assess/1, kg-why/1 and kg-validate/1 (design section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import zip_longest
from typing import Any

from kg import explain
from kg.assess import Engine
from kg.assess.nearest import Nearest, Ways
from kg.errors import KgError, Problem
from kg.load import VERSION
from kg.model import (
    ConditionResult,
    DisclosureAssessment,
    Discrepancy,
    Holds,
    LayerResult,
    OpenJudgement,
    ProvisionResult,
    RecordReport,
    RuleResult,
)


def law_json(engine: Engine) -> dict[str, str]:
    """Return version and content hash of the ontology an answer rests on."""
    return {"version": VERSION, "hash": engine.law.hash}


def errors_json(errors: Iterable[KgError]) -> list[dict[str, Any]]:
    """Return every problem of every error: what, file, line, why, fix."""
    return [_problem(problem) for error in errors for problem in error.problems]


def _problem(problem: Problem) -> dict[str, Any]:
    return asdict(problem)


def problems_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems of a check: what, file, line, why, fix."""
    return [_problem(problem) for problem in problems]


def why_json(
    assessment: DisclosureAssessment, provision: str, ways: Ways | None = None
) -> dict[str, Any]:
    """Return one provision for one disclosure, with the conditions of every strand."""
    result = assessment.provision(provision)
    assert result is not None
    return {
        "case": assessment.case,
        "file": assessment.file,
        "id": assessment.id,
        "lawDate": {"date": assessment.law_date.isoformat(), "from": assessment.law_date_from},
        "provision": provision_json(result, ways),
        "conditionsByStrand": {
            strand: [condition_json(condition) for condition in conditions]
            for strand, conditions in result.conditions_by_strand.items()
        },
    }


def condition_json(condition: ConditionResult) -> dict[str, Any]:
    """Return one condition."""
    found: dict[str, Any] = {
        "id": condition.id,
        "label": condition.label,
        "kind": condition.kind,
        "state": condition.state,
        "because": [
            {
                "path": b.path,
                "value": b.value,
                "line": b.line,
                **({"assumed": True} if b.assumed else {}),
            }
            for b in condition.because
        ],
        "missing": [
            {"path": m.path, "why": m.why, "allowed": list(m.allowed)} for m in condition.missing
        ],
        "source": condition.source,
        "rule": condition.rule,
    }
    if condition.question:
        found["question"] = condition.question.removeprefix("question:")
    if condition.note:
        found["note"] = condition.note
    return found


def ways_json(ways: Ways) -> list[dict[str, Any]]:
    """Return the minimal sets of changes for one norm, best first."""
    return [
        {
            "changes": [
                {
                    "path": change.path,
                    "needs": change.needs,
                    "allowed": list(change.allowed),
                    "kind": change.kind,
                    "now": change.now,
                    "set": change.set,
                    "norms": list(change.norms),
                }
                for change in way.changes
            ],
            "kind": way.kind,
        }
        for way in ways.ways
    ]


def provision_json(provision: ProvisionResult, ways: Ways | None = None) -> dict[str, Any]:
    """Return one norm with the conditions of the strand that decides its state.

    ``ways`` are what would have to change for it to apply; None where nobody asked.
    """
    start, end = provision.in_force
    return {
        "id": provision.id,
        "kind": provision.kind,
        "effect": provision.effect,
        "layer": provision.layer,
        "state": provision.state,
        "partly": provision.partly,
        "fallback": provision.fallback,
        "byStrand": dict(provision.by_strand),
        "citation": provision.citation,
        "label": provision.label,
        "url": provision.url,
        "inForce": {"from": start, "until": end},
        "reviewStatus": provision.review_status,
        "blockedBy": list(provision.blocked_by),
        "defeats": list(provision.defeats),
        "nearest": ways_json(ways) if ways else [],
        "nearestMore": bool(ways and ways.more),
        "conditions": [condition_json(condition) for condition in provision.conditions],
    }


def _layer(layer: LayerResult) -> dict[str, Any]:
    return {"state": layer.state, "by": list(layer.by), "note": layer.note}


def judgement_json(judgement: OpenJudgement) -> dict[str, Any]:
    """Return one question for a person, with its answer if one counts."""
    return {
        "id": judgement.id,
        "code": judgement.code,
        "question": judgement.question,
        "provision": judgement.provision,
        "role": judgement.role,
        "strands": list(judgement.strands),
        "askedOf": judgement.asked_of,
        "weigh": judgement.weigh,
        "answer": judgement.answer,
        "madeBy": judgement.made_by,
        "on": judgement.on,
    }


def _discrepancy(found: Discrepancy) -> dict[str, Any]:
    return {
        "kind": "sources",
        "id": found.id.partition(":")[2],
        "label": found.label,
        "sourceSays": found.says,
        "lawSays": found.law_says,
        "follows": found.follows,
        "reason": found.reason,
        "documents": list(found.documents),
        "places": list(found.places),
        "settled": found.settled,
        "reviewStatus": found.review_status,
        "provisions": list(found.provisions),
    }


def _holds(holds: Holds) -> dict[str, Any]:
    return {
        "from": holds.start,
        "until": holds.end,
        "opens": explain.legal_changes_sentence(holds.opens) or None,
        "closes": explain.legal_changes_sentence(holds.closes) or None,
    }


def disclosure_json(
    assessment: DisclosureAssessment, nearest: Nearest | None = None
) -> dict[str, Any]:
    """Return one disclosure of the kg-assess/1 contract; ``nearest`` adds what would have to change."""
    return {
        "case": assessment.case,
        "file": assessment.file,
        "id": assessment.id,
        "lawDate": {"date": assessment.law_date.isoformat(), "from": assessment.law_date_from},
        "regime": {"code": assessment.regime, "part3": assessment.part3},
        "outcome": assessment.outcome,
        "holds": _holds(assessment.holds) if assessment.holds else None,
        "strands": [
            {
                "id": strand.id,
                **dict(zip(("from", "to", "item", "subject"), strand.id.split("/"), strict=True)),
            }
            for strand in assessment.strands
        ],
        "layers": {name: _layer(layer) for name, layer in assessment.layers.items()},
        "provisions": [
            provision_json(one, nearest.of(one.id) if nearest and one.state != "applies" else None)
            for one in assessment.provisions
        ],
        "missing": [
            {"path": gap.path, "why": gap.why, "allowed": list(gap.allowed), "for": list(norms)}
            for gap, norms in assessment.missing
        ],
        "judgements": [judgement_json(judgement) for judgement in assessment.judgements],
        "conflicts": [asdict(conflict) for conflict in assessment.conflicts],
        "disagreements": [
            *({"kind": "guidance", **asdict(one)} for one in assessment.disagreements),
            *(_discrepancy(one) for one in assessment.discrepancies),
        ],
        "awaitingConfirmation": [one.id for one in explain.awaiting(assessment)],
        "warnings": list(assessment.warnings),
    }


def assessment_json(
    assessments: Sequence[DisclosureAssessment], engine: Engine, errors: Iterable[KgError] = (),
    nearest: Iterable[Nearest] = (),
) -> dict[str, Any]:  # fmt: skip
    """Return the whole kg-assess/1 document; ``nearest`` answers for each assessment, in their order."""
    return {
        "format": "kg-assess/1",
        "law": law_json(engine),
        "errors": errors_json(errors),
        "disclosures": [
            disclosure_json(one, near) for one, near in zip_longest(assessments, nearest)
        ],
    }


def _result(result: RuleResult) -> dict[str, Any]:
    return {
        "rule": result.rule,
        "severity": result.severity,
        "path": result.path,
        "line": result.line,
        "subject": result.subject,
        "item": result.item,
        "recipient": result.recipient,
        "message": result.message,
        "sources": list(result.sources),
        **({"policy": result.policy} if result.policy else {}),
    }


def report_json(reports: Sequence[RecordReport], errors: Iterable[KgError] = ()) -> dict[str, Any]:
    """Return the whole kg-validate/1 document."""
    return {
        "format": "kg-validate/1",
        "errors": errors_json(errors),
        "records": [
            {
                "case": report.case,
                "file": report.file,
                "id": report.id,
                "complete": report.complete,
                **({"policy": report.policy} if report.policy else {}),
                "results": [_result(result) for result in report.results],
            }
            for report in reports
        ],
    }
