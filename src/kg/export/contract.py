"""Assessments and reports as JSON: the contracts kg-assess/1, kg-why/1 and kg-validate/1 (design section 6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from kg.assess import Engine
from kg.errors import KgError, Problem
from kg.load import VERSION
from kg.model import (
    ConditionResult,
    DisclosureAssessment,
    LayerResult,
    OpenJudgement,
    ProvisionResult,
    RecordReport,
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


def why_json(assessment: DisclosureAssessment, provision: str) -> dict[str, Any]:
    """Return one provision for one disclosure, with the conditions of every strand."""
    result = assessment.provision(provision)
    assert result is not None
    return {
        "case": assessment.case,
        "file": assessment.file,
        "id": assessment.id,
        "lawDate": {"date": assessment.law_date.isoformat(), "from": assessment.law_date_from},
        "provision": provision_json(result),
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


def provision_json(provision: ProvisionResult) -> dict[str, Any]:
    """Return one norm with the conditions of the strand that decides its state."""
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
        "nearest": [],
        "conditions": [condition_json(condition) for condition in provision.conditions],
    }


def _layer(layer: LayerResult) -> dict[str, Any]:
    return {"state": layer.state, "by": list(layer.by), "note": layer.note}


def _judgement(judgement: OpenJudgement) -> dict[str, Any]:
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


def disclosure_json(assessment: DisclosureAssessment) -> dict[str, Any]:
    """Return one disclosure of the kg-assess/1 contract."""
    return {
        "case": assessment.case,
        "file": assessment.file,
        "id": assessment.id,
        "lawDate": {"date": assessment.law_date.isoformat(), "from": assessment.law_date_from},
        "regime": {"code": assessment.regime, "part3": assessment.part3},
        "outcome": assessment.outcome,
        "holds": dict(assessment.holds),
        "strands": [
            {
                "id": strand.id,
                **dict(zip(("from", "to", "item", "subject"), strand.id.split("/"), strict=True)),
            }
            for strand in assessment.strands
        ],
        "layers": {name: _layer(layer) for name, layer in assessment.layers.items()},
        "provisions": [provision_json(provision) for provision in assessment.provisions],
        "missing": [
            {"path": gap.path, "why": gap.why, "allowed": list(gap.allowed), "for": list(norms)}
            for gap, norms in assessment.missing
        ],
        "judgements": [_judgement(judgement) for judgement in assessment.judgements],
        "conflicts": [asdict(conflict) for conflict in assessment.conflicts],
        "disagreements": [asdict(disagreement) for disagreement in assessment.disagreements],
        "warnings": list(assessment.warnings),
    }


def assessment_json(
    assessments: Sequence[DisclosureAssessment], engine: Engine, errors: Iterable[KgError] = ()
) -> dict[str, Any]:
    """Return the whole kg-assess/1 document."""
    return {
        "format": "kg-assess/1",
        "law": law_json(engine),
        "errors": errors_json(errors),
        "disclosures": [disclosure_json(assessment) for assessment in assessments],
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
                "results": [
                    {**asdict(result), "sources": list(result.sources)} for result in report.results
                ],
            }
            for report in reports
        ],
    }
