"""Every scenario comes out as its expect block says: provisions, conditions, layers, judgements, records."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kg.assess import Engine, assess_case
from kg.cli import main
from kg.errors import NoRecord
from kg.load import Case, load_case, load_law
from kg.model import DisclosureAssessment
from kg.validate import load_shapes, validate_case

FILES = sorted((Path(__file__).parent / "scenarios").glob("SC-*.yaml"))
COUNT = 14


@cache
def engine() -> Engine:
    return Engine.of(load_law())


def load(path: Path) -> Case:
    return load_case(path, engine().law)


def listed(value: Any) -> list[Any]:
    """Return a list for one value or many."""
    return value if isinstance(value, list) else [value] if value else []


def test_collected() -> None:
    """Every scenario file of the folder is collected."""
    assert len(FILES) >= COUNT


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_has_expectations(path: Path) -> None:
    """A scenario without an expect block tests nothing, so it is refused."""
    expect = load(path).expect
    assert expect
    assert listed(expect.get("disclosures"))
    assert set(expect) <= {"disclosures", "records"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_assessment(path: Path) -> None:
    """The assessment of each disclosure is the expected one."""
    case = load(path)
    assert case.expect
    found = {a.id: a for a in assess_case(case, engine())}
    for expected in listed(case.expect["disclosures"]):
        assert set(expected) <= {
            "disclosure", "outcome", "provisions", "fails-on", "layers", "by-strand", "judgements", "corrected",
        }  # fmt: skip
        _compare(expected, found[expected.get("disclosure", "disclosure")])


def _compare(expected: dict[str, Any], found: DisclosureAssessment) -> None:
    states = {p.id: p for p in found.provisions}
    if "outcome" in expected:
        assert found.outcome == expected["outcome"]
    for name, state in expected.get("provisions", {}).items():
        assert (name, states[name].state) == (name, state)
    for name, conditions in expected.get("fails-on", {}).items():
        wanted = "unknown" if states[name].state == "not-shown" else "not-met"
        failed = {
            c.id.removeprefix(f"{name}.") for c in states[name].conditions if c.state == wanted
        }
        assert (name, failed) == (name, {c.removeprefix(f"{name}.") for c in listed(conditions)})
    for layer, state in expected.get("layers", {}).items():
        assert (layer, found.layers[layer].state) == (layer, state)
    for strand, by_norm in expected.get("by-strand", {}).items():
        for name, state in by_norm.items():
            assert (strand, name, states[name].by_strand[strand]) == (strand, name, state)
    if "judgements" in expected:
        assert {j.id for j in found.judgements} >= set(listed(expected["judgements"]))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_norm_once(path: Path) -> None:
    """Every norm of the graph appears exactly once for each disclosure."""
    for assessment in assess_case(load(path), engine()):
        assert sorted(p.id for p in assessment.provisions) == sorted(engine().table.norms)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_records(path: Path) -> None:
    """The violations and warnings of each record are the expected ones, over the rules that have a shape."""
    case = load(path)
    assert case.expect
    expected = case.expect.get("records", {})
    if not expected:  # “could we share this?”: a disclosure nobody has decided yet
        with pytest.raises(NoRecord):
            validate_case(case, engine(), load_shapes())
        return
    shapes = load_shapes()
    implemented = {shape.rule for shape in shapes.rules.values()}
    reports = validate_case(case, engine(), shapes)
    assert {r.id for r in reports} == set(expected)
    for report in reports:
        wanted = expected[report.id]
        for severity, key in (("violation", "violations"), ("warning", "warnings")):
            rules = {result.rule for result in report.results if result.severity == severity}
            assert (key, rules) == (key, set(listed(wanted.get(key))) & implemented)


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_commands(path: Path) -> None:
    """The commands answer on every scenario: another day's law, and why for a norm in each state."""
    runner = CliRunner()
    result = runner.invoke(main, ["assess", str(path), "--as-at", "2019-06-01"])
    assert (result.exit_code, "1 June 2019" in result.output) == (0, True), result.output
    for found in assess_case(load(path), engine()):
        one_of_each = {p.state: p.id for p in found.provisions}
        for norm in one_of_each.values():
            result = runner.invoke(main, ["why", str(path), norm, "--disclosure", found.id])
            assert result.exit_code == 0, result.output
            assert found.provision(norm).citation.split(",")[0] in result.output.replace("\n", " ")  # type: ignore[union-attr]
