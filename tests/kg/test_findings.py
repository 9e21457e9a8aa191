"""Eras: the date of the disclosure selects the law, the date of the decision the guidance."""

from __future__ import annotations

from functools import cache

import pytest

from kg.assess import Engine
from kg.findings.eras import COMPUTED_TRIGGERS, GUIDANCE_SETS, LAW_WITH_A_START
from kg.load import load_law
from kg.load.case import read_case
from kg.load.change import changed
from kg.load.tree import Mapping, Scalar, Tree, read_yaml
from kg.validate import data_graph, load_shapes
from kg.validate.examples import base_files


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def base() -> Tree:
    path = base_files()["section-47-request"]
    return read_yaml(path.read_text(encoding="utf-8"), path.name)


def stamped(disclosed: str | None, decided: str | None) -> tuple[set[str], set[str]]:
    """Return the eras of the record and its disclosure, and the dated law in force."""
    settings: dict[str, Tree | None] = {
        path: Scalar(day, 0) if day else None
        for path, day in (("disclosure/date", disclosed), ("record/date", decided))
    }
    tree: Mapping = changed(base(), {**settings, "record/cites": None})
    case = read_case(tree, engine().law, "case.yaml", short_forms=True)
    (graph,) = data_graph(case, engine(), load_shapes())
    eras = {"kg:OldEraRecord", "kg:NewEraRecord", *COMPUTED_TRIGGERS}
    types = {str(value) for _, predicate, value in graph.triples if predicate == "rdf:type"}
    law = {str(value) for _, predicate, value in graph.triples if predicate == "kg:lawInForce"}
    return types & eras, law


@pytest.mark.parametrize(
    ("disclosed", "decided", "era", "guidance"),
    [
        ("2018-05-24", "2018-05-24", "Old", "GuidanceSet2015"),
        ("2018-05-25", "2018-05-24", "New", "GuidanceSet2015"),
        (None, "2018-05-24", "Old", "GuidanceSet2015"),
        ("2024-06-01", "2024-05-30", "New", "GuidanceSet2018"),
        ("2024-06-01", "2024-05-31", "New", "GuidanceSet2024"),
        ("2009-01-01", "2009-01-01", "Old", "GuidanceSet2008"),
        ("2007-01-01", "2007-01-01", "Old", "GuidanceSet2006"),
    ],
)
def test_eras(disclosed: str | None, decided: str, era: str, guidance: str) -> None:
    expected = {f"kg:{era}EraDisclosure", f"kg:{era}EraRecord", f"kg:{guidance}"}
    if guidance != "GuidanceSet2024":
        expected.add("kg:BeforeGuidanceSet2024")
    assert stamped(disclosed, decided)[0] == expected


def test_no_date_no_era() -> None:
    assert stamped(None, None) == (set(), set())
    assert stamped("2024-06-01", None)[0] == {"kg:NewEraDisclosure", "kg:NewEraRecord"}


@pytest.mark.parametrize(("day", "found"), [("2025-11-06", False), ("2025-11-07", True)])
def test_law_that_has_begun(day: str, found: bool) -> None:
    assert ("daa2021:s49A-1" in stamped(day, day)[1]) is found


def test_what_the_eras_name_exists() -> None:
    law = engine().law
    for name in (*GUIDANCE_SETS, *LAW_WITH_A_START):
        assert law.text(name, "kg:inForceFrom"), name
