"""The chainer, rule by rule; what it refuses; its proofs, each step checked again by other means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from kg.assess import Engine
from kg.errors import BrokenGraph
from kg.load import Law, load_case_text
from kg.model import FALSE, TRUE, Lit, Triple
from kg.prepare import disclosures, prepare
from kg.reason import ASSERTED, Closure, Rules, compile_rules

MakeLaw = Callable[..., Law]
DAY = date(2020, 1, 1)


def close(law: Law, *triples: Triple, day: date = DAY) -> Closure:
    return compile_rules(law).rules_on(day).close(triples)


def a(node: str, cls: str) -> Triple:
    return (node, "rdf:type", cls)


# --- rules --------------------------------------------------------------------------------------


def test_subclass(make_law: MakeLaw) -> None:
    """A thing of a class is of every class above it, however far."""
    law = make_law("ta:A rdfs:subClassOf ta:B . ta:B rdfs:subClassOf ta:C .", alone=True)
    closure = close(law, a("x", "ta:A"))
    assert closure.has("x", "ta:C")
    assert not close(law, a("x", "ta:C")).has("x", "ta:A")


def test_subclass_circle(make_law: MakeLaw) -> None:
    """Classes that are below each other are one, and the chainer comes to an end."""
    law = make_law("ta:A rdfs:subClassOf ta:B . ta:B rdfs:subClassOf ta:A .", alone=True)
    assert close(law, a("x", "ta:A")).has("x", "ta:B")
    assert close(law, a("x", "ta:B")).has("x", "ta:A")


@pytest.mark.parametrize(("have", "met"), [("AB", True), ("A", False), ("B", False), ("", False)])
def test_and(have: str, met: bool, make_law: MakeLaw) -> None:
    """An intersection needs all of its parts."""
    law = make_law(
        "[ a owl:Class ; owl:intersectionOf ( ta:A ta:B ) ] rdfs:subClassOf ta:C .", alone=True
    )
    assert close(law, *(a("x", f"ta:{name}") for name in have)).has("x", "ta:C") is met


def test_and_of_two_things(make_law: MakeLaw) -> None:
    """The parts of an intersection must meet in one thing."""
    law = make_law(
        "[ a owl:Class ; owl:intersectionOf ( ta:A ta:B ) ] rdfs:subClassOf ta:C .", alone=True
    )
    closure = close(law, a("x", "ta:A"), a("y", "ta:B"))
    assert not closure.has("x", "ta:C")
    assert not closure.has("y", "ta:C")


@pytest.mark.parametrize(("have", "met"), [("AB", True), ("A", True), ("B", True), ("", False)])
def test_or(have: str, met: bool, make_law: MakeLaw) -> None:
    """A union needs one of its parts."""
    law = make_law("[ a owl:Class ; owl:unionOf ( ta:A ta:B ) ] rdfs:subClassOf ta:C .", alone=True)
    assert (
        close(law, a("x", "ta:D"), *(a("x", f"ta:{name}") for name in have)).has("x", "ta:C") is met
    )


SOME = (
    "[ a owl:Restriction ; owl:onProperty kg:p ; owl:someValuesFrom ta:B ] rdfs:subClassOf ta:C ."
)


def test_some(make_law: MakeLaw) -> None:
    """A thing with a value of the class is met; one whose value is of another class is not."""
    law = make_law(SOME, alone=True)
    closure = close(
        law,
        ("x", "kg:p", "y"),
        ("z", "kg:p", "w"),
        ("v", "kg:q", "y"),
        a("y", "ta:B"),
        a("w", "ta:D"),
    )
    assert [node for node in "xzv" if closure.has(node, "ta:C")] == ["x"]


@pytest.mark.parametrize("facts_first", [True, False])
def test_some_of_a_derived_class(facts_first: bool, make_law: MakeLaw) -> None:
    """A value whose class is itself derived counts, in whatever order the facts are read."""
    law = make_law(SOME + " ta:A rdfs:subClassOf ta:B . ta:C rdfs:subClassOf ta:D .", alone=True)
    facts = [("x", "kg:p", "y"), a("y", "ta:A")]
    assert close(law, *(facts if facts_first else facts[::-1])).has("x", "ta:D")


def test_some_along_a_chain(make_law: MakeLaw) -> None:
    """Restrictions nest: a value of a value."""
    law = make_law(
        "[ a owl:Restriction ; owl:onProperty kg:p ; owl:someValuesFrom [ a owl:Restriction ;"
        " owl:onProperty kg:q ; owl:someValuesFrom ta:B ] ] rdfs:subClassOf ta:C .",
        alone=True,
    )
    assert close(law, ("x", "kg:p", "y"), ("y", "kg:q", "z"), a("z", "ta:B")).has("x", "ta:C")
    assert not close(law, ("x", "kg:q", "y"), ("y", "kg:p", "z"), a("z", "ta:B")).has("x", "ta:C")


def test_some_in_a_circle(make_law: MakeLaw) -> None:
    """Things that point at each other do not keep the chainer running."""
    law = make_law(SOME + " ta:C rdfs:subClassOf ta:B .", alone=True)
    closure = close(law, ("x", "kg:p", "y"), ("y", "kg:p", "x"), ("z", "kg:p", "x"), a("y", "ta:B"))
    assert all(closure.has(node, "ta:C") for node in "xyz")


@pytest.mark.parametrize(
    ("value", "met"),
    [(TRUE, True), (FALSE, False), (Lit("true", "string"), False), (Lit("1", "boolean"), False)],
)
def test_has_value(value: Lit, met: bool, make_law: MakeLaw) -> None:
    """A value is compared as a term: true is neither the word “true” nor 1."""
    law = make_law(
        "[ a owl:Restriction ; owl:onProperty kg:p ; owl:hasValue true ] rdfs:subClassOf ta:C .",
        alone=True,
    )
    assert close(law, ("x", "kg:p", value)).has("x", "ta:C") is met


def test_has_named_value(make_law: MakeLaw) -> None:
    """A named value is met by that name under that property, and by nothing else."""
    law = make_law(
        "[ a owl:Restriction ; owl:onProperty kg:p ; owl:hasValue value:request ] rdfs:subClassOf ta:C .",
        alone=True,
    )
    closure = close(
        law,
        ("x", "kg:p", "value:request"),
        ("y", "kg:p", "value:meeting"),
        ("z", "kg:q", "value:request"),
    )
    assert [node for node in "xyz" if closure.has(node, "ta:C")] == ["x"]


@pytest.mark.parametrize("value", ["y", Lit("words", "en")])
def test_any_value(value: str | Lit, make_law: MakeLaw) -> None:
    """With owl:Thing as filler any value will do, a text too."""
    law = make_law(
        "[ a owl:Restriction ; owl:onProperty kg:p ; owl:someValuesFrom owl:Thing ] rdfs:subClassOf ta:C .",
        alone=True,
    )
    assert close(law, ("x", "kg:p", value)).has("x", "ta:C")
    assert not close(law, ("x", "kg:q", value)).has("x", "ta:C")


DATED = """
ta:s1 a kg:StatutoryList .
kg:ListEntry rdfs:label "entry"@en .
ta:s1.school a kg:ListEntry ; kg:ofList ta:s1 ; kg:kind body:school ;
    kg:inForceFrom "2010-05-01"^^xsd:date ; kg:inForceUntil "2012-02-29"^^xsd:date .
"""


@pytest.mark.parametrize(
    ("day", "listed"),
    [
        ("2010-04-30", False),
        ("2010-05-01", True),
        ("2012-02-28", True),
        ("2012-02-29", False),
        ("2012-03-01", False),
    ],
)
def test_dated_entry(day: str, listed: bool, make_law: MakeLaw) -> None:
    """An entry holds from its first day until the day before it ends, and on no other."""
    closure = close(make_law(DATED, alone=True), a("x", "body:school"), day=date.fromisoformat(day))
    assert closure.has("x", "ta:s1") is listed


def test_entry_without_start_never_holds(make_law: MakeLaw) -> None:
    """An entry without a start date is not commenced."""
    law = make_law(DATED.replace('kg:inForceFrom "2010-05-01"^^xsd:date ; ', ""), alone=True)
    assert not close(law, a("x", "body:school"), day=date(2011, 1, 1)).has("x", "ta:s1")


def test_entry_without_end_stays(make_law: MakeLaw) -> None:
    """An entry without an end date holds for ever after its start."""
    law = make_law(DATED.replace('; kg:inForceUntil "2012-02-29"^^xsd:date', ""), alone=True)
    assert close(law, a("x", "body:school"), day=date(2999, 1, 1)).has("x", "ta:s1")


def test_entry_of_a_wider_kind(make_law: MakeLaw) -> None:
    """An entry covers the kinds below its kind, and its list may lie inside another."""
    law = make_law(
        DATED + "body:nursery rdfs:subClassOf body:school . ta:s1 rdfs:subClassOf ta:s2 .",
        alone=True,
    )
    assert close(law, a("x", "body:nursery"), day=date(2011, 1, 1)).has("x", "ta:s2")


def test_rules_are_shared_between_changes(make_law: MakeLaw) -> None:
    """Days between two changes share one set of rules, and days on either side of a change do not."""
    compiled = compile_rules(make_law(DATED, alone=True))
    assert compiled.rules_on(date(2010, 5, 1)) is compiled.rules_on(date(2012, 2, 28))
    assert compiled.rules_on(date(2010, 4, 30)) is not compiled.rules_on(date(2010, 5, 1))
    assert compiled.rules_on(date(2012, 2, 28)) is not compiled.rules_on(date(2012, 2, 29))


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "turtle",
    [
        "ta:A owl:equivalentClass ta:B .",
        "ta:A owl:disjointWith [ a owl:Class ; owl:unionOf ( ta:B ta:C ) ] .",
        "ta:x owl:sameAs ta:y .",
        "kg:p rdfs:domain ta:A .",
        "kg:p rdfs:range ta:A .",
        "kg:p rdfs:subPropertyOf kg:q .",
        "kg:p owl:inverseOf kg:q .",
        "kg:p a owl:FunctionalProperty .",
        "kg:p a owl:TransitiveProperty .",
        "kg:p owl:propertyChainAxiom ( kg:q kg:r ) .",
        "<https://w3id.org/safeguarding-kg/t> owl:imports <https://example.org/> .",
        "ta:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty kg:p ; owl:someValuesFrom ta:B ] .",
        "[ a owl:Restriction ; owl:onProperty kg:p ; owl:allValuesFrom ta:B ] rdfs:subClassOf ta:C .",
        "[ a owl:Restriction ; owl:onProperty kg:p ; owl:minCardinality 1 ] rdfs:subClassOf ta:C .",
        "[ a owl:Class ; owl:complementOf ta:B ] rdfs:subClassOf ta:C .",
        "[ a owl:Class ; owl:oneOf ( ta:x ) ] rdfs:subClassOf ta:C .",
        "[ a owl:Restriction ; owl:onProperty kg:p ] rdfs:subClassOf ta:C .",
        "[ a owl:Restriction ; owl:someValuesFrom ta:B ] rdfs:subClassOf ta:C .",
        "[ a owl:Class ] rdfs:subClassOf ta:C .",
        '[ a owl:Class ; owl:intersectionOf ( ta:A "text" ) ] rdfs:subClassOf ta:C .',
        '[ a owl:Class ; owl:intersectionOf [ rdf:first ta:A ] ; rdfs:label "x" ] rdfs:subClassOf ta:C . ',
        "[ a owl:Class ; owl:intersectionOf ( ta:A ) ; owl:unionOf ( ta:B ) ] rdfs:subClassOf ta:C .",
        "[ a owl:Restriction ; owl:onProperty kg:p, kg:q ; owl:someValuesFrom ta:B ] rdfs:subClassOf ta:C .",
        "[ a owl:Restriction ; owl:onProperty kg:p ; owl:someValuesFrom ta:A, ta:B ] rdfs:subClassOf ta:C .",
        "[ a owl:Restriction ; owl:onProperty kg:p ; owl:someValuesFrom ta:A ; owl:hasValue true ] rdfs:subClassOf ta:C .",
        "[ a owl:Restriction ; owl:onProperty kg:p ; owl:hasValue true, false ] rdfs:subClassOf ta:C .",
        "[ a owl:Class ; owl:intersectionOf rdf:nil ] rdfs:subClassOf ta:C .",
    ],
)  # fmt: skip
def test_refuses(turtle: str, make_law: MakeLaw) -> None:
    """A construct the chainer does not know is refused, never skipped or half read."""
    with pytest.raises(BrokenGraph) as caught:
        compile_rules(make_law(turtle, alone=True))
    assert all(problem.what and problem.fix for problem in caught.value.problems)


# --- proofs -------------------------------------------------------------------------------------


def shape(law: Law, name: str) -> object:
    """Return an expression by its structure alone: equal expressions stand under one name."""
    if not name.startswith("_:"):
        return name
    for predicate in ("owl:intersectionOf", "owl:unionOf"):
        members = _members(law, law.name(name, predicate))
        if members:
            return predicate, tuple(shape(law, member) for member in members)
    filler = law.name(name, "owl:someValuesFrom")
    value = shape(law, filler) if filler else tuple(law.values(name, "owl:hasValue"))
    return law.name(name, "owl:onProperty"), bool(filler), value


def shapes(law: Law, pairs: set[tuple[str, str]]) -> set[tuple[str, object]]:
    return {(node, shape(law, cls)) for node, cls in pairs}


def valid(
    node: str, cls: str, closure: Closure, rules: Rules, law: Law, given: set[Triple]
) -> bool:
    """Check one step from the axioms alone, without the chainer's tables."""
    step = closure.types[node][cls]
    if step is ASSERTED:
        return a(node, cls) in given
    if not all(fact in given for fact in step.facts):
        return False
    premises = set(step.types)
    if not all(known in closure.types.get(one, {}) for one, known in premises):
        return False
    if cls.startswith("_:"):
        members = _members(law, law.name(cls, "owl:intersectionOf"))
        if members:
            return shapes(law, premises) == shapes(law, {(node, member) for member in members})
        members = _members(law, law.name(cls, "owl:unionOf"))
        if members:
            return len(premises) == 1 and shapes(law, premises) <= shapes(
                law, {(node, member) for member in members}
            )
        on, filler = law.name(cls, "owl:onProperty"), law.name(cls, "owl:someValuesFrom")
        ((subject, predicate, value),) = step.facts
        if (subject, predicate) != (node, on):
            return False
        if filler == "owl:Thing":
            return not premises
        if filler:
            return shapes(law, premises) == shapes(law, {(str(value), filler)})
        return value in law.values(cls, "owl:hasValue") and not premises
    ((one, below),) = premises
    plain = any(
        shape(law, left) == shape(law, below)
        for left in law.subjects.get(("rdfs:subClassOf", cls), ())
    )
    entries = [
        entry
        for entry in law.subjects.get(("kg:ofList", cls), ())
        if below in law.names(entry, "kg:kind")
        and law.text(entry, "kg:inForceFrom") <= rules.day
        and (not (end := law.text(entry, "kg:inForceUntil")) or rules.day < end)
    ]
    return one == node and not step.facts and (plain or bool(entries))


def _members(law: Law, start: str) -> list[str]:
    found = []
    while start and start != "rdf:nil":
        found += law.names(start, "rdf:first")
        start = law.name(start, "rdf:rest")
    return found


CASES = [
    *(Path(__file__).parents[1] / "scenarios").glob("SC-*.yaml"),
]


@pytest.mark.parametrize("path", sorted(CASES), ids=lambda path: path.stem)
def test_every_step_of_every_proof(path: Path, engine: Engine) -> None:
    """Every derived class of a scenario follows by one valid rule from what its proof names."""
    law = engine.law
    case = load_case_text(path.read_text(encoding="utf-8"), "yaml", law, path.name)
    for name in disclosures(case):
        prepared = prepare(case, law, name)
        rules = engine.compiled.rules_on(prepared.day)
        closure = rules.close(prepared.triples)
        given = set(prepared.triples)
        wrong = [
            (node, cls)
            for node, types in closure.types.items()
            for cls in types
            if not valid(node, cls, closure, rules, law, given)
        ]
        assert not wrong
        assert sum(map(len, closure.types.values())) > len(given) / 4


def test_proofs_are_well_founded(make_law: MakeLaw) -> None:
    """A proof never rests on itself, even where classes and things stand in circles."""
    law = make_law(SOME + " ta:C rdfs:subClassOf ta:B . ta:B rdfs:subClassOf ta:C .", alone=True)
    closure = close(law, ("x", "kg:p", "y"), ("y", "kg:p", "x"), a("y", "ta:B"))
    for node in "xy":
        for cls in closure.types[node]:
            _descend(closure, (node, cls), ())
    types, facts = closure.leaves("x", "ta:C")
    assert types == [("y", "ta:B")]
    assert facts == [("x", "kg:p", "y")]


def _descend(closure: Closure, typing: tuple[str, str], above: tuple[tuple[str, str], ...]) -> None:
    assert typing not in above
    for premise in closure.types[typing[0]][typing[1]].types:
        _descend(closure, premise, (*above, typing))


def test_more_facts_never_fewer_classes(engine: Engine) -> None:
    """The closure is monotone: leaving out any one fact never adds a class."""
    text = (
        "case: x\nparties:\n  t: {kind: nhs-trust}\n  c: {kind: local-authority}\npeople:\n  p: {age: 3}\n"
        "information:\n  n: {topic: health, about: p, confidential: yes}\n"
        "disclosure:\n  from: t\n  to: c\n  items: n\n  subjects: p\n  purpose: s47-enquiry\n  trigger: request\n"
        "  request: {by: c, enquiry-open: yes}\n  date: 2021-01-01\n"
    )
    case = load_case_text(text, "yaml", engine.law, "a")
    triples = prepare(case, engine.law, "case:x/disclosure").triples
    rules = engine.compiled.rules_on(date(2021, 1, 1))
    full = {(n, c) for n, types in rules.close(triples).types.items() for c in types}
    for left_out in triples:
        part = rules.close(t for t in triples if t != left_out).types
        assert {(n, c) for n, types in part.items() for c in types} <= full


def test_change_points_are_the_only_changes(engine: Engine) -> None:
    """Between two change points no list entry begins or ends."""
    compiled = engine.compiled
    for point in compiled.change_points:
        day = date.fromisoformat(point)
        on, eve = (
            {d for d in compiled.dated if d.holds_on(one.isoformat())}
            for one in (day, day - timedelta(1))
        )
        assert on != eve
