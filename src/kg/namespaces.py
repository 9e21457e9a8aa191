"""Every prefix, once: short names (``kg:Strand``) inside the program, full IRIs at its borders."""

from __future__ import annotations

import re

BASE = "https://w3id.org/safeguarding-kg/"
CONTEXT = BASE + "context.jsonld"

#: Vocabularies of kinds and values, one namespace each under BASE.
VOCABULARIES = (
    "body", "function", "purpose", "info", "concern", "consent", "question", "value", "case", "register",
    "discrepancy", "observation",
)  # fmt: skip

PREFIXES: dict[str, str] = {
    "kg": BASE + "ns#",
    "kgsh": BASE + "shapes#",
    "local": BASE + "local#",  # rules of an organisation's own policy
    **{name: f"{BASE}{name}/" for name in VOCABULARIES},
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "sh": "http://www.w3.org/ns/shacl#",
}

_LAW = BASE + "law/"
_OWN = re.compile(re.escape(BASE) + r"(law/[a-z0-9-]+|" + "|".join(VOCABULARIES) + r")/(.+)\Z")
_FOREIGN = tuple(
    (name, iri) for name, iri in PREFIXES.items() if iri.endswith("#") or name == "dcterms"
)
_SHORT = re.compile(r"([a-z][a-z0-9-]*):(?!/)(.*)\Z", re.DOTALL)


def shorten(iri: str) -> str:
    """Return the prefixed name of an IRI, or the IRI itself when no prefix of ours fits."""
    if iri.startswith(BASE):
        found = _OWN.match(iri)
        if found:
            return f"{found[1].removeprefix('law/')}:{found[2]}"
    for name, start in _FOREIGN:
        if iri.startswith(start):
            return f"{name}:{iri[len(start) :]}"
    return iri


def expand(name: str) -> str:
    """Return the full IRI of a prefixed name; a full IRI comes back unchanged."""
    found = _SHORT.match(name)
    if not found or found[1] in {"http", "https", "urn", "mailto"}:
        return name
    return PREFIXES.get(found[1], f"{_LAW}{found[1]}/") + found[2]
