"""The four states of a condition: met from the closure, the rest by walking expressions backwards.

Source: case-model section 4 (table of the four states).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kg.assess.kinds import KindReader
from kg.load import Law
from kg.model import Because, ConditionState, Missing, Term
from kg.prepare import Prepared
from kg.reason import Closure, Compiled, Typing


class Derived(NamedTuple):
    """A type the closure holds: its facts are read from the proof only if somebody asks."""

    node: str
    cls: str


class Finding(NamedTuple):
    """A state with what is behind it, the facts that are missing, and a plain note.

    ``because`` holds stated facts and derived types; ``Walker.facts_behind`` turns it into facts.
    """

    state: ConditionState
    because: tuple[Because | Derived, ...] = ()
    missing: tuple[Missing, ...] = ()
    note: str = ""


#: From best to worst, for “or”: a judgement alone would be enough, so it comes second.
_OR: tuple[ConditionState, ...] = ("met", "judgement", "unknown", "not-met")
#: From worst to best, for “and” over parts.
_AND: tuple[ConditionState, ...] = ("not-met", "unknown", "judgement", "met")


_RANK_OR = {state: rank for rank, state in enumerate(_OR)}
_RANK_AND = {state: rank for rank, state in enumerate(_AND)}


def _merged(findings: list[Finding], state: ConditionState) -> Finding:
    """Return what the findings in a state have in common: all their reasons and gaps, once each."""
    chosen = [f for f in findings if f.state == state]
    if len(chosen) == 1:
        return chosen[0]
    return Finding(
        state,
        tuple(dict.fromkeys(b for f in chosen for b in f.because)),
        tuple(dict.fromkeys(m for f in chosen for m in f.missing)),
        next((f.note for f in chosen if f.note), ""),
    )


def any_of(findings: list[Finding]) -> Finding:
    """Combine alternatives: the best state counts; reasons and gaps come from those in it."""
    if len(findings) == 1:
        return findings[0]
    if not findings:
        return Finding("not-met")
    best = min(findings, key=lambda finding: _RANK_OR[finding.state])
    return best if best.state == "met" else _merged(findings, best.state)


def all_of(findings: list[Finding]) -> Finding:
    """Combine parts: the worst state counts; reasons and gaps come from the parts in that state."""
    if len(findings) == 1:
        return findings[0]
    worst = min(findings, key=lambda finding: _RANK_AND[finding.state])
    return _merged(findings, worst.state)


class Walker:
    """Evaluates classes and expressions on the nodes of one prepared disclosure."""

    def __init__(
        self, prepared: Prepared, closure: Closure, kinds: KindReader,
        assessed: Callable[[str, str], Finding],
    ) -> None:  # fmt: skip
        self.prepared = prepared
        self.facts = prepared.facts
        self.law: Law = prepared.facts.law
        self.closure = closure
        self.types = closure.types
        self.strands = f"{prepared.disclosure}/strand/"
        self.kinds = kinds
        self.compiled: Compiled = kinds.rules.compiled
        self.dimensions = kinds.dimensions
        self.stated: dict[Typing, tuple[tuple[str, ...], tuple[Because, ...]]] = {}
        self.assessed = assessed
        self.memo: dict[Typing, Finding] = {}
        self.proofs: dict[Typing, tuple[Because, ...]] = {}

    # --- met: proofs --------------------------------------------------------------------------

    def facts_behind(self, finding: Finding) -> tuple[Because, ...]:
        """Return the stated facts behind a finding, once each."""
        if not finding.because:
            return ()
        found: dict[Because, None] = {}
        for one in finding.because:
            facts = self.proof(*one) if isinstance(one, Derived) else (one,)
            found.update(dict.fromkeys(facts))
        return tuple(found)

    def proof(self, node: str, cls: str) -> tuple[Because, ...]:
        """Return the stated facts from which a type follows, in file order of the proof."""
        here = (node, self._source(node, cls))
        found = self.proofs.get(here)
        if found is None:
            found = self.proofs[here] = self._proof(*here)
        return found

    def _source(self, node: str, cls: str) -> str:
        """Follow plain subclass steps down to the class that has facts of its own."""
        step = self.closure.types[node][cls]
        while len(step.types) == 1 and not step.facts and step.types[0][0] == node:
            cls = step.types[0][1]
            step = self.closure.types[node][cls]
        return cls

    def _proof(self, node: str, cls: str) -> tuple[Because, ...]:
        types, facts = self.closure.leaves(node, cls)
        found: list[Because] = []
        for subject, predicate, value in facts:
            if subject in self.facts.index and not subject.startswith(
                self.strands
            ):
                found.append(self._fact(subject, predicate, value))
        for subject, name in types:
            found.extend(self._typing(subject, name))
        if not found:
            found = [self._fact_of_strand(predicate, value) for _, predicate, value in facts]
        return tuple(dict.fromkeys(found))

    def _fact(self, subject: str, predicate: str, value: Term) -> Because:
        reason = self.facts.because(subject, predicate, value)
        if (subject, predicate, value) in self.prepared.assumed:
            return Because(reason.path, reason.value, 0, assumed=True)
        return reason

    def _fact_of_strand(self, predicate: str, value: Term) -> Because:
        return Because(self.strand_path(predicate), self.facts.words(value))

    def _typing(self, subject: str, name: str) -> tuple[Because, ...]:
        dimension = self.dimensions.get(name, "")
        computed = self.prepared.computed.get((subject, dimension))
        if computed and computed.cls == name:
            return computed.because or (Because(self._what(subject), self.law.label(name)),)
        for other, because in computed.also if computed else ():
            if other == name:
                return (because,)
        condition = name.rpartition(".")[0]
        judgement = self.prepared.answers.get((subject, condition))
        if judgement and name.endswith((".yes", ".no")):
            line = (
                self.facts.case.places[judgement.node].line
                if judgement.node in self.facts.case.places
                else 0
            )
            word = "yes" if judgement.answer else "no"
            return (
                Because(
                    self.facts.path(judgement.node), f"{word}, {judgement.by}, {judgement.on}", line
                ),
            )
        if (subject, "rdf:type", name) in self.facts.case.lines or name in self.facts.types(
            subject
        ):
            return (
                (self.facts.because(subject, "rdf:type", name),)
                if not name.startswith("kg:")
                else ()
            )
        return ()

    def _what(self, subject: str) -> str:
        """Return the path of a thing; for a strand, that of its disclosure."""
        is_strand = subject.startswith(self.strands)
        return self.facts.path(self.prepared.disclosure if is_strand else subject)

    def strand_path(self, predicate: str) -> str:
        """Return the path of the key from which a strand takes a property."""
        keys = {
            "kg:recipient": "kg:receipt",
            "kg:item": "kg:content",
            "kg:subject": "kg:involvement",
        }
        return self.facts.path(self.prepared.disclosure, keys.get(predicate, predicate))

    # --- the four states ----------------------------------------------------------------------

    def state(self, node: str, cls: str) -> Finding:
        """Return the state of a class or expression on a node."""
        here = (node, cls)
        found = self.memo.get(here)
        if found is None:
            if cls in self.types.get(node, ()):
                found = Finding("met", (Derived(node, cls),))
            elif cls.startswith("_:"):
                found = self._expression(node, cls)
            else:
                found = self._named(node, cls)
            self.memo[here] = found
        return found

    def _expression(self, node: str, name: str) -> Finding:
        kind, parts = self.compiled.expression[name]
        if kind == "and":
            return all_of([self.state(node, str(part)) for part in parts])
        if kind == "or":
            return any_of([self.state(node, str(part)) for part in parts])
        predicate, wanted = str(parts[0]), parts[1]
        values = self.closure.facts.get(node, {}).get(predicate, [])
        if not values:
            return self._absent(node, predicate)
        if kind == "has":
            return Finding(
                "not-met", tuple(self._value(node, predicate, value) for value in values)
            )
        return any_of(
            [self.state(value, str(wanted)) for value in values if isinstance(value, str)]
        )

    def _value(self, node: str, predicate: str, value: Term) -> Because:
        if node in self.facts.index and not node.startswith(self.strands):
            return self._fact(node, predicate, value)
        return self._fact_of_strand(predicate, value)

    def _absent(self, node: str, predicate: str) -> Finding:
        """Return what a property without a value means: none, absent by the trigger, not stated."""
        on_strand = node.startswith(self.strands)
        source = self.prepared.disclosure if on_strand else node
        path = self.strand_path(predicate) if on_strand else self.facts.path(node, predicate)
        if "kg:None" in self.law.names(predicate, "kg:whenUnstated"):
            return Finding("not-met", (Because(path, "none stated", assumed=True),))
        trigger = self.facts.name(source, "kg:trigger")
        if trigger and trigger in self.law.names(predicate, "kg:absentWhen"):
            return Finding("not-met", (self.facts.because(source, "kg:trigger", trigger),))
        if on_strand and predicate == "kg:subject" and self._is_anonymous(node):
            return Finding("not-met", self.prepared.computed[node, "kg:DataStatus"].because)
        stated = self.facts.missing(source, predicate)
        return Finding("unknown", (), (Missing(path, "not-stated", stated.allowed),))

    def _is_anonymous(self, node: str) -> bool:
        computed = self.prepared.computed.get((node, "kg:DataStatus"))
        return bool(computed and computed.cls == "kg:Anonymous")

    def _named(self, node: str, cls: str) -> Finding:
        plan = self.kinds.plans.get(cls) or self.kinds.plan(cls)
        if plan.sort == "judgement":
            return self._judgement(node, cls)
        if plan.sort == "assessed":
            found = self.assessed(node, cls)
            return any_of([found, *(self.state(node, e) for e in plan.alternatives)])
        if len(plan.alternatives) == 1 and plan.sort == "plain":
            return self.state(node, plan.alternatives[0])
        findings = [self.state(node, expression) for expression in plan.alternatives]
        if plan.sort == "dimension":
            findings.insert(0, self._dimension(node, cls, plan.dimension))
        return any_of(findings)

    def _judgement(self, node: str, cls: str) -> Finding:
        judgement = self.prepared.answers.get((node, cls))
        if judgement is None:
            return Finding("judgement")
        answer = f"{cls}.{'yes' if judgement.answer else 'no'}"
        return Finding("not-met", self._typing(node, answer))

    def _dimension(self, node: str, cls: str, dimension: str) -> Finding:
        """Return the state of a class of a dimension: computed, or a kind out of a vocabulary."""
        computed = self.prepared.computed.get((node, dimension))
        if computed is not None:
            if computed.cls:
                return Finding("not-met", computed.because)
            return Finding("unknown", (), computed.missing)
        stated, because = self._kinds(node, dimension)
        if not stated:
            status = self.prepared.computed.get((node, "kg:DataStatus"))
            if status:  # a strand without a subject: nobody's consent, nobody's age
                return Finding("not-met", status.because)
            return Finding("unknown", (), (self.facts.missing(node, "rdf:type"),))
        standing = self.kinds.standing(cls, stated)
        if standing.sort == "outside":
            return Finding("not-met", because, (), standing.note)
        gap = Missing(self.facts.path(node, "rdf:type"), standing.sort, standing.words)
        return Finding("unknown", because, (gap,))

    def _kinds(self, node: str, dimension: str) -> tuple[tuple[str, ...], tuple[Because, ...]]:
        """Return the kinds of a thing in a vocabulary, with the facts that state them."""
        here = (node, dimension)
        found = self.stated.get(here)
        if found is None:
            kinds = tuple(
                name
                for name in self.facts.types(node)
                if self.dimensions.get(name) == dimension and name != dimension
            )
            found = kinds, tuple(self.facts.because(node, "rdf:type", name) for name in kinds)
            self.stated[here] = found
        return found
