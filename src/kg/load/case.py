"""Check a tree against the key table and turn it into the triples of a case.

Source: case-model sections 2 and 8. Everything is checked before anything is believed; all that is
wrong with a file is reported together, each with its line.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from kg.case_keys import BLOCKS, REGISTERS, Block, Key
from kg.errors import CaseNotLoaded, Problem
from kg.load.hints import nearest
from kg.load.law import Law
from kg.load.tree import Mapping, Scalar, Sequence, Tree, plain
from kg.model import FALSE, TRUE, Case, Lit, Place, Term, Triple
from kg.namespaces import CONTEXT

NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_NUMBER = re.compile(r"\d{1,9}\Z")
_TRUE, _FALSE = {"yes", "true"}, {"no", "false"}
_TOP = ("disclosure", "record")
_REFERENCE = "see docs/reference/case-file.md"


def dash(word: str) -> str:
    """Return a key or value with the spaces that YAML allows turned into hyphens."""
    return re.sub(r"\s+", "-", word.strip())


def real_date(text: str) -> bool:
    """Whether the text is a date that exists, as year-month-day."""
    if not _DATE.match(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class _Reader:
    """Walks one tree; collects triples, places, lines and problems."""

    def __init__(self, law: Law, file: str, *, short_forms: bool) -> None:
        self.law = law
        self.file = file
        self.short_forms = short_forms
        self.triples: list[Triple] = []
        self.places: dict[str, Place] = {}
        self.lines: dict[Triple, int] = {}
        self.problems: list[Problem] = []
        self.names: dict[str, tuple[str, str]] = {}
        self.base = ""

    def wrong(self, what: str, line: int, why: str = "", fix: str = "") -> None:
        self.problems.append(Problem(what, self.file, line, why, fix))

    def state(self, subject: str, predicate: str, value: Term, line: int) -> None:
        triple = (subject, predicate, value)
        if triple not in self.lines:
            self.triples.append(triple)
            self.lines[triple] = line

    # --- the top ------------------------------------------------------------------------------

    def case(self, tree: Tree) -> Case:
        if not isinstance(tree, Mapping):
            self.wrong("a case file is a list of keys with values", tree.line,
                       fix="start with the line “case: <name>”")  # fmt: skip
            raise CaseNotLoaded(self.problems)
        context = tree.entries.pop("@context", None)
        if context is not None and plain(context) != CONTEXT:
            self.wrong("this @context is not the published one", context.line,
                       "another context could give the same words another meaning",
                       f"write exactly {CONTEXT}")  # fmt: skip
        expect = tree.entries.pop("expect", None)
        name = self._case_name(tree)
        self.base = f"case:{name}/"
        self._register_names(tree)
        self.place(self.base, "", 1)
        self.state(self.base, "rdf:type", "kg:Case", tree.line)
        self.entries(BLOCKS["case"], tree, self.base, "")
        if self.problems:
            raise CaseNotLoaded(sorted(self.problems, key=lambda p: p.line))
        title = tree.entries.get("title")
        return Case(
            name, self.file, tuple(self.triples), self.places, self.lines,
            plain(expect) if isinstance(expect, Mapping) else None,  # type: ignore[arg-type]
            title.text if isinstance(title, Scalar) else "",
        )  # fmt: skip

    def _case_name(self, tree: Mapping) -> str:
        node = tree.entries.get("case")
        if not isinstance(node, Scalar):
            self.wrong(
                "the file does not name its case",
                tree.line,
                "everything in the file is named after it",
                "add the line “case: <name>”",
            )
            return "unnamed"
        if not NAME.match(node.text):
            self.wrong(f"“{node.text}” is not a name for a case", node.line,
                       "names become addresses: small letters, digits and hyphens only",
                       f"write {_as_name(node.text)}")  # fmt: skip
            return "unnamed"
        return node.text

    def _register_names(self, tree: Mapping) -> None:
        for register in REGISTERS:
            node = tree.entries.get(register)
            block = next(key.block for key in BLOCKS["case"].keys if key.name == register)
            if isinstance(node, Mapping):
                for name in node.entries:
                    self._register(name, block, node.lines[name])
        for key in _TOP:
            node = tree.entries.get(key)
            things = node.members if isinstance(node, Sequence) else [node] if node else []
            for thing in things:
                identifier = thing.entries.get("id") if isinstance(thing, Mapping) else None
                if isinstance(identifier, Scalar):
                    self._register(identifier.text, key, identifier.line)
                elif len(things) == 1:
                    self._register(key, key, thing.line)
                elif isinstance(thing, Mapping):
                    self.wrong(
                        f"this {key} needs an id, because there are several",
                        thing.line,
                        "answers and records refer to it by name",
                        "add the line “id: <name>”",
                    )

    def _register(self, name: str, block: str, line: int) -> None:
        if not NAME.match(name):
            self.wrong(f"“{name}” is not a name", line,
                       "names become addresses: small letters, digits and hyphens only",
                       f"write {_as_name(name)}")  # fmt: skip
        elif name in self.names:
            self.wrong(f"the name “{name}” stands for two things", line,
                       "a reference to it could mean either", "rename one of them")  # fmt: skip
        else:
            self.names[name] = (f"{self.base}{name}", block)

    def place(self, node: str, path: str, line: int) -> None:
        self.places.setdefault(node, Place(path, line))

    # --- keys and values ----------------------------------------------------------------------

    def entries(self, block: Block, tree: Mapping, node: str, path: str) -> None:
        seen: set[str] = set()
        for written, value in tree.entries.items():
            line = tree.lines[written]
            name = dash(written) if self.short_forms else written
            if name == "id" and block.name in _TOP:
                continue
            key = block.key(name)
            if key is None:
                self._unknown_key(written, block, line)
                continue
            if key.name in seen:
                self.wrong(
                    f"the key “{key.name}” stands twice in the same place, once with spaces",
                    line,
                    "only one of the two could count, and nobody could tell which",
                    "delete one of them, or write a list under one key",
                )
                continue
            seen.add(key.name)
            self.key(key, value, node, f"{path}/{key.name}" if path else key.name, line)

    def _unknown_key(self, written: str, block: Block, line: int) -> None:
        if written.startswith("@"):
            self.wrong(f"“{written}” cannot be used in a case file", line,
                       "only the published @context at the top is read; other @-keys could change "
                       "what the file means", "delete it")  # fmt: skip
            return
        known = {key.name for key in block.keys}
        elsewhere = sorted(
            b.title.lower() for b in BLOCKS.values() if b.key(dash(written)) and b is not block
        )
        hint = nearest(written, known) or (
            f"“{dash(written)}” belongs to: {'; '.join(elsewhere[:3])}" if elsewhere else ""
        )
        self.wrong(f"“{written}” is not a key of {_the(block)}", line,
                   "an unknown key would be lost without a word", hint or _REFERENCE)  # fmt: skip

    def key(self, key: Key, value: Tree, node: str, path: str, line: int) -> None:
        if node == self.base and key.name in REGISTERS:
            self._things(key, value, node)
            return
        members = value.members if isinstance(value, Sequence) else [value]
        if (
            isinstance(value, Sequence)
            and not key.many
            and not (node == self.base and key.name in _TOP)
        ):
            self.wrong(
                f"“{key.name}” takes one value, not a list",
                line,
                "two values would leave open which one counts",
                "keep one of them",
            )
            return
        listed = key.many or isinstance(value, Sequence)
        for number, member in enumerate(members, 1):
            if isinstance(member, Sequence):
                self.wrong(f"“{key.name}” holds a list inside a list", member.line, fix=_REFERENCE)
                continue
            where = f"{path}/{number}" if listed else path
            self.one(key, member, node, where, member.line if member is not value else line)

    def _things(self, key: Key, value: Tree, node: str) -> None:
        if not isinstance(value, Mapping):
            self.wrong(
                f"“{key.name}” is a register: names with what each is",
                value.line,
                fix="write each name on a line of its own, its keys indented below it",
            )
            return
        for name, thing in value.entries.items():
            if name in self.names:
                self.thing(
                    key, thing, node, self.names[name][0], f"{key.name}/{name}", value.lines[name]
                )

    def one(self, key: Key, value: Tree, node: str, path: str, line: int) -> None:
        if key.type == "block":
            self._block(key, value, node, path, line)
        elif isinstance(value, Mapping) and key.type == "ref" and key.block:
            self.thing(key, value, node, self.base + path, path, line)
        elif isinstance(value, Scalar):
            term = self.term(key, value.text, line)
            if term is not None:
                self.state(node, "rdf:type" if key.term == "type" else f"kg:{key.term}", term, line)
        else:
            self.wrong(
                f"“{key.name}” takes {_what(key)}, not keys of its own", line, fix=_REFERENCE
            )

    def _block(self, key: Key, value: Tree, node: str, path: str, line: int) -> None:
        block = BLOCKS[key.block]
        inner = self.base + path
        if key.name in _TOP and node == self.base:
            identifier = value.entries.get("id") if isinstance(value, Mapping) else None
            name = identifier.text if isinstance(identifier, Scalar) else key.name
            inner, path = (
                f"{self.base}{name}",
                key.name if name == key.name else f"{key.name}/{name}",
            )
        if isinstance(value, Scalar) and block.short and self.short_forms:
            value = Mapping(line, {block.short: value}, {block.short: line})
        self.thing(key, value, node, inner, path, line)

    def thing(self, key: Key, value: Tree, node: str, inner: str, path: str, line: int) -> None:
        block = BLOCKS[key.block]
        if not isinstance(value, Mapping):
            self.wrong(f"“{path}” needs the keys of {_the(block)}", line, fix=_REFERENCE)
            return
        self.state(node, f"kg:{key.term}", inner, line)
        self.place(inner, path, line)
        self.state(inner, "rdf:type", f"kg:{block.node_class}", line)
        self.entries(block, value, inner, path)

    # --- one value ----------------------------------------------------------------------------

    def term(self, key: Key, text: str, line: int) -> Term | None:  # noqa: PLR0911 - one per type
        """Return the term that a text states under a key, or None after noting a problem."""
        if not text.strip():
            self.wrong(f"“{key.name}” is empty", line, "an empty value states nothing",
                       "fill it in, or delete the key")  # fmt: skip
            return None
        match key.type:
            case "text" | "note":
                return Lit(text, "en")
            case "name":
                return Lit(text, "string")
            case "date":
                return self._date(key, text, line)
            case "yes/no":
                return self._yes_no(key, text, line)
            case "number":
                return self._number(key, text, line)
            case "norm":
                return self._norm(key, text, line)
            case "ref":
                return self._reference(key, text, line)
            case _:
                return self._listed(key, text, line)

    def _date(self, key: Key, text: str, line: int) -> Term | None:
        if real_date(text):
            return Lit(text, "date")
        self.wrong(
            f"“{text}” is not a date that exists (under “{key.name}”)",
            line,
            "the date decides which law applies",
            "write year-month-day, such as 2024-05-31",
        )
        return None

    def _yes_no(self, key: Key, text: str, line: int) -> Term | None:
        if text.lower() in _TRUE:
            return TRUE
        if text.lower() in _FALSE:
            return FALSE
        self.wrong(
            f"“{key.name}” takes yes or no, not “{text}”",
            line,
            "anything else would be a guess",
            "write yes or no; if it is not known, delete the key",
        )
        return None

    def _number(self, key: Key, text: str, line: int) -> Term | None:
        if _NUMBER.match(text):
            return Lit(str(int(text)), "integer")
        self.wrong(
            f"“{key.name}” takes a whole number, not “{text}”",
            line,
            fix="for a baby write 0; if it is not known, use age-band" if key.name == "age" else "",
        )
        return None

    def _norm(self, key: Key, text: str, line: int) -> Term | None:
        if text in self.law.citable:
            return text
        self.wrong(
            f"“{text}” is not a provision in the graph (under “{key.name}”)",
            line,
            "only what the graph holds can be checked",
            nearest(text, self.law.citable) or "see docs/reference/provisions.md for the names",
        )
        return None

    def _reference(self, key: Key, text: str, line: int) -> Term | None:
        found = self.names.get(text)
        if found and (not key.block or found[1] == key.block):
            return found[0]
        if key.listed:
            listed = self.law.vocabulary(key.listed)
            value = text.removeprefix(key.listed.partition(":")[0] + ":")
            if value in listed:
                return listed[value]
        fitting = {
            name for name, (_, block) in self.names.items() if not key.block or block == key.block
        }
        if found:
            self.wrong(
                f"“{text}” is {_the(BLOCKS[found[1]])}, "
                f"but “{key.name}” needs {_the(BLOCKS[key.block])}",
                line,
                fix=nearest(text, fitting) or f"names that fit: {_few(fitting)}",
            )
        else:
            self.wrong(
                f"nothing in this file is named “{text}” (under “{key.name}”)",
                line,
                "a reference to nobody would be lost",
                nearest(text, fitting) or f"names that fit: {_few(fitting)}",
            )
        return None

    def _listed(self, key: Key, text: str, line: int) -> Term | None:
        listed = self.law.vocabulary(key.listed)
        namespace = key.listed.partition(":")[0]
        word = (dash(text) if self.short_forms else text).removeprefix(f"{namespace}:")
        if word in listed:
            return listed[word]
        self.wrong(f"“{text}” is not a value of “{key.name}”", line,
                   "a word the graph does not know would be lost",
                   nearest(word, listed) or f"values: {_few(listed)}")  # fmt: skip
        return None


def _few(words: Any, most: int = 12) -> str:
    listed = sorted(words)
    more = f" … ({len(listed)} in all; {_REFERENCE})" if len(listed) > most else ""
    return (", ".join(listed[:most]) + more) or "none"


def _the(block: Block) -> str:
    return block.title[0].lower() + block.title[1:]


def _what(key: Key) -> str:
    return {"kind": "a kind", "value": "a value", "ref": "a name", "norm": "a provision"}.get(
        key.type, f"a {key.type}" if key.type != "yes/no" else "yes or no"
    )


def _as_name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "a name such as trust"


def read_term(key: Key, value: Scalar, law: Law, file: str) -> tuple[Term | None, list[Problem]]:
    """Return the term that a value of a key states, or None and what is wrong with it."""
    reader = _Reader(law, file, short_forms=True)
    return reader.term(key, value.text, value.line), reader.problems


def read_case(tree: Tree, law: Law, file: str, *, short_forms: bool) -> Case:
    """Return the case a tree states: triples, places and lines.

    ``short_forms`` allows what only YAML may write: a bare name in a participation list, and
    spaces for hyphens.

    Raises: CaseNotLoaded with everything that is wrong, by line.
    """
    return _Reader(law, file, short_forms=short_forms).case(tree)
