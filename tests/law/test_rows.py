"""Each row of each Act comes out as it expects, and every norm has a row that applies and a near miss."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kg.assess import Engine, assess_case
from kg.load import load_case_text, load_law
from kg.model import DisclosureAssessment

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
GIVEN = {
    "from", "to", "topic", "purpose", "date", "trigger", "request", "giver", "taker", "item", "child",
    "consent", "disclosure", "judgements", "parties", "people", "information",
}  # fmt: skip
ROW = {"row", "given", "expect", "layers", "outcome", "judgements", "by-strand", "because"}
ROWS = [
    pytest.param(row, id=f"{path.stem}: {row['row']}")
    for path in FILES
    for row in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
]


@cache
def engine() -> Engine:
    return Engine.of(load_law())


def case_of(given: dict[str, Any]) -> dict[str, Any]:
    """Return the plain case with what a row gives; null removes a key."""
    assert set(given) <= GIVEN, set(given) - GIVEN
    disclosure = {
        "from": "giver",
        "to": [{"party": "taker"}],
        "items": [{"item": "facts"}],
        "subjects": [
            {
                "person": "child",
                "consent": given.get("consent")
                or {"state": "not-sought", "reason": "asking-would-prejudice-protection"},
            }
        ],
        "purpose": {"kind": given["purpose"], "words": "as the row says"}
        if given.get("purpose")
        else None,
        "trigger": given.get("trigger", "own-initiative"),
        "request": given.get("request"),
        "concern": {"level": "possible-risk"},
        "protects": "child",
        "date": given["date"],
        "judgements": [
            {
                "question": question,
                "answer": answer,
                "by": "A. Person",
                "on": given["date"],
                "reasons": "as the row says",
            }
            for question, answer in given.get("judgements", {}).items()
        ],
        **given.get("disclosure", {}),
    }
    item = {
        "description": "what is known",
        "topic": given.get("topic", "ordinary"),
        "about": "child",
        "identifies": "yes",
        "confidential": "yes",
        **given.get("item", {}),
    }
    case = {
        "case": "row",
        "parties": {
            "giver": {"kind": given["from"], "policy-document": "yes", **given.get("giver", {})},
            "taker": {"kind": given["to"], **given.get("taker", {})},
            **given.get("parties", {}),
        },
        "people": {"child": {"age": "9", **given.get("child", {})}, **given.get("people", {})},
        "information": {"facts": item, **given.get("information", {})},
        "disclosure": disclosure,
    }
    return _without_null(case)


def _without_null(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {k: _without_null(v) for k, v in tree.items() if v not in (None, "null", [])}
    return [_without_null(v) for v in tree] if isinstance(tree, list) else tree


def assessed(row: dict[str, Any]) -> DisclosureAssessment:
    text = yaml.safe_dump(case_of(row["given"]), sort_keys=False)
    (found,) = assess_case(load_case_text(text, "yaml", engine().law, row["row"]), engine())
    return found


def test_collected() -> None:
    """Rows are found, and no two of a file share a name."""
    assert len(ROWS) >= 33
    assert len({param.id for param in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_row(row: dict[str, Any]) -> None:
    """Each provision, layer, outcome and judgement that the row names is as it expects."""
    assert set(row) <= ROW, set(row) - ROW
    found = assessed(row)
    states = {name: found.provision(name).state for name in row["expect"]}  # type: ignore[union-attr]
    assert states == row["expect"]
    for strand, expected in row.get("by-strand", {}).items():
        got = {name: found.provision(name).by_strand[strand] for name in expected}  # type: ignore[union-attr]
        assert got == expected, strand
    layers = {name: found.layers[name].state for name in row.get("layers", {})}
    assert layers == row.get("layers", {})
    assert found.outcome == row.get("outcome", found.outcome)
    assert {j.id for j in found.judgements} >= set(row.get("judgements", []))
