"""The border to rdflib and pyshacl: our triples in, plain results out; both imported late.

Source: research on reliability: pyshacl switches rdflib settings while it runs and writes into the
shapes graph it is given, so one call at a time, each with a copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from kg.model import Lit, Term, Triple
from kg.namespaces import PREFIXES, expand, shorten

if TYPE_CHECKING:
    import rdflib

_ONE_AT_A_TIME = Lock()
_TYPES = {"string", "date", "boolean", "integer"}


class Raw(NamedTuple):
    """One result: node looked at, property shape, and the value at fault (or empty)."""

    focus: str
    shape: str
    value: str


def to_rdflib(triples: Iterable[Triple]) -> rdflib.Graph:
    """Return an rdflib graph of our triples."""
    from rdflib import BNode, Graph, Literal, URIRef  # noqa: PLC0415 - costs 0.3 s
    from rdflib.term import Node  # noqa: PLC0415

    known: dict[Term, Node] = {}

    def term(value: Term) -> Node:
        found = known.get(value)
        if found is None:
            if isinstance(value, Lit):
                if value.type in _TYPES:
                    found = Literal(value.text, datatype=URIRef(PREFIXES["xsd"] + value.type))
                elif ":" in value.type:
                    found = Literal(value.text, datatype=URIRef(expand(value.type)))
                else:
                    found = Literal(value.text, lang=value.type)
            elif value.startswith("_:"):
                found = BNode(value[2:])
            else:
                found = URIRef(expand(value))
            known[value] = found
        return found

    graph = Graph()
    for subject, predicate, value in triples:
        graph.add((term(subject), term(predicate), term(value)))
    return graph


def run_shacl(data: Iterable[Triple], shapes: rdflib.Graph) -> list[Raw]:
    """Validate by SHACL Core and return the sorted results; nothing is inferred or fetched."""
    import pyshacl  # noqa: PLC0415 - costs 0.5 s
    from rdflib import RDF, Graph, Namespace  # noqa: PLC0415

    sh = Namespace(PREFIXES["sh"])
    copy = Graph()
    copy += shapes
    with _ONE_AT_A_TIME:
        graph = to_rdflib(data)
        _, report, _ = pyshacl.validate(
            graph, shacl_graph=copy, advanced=False, inference="none", meta_shacl=False, js=False,
            do_owl_imports=False, inplace=True,
        )  # fmt: skip
    if not isinstance(report, Graph):  # a failure, not a report
        raise TypeError(report)
    # Only what the report lists: a result may carry others (sh:detail) that explain it (3.6.2.5).
    whole = report.value(predicate=RDF.type, object=sh.ValidationReport)
    values = ((node, report.value(node, sh.value)) for node in report.objects(whole, sh.result))
    return sorted(
        Raw(
            shorten(str(report.value(node, sh.focusNode))),
            shorten(str(report.value(node, sh.sourceShape))),
            "" if value is None else shorten(str(value)),
        )
        for node, value in values
    )
