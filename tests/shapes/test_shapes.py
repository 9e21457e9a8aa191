"""Every rule has examples, each example gives exactly its results, and a second engine agrees."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kg.assess import Engine
from kg.case_keys import BLOCKS
from kg.load import Case, Law, load_case, load_law
from kg.load.tree import Mapping, Sequence, Tree, read_yaml
from kg.model import RecordReport
from kg.namespaces import expand, shorten
from kg.paths import SHAPES
from kg.validate import Shapes, data_graph, lint_shapes, load_shapes, validate_case
from kg.validate.graph import run_shacl, to_rdflib
from kg.validate.shapes import shape_files

CASES = Path(__file__).parent / "cases"
EXAMPLES = sorted(CASES.glob("*/*.yaml"))
FAILING = [path for path in EXAMPLES if path.stem.startswith("fail-")]
MINIMUM = 140


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def shapes() -> Shapes:
    return load_shapes()


def load(path: Path) -> Case:
    return load_case(path, engine().law)


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def sets(report: RecordReport) -> dict[str, set[str]]:
    """Return the rules of a report by severity."""
    return {
        key: {result.rule for result in report.results if result.severity == severity}
        for severity, key in (("violation", "violations"), ("warning", "warnings"))
    }


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


def test_every_rule_has_both_examples() -> None:
    rules = {rule.rule for rule in shapes().rules.values()}
    assert rules == {path.name for path in CASES.iterdir()}
    for rule in rules:
        kinds = {path.stem.partition("-")[0] for path in (CASES / rule).glob("*.yaml")}
        assert (rule, kinds) == (rule, {"pass", "fail"})


def test_every_part_of_a_rule_fires_somewhere() -> None:
    """A suffixed shape that no example breaks would be untested."""
    fired: set[str] = set()
    for path in FAILING:
        for graph in data_graph(load(path), engine(), shapes()):
            fired |= {raw.shape for raw in run_shacl(graph.triples, shapes().rdf)}
    assert set(shapes().rules) == fired


@pytest.mark.parametrize("path", EXAMPLES, ids=name)
def test_example(path: Path) -> None:
    case = load(path)
    assert case.expect
    for report in validate_case(case, engine(), shapes()):
        expected = {key: set(value) for key, value in case.expect["records"][report.id].items()}
        assert sets(report) == expected
        assert report.complete == (not expected["violations"])
    if path.stem.startswith("fail-"):
        assert path.parent.name in expected["violations"] | expected["warnings"]
    else:
        assert not expected["violations"] | expected["warnings"]


@pytest.mark.slow
@pytest.mark.parametrize("rule", sorted({path.parent.name for path in FAILING}))
def test_removing_a_rule_loses_its_results(rule: str) -> None:
    """Without the shape its failing examples lose exactly this rule: nothing else reports it."""
    reduced = without(rule)
    for path in (path for path in FAILING if path.parent.name == rule):
        (before,) = validate_case(load(path), engine(), shapes())
        (after,) = validate_case(load(path), engine(), reduced)
        assert {r for r in before.results if r.rule != rule} == set(after.results)


def second_opinion(path: Path) -> Iterator[tuple[set[tuple[str, str]], set[tuple[str, str]]]]:
    """Yield (focus node, source shape) as pyshacl and as pyrudof see them."""
    import pyrudof

    turtle = shapes().rdf.serialize(format="nt")
    for graph in data_graph(load(path), engine(), shapes()):
        first = {(raw.focus, raw.shape) for raw in run_shacl(graph.triples, shapes().rdf)}
        other = pyrudof.Rudof(pyrudof.RudofConfig())
        other.read_data(to_rdflib(graph.triples).serialize(format="nt"))
        other.read_shacl(turtle)
        entries = other.validate_shacl()
        yield first, {(shorten(one.focus_node), shorten(one.source_shape)) for one in entries}


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=name)
def test_second_engine_agrees(path: Path) -> None:
    for first, second in second_opinion(path):
        assert first == second


def test_second_engine_agrees_on_a_sample() -> None:
    """The quick run compares one failing example in eight; the slow run compares all."""
    for path in FAILING[::8]:
        for first, second in second_opinion(path):
            assert first
            assert first == second


def test_shapes_are_clean() -> None:
    assert lint_shapes(SHAPES, engine().law) == []


def test_examples_in_the_shapes_use_known_keys() -> None:
    """The piece of a case file that explains a rule is written in keys of the case file."""
    known = {key.name for block in BLOCKS.values() for key in block.keys}
    named = {"trust", "notes", "council"}

    def keys(tree: Tree) -> set[str]:
        if isinstance(tree, Mapping):
            return set(tree.entries) | {k for value in tree.entries.values() for k in keys(value)}
        return (
            {k for member in tree.members for k in keys(member)}
            if isinstance(tree, Sequence)
            else set()
        )

    shown = [rule for rule in shapes().rules.values() if rule.example]
    assert shown
    for rule in shown:
        assert keys(read_yaml(rule.example, rule.shape)) <= known | named


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
