"""The forward chainer: the allowed OWL 2 RL constructs, compiled once, with a proof for every type.

Source: OWL 2 Profiles 4.3, rules cax-sco, cax-dw, cls-int1, cls-uni, cls-svf1, cls-svf2, cls-hv2
(for sufficient conditions only); design section 2. Unknown constructs are refused, never skipped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from kg.errors import BrokenGraph, Problem
from kg.load import Law
from kg.model import Lit, Term, Triple, in_force

_ALLOWED_OWL = {
    "owl:intersectionOf", "owl:unionOf", "owl:onProperty", "owl:someValuesFrom", "owl:hasValue",
    "owl:disjointWith", "owl:versionInfo", "owl:deprecated",
}  # fmt: skip
_ALLOWED_RDFS = {
    "rdfs:label",
    "rdfs:comment",
    "rdfs:subClassOf",
    "rdfs:seeAlso",
    "rdfs:isDefinedBy",
}
_ALLOWED_TYPES = {
    "owl:Class", "owl:Restriction", "owl:Ontology", "owl:AnnotationProperty", "owl:NamedIndividual",
    "owl:ObjectProperty", "owl:DatatypeProperty",
}  # fmt: skip
#: What an expression may consist of; types and labels of it say nothing more.
_EXPRESSIONS = {
    frozenset({"owl:intersectionOf"}),
    frozenset({"owl:unionOf"}),
    frozenset({"owl:onProperty", "owl:someValuesFrom"}),
    frozenset({"owl:onProperty", "owl:hasValue"}),
}
_NOT_LOGIC = {"rdf:type", "rdfs:label", "rdfs:comment", "rdfs:subClassOf"}
_FIX_OWL = (
    "write it with owl:intersectionOf, owl:unionOf, owl:someValuesFrom or owl:hasValue on the left "
    "of rdfs:subClassOf and a named class on the right"
)


class Dated(NamedTuple):
    """A dated subclass axiom: kind belongs to list from start (inclusive) until end (exclusive).

    An open end is empty; an empty start never begins.
    """

    entry: str
    kind: str
    list: str
    start: str
    end: str

    def holds_on(self, day: str) -> bool:
        """Whether the axiom holds on that day (``YYYY-MM-DD``)."""
        return in_force(self.start, self.end, day)


#: A node's type, as used in proofs.
Typing = tuple[str, str]


class Step(NamedTuple):
    """Why a node has a type: the types and the facts it follows from."""

    types: tuple[Typing, ...] = ()
    facts: tuple[Triple, ...] = ()


ASSERTED = Step()


@dataclass
class Closure:
    """All types of all nodes, each with its proof; ASSERTED for what was stated or computed."""

    types: dict[str, dict[str, Step]]
    facts: Mapping[str, Mapping[str, list[Term]]]

    def has(self, node: str, cls: str) -> bool:
        """Whether the node has the type."""
        return cls in self.types.get(node, ())

    def clashes(self, disjoint: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
        """Yield each node that has two types which exclude each other (rule cax-dw)."""
        for one, other in disjoint:
            for node, types in self.types.items():
                if one in types and other in types:
                    yield node, one, other

    def leaves(self, node: str, cls: str) -> tuple[list[Typing], list[Triple]]:
        """Return the asserted types and facts from which a type follows, in order, once each."""
        types: dict[Typing, None] = {}
        facts: dict[Triple, None] = {}
        seen: set[Typing] = set()
        todo = [(node, cls)]
        while todo:
            one = todo.pop()
            if one in seen:
                continue
            seen.add(one)
            step = self.types[one[0]][one[1]]
            if step is ASSERTED:
                types[one] = None
            facts.update(dict.fromkeys(step.facts))
            todo.extend(reversed(step.types))
        return list(types), list(facts)


class Rules:
    """The rules of one day: compiled axioms plus the list entries that hold on it."""

    def __init__(self, compiled: Compiled, day: str) -> None:
        self.compiled = compiled
        self.day = day
        self.up: dict[str, list[str]] = defaultdict(
            list, {k: list(v) for k, v in compiled.up.items()}
        )
        self.entry_of: dict[tuple[str, str], str] = {}
        for dated in compiled.dated:
            if dated.holds_on(day):
                self.up[dated.kind].append(dated.list)
                self.entry_of[dated.kind, dated.list] = dated.entry

    @cached_property
    def below(self) -> dict[str, frozenset[str]]:
        """All named classes below a class on this day (transitive, without itself)."""
        down: dict[str, set[str]] = defaultdict(set)
        for start in list(self.up):
            if start.startswith("_:"):
                continue
            seen: set[str] = set()
            todo = list(self.up[start])
            while todo:
                name = todo.pop()
                if name not in seen:
                    seen.add(name)
                    down[name].add(start)
                    todo.extend(self.up.get(name, ()))
        return {name: frozenset(found) for name, found in down.items()}

    def close(self, triples: Iterable[Triple]) -> Closure:  # noqa: C901, PLR0912 - one loop: speed
        """Return the closure of the triples under the rules, with one proof per type."""
        c = self.compiled
        types: dict[str, dict[str, Step]] = {}
        facts: dict[str, dict[str, list[Term]]] = {}
        users: dict[str, list[tuple[str, str]]] = {}
        agenda: list[Typing] = []

        def add(node: str, cls: str, step: Step) -> None:
            known = types.setdefault(node, {})
            if cls not in known:
                known[cls] = step
                agenda.append((node, cls))

        for subject, predicate, value in triples:
            if predicate == "rdf:type":
                add(subject, str(value), ASSERTED)
                continue
            facts.setdefault(subject, {}).setdefault(predicate, []).append(value)
            if predicate in c.properties and isinstance(value, str):
                users.setdefault(value, []).append((subject, predicate))
        for subject, by_property in facts.items():
            for predicate, values in by_property.items():
                for name in c.any_value.get(predicate, ()):
                    add(subject, name, Step((), ((subject, predicate, values[0]),)))
                for value in values:
                    for name in c.has_value.get((predicate, value), ()):
                        add(subject, name, Step((), ((subject, predicate, value),)))
        up, in_and, some = self.up, c.in_and, c.some
        while agenda:
            here = agenda.pop()
            node, cls = here
            known = types[node]
            if cls in up:
                step = Step((here,))
                for wide in up[cls]:
                    if wide not in known:
                        known[wide] = step
                        agenda.append((node, wide))
            if cls in in_and:
                for name, members, parts in in_and[cls]:
                    if name not in known and known.keys() >= members:
                        add(node, name, Step(tuple([(node, member) for member in parts])))
            if cls in some and node in users:
                wanted = some[cls]
                for subject, predicate in users[node]:
                    if predicate in wanted:
                        step = Step((here,), ((subject, predicate, node),))
                        for name in wanted[predicate]:
                            add(subject, name, step)
        return Closure(types, facts)


@dataclass
class Compiled:
    """The axioms of the ontology as tables. Names beginning with ``_:`` are class expressions.

    ``sufficient`` holds, for every named class, the class expressions and named classes directly
    below it, in file order; ``disjoint`` the pairs of classes that exclude each other; ``dated`` and
    ``unsettled`` the list entries.
    """

    up: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    in_and: dict[str, list[tuple[str, frozenset[str], tuple[str, ...]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    some: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    has_value: dict[tuple[str, Term], list[str]] = field(default_factory=lambda: defaultdict(list))
    any_value: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    properties: set[str] = field(default_factory=set)
    expression: dict[str, tuple[str, tuple[Term, ...]]] = field(default_factory=dict)
    sufficient: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    disjoint: list[tuple[str, str]] = field(default_factory=list)
    dated: list[Dated] = field(default_factory=list)
    unsettled: list[Dated] = field(default_factory=list)
    by_structure: dict[tuple[str, tuple[Term, ...]], str] = field(default_factory=dict)
    _by_interval: dict[int, Rules] = field(default_factory=dict)

    @cached_property
    def entries(self) -> dict[str, list[Dated]]:
        """The dated entries of each list."""
        found: dict[str, list[Dated]] = {}
        for entry in self.dated:
            found.setdefault(entry.list, []).append(entry)
        return found

    @cached_property
    def change_points(self) -> tuple[str, ...]:
        """Every day on which some list entry begins or ends, ascending."""
        days = {
            day
            for entry in (*self.dated, *self.unsettled)
            for day in (entry.start, entry.end)
            if day
        }
        return tuple(sorted(days))

    def rules_on(self, day: date) -> Rules:
        """Return the rules of that day; one object for each stretch in which no entry changes."""
        text = day.isoformat()
        interval = sum(point <= text for point in self.change_points)
        if interval not in self._by_interval:
            self._by_interval[interval] = Rules(self, text)
        return self._by_interval[interval]


def compile_rules(law: Law) -> Compiled:
    """Compile the class axioms and list entries of the ontology.

    Raises: BrokenGraph for every construct outside the allowed ones (design section 2).
    """
    problems = [problem for triple in law.triples for problem in refused(triple, law)]
    if problems:
        raise BrokenGraph(problems)
    compiled = Compiled()
    for subject, predicate, value in law.triples:
        if predicate == "rdfs:subClassOf":
            below = _compile_expression(subject, law, compiled)
            compiled.up[below].append(str(value))
            compiled.sufficient[str(value)].append(below)
        elif predicate == "owl:disjointWith":
            compiled.disjoint.append((subject, str(value)))
    for cls, table in (("kg:ListEntry", compiled.dated), ("kg:UnsettledEntry", compiled.unsettled)):
        for entry in law.instances(cls):
            table.extend(
                Dated(
                    entry,
                    kind,
                    listed,
                    law.text(entry, "kg:inForceFrom"),
                    law.text(entry, "kg:inForceUntil"),
                )
                for kind in law.names(entry, "kg:kind")
                for listed in law.names(entry, "kg:ofList")
            )
    return compiled


def refused(triple: Triple, law: Law) -> Iterable[Problem]:
    """Yield why a triple of the ontology is outside the allowed constructs; nothing if it is not."""
    subject, predicate, value = triple
    where = law.file_of.get(subject, "ontology")
    unknown = (predicate.startswith("owl:") and predicate not in _ALLOWED_OWL) or (
        predicate.startswith("rdfs:") and predicate not in _ALLOWED_RDFS
    )
    if unknown:
        yield Problem(
            f"{predicate} (on {subject}) is a construct the reasoner does not know",
            where,
            0,
            "skipping it would change answers without a word",
            _FIX_OWL,
        )
    if predicate == "rdf:type" and str(value).startswith("owl:") and value not in _ALLOWED_TYPES:
        yield Problem(
            f"{value} (type of {subject}) is a construct the reasoner does not know",
            where,
            0,
            "skipping it would change answers without a word",
            _FIX_OWL,
        )
    if predicate == "rdfs:subClassOf" and (isinstance(value, Lit) or value.startswith("_:")):
        yield Problem(f"the right side of an axiom on {subject} is not a named class", where, 0,
                      "only sufficient conditions are reasoned with", _FIX_OWL)  # fmt: skip
    if predicate == "owl:disjointWith" and (
        isinstance(value, Lit) or subject.startswith("_:") or value.startswith("_:")
    ):
        yield Problem(f"a class that excludes {subject} has no name", where, 0,
                      "a contradiction must name two kinds a person can read",
                      "write owl:disjointWith between two named classes")  # fmt: skip


def _check_shape(name: str, law: Law) -> None:
    """Refuse an expression that is not exactly one of the allowed ones: half of it would be lost."""
    found = {p: v for p, v in law.index.get(name, {}).items() if p not in _NOT_LOGIC}
    single = all(len(values) == 1 for values in found.values())
    named = all(isinstance(v[0], str) for p, v in found.items() if p != "owl:hasValue")
    if frozenset(found) not in _EXPRESSIONS or not single or not named:
        raise BrokenGraph(
            Problem(
                "a class expression is neither one intersection, one union nor one restriction",
                "ontology",
                0,
                f"it has {', '.join(found) or 'nothing'}{'' if single else ', one of them twice'}",
                _FIX_OWL,
            )
        )


def _compile_expression(name: str, law: Law, compiled: Compiled) -> str:
    """Enter an expression, and those inside it, into the tables; named classes need nothing.

    Expressions of equal structure are entered once, under the name of the first: norms repeat each
    other's restrictions, and each is then evaluated once. Returns that name.
    """
    if not name.startswith("_:"):
        return name
    _check_shape(name, law)
    kind, parts = _structure(name, law, compiled)
    known = compiled.by_structure.setdefault((kind, parts), name)
    if known in compiled.expression:
        return known
    compiled.expression[name] = (kind, parts)
    if kind == "or":
        for member in parts:
            compiled.up[str(member)].append(name)
    elif kind == "and":
        ordered = tuple(str(member) for member in parts)
        members = frozenset(ordered)
        for member in members:
            compiled.in_and[member].append((name, members, ordered))
    else:
        _enter_restriction(name, kind, str(parts[0]), parts[1], compiled)
    return name


def _structure(name: str, law: Law, compiled: Compiled) -> tuple[str, tuple[Term, ...]]:
    """Return kind and parts of an expression, the expressions inside it already entered."""
    for predicate, kind in (("owl:intersectionOf", "and"), ("owl:unionOf", "or")):
        start = law.name(name, predicate)
        if start:
            return kind, tuple(
                _compile_expression(str(member), law, compiled) for member in _members(start, law)
            )
    on = law.name(name, "owl:onProperty")
    filler = law.name(name, "owl:someValuesFrom")
    if filler:
        return "some", (on, _compile_expression(filler, law, compiled))
    return "has", (on, law.values(name, "owl:hasValue")[0])


def _enter_restriction(name: str, kind: str, on: str, wanted: Term, compiled: Compiled) -> None:
    compiled.properties.add(on)
    if kind == "has":
        compiled.has_value[on, wanted].append(name)
    elif wanted == "owl:Thing":
        compiled.any_value[on].append(name)
    else:
        compiled.some[str(wanted)][on].append(name)


def _members(start: str, law: Law) -> Iterable[Term]:
    seen: set[str] = set()
    while start != "rdf:nil" or not seen:
        first, rest = law.names(start, "rdf:first"), law.names(start, "rdf:rest")
        if len(first) != 1 or len(rest) != 1 or start in seen:
            raise BrokenGraph(
                Problem("a list in a class expression is broken off", "ontology", 0, "", _FIX_OWL)
            )
        seen.add(start)
        yield first[0]
        start = rest[0]
