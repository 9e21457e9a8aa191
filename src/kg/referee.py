"""The referee: owlrl's OWL 2 RL closure of a prepared graph, compared with that of the chainer.

The chainer answers in milliseconds and is our own; owlrl is slow and independent. Both get the
same facts: logic only (types, class axioms, list entries in force), no labels and no sources.
Source: design section 2; OWL 2 Profiles section 4.3.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, URIRef

from kg.model import Lit
from kg.namespaces import BASE, expand, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from rdflib.term import Node

    from kg.assess import Engine
    from kg.load import Law
    from kg.model import Term, Triple
    from kg.prepare import Prepared
    from kg.reason import Dated

_CASE = f"{BASE}case/"
_LOGIC = {
    "rdfs:subClassOf", "owl:intersectionOf", "owl:unionOf", "owl:onProperty", "owl:someValuesFrom",
    "owl:hasValue", "owl:disjointWith", "rdf:first", "rdf:rest", "rdf:type",
}  # fmt: skip
_ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
_DATATYPES = {"date": XSD.date, "boolean": XSD.boolean, "integer": XSD.integer}


def _node(term: Term) -> Node:
    """Return our term as one of rdflib's."""
    if isinstance(term, Lit):
        datatype = _DATATYPES.get(term.type)
        if datatype:
            return Literal(term.text, datatype=datatype)
        return Literal(term.text, lang=None if term.type == "string" else term.type)
    if term.startswith("_:"):
        return BNode(term[2:])
    return URIRef(expand(term))


def _law_graph(law: Law, in_force: Iterable[Dated]) -> Graph:
    """Return the class axioms of the law; list entries in force become subclass axioms."""
    graph = Graph()
    for subject, predicate, value in law.triples:
        if predicate in _LOGIC:
            graph.add((_node(subject), _node(predicate), _node(value)))
    for entry in in_force:
        graph.add((_node(entry.kind), RDFS.subClassOf, _node(entry.list)))
    return graph


def _facts(prepared: Prepared, law: Law, number: int) -> Iterator[Triple]:
    """Yield what a rule can see of a prepared disclosure, its things renamed by the number.

    A name of a case may stand in several disclosures with different computed classes (ages on two
    days), so each disclosure gets names of its own in the merged graph.
    """

    def own(term: Term) -> Term:
        if isinstance(term, str) and term.startswith("case:"):
            return f"case:{number}/{term.removeprefix('case:')}"
        return term

    seen_by_rules = {value for _, predicate, value in law.triples if predicate == "owl:onProperty"}
    for subject, predicate, value in prepared.triples:
        if predicate == "rdf:type" or predicate in seen_by_rules:
            yield str(own(subject)), predicate, own(value)


def close_with_owlrl(graph: Graph) -> list[str]:
    """Close the graph under OWL 2 RL in place; return the inconsistencies owlrl found."""
    # Slow to import, and needed by this comparison only.
    import owlrl  # noqa: PLC0415

    closure = owlrl.OWLRL_Semantics(graph, axioms=False, daxioms=False, rdfs=False)
    try:
        closure.closure()
    except AssertionError:
        # owlrl writes its messages as subjects, which rdflib refuses; the messages are kept.
        if not closure.error_messages:
            raise
    stated = [str(message) for message in graph.objects(None, _ERROR)]
    return sorted({*map(str, closure.error_messages), *stated})


def _memberships(graph: Graph) -> dict[str, set[str]]:
    """Return the named classes of our own of every thing of a case."""
    found: dict[str, set[str]] = defaultdict(set)
    for subject, value in graph.subject_objects(RDF.type):
        name, cls = str(subject), str(value)
        if name.startswith(_CASE) and cls.startswith(BASE):
            found[shorten(name)].add(shorten(cls))
    return found


def _group(prepared: Sequence[Prepared], engine: Engine) -> Iterator[tuple[list[Dated], list[int]]]:
    """Yield the entries in force and the disclosures that share exactly these."""
    groups: dict[tuple[Dated, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(prepared):
        day = one.day.isoformat()
        groups[tuple(d for d in engine.compiled.dated if d.holds_on(day))].append(number)
    for entries, numbers in groups.items():
        yield list(entries), numbers


def merged_graph(entries: Iterable[Dated], prepared: Mapping[int, Prepared], law: Law) -> Graph:
    """Return the law with these list entries in force, and the numbered disclosures, as one graph."""
    graph = _law_graph(law, entries)
    for number, one in prepared.items():
        for subject, predicate, value in _facts(one, law, number):
            graph.add((_node(subject), _node(predicate), _node(value)))
    return graph


def differences(
    prepared: Sequence[Prepared], engine: Engine,
    close: Callable[[Graph], list[str]] = close_with_owlrl,
) -> list[str]:  # fmt: skip
    """Return where the referee and the chainer disagree on a class of a thing of a case, in words.

    ``close`` closes a graph in place and returns the inconsistencies it found. Disclosures with the same list entries in force share one graph, because owlrl's time goes
    into the law. All strands are compared, equal ones too. An inconsistency that the referee finds
    is reported as well. An empty list means full agreement.
    """
    found: list[str] = []
    for entries, numbers in _group(prepared, engine):
        graph = merged_graph(entries, {n: prepared[n] for n in numbers}, engine.law)
        found += [f"the referee: {message}" for message in close(graph)]
        theirs = _memberships(graph)
        for number in numbers:
            found += _compare(prepared[number], number, theirs, engine)
    return found


def _compare(
    prepared: Prepared, number: int, theirs: dict[str, set[str]], engine: Engine
) -> Iterator[str]:
    closure = engine.compiled.rules_on(prepared.day).close(prepared.triples)
    start = f"case:{number}/"
    named = {
        f"case:{start.removeprefix('case:')}{node.removeprefix('case:')}"
        for node in closure.types
        if node.startswith("case:")
    }
    for node in sorted(named | {name for name in theirs if name.startswith(start)}):
        name = f"case:{node.removeprefix(start)}"
        ours = {cls for cls in closure.types.get(name, ()) if expand(cls).startswith(BASE)}
        for cls in sorted(theirs.get(node, set()) - ours):
            yield f"{name}: the referee finds {cls}, the chainer does not"
        for cls in sorted(ours - theirs.get(node, set())):
            yield f"{name}: the chainer finds {cls}, the referee does not"
