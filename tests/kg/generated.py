"""Random cases out of the key table: every key, every kind and value may occur, and references resolve.

Not a test module. A seed gives one case; the same seed always gives the same.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from kg.case_keys import BLOCKS, Key
from kg.load import Law

#: Things of each register, and how often a key that need not be there is.
_NAMES = {"party": ("pa", "pb", "pc"), "person": ("qa", "qb"), "item": ("ia", "ib")}
_DENSITY = 0.4
_FIRST, _LAST = date(1999, 1, 1), date(2026, 12, 31)
#: Kept out: they are drawn by the frame, or their cases contradict themselves on most draws.
_FRAME = {"case", "title", "record", "decides", "replaces", "part-of", "born", "age-band"}


class Generator:
    """Draws one case from a seed."""

    def __init__(self, law: Law, seed: int, density: float = _DENSITY) -> None:
        self.law = law
        self.draw = random.Random(seed)
        self.density = density

    def case(self, name: str = "drawn") -> dict[str, Any]:
        """Return the tree of a case file with one disclosure and one record."""
        disclosure = {**self.thing("disclosure"), "from": "pa"}
        for part, who in (("subjects", "person"), ("items", "item")):  # each takes part once
            if part in disclosure:
                disclosure[part] = list({one.get(who): one for one in disclosure[part]}.values())
        return {
            "case": name,
            "parties": {one: self.thing("party") for one in _NAMES["party"]},
            "people": {one: self.thing("person") for one in _NAMES["person"]},
            "information": {one: self.thing("item") for one in _NAMES["item"]},
            "disclosure": disclosure,
            "record": self.thing("record"),
        }

    def thing(self, block: str) -> dict[str, Any]:
        """Return a thing with some of the keys of its block."""
        found: dict[str, Any] = {}
        for key in BLOCKS[block].keys:
            if key.name in _FRAME or (key.card in "?*" and self.draw.random() > self.density):
                continue
            value = self.value(key)
            if value is not None:
                found[key.name] = value
        return found

    def value(self, key: Key) -> Any:
        """Return a value, or a list of some, that the key takes."""
        if not key.many:
            return self.one(key)
        found = [self.one(key) for _ in range(self.draw.choice((1, 1, 1, 2)))]
        unique = [one for place, one in enumerate(found) if one not in found[:place]]
        return None if None in unique else unique

    def one(self, key: Key) -> Any:
        """Return one value that the key takes."""
        if key.type == "block":
            return self.thing(key.block)
        if key.type in {"kind", "value"}:
            return self.draw.choice(list(self.law.vocabulary(key.listed)))
        if key.type == "ref":
            return self.draw.choice(_NAMES.get(key.block, _NAMES["party"] + _NAMES["person"]))
        if key.type == "norm":
            return self.draw.choice(self.law.norms)
        return self._literal(key)

    def _literal(self, key: Key) -> str:
        match key.type:
            case "date":
                return self.day().isoformat()
            case "yes/no":
                return self.draw.choice(("yes", "no"))
            case "number":
                return str(self.draw.randint(0, 40))
            case _:
                return self.draw.choice(("A. Person", "words of the case", "10:15"))

    def day(self) -> date:
        """Return a day on which some of the law may hold."""
        return _FIRST + timedelta(self.draw.randrange((_LAST - _FIRST).days))


def renamed(tree: Any, names: dict[str, str]) -> Any:
    """Return the tree with things called otherwise, as keys of registers and as references."""
    if isinstance(tree, dict):
        return {names.get(key, key): renamed(value, names) for key, value in tree.items()}
    if isinstance(tree, list):
        return [renamed(one, names) for one in tree]
    return names.get(tree, tree)


def reordered(tree: Any, draw: random.Random) -> Any:
    """Return the tree with its keys, and the members of its lists, in another order."""
    if isinstance(tree, dict):
        keys = list(tree)
        draw.shuffle(keys)
        return {key: reordered(tree[key], draw) for key in keys}
    if isinstance(tree, list):
        return [reordered(one, draw) for one in draw.sample(tree, len(tree))]
    return tree
