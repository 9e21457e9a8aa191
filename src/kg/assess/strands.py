"""Every norm for one strand: in force, defeat, judgements; and which strands are equal.

Source: case-model sections 1 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.assess.conditions import Finding, Walker, any_of
from kg.assess.engine import Engine, Input
from kg.assess.kinds import KindReader
from kg.assess.norms import Norm
from kg.model import Because, ConditionResult, Conflict, Missing, ProvisionState, Strand, Term
from kg.prepare import Prepared
from kg.reason import Closure


class NormState(NamedTuple):
    """A norm for one strand: its state, the results of its conditions, and what blocks it."""

    state: ProvisionState
    conditions: tuple[ConditionResult, ...]
    blocked_by: tuple[str, ...] = ()


#: With how many earlier strands a strand is compared: those it differs from least.
_EARLIER = 3


class Explained(NamedTuple):
    """A finding with its facts read from the proof; ``results`` holds it as each condition's own."""

    finding: Finding
    because: tuple[Because, ...]
    results: dict[str, ConditionResult]


class StrandAssessors:
    """The assessors of the strands of one disclosure, and the walker they share."""

    def __init__(
        self, engine: Engine, prepared: Prepared, closure: Closure, kinds: KindReader
    ) -> None:
        self.engine = engine
        self.prepared = prepared
        self.of_node: dict[str, StrandAssessor] = {}
        self.walker = Walker(
            prepared, closure, kinds, lambda node, name: self.of_node[node].assessed(name)
        )

    def add(self, strand: Strand) -> StrandAssessor:
        """Return the assessor of one more strand; it takes over what an earlier one settled."""
        earlier = list(self.of_node.values())
        found = self.of_node[strand.node] = StrandAssessor(
            self.engine, self.prepared, self.walker, strand.node, earlier
        )
        return found


class StrandAssessor:
    """Evaluates every norm for one strand; each norm once, defeaters and references first.

    Where a norm or condition looks at nothing in which an earlier strand differs, the earlier result
    is taken over.
    """

    def __init__(
        self, engine: Engine, prepared: Prepared, walker: Walker, node: str,
        earlier: list[StrandAssessor],
    ) -> None:  # fmt: skip
        self.engine = engine
        self.prepared = prepared
        self.walker = walker
        self.table = engine.table
        self.structures = engine.structures
        self.node = node
        self.day = prepared.day.isoformat()
        self.explained: dict[int, Explained] = {}
        self.states: dict[str, NormState] = {}
        self.own: dict[str, tuple[ConditionResult, ...]] = {}
        self.looks = self._looks()
        differences = [(one, self._differs(one)) for one in earlier]
        comparable = [(one, found) for one, found in differences if found is not None]
        self.earlier = sorted(comparable, key=lambda pair: len(pair[1]))[:_EARLIER]

    def _looks(self) -> dict[Input, object]:
        """Return what conditions can look at on this strand."""
        found: dict[Input, object] = {
            Input("property", name): values
            for name, values in self.walker.closure.facts.get(self.node, {}).items()
        }
        for dimension, computed in self.prepared.computed_of.get(self.node, {}).items():
            found[Input("dimension", dimension)] = computed
        for condition, judgement in self.prepared.answers_of.get(self.node, {}).items():
            found[Input("answer", condition)] = judgement.node
        return found

    def _differs(self, other: StrandAssessor) -> frozenset[Input] | None:
        """Return in what another strand differs; None where its anonymity would change every reading."""
        if self._status() != other._status():
            return None
        return frozenset(
            name
            for name in self.looks.keys() | other.looks.keys()
            if self.looks.get(name) != other.looks.get(name)
        )

    def _status(self) -> str:
        status = self.prepared.computed.get((self.node, "kg:DataStatus"))
        return status.cls if status else ""

    def conditions(self, norm: Norm) -> tuple[ConditionResult, ...]:
        """Return the results of a norm's own conditions."""
        found = self.own.get(norm.id)
        if found is None:
            found = self.own[norm.id] = tuple([self._condition(name) for name in norm.conditions])
        return found

    def _condition(self, name: str) -> ConditionResult:
        """Return the result of a condition; what is alike for several is evaluated once."""
        structure = self.structures[name]
        explained = self.explained.get(structure)
        if explained is None:
            condition = self.table.conditions[name]
            if condition.kind == "judgement" and (self.node, name) not in self.prepared.answers:
                return self.engine.open_judgements[name]
            explained = self.explained[structure] = self._explained(name, structure)
        found = explained.results.get(name)
        if found is None:
            c, finding = self.table.conditions[name], explained.finding
            found = explained.results[name] = ConditionResult(
                name, c.label, c.kind, finding.state, explained.because, finding.missing,  # type: ignore[arg-type]
                c.question, c.source, c.rule, finding.note,
            )  # fmt: skip
        return found

    def _explained(self, name: str, structure: int) -> Explained:
        """Return the finding of a condition: an earlier strand's where that looks the same."""
        for other, differing in self.earlier:
            if structure in other.explained and differing.isdisjoint(self.engine.inputs(name)):
                return other.explained[structure]
        return self._evaluated(name)

    def _evaluated(self, name: str) -> Explained:
        finding = self.walker.state(self.node, name)
        return Explained(finding, self.walker.facts_behind(finding), {})

    def assessed(self, name: str) -> Finding:
        """State of a condition that rests on other norms: that of the best of them."""
        kinds = self.table.conditions[name].any_norm_of
        findings: list[Finding] = []
        for norm in dict.fromkeys(n for kind in kinds for n in self.table.of_kind[kind]):
            state = self.norm(norm).state
            if state in {"not-applicable", "not-in-force", "blocked"}:
                continue
            reason = Because(self.table.norms[norm].citation, state)
            match state:
                case "applies":
                    findings.append(Finding("met", (reason,)))
                case "applies-if-judgement":
                    findings.append(Finding("judgement", (reason,)))
                case _:
                    findings.append(Finding("unknown", (reason,), self._gaps(norm)))
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
            found = self.states[name] = self._earlier(name) or self._evaluate(self.table.norms[name])
        return found

    def _earlier(self, name: str) -> NormState | None:
        """Return the state of a norm on an earlier strand that looks the same to it."""
        for other, differing in self.earlier:
            if differing.isdisjoint(self.engine.inputs(name)):
                return other.norm(name)
        return None

    def _evaluate(self, norm: Norm) -> NormState:
        conditions = self.conditions(norm)
        if not norm.in_force_on(self.day):
            return NormState("not-in-force", conditions)
        stated = {condition.state for condition in conditions}
        if "not-met" in stated or (
            norm.defeats and not any(self._open(target) for target in norm.defeats)
        ):
            return NormState("not-applicable", conditions)
        against = self.table.defeaters.get(norm.id, ())
        defeaters = {name: self.norm(name).state for name in against}
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
        open_states = {"applies", "applies-if-judgement"}
        if any(self.norm(name).state in open_states for name in self.engine.powers):
            return self.engine.residual
        return frozenset()

    def conflicts(self, strand: Strand) -> Iterator[Conflict]:
        """Yield each duty and prohibition that both hold while neither defeats the other."""
        for bar in self.engine.prohibitions:
            if self.norm(bar.id).state != "applies":
                continue
            for duty in self.engine.duties:
                apart = duty.id not in bar.defeats and bar.id not in duty.defeats
                if apart and self.norm(duty.id).state == "applies":
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
        (dimension, c.cls, tuple(name for name, _ in c.also), tuple(m.why for m in c.missing))
        for dimension, c in prepared.computed_of.get(strand.node, {}).items()
    )
    answers = frozenset(
        (c, j.answer) for c, j in prepared.answers_of.get(strand.node, {}).items()
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
