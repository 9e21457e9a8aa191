"""From engaged to assessed: in force, defeat, judgements, layers. The only place with negation.

Source: case-model section 4; design section 2 and the JSON contract of section 6.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kg.assess.conditions import Finding, Walker, any_of
from kg.assess.layers import (
    Layer,
    combine_layers,
    combine_outcomes,
    combine_states,
    outcome_of,
    read_layers,
    strand_layers,
)
from kg.assess.norms import Norm, NormTable, citation_of, citation_path, read_norms
from kg.load import Law
from kg.model import (
    Because,
    Case,
    ConditionResult,
    Conflict,
    Disagreement,
    DisclosureAssessment,
    LayerResult,
    Missing,
    OpenJudgement,
    Outcome,
    ProvisionResult,
    ProvisionState,
    Strand,
    Term,
)
from kg.prepare import Prepared, disclosures, prepare, regime_on
from kg.prepare.computed import REGIMES
from kg.reason import Closure, Compiled, Rules, compile_rules

__all__ = ["Engine", "assess_case", "citation_of", "citation_path"]

_REGIME_CODES = {
    "kg:Before2000": "before-2000",
    "kg:RegimeA": "A",
    "kg:RegimeB1": "B1",
    "kg:RegimeB2": "B2",
    "kg:RegimeC": "C",
}


@dataclass(frozen=True)
class Engine:
    """The ontology, compiled once: what every assessment shares; ``Engine.of(law)`` builds it."""

    law: Law
    compiled: Compiled
    table: NormTable
    layers: tuple[Layer, ...]

    @classmethod
    def of(cls, law: Law) -> Engine:
        """Compile and check the ontology.

        Raises: BrokenGraph.
        """
        compiled = compile_rules(law)
        return cls(law, compiled, read_norms(law, compiled), read_layers(law))

    @cached_property
    def dimensions(self) -> dict[str, str]:
        """The dimension of every class that has one."""
        roots = set(self.law.instances("kg:Dimension"))
        found = {root: root for root in roots}
        for name, above in self.law.superclasses.items():
            hit = next((wide for wide in above if wide in roots), "")
            if hit:
                found.setdefault(name, hit)
        return found

    @cached_property
    def change_points(self) -> tuple[str, ...]:
        """Every day on which a norm, a list entry or the regime changes, ascending ISO dates."""
        days = set(self.compiled.change_points)
        days.update(
            day for norm in self.table.norms.values() for day in (norm.start, norm.end) if day
        )
        days.update(start.isoformat() for start, _ in REGIMES if start != date.min)
        return tuple(sorted(days))


@dataclass(frozen=True, slots=True)
class _NormState:
    state: ProvisionState
    conditions: tuple[ConditionResult, ...]
    blocked_by: tuple[str, ...] = ()


class _StrandAssessor:
    """Evaluates every norm for one strand; each norm once, defeaters and references first."""

    def __init__(
        self, engine: Engine, prepared: Prepared, closure: Closure, rules: Rules, strand: Strand
    ) -> None:
        self.engine = engine
        self.table = engine.table
        self.node = strand.node
        self.day = prepared.day.isoformat()
        self.walker = Walker(prepared, closure, rules, engine.dimensions, self._assessed)
        self.states: dict[str, _NormState] = {}
        self.own: dict[str, tuple[ConditionResult, ...]] = {}

    def conditions(self, norm: Norm) -> tuple[ConditionResult, ...]:
        """Return the results of a norm's own conditions."""
        found = self.own.get(norm.id)
        if found is None:
            found = tuple(self._condition(name) for name in norm.conditions)
            self.own[norm.id] = found
        return found

    def _condition(self, name: str) -> ConditionResult:
        condition = self.table.conditions[name]
        finding = self.walker.state(self.node, name)
        return ConditionResult(
            name, condition.label, condition.kind, finding.state, finding.because,  # type: ignore[arg-type]
            finding.missing, condition.question, condition.source, condition.rule, finding.note,
        )  # fmt: skip

    def _assessed(self, _node: str, name: str) -> Finding:
        """State of a condition that rests on other norms: that of the best of them."""
        kinds = self.table.conditions[name].any_norm_of
        findings: list[Finding] = []
        for norm in dict.fromkeys(n for kind in kinds for n in self.table.of_kind[kind]):
            state = self.norm(norm).state
            reason = Because(self.table.norms[norm].citation, state)
            match state:
                case "applies":
                    findings.append(Finding("met", (reason,)))
                case "applies-if-judgement":
                    findings.append(Finding("judgement", (reason,)))
                case "not-shown":
                    findings.append(Finding("unknown", (reason,), self._gaps(norm)))
                case _:
                    findings.append(Finding("not-met"))
        return any_of(findings) if findings else Finding("not-met")

    def _gaps(self, norm: str) -> tuple[Missing, ...]:
        return tuple(
            m
            for c in self.conditions(self.table.norms[norm])
            if c.state == "unknown"
            for m in c.missing
        )

    def norm(self, name: str) -> _NormState:
        """Return the state of a norm, in the order of case-model section 4."""
        found = self.states.get(name)
        if found is None:
            found = self._evaluate(self.table.norms[name])
            self.states[name] = found
        return found

    def _evaluate(self, norm: Norm) -> _NormState:
        conditions = self.conditions(norm)
        stated = {condition.state for condition in conditions}
        if not norm.in_force_on(self.day):
            return _NormState("not-in-force", conditions)
        if "not-met" in stated or (
            norm.defeats and not any(self._open(target) for target in norm.defeats)
        ):
            return _NormState("not-applicable", conditions)
        defeaters = {name: self.norm(name).state for name in self.table.defeaters.get(norm.id, ())}
        blocking = tuple(name for name, state in defeaters.items() if state == "applies")
        if blocking:
            return _NormState("blocked", conditions, blocking)
        if "unknown" in stated or "not-shown" in defeaters.values():
            return _NormState("not-shown", conditions)
        if "judgement" in stated or "applies-if-judgement" in defeaters.values():
            return _NormState("applies-if-judgement", conditions)
        return _NormState("applies", conditions)

    def _open(self, name: str) -> bool:
        """Whether a norm could apply by its own conditions: else a bar on it is idle."""
        norm = self.table.norms[name]
        return norm.in_force_on(self.day) and all(
            c.state != "not-met" for c in self.conditions(norm)
        )

    def fallback(self) -> frozenset[str]:
        """Return the residual norms while another power stands (domain errata A30)."""
        other = any(
            norm.effect == "power" and norm.layer == "authority" and not norm.residual
            and self.norm(name).state in {"applies", "applies-if-judgement"}
            for name, norm in self.table.norms.items()
        )  # fmt: skip
        return (
            frozenset(name for name, norm in self.table.norms.items() if norm.residual)
            if other
            else frozenset()
        )

    def conflicts(self, strand: Strand) -> Iterator[Conflict]:
        """Yield each duty and prohibition that both hold while neither defeats the other."""
        holding = [n for name, n in self.table.norms.items() if self.norm(name).state == "applies"]
        for duty in holding:
            if duty.effect != "duty":
                continue
            for bar in holding:
                apart = duty.id not in bar.defeats and bar.id not in duty.defeats
                if bar.kind == "Prohibition" and bar.layer == "authority" and apart:
                    yield Conflict(duty.id, bar.id, strand.id)


def _signature(prepared: Prepared, engine: Engine, strand: Strand) -> object:
    """Everything a rule or computation can see of a strand; equal strands have equal answers."""
    facts, properties = prepared.facts, engine.compiled.properties
    seen: dict[str, object] = {}

    def of(node: str, depth: int) -> object:
        if node in seen:
            return seen[node]
        computed = tuple(
            (dimension, c.cls, tuple(m.why for m in c.missing))
            for dimension in ("kg:AgeTest", "kg:RiskStatus")
            if (c := prepared.computed.get((node, dimension)))
        )
        parts: list[object] = [frozenset(facts.types(node)), computed]
        if depth:
            for predicate, values in sorted(facts.index.get(node, {}).items()):
                if predicate in properties:
                    parts.append((predicate, frozenset(_seen_as(v, of, depth) for v in values)))
        seen[node] = tuple(parts)
        return seen[node]

    strand_computed = tuple(
        (dimension, c.cls, tuple(m.why for m in c.missing))
        for (node, dimension), c in prepared.computed.items() if node == strand.node
    )  # fmt: skip
    answers = frozenset(
        (c, j.answer) for (node, c), j in prepared.answers.items() if node == strand.node
    )
    shared = (strand.discloser, strand.recipient)
    return (
        shared,
        of(strand.item, 4),
        of(strand.subject, 4) if strand.subject else None,
        strand_computed,
        answers,
    )


def _seen_as(value: Term, of: object, depth: int) -> object:
    return (
        of(value, depth - 1)
        if isinstance(value, str) and value.startswith("case:") and callable(of)
        else value
    )


def _groups(prepared: Prepared, engine: Engine) -> list[list[Strand]]:
    """Return the strands in groups whose facts are equal, in order of first appearance."""
    found: dict[object, list[Strand]] = {}
    for strand in prepared.strands:
        found.setdefault(_signature(prepared, engine, strand), []).append(strand)
    return list(found.values())


def assess_case(
    case: Case, engine: Engine, as_at: date | None = None, today: date | None = None
) -> list[DisclosureAssessment]:
    """Assess every disclosure of a case.

    ``as_at`` fixes the law date for all; without it each disclosure has its own (design section 2).

    Raises: Contradiction.
    """
    return [
        assess_prepared(prepare(case, engine.law, name, as_at, today), engine)
        for name in disclosures(case)
    ]


def assess_prepared(prepared: Prepared, engine: Engine) -> DisclosureAssessment:
    """Assess one prepared disclosure: equal strands once, every norm exactly once each."""
    rules = engine.compiled.rules_on(prepared.day)
    groups = _groups(prepared, engine)
    skipped = {strand.node for group in groups for strand in group[1:]}
    closure = rules.close(t for t in prepared.triples if t[0] not in skipped)
    assessors = [
        (group, _StrandAssessor(engine, prepared, closure, rules, group[0])) for group in groups
    ]
    layers_by_group: list[Mapping[str, LayerResult]] = []
    outcomes: list[Outcome] = []
    fallbacks: list[frozenset[str]] = []
    conflicts: list[Conflict] = []
    for group, one in assessors:
        states = {name: one.norm(name).state for name in engine.table.norms}
        fallbacks.append(one.fallback())
        layers_by_group.append(
            strand_layers(engine.layers, engine.table, states, fallbacks[-1], one.walker, one.node)
        )
        clash = list(one.conflicts(group[0]))
        conflicts += clash
        outcomes.append(outcome_of(layers_by_group[-1], conflict=bool(clash)))
    provisions = tuple(
        _provision(norm, assessors, fallbacks) for norm in engine.table.norms.values()
    )
    part3 = {
        c.cls
        for (_, dimension), c in prepared.computed.items()
        if dimension == "kg:LawEnforcementTest"
    }
    facts = prepared.facts
    return DisclosureAssessment(
        case=prepared.case.name,
        file=prepared.case.file,
        id=facts.local(prepared.disclosure),
        law_date=prepared.day,
        law_date_from=prepared.day_from,
        regime=_REGIME_CODES[regime_on(prepared.day)],
        part3="yes"
        if part3 == {"kg:LawEnforcementProcessing"}
        else "no"
        if part3 == {"kg:GeneralProcessing"}
        else "unknown",
        outcome=combine_outcomes(outcomes),
        holds=_holds(engine, prepared.day),
        strands=prepared.strands,
        layers=combine_layers(layers_by_group, engine.layers),
        provisions=provisions,
        missing=_missing(provisions),
        judgements=tuple(_judgements(engine, prepared, provisions)),
        conflicts=tuple(conflicts),
        disagreements=tuple(_disagreements(engine, provisions)),
        warnings=prepared.warnings + tuple(_assumptions(prepared)),
        title=prepared.case.title,
        summary=_summary(prepared),
    )


def _provision(
    norm: Norm,
    assessors: list[tuple[list[Strand], _StrandAssessor]],
    fallbacks: list[frozenset[str]],
) -> ProvisionResult:
    results = [(group, one.norm(norm.id)) for group, one in assessors]
    state = combine_states([r.state for _, r in results], bar=norm.effect == "bar")
    decisive = next(r for _, r in results if r.state == state)
    by_strand = {strand.id: r.state for group, r in results for strand in group}
    return ProvisionResult(
        id=norm.id, kind=norm.kind, effect=norm.effect, layer=norm.layer, state=state,
        citation=norm.citation, label=norm.label, url=norm.url,
        in_force=(norm.start or None, norm.end or None), review_status=norm.review_status,
        by_strand=by_strand, conditions=decisive.conditions,
        conditions_by_strand={strand.id: r.conditions for group, r in results for strand in group},
        partly=len({r.state for _, r in results}) > 1,
        fallback=any(norm.id in names for names in fallbacks), blocked_by=decisive.blocked_by,
    )  # fmt: skip


def _holds(engine: Engine, day: date) -> Mapping[str, str | None]:
    """Return the stretch round the law date in which no norm, list or regime changes."""
    text = day.isoformat()
    before = [point for point in engine.change_points if point <= text]
    after = [point for point in engine.change_points if point > text]
    start, end = (before[-1] if before else None), (after[0] if after else None)
    return {
        "from": start,
        "until": end,
        "opens": _changes(engine, start),
        "closes": _changes(engine, end),
    }


def _changes(engine: Engine, point: str | None) -> str | None:
    """Return what changes on a day, in words: the first three provisions or list entries."""
    if point is None:
        return None
    words = [engine.law.label(name) for start, name in REGIMES if start.isoformat() == point]
    words += [n.citation for n in engine.table.norms.values() if point in {n.start, n.end}]
    words += [
        f"{citation_of(e.list, engine.law)} ({engine.law.label(e.entry)})"
        for e in engine.compiled.dated if point in {e.start, e.end}
    ]  # fmt: skip
    words = list(dict.fromkeys(words))
    more = f" and {len(words) - 3} more" if len(words) > 3 else ""  # noqa: PLR2004 - three fit a line
    return ", ".join(words[:3]) + more


def _unsettled(provision: ProvisionResult) -> bool:
    return provision.state in {"not-shown", "applies-if-judgement"} or (
        provision.partly
        and bool({"not-shown", "applies-if-judgement"} & set(provision.by_strand.values()))
    )


def _missing(
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


def _judgements(
    engine: Engine, prepared: Prepared, provisions: tuple[ProvisionResult, ...]
) -> Iterator[OpenJudgement]:
    """Yield the judgements that can still change an answer, and those that counted for one."""
    law = engine.law
    found: dict[tuple[str, str, object], list[str]] = {}
    for provision in provisions:
        for strand, state in provision.by_strand.items():
            if state in {"not-applicable", "not-in-force"}:
                continue
            node = next(s.node for s in prepared.strands if s.id == strand)
            for condition in provision.conditions_by_strand[strand]:
                for question, answered in _questions(engine, prepared, node, condition):
                    found.setdefault((question, provision.id, answered), []).append(strand)
    for (question, provision_id, answered), strands in found.items():
        bar = engine.table.norms[provision_id].effect == "bar"
        judgement = answered if not isinstance(answered, str) else None
        yield OpenJudgement(
            question.removeprefix("question:"),
            law.text(question, "kg:code"),
            law.label(question),
            provision_id,
            "defeats" if bar else "needed",
            tuple(strands),
            law.text(question, "kg:askedOf"),
            law.text(question, "skos:definition"),
            judgement.answer if judgement else None,  # type: ignore[attr-defined]
            judgement.by if judgement else None,  # type: ignore[attr-defined]
            judgement.on if judgement else None,  # type: ignore[attr-defined]
        )


def _questions(
    engine: Engine, prepared: Prepared, node: str, condition: ConditionResult
) -> Iterator[tuple[str, object]]:
    """Yield the questions a condition asks: its own, or those inside its expressions."""
    if condition.kind == "assessed":
        return
    asked = [condition.id] if condition.question else _inner_judgements(engine, condition.id)
    for name in asked:
        judgement = prepared.answers.get((node, name))
        if judgement is not None:
            yield judgement.question, judgement
        elif condition.state == "judgement":
            yield engine.law.name(name, "kg:question"), ""


def _inner_judgements(engine: Engine, condition: str) -> list[str]:
    """Return the judgement conditions inside the expressions of a condition."""
    found: list[str] = []
    todo = list(engine.compiled.sufficient.get(condition, ()))
    while todo:
        name = todo.pop(0)
        if engine.law.name(name, "kg:question"):
            found.append(name)
        kind, parts = engine.compiled.expression.get(name, ("", ()))
        todo.extend(str(part) for part in parts[1 if kind in {"some", "has"} else 0 :])
    return found


def _disagreements(
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


def _assumptions(prepared: Prepared) -> Iterator[str]:
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


def _summary(prepared: Prepared) -> dict[str, str]:
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
