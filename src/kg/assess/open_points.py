"""What stands beside the states: what is missing, whom to ask, what was assumed.

Source: case-model sections 4 and 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.assess.engine import Engine
from kg.model import (
    BEARING,
    ConditionResult,
    Disagreement,
    Discrepancy,
    Missing,
    OpenJudgement,
    ProvisionResult,
)
from kg.prepare import CountedJudgement, Prepared


def _unsettled(provision: ProvisionResult) -> bool:
    return provision.state in {"not-shown", "applies-if-judgement"} or (
        provision.partly
        and bool({"not-shown", "applies-if-judgement"} & set(provision.by_strand.values()))
    )


def missing_of(
    provisions: tuple[ProvisionResult, ...],
) -> tuple[tuple[Missing, tuple[str, ...]], ...]:
    """Return the missing facts that can still change an answer, each with the norms it holds up."""
    waiting: dict[Missing, dict[str, None]] = {}
    for provision in provisions:
        if not _unsettled(provision):
            continue
        for strand, state in provision.by_strand.items():
            if state != "not-shown":
                continue
            for condition in provision.conditions_by_strand[strand]:
                if condition.state == "unknown":
                    for gap in condition.missing:
                        waiting.setdefault(gap, {})[provision.id] = None
    return tuple((gap, tuple(norms)) for gap, norms in waiting.items())


def judgements_of(
    engine: Engine, prepared: Prepared, provisions: tuple[ProvisionResult, ...]
) -> Iterator[OpenJudgement]:
    """Yield the judgements that can still change an answer, and those that counted for one."""
    law = engine.law
    found: dict[tuple[str, str, CountedJudgement | None], list[str]] = {}
    for provision in provisions:
        if provision.state == "not-in-force":
            continue
        for strand, state in provision.by_strand.items():
            conditions = provision.conditions_by_strand[strand]
            settled = state == "not-applicable"
            if settled and not _settled_by_judgement(conditions):
                continue
            node = next(s.node for s in prepared.strands if s.id == strand)
            for condition in conditions:
                for question, answered in _questions(engine, prepared, node, condition):
                    if settled and answered is None:
                        continue
                    found.setdefault((question, provision.id, answered), []).append(strand)
    for (question, provision_id, answered), strands in found.items():
        bar = engine.table.norms[provision_id].effect == "bar"
        yield OpenJudgement(
            question.removeprefix("question:"),
            law.text(question, "kg:code"),
            law.label(question),
            provision_id,
            "defeats" if bar else "needed",
            tuple(strands),
            law.text(question, "kg:askedOf"),
            law.text(question, "skos:definition"),
            answered.answer if answered else None,
            answered.by if answered else None,
            answered.on if answered else None,
        )


def _settled_by_judgement(conditions: tuple[ConditionResult, ...]) -> bool:
    """Whether a norm does not apply only because a person so judged (an exception answered no)."""
    found = False
    for condition in conditions:
        if condition.state == "not-met":
            if condition.kind != "judgement":
                return False
            found = True
    return found


def _questions(
    engine: Engine, prepared: Prepared, node: str, condition: ConditionResult
) -> Iterator[tuple[str, CountedJudgement | None]]:
    """Yield the questions a condition asks: its own, or those inside its expressions."""
    if condition.kind == "assessed":
        return
    asked = [condition.id] if condition.question else engine.inner_judgements(condition.id)
    for name in asked:
        judgement = prepared.answers.get((node, name))
        if judgement is not None:
            yield judgement.question, judgement
        elif condition.state == "judgement":
            yield engine.law.name(name, "kg:question"), None


def disagreements_of(
    engine: Engine, provisions: tuple[ProvisionResult, ...]
) -> Iterator[Disagreement]:
    """Yield guidance in point that claims more than the law it paraphrases, or less."""
    absent = {"not-applicable", "not-in-force"}
    states = {p.id: p.state for p in provisions}
    for provision in provisions:
        norm = engine.table.norms[provision.id]
        if norm.effect != "guidance" or provision.state not in {"applies", "applies-if-judgement"}:
            continue
        claimed = [target for target in norm.contradicted_by if states[target] in absent]
        denied = [target for target in norm.understates if states[target] not in absent]
        for target in (*claimed, *denied):
            yield Disagreement(norm.id, norm.label, target, norm.note, norm.url)


def discrepancies_of(
    engine: Engine, provisions: tuple[ProvisionResult, ...]
) -> Iterator[Discrepancy]:
    """Yield the recorded differences of the sources about a norm that bears on the answer."""
    bearing = {p.id for p in provisions if p.state in BEARING}
    for found in engine.discrepancies:
        named = tuple(name for name in found.provisions if name in bearing)
        if named:
            yield replace(found, provisions=named)


def assumptions_of(prepared: Prepared) -> Iterator[str]:
    """Say what was taken as so because nothing says otherwise (case-model: the answer says so)."""
    strands = prepared.strands
    people = {strand.subject for strand in strands} & {
        s for s, p, _ in prepared.assumed if p == "kg:alive"
    }
    if people:
        names = ", ".join(sorted(prepared.facts.local(person) for person in people))
        yield f"Taken as living, because nothing says otherwise: {names}."
    held = {strand.item for strand in strands} & {
        s for s, p, _ in prepared.assumed if p == "kg:heldForFunctions"
    }
    if held:
        names = ", ".join(sorted(prepared.facts.local(item) for item in held))
        yield (
            f"Taken as held for the discloser's functions, because nothing says otherwise: {names}."
        )


def summary_of(prepared: Prepared) -> dict[str, str]:
    """Return the facts a reader wants first: who, to whom, why, when, how, in plain words."""
    facts, disclosure = prepared.facts, prepared.disclosure

    def party(name: str) -> str:
        kinds = ", ".join(facts.law.label(k) for k in facts.types(name) if k.startswith("body:"))
        return f"{facts.local(name)} ({kinds})" if kinds else facts.local(name)

    def kinds(node: str, namespace: str) -> str:
        return ", ".join(facts.law.label(k) for k in facts.types(node) if k.startswith(namespace))

    givers = dict.fromkeys(s.discloser for s in prepared.strands if s.discloser)
    takers = dict.fromkeys(s.recipient for s in prepared.strands if s.recipient)
    items = dict.fromkeys(s.item for s in prepared.strands if s.item)
    found = {
        "From": "; ".join(party(name) for name in givers),
        "To": "; ".join(party(name) for name in takers),
        "Information": "; ".join(
            facts.text(name, "kg:description") or facts.local(name) for name in items
        ),
        "Purpose": kinds(facts.name(disclosure, "kg:purpose"), "purpose:"),
        "Trigger": facts.words(facts.name(disclosure, "kg:trigger"))
        if facts.name(disclosure, "kg:trigger")
        else "",
        "Concern": kinds(facts.name(disclosure, "kg:concern"), "concern:"),
        "Date": facts.text(disclosure, "kg:date"),
    }
    return {key: value or "not stated" for key, value in found.items()}
