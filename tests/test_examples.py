"""The examples load, are answered, and their records are complete."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from kg.assess import Engine, assess_case
from kg.load import load_case, load_law
from kg.validate import load_shapes, validate_case

FOLDER = Path(__file__).resolve().parents[1] / "examples"
FILES = sorted(
    path for path in FOLDER.glob("*.yaml") if path.read_text(encoding="utf-8").startswith("case:")
)


@cache
def engine() -> Engine:
    return Engine.of(load_law())


def test_collected() -> None:
    """There are examples, and the README of the folder names each."""
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(FILES) >= 3
    assert [path.name for path in FILES if f"`{path.name}`" not in readme] == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_example_is_answered(path: Path) -> None:
    """An example is named after its file, expects nothing, and every strand of it is whole."""
    case = load_case(path, engine().law)
    assert (case.name, case.expect) == (path.stem, None)
    for assessment in assess_case(case, engine()):
        assert assessment.strands
        assert all("unstated" not in strand.id for strand in assessment.strands)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_example_record_is_complete(path: Path) -> None:
    """Whoever copies an example copies a complete record."""
    case = load_case(path, engine().law)
    if any(predicate == "kg:record" for _, predicate, _ in case.triples):
        for report in validate_case(case, engine(), load_shapes()):
            assert [f"{r.rule} {r.path}" for r in report.results if r.severity == "violation"] == []


def test_examples_show_different_answers() -> None:
    """Between them the examples show more than one outcome."""
    outcomes = {
        a.outcome for path in FILES for a in assess_case(load_case(path, engine().law), engine())
    }
    assert len(outcomes) >= 2
