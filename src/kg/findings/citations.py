"""Provisions cited, held against the assessment: which conditions fail or are not shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.assess import Engine, citation_of
from kg.case_keys import BLOCKS
from kg.findings.found import REFUSED, Failure, Findings
from kg.model import ConditionResult, DisclosureAssessment, ProvisionResult, in_force
from kg.prepare import Facts

JOINS = {"kg:inRecord": "citation to its record"}
FINDINGS = {
    "kg:failedRule": "citation to the rule of a condition that the stated facts contradict",
    "kg:unprovedRule": "citation to the rule of a condition that nothing in the record shows",
}
COMPUTED_TRIGGERS = {
    "kg:ReliedOnCitation": "a citation on which the decision rests",
    "kg:ReliedOnUnasked": "a citation on which the decision rests, though nobody is said to ask",
    "kg:ContextCitation": "a citation on which nothing rests",
}

NOT_IN_FORCE = "kgsh:R-150"


def citations(
    facts: Facts,
    record: str,
    assessments: Mapping[str, DisclosureAssessment],
    engine: Engine,
    found: Findings,
) -> None:
    """Add what concerns the provisions a record cites, for the disclosures it decides.

    ``assessments`` holds the assessments of the decided disclosures by their node.
    """
    relied = _relied_on(facts, record, engine)
    asked = any(facts.names(disclosure, "kg:request") for disclosure in assessments)
    for citation in facts.names(record, "kg:citation"):
        kind = "kg:ReliedOnCitation" if citation in relied else "kg:ContextCitation"
        found.triples.append((citation, "kg:inRecord", record))
        found.triples.append((citation, "rdf:type", kind))
        if citation in relied and not asked:
            found.triples.append((citation, "rdf:type", "kg:ReliedOnUnasked"))
        for assessment in assessments.values():
            _citation(facts, citation, assessment, engine, found, record=record)


def _relied_on(facts: Facts, record: str, engine: Engine) -> set[str]:
    """Return the citations on which a decision rests.

    A decision to share rests on everything it cites but context. A refusal only considers what it
    cites, unless it claims a duty. Where a record claims a legal obligation and cites every duty as
    context, it rests on those duties (domain errata A23).
    """
    refused = facts.name(record, "kg:outcome") in REFUSED
    citations = facts.names(record, "kg:citation")
    stated = {citation: facts.name(citation, "kg:citedAs") for citation in citations}
    relied = {
        citation
        for citation, as_ in stated.items()
        if (as_ == "value:duty" if refused else as_ != "value:context")
    }
    duties = {c for c in citations if _effect(facts, c, engine) == "duty"}
    claims_obligation = any(_rests_on_duty(facts, c, engine) for c in relied)
    return relied | duties if claims_obligation and not duties & relied else relied


def _effect(facts: Facts, citation: str, engine: Engine) -> str:
    norm = engine.table.norms.get(facts.name(citation, "kg:provision"))
    return norm.effect if norm else ""


def _rests_on_duty(facts: Facts, citation: str, engine: Engine) -> bool:
    norm = engine.table.norms.get(facts.name(citation, "kg:provision"))
    conditions = norm.conditions if norm else ()
    return any("kg:Duty" in engine.table.conditions[name].any_norm_of for name in conditions)


def _addressed(facts: Facts, record: str, rule: str) -> bool:
    """Whether the record answers a rule in words, under the key the key table names for it."""
    return any(
        key.type == "text"
        and rule.removeprefix("kgsh:") in key.used_by
        and facts.values(record, f"kg:{key.term}")
        for key in BLOCKS["record"].keys
    )


def _asks(engine: Engine, condition: str, rule: str) -> bool:
    """Whether a judgement of the condition, or one inside it, names the rule as its own."""
    return any(
        engine.law.name(name, "kg:recordRule") == rule
        for name in (condition, *engine.inner_judgements(condition))
        if engine.law.name(name, "kg:question")
    )


def _citation(
    facts: Facts,
    citation: str,
    assessment: DisclosureAssessment,
    engine: Engine,
    found: Findings,
    *,
    record: str,
) -> None:
    if assessment.law_date_from == "today":
        return  # without a date nobody can say which law the record should have met
    provision = facts.name(citation, "kg:provision")
    day = assessment.law_date.isoformat()
    result = assessment.provision(provision)
    start, end = (engine.law.text(provision, f"kg:inForce{edge}") for edge in ("From", "Until"))
    dated = result.state == "not-in-force" if result else bool(start or end)
    if dated and not in_force(start, end, day):
        for rule in _rules_out_of_force(provision, day, engine):
            found.add(citation, "kg:failedRule", rule, Failure(None, "", day))
    if result is None or result.state == "not-in-force":
        return
    wanted = set(facts.names(citation, "kg:citedFor"))
    reasoned = bool(facts.values(citation, "kg:because"))
    for strand in assessment.strands:
        parts = {strand.discloser, strand.recipient, strand.item, strand.subject}
        if wanted and not wanted & parts:
            continue
        bars = engine.table.defeaters.get(provision, ())
        for finding, condition in _open_conditions(assessment, result, strand.id, bars):
            if condition.state == "judgement" and (
                reasoned
                or _addressed(facts, record, condition.rule)
                or not _asks(engine, condition.id, f"kgsh:{condition.rule}")
            ):
                continue  # addressed in words, for a person to weigh; or another rule's question
            found.add(
                citation, finding, f"kgsh:{condition.rule}", Failure(strand, condition.label, day)
            )


def _rules_out_of_force(provision: str, day: str, engine: Engine) -> tuple[str, ...]:
    """Return the rules a citation of a provision not in force breaks.

    An instrument that was itself not in force may name the rule (R-119, R-120); it stands in the
    place of the general one. A provision may add a rule of its own (R-166).
    """
    law = engine.law
    instrument = f"{provision.partition(':')[0]}:act"
    start, end = (law.text(instrument, f"kg:inForce{edge}") for edge in ("From", "Until"))
    if not in_force(start, end, day) and (rules := law.names(instrument, "kg:recordRule")):
        return tuple(rules)
    return (NOT_IN_FORCE, *law.names(provision, "kg:recordRule"))


def _open_conditions(
    assessment: DisclosureAssessment,
    result: ProvisionResult,
    strand: str,
    bars: tuple[str, ...],
) -> Iterator[tuple[str, ConditionResult]]:
    """Yield the conditions with a record rule that fail or are not shown, for one strand.

    A bar that applies makes the rules of its own conditions fail.
    """
    for condition in result.conditions_by_strand[strand]:
        if not condition.rule:
            continue
        if condition.state == "not-met":
            yield "kg:failedRule", condition
        elif condition.state in {"unknown", "judgement"}:
            yield "kg:unprovedRule", condition
    for name in bars:
        bar = assessment.provision(name)
        if bar and bar.by_strand[strand] == "applies":
            for condition in bar.conditions_by_strand[strand]:
                if condition.rule:
                    yield "kg:failedRule", condition


def provision_words(facts: Facts, citation: str, engine: Engine) -> str:
    """Return the cited provision as it is printed: ``Children Act 1989, s 47(9)``."""
    provision = facts.name(citation, "kg:provision")
    return citation_of(provision, engine.law) if provision else ""
