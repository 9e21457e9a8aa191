"""Law, cases and assessments as RDF: what stored questions and free SPARQL read.

The law is one named graph, each case one, and each case's assessments one: GRAPH_OF_LAW,
``case:<case>/`` and ``case:<case>/assessment``. Queries read their union as the default graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from kg.ask.assessment import assessment_triples, changed_conditions
from kg.ask.derived import derived_triples
from kg.assess import Engine, assess_case
from kg.errors import BadRequest, Problem
from kg.load import Law
from kg.model import Case, Term, Triple
from kg.namespaces import BASE, PREFIXES, expand
from kg.what_if import read_changes, suppose

GRAPH_OF_LAW = BASE + "law"
_XSD = PREFIXES["xsd"]
_XSD_TYPES = {"string", "date", "boolean", "integer"}

#: Quads and N-Quads of the law by its hash: the law does not change while the program runs.
_LAW_QUADS: dict[str, list[ox.Quad]] = {}
_LAW_BYTES: dict[str, bytes] = {}


# --- Triples to quads -----------------------------------------------------------------------------


def to_oxigraph(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Return the pyoxigraph term of one of our terms.

    Raises: ValueError for a name that makes no valid IRI.
    """
    if isinstance(term, str):
        return ox.BlankNode(term[2:]) if term.startswith("_:") else ox.NamedNode(expand(term))
    if term.type in _XSD_TYPES:
        return ox.Literal(term.text, datatype=ox.NamedNode(_XSD + term.type))
    if ":" in term.type:
        return ox.Literal(term.text, datatype=ox.NamedNode(expand(term.type)))
    return ox.Literal(term.text, language=term.type)


def to_quads(triples: Iterable[Triple], graph: str) -> Iterator[ox.Quad]:
    """Yield the triples as quads of the named graph."""
    name = ox.NamedNode(expand(graph))
    for subject, predicate, value in triples:
        node = to_oxigraph(subject)
        assert not isinstance(node, ox.Literal)
        yield ox.Quad(node, ox.NamedNode(expand(predicate)), to_oxigraph(value), name)


def law_quads(law: Law) -> list[ox.Quad]:
    """Return the law as quads of GRAPH_OF_LAW, with what follows from its shape (``kg.ask.derived``)."""
    found = _LAW_QUADS.get(law.hash)
    if found is None:
        found = list(to_quads([*law.triples, *derived_triples(law)], GRAPH_OF_LAW))
        if law.hash:
            _LAW_QUADS[law.hash] = found
    return found


def law_bytes(law: Law) -> bytes:
    """Return the law as N-Quads."""
    found = _LAW_BYTES.get(law.hash)
    if found is None:
        found = as_nquads(law_quads(law))
        if law.hash:
            _LAW_BYTES[law.hash] = found
    return found


def case_quads(case: Case, engine: Engine) -> Iterator[ox.Quad]:
    """Yield a case as recorded, then the assessments of its disclosures, each in its own graph.

    Raises: Contradiction.
    """
    base = f"case:{case.name}/"
    yield from to_quads(case.triples, base)
    for assessment in assess_case(case, engine):
        yield from to_quads(assessment_triples(assessment, engine), f"{base}assessment")


def supposed_quads(case: Case, fact: str, engine: Engine) -> Iterator[ox.Quad]:
    """Yield the assessments of a case with one fact (``path=value``) supposed otherwise.

    They stand in ``case:<case>/supposition`` as ``kg:Supposition``; the case itself is not changed.

    Raises: BadRequest for a path that means nothing; CaseNotLoaded for a value no case could have.
    """
    for found in suppose(Path(case.file), read_changes([fact]), engine):
        triples = assessment_triples(found.after, engine, supposed=fact)
        triples += changed_conditions(found, engine)
        yield from to_quads(triples, f"case:{case.name}/supposition")


def as_nquads(quads: Iterable[ox.Quad]) -> bytes:
    """Return quads as N-Quads."""
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def check_names(cases: Iterable[Case]) -> None:
    """Refuse two cases of one name: their graphs would run into each other.

    Raises: BadRequest.
    """
    seen: dict[str, str] = {}
    for case in cases:
        if case.name in seen:
            raise BadRequest(
                Problem(
                    f"two of the cases are named “{case.name}” ({seen[case.name]} and {case.file})",
                    why="everything in a case is named after it, so the two would be mixed",
                    fix="rename one of them, or leave one out",
                )
            )
        seen[case.name] = case.file
