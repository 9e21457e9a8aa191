"""The chainer against owlrl and reasonable: no differences, and a seeded difference is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import reasonable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from kg.assess import Engine
from kg.errors import Contradiction
from kg.load import Case, Law, load_case
from kg.model import FALSE, TRUE, Term, Triple
from kg.prepare import Prepared, disclosures, prepare, regime_on
from kg.reason import Compiled, compile_rules
from kg.referee import differences

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("SC-*.yaml"))


def prepared_scenarios(law: Law) -> list[Prepared]:
    cases = [load_case(path, law) for path in SCENARIOS]
    return [
        prepare(case, law, name, None, date(2026, 6, 1))
        for case in cases
        for name in disclosures(case)
    ]


def close_with_reasonable(graph: Graph) -> list[str]:
    """Close the graph with a reasoner of another make, written in another language."""
    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(graph)
    for triple in reasoner.reason():
        graph.add(triple)
    return []


@pytest.mark.slow
def test_all_scenarios(law: Law, engine: Engine) -> None:
    """Over all scenarios the chainer and reasonable find the same classes for every thing and strand."""
    prepared = prepared_scenarios(law)
    assert len(prepared) >= len(SCENARIOS) >= 14
    assert differences(prepared, engine, close_with_reasonable) == []


@pytest.mark.slow
@pytest.mark.parametrize("regime", ["kg:RegimeA", "kg:RegimeC"])
def test_one_scenario_of_a_regime(regime: str, law: Law, engine: Engine) -> None:
    """The same holds of owlrl, which takes a minute for the whole law, by the oldest law and the newest."""
    latest = {regime_on(one.day): one for one in prepared_scenarios(law)}
    assert differences([latest[regime]], engine) == []


@pytest.mark.slow
def test_generated_cases(law: Law, engine: Engine, draw_case: Callable[[int], Case]) -> None:
    """Over random cases of any key and kind, reasonable agrees as well."""
    prepared: list[Prepared] = []
    for seed in range(30):
        case = draw_case(seed)
        try:
            prepared += [prepare(case, law, name) for name in disclosures(case)]
        except Contradiction:
            continue
    assert len(prepared) >= 20
    assert differences(prepared, engine, close_with_reasonable) == []


SMALL = """
ta:s1 a kg:PowerToShare .
[ a owl:Class ; owl:intersectionOf ( ta:s1.taker ta:s1.apart ) ] rdfs:subClassOf ta:s1 .
ta:s1.taker a kg:FactCondition .
[ a owl:Restriction ; owl:onProperty kg:recipient ; owl:someValuesFrom ta:l1 ] rdfs:subClassOf ta:s1.taker .
ta:s1.apart a kg:ComputedCondition . kg:BetweenPersons rdfs:subClassOf ta:s1.apart .
ta:l1 a kg:StatutoryList .
kg:ListEntry a owl:Class .
ta:l1.council a kg:ListEntry ; kg:ofList ta:l1 ; kg:kind body:local-authority ;
    kg:inForceFrom "2010-01-01"^^xsd:date ; kg:inForceUntil "2020-01-01"^^xsd:date .
body:local-authority rdfs:subClassOf kg:Body . body:charity rdfs:subClassOf kg:Body .
"""
TRIPLES: list[Triple] = [
    ("case:x/s1", "rdf:type", "kg:Strand"),
    ("case:x/s1", "rdf:type", "kg:BetweenPersons"),
    ("case:x/s1", "kg:recipient", "case:x/c"),
    ("case:x/s2", "rdf:type", "kg:Strand"),
    ("case:x/s2", "rdf:type", "kg:BetweenPersons"),
    ("case:x/s2", "kg:recipient", "case:x/d"),
    ("case:x/c", "rdf:type", "body:local-authority"),
    ("case:x/d", "rdf:type", "body:charity"),
]
MakeLaw = Callable[..., Law]


def engine_of(law: Law, compiled: Compiled | None = None) -> Engine:
    """Return an engine of a law that has no layers; compiled rules may be put in its place."""
    found = Engine.of(law)
    return replace(found, compiled=compiled) if compiled else found


def as_prepared(
    law: Law, triples: list[Triple], day: date = date(2015, 1, 1), name: str = "x"
) -> Prepared:
    """Return a prepared disclosure that is nothing but its triples."""
    case = Case(name, "a", (), {}, {})
    return Prepared(case, None, "", day, "", (), tuple(triples), {}, (), {}, frozenset(), ())  # type: ignore[arg-type]


def test_small_law_agrees(make_law: MakeLaw) -> None:
    """On a small law the two agree on each day: before, in and after the life of a list entry."""
    law = make_law(SMALL, alone=True)
    days = [date(2009, 12, 31), date(2010, 1, 1), date(2019, 12, 31), date(2020, 1, 1)]
    assert differences([as_prepared(law, TRIPLES, day) for day in days], engine_of(law)) == []


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        ("kg:BetweenPersons rdfs:subClassOf ta:s1.apart .", "ta:s1.apart"),
        (
            "[ a owl:Restriction ; owl:onProperty kg:recipient ; owl:someValuesFrom ta:l1 ] rdfs:subClassOf ta:s1.taker .",
            "ta:s1.taker",
        ),
        ("body:local-authority rdfs:subClassOf kg:Body .", "kg:Body"),
    ],
)
def test_lost_axiom_is_found(lost: str, said: str, make_law: MakeLaw) -> None:
    """An axiom that the chainer has lost is reported, with the class and the thing."""
    law = make_law(SMALL, alone=True)
    poorer = compile_rules(make_law(SMALL.replace(lost, ""), alone=True))
    assert lost in SMALL
    found = differences([as_prepared(law, TRIPLES)], engine_of(law, poorer))
    assert any(f"the referee finds {said}," in line for line in found)
    assert not any("the chainer finds" in line for line in found)


def test_invented_axiom_is_found(make_law: MakeLaw) -> None:
    """An axiom that only the chainer has is reported the other way round."""
    law = make_law(SMALL, alone=True)
    richer = compile_rules(make_law(SMALL + "body:charity rdfs:subClassOf ta:l1 .", alone=True))
    found = differences([as_prepared(law, TRIPLES)], engine_of(law, richer))
    assert "case:x/s2: the chainer finds ta:s1, the referee does not" in found


def test_disclosures_do_not_mix(make_law: MakeLaw) -> None:
    """Disclosures that share a graph and use the same names stay apart."""
    law = make_law(SMALL, alone=True)
    other = [(s, p, "body:charity" if o == "body:local-authority" else o) for s, p, o in TRIPLES]
    one, two = as_prepared(law, TRIPLES), as_prepared(law, other)
    assert differences([one, two, one], engine_of(law)) == []


def test_inconsistency_is_reported(make_law: MakeLaw) -> None:
    """What owlrl calls inconsistent is reported in its words."""
    law = make_law(SMALL, alone=True)
    nothing = ("case:x/c", "rdf:type", "owl:Nothing")
    assert any(
        line.startswith("the referee:")
        for line in differences([as_prepared(law, [*TRIPLES, nothing])], engine_of(law))
    )


# --- random laws and cases --------------------------------------------------------------------------------

CLASSES = [f"ta:C{n}" for n in range(6)]
PROPERTIES = ["kg:p", "kg:q"]
NODES = [f"case:x/n{n}" for n in range(5)]
VALUES: list[Term] = ["value:a", "value:b", TRUE, FALSE]


def expressions() -> st.SearchStrategy[str]:
    """Return Turtle class expressions of the allowed kinds, nested."""
    named = st.sampled_from(CLASSES)
    value = st.sampled_from(["value:a", "value:b", "true", "false"])
    restriction = "[ a owl:Restriction ; owl:onProperty {} ; owl:{} {} ]".format

    def wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        parts = st.lists(inner, min_size=1, max_size=3).map(" ".join)
        return (
            parts.map("[ a owl:Class ; owl:intersectionOf ( {} ) ]".format)
            | parts.map("[ a owl:Class ; owl:unionOf ( {} ) ]".format)
            | st.builds(restriction, st.sampled_from(PROPERTIES), st.just("someValuesFrom"), inner)
            | st.builds(restriction, st.sampled_from(PROPERTIES), st.just("hasValue"), value)
            | st.builds(
                restriction,
                st.sampled_from(PROPERTIES),
                st.just("someValuesFrom"),
                st.just("owl:Thing"),
            )
        )

    return st.recursive(named, wider, max_leaves=5)


AXIOMS = st.lists(
    st.builds("{} rdfs:subClassOf {} .".format, expressions(), st.sampled_from(CLASSES)),
    min_size=1,
    max_size=8,
)
FACTS = st.lists(
    st.tuples(st.sampled_from(NODES), st.just("rdf:type"), st.sampled_from(CLASSES))
    | st.tuples(
        st.sampled_from(NODES), st.sampled_from(PROPERTIES), st.sampled_from([*NODES, *VALUES])
    ),
    max_size=14,
)


@pytest.mark.slow
@given(axioms=AXIOMS, facts=FACTS)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_random_laws(axioms: list[str], facts: list[Triple], make_law: MakeLaw) -> None:
    """On random class expressions and random facts the two find the same classes."""
    law = make_law("\n".join(axioms), alone=True)
    assert differences([as_prepared(law, facts)], engine_of(law)) == []
