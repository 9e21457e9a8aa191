"""Coverage: every provision of the register is modelled or named with a reason; the numbers are right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache

import pytest
from click.testing import CliRunner

from kg.cli import main
from kg.coverage import Coverage, coverage, coverage_json
from kg.load import Law, load_law
from kg.validate import load_shapes

TURTLE = """
@prefix register: <https://w3id.org/safeguarding-kg/register/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
ta:act a kg:Instrument ; rdfs:label "Test Act" .
ta:s1 a kg:PowerToShare ; rdfs:label "one"@en ; kg:reviewStatus "confirmed" .
ta:s2-1 a kg:DutyToShare ; rdfs:label "two"@en ; kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/2/1> .
ta:s3 a kg:StatutoryList .
ta:s3.x a kg:ListEntry ; kg:reviewStatus "to-be-confirmed" .
ta:empty a kg:Instrument .
ta:s1.c a kg:FactCondition ; kg:recordRule <https://w3id.org/safeguarding-kg/shapes#R-999> .
register:whole a kg:RegisterRow ; rdfs:label "whole" ; kg:modelledBy ta:act ; dcterms:source "here" .
register:norm a kg:RegisterRow ; kg:modelledBy ta:s1 .
register:listed a kg:RegisterRow ; kg:modelledBy ta:s3 .
register:named a kg:RegisterRow ; kg:referenceOnly "a definition"@en .
register:hollow a kg:RegisterRow ; kg:modelledBy ta:empty .
register:strange a kg:RegisterRow ; kg:modelledBy ta:nothing .
register:open a kg:RegisterRow ; rdfs:label "open" .
"""


@cache
def bundled() -> Coverage:
    return coverage(load_law(), load_shapes())


@pytest.fixture
def small(make_law: Callable[..., Law]) -> Coverage:
    """Return the coverage of a small law."""
    return coverage(make_law(TURTLE, alone=False), load_shapes())


def only(found: Coverage, law_rows: set[str]) -> dict[str, str]:
    return {row.id: row.state for row in found.rows if row.id in law_rows}


def test_states(small: Coverage) -> None:
    """A row is modelled by norms or lists, named only with a reason, and missing otherwise."""
    states = {
        "whole": "modelled", "norm": "modelled", "listed": "modelled", "named": "reference-only",
        "hollow": "missing", "strange": "missing", "open": "missing",
    }  # fmt: skip
    assert only(small, set(states)) == states
    rows = {row.id: row for row in small.rows}
    assert rows["whole"].norms == ("ta:s1", "ta:s2-1")
    assert rows["listed"].lists == ("ta:s3",)
    assert rows["named"].reason == "a definition"
    assert rows["whole"].source == "here"


def test_review_status(small: Coverage) -> None:
    """Norms and entries are counted by review status; one without a status awaits confirmation."""
    assert small.norms == {"confirmed": 1, "to-be-confirmed": 1}
    assert small.entries == {"confirmed": 0, "to-be-confirmed": 1}
    (awaiting,) = small.awaiting
    assert (awaiting.id, awaiting.citation) == ("ta:s2-1", "Test Act, s 2(1)")
    assert awaiting.source.endswith("/section/2/1")


def test_rules(small: Coverage) -> None:
    """A rule that a condition names and no shape checks is listed with the reason."""
    assert small.rules_without_shape["R-999"] == "a condition names it, and no shape checks it"
    assert "R-151" in small.rules
    assert not set(small.rules) & set(small.rules_without_shape)


def test_nothing_is_missing() -> None:
    """Every provision of the register is modelled, or named for reference only with a reason."""
    assert [row.id for row in bundled().of_state("missing")] == []
    for row in bundled().of_state("reference-only"):
        assert len(row.reason.split()) >= 5, row.id


def test_the_register_is_whole() -> None:
    """The register holds every provision that the sources name, once, with label and source."""
    rows = bundled().rows
    assert len({row.id for row in rows}) == len(rows) >= 150
    assert all(row.label and row.source for row in rows)
    assert all(re.fullmatch(r"[a-z0-9.-]+", row.id) for row in rows)


def test_numbers_add_up() -> None:
    """The counts by review status are those of the law."""
    law = load_law()
    assert sum(bundled().norms.values()) == len(law.norms)
    assert bundled().norms["to-be-confirmed"] == len(bundled().awaiting)
    behind = {norm for row in bundled().rows for norm in row.norms}
    assert behind | set(bundled().unlisted) == set(law.norms)


def test_json_contract() -> None:
    """`kg coverage --json` prints kg-coverage/1 with every key of the documentation."""
    result = CliRunner().invoke(main, ["coverage", "--json"])
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert document == json.loads(json.dumps(coverage_json(bundled(), load_law())))
    assert document["format"] == "kg-coverage/1"
    assert set(document) == {
        "format", "law", "summary", "provisions", "awaitingConfirmation", "normsOutsideTheRegister", "rules",
    }  # fmt: skip
    assert set(document["provisions"][0]) == {
        "id", "label", "state", "norms", "lists", "reason", "source",
    }  # fmt: skip
    summary = document["summary"]
    assert summary["modelled"] + summary["referenceOnly"] + summary["missing"] == len(
        document["provisions"]
    )


def test_text() -> None:
    """`kg coverage` prints the numbers first, then each provision and what awaits confirmation."""
    result = CliRunner().invoke(main, ["coverage"])
    assert result.exit_code == 0, result.output
    words = " ".join(result.stdout.split())
    for row in bundled().rows:
        assert f"{row.id}: " in words, row.id
    for heading in ("Modelled with conditions", "Named for reference only", "Norms that await"):
        assert heading in result.stdout
