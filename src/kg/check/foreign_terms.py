"""Foreign vocabularies stand in alignment.ttl only, and link one way.

Problem: a file of the law uses a term of another vocabulary (ELI, PROV, ORG, DPV, CCCEV …), or
         alignment.ttl says more than “ours is a kind of theirs” or “ours is close to theirs”.
Why:     links into the rules would let foreign data, or a mistake of theirs, decide legal questions.
Fix:     use a term of ours and link it in alignment.ttl: ours rdfs:subClassOf, rdfs:subPropertyOf or
         skos:closeMatch theirs. Titles, notes and sources use SKOS and DCTERMS everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.check.terms import declared
from kg.namespaces import BASE, PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material, Source
    from kg.errors import Problem
    from kg.model import Triple

#: Predicates whose object is a term; the object of any other may be a document anywhere.
_TERM_EXPECTED = frozenset(
    {"rdf:type", "rdfs:subClassOf", "owl:onProperty", "owl:someValuesFrom", "rdf:first", "kg:kind"}
)
_LINKS = frozenset({"rdfs:subClassOf", "rdfs:subPropertyOf", "skos:closeMatch"})
#: What alignment.ttl may say of a foreign term, or of itself.
_SAID = frozenset({"rdf:type", "rdfs:label", "rdfs:comment", "rdfs:isDefinedBy", "owl:versionInfo"})
_STANDARD = tuple(iri for name, iri in PREFIXES.items() if not iri.startswith(BASE))
_WHY = "links into the rules would let foreign data decide legal questions"


def problems(material: Material) -> Iterator[Problem]:
    """Yield each foreign term outside alignment.ttl, and each wrong link inside it."""
    for source in material.law_sources:
        seen: set[str] = set()
        for triple in source.triples:
            for name in _terms(triple):
                if _is_foreign(name) and name not in seen:
                    seen.add(name)
                    yield material.at(
                        source,
                        name if source.mention(name) else triple[0],
                        f"<{name}> is a term of another vocabulary",
                        _WHY,
                        "use a term of ours, and link it to theirs in alignment.ttl",
                    )
    for source in material.alignments:
        yield from _alignment(material, source)


def _terms(triple: Triple) -> Iterator[str]:
    _, predicate, value = triple
    yield predicate
    if predicate in _TERM_EXPECTED and isinstance(value, str) and not value.startswith("_:"):
        yield value


def _is_foreign(name: str) -> bool:
    iri = expand(name)
    return not iri.startswith((BASE, *_STANDARD))


def _is_ours(name: str) -> bool:
    return expand(name).startswith(BASE)


def _alignment(material: Material, source: Source) -> Iterator[Problem]:
    known = declared(material)
    for subject, predicate, value in source.triples:
        if predicate in _LINKS:
            if not _is_ours(subject) or not isinstance(value, str) or _is_ours(value):
                yield material.at(
                    source, subject,
                    f"{subject} {predicate} {value} does not lead from our term to a foreign one",
                    "ours is a kind of theirs; the other way round their data would become ours",
                    "write our term on the left and theirs on the right",
                )  # fmt: skip
            elif subject not in known:
                yield material.at(
                    source, subject,
                    f"{subject} is linked but declared nowhere",
                    "a misspelt name links nothing",
                    "correct the name",
                )  # fmt: skip
        elif predicate not in _SAID and not predicate.startswith("dcterms:"):
            yield material.at(
                source, subject,
                f"{predicate} (on {subject}) has no place in alignment.ttl",
                "the file holds links, and nothing that anybody reasons with",
                "use rdfs:subClassOf, rdfs:subPropertyOf or skos:closeMatch",
            )  # fmt: skip
