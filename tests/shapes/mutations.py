"""Case files with small random changes: the kind of gap, slip and muddle that records arrive with.

Not a test module. A seed gives one change of one tree; the same seed always gives the same.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from kg.case_keys import BLOCKS, REGISTERS, Block, Key
from kg.load import Law
from kg.load.case import dash, real_date
from kg.load.change import changed
from kg.load.tree import Mapping, Scalar, Sequence, Tree

_TOP = ("disclosure", "record")
_WORDS = ("A. Person", "words of the case", "020 7946 0000", "-", " ")
#: Not touched: without its name no case loads, and expectations are no part of a record.
_LEFT = {"case", "expect"}


class Spot(NamedTuple):
    """A place in a tree: its path, the block and key it stands under, what stands there.

    ``member`` says that it is one of a list, not the whole value of the key.
    """

    path: str
    block: str
    key: Key
    value: Tree
    member: bool = False


def spots(tree: Mapping, block: Block = BLOCKS["case"], path: str = "") -> Iterator[Spot]:
    """Yield every place of a case's tree that a change can name, keys before what is inside."""
    for written, value in tree.entries.items():
        key = block.key(dash(written))
        if key is None or key.name in _LEFT:
            continue
        here = f"{path}{key.name}"
        yield Spot(here, block.name, key, value)
        if block.name == "case" and key.name in REGISTERS:
            for name, thing in value.entries.items() if isinstance(value, Mapping) else ():
                yield Spot(f"{here}/{name}", block.name, key, thing, member=True)
                if isinstance(thing, Mapping):
                    yield from spots(thing, BLOCKS[key.block], f"{here}/{name}/")
        elif isinstance(value, Sequence) and key.many:
            for number, member in enumerate(value.members, 1):
                yield Spot(f"{here}/{number}", block.name, key, member, member=True)
                if isinstance(member, Mapping) and key.type == "block":
                    yield from spots(member, BLOCKS[key.block], f"{here}/{number}/")
        elif isinstance(value, Mapping) and key.block:
            one_of_many = key.many and key.name not in _TOP
            yield from spots(value, BLOCKS[key.block], f"{here}/1/" if one_of_many else f"{here}/")


class Mutator:
    """Draws changes from a seed; ``law`` knows the kinds, values and provisions there are."""

    def __init__(self, law: Law, seed: int) -> None:
        self.law = law
        self.draw = random.Random(seed)
        self.names: dict[str, list[str]] = {}

    def mutated(self, tree: Mapping, most: int = 3) -> tuple[Mapping, list[str]]:
        """Return the tree with one to ``most`` changes, and each change in words."""
        done = []
        for _ in range(self.draw.randint(1, most)):
            tree, words = self._once(tree)
            done.append(words)
        return tree, done

    def _once(self, tree: Mapping) -> tuple[Mapping, str]:
        there = list(spots(tree))
        self.names = {
            BLOCKS["case"].key(register).block: list(things.entries)  # type: ignore[union-attr]
            for register in REGISTERS
            if isinstance(things := tree.entries.get(register), Mapping)
        }
        ways = {
            "remove": [one for one in there if one.block != "case"] * 2,
            "replace": [one for one in there if isinstance(one.value, Scalar)],
            "empty": [one for one in there if one.key.type in {"text", "note", "name"}],
            "date": [one for one in there if one.key.type == "date"],
            "swap": [one for one in there if one.key.type == "ref"],
            "double": [one for one in there if one.key.many and isinstance(one.value, Sequence)],
            "add": [one for one in there if one.key.many and one.key.type != "block" and not one.member],
            "shorten": [one for one in there if one.member],
        }  # fmt: skip
        # Most files with an emptied text are refused on loading, so fewer of them are drawn.
        likely = [
            name
            for name, found in ways.items()
            if found
            for _ in range(1 if name == "empty" else 5)
        ]
        way = self.draw.choice(likely)
        spot = self.draw.choice(ways[way])
        value = self._value(way, spot)
        return changed(tree, {spot.path: value}), f"{way} {spot.path}"

    def _value(self, way: str, spot: Spot) -> Tree | None:
        line = spot.value.line
        match way:
            case "remove" | "shorten":
                return None
            case "empty":
                return Scalar(self.draw.choice(("", " ")), line)
            case "double":
                members = list(spot.value.members)  # type: ignore[union-attr]
                return Sequence(line, [*members, self.draw.choice(members)])
            case "add":
                value = spot.value
                members = list(value.members) if isinstance(value, Sequence) else [value]
                return Sequence(line, [*members, Scalar(self._other(spot), line)])
        return Scalar(self._other(spot), line)

    def _other(self, spot: Spot) -> str:
        """Return another value of the key's type; it need not make sense beside the rest."""
        key = spot.key
        text = spot.value.text if isinstance(spot.value, Scalar) else ""
        match key.type:
            case "kind" | "value":
                return self.draw.choice(list(self.law.vocabulary(key.listed)))
            case "norm":
                return self.draw.choice(self.law.norms)
            case "ref":
                every = [name for names in self.names.values() for name in names]
                return self.draw.choice(self.names.get(key.block) or every)
            case "yes/no":
                return "no" if text in {"yes", "true"} else "yes"
            case "number":
                return str(self.draw.randint(0, 40))
            case "date":
                start = date.fromisoformat(text) if real_date(text) else date(2024, 6, 1)
                days = self.draw.choice((-4000, -400, -31, -2, -1, 1, 2, 31, 400))
                return (start + timedelta(days)).isoformat()
            case "block":
                every = [name for names in self.names.values() for name in names]
                return self.draw.choice(every or ["nobody"])
            case _:
                return self.draw.choice(_WORDS)
