"""Facts that could be otherwise, and formulas over them: and, or, and leaves with the values that do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kg.assess.engine import Engine
from kg.case_keys import Key
from kg.model import Term

#: Values that stand for no single value: a thing not yet described; another value; none at all.
NEW, OTHER, NONE = "new", "other", "none"


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A fact that could be otherwise: one key of one thing, a computed class, an answer, or a state.

    ``sort`` is kind (of a thing in a vocabulary), value (of a property), computed (class of a
    dimension), answer (to a question), assessed (condition that rests on norms) or in-force (norm).
    ``name`` is the dimension, property, question, condition or norm; ``values`` all it could be
    instead; ``stated`` what it is now (empty: not stated); ``number`` the order of first mention.
    """

    sort: str
    node: str
    name: str
    path: str
    key: Key | None
    values: frozenset[Term]
    stated: tuple[Term, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """Holds while the fact stays as it is, if ``now``; once it is changed, for the good values."""

    fact: Fact
    good: frozenset[Term]
    now: bool


@dataclass(frozen=True, slots=True, eq=False)
class And:
    """Holds when all parts hold; without parts, always."""

    all: tuple[Formula, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Or:
    """Holds when any part holds; without parts, never."""

    any: tuple[Formula, ...]


Formula = Leaf | And | Or
YES, NO = And(()), Or(())


def both(parts: Iterable[Formula]) -> Formula:
    """Return the conjunction, in order, each part once."""
    found: dict[Formula, None] = {}
    for part in parts:
        if part is NO:
            return NO
        found.update(dict.fromkeys(part.all if isinstance(part, And) else (part,)))
    if len(found) == 1:
        return next(iter(found))
    return And(tuple(found)) if found else YES


def either(parts: Iterable[Formula]) -> Formula:
    """Return the disjunction, in order, each part once."""
    found: dict[Formula, None] = {}
    for part in parts:
        if part is YES:
            return YES
        found.update(dict.fromkeys(part.any if isinstance(part, Or) else (part,)))
    if len(found) == 1:
        return next(iter(found))
    return Or(tuple(found)) if found else NO


def leaf(fact: Fact, good: Iterable[Term], *, now: bool) -> Formula:
    """Return a leaf; one that can never hold is NO."""
    chosen = frozenset(good) & fact.values
    return Leaf(fact, chosen, now) if chosen or now else NO


@dataclass
class FactTable:
    """The facts of one disclosure that formulas mention; strands share them."""

    facts: dict[tuple[str, str, str], Fact] = field(default_factory=dict)
    _leaves: dict[str, list[str]] = field(default_factory=dict)

    def leaves(self, engine: Engine, dimension: str) -> list[str]:
        """Return the classes of a dimension that preparation adds: those with a kind of change."""
        found = self._leaves.get(dimension)
        if found is None:
            found = self._leaves[dimension] = [
                name for name, of in engine.dimensions.items()
                if of == dimension and engine.law.names(name, "kg:toChange")
            ]  # fmt: skip
        return found

    def get(
        self, sort: str, node: str, name: str, path: str, values: Iterable[Term],
        stated: Iterable[Term] = (), key: Key | None = None,
    ) -> Fact:  # fmt: skip
        """Return the fact of that sort, node and name, made when it is first mentioned."""
        here = (sort, node, name)
        found = self.facts.get(here)
        if found is None:
            now = tuple(stated)
            others = frozenset(values) - (set(now) if len(now) == 1 else set())
            found = Fact(sort, node, name, path, key, others, now, len(self.facts))
            self.facts[here] = found
        return found
