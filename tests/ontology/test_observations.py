"""The table of 2008 is held cell by cell, with three values, and never as law."""

from __future__ import annotations

from collections import Counter
from functools import cache

from kg import paths
from kg.load import Law, load_law, parse_turtle


@cache
def law() -> Law:
    return load_law()


CELLS = list(law().instances("kg:TableObservation"))


def test_sums() -> None:
    """49 cells: 29 yes (two with a remark), 7 no, 13 blank (law-3 section 4.1)."""
    assert len(CELLS) == 49
    values = Counter(law().name(cell, "kg:value") for cell in CELLS)
    assert values == {"value:yes": 29, "value:no": 7, "value:blank": 13}
    remarks = {cell: law().text(cell, "kg:note") for cell in CELLS if law().text(cell, "kg:note")}
    assert remarks == {
        "observation:stockport-special-educational-needs-confidence": "Education Act",
        "observation:stockport-special-educational-needs-children-act": "Education Act",
    }
    assert {law().name(cell, "kg:value") for cell in remarks} == {"value:yes"}


def test_rows_and_columns() -> None:
    """Seven rows by seven columns, each pair once, and the name says which."""
    columns = list(law().instances("kg:TableColumn"))
    rows = {law().text(cell, "kg:informationType") for cell in CELLS}
    assert len(columns) == len(rows) == 7
    pairs = {(law().text(c, "kg:informationType"), law().name(c, "kg:column")) for c in CELLS}
    assert len(pairs) == 49
    for cell in CELLS:
        assert cell.endswith(law().name(cell, "kg:column").rpartition("column-")[2])


def test_cells_that_a_blank_must_not_become_no() -> None:
    """Single cells as printed: deceased and human rights is blank, deceased and data protection is no."""
    value = {
        cell.removeprefix("observation:stockport-"): law().name(cell, "kg:value") for cell in CELLS
    }
    assert value["health-deceased-human-rights"] == "value:blank"
    assert value["health-deceased-data-protection"] == "value:no"
    assert value["anonymised-computer-misuse"] == "value:yes"
    assert value["looked-after-fertility"] == "value:blank"


def test_source_and_year() -> None:
    """Each cell names document, pointer and year."""
    for cell in CELLS:
        assert law().name(cell, "kg:statedIn") == "guide:stockport2008"
        assert law().text(cell, "dcterms:source") == "S3:QRT"
        assert law().text(cell, "kg:asOf") == "2008"


def test_never_current_law() -> None:
    """No norm is among them, none has a date in force, and nothing outside the file refers to one."""
    assert not set(CELLS) & set(law().norms)
    assert not any(law().text(cell, "kg:inForceFrom") for cell in CELLS)
    own = set(parse_turtle(paths.ONTOLOGY / "observations.ttl"))
    others = {value for s, p, value in law().triples if (s, p, value) not in own}
    assert not others & set(CELLS)
