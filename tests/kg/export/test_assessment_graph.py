"""An assessment as RDF says what the assessment says, in terms the ontology declares."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import explain
from kg.assess import Engine, assess_case
from kg.export.assessment_graph import (
    GRAPH_OF_LAW,
    as_nquads,
    assessment_triples,
    case_quads,
    law_quads,
)
from kg.load import Case, load_case, load_law
from kg.model import DisclosureAssessment, Lit, Triple

CASE = Path(__file__).parents[2] / "scenarios" / "SC-001.yaml"
NODE = "case:sc-001/disclosure/assessment"


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def case() -> Case:
    return load_case(CASE, engine().law)


@cache
def assessment() -> DisclosureAssessment:
    return assess_case(case(), engine())[0]


@cache
def triples() -> frozenset[Triple]:
    return frozenset(assessment_triples(assessment(), engine()))


def result_of(norm: str) -> str:
    return next(s for s, p, o in triples() if p == "kg:norm" and o == norm)


def values(subject: str, predicate: str) -> set[object]:
    return {o for s, p, o in triples() if (s, p) == (subject, predicate)}


def test_head() -> None:
    assert values(NODE, "kg:ofDisclosure") == {"case:sc-001/disclosure"}
    assert values(NODE, "kg:lawDate") == {Lit("2023-03-14", "date")}
    assert values(NODE, "kg:outcome") == {f"value:outcome-{assessment().outcome}"}


def test_every_norm_once() -> None:
    """Every norm of the graph has exactly one result, with the state of the assessment."""
    norms = [str(o) for _, p, o in assessment_triples(assessment(), engine()) if p == "kg:norm"]
    assert sorted(norms) == sorted(engine().table.norms)
    for provision in assessment().provisions:
        assert values(result_of(provision.id), "kg:state") == {f"value:provision-{provision.state}"}


def test_layers() -> None:
    for name, layer in assessment().layers.items():
        node = f"{NODE}/layer/{name}"
        assert values(node, "kg:state") == {f"value:layer-{layer.state}"}
        assert values(node, "kg:carriedBy") == set(layer.by)


def test_gateway_waits_for_the_question_of_its_exception() -> None:
    found = values(result_of("ca1989:s47-9"), "kg:openQuestion")
    assert found == {"question:help-would-be-unreasonable"}


def test_conditions_keep_their_order_and_reasons() -> None:
    result = result_of("ca1989:s47-9")
    conditions = engine().table.norms["ca1989:s47-9"].conditions
    for position, condition in enumerate(conditions, 1):
        node = f"{result}/condition/{position}"
        assert values(node, "kg:condition") == {condition}
        assert values(node, "kg:state") == {"value:condition-met"}
    reasons = values(f"{result}/condition/1", "kg:because")
    assert Lit("parties/trust/kind: NHS foundation trust", "en") in reasons


def test_every_term_is_declared() -> None:
    """Each property, class and state used has a label in the ontology."""
    law = engine().law
    used = {p for _, p, _ in triples()} | {
        str(o)
        for _, p, o in triples()
        if p in {"rdf:type", "kg:state", "kg:outcome", "kg:openQuestion", "kg:layer"}
    }
    assert [name for name in sorted(used - {"rdf:type"}) if not law.text(name, "rdfs:label")] == []


@pytest.mark.parametrize(
    ("cls", "words"),
    [
        ("kg:OutcomeState", explain.OUTCOME_WORDS),
        ("kg:LayerState", explain.LAYER_WORDS),
        ("kg:ProvisionState", explain.PROVISION_WORDS),
        ("kg:ConditionState", explain.CONDITION_WORDS),
    ],
)
def test_words_are_those_of_the_explanations(cls: str, words: dict[str, str]) -> None:
    law = engine().law
    found = {law.text(n, "skos:notation"): law.label(n) for n in law.instances(cls)}
    assert found == words


def test_quads_stand_in_graphs_of_their_own() -> None:
    graphs = {quad.graph_name.value for quad in case_quads(case(), engine())}
    base = "https://w3id.org/safeguarding-kg/case/sc-001/"
    assert graphs == {base, base + "assessment"}
    assert {quad.graph_name.value for quad in law_quads(engine().law)} == {GRAPH_OF_LAW}


def test_nquads_read_back() -> None:
    quads = list(case_quads(case(), engine()))
    again = list(ox.parse(as_nquads(quads), format=ox.RdfFormat.N_QUADS))
    assert set(again) == set(quads)
