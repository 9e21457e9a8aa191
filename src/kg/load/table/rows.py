"""Rows to cases: the rows of one case become one tree, which passes the same checks as every case.

The first row of a case states its single values. Every row of the case adds members to lists: a cell
under ``disclosure/to/1/person`` belongs to the first recipient of *its row*. A member that an earlier
row states in the same words is the same member.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kg.case_keys import REGISTERS
from kg.errors import CaseNotLoaded, KgError, Problem
from kg.load.case import read_case
from kg.load.law import Law
from kg.load.table.cells import NOTE, Cell, NotTaken, letter, row_and_column, spot, value_of
from kg.load.table.columns import Column, ColumnMap, Step, columns_of
from kg.load.table.from_csv import Row
from kg.load.tree import Mapping, Scalar, Tree
from kg.load.tree import Sequence as List
from kg.model import Case, Place, RuleResult

#: Rows of one case; more would be a mistake, or made to exhaust a program.
MAX_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class TableCase:
    """One case of a table, not yet checked.

    Attributes: file; line, the number of its first row; name as written; tree, whose lines are spots; headers by
    column; spots says where each path stands, or would stand; problems of cells that were not taken.
    """

    file: str
    line: int
    name: str
    tree: Mapping
    headers: tuple[str, ...]
    spots: dict[str, int]
    problems: tuple[Problem, ...] = ()

    def load(self, law: Law) -> Case:
        """Return the case; its lines are rows. Raises: CaseNotLoaded, by row and column."""
        problems = list(self.problems)
        try:
            case = read_case(self.tree, law, self.file, short_forms=True)
        except CaseNotLoaded as error:
            problems += [self._placed(problem) for problem in error.problems]
        if problems:
            raise CaseNotLoaded(sorted(problems, key=lambda problem: problem.line))
        places = {
            node: Place(place.path, row_and_column(place.line)[0] or self.line)
            for node, place in case.places.items()
        }
        lines = {triple: row_and_column(line)[0] for triple, line in case.lines.items()}
        return replace(case, places=places, lines=lines)

    def _placed(self, problem: Problem) -> Problem:
        row, column = row_and_column(problem.line)
        if not column or problem.file != self.file:
            return replace(problem, line=row or self.line)
        return replace(problem, what=f"{self._title(column)}: {problem.what}", line=row)

    def _title(self, column: int) -> str:
        return f"column {letter(column)} “{self.headers[column - 1]}”"

    def told(self, result: RuleResult) -> RuleResult:
        """Return a result whose line is the row, and whose message names the column to fill in."""
        path = result.path
        row, column = row_and_column(self.spots.get(path) or self.spots.get(f"{path}/1") or 0)
        words = result.message
        if column:
            words += f" ({self._title(column)})"
        elif not any(known.startswith(f"{path}/") for known in self.spots):
            words += f" (no column states {path})"
        return replace(result, line=row or result.line or self.line, message=words)


class _Group:
    """The members that rows have added to one list or register."""

    def __init__(self, members: dict[Step | None, Any]) -> None:
        self.members = members
        self.stated: dict[tuple[tuple[tuple[Step, ...], str], ...], Step] = {}


class _CaseRows:
    """The rows of one case so far: nested dicts of steps, with (text, spot) as leaves."""

    def __init__(self, name: str, row: int, table: Table) -> None:
        self.name, self.row, self.table = name, row, table
        self.root: dict[Step | None, Any] = {}
        self.groups: dict[tuple[Step, ...], _Group] = {}
        self.spots: dict[str, int] = {}
        self.problems: list[Problem] = []
        self.count = 0

    def wrong(self, row: int, column: Column, what: str, why: str, fix: str) -> None:
        self.problems.append(Problem(f"{column.title}: {what}", self.table.file, row, why, fix))

    def add(self, row: int, cells: Sequence[Cell]) -> None:
        """Take one row."""
        self.count += 1
        if self.count > MAX_ROWS:
            if self.count == MAX_ROWS + 1:
                what = f"the case “{_short(self.name)}” has more than {MAX_ROWS:,} rows"
                fix = "write the reference of its own case into each row"
                self.problems.append(
                    Problem(what, self.table.file, row, "no case has so many parts", fix)
                )
            return
        values = dict(self._values(row, cells))
        groups: dict[tuple[Step, ...], list[Column]] = {}
        for column in self.table.columns:
            if column.group:
                groups.setdefault(column.steps[: column.group], []).append(column)
                continue
            if row == self.row or column in values:
                self._single(row, column, values.get(column, ""))
        for steps, columns in groups.items():
            self._member(row, steps, [(c, values.get(c, "")) for c in columns])

    def _values(self, row: int, cells: Sequence[Cell]) -> Iterator[tuple[Column, str]]:
        for column in self.table.columns:
            if not column.number:
                continue
            cell = cells[column.number - 1] if column.number <= len(cells) else None
            if cell is None or not cell.text.strip():
                continue
            try:
                text = value_of(cell, column.key, self.table.map.dates)
            except NotTaken as fault:
                self.wrong(row, column, fault.what, fault.why, fault.fix)
            else:
                yield column, text

    def _single(self, row: int, column: Column, text: str) -> None:
        constant = self.table.constants.get(column)
        here = spot(row, column.number)
        if row == self.row:
            self.spots[column.path] = here
        if text or constant:
            self._put(self.root, column.steps, column, text or constant or "", here)

    def _put(
        self,
        node: dict[Step | None, Any],
        steps: Sequence[Step],
        column: Column,
        text: str,
        here: int,
    ) -> None:
        """Set a value; the same value twice is no contradiction, another one is."""
        for step in steps[:-1]:
            node = node.setdefault(step, {})
        last = steps[-1]
        old = node.setdefault(last, (text, here, column.words))
        if old[0] != text:
            row, first = row_and_column(here)[0], row_and_column(old[1])[0]
            self.wrong(
                row, column, f"“{_short(text)}” stands here, “{_short(old[0])}” in row {first} of the same case",
                "one case has one value here, and nobody could tell which counts",
                f"write it in row {first} only, or give this row a case of its own",
            )  # fmt: skip

    def _member(self, row: int, steps: tuple[Step, ...], cells: list[tuple[Column, str]]) -> None:
        """Add what a row says about one member of a list, or about one thing in a register."""
        filled = [(column, text) for column, text in cells if text]
        has_columns = any(column.number for column, _ in cells)
        if not filled and (has_columns or row != self.row):
            if row == self.row:
                self._spots("/".join(map(str, steps)), row, steps, cells)
            return
        filled += [(c, self.table.constants[c]) for c, _ in cells if c in self.table.constants]
        prefix = steps[:-1]
        if prefix not in self.groups:
            # A register holds things named in headers beside those named in cells.
            register = self.root.setdefault(prefix[0], {}) if prefix[0] in REGISTERS else {}
            self.groups[prefix] = _Group(register)
        group = self.groups[prefix]
        rest = len(steps)
        stated = tuple(sorted(((c.steps[rest:], text) for c, text in filled), key=repr))
        if stated in group.stated:
            return
        names = [text for column, text in filled if column.key is None]
        if prefix[0] in REGISTERS:
            if not names:
                column, _ = filled[0]
                self.wrong(row, column, "the thing that this describes has no name",
                           "other cells refer to it by name",
                           f"fill in the column {'/'.join(map(str, steps))}")  # fmt: skip
                return
            member: Step = names[0]
        else:
            member = len(group.members) + 1
        group.stated[stated] = member
        naming = next((c for c, _ in filled if c.key is None), filled[0][0])
        node = group.members.setdefault(member, {None: spot(row, naming.number)})
        for column, text in filled:
            if column.key is not None:
                self._put(
                    node, column.steps[rest:] or ("",), column, text, spot(row, column.number)
                )
        self._spots("/".join(map(str, (*prefix, member))), row, steps, cells)

    def _spots(
        self, path: str, row: int, steps: tuple[Step, ...], cells: list[tuple[Column, str]]
    ) -> None:
        """Note where a member and each of its keys stand in the table, whether filled in or not."""
        self.spots.setdefault(path, spot(row, cells[0][0].number))
        for column, _ in cells:
            tail = "/".join(str(step) for step in column.steps[len(steps) :])
            if tail and column.number:
                self.spots.setdefault(f"{path}/{tail}", spot(row, column.number))

    def case(self) -> TableCase:
        """Return the case, with everything that is wrong with its cells."""
        for prefix, group in self.groups.items():
            node = self.root
            for step in prefix[:-1]:
                node = node.setdefault(step, {})
            node[prefix[-1]] = group.members  # a register is there already
        tree = _tree(self.root, spot(self.row, 0))
        assert isinstance(tree, Mapping)
        return TableCase(
            self.table.file, self.row, self.name, tree, self.table.headers, self.spots,
            tuple(self.problems),
        )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"  # noqa: PLR2004


def _tree(node: Any, line: int) -> Tree:
    """Return nested dicts as a tree: numbered steps become lists, in their order."""
    if isinstance(node, tuple):
        text, here, words = node
        parts = [part.strip() for part in re.split("[,;]", text)] if words else [text]
        scalars: list[Tree] = [Scalar(part, here) for part in parts]
        return scalars[0] if len(scalars) == 1 else List(here, scalars)
    if any(isinstance(step, int) for step in node):
        members = [_tree(_alone(node[step]), line) for step in sorted(node)]
        return List(members[0].line, members)
    entries = {str(step): _tree(value, line) for step, value in node.items() if step is not None}
    lines = {name: value.line for name, value in entries.items()}
    return Mapping(node.get(None) or min(lines.values(), default=line), entries, lines)


def _alone(node: Any) -> Any:
    """Return a member of a list of texts: its text stands under no key of its own."""
    return node[""] if isinstance(node, dict) and "" in node else node


class Table:
    """The columns of one table, and its cases, one after the other."""

    def __init__(self, file: str, map_: ColumnMap) -> None:
        self.file, self.map = file, map_
        self.headers: tuple[str, ...] = ()
        self.columns: list[Column] = []
        self.constants: dict[Column, str] = {}

    def cases(  # noqa: C901 - one branch per kind of row
        self, rows: Iterator[Row | KgError]
    ) -> Iterator[TableCase | KgError]:
        """Yield the cases in file order; the header row is the first that holds anything.

        Rows of one case stand together. What is wrong with one case never stops the next.
        """
        now: _CaseRows | None = None
        first: dict[str, int] = {}
        for one in rows:
            if isinstance(one, KgError):
                if now:
                    yield now.case()
                yield one
                return
            number, cells = one
            if not any(cell.text.strip() for cell in cells):
                continue
            if not self.columns:
                if not cells[0].text.startswith(NOTE):
                    self.head(number, cells)
                continue
            name = self._name(cells)
            if name.startswith(NOTE):
                continue
            if now and name == now.name:
                now.add(number, cells)
                continue
            if now:
                yield now.case()
            now = None
            if not name or name in first:
                yield CaseNotLoaded(
                    self._unnamed(number, cells)
                    if not name
                    else self._again(number, name, first[name])
                )
                continue
            first[name] = number
            now = _CaseRows(name, number, self)
            now.add(number, cells)
        if now:
            yield now.case()
        elif not first:
            yield CaseNotLoaded(
                Problem("there is nothing to validate in this table", self.file, 0,
                        "it has no row with a case below its header", "write one row for each case")
            )  # fmt: skip

    def head(self, number: int, cells: Sequence[Cell]) -> None:
        """Take the header row. Raises: CaseNotLoaded."""
        self.headers = tuple(cell.text.strip() for cell in cells)
        self.columns = columns_of(self.headers, self.map, self.file, number)
        paths = self.map.every_row
        self.constants = {c: paths[c.header] for c in self.columns if not c.number}

    def _name(self, cells: Sequence[Cell]) -> str:
        column = next(c for c in self.columns if c.steps == ("case",))
        return cells[column.number - 1].text.strip() if column.number <= len(cells) else ""

    def _unnamed(self, number: int, cells: Sequence[Cell]) -> Problem:
        column = next(c for c in self.columns if c.steps == ("case",))
        filled = next(n for n, cell in enumerate(cells, 1) if cell.text.strip())
        return Problem(
            f"{column.title} is empty, but {letter(filled)} is not", self.file, number,
            "nobody could tell which case the row belongs to",
            "write the reference of the case into every row, the further rows of one case included",
        )  # fmt: skip

    def _again(self, number: int, name: str, first: int) -> Problem:
        return Problem(
            f"the case “{name}” stands in row {first} already", self.file, number,
            "rows of one case stand together; two cases with one name could not be told apart",
            f"move this row below row {first}, or give the case a name of its own",
        )  # fmt: skip
