"""Links to foreign vocabularies lead one way, name terms that exist, and never reach an answer."""

from __future__ import annotations

from rdflib import OWL, RDF, RDFS, SKOS, Graph

from kg import paths
from kg.check import check
from kg.load import ALIGNMENT, load_law, ontology_files, parse_turtle
from kg.namespaces import BASE, shorten

FILE = paths.ONTOLOGY / ALIGNMENT
LINKS = {RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch}
FOREIGN = (
    "http://data.europa.eu/eli/ontology#", "http://www.w3.org/ns/prov#", "http://www.w3.org/ns/org#",
    "http://data.europa.eu/m8g/", "https://w3id.org/dpv", "http://purl.org/dc/terms/",
)  # fmt: skip


def links() -> list[tuple[str, str, str]]:
    return [(str(s), str(p), str(o)) for s, p, o in Graph().parse(FILE) if p in LINKS]


def test_file_is_without_problems() -> None:
    """The checks find nothing in the file; rdflib and our own parser read the same number of triples."""
    assert [str(problem) for problem in check([FILE])] == []
    assert len(Graph().parse(FILE)) == len(list(parse_turtle(FILE)))


def test_ours_on_the_left_theirs_on_the_right() -> None:
    """Every link leads from a term of ours to one of the vocabularies chosen, each of which is used."""
    found = links()
    assert len(found) >= 40
    for ours, _, theirs in found:
        assert ours.startswith(BASE), ours
        assert theirs.startswith(FOREIGN), theirs
    assert {start for start in FOREIGN if any(o.startswith(start) for _, _, o in found)} == set(
        FOREIGN
    )


def test_nothing_but_links() -> None:
    """Nothing is equivalent to anything, imported or typed, but for the ontology header."""
    graph = Graph().parse(FILE)
    assert not list(graph.subject_objects(OWL.imports))
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    assert {p for s, p, _ in graph if s != header} == LINKS


def test_outside_the_rule_run() -> None:
    """The file is not loaded with the law: no term of another vocabulary is in it."""
    assert FILE not in ontology_files()
    targets = {shorten(o) for _, _, o in links()} - {"dcterms:source"}
    used = {term for triple in load_law().triples for term in triple if isinstance(term, str)}
    assert not targets & used


def test_never_the_other_way_round() -> None:
    """No file of the ontology puts a foreign class below one of ours."""
    for path in [*ontology_files(), FILE]:
        for subject, predicate, _ in parse_turtle(path):
            if predicate in {"rdfs:subClassOf", "rdfs:subPropertyOf"}:
                assert not subject.startswith("http"), (path.name, subject)
