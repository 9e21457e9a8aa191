"""The examples of the rules: a complete base case, what is changed in it, and what is expected.

Source: design section 4. An example file holds ``title``, ``base`` (a file of ``_base/``), ``set``
(path to value; ``null`` removes) and ``expect`` (the exact rules of violations and warnings, and
under ``info`` those that only inform).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kg import paths
from kg.errors import BadRequest, Problem
from kg.load import Case, Law, read_text_of
from kg.load.case import read_case
from kg.load.change import changed, select
from kg.load.hints import nearest
from kg.load.tree import Mapping, Scalar, Sequence, Tree, plain, read_yaml

_KEYS = {"title", "base", "set", "expect"}
_PLAIN = re.compile(r"[A-Za-z0-9(][^#]*\Z")


@dataclass(frozen=True, slots=True)
class Example:
    """One example: ``tree`` is the base with the changes made, ``settings`` the changes.

    ``violations``, ``warnings`` and ``info`` are the exact rules expected; all empty when it passes.
    """

    file: Path
    title: str
    base: str
    settings: dict[str, Tree | None]
    tree: Mapping
    violations: frozenset[str]
    warnings: frozenset[str]
    info: frozenset[str] = frozenset()

    @property
    def rule(self) -> str:
        """The rule whose folder it stands in."""
        return self.file.parent.name

    @property
    def passes(self) -> bool:
        """Whether nothing is expected to be reported."""
        return not self.violations | self.warnings | self.info

    def case(self, law: Law) -> Case:
        """Return the case. Raises: CaseNotLoaded."""
        return read_case(
            changed(self.tree, {}, str(self.file)), law, str(self.file), short_forms=True
        )


def base_files(folder: Path | None = None) -> dict[str, Path]:
    """Return the complete cases that examples start from, by name."""
    found = sorted(((folder or paths.EXAMPLES) / "_base").glob("*.yaml"))
    return {path.stem: path for path in found}


def example_files(folder: Path | None = None, rule: str = "R-*") -> list[Path]:
    """Return the example files of one rule, or of all, by name."""
    return sorted((folder or paths.EXAMPLES).glob(f"{rule}/*.yaml"))


def load_example(path: Path) -> Example:
    """Return one example.

    Raises: FileNotReadable, FileNotUnderstood; BadRequest for an unknown key, base or path, or a
    missing title, base or expectation.
    """
    tree = read_yaml(read_text_of(path), str(path))
    if not isinstance(tree, Mapping):
        raise _wrong(path, tree.line, "an example is a list of keys with values")
    for key in tree.entries:
        if key not in _KEYS:
            hint = nearest(key, _KEYS) or f"keys: {', '.join(sorted(_KEYS))}"
            raise _wrong(path, tree.lines[key], f"“{key}” is not a key of an example", hint)
    title, base = _word(tree, "title", path), _word(tree, "base", path)
    bases = base_files(path.parents[1])
    if base not in bases:
        hint = nearest(base, bases) or f"bases: {', '.join(bases)}"
        raise _wrong(path, tree.lines["base"], f"there is no base “{base}”", hint)
    changes = tree.entries.get("set", Mapping(0))
    if not isinstance(changes, Mapping):
        raise _wrong(path, tree.lines["set"], "“set” takes paths with values")
    settings: dict[str, Tree | None] = {
        key: None if isinstance(value, Scalar) and value.text == "null" else value
        for key, value in changes.entries.items()
    }
    start = read_yaml(read_text_of(bases[base]), str(bases[base]))
    case = changed(start, {**settings, "title": Scalar(title, 1)}, str(path))
    return Example(path, title, base, settings, case, *_expected(tree, path))


def _wrong(path: Path, line: int, what: str, fix: str = "") -> BadRequest:
    return BadRequest(Problem(what, str(path), line, "", fix or "see shapes/README.md"))


def _word(tree: Mapping, key: str, path: Path) -> str:
    value = tree.entries.get(key)
    if not isinstance(value, Scalar) or not value.text.strip():
        raise _wrong(path, tree.line, f"the example has no {key}", f"add the line “{key}: …”")
    return value.text


def _expected(tree: Mapping, path: Path) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    expect = tree.entries.get("expect")
    if not isinstance(expect, Mapping) or set(expect.entries) - {"info"} != {
        "violations",
        "warnings",
    }:
        raise _wrong(
            path,
            expect.line if expect else tree.line,
            "“expect” takes violations and warnings",
            "write both, with [] for none; info where a rule only informs",
        )
    sets = []
    for key in ("violations", "warnings", "info"):
        rules = plain(expect.entries[key]) if key in expect.entries else []
        if not isinstance(rules, list) or not all(isinstance(rule, str) for rule in rules):
            raise _wrong(path, expect.lines[key], f"“{key}” takes a list of rules", "[R-028]")
        sets.append(frozenset(rules))
    return sets[0], sets[1], sets[2]


# --- What is shown ------------------------------------------------------------------------------


def passing_piece(rule: str, folder: Path | None = None) -> str:
    """Return what of a passing example a rule is about, as YAML; empty without an example.

    Shown are the places that the failing examples of the same base and the passing one change.
    """
    examples = [load_example(path) for path in example_files(folder, rule)]
    shown: list[tuple[int, str]] = []
    for passing in (one for one in examples if one.passes):
        touched = [
            path
            for one in examples
            if not one.passes and one.base == passing.base
            for path in one.settings
        ]
        piece = select(passing.tree, [*passing.settings, *touched])
        if piece is not None:
            shown.append((len(shown) if touched else 100 + len(shown), "\n".join(_lines(piece))))
    return min(shown, default=(0, ""))[1]


def as_yaml(tree: Tree) -> str:
    """Return a tree as YAML text that reads back the same; texts are quoted only when needed."""
    return "\n".join(_lines(tree)) + "\n"


def _lines(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Scalar):
        yield _quoted(tree.text)
    elif isinstance(tree, Sequence):
        for member in tree.members:
            first, *rest = _lines(member)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        for key, value in tree.entries.items():
            if isinstance(value, Scalar):
                yield f"{key}: {_quoted(value.text)}"
            elif isinstance(value, Sequence) and all(isinstance(m, Scalar) for m in value.members):
                yield f"{key}: [{', '.join(_quoted(m.text, ',[]{}') for m in _scalars(value))}]"
            else:
                yield f"{key}:"
                yield from (f"  {line}" for line in _lines(value))


def _scalars(tree: Sequence) -> Iterator[Scalar]:
    yield from (member for member in tree.members if isinstance(member, Scalar))


def _quoted(text: str, special: str = "") -> str:
    safe = _PLAIN.match(text) and ": " not in text and not text.endswith((":", " "))
    clock = re.match(r"\d+:\d+", text)
    if safe and not clock and "\n" not in text and not any(mark in text for mark in special):
        return text
    return json.dumps(text, ensure_ascii=False)
