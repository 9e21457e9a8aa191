"""The minimal ways to make a formula hold: uniform-cost search, part by independent part.

A *way* gives some facts values other than now, each from a set of values any of which will do. It is
minimal when no fact of it can stay as it is. The search is complete: where a formula does not hold
yet, one of the facts it names must change, and each such change is tried, cheapest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from kg.assess.nearest.formula import And, Fact, Formula, Leaf
from kg.model import Term

Way = Mapping[Fact, frozenset[Term]]
#: Number of changes that make another case of it, number of changes, worst kind, number of facts.
Cost = tuple[int, int, int, int]
Choice = tuple[Fact, frozenset[Term]]
#: Splits the values that would do into sets of one kind of change each.
Split = Callable[[Fact, frozenset[Term]], Iterable[frozenset[Term]]]

#: Partial ways looked at for one independent part, and ways kept of it, before the search gives up.
STEPS, KEPT = 2000, 64


class Found(NamedTuple):
    """Ways by rank, and whether there may be more."""

    ways: list[dict[Fact, frozenset[Term]]]
    more: bool


def minimal_ways(
    formula: Formula, split: Split, cost: Callable[[Way], Cost], limit: int, steps: int = STEPS
) -> Found:
    """Return the ``limit`` cheapest minimal ways of a formula; one empty way if it holds as it is."""
    parts = [_ways_of_part(part, split, cost, steps) for part in independent_parts(formula)]
    more = any(part.more for part in parts)
    lists = [part.ways for part in parts]
    if not all(lists):
        return Found([], more)
    found: list[dict[Fact, frozenset[Term]]] = []
    combined = _by_cost(lists, cost)
    for way in combined:
        if len(found) == limit:
            more = True
            break
        found.append(way)
    return Found(found, more)


def independent_parts(formula: Formula) -> list[And]:
    """Return the conjuncts of a formula in groups that have no fact in common."""
    groups: list[tuple[set[Fact], list[Formula]]] = []
    for part in formula.all if isinstance(formula, And) else (formula,):
        facts, members = set(_facts(part)), [part]
        apart = []
        for group in groups:
            if group[0] & facts:
                facts |= group[0]
                members = group[1] + members
            else:
                apart.append(group)
        groups = [*apart, (facts, members)]
    return [And(tuple(members)) for _, members in groups]


def _facts(formula: Formula) -> Iterator[Fact]:
    if isinstance(formula, Leaf):
        yield formula.fact
    else:
        for part in formula.all if isinstance(formula, And) else formula.any:
            yield from _facts(part)


def _by_cost(
    lists: list[list[dict[Fact, frozenset[Term]]]], cost: Callable[[Way], Cost]
) -> Iterator[dict[Fact, frozenset[Term]]]:
    """Yield one member of each list joined, cheapest first; each list is sorted by cost."""

    def joined(places: tuple[int, ...]) -> dict[Fact, frozenset[Term]]:
        way: dict[Fact, frozenset[Term]] = {}
        for ways, place in zip(lists, places, strict=True):
            way.update(ways[place])
        return way

    start = tuple(0 for _ in lists)
    seen, order = {start}, count()
    heap = [(cost(joined(start)), next(order), start)]
    while heap:
        _, _, places = heappop(heap)
        yield joined(places)
        for n, ways in enumerate(lists):
            after = (*places[:n], places[n] + 1, *places[n + 1 :])
            if after[n] < len(ways) and after not in seen:
                seen.add(after)
                heappush(heap, (cost(joined(after)), next(order), after))


def _ways_of_part(formula: Formula, split: Split, cost: Callable[[Way], Cost], steps: int) -> Found:
    found: list[dict[Fact, frozenset[Term]]] = []
    start: dict[Fact, frozenset[Term]] = {}
    order = count()
    heap = [((0, 0, 0, 0), next(order), start)]
    seen = {frozenset(start.items())}
    while heap and steps and len(found) < KEPT:
        steps -= 1
        _, _, way = heappop(heap)
        if any(_covers(other, way) for other in found):
            continue
        choices = _choices(formula, way, split)
        if choices is None:
            found.append(way)
            continue
        for fact, values in choices:
            after = {**way, fact: values}
            mark = frozenset(after.items())
            if mark not in seen:
                seen.add(mark)
                heappush(heap, (cost(after), next(order), after))
    done = _minimal(found, split, cost)
    return Found(done.ways, done.more or bool(heap))


def _choices(formula: Formula, way: Way, split: Split) -> list[Choice] | None:
    """Return the changes of which one must be made for the formula to hold; None if it holds."""
    if isinstance(formula, Leaf):
        given = way.get(formula.fact)
        if given is None:
            wanted = split(formula.fact, formula.good)
            return None if formula.now else [(formula.fact, values) for values in wanted]
        if given <= formula.good:
            return None
        both = given & formula.good
        return [(formula.fact, both)] if both else []
    if isinstance(formula, And):
        fewest: list[Choice] | None = None
        for part in formula.all:
            choices = _choices(part, way, split)
            if choices is not None and (fewest is None or len(choices) < len(fewest)):
                fewest = choices
                if not fewest:
                    break
        return fewest
    found: dict[Choice, None] = {}
    for part in formula.any:
        choices = _choices(part, way, split)
        if choices is None:
            return None
        found.update(dict.fromkeys(choices))
    return list(found)


def _covers(one: Way, other: Way) -> bool:
    """Whether each choice of values in the other makes at least the changes of the one."""
    return all(fact in other and other[fact] <= values for fact, values in one.items())


def _minimal(
    ways: list[dict[Fact, frozenset[Term]]], split: Split, cost: Callable[[Way], Cost]
) -> Found:
    """Take out of each way the choices of values that a smaller way makes do with; sort by cost."""
    found: list[dict[Fact, frozenset[Term]]] = []
    more = False
    for way in ways:
        rests = [way]
        for other in ways:
            if other.keys() < way.keys():
                rests = _widest(rest for one in rests for rest in _without(one, other))
                more |= len(rests) > KEPT
                rests = rests[:KEPT]
        found += rests
    return Found(sorted(_joined(_widest(found), split), key=cost), more)


def _joined(
    ways: list[dict[Fact, frozenset[Term]]], split: Split
) -> list[dict[Fact, frozenset[Term]]]:
    """Make one way of two that differ in the values of one fact, if these are of one kind."""
    found: list[dict[Fact, frozenset[Term]]] = []
    for way in ways:
        joined = way
        for other in list(found):
            apart = (
                [f for f in joined if joined[f] != other.get(f)]
                if joined.keys() == other.keys()
                else []
            )
            if (
                len(apart) == 1
                and len(list(split(apart[0], joined[apart[0]] | other[apart[0]]))) == 1
            ):
                found.remove(other)
                joined = {**other, apart[0]: other[apart[0]] | joined[apart[0]]}
        found.append(joined)
    return found


def _widest(ways: Iterable[dict[Fact, frozenset[Term]]]) -> list[dict[Fact, frozenset[Term]]]:
    """Leave out each way whose choices another one with the same facts has too."""
    alike: dict[frozenset[Fact], list[dict[Fact, frozenset[Term]]]] = {}
    for way in ways:
        kept = alike.setdefault(frozenset(way), [])
        if not any(_covers(other, way) for other in kept):
            kept[:] = [other for other in kept if not _covers(way, other)] + [way]
    return [way for kept in alike.values() for way in kept]


def _without(way: dict[Fact, frozenset[Term]], other: Way) -> Iterator[dict[Fact, frozenset[Term]]]:
    """Yield what is left of a way's choices without those that make at least another's changes."""
    if not all(way[fact] & values for fact, values in other.items()):
        yield way
        return
    for fact, values in other.items():
        if way[fact] - values:
            yield {**way, fact: way[fact] - values}
