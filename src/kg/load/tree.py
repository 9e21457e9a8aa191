"""Read YAML and JSON into one plain tree: every scalar stays text, every node knows its line.

Source: case-model section 8. Retyping, duplicate keys, anchors, merge keys and tags are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from kg.errors import FileNotUnderstood, Problem

MAX_DEPTH = 20

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Scalar:
    """A text with its 1-based line."""

    text: str
    line: int


@dataclass(slots=True)
class Sequence:
    """A list with its 1-based line."""

    line: int
    members: list[Tree] = field(default_factory=list)


@dataclass(slots=True)
class Mapping:
    """A map from key to value; ``lines`` holds the line of each key."""

    line: int
    entries: dict[str, Tree] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


Tree = Scalar | Sequence | Mapping


def plain(tree: Tree) -> object:
    """Return the tree as dicts, lists and texts."""
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Sequence):
        return [plain(member) for member in tree.members]
    return {key: plain(value) for key, value in tree.entries.items()}


def _refuse(what: str, file: str, line: int, why: str, fix: str) -> FileNotUnderstood:
    return FileNotUnderstood(Problem(what, file, line, why, fix))


def _too_deep(file: str, line: int) -> FileNotUnderstood:
    return _refuse(
        f"this file nests more than {MAX_DEPTH} levels deep", file, line,
        "no case needs that depth, and such files are made to exhaust a program",
        "write things once in a register (parties, people, information) and refer to them by name",
    )  # fmt: skip


def _twice(key: str, file: str, line: int) -> FileNotUnderstood:
    return _refuse(
        f"the key “{key}” stands twice in the same place", file, line,
        "only one of the two could count, and nobody could tell which",
        "delete one of them, or write a list under one key",
    )  # fmt: skip


class _Builder:
    """Puts the nodes of YAML events into their parents."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Tree | None = None
        self.stack: list[Sequence | Mapping] = []
        self.keys: list[tuple[str, int] | None] = []

    def put(self, node: Tree) -> None:
        if not self.stack:
            self.root = node
        elif isinstance(parent := self.stack[-1], Sequence):
            parent.members.append(node)
        else:
            pending = self.keys[-1]
            if pending is None:
                if not isinstance(node, Scalar):
                    raise _refuse(
                        "a key must be a word, not a list or a map", self.file, node.line,
                        "keys come from the case-file reference", "write key: value",
                    )  # fmt: skip
                self.keys[-1] = self._key(node, parent)
                return
            parent.entries[pending[0]] = node
            parent.lines[pending[0]] = pending[1]
            self.keys[-1] = None
        if not isinstance(node, Scalar):
            self.stack.append(node)
            self.keys.append(None)
            if len(self.stack) > MAX_DEPTH:
                raise _too_deep(self.file, node.line)

    def _key(self, node: Scalar, parent: Mapping) -> tuple[str, int]:
        if node.text == "<<":
            raise _refuse(
                "merge keys (<<) are not read", self.file, node.line,
                "what a thing says must stand where a reader looks for it", "write the keys out",
            )  # fmt: skip
        if node.text in parent.entries:
            raise _twice(node.text, self.file, node.line)
        return node.text, node.line

    def close(self) -> None:
        self.stack.pop()
        self.keys.pop()


_YAML_HINTS = (
    (re.compile("mapping values are not allowed|could not find expected ':'"),
     "a colon inside a text, or a missing colon after a key", "put the text in quotes"),
    (re.compile("cannot start any token"),
     "a tab, or a text that begins with one of @ ` % *", "use spaces, and put the text in quotes"),
    (re.compile("expected <block end>|did not find expected"),
     "the indentation does not line up, or a quote or bracket is not closed",
     "give all keys of one thing the same number of spaces"),
)  # fmt: skip


def read_yaml(text: str, file: str) -> Tree:  # noqa: C901 - one branch per kind of event
    """Return the tree of a YAML text.

    Raises: FileNotUnderstood with file and line for broken YAML, a second document, a duplicate
    key, an anchor, alias, merge key or tag, and nesting over MAX_DEPTH.
    """
    builder = _Builder(file)
    documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.ScalarEvent):
                _check_plain(event, file, line)
                builder.put(Scalar(event.value, line))
            elif isinstance(event, yaml.SequenceStartEvent):
                _check_plain(event, file, line)
                builder.put(Sequence(line))
            elif isinstance(event, yaml.MappingStartEvent):
                _check_plain(event, file, line)
                builder.put(Mapping(line))
            elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
                builder.close()
            elif isinstance(event, yaml.AliasEvent):
                raise _anchored(file, line)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _refuse(
                        "this file holds more than one document (---)", file, line,
                        "one file is one case", "put each case into a file of its own",
                    )  # fmt: skip
    except yaml.YAMLError as fault:
        raise _broken_yaml(fault, text, file) from None
    if builder.root is None:
        raise _refuse("this file holds no case", file, 1, "it is empty or only comments",
                      "start with the line “case: <name>”")  # fmt: skip
    return builder.root


def _anchored(file: str, line: int) -> FileNotUnderstood:
    return _refuse(
        "anchors and aliases (& and *) are not read", file, line,
        "what a thing says must stand where a reader looks for it",
        "write the value out, or put it in quotes if it is a text that begins with & or *",
    )  # fmt: skip


def _check_plain(event: yaml.NodeEvent, file: str, line: int) -> None:
    if event.anchor is not None:
        raise _anchored(file, line)
    if getattr(event, "tag", None) is not None:
        raise _refuse(
            "tags (!) are not read", file, line,
            "the key decides the type of a value, never the file",
            "delete the tag, or put the text in quotes if it begins with !",
        )  # fmt: skip


def _broken_yaml(fault: yaml.YAMLError, text: str, file: str) -> FileNotUnderstood:
    mark = getattr(fault, "problem_mark", None)
    line = mark.line + 1 if mark else 0
    odd = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if isinstance(fault, yaml.reader.ReaderError) and odd:
        return _refuse(
            "this YAML file cannot be read", file, text.count("\n", 0, odd.start()) + 1,
            "it holds a character that cannot be printed", "delete the character",
        )  # fmt: skip
    said = str(getattr(fault, "problem", "") or "")
    why, fix = next(
        ((why, fix) for pattern, why, fix in _YAML_HINTS if pattern.search(said)),
        (
            "something near this line breaks the YAML grammar",
            "compare the line with its neighbours",
        ),
    )
    return _refuse("this YAML file cannot be read", file, line, why, fix)


_JSON_TOKEN = re.compile(
    r'"(?P<string>(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"'
    r"|(?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<word>true|false|null)|(?P<mark>[\[\]{}:,])"
)
_SPACE = re.compile(r"[ \t\r\n]*")
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_ESCAPE = re.compile(r"((?:\\u[0-9a-fA-F]{4})+)|\\(.)")


def _unescape(found: re.Match[str]) -> str:
    if found[1]:
        units = bytes.fromhex(found[1].replace("\\u", ""))
        return units.decode("utf-16-be", "replace")
    return _ESCAPES[found[2]]


class _Json:
    """A recursive reader of RFC 8259 that keeps lines; the depth limit bounds the recursion."""

    def __init__(self, text: str, file: str, line: int) -> None:
        self.text, self.file, self.place, self.line = text, file, 0, line

    def broken(self, why: str) -> FileNotUnderstood:
        return _refuse(
            "this JSON file cannot be read", self.file, self.line, why,
            "check commas, quotes and brackets near this line",
        )  # fmt: skip

    def skip(self) -> None:
        space = _SPACE.match(self.text, self.place)
        assert space is not None
        self.line += space[0].count("\n")
        self.place = space.end()

    def token(self) -> tuple[str, str]:
        self.skip()
        found = _JSON_TOKEN.match(self.text, self.place)
        if not found or not found.lastgroup:
            raise self.broken("it ends too early, or something here is not JSON")
        self.place = found.end()
        return found.lastgroup, found[found.lastgroup]

    def value(self, depth: int, kind: str, word: str) -> Tree:
        if depth > MAX_DEPTH:
            raise _too_deep(self.file, self.line)
        if kind == "string":
            return Scalar(_ESCAPE.sub(_unescape, word), self.line)
        if word == "null":
            raise _refuse(
                "null is not a value here", self.file, self.line,
                "a fact that is not known is left out", "delete the key",
            )  # fmt: skip
        if word == "{":
            return self.mapping(depth)
        if word == "[":
            return self.sequence(depth)
        if kind == "mark":
            raise self.broken(f"“{word}” stands where a value belongs")
        return Scalar(word, self.line)

    def sequence(self, depth: int) -> Sequence:
        node = Sequence(self.line)
        kind, word = self.token()
        while word != "]" or kind == "string":
            node.members.append(self.value(depth + 1, kind, word))
            if self.token_after("]") == "]":
                return node
            kind, word = self.token()
            if (kind, word) == ("mark", "]"):
                raise self.broken("a comma stands before the closing bracket")
        return node

    def mapping(self, depth: int) -> Mapping:
        node = Mapping(self.line)
        kind, word = self.token()
        while (kind, word) != ("mark", "}"):
            if kind != "string":
                raise self.broken("a key must be a text in double quotes")
            key = _ESCAPE.sub(_unescape, word)
            if key in node.entries:
                raise _twice(key, self.file, self.line)
            node.lines[key] = self.line
            if self.token() != ("mark", ":"):
                raise self.broken(f"a colon is missing after “{key}”")
            node.entries[key] = self.value(depth + 1, *self.token())
            if self.token_after("}") == "}":
                return node
            kind, word = self.token()
            if (kind, word) == ("mark", "}"):
                raise self.broken("a comma stands before the closing bracket")
        return node

    def token_after(self, close: str) -> str:
        kind, word = self.token()
        if kind != "mark" or word not in {",", close}:
            raise self.broken("a comma or closing bracket is missing")
        return word


def read_json(text: str, file: str, line: int = 1) -> Tree:
    """Return the tree of a JSON text (RFC 8259); numbers and true, false stay text.

    ``line`` is the one on which the text begins.

    Raises: FileNotUnderstood with file and line for broken JSON, null, a duplicate key, nesting
    over MAX_DEPTH.
    """
    reader = _Json(text, file, line)
    tree = reader.value(0, *reader.token())
    reader.skip()
    if reader.place < len(text):
        raise reader.broken("there is something after the end of the case")
    return tree
