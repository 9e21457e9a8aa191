"""One assessment as triples; classes and properties in ``ontology/answers.ttl``, which is closed.

What the contract kg-assess/1 says about a disclosure, this says as RDF. The reference page
``assessment-graph.md`` lists the terms for people who write their own queries.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.assess import Engine
from kg.model import (
    Comparison,
    ConditionResult,
    DisclosureAssessment,
    Lit,
    ProvisionResult,
    Triple,
)
from kg.prepare.computed import regime_on


def assessment_triples(
    assessment: DisclosureAssessment, engine: Engine, supposed: str = ""
) -> list[Triple]:
    """Return one disclosure's assessment as triples.

    ``supposed`` is the fact, as path=value, that was supposed otherwise: the node is then a
    ``kg:Supposition`` (``case:<case>/<disclosure>/supposition``), so that nobody takes it for an
    answer about the case.

    One ``kg:Assessment`` (``case:<case>/<disclosure>/assessment``) with its layers, provisions,
    judgements, disagreements and conflicts. Each provision has its ``kg:conditionResult`` nodes,
    which show the strand that decides its state; ``kg:strandResult`` nodes only where the strands
    differ. Provisions that are not in force carry no conditions.
    """
    kind = "supposition" if supposed else "assessment"
    node = f"case:{assessment.case}/{assessment.id}/{kind}"
    triples: list[Triple] = [(node, "rdf:type", f"kg:{kind.capitalize()}")]
    if supposed:
        triples.append((node, "kg:supposes", Lit(supposed, "string")))
    triples += [*_head(node, assessment, supposed), *_layers(node, assessment)]
    asked: dict[str, list[str]] = {}
    for judgement in assessment.judgements:
        if judgement.answer is None:
            asked.setdefault(judgement.provision, []).append(f"question:{judgement.id}")
    for provision in assessment.provisions:
        triples += _provision(node, provision, asked, engine)
    triples += _beside(node, assessment)
    return triples


def _head(node: str, assessment: DisclosureAssessment, supposed: str) -> Iterator[Triple]:
    of = "kg:supposedFor" if supposed else "kg:ofDisclosure"
    yield node, of, f"case:{assessment.case}/{assessment.id}"
    yield node, "kg:lawDate", Lit(assessment.law_date.isoformat(), "date")
    yield node, "kg:lawDateFrom", Lit(assessment.law_date_from, "string")
    yield node, "kg:lawRegime", regime_on(assessment.law_date)
    yield node, "kg:lawEnforcement", Lit(assessment.part3, "string")
    yield node, "kg:outcome", f"value:outcome-{assessment.outcome}"
    for strand in assessment.strands:
        yield node, "kg:strandName", Lit(strand.id, "string")
    for words in assessment.warnings:
        yield node, "kg:warning", Lit(words, "en")


def _layers(node: str, assessment: DisclosureAssessment) -> Iterator[Triple]:
    for name, layer in assessment.layers.items():
        result = f"{node}/layer/{name}"
        yield node, "kg:layerResult", result
        yield result, "rdf:type", "kg:LayerResult"
        yield result, "kg:layer", f"kg:{name}"
        yield result, "kg:state", f"value:layer-{layer.state}"
        if layer.note:
            yield result, "kg:layerNote", Lit(layer.note, "en")
        for norm in layer.by:
            yield result, "kg:carriedBy", norm


def changed_conditions(comparison: Comparison, engine: Engine) -> Iterator[Triple]:
    """Yield which provisions a supposition changes, from which result, by which conditions."""
    after, law = comparison.after, engine.law
    node = f"case:{after.case}/{after.id}/supposition"
    for change in comparison.provisions:
        words = (
            f"{c.after.label}: {law.label(f'value:condition-{c.before.state}')}, "
            f"then {law.label(f'value:condition-{c.after.state}')}"
            for c in change.conditions
        )
        result = _result_node(node, change.after.id)
        before = _result_node(f"case:{after.case}/{after.id}/assessment", change.after.id)
        yield result, "kg:changedFrom", before
        yield from _in_words(result, "kg:changedConditions", words)


def _result_node(node: str, norm: str) -> str:
    return f"{node}/provision/{norm.replace(':', '/')}"


def _provision(
    node: str, provision: ProvisionResult, asked: dict[str, list[str]], engine: Engine
) -> Iterator[Triple]:
    result = _result_node(node, provision.id)
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
    open_questions = dict.fromkeys(q for n in waiting if undecided for q in asked.get(n, ()))
    for question in open_questions:
        yield result, "kg:openQuestion", question
    yield from _in_words(result, "kg:blockedByWords", map(engine.law.label, provision.blocked_by))
    yield from _in_words(result, "kg:stillToJudge", map(engine.law.label, open_questions), " ")
    if provision.partly:
        for position, (strand, state) in enumerate(provision.by_strand.items(), 1):
            part = f"{result}/strand/{position}"
            yield result, "kg:strandResult", part
            yield part, "rdf:type", "kg:StrandResult"
            yield part, "kg:strandName", Lit(strand, "string")
            yield part, "kg:state", f"value:provision-{state}"
    if provision.state == "not-in-force":
        return
    gaps = [gap.path for c in provision.conditions if c.state == "unknown" for gap in c.missing]
    for path in dict.fromkeys(gaps):
        yield result, "kg:missingPath", Lit(path, "string")
    yield from _in_words(result, "kg:stillToState", dict.fromkeys(gaps))
    for position, condition in enumerate(provision.conditions, 1):
        yield from _condition(result, position, condition)


def _condition(result: str, position: int, condition: ConditionResult) -> Iterator[Triple]:
    node = f"{result}/condition/{position}"
    yield result, "kg:conditionResult", node
    yield node, "rdf:type", "kg:ConditionResult"
    yield node, "kg:position", Lit(str(position), "integer")
    yield node, "kg:condition", condition.id
    yield node, "kg:state", f"value:condition-{condition.state}"
    reasons = [f"{reason.path}: {reason.value}" for reason in condition.because]
    reasons += [condition.note] if condition.note else []
    for words in reasons:
        yield node, "kg:because", Lit(words, "en")
    yield from _in_words(node, "kg:becauseWords", reasons)
    if condition.state == "unknown":
        gaps = dict.fromkeys(gap.path for gap in condition.missing)
        for path in gaps:
            yield node, "kg:missingPath", Lit(path, "string")
        yield from _in_words(node, "kg:stillToState", gaps)


def _in_words(node: str, term: str, words: Iterable[str], between: str = "; ") -> Iterator[Triple]:
    """Yield the words as one text, in order: joining them in a query is slow and loses the order."""
    if text := between.join(words):
        yield node, term, Lit(text, "en")


def _beside(node: str, assessment: DisclosureAssessment) -> Iterator[Triple]:
    """Yield what stands beside the states: judgements, disagreeing guidance, conflicts."""
    for position, judgement in enumerate(assessment.judgements, 1):
        part = f"{node}/judgement/{position}"
        yield node, "kg:judgementResult", part
        yield part, "rdf:type", "kg:JudgementResult"
        yield part, "kg:question", f"question:{judgement.id}"
        yield part, "kg:judgementFor", judgement.provision
        yield part, "kg:judgementRole", Lit(judgement.role, "string")
        for strand in judgement.strands:
            yield part, "kg:strandName", Lit(strand, "string")
        if judgement.answer is not None:
            yield part, "kg:answerGiven", Lit("true" if judgement.answer else "false", "boolean")
        if judgement.made_by:
            yield part, "kg:judgedBy", Lit(judgement.made_by, "string")
        if judgement.on:
            yield part, "kg:judgedOn", Lit(judgement.on, "date")
    for position, difference in enumerate(assessment.disagreements, 1):
        part = f"{node}/disagreement/{position}"
        yield node, "kg:disagreement", part
        yield part, "rdf:type", "kg:GuidanceDisagreement"
        yield part, "kg:guidanceNorm", difference.guidance
        yield part, "kg:departsFrom", difference.provision
    for position, conflict in enumerate(assessment.conflicts, 1):
        part = f"{node}/conflict/{position}"
        yield node, "kg:conflict", part
        yield part, "rdf:type", "kg:DutyConflict"
        yield part, "kg:conflictDuty", conflict.duty
        yield part, "kg:conflictProhibition", conflict.prohibition
        yield part, "kg:strandName", Lit(conflict.strand, "string")
