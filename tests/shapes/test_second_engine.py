"""Two engines, one answer: pyrudof and our use of pyshacl agree on scenarios and on changed records.

The examples and bases are compared in test_shapes.py.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.assess import Engine
from kg.errors import KgError
from kg.load import Case, Law, load_case, read_text_of
from kg.load.case import read_case
from kg.load.change import changed
from kg.load.tree import Mapping, Sequence, Tree, read_yaml
from kg.model import RecordReport
from kg.validate import Shapes, validate_case
from kg.validate.examples import base_files
from kg.validate.graph import run_shacl

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("SC-*.yaml"))
BASES = base_files()
#: Changed records of the slow run, in batches that several processes can take.
BATCHES, PER_BATCH = 8, 340
#: At least so many of them must load and be compared; the rest are refused with an error.
COMPARED = 2000
QUICK = 40
#: What a record always needs, whatever else it says (R-001 to R-004), and its disclosure
#
OF_EVERY_RECORD = ("outcome", "date", "decided-by", "role")
OF_EVERY_DISCLOSURE = ("from", "items", "purpose", "trigger")
#: What no base can lose and stay complete: block and key.
OBLIGATORY = {
    *(("record", name) for name in OF_EVERY_RECORD),
    *(("disclosure", name) for name in OF_EVERY_DISCLOSURE),
    *(("disclosure", name) for name in ("to", "subjects", "date", "channel", "concern")),
    *(("receipt", name) for name in ("party", "person", "job-title", "contact")),
    *(("item", name) for name in ("description", "topic")),
    ("content", "item"),
    ("involvement", "person"),
    ("consent", "state"),
    ("concern", "level"),
}


@cache
def tree_of(path: Path) -> Mapping:
    """Return the tree of a case file without its expectations; do not change it."""
    tree = read_yaml(read_text_of(path), str(path))
    assert isinstance(tree, Mapping)
    tree.entries.pop("expect", None)
    return tree


#: The rest are disclosures that nobody has decided.
RECORDED = [path for path in SCENARIOS if "record" in tree_of(path).entries]
#: What changed records start from.
STARTS = [*BASES.values(), *RECORDED]


def read(tree: Mapping, law: Law, file: str) -> Case:
    return read_case(deepcopy(tree), law, file, short_forms=True)


def things(tree: Mapping, key: str) -> list[Tree]:
    """Return the records or disclosures of a tree."""
    node = tree.entries.get(key)
    return list(node.members) if isinstance(node, Sequence) else [node] if node else []


def obviously_lacking(tree: Mapping) -> bool:
    """Whether the one record, or the one disclosure, lacks what every one needs."""
    records, disclosures = things(tree, "record"), things(tree, "disclosure")
    if len(records) != 1 or len(disclosures) != 1:
        return False
    pairs = ((records[0], OF_EVERY_RECORD), (disclosures[0], OF_EVERY_DISCLOSURE))
    return any(
        isinstance(thing, Mapping) and not thing.entries.keys() >= set(names)
        for thing, names in pairs
    )


def drawn(seeds: range, law: Law, mutations: ModuleType) -> Iterator[tuple[str, Mapping]]:
    """Yield a changed tree for each seed, and what was done to which file."""
    for seed in seeds:
        path = STARTS[seed % len(STARTS)]
        tree, done = mutations.Mutator(law, seed).mutated(tree_of(path))
        yield f"seed {seed}: {path.stem}: {'; '.join(done)}", tree


def compared(
    seeds: range,
    engine: Engine,
    shapes: Shapes,
    mutations: ModuleType,
    second: ModuleType,
    second_engine: Any,
) -> Counter[str]:
    """Compare the engines on a changed record for each seed; return what was counted."""
    count: Counter[str] = Counter()
    for words, tree in drawn(seeds, engine.law, mutations):
        try:
            runs = second.runs(read(tree, engine.law, words), engine, shapes)
        except KgError:  # and nothing else may be raised
            count["refused"] += 1
            continue
        if obviously_lacking(tree):
            count["lacking"] += 1
            assert not any(run.report.complete for run in runs), words
        for run in runs:
            assert run.results == second_engine.results(run.triples), words
            count["compared"] += 1
            count["with results"] += bool(run.raw)
            count["complete"] += run.report.complete
    return count


def test_collected(mutations: ModuleType) -> None:
    assert len(RECORDED) >= 75
    assert len(BASES) >= 20
    assert all(len(list(mutations.spots(tree_of(path)))) >= 10 for path in STARTS)


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_scenarios(
    path: Path, engine: Engine, shapes: Shapes, second: ModuleType, second_engine: Any,
    record_property: Any,
) -> None:  # fmt: skip
    """Every record of every scenario."""
    runs = second.runs(load_case(path, engine.law), engine, shapes)
    assert len(runs) == len(things(tree_of(path), "record"))
    for run in runs:
        assert run.results == second_engine.results(run.triples)
    record_property("Two engines: records of scenarios compared", len(runs))


def test_a_sample_of_changed_records(
    engine: Engine, shapes: Shapes, mutations: ModuleType, second: ModuleType, second_engine: Any
) -> None:
    count = compared(range(QUICK), engine, shapes, mutations, second, second_engine)
    assert count["compared"] >= QUICK / 2
    assert count["with results"] >= QUICK / 4


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
def test_changed_records(
    batch: int, engine: Engine, shapes: Shapes, mutations: ModuleType, second: ModuleType,
    second_engine: Any, record_property: Any,
) -> None:  # fmt: skip
    """Equal results on every changed record; none complete without what each needs; no traceback."""
    first = 1000 + batch * PER_BATCH
    seeds = range(first, first + PER_BATCH)
    count = compared(seeds, engine, shapes, mutations, second, second_engine)
    assert count["compared"] >= COMPARED / BATCHES
    assert count["with results"] >= COMPARED / BATCHES / 2
    assert count["complete"]
    assert count["lacking"]
    for name in ("compared", "with results", "complete", "refused", "lacking"):
        record_property(f"Two engines: changed records {name}", count[name])


@pytest.mark.parametrize(
    "name",
    [
        name if name == "section-47-request" else pytest.param(name, marks=pytest.mark.slow)
        for name in BASES
    ],
)
def test_never_complete_without(
    name: str, engine: Engine, shapes: Shapes, mutations: ModuleType, record_property: Any
) -> None:
    """Each thing that is obligatory, taken out of a complete record, is missed or refused."""
    tree = tree_of(BASES[name])
    places = [
        spot.path
        for spot in mutations.spots(tree)
        if (spot.block, spot.key.name) in OBLIGATORY and not spot.member
    ]
    assert len(places) >= len(OF_EVERY_RECORD) + len(OF_EVERY_DISCLOSURE) + 3
    for place in places:
        without = changed(tree, {place: None})
        try:
            reports = validate_case(read(without, engine.law, place), engine, shapes)
        except KgError:
            continue
        assert not any(report.complete for report in reports), place
    record_property("Records never complete without an obligatory key: tried", len(places))


def test_the_comparison_can_fail(engine: Engine, shapes: Shapes, second: ModuleType) -> None:
    """A second engine that lacks one rule differs on a record that breaks it, and on no complete one."""
    gone = ("sh:property", "kgsh:R-003")
    kept = tuple(t for t in shapes.graph.triples if t[1:] != gone)
    assert len(kept) == len(shapes.graph.triples) - 1
    lame = second.SecondEngine(Shapes(Law(kept, shapes.graph.file_of), shapes.rules))
    tree = tree_of(BASES["section-47-request"])
    for place, equal in (("record/case-file", True), ("record/decided-by", False)):
        without = read(changed(tree, {place: None}), engine.law, place)
        (run,) = second.runs(without, engine, shapes)
        assert run.raw
        assert (run.results == lame.results(run.triples)) is equal


def found(report: RecordReport) -> Counter[tuple[str, str, str]]:
    return Counter((one.severity, one.focus, one.shape) for one in report.results)


SAMPLE = range(5000, 5030)


def test_the_selection_of_shapes_changes_nothing(
    engine: Engine, shapes: Shapes, mutations: ModuleType, second: ModuleType
) -> None:
    """The shapes selected for a record give what all shapes give."""
    count = 0
    for words, tree in drawn(SAMPLE, engine.law, mutations):
        try:
            runs = second.runs(read(tree, engine.law, words), engine, shapes)
        except KgError:
            continue
        for run in runs:
            assert list(run.raw) == run_shacl(run.triples, shapes.rdf), words
            assert len(shapes.rdf_for(run.triples)) < len(shapes.rdf)
            count += bool(run.raw)
    assert count >= len(SAMPLE) / 3


def test_the_order_of_triples_changes_nothing(
    engine: Engine, shapes: Shapes, mutations: ModuleType
) -> None:
    """A case whose facts come in another order gets the same results, or the same refusal."""
    count = 0
    for words, tree in drawn(SAMPLE, engine.law, mutations):
        try:
            case = read(tree, engine.law, words)
            reports = validate_case(case, engine, shapes)
        except KgError:
            continue
        facts = list(case.triples)
        random.Random(len(facts)).shuffle(facts)
        again = validate_case(replace(case, triples=tuple(facts)), engine, shapes)
        assert {one.id: (one.complete, found(one)) for one in reports} == {
            one.id: (one.complete, found(one)) for one in again
        }, words
        count += any(one.results for one in reports)
    assert count >= len(SAMPLE) / 3
