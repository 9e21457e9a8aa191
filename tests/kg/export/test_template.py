"""The table to fill in: made from key table and shapes; its sample is complete in both formats."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from kg.assess import Engine
from kg.case_keys import BLOCKS
from kg.cli import main
from kg.errors import KgError
from kg.export.template import SAMPLES, fields, sample_rows
from kg.load import load_case
from kg.load.table import resolve, table_cases
from kg.validate import load_shapes
from kg.validate.examples import base_files


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_sample_is_complete(tmp_path: Path, ending: str) -> None:
    """The filled sample validates with no violation and no warning."""
    path = tmp_path / f"sample.{ending}"
    assert run("template", path, "--sample").exit_code == 0
    result = run("validate", path, "--json")
    assert result.exit_code == 0, result.output
    records = json.loads(result.stdout)["records"]
    assert [record["case"] for record in records] == list(SAMPLES)
    assert [r for record in records for r in record["results"] if r["severity"] != "info"] == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_sample_says_what_the_yaml_says(tmp_path: Path, engine: Engine, ending: str) -> None:
    """Round trip: the sample rows state exactly the triples of the cases that they were made from."""
    path = tmp_path / f"sample.{ending}"
    run("template", path, "--sample")
    for name, source in zip(SAMPLES, table_cases(path), strict=True):
        assert not isinstance(source, KgError)
        original = load_case(base_files()[name], engine.law)
        assert set(source.load(engine.law).triples) == set(original.triples)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_empty_template_holds_no_case(tmp_path: Path, ending: str) -> None:
    """The notes of a template are no cases: an unfilled one is an error, never a pass."""
    path = tmp_path / f"empty.{ending}"
    assert run("template", path, "--format", ending).exit_code == 0
    result = run("validate", path)
    assert result.exit_code == 2
    assert "nothing to validate" in " ".join(result.stderr.split())


def test_columns_follow_the_shapes(engine: Engine) -> None:
    """Every key that a rule with a shape names has a column; no column is there without a reason."""
    shapes = load_shapes()
    found = fields(engine.law, shapes)
    paths = [one.column.path for one in found]
    assert paths[0] == "case"
    assert len(set(paths)) == len(paths)
    assert all(resolve(path).path == path for path in paths)
    used = {path for row in sample_rows() for path in row}
    for one in found:
        assert (
            one.rules
            or one.column.key is None
            or one.column.path in used
            or one.column.path == "case"
        )
    named = {(one.column.key.name, one.column.key.term) for one in found if one.column.key}
    rules = {rule.rule for rule in shapes.rules.values()}
    for key in (key for block in BLOCKS.values() for key in block.keys if key.type != "block"):
        if rules & {word.strip(",") for word in key.used_by.split()}:
            assert (key.name, key.term) in named, key.name


def test_workbook_guides(tmp_path: Path, engine: Engine) -> None:
    """A workbook offers the values of each list, keeps text as text, and explains every column."""
    path = tmp_path / "t.xlsx"
    run("template", path)
    book = openpyxl.load_workbook(path)
    sheet = book["Cases"]
    headers = [cell.value for cell in sheet[1]]
    place = headers.index("record/outcome") + 1
    letters = sheet.cell(1, place).column_letter
    (offered,) = [v for v in sheet.data_validations.dataValidation if f"{letters}5" in str(v.sqref)]
    assert offered.formula1.startswith(f"=Lists!${letters}$2") or offered.formula1.startswith(
        f"Lists!${letters}$2"
    )
    values = [cell.value for cell in book["Lists"][letters] if cell.value]
    assert values[1:] == list(engine.law.vocabulary("value:OutcomeValue"))
    assert sheet.column_dimensions[letters].number_format == "@"
    assert book["Guide"].max_row == len(headers) + 1
    assert all(str(sheet.cell(row, 1).value).startswith("#") for row in (2, 3, 4))


def test_no_cell_of_a_template_is_a_formula(tmp_path: Path) -> None:
    """No cell begins with a sign that a spreadsheet program would calculate."""
    run("template", tmp_path / "t.csv", "--sample")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle))
    assert len(rows) > 5
    assert not [
        cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}
    ]
    run("template", tmp_path / "t.xlsx", "--sample")
    cells = [
        c for sheet in openpyxl.load_workbook(tmp_path / "t.xlsx") for row in sheet for c in row
    ]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize(
    "words", [["t.txt"], ["t.csv", "--format", "xlsx"], ["no/such/t.csv"], ["there.csv"]]
)
def test_files_that_cannot_be_written(tmp_path: Path, words: list[str]) -> None:
    """Another ending, a missing folder, or a file that is there: exit 2, and nothing is overwritten."""
    (tmp_path / "there.csv").write_text("mine", encoding="utf-8")
    result = run("template", tmp_path / words[0], *words[1:])
    assert result.exit_code == 2
    assert "Fix:" in result.stderr
    assert (tmp_path / "there.csv").read_text(encoding="utf-8") == "mine"
