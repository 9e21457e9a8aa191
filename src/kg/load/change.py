"""Change a loaded tree at paths: what ``kg what-if --set`` and the examples of the rules do.

Source: design section 6. A path is keys joined by ``/``; members of a list go by id, name or
1-based place, judgements by question.
"""

from __future__ import annotations

from collections.abc import Mapping as Settings
from copy import deepcopy

from kg.case_keys import BLOCKS, REGISTERS, Block, Key
from kg.errors import BadRequest, Problem
from kg.load.case import dash
from kg.load.hints import nearest
from kg.load.tree import Mapping, Scalar, Sequence, Tree

_TOP = ("disclosure", "record")
#: The key by which a member of a list is known.
_KNOWN_BY = {
    "disclosure": "id",
    "record": "id",
    "receipt": "party",
    "content": "item",
    "involvement": "person",
    "citation": "provision",
    "judgement": "question",
}


def changed(tree: Tree, settings: Settings[str, Tree | None], where: str = "") -> Mapping:
    """Return a copy of a case's tree with each path set to its value, in the given order.

    A value of None removes what stands there. Maps and lists on the way that do not exist yet are
    made, things in a register only by setting them whole. ``where`` names the file in errors.

    Raises: BadRequest for a path that means nothing in a case file, or that removes what is not
    there.
    """
    copy = deepcopy(tree)
    if not isinstance(copy, Mapping):
        raise BadRequest(Problem("this is no case: it has no keys", where, copy.line))
    for path, value in settings.items():
        steps = [step.strip() for step in path.split("/")]
        line = value.line if value else 0
        _Change(path, deepcopy(value), where, line).keys(copy, BLOCKS["case"], steps)
    return copy


class _Change:
    """One path and its value; ``value`` None removes."""

    def __init__(self, path: str, value: Tree | None, where: str, line: int) -> None:
        self.path, self.value, self.where, self.line = path, value, where, line

    def wrong(self, what: str, fix: str = "") -> BadRequest:
        return BadRequest(
            Problem(
                f"the path “{self.path}” leads nowhere: {what}",
                self.where,
                self.line,
                "",
                fix or "paths are keys joined by /, as in docs/reference/case-file.md",
            )
        )

    # --- keys ---------------------------------------------------------------------------------

    def keys(self, node: Mapping, block: Block, steps: list[str]) -> None:
        """Follow the steps from a thing: the first is one of its keys."""
        name, rest = dash(steps[0]), steps[1:]
        if name and block.name in _TOP and rest and _text(node.entries.get("id")) == name:
            self.keys(node, block, rest)
            return
        key = block.key(name)
        if key is None:
            known = {one.name for one in block.keys}
            title = block.title[0].lower() + block.title[1:]
            raise self.wrong(f"“{steps[0]}” is not a key of {title}", nearest(name, known))
        written = next((one for one in node.entries if dash(one) == name), name)
        there = node.entries.get(written)
        if rest:
            there = self.inside(key, there, block, rest)
        else:
            if self.value is None and there is None:
                raise self.wrong("there is nothing to remove", nearest(name, node.entries))
            there = self.value
        if there is None:
            node.entries.pop(written, None)
            node.lines.pop(written, None)
        else:
            node.entries[written] = there
            # A value that is set stands where it was set, not on the line of the one it replaces.
            node.lines[written] = node.lines.get(written, self.line) if rest else self.line

    def inside(self, key: Key, there: Tree | None, block: Block, rest: list[str]) -> Tree | None:
        """Return what stands under a key after the rest of the path is followed."""
        if block.name == "case" and key.name in REGISTERS:
            return self.register(key, there, rest)
        if key.type == "block":
            if isinstance(there, Sequence) or (key.many and key.name not in _TOP):
                return self.member(key, there, rest)
            return self.thing(BLOCKS[key.block], there, rest)
        if key.type == "ref" and key.block and isinstance(there, Mapping):
            return self.thing(BLOCKS[key.block], there, rest)
        if key.many and len(rest) == 1:
            return self.member(key, there, rest)
        fix = ""
        if key.type == "ref" and (name := _text(there)):
            register = next(
                (k.name for k in BLOCKS["case"].keys if k.block == key.block), "its register"
            )
            fix = f"“{name}” is described once: try {register}/{name}/{'/'.join(rest)}"
        raise self.wrong(f"“{key.name}” has no keys of its own", fix)

    def register(self, key: Key, there: Tree | None, rest: list[str]) -> Tree | None:
        """Change a thing in a register, or put it in or take it out whole."""
        register = there if isinstance(there, Mapping) else Mapping(self.line)
        name = rest[0]
        thing = register.entries.get(name)
        if len(rest) > 1 or self.value is None:
            if not isinstance(thing, Mapping):
                raise self.wrong(
                    f"nothing in {key.name} is named “{name}”", nearest(name, register.entries)
                )
            if len(rest) > 1:
                self.keys(thing, BLOCKS[key.block], rest[1:])
            else:
                del register.entries[name], register.lines[name]
        elif self.value is not None:
            register.entries[name] = self.value
            register.lines.setdefault(name, self.line)
        return register if register.entries else None

    def thing(self, block: Block, there: Tree | None, rest: list[str]) -> Mapping:
        """Return a thing described in place after following the rest from it."""
        if there is None:
            if self.value is None:
                raise self.wrong("there is nothing to remove")
            there = Mapping(self.line)
        elif isinstance(there, Scalar) and block.short:
            there = Mapping(there.line, {block.short: there}, {block.short: there.line})
        if not isinstance(there, Mapping):
            raise self.wrong("what stands there has no keys of its own")
        self.keys(there, block, rest)
        return there

    # --- members of a list --------------------------------------------------------------------

    def member(  # noqa: C901 - one branch per way of naming a member
        self, key: Key, there: Tree | None, rest: list[str]
    ) -> Tree | None:
        """Return a list, or its one member, after following the rest into one of its members."""
        members: list[Tree] = [there] if there else []
        if isinstance(there, Sequence):
            members = list(there.members)
        block = BLOCKS[key.block] if key.type == "block" else None
        place = self.find(members, key, block, rest[0])
        if place is None and block and len(members) <= 1 and block.key(dash(rest[0])):
            # The only member needs no name: consent/state.
            place, rest = 0, ["", *rest]
        if place is None:
            known = {_name(member, block) or str(n) for n, member in enumerate(members, 1)}
            raise self.wrong(
                f"no member of “{key.name}” is “{rest[0]}”",
                nearest(rest[0], known) or f"members: {', '.join(sorted(known)) or 'none'}",
            )
        old = members[place] if place < len(members) else None
        if len(rest) == 1:
            if self.value is None and old is None:
                raise self.wrong("there is nothing to remove")
            new = self.value
        elif block is None:
            raise self.wrong(f"“{key.name}” has no keys of its own")
        else:
            new = self.thing(block, old, rest[1:])
        if isinstance(new, Mapping) and block and not rest[0].isdigit():
            by = _KNOWN_BY.get(block.name, "")
            if by and rest[0] and by not in new.entries:
                new.entries[by] = Scalar(rest[0], self.line)
                new.lines[by] = self.line
        members[place : place + 1] = [] if new is None else [new]
        if not members:
            return None
        if isinstance(there, Sequence) or len(members) > 1:
            return Sequence(there.line if there else self.line, members)
        return members[0]

    def find(self, members: list[Tree], key: Key, block: Block | None, step: str) -> int | None:
        """Return the place of a member, the place behind the last for a new one, or None."""
        step = step.removeprefix("question:")
        found = [n for n, member in enumerate(members) if _name(member, block) == step]
        if len(found) > 1:
            raise self.wrong(
                f"{len(found)} members of “{key.name}” are “{step}”",
                f"give the place instead: {' or '.join(str(n + 1) for n in found)}",
            )
        if found:
            return found[0]
        if step.isdigit():
            return int(step) - 1 if 0 < int(step) <= len(members) + 1 else None
        new = block is not None and block.name in _KNOWN_BY and not block.key(dash(step))
        return len(members) if new and self.value is not None else None


def _text(tree: Tree | None) -> str:
    return tree.text if isinstance(tree, Scalar) else ""


def _name(member: Tree, block: Block | None) -> str:
    """Return what a member of a list is known by, without the prefix of its vocabulary."""
    if block is None:
        return ""
    by = _KNOWN_BY.get(block.name, "")
    text = _text(member) if block.short == by else ""
    if isinstance(member, Mapping):
        text = _text(member.entries.get(by))
    return dash(text).removeprefix("question:")


# --- What stands at paths -----------------------------------------------------------------------


def select(tree: Mapping, places: list[str]) -> Mapping | None:
    """Return the tree with only what stands at the paths, and what names it; None when nothing."""
    wanted = [[step.strip() for step in place.split("/")] for place in places]
    found = _select(tree, BLOCKS["case"], wanted)
    return found if isinstance(found, Mapping) else None


def _select(node: Tree, block: Block, wanted: list[list[str]]) -> Tree | None:
    if any(not steps for steps in wanted):
        return node
    if not wanted or not isinstance(node, Mapping):
        return None
    own_id = _text(node.entries.get("id")) if block.name in _TOP else ""
    wanted = [steps[1:] if own_id and steps[0] == own_id else steps for steps in wanted]
    kept = Mapping(node.line)
    for written, value in node.entries.items():
        key = block.key(dash(written))
        inner = [steps[1:] for steps in wanted if steps and dash(steps[0]) == dash(written)]
        found = _select_value(key, value, block, inner) if key and inner else None
        if found is not None:
            kept.entries[written], kept.lines[written] = found, node.lines[written]
    by = _KNOWN_BY.get(block.name, "")
    if kept.entries and by in node.entries and by not in kept.entries:
        kept.entries = {by: node.entries[by], **kept.entries}
    return kept if kept.entries else None


def _select_value(  # noqa: C901 - a register, a thing, a list
    key: Key, value: Tree, block: Block, wanted: list[list[str]]
) -> Tree | None:
    if any(not steps for steps in wanted):
        return value
    inside = BLOCKS[key.block] if key.block else None
    if inside is None:
        return value
    if block.name == "case" and key.name in REGISTERS:
        register = Mapping(value.line)
        for name, thing in value.entries.items() if isinstance(value, Mapping) else ():
            found = _select(thing, inside, [steps[1:] for steps in wanted if steps[0] == name])
            if found is not None:
                register.entries[name] = found
        return register if register.entries else None
    if not isinstance(value, Sequence):
        if not key.many or key.name in _TOP:
            return _select(value, inside, wanted)
        members: list[Tree] = [value]
    else:
        members = list(value.members)
    kept = []
    for number, member in enumerate(members, 1):
        names = {_name(member, inside), str(number)}
        own = [steps[1:] for steps in wanted if steps[0].removeprefix("question:") in names]
        if len(members) == 1:
            own += [steps for steps in wanted if inside.key(dash(steps[0]))]
        found = _select(member, inside, own)
        if found is not None:
            kept.append(found)
    return Sequence(value.line, kept) if kept else None
