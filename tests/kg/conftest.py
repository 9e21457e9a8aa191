"""What the tests of the core share: the bundled law, and small laws made for one test."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from kg import paths
from kg.assess import Engine
from kg.load import Case, Law, load_case_text, load_law, ontology_files, parse_turtle

PREFIXES = """\
@prefix ta: <https://w3id.org/safeguarding-kg/law/ta/> .
@prefix kg: <https://w3id.org/safeguarding-kg/ns#> .
@prefix body: <https://w3id.org/safeguarding-kg/body/> .
@prefix purpose: <https://w3id.org/safeguarding-kg/purpose/> .
@prefix info: <https://w3id.org/safeguarding-kg/info/> .
@prefix concern: <https://w3id.org/safeguarding-kg/concern/> .
@prefix consent: <https://w3id.org/safeguarding-kg/consent/> .
@prefix function: <https://w3id.org/safeguarding-kg/function/> .
@prefix question: <https://w3id.org/safeguarding-kg/question/> .
@prefix value: <https://w3id.org/safeguarding-kg/value/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

MakeLaw = Callable[[str], Law]
Load = Callable[..., Case]


@pytest.fixture(scope="session")
def law() -> Law:
    """Return the bundled law."""
    return load_law()


@pytest.fixture(scope="session")
def engine(law: Law) -> Engine:
    """Return the engine of the bundled law."""
    return Engine.of(law)


@pytest.fixture(scope="session")
def vocabularies() -> Law:
    """Return the bundled vocabularies without any Act or guidance."""
    triples = tuple(
        triple
        for path in ontology_files()
        if path.parent == paths.ONTOLOGY
        for triple in parse_turtle(path)
    )
    return Law(triples, {})


@pytest.fixture(scope="session")
def generated() -> ModuleType:
    """Return the module that draws random cases."""
    path = Path(__file__).with_name("generated.py")
    spec = importlib.util.spec_from_file_location("generated", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def draw_case(law: Law, generated: ModuleType) -> Callable[[int], Case]:
    """Return a function from a seed to a random case."""

    def draw(seed: int) -> Case:
        tree = generated.Generator(law, seed).case()
        return load_case_text(json.dumps(tree), "yaml", law, f"drawn-{seed}.yaml")

    return draw


@pytest.fixture
def make_law(tmp_path: Path, vocabularies: Law) -> MakeLaw:
    """Return a function from Turtle (without prefixes) to a law of vocabularies and that Turtle."""

    def make(turtle: str, *, alone: bool = False) -> Law:
        path = tmp_path / "test-act.ttl"
        path.write_text(PREFIXES + turtle, encoding="utf-8")
        own = tuple(parse_turtle(path))
        return Law(own if alone else vocabularies.triples + own, {})

    return make


@pytest.fixture
def load(vocabularies: Law) -> Load:
    """Return a function from a YAML text to a case; the law is that of the vocabularies unless given."""

    def read(text: str, law: Law | None = None, format_: str = "yaml") -> Case:
        return load_case_text(text, format_, law or vocabularies, "case." + format_)

    return read
