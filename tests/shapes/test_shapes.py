"""Every rule has examples, each example gives exactly its results, and a second engine agrees."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from kg.assess import Engine
from kg.case_keys import BLOCKS
from kg.errors import BadRequest, KgError
from kg.load import Law, load_case, load_law
from kg.load.tree import Mapping, plain, read_yaml
from kg.model import Case, RecordReport, Triple
from kg.namespaces import expand, shorten
from kg.paths import EXAMPLES as CASES
from kg.paths import SHAPES
from kg.validate import Shapes, lint_shapes, load_shapes, validate_case
from kg.validate.examples import (
    Example,
    as_yaml,
    base_files,
    example_files,
    load_example,
    passing_piece,
)
from kg.validate.graph import Raw, run_shacl
from kg.validate.shapes import shape_files

EXAMPLES = example_files()
FAILING = [path for path in EXAMPLES if path.stem.startswith("fail-")]
BASES = list(base_files().values())
MINIMUM = 140


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def shapes() -> Shapes:
    return load_shapes()


@cache
def example(path: Path) -> Example:
    return load_example(path)


def load(path: Path) -> Case:
    """Return the case of an example or of a base."""
    if path.parent.name == "_base":
        return load_case(path, engine().law)
    return example(path).case(engine().law)


@dataclass(frozen=True)
class Run:
    """One record validated once: what the validator was given, what it found, what is reported."""

    triples: tuple[Triple, ...]
    raw: tuple[Raw, ...]
    report: RecordReport


@cache
def run(path: Path) -> Run:
    """Validate a file once for all tests; of several records the last is meant."""
    seen: list[tuple[tuple[Triple, ...], tuple[Raw, ...]]] = []

    def watched(triples, graph):
        raw = list(run_shacl(triples, graph))
        seen.append((tuple(triples), tuple(raw)))
        return raw

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.validate.run_shacl", watched)
        *_, report = validate_case(load(path), engine(), shapes())
    *_, (triples, raw) = seen
    return Run(triples, raw, report)


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def rules(report: RecordReport, severity: str) -> set[str]:
    """Return the rules of a report with one severity."""
    return {result.rule for result in report.results if result.severity == severity}


def without(rule: str) -> Shapes:
    """Return the shapes with every part of one rule taken off its node shape."""
    gone = {shape for shape, one in shapes().rules.items() if one.rule == rule}
    graph = shapes().graph
    kept = tuple(t for t in graph.triples if not (t[1] == "sh:property" and t[2] in gone))
    rest = {shape: one for shape, one in shapes().rules.items() if shape not in gone}
    return Shapes(Law(kept, graph.file_of), rest)


def test_collected() -> None:
    assert len(EXAMPLES) >= MINIMUM
    assert {path.stem.partition("-")[0] for path in EXAMPLES} == {"pass", "fail"}
    folders = {path.name for path in CASES.iterdir()}
    assert {path.parent.name for path in EXAMPLES} | {"_base"} == folders


def test_every_rule_has_both_examples() -> None:
    known = {rule.rule for rule in shapes().rules.values()}
    kinds: dict[str, set[str]] = {rule: set() for rule in known}
    for path in EXAMPLES:
        kinds.setdefault(path.parent.name, set()).add(path.stem.partition("-")[0])
    assert kinds == {rule: {"pass", "fail"} for rule in known}


def test_every_part_of_a_rule_fires_somewhere() -> None:
    """A suffixed shape that no example breaks would be untested."""
    fired = {raw.shape for path in FAILING for raw in run(path).raw}
    assert set(shapes().rules) == fired


@pytest.mark.parametrize("path", BASES, ids=name)
def test_base_is_complete(path: Path) -> None:
    """Nothing is missing in a base: what an example reports comes from its own change."""
    assert run(path).report.results == ()


@pytest.mark.parametrize("path", EXAMPLES, ids=name)
def test_example(path: Path) -> None:
    expected, report = example(path), run(path).report
    assert rules(report, "violation") == expected.violations
    assert rules(report, "warning") == expected.warnings
    assert rules(report, "info") == expected.info
    assert report.complete == (not expected.violations)
    if path.stem.startswith("fail-"):
        assert expected.rule in expected.violations | expected.warnings | expected.info
    else:
        assert expected.passes


@pytest.mark.slow
@pytest.mark.parametrize("rule", sorted({path.parent.name for path in FAILING}))
def test_removing_a_rule_loses_its_results(rule: str) -> None:
    """Without the shape its failing examples lose exactly this rule: nothing else reports it."""
    reduced = without(rule)
    for path in (path for path in FAILING if path.parent.name == rule):
        *_, after = validate_case(load(path), engine(), reduced)
        assert {r for r in run(path).report.results if r.rule != rule} == set(after.results)


@pytest.mark.slow
@pytest.mark.parametrize("path", [*BASES, *EXAMPLES], ids=name)
def test_second_engine_agrees(path: Path, second_engine: Any) -> None:
    assert results(path) == second_engine.results(run(path).triples)


def test_second_engine_agrees_on_a_sample(second_engine: Any) -> None:
    """The quick run compares one failing example in eight; the slow run compares all."""
    for path in FAILING[::8]:
        assert run(path).raw
        assert results(path) == second_engine.results(run(path).triples)


def results(path: Path) -> Counter[tuple[str, str]]:
    return Counter((raw.focus, raw.shape) for raw in run(path).raw)


# --- The form of an example ---------------------------------------------------------------------


def written(tmp_path: Path, text: str) -> Path:
    """Return an example file beside a folder with one base."""
    (tmp_path / "_base").mkdir()
    base = base_files()["section-47-request"].read_text(encoding="utf-8")
    (tmp_path / "_base" / "section-47-request.yaml").write_text(base, encoding="utf-8")
    (tmp_path / "R-028").mkdir()
    path = tmp_path / "R-028" / "fail-x.yaml"
    path.write_text(text, encoding="utf-8")
    return path


GOOD = "title: A\nbase: section-47-request\nexpect:\n  violations: [R-028]\n  warnings: []\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: A\n", "", "no title"),
        ("base: section", "base: secton", "did you mean section-47-request"),
        ("expect:", "set:\n  record/outcom: null\nexpect:", "did you mean outcome"),
        ("expect:", "set:\n  disclosure/to/police/contact: null\nexpect:", "no member of “to”"),
        ("expect:", "expects:", "did you mean expect"),
        ("  warnings: []\n", "", "violations and warnings"),
        ("[R-028]", "R-028", "takes a list"),
    ],
)
def test_faulty_examples_say_why(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert load_example(written(tmp_path, GOOD)).base == "section-47-request"
    path = tmp_path / "R-028" / "fail-x.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadRequest, match=said) as caught:
        load_example(path)
    assert str(path) in str(caught.value)


def test_an_unknown_value_is_an_error(tmp_path: Path) -> None:
    text = GOOD.replace("expect:", "set:\n  record/outcome: sharde\nexpect:")
    with pytest.raises(KgError, match="did you mean shared"):
        load_example(written(tmp_path, text)).case(engine().law)


@pytest.mark.parametrize("path", BASES, ids=name)
def test_a_base_reads_back_the_same(path: Path) -> None:
    tree = read_yaml(path.read_text(encoding="utf-8"), str(path))
    assert plain(read_yaml(as_yaml(tree), "")) == plain(tree)


@pytest.mark.parametrize("rule", sorted({path.parent.name for path in EXAMPLES}))
def test_every_rule_shows_a_piece_of_a_passing_example(rule: str) -> None:
    """The piece is a part of a case file: its keys are keys of the key table."""
    piece = read_yaml(passing_piece(rule), rule)
    assert isinstance(piece, Mapping)
    assert set(piece.entries) <= {key.name for key in BLOCKS["case"].keys}


def test_shapes_are_clean() -> None:
    assert lint_shapes(SHAPES, engine().law) == []


# --- Lint ---------------------------------------------------------------------------------------


def broken(tmp_path: Path, old: str, new: str, file: str = "shared.ttl") -> str:
    """Return what lint says of a copy of the shapes with one piece of text replaced."""
    for path in shape_files():
        text = path.read_text(encoding="utf-8")
        if path.name == file:
            assert old in text
            text = text.replace(old, new, 1)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    problems = lint_shapes(tmp_path, engine().law)
    assert problems
    assert all(problem.fix for problem in problems)
    return "\n".join(str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("old", "new", "file", "said"),
    [
        ("sh:minCount 1", "sh:minCout 1", "shared.ttl", "sh:minCout"),
        ("sh:path kg:channel", "sh:path kg:chanel", "shared.ttl", "kg:chanel"),
        (
            "Class kg:ActualRecipient",
            "Class kg:ActualRecipiant",
            "shared.ttl",
            "kg:ActualRecipiant",
        ),
        ("sh:severity sh:Violation ;\n", "", "shared.ttl", "sh:severity"),
        ("{recipient}", "{recipiant}", "shared.ttl", "recipiant"),
        ("kgsh:R-025, ", "", "shared.ttl", "stands under 0 node shapes"),
        (
            "sh:in ( body:private-individual )",
            "sh:class kg:ActualRecipient",
            "shared.ttl",
            "satisfied",
        ),
        ("kg:RefusalRecord ;\n", "kg:DecisionRecord ;\n", "not-shared.ttl", "several node shapes"),
        ("subClassOf kg:RefusalRecord", "subClassOf kg:Lawful", "triggers.ttl", "kg:Lawful"),
        ("kgsh:R-151\n", "kgsh:R-951\n", "citations.ttl", "R-151"),
        ("sh:path kg:outcome ;", "sh:path kg:outcome", "decision.ttl", "cannot be read"),
    ],
)
def test_lint_finds(tmp_path: Path, old: str, new: str, file: str, said: str) -> None:
    assert said in broken(tmp_path, old, new, file)


def test_lint_names_file_and_line(tmp_path: Path) -> None:
    broken(tmp_path, "sh:minCount 1", "sh:minCout 1")
    (problem, *_) = [p for p in lint_shapes(tmp_path) if "minCout" in p.what]
    text = (tmp_path / "shared.ttl").read_text(encoding="utf-8").splitlines()
    assert problem.file == "shared.ttl"
    assert "sh:minCout" in text[problem.line - 1]


def test_lint_of_the_ontology_against_triggers() -> None:
    """A trigger class in the ontology would let a question answer itself."""
    law = Law((*engine().law.triples, ("kg:ActualRecipient", "rdfs:subClassOf", "kg:Body")))
    assert any("kg:ActualRecipient" in problem.what for problem in lint_shapes(SHAPES, law))


def test_a_record_rule_without_a_shape_is_found() -> None:
    law = Law((*engine().law.triples, ("ca1989:s47-9.called-on", "kg:recordRule", "kgsh:R-999")))
    assert any("kgsh:R-999" in problem.what for problem in lint_shapes(SHAPES, law))


def test_names_survive_the_border() -> None:
    assert shorten(expand("kgsh:R-065.unlisted")) == "kgsh:R-065.unlisted"
