"""The things a local rule can speak of, and the ways from them to what the keys of a case state.

Source: the key table (kg.case_keys); a path is keys joined by ``/``, as everywhere in kg.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kg.case_keys import BLOCKS, Block, Key
from kg.errors import BadRequest, Problem
from kg.load.case import dash
from kg.load.hints import nearest
from kg.model import Term
from kg.prepare import Facts
from kg.validate.policy.parts import Way, When


class Thing(NamedTuple):
    """A kind of thing: its block of keys, and the way to it from the disclosure or the record."""

    block: str
    root: str
    way: tuple[str, ...] = ()


#: The words for ``on``.
THINGS = {
    "record": Thing("record", "record"),
    "citation": Thing("citation", "record", ("kg:citation",)),
    "advice": Thing("advice", "record", ("kg:advice",)),
    "guidance": Thing("guidance", "record", ("kg:guidanceUsed",)),
    "public-interest": Thing("balance", "record", ("kg:publicInterest",)),
    "disclosure": Thing("disclosure", "disclosure"),
    "recipient": Thing("receipt", "disclosure", ("kg:receipt",)),
    "item": Thing("content", "disclosure", ("kg:content",)),
    "subject": Thing("involvement", "disclosure", ("kg:involvement",)),
    "consent": Thing("consent", "disclosure", ("kg:involvement", "kg:consent")),
    "competence": Thing("competence", "disclosure", ("kg:involvement", "kg:consent", "kg:competence")),
    "telling": Thing("telling", "disclosure", ("kg:involvement", "kg:telling")),
    "override": Thing("override", "disclosure", ("kg:involvement", "kg:override")),
    "purpose": Thing("purpose", "disclosure", ("kg:purpose",)),
    "concern": Thing("concern", "disclosure", ("kg:concern",)),
    "judgement": Thing("judgement", "disclosure", ("kg:judgement",)),
    "request": Thing("request", "disclosure", ("kg:request",)),
    "order": Thing("order", "disclosure", ("kg:request", "kg:order")),
    "scheme": Thing("scheme", "disclosure", ("kg:scheme",)),
}  # fmt: skip
#: First words of a path that leave the thing.
_UP = ("disclosure", "record")
#: Short words that mean the same in every rule.
_SHORT = {"outcome": "record/outcome", "purpose": "disclosure/purpose"}


class At(NamedTuple):
    """A thing of a case with the record, and the disclosures (all the record decides) round it."""

    node: str
    disclosures: tuple[str, ...]
    record: str


# --- Reading ----------------------------------------------------------------------------------


def way_of(written: str, on: str) -> Way:
    """Return the way a path means for a kind of thing (a word of THINGS).

    Raises: BadRequest, without a place, when a key of it does not exist or leads nowhere.
    """
    block = BLOCKS[THINGS[on].block]
    words = [dash(word) for word in written.split("/")]
    if block.key(words[0]) is None and words[0] in _SHORT:
        words = [*_SHORT[words[0]].split("/"), *words[1:]]
    up = ""
    if words[0] in _UP and block.key(words[0]) is None and len(words) > 1:
        up = words.pop(0)
        block = BLOCKS[up]
    terms: list[str] = []
    key = _key(block, words[0], written, on)
    for number, word in enumerate(words):
        if number:
            if not key.block:
                raise _wrong(
                    f"“{key.name}” in “{written}” has no keys of its own",
                    "only things have keys",
                    "let the path end there",
                )
            block = BLOCKS[key.block]
            key = _key(block, word, written, on)
        terms.append("rdf:type" if key.term == "type" else f"kg:{key.term}")
    return Way("/".join(([up] if up else []) + words), up, tuple(terms), key)


def with_short(way: Way) -> Way:
    """Return the way to the key for which a thing's bare name stands (purpose: its kind)."""
    block = BLOCKS[way.key.block] if way.key.type == "block" else None
    key = block.key(block.short) if block and block.short else None
    if key is None:
        return way
    term = "rdf:type" if key.term == "type" else f"kg:{key.term}"
    return Way(f"{way.written}/{key.name}", way.up, (*way.terms, term), key)


def _key(block: Block, word: str, written: str, on: str) -> Key:
    key = block.key(word)
    if key is not None:
        return key
    known = {one.name for one in block.keys}
    through = [one.name for one in block.keys if one.block and BLOCKS[one.block].key(word)]
    outside = [up for up in _UP if up != on and BLOCKS[up].key(word)]
    fix = (
        nearest(word, known)
        or " or ".join(f"write {one}/{word}" for one in [*through, *outside][:3])
        or f"keys: {', '.join(sorted(known))}"
    )
    title = block.title[0].lower() + block.title[1:]
    raise _wrong(
        f"“{word}” is not a key of {title}" + (f" (in “{written}”)" if written != word else ""),
        "a rule about a key that does not exist would never be met",
        fix,
    )


def _wrong(what: str, why: str, fix: str) -> BadRequest:
    return BadRequest(Problem(what, "", 0, why, fix))


# --- Looking ----------------------------------------------------------------------------------


def things(facts: Facts, record: str, decided: list[str], on: str) -> Iterator[At]:
    """Yield the things of that kind in the record and the disclosures it decides."""
    thing = THINGS[on]
    if thing.root == "record":
        for node in _along(facts, [record], thing.way):
            yield At(node, tuple(decided), record)
        return
    for disclosure in decided:
        for node in _along(facts, [disclosure], thing.way):
            yield At(node, (disclosure,), record)


def values_at(facts: Facts, at: At, way: Way) -> list[Term]:
    """Return what the case states at the end of a way; of types only the kinds."""
    start = {"": [at.node], "disclosure": list(at.disclosures), "record": [at.record]}[way.up]
    nodes = _along(facts, start, way.terms[:-1])
    found = [value for node in nodes for value in facts.values(node, way.terms[-1])]
    if way.key.type == "kind":
        return [v for v in found if isinstance(v, str) and not v.startswith("kg:")]
    return found


def passes(facts: Facts, at: At, test: When) -> bool:
    """Whether one line of ``when`` holds; a narrower kind counts as the wider one."""
    found = values_at(facts, at, test.way)
    if not test.values:
        return bool(found) == test.stated
    above = facts.law.superclasses
    return any(
        value in test.values
        or (isinstance(value, str) and any(wide in test.values for wide in above.get(value, ())))
        for value in found
    )


def _along(facts: Facts, nodes: list[str], terms: tuple[str, ...]) -> list[str]:
    for term in terms:
        nodes = [found for node in nodes for found in facts.names(node, term)]
    return nodes
