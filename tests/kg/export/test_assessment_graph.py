"""An assessment as RDF says what the assessment says, in terms the ontology declares."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg import explain
from kg.ask.assessment import changed_conditions
from kg.ask.checks import record_triples, report_triples, requirement_triples, rule_triples
from kg.ask.derived import derived_triples
from kg.assess import Engine, assess_case
from kg.export.assessment_graph import (
    GRAPH_OF_LAW,
    as_nquads,
    assessment_triples,
    case_quads,
    law_quads,
)
from kg.load import Case, load_case, load_law
from kg.model import Conflict, DisclosureAssessment, Lit, Triple
from kg.validate import load_shapes
from kg.validate.requirements import Checks
from kg.what_if import suppose

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


def validated_triples(*numbers: str) -> list[Triple]:
    """Return what questions about records read: rules, reports, and what is asked."""
    checks = Checks(engine())
    found = [*rule_triples(checks.rules, engine())]
    for number in numbers:
        one = load_case(CASE.with_name(f"SC-{number}.yaml"), engine().law)
        found += [
            *record_triples(one, engine().law),
            *report_triples(checks.reports(one)),
            *requirement_triples(one, checks.requirements(one)),
        ]
    return found


def test_every_term_about_records_is_declared() -> None:
    """Each is declared in the ontology or, what a rule says of itself, with the shapes."""
    law, shapes = engine().law, load_shapes().graph
    used = {p for _, p, _ in validated_triples("086")}
    used |= {str(o) for _, p, o in validated_triples("086") if p == "rdf:type"}
    known = (used - {"rdf:type", "rdfs:label", "dcterms:isPartOf"}) - {
        name for name in used if law.text(name, "rdfs:label") or shapes.text(name, "rdfs:label")
    }
    assert known == set()


def test_the_list_of_terms_is_closed() -> None:
    """What answers.ttl declares is what is written: no term too many, none without a writer."""
    law = engine().law
    written: set[str] = set()
    for number in ("001", "017", "054", "060"):
        found = load_case(CASE.with_name(f"SC-{number}.yaml"), law)
        for one in assess_case(found, engine()):
            for _, predicate, value in assessment_triples(one, engine()):
                written |= {predicate, str(value)} if predicate == "rdf:type" else {predicate}
    changed = suppose(CASE, {"disclosure/trigger": "own-initiative"}, engine())[0]
    supposed = [
        *assessment_triples(changed.after, engine(), supposed="disclosure/trigger=own-initiative"),
        *changed_conditions(changed, engine()),
        *derived_triples(law),
        *validated_triples("002", "013", "086"),
    ]
    for _, predicate, value in supposed:
        written |= {predicate, str(value)} if predicate == "rdf:type" else {predicate}
    kinds = {"kg:OutcomeState", "kg:LayerState", "kg:ProvisionState", "kg:ConditionState"}
    declared = {
        name
        for cls in ("owl:Class", "owl:AnnotationProperty")
        for name in law.subjects["rdf:type", cls]
        if law.file_of.get(name) == "answers.ttl"
    } - kinds
    conflict = {"kg:DutyConflict", "kg:conflict", "kg:conflictDuty", "kg:conflictProhibition"}
    assert declared - written - conflict == set()


def test_a_conflict_is_written() -> None:
    """No scenario holds one, so the assessment is given one here."""
    conflict = Conflict("ca1989:s47-9", "aja1960:s12-1", "a/b/c/d")
    found = assessment_triples(replace(assessment(), conflicts=(conflict,)), engine())
    node = f"{NODE}/conflict/1"
    assert {p for s, p, _ in found if s == node} == {
        "rdf:type", "kg:conflictDuty", "kg:conflictProhibition", "kg:strandName",
    }  # fmt: skip


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
