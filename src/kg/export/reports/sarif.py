"""The report as SARIF 2.1.0, which code hosts and editors show beside the file.

Source: OASIS SARIF 2.1.0; design section 6 (levels error, warning, note).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from kg.errors import KgError, Problem
from kg.load import VERSION
from kg.model import RecordReport, RuleResult
from kg.validate import Rule, Shapes

_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif_report(reports: Sequence[RecordReport], errors: Sequence[KgError], shapes: Shapes) -> str:
    """Return the report: every rule that reports once, every result with its place in the file."""
    used = dict.fromkeys(result.rule for one in reports for result in one.results)
    rules = {name: rule for rule in shapes.rules.values() if (name := rule.rule) in used}
    places = {name: number for number, name in enumerate(rules)}
    problems = [problem for error in errors for problem in error.problems]
    policies = list(dict.fromkeys(one.policy for one in reports if one.policy))
    run = {
        "tool": {
            "driver": {
                "name": "kg validate",
                "semanticVersion": f"{VERSION}.0",
                "rules": [_rule(rule) for rule in rules.values()],
            }
        },
        "results": [_result(one, result, places) for one in reports for result in one.results],
        "invocations": [
            {
                "executionSuccessful": not problems,
                "toolExecutionNotifications": [_notice(problem) for problem in problems],
            }
        ],
        "columnKind": "unicodeCodePoints",
        **({"properties": {"policies": policies}} if policies else {}),
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.rule,
        "shortDescription": {"text": rule.message},
        "fullDescription": {"text": rule.why or rule.message},
        "help": {"text": f"Applies when: {rule.applies}. Sources: {', '.join(rule.sources)}."},
        **({"properties": {"policy": rule.policy}} if rule.policy else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _location(file: str, line: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "artifactLocation": {"uri": quote(PurePath(file).as_posix() if file else "unnamed")}
    }
    if line:
        found["region"] = {"startLine": line}
    return {"physicalLocation": found}


def _result(one: RecordReport, result: RuleResult, places: dict[str, int]) -> dict[str, Any]:
    location = _location(one.file, result.line)
    location["logicalLocations"] = [
        {"name": one.id, "fullyQualifiedName": f"{one.case}/{result.path}"}
    ]
    return {
        "ruleId": result.rule,
        "ruleIndex": places[result.rule],
        "level": _LEVELS[result.severity],
        "message": {"text": result.message},
        "locations": [location],
        **({"properties": {"policy": result.policy}} if result.policy else {}),
    }


def _notice(problem: Problem) -> dict[str, Any]:
    return {
        "level": "error",
        "message": {"text": str(problem)},
        "locations": [_location(problem.file, problem.line)],
    }
