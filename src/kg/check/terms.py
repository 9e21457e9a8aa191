"""Every term that is used is declared.

Problem: a name of ours that no file declares, or a term its standard vocabulary does not have.
Why:     it is mostly a spelling mistake, and a misspelt name matches nothing, ever.
Fix:     correct the spelling (a near name is suggested), or declare the term with type and label.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD, URIRef

from kg.case_keys import BLOCKS
from kg.errors import Problem
from kg.load.hints import nearest
from kg.namespaces import BASE, PREFIXES, expand, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material, Source
    from kg.model import Triple

_STANDARD = {
    "dcterms": DCTERMS, "owl": OWL, "rdf": RDF, "rdfs": RDFS, "sh": SH, "skos": SKOS, "xsd": XSD,
}  # fmt: skip
#: What a strand carries under a name that no key has (case-model section 3).
_OF_STRANDS = {"kg:subject"}


def declared(material: Material) -> set[str]:
    """Return every name that a file may use: declared terms, case keys, answers to questions."""
    names = {
        name
        for name, of in material.known
        if "rdf:type" in of or "rdfs:label" in of or "rdfs:subClassOf" in of
    }
    names |= {f"kg:{key.term}" for block in BLOCKS.values() for key in block.keys} | _OF_STRANDS
    for condition in material.kinds("kg:JudgementCondition"):
        names |= {f"{condition}.yes", f"{condition}.no"}
    return names


def problems(material: Material) -> Iterator[Problem]:
    """Yield each undeclared term once per file, at its first mention."""
    known = declared(material)
    for source in material.law_sources:
        seen: set[str] = set()
        for triple in source.triples:
            for name in _names(triple):
                if name not in seen:
                    seen.add(name)
                    yield from _undeclared(name, source, known)


def _names(triple: Triple) -> Iterator[str]:
    for term in triple:
        if isinstance(term, str) and not term.startswith("_:"):
            yield term


def _undeclared(name: str, source: Source, known: set[str]) -> Iterator[Problem]:
    prefix, _, local = name.partition(":")
    vocabulary = _STANDARD.get(prefix)
    if vocabulary is not None:
        if URIRef(PREFIXES[prefix] + local) not in vocabulary:
            yield Problem(
                f"{name} is not a term of its vocabulary",
                source.name,
                source.mention(name),
                "a misspelt term says nothing",
                nearest(name, {shorten(str(term)) for term in dir(vocabulary)})
                or f"see the terms of {PREFIXES[prefix]}",
            )
        return
    if prefix == "kgsh" or not expand(name).startswith(BASE) or name in known:
        return
    near = {other for other in known if other.partition(":")[0] == prefix}
    yield Problem(
        f"{name} is used but declared nowhere",
        source.name,
        source.mention(name),
        "a misspelt name matches nothing",
        nearest(name, near) or "declare it with a type and an rdfs:label",
    )
