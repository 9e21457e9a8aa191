"""Law, cases and assessments as RDF: what stored questions and free SPARQL read.

The law is one named graph, each case one, and each case's assessments one: GRAPH_OF_LAW,
``case:<case>/`` and ``case:<case>/assessment``. Queries read their union as the default graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.assess import Engine, assess_case
from kg.errors import BadRequest, Problem
from kg.load import Law
from kg.model import (
    Case,
    ConditionResult,
    DisclosureAssessment,
    Lit,
    ProvisionResult,
    Term,
    Triple,
)
from kg.namespaces import BASE, PREFIXES, expand

GRAPH_OF_LAW = BASE + "law"
_XSD = PREFIXES["xsd"]
_XSD_TYPES = {"string", "date", "boolean", "integer"}

#: Quads and N-Quads of the law by its hash: the law does not change while the program runs.
_LAW_QUADS: dict[str, list[ox.Quad]] = {}
_LAW_BYTES: dict[str, bytes] = {}


# --- Assessment to triples ------------------------------------------------------------------------


def assessment_triples(assessment: DisclosureAssessment, engine: Engine) -> list[Triple]:
    """Return one disclosure's assessment as triples; terms in ``ontology/answers.ttl``.

    One ``kg:Assessment`` (``case:<case>/<disclosure>/assessment``) with its ``kg:layerResult`` and
    ``kg:provisionResult`` nodes, each provision with its ``kg:conditionResult`` nodes, which show
    the strand that decides its state. Provisions that are not in force carry no conditions.
    """
    node = f"case:{assessment.case}/{assessment.id}/assessment"
    triples: list[Triple] = [
        (node, "rdf:type", "kg:Assessment"),
        (node, "kg:ofDisclosure", f"case:{assessment.case}/{assessment.id}"),
        (node, "kg:lawDate", Lit(assessment.law_date.isoformat(), "date")),
        (node, "kg:lawDateFrom", Lit(assessment.law_date_from, "string")),
        (node, "kg:outcome", f"value:outcome-{assessment.outcome}"),
    ]
    for name, layer in assessment.layers.items():
        result = f"{node}/layer/{name}"
        triples += [
            (node, "kg:layerResult", result),
            (result, "rdf:type", "kg:LayerResult"),
            (result, "kg:layer", f"kg:{name}"),
            (result, "kg:state", f"value:layer-{layer.state}"),
            *((result, "kg:carriedBy", norm) for norm in layer.by),
        ]
    asked: dict[str, list[str]] = {}
    for judgement in assessment.judgements:
        if judgement.answer is None:
            asked.setdefault(judgement.provision, []).append(f"question:{judgement.id}")
    for provision in assessment.provisions:
        triples += _provision(node, provision, asked, engine)
    return triples


def _provision(
    node: str, provision: ProvisionResult, asked: dict[str, list[str]], engine: Engine
) -> Iterator[Triple]:
    result = f"{node}/provision/{provision.id.replace(':', '/')}"
    # A gateway also waits for the questions that its exceptions ask.
    waiting = (provision.id, *engine.table.defeaters.get(provision.id, ()))
    undecided = provision.state in {"applies-if-judgement", "not-shown"}
    yield node, "kg:provisionResult", result
    yield result, "rdf:type", "kg:ProvisionResult"
    yield result, "kg:norm", provision.id
    yield result, "kg:state", f"value:provision-{provision.state}"
    yield result, "kg:effectWord", Lit(provision.effect, "string")
    yield result, "kg:citationText", Lit(provision.citation, "en")
    yield result, "kg:reviewStatus", Lit(provision.review_status, "string")
    yield result, "kg:fallback", Lit("true" if provision.fallback else "false", "boolean")
    yield result, "kg:partly", Lit("true" if provision.partly else "false", "boolean")
    if provision.url:
        yield result, "kg:source", provision.url
    for norm in provision.blocked_by:
        yield result, "kg:blockedBy", norm
    for question in dict.fromkeys(q for norm in waiting if undecided for q in asked.get(norm, ())):
        yield result, "kg:openQuestion", question
    if provision.state == "not-in-force":
        return
    gaps = [gap.path for c in provision.conditions if c.state == "unknown" for gap in c.missing]
    for path in dict.fromkeys(gaps):
        yield result, "kg:missingPath", Lit(path, "string")
    for position, condition in enumerate(provision.conditions, 1):
        yield from _condition(result, position, condition)


def _condition(result: str, position: int, condition: ConditionResult) -> Iterator[Triple]:
    node = f"{result}/condition/{position}"
    yield result, "kg:conditionResult", node
    yield node, "rdf:type", "kg:ConditionResult"
    yield node, "kg:position", Lit(str(position), "integer")
    yield node, "kg:condition", condition.id
    yield node, "kg:state", f"value:condition-{condition.state}"
    for reason in condition.because:
        yield node, "kg:because", Lit(f"{reason.path}: {reason.value}", "en")
    if condition.note:
        yield node, "kg:because", Lit(condition.note, "en")


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
    """Return the law as quads of GRAPH_OF_LAW."""
    found = _LAW_QUADS.get(law.hash)
    if found is None:
        found = list(to_quads(law.triples, GRAPH_OF_LAW))
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
