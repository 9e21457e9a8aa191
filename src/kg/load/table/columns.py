"""Columns of a table: which key of the case file each states, by its header or by a saved column map.

A column is named by a path: keys joined by ``/``. Members of a list, and things in a register, go by
place, from 1: ``disclosure/to/1/person``. The column ``people/1`` holds the name of the thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.case_keys import BLOCKS, REGISTERS, Block, Key
from kg.errors import CaseNotLoaded, FileNotUnderstood, Problem
from kg.load import read_text_of
from kg.load.case import NAME, dash
from kg.load.hints import nearest
from kg.load.table.cells import DATE_FORMATS, MAX_COLUMNS, letter
from kg.load.tree import Mapping, Scalar, Tree, read_yaml
from kg.load.tree import Sequence as List

_TOP = ("disclosure", "record")
#: Types of a key that takes several words in one cell; texts keep their commas.
_WORDS = ("kind", "value", "ref", "norm")
_KEYS = ("columns", "every-row", "ignore", "dates", "sheet")
_REFERENCE = "see docs/reference/column-map.md"
#: Headers that are found fault with before the rest is left unread.
_ENOUGH = 30

Step = str | int


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column, or a constant of the column map (``number`` 0).

    Attributes: number from 1; header as written; steps of the path, places as numbers; key, None for
    the column that names a thing in a register; group is how many steps lead to the first list
    whose members rows add, its place included (0: the column states one value for the case).
    """

    number: int
    header: str
    steps: tuple[Step, ...]
    key: Key | None
    group: int

    @property
    def path(self) -> str:
        """The path, with every place written."""
        return "/".join(str(step) for step in self.steps)

    @property
    def words(self) -> bool:
        """Whether a cell may hold several values."""
        return self.key is not None and self.key.many and self.key.type in _WORDS

    @property
    def title(self) -> str:
        """How messages name it: ``column C “Date shared”``."""
        return f"column {letter(self.number)} “{self.header}”" if self.number else f"“{self.path}”"


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A saved column map.

    Attributes: file; columns, header to path; every_row, path to value for every case; ignore,
    headers that are not read; dates, one of DATE_FORMATS or empty; sheet, empty for the first.
    """

    file: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    every_row: dict[str, str] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    dates: str = ""
    sheet: str = ""


class _Nowhere(Exception):
    """A path that leads nowhere: what, fix."""


def resolve(path: str, number: int = 0, header: str = "") -> Column:
    """Return the column of a path. Raises: ValueError with what is wrong and how to fix it."""
    try:
        steps, key = _walk(path)
    except _Nowhere as fault:
        what, fix = fault.args
        raise ValueError(what, fix) from None
    places = [n for n, step in enumerate(steps, 1) if isinstance(step, int)]
    return Column(number, header or path, tuple(steps), key, places[0] if places else 0)


def _walk(path: str) -> tuple[list[Step], Key | None]:  # noqa: C901 - one branch per kind of step
    block = BLOCKS["case"]
    todo = [step.strip() for step in path.split("/")]
    steps: list[Step] = []
    while True:
        name = dash(todo.pop(0))
        key = block.key(name)
        if key is None:
            raise _Nowhere(
                _no_key(name, block), nearest(name, {k.name for k in block.keys}) or _REFERENCE
            )
        steps.append(key.name)
        if block.name == "case" and key.name in REGISTERS:
            if not todo or not (_place(todo[0]) or NAME.match(todo[0])):
                raise _Nowhere(f"“{key.name}” needs a place or a name", f"write {key.name}/1")
            steps.append(_place(todo[0]) or todo[0])
            if len(todo) == 1:
                if isinstance(steps[-1], int):
                    return steps, None
                raise _Nowhere(
                    f"“{path}” needs a key", f"write {path}/{BLOCKS[key.block].keys[0].name}"
                )
            todo.pop(0)
            block = BLOCKS[key.block]
        elif key.type == "block":
            block = BLOCKS[key.block]
            if key.name in _TOP and todo and block.key(dash(todo[0])) is None:
                raise _Nowhere(
                    f"“{todo[0]}” is not a key of {_the(block)}",
                    nearest(dash(todo[0]), {k.name for k in block.keys})
                    or f"a table holds one {key.name} for each case: write {key.name}/{block.keys[0].name}",
                )  # fmt: skip
            if key.many and key.name not in _TOP:
                steps.append(_place(todo.pop(0)) if todo and _place(todo[0]) else 1)
            if not todo:
                if not block.short:
                    raise _Nowhere(
                        f"“{path}” needs a key of {_the(block)}", f"{path}/{block.keys[0].name}"
                    )
                todo.append(block.short)
        else:
            return _leaf(key, steps, todo), key


def _leaf(key: Key, steps: list[Step], todo: list[str]) -> list[Step]:
    listed = key.many and key.type not in _WORDS
    if todo and not (listed and len(todo) == 1 and _place(todo[0])):
        fix = "write several values into one cell, with commas between" if key.many else _REFERENCE
        raise _Nowhere(f"“{key.name}” has no keys or places of its own", fix)
    return [*steps, _place(todo[0]) if todo else 1] if listed else steps


def _place(step: str) -> int:
    return int(step) if step.isascii() and step.isdigit() and len(step) < 4 else 0  # noqa: PLR2004


def _the(block: Block) -> str:
    return block.title[0].lower() + block.title[1:]


def _no_key(name: str, block: Block) -> str:
    return f"“{name}” is not a key of {_the(block)}"


# --- The header row -------------------------------------------------------------------------------


def columns_of(  # noqa: C901, PLR0912 - one branch per thing that can be wrong with a header
    headers: Sequence[str], map_: ColumnMap, file: str, row: int
) -> list[Column]:
    """Return the columns of a table and the constants of its map, by the header row.

    Raises: CaseNotLoaded with every header that means nothing, stands twice, or is missing.
    """
    if len(headers) >= MAX_COLUMNS:
        what = f"this table has more than {MAX_COLUMNS - 1:,} columns"
        raise CaseNotLoaded(
            Problem(what, file, row, "no case has so many keys", "delete those without use")
        )
    problems: list[Problem] = []
    found: dict[tuple[Step, ...], Column] = {}
    seen: dict[str, int] = {}

    def wrong(what: str, why: str = "", fix: str = "", *, line: int = row) -> None:
        problems.append(Problem(what, file, line, why, fix))

    for number, header in enumerate((one.strip() for one in headers), 1):
        if not header or header in map_.ignore:
            continue
        if len(problems) >= _ENOUGH:
            break
        title = f"column {letter(number)} “{header}”"
        if header in seen:
            wrong(f"{title} has the header of column {letter(seen[header])}",
                  "nobody could tell which of them counts", "rename or delete one")  # fmt: skip
            continue
        seen[header] = number
        try:
            column = resolve(map_.columns.get(header, header), number, header)
        except ValueError as fault:
            what, fix = fault.args
            if map_.file and header not in map_.columns:
                hint = nearest(header, [*map_.columns, *map_.ignore])
                wrong(f"{title} is not in the column map {map_.file}", "an unread column would be lost without a word",
                      hint or "add it under “columns”, or under “ignore”")  # fmt: skip
            else:
                hint = (
                    ""
                    if map_.file
                    else "; a table with headers of its own needs a column map (--columns)"
                )
                wrong(
                    f"{title}: {what}", "an unknown column would be lost without a word", fix + hint
                )
            continue
        if column.steps in found:
            wrong(f"{title} and {found[column.steps].title} both state {column.path}",
                  "nobody could tell which of them counts", "delete one of them")  # fmt: skip
        found[column.steps] = column
    for header in map_.columns:
        if header not in seen:
            wrong(f"no column has the header “{header}”", f"the column map {map_.file} reads it",
                  nearest(header, seen) or "correct the header, or delete it from the map")  # fmt: skip
    if not problems and ("case",) not in found:
        wrong("no column says which case a row belongs to", "everything in a row is named after its case",
              "give the column with the reference of the case the header “case”")  # fmt: skip
    constants = _constants(map_, found, problems)
    if problems:
        raise CaseNotLoaded(problems)
    return [*found.values(), *constants]


def _constants(
    map_: ColumnMap, found: dict[tuple[Step, ...], Column], problems: list[Problem]
) -> list[Column]:
    constants = []
    for path in map_.every_row:
        try:
            column = resolve(path)
        except ValueError as fault:
            what, fix = fault.args
            problems.append(Problem(f"“{path}”: {what}", map_.file, 0, "", fix))
            continue
        if column.steps in found or column.path == "case":
            what = f"“{path}” stands under “every-row” and is a column too"
            problems.append(
                Problem(what, map_.file, 0, "only one of them could count", "delete one of them")
            )
        constants.append(column)
    return constants


# --- The saved map --------------------------------------------------------------------------------


def load_columns(path: Path) -> ColumnMap:
    """Read a column map.

    Raises: FileNotReadable, FileNotUnderstood; CaseNotLoaded for an unknown key, format or path.
    """
    where = str(path)
    tree = read_yaml(read_text_of(path), where)
    if not isinstance(tree, Mapping):
        raise FileNotUnderstood(
            Problem(
                "a column map is a list of keys with values",
                where,
                tree.line,
                "",
                "start with “columns:”",
            )
        )
    problems = [
        Problem(f"“{key}” is not a key of a column map", where, tree.lines[key], "it would be lost without a word",
                nearest(key, _KEYS) or f"keys: {', '.join(_KEYS)}")
        for key in tree.entries if key not in _KEYS
    ]  # fmt: skip
    columns, every_row = (_texts(tree, key, where, problems) for key in ("columns", "every-row"))
    for paths in (columns.values(), every_row):
        for one in paths:
            try:
                resolve(one)
            except ValueError as fault:
                what, fix = fault.args
                line = _line_of(tree, one)
                problems.append(Problem(f"“{one}”: {what}", where, line, "", fix))
    ignore = tree.entries.get("ignore", List(0))
    members = ignore.members if isinstance(ignore, List) else [ignore]
    if any(not isinstance(one, Scalar) for one in members):
        problems.append(Problem("“ignore” takes a list of headers", where, ignore.line))
    dates = _text(tree, "dates", where, problems)
    if dates and dates not in DATE_FORMATS:
        problems.append(
            Problem(f"“{dates}” is not a format of dates", where, tree.lines["dates"], "",
                    nearest(dates, DATE_FORMATS) or f"formats: {'; '.join(DATE_FORMATS)}")
        )  # fmt: skip
    sheet = _text(tree, "sheet", where, problems)
    if problems:
        raise CaseNotLoaded(problems)
    ignored = frozenset(one.text.strip() for one in members if isinstance(one, Scalar))
    return ColumnMap(where, columns, every_row, ignored, dates, sheet)


def _text(tree: Mapping, key: str, where: str, problems: list[Problem]) -> str:
    value = tree.entries.get(key, Scalar("", 0))
    if isinstance(value, Scalar):
        return value.text.strip()
    problems.append(Problem(f"“{key}” takes one value", where, value.line))
    return ""


def _texts(tree: Mapping, key: str, where: str, problems: list[Problem]) -> dict[str, str]:
    value: Tree = tree.entries.get(key, Mapping(0))
    if not isinstance(value, Mapping) or not all(
        isinstance(v, Scalar) for v in value.entries.values()
    ):
        fix = "Date shared: disclosure/date" if key == "columns" else "disclosure/from: trust"
        problems.append(Problem(f"“{key}” takes lines of the form “{fix}”", where, value.line))
        return {}
    return {
        name.strip(): one.text.strip()
        for name, one in value.entries.items()
        if isinstance(one, Scalar)
    }


def _line_of(tree: Mapping, path: str) -> int:
    columns, every_row = tree.entries.get("columns"), tree.entries.get("every-row")
    if isinstance(every_row, Mapping) and path in every_row.lines:
        return every_row.lines[path]
    if isinstance(columns, Mapping):
        for value in columns.entries.values():
            if isinstance(value, Scalar) and value.text.strip() == path:
                return value.line
    return 0
