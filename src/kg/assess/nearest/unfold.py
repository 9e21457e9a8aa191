"""When a norm would apply, as a formula over the facts of one strand that could be otherwise.

Source: case-model section 4, read backwards: each row of its table says which values of a fact make
a condition met, not met, or leave it open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from kg.assess.engine import Engine
from kg.assess.nearest.formula import (
    NEW,
    NO,
    NONE,
    OTHER,
    YES,
    Fact,
    FactTable,
    Formula,
    Leaf,
    both,
    either,
    leaf,
)
from kg.assess.norms import Norm
from kg.assess.strands import StrandAssessor
from kg.case_keys import BLOCKS, KEY_OF_TERM, Key
from kg.model import FALSE, TRUE, Lit, Strand, Term

#: What is asked of a class on a node: met, not met, or not yet excluded (met, unknown, judgement).
Want = Literal["met", "not-met", "open"]

_WHERE = {"kg:recipient": "receipt", "kg:item": "content", "kg:subject": "involvement"}
_PLACES = {"kg:discloser", *_WHERE}
_CLASS_OF_PLACE = {
    "kg:discloser": "Body",
    "kg:recipient": "Body",
    "kg:item": "Item",
    "kg:subject": "Person",
}


def _fits(state: str, want: Want) -> bool:
    return state != "not-met" if want == "open" else state == want


class Formulas:
    """Unfolds norms on one strand into formulas; equal questions are unfolded once."""

    def __init__(
        self, engine: Engine, assessor: StrandAssessor, strand: Strand, table: FactTable
    ) -> None:
        self.engine = engine
        self.law = engine.law
        self.assessor = assessor
        self.walker = assessor.walker
        self.kinds = assessor.walker.kinds
        self.prepared = assessor.prepared
        self.facts = self.prepared.facts
        self.strand = strand
        self.node = strand.node
        self.table = table
        self.day = self.prepared.day.isoformat()
        self.new: dict[str, tuple[str, str]] = {}
        self._memo: dict[tuple[str, str, Want], Formula] = {}
        self._applies: dict[str, Formula] = {}

    # --- norms --------------------------------------------------------------------------------

    def applies(self, name: str) -> Formula:
        """Return when a norm applies: in force, all conditions met, something to act on, undefeated.

        One that is not in force has a single way: the law of another day.
        """
        found = self._applies.get(name)
        if found is None:
            norm = self.engine.table.norms[name]
            found = self._in_force(norm) if norm.in_force_on(self.day) else self._later(norm)
            self._applies[name] = found
        return found

    def _in_force(self, norm: Norm) -> Formula:
        parts = [self._condition(condition, "met") for condition in norm.conditions]
        if norm.defeats:
            parts.append(either(self._open(target) for target in norm.defeats))
        defeaters = self.engine.table.defeaters.get(norm.id, ())
        return both([*parts, *(self._stands_aside(one) for one in defeaters)])

    def _later(self, norm: Norm) -> Formula:
        """Another day: lists and regimes change with it, so that nothing else can be said today."""
        path = self.facts.path(self.prepared.disclosure, "kg:date")
        return leaf(
            self.table.get("in-force", "", norm.id, path, [TRUE], [FALSE]), [TRUE], now=False
        )

    def _open(self, name: str) -> Formula:
        norm = self.engine.table.norms[name]
        if not norm.in_force_on(self.day):
            return NO
        return both(self._condition(condition, "open") for condition in norm.conditions)

    def _stands_aside(self, name: str) -> Formula:
        """Return when a defeater does not apply for certain: a condition fails, or it is defeated.

        That what it defeats could not apply at all is no way here: that norm is to apply.
        """
        norm = self.engine.table.norms[name]
        if not norm.in_force_on(self.day):
            return YES
        defeaters = self.engine.table.defeaters.get(name, ())
        return either(
            [
                *(self._condition(condition, "not-met") for condition in norm.conditions),
                *(self.applies(one) for one in defeaters),
            ]
        )

    def _condition(self, name: str, want: Want) -> Formula:
        return self.state(self.node, name, want)

    # --- classes ------------------------------------------------------------------------------

    def state(self, node: str, cls: str, want: Want) -> Formula:
        """Return when a class or expression on a node is in the wanted state."""
        here = (node, cls, want)
        found = self._memo.get(here)
        if found is None:
            found = self._memo[here] = self._state(node, cls, want)
        return found

    def _state(self, node: str, cls: str, want: Want) -> Formula:
        if cls == "owl:Thing":
            return NO if want == "not-met" else YES
        if not (node.startswith("case:") or node in self.new):
            return self._fixed(self.walker.state(node, cls).state, want)
        if not cls.startswith("_:"):
            return self._named(node, cls, want)
        kind, parts = self.engine.compiled.expression[cls]
        if kind in {"and", "or"}:
            inside = (self.state(node, str(part), want) for part in parts)
            return self._all(inside, want) if kind == "and" else self._any(inside, want)
        return self._property(node, str(parts[0]), parts[1], want, has=kind == "has")

    @staticmethod
    def _all(parts: Iterable[Formula], want: Want) -> Formula:
        return either(parts) if want == "not-met" else both(parts)

    @staticmethod
    def _any(parts: Iterable[Formula], want: Want) -> Formula:
        return both(parts) if want == "not-met" else either(parts)

    @staticmethod
    def _fixed(state: str, want: Want) -> Formula:
        return YES if _fits(state, want) else NO

    def _named(self, node: str, cls: str, want: Want) -> Formula:
        stem, _, answer = cls.rpartition(".")
        if answer in {"yes", "no"} and self.law.name(stem, "kg:question"):
            return self._answer(node, stem, {answer}, want)
        plan = self.kinds.plan(cls)
        if plan.sort == "judgement":
            below = self.engine.compiled.sufficient.get(cls, ())
            return self._answer(
                node, cls, {w for w in ("yes", "no") if f"{cls}.{w}" in below}, want
            )
        parts = [self.state(node, e, want) for e in plan.alternatives]
        if plan.sort == "assessed":
            parts.insert(0, self._assessed(node, cls, want))
        elif plan.sort == "dimension":
            parts.insert(0, self._dimension(node, cls, plan.dimension, want))
        elif not parts:
            of_class = (
                f"kg:{self.new[node][1]}" == cls
                if node in self.new
                else self.walker.closure.has(node, cls)
            )
            return self._fixed("met" if of_class else "not-met", want)
        return self._any(parts, want)

    # --- facts of each sort -------------------------------------------------------------------

    def _answer(self, node: str, condition: str, meets: set[str], want: Want) -> Formula:
        """Read an answer: one without “for” serves every condition that asks the same and has none yet."""
        judgement = self.prepared.answers.get((node, condition))
        question = self.law.name(condition, "kg:question")
        start = self.facts.path(self.prepared.disclosure)
        path = f"{start}/judgements/{question.partition(':')[2]}/answer"
        stated: tuple[str, ...] = ()
        if judgement:
            path = f"{self.facts.path(judgement.node)}/answer"
            stated = ("yes" if judgement.answer else "no",)
        fact = self.table.get(
            "answer", judgement.node if judgement else "", question, path, ["yes", "no"], stated
        )
        states = {word: "met" if word in meets else "not-met" for word in ("yes", "no")}
        now = states[stated[0]] if stated else "judgement"
        return leaf(fact, (w for w, s in states.items() if _fits(s, want)), now=_fits(now, want))

    def _assessed(self, node: str, cls: str, want: Want) -> Formula:
        """Let what rests on other norms stand while one that applies now does; else it is one change."""
        state = self.walker.assessed(node, cls).state
        path = self.facts.path(self.prepared.disclosure)
        fact = self.table.get("assessed", "", cls, path, ["met", "not-met"])
        good = [word for word in ("met", "not-met") if _fits(word, want)]
        if want != "met" or state != "met":
            return leaf(fact, good, now=_fits(state, want))
        norms = (n for kind in self.engine.table.conditions[cls].any_norm_of
                 for n in self.engine.table.of_kind[kind])  # fmt: skip
        standing = [n for n in dict.fromkeys(norms) if self.assessor.norm(n).state == "applies"]
        stays = both([Leaf(fact, frozenset(), now=True), either(self.applies(n) for n in standing)])
        return either([stays, leaf(fact, good, now=False)])

    def _dimension(self, node: str, cls: str, dimension: str, want: Want) -> Formula:
        key = self.key(node, "rdf:type")
        if key and key.listed and f"kg:{key.listed.partition(':')[2]}" == dimension:
            return self._kind(node, cls, dimension, key, want)
        fact = self._computed_fact(node, dimension)
        if fact is None:
            empty = (node, "kg:DataStatus") in self.prepared.computed
            return self._fixed("not-met" if empty else "unknown", want)
        below, stated = self.kinds.rules.below, fact.stated
        fitting = {cls, *below.get(cls, ())}
        now = ("met" if stated[0] in fitting else "not-met") if stated else "unknown"
        good = (c for c in fact.values if _fits("met" if c in fitting else "not-met", want))
        return leaf(fact, good, now=_fits(now, want))

    def _computed_fact(self, node: str, dimension: str) -> Fact | None:
        computed = self.prepared.computed.get((node, dimension))
        if computed is None and node not in self.new:
            return None
        paths = [m.path for m in computed.missing] if computed else []
        paths += [b.path for b in computed.because] if computed else []
        return self.table.get(
            "computed", self._concerned(node, dimension), dimension,
            paths[0] if paths else self.path(node), self.table.leaves(self.engine, dimension),
            [computed.cls] if computed and computed.cls else [],
        )  # fmt: skip

    def _concerned(self, node: str, dimension: str) -> str:
        """Return whom and what of a strand a test is about: strands that share it share the fact."""
        if node != self.node:
            return node
        parts = {
            "kg:discloser": self.strand.discloser,
            "kg:recipient": self.strand.recipient,
            "kg:item": self.strand.item,
            "kg:subject": self.strand.subject,
        }
        about = self.law.names(dimension, "kg:testOf")
        if not about:
            return node
        return " ".join(value for part, value in parts.items() if part in about and value)

    def _kind(self, node: str, cls: str, dimension: str, key: Key, want: Want) -> Formula:
        stated = [
            name for name in (self.facts.types(node) if node not in self.new else ())
            if self.engine.dimensions.get(name) == dimension and name != dimension
        ]  # fmt: skip
        vocabulary = self.law.vocabulary(key.listed).values()
        path = self.path(node, "rdf:type")
        fact = self.table.get("kind", node, dimension, path, vocabulary, stated, key)
        states = self.kinds.states_of(cls, key.listed)
        now = "unknown"
        if stated:
            standing = self.kinds.standing(cls, tuple(stated))
            outside = "not-met" if standing.sort == "outside" else "unknown"
            now = "met" if any(states.get(name) == "met" for name in stated) else outside
        good = (name for name, state in states.items() if _fits(state, want))
        return leaf(fact, good, now=_fits(now, want))

    # --- properties ---------------------------------------------------------------------------

    def _property(self, node: str, on: str, wanted: Term, want: Want, *, has: bool) -> Formula:
        values = self._values(node, on)
        if not values:
            now = self._absent(node, on, want)
        elif has or wanted == "owl:Thing":
            now = self._fixed("met" if wanted in values or not has else "not-met", want)
        else:
            inside = (self.state(v, str(wanted), want) for v in values if isinstance(v, str))
            now = self._any(inside, want)
        fact = self._value_fact(node, on, values)
        if fact is None:
            return now
        good = [
            value for value in fact.values
            if (has or value != NEW) and _fits(self._value_state(value, wanted, has=has), want)
        ]  # fmt: skip
        if now is YES or now is NO:
            parts = [leaf(fact, good, now=now is YES)]
        else:
            parts = [both([Leaf(fact, frozenset(), now=True), now]), leaf(fact, good, now=False)]
        if NEW in fact.values and not has:
            inner = self.state(self._new_node(node, on, fact.path), str(wanted), want)
            parts.append(both([leaf(fact, [NEW], now=False), inner]))
        return either(parts)

    def _value_state(self, value: Term, wanted: Term, *, has: bool) -> str:
        """State of “has this value”, or of a class on a value of a list, if the property were so."""
        if has:
            return "met" if value == wanted else "not-met"
        if value == NONE:
            return "not-met"
        if wanted == "owl:Thing" or value == OTHER or isinstance(value, Lit):
            return "met" if wanted == "owl:Thing" else "not-met"
        types = self.law.names(value, "rdf:type")
        if any(t == wanted or wanted in self.law.superclasses.get(t, ()) for t in types):
            return "met"
        return self.walker.state(value, str(wanted)).state

    def _values(self, node: str, on: str) -> list[Term]:
        if node in self.new:
            return [value for term, value in self.law.unstated if term == on and self.key(node, on)]
        return self.walker.closure.facts.get(node, {}).get(on, [])

    def _absent(self, node: str, on: str, want: Want) -> Formula:
        """Return what a property without a value means, as in ``Walker``: there is none, or not known.

        For a request that hangs on the trigger, for a subject on whether anybody is identified.
        """
        if want == "met":
            return NO
        if self._may_be_none(on):
            return self._fixed("not-met", want)
        fact, none = None, set(self.law.names(on, "kg:absentWhen"))
        if none and node not in self.new and self.key(node, "kg:trigger"):
            fact = self._value_fact(node, "kg:trigger", self._values(node, "kg:trigger"))
        elif on == "kg:subject" and node == self.node:
            fact, none = self._computed_fact(node, "kg:DataStatus"), {"kg:Anonymous"}
        if fact is None:
            return self._fixed("unknown", want)
        good = {value for value in fact.values if (value in none) == (want == "not-met")}
        absent = bool(none & set(fact.stated))
        return leaf(fact, good, now=absent == (want == "not-met"))

    def _owner(self, node: str, on: str) -> str:
        """Return the disclosure for what its strands only carry; their four places are their own."""
        return self.prepared.disclosure if node == self.node and on not in _PLACES else node

    def _may_be_none(self, on: str) -> bool:
        return "kg:None" in self.law.names(on, "kg:whenUnstated")

    def _value_fact(self, node: str, on: str, values: list[Term]) -> Fact | None:
        """Return the fact of a property, or None where it is what the strand or the block is."""
        key = self.key(node, on)
        place = node == self.node and on in _PLACES
        if key is None or (values and (place or key.type == "block")):
            return None
        owner = self._owner(node, on)
        stated = [v for v in values if (owner, on, v) not in self.prepared.assumed]
        possible = set(self._possible(key, on, place=place))
        if stated and self._may_be_none(on):
            possible.add(NONE)
        if len(values) == 1:
            possible -= set(values)
        return self.table.get("value", owner, on, self.path(node, on), possible, stated, key)

    def _possible(self, key: Key, on: str, *, place: bool) -> Iterator[Term]:
        if place or key.type in {"ref", "block"}:
            yield NEW
        if key.type == "yes/no":
            yield from (TRUE, FALSE)
        elif key.listed and not place:
            yield from self.law.vocabulary(key.listed).values()
        elif key.type not in {"ref", "block"}:
            yield from (value for prop, value in self.engine.compiled.has_value if prop == on)
            yield OTHER

    def _new_node(self, node: str, on: str, path: str) -> str:
        name = f"{self._owner(node, on)}>{on}"
        if name not in self.new:
            key = self.key(node, on)
            block = key.block if key else ""
            cls = _CLASS_OF_PLACE.get(on) if node == self.node else None
            known = BLOCKS[block].node_class if block else ""
            self.new[name] = (path, cls or known)
        return name

    # --- places in the file -------------------------------------------------------------------

    def key(self, node: str, on: str) -> Key | None:
        """Return the key that states a property of a thing, a new thing or a strand's disclosure."""
        term = "type" if on == "rdf:type" else on.removeprefix("kg:")
        if node in self.new:
            return KEY_OF_TERM.get((self.new[node][1], term))
        if node == self.node:
            return KEY_OF_TERM.get(("Disclosure", _WHERE.get(on, term))) if term != "type" else None
        return self.facts.key(node, on)

    def path(self, node: str, on: str = "") -> str:
        """Return the path of a thing or of one of its keys."""
        if node in self.new:
            key = self.key(node, on)
            return f"{self.new[node][0]}/{key.name}" if key else self.new[node][0]
        if node == self.node:
            place = self.prepared.disclosure
            return self.walker.strand_path(on) if on else self.facts.path(place)
        return self.facts.path(node, on)
