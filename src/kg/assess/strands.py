"""Every norm for one strand: in force, defeat, judgements; and which strands are equal.

Source: case-model sections 1 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.assess.conditions import Finding, Walker, any_of
from kg.assess.engine import Engine
from kg.assess.kinds import KindReader
from kg.assess.norms import Norm
from kg.model import Because, ConditionResult, Conflict, Missing, ProvisionState, Strand, Term
from kg.prepare import Prepared
from kg.reason import Closure


@dataclass(frozen=True, slots=True)
class NormState:
    """A norm for one strand: its state, the results of its conditions, and what blocks it."""

    state: ProvisionState
    conditions: tuple[ConditionResult, ...]
    blocked_by: tuple[str, ...] = ()


class StrandAssessor:
    """Evaluates every norm for one strand; each norm once, defeaters and references first."""

    def __init__(
        self, engine: Engine, prepared: Prepared, closure: Closure, kinds: KindReader, strand: Strand,
        shared: dict[object, ConditionResult], numbers: dict[object, int],
    ) -> None:  # fmt: skip
        self.engine = engine
        self.shared = shared
        self.numbers = numbers
        self.looked_at: dict[tuple[str, str], int] = {}
        status = prepared.computed.get((strand.node, "kg:DataStatus"))
        self.status = status.cls if status else ""
        self.prepared = prepared
        self.table = engine.table
        self.node = strand.node
        self.day = prepared.day.isoformat()
        self.walker = Walker(prepared, closure, kinds, self._assessed)
        self.states: dict[str, NormState] = {}
        self.own: dict[str, tuple[ConditionResult, ...]] = {}

    def conditions(self, norm: Norm) -> tuple[ConditionResult, ...]:
        """Return the results of a norm's own conditions."""
        found = self.own.get(norm.id)
        if found is None:
            found = tuple(self._condition(name) for name in norm.conditions)
            self.own[norm.id] = found
        return found

    def _condition(self, name: str) -> ConditionResult:
        """Return the result of a condition; strands that look alike to it share one."""
        inputs = self.engine.inputs(name)
        if inputs is None:
            return self._evaluated(name)
        key = (name, self.status, tuple(self._input(kind, thing) for kind, thing in inputs))
        found = self.shared.get(key)
        if found is None:
            found = self.shared[key] = self._evaluated(name)
        return found

    def _input(self, kind: str, thing: str) -> object:
        """Return a small stand-in for what the strand has there: equal things, equal numbers."""
        here = (kind, thing)
        if here not in self.looked_at:
            if kind == "property":
                value: object = tuple(self.walker.closure.facts.get(self.node, {}).get(thing, ()))
            elif kind == "dimension":
                value = self.prepared.computed.get((self.node, thing))
            else:
                judgement = self.prepared.answers.get((self.node, thing))
                value = judgement.node if judgement else None
            self.looked_at[here] = self.numbers.setdefault((here, value), len(self.numbers))
        return self.looked_at[here]

    def _evaluated(self, name: str) -> ConditionResult:
        condition = self.table.conditions[name]
        finding = self.walker.state(self.node, name)
        because = self.walker.facts_behind(finding)
        return ConditionResult(
            name, condition.label, condition.kind, finding.state, because,  # type: ignore[arg-type]
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

    def norm(self, name: str) -> NormState:
        """Return the state of a norm, in the order of case-model section 4."""
        found = self.states.get(name)
        if found is None:
            found = self._evaluate(self.table.norms[name])
            self.states[name] = found
        return found

    def _evaluate(self, norm: Norm) -> NormState:
        conditions = self.conditions(norm)
        stated = {condition.state for condition in conditions}
        if not norm.in_force_on(self.day):
            return NormState("not-in-force", conditions)
        if "not-met" in stated or (
            norm.defeats and not any(self._open(target) for target in norm.defeats)
        ):
            return NormState("not-applicable", conditions)
        defeaters = {name: self.norm(name).state for name in self.table.defeaters.get(norm.id, ())}
        blocking = tuple(name for name, state in defeaters.items() if state == "applies")
        if blocking:
            return NormState("blocked", conditions, blocking)
        if "unknown" in stated or "not-shown" in defeaters.values():
            return NormState("not-shown", conditions)
        if "judgement" in stated or "applies-if-judgement" in defeaters.values():
            return NormState("applies-if-judgement", conditions)
        return NormState("applies", conditions)

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


def groups_of(prepared: Prepared, engine: Engine) -> list[list[Strand]]:
    """Return the strands in groups whose facts are equal, in order of first appearance."""
    found: dict[object, list[Strand]] = {}
    for strand in prepared.strands:
        found.setdefault(_signature(prepared, engine, strand), []).append(strand)
    return list(found.values())
