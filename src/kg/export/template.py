"""A table to fill in: one column for each key that a rule asks for, made from key table and shapes.

The columns are those that the rules of a complete record name, and those that the sample rows need.
Any other key of the case file may be added as a column by its path.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg.ask.results import safe_cell
from kg.case_keys import BLOCKS, REGISTERS, TYPES, Block, Key
from kg.errors import BadRequest, Problem
from kg.load import Law, read_text_of
from kg.load.case import dash
from kg.load.table import NOTE, Column, resolve
from kg.load.tree import Mapping, Scalar, Sequence, Tree, read_yaml
from kg.validate import Shapes
from kg.validate.examples import base_files

#: Complete cases of the rules' own examples: one shared, one kept back.
SAMPLES = ("section-47-request", "not-shared")
#: Members of a list that one row holds; more go into further rows of the case.
_PLACES = {"parties": 2}
_TOP = ("disclosure", "record")
_WORDS = {"violation": "must", "warning": "should", "info": "advice"}
_RULES = re.compile(r"R-(\d{3})(?: to R-(\d{3}))?")
_FEW = 12
#: Rows of a workbook that offer the values of a list.
_LAST_ROW = 5000

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the template.

    Attributes: column; asked, how firmly rules ask for it (must, should, advice, or empty); rules
    that do; values that may be written, all of them, or none when it is not a list.
    """

    column: Column
    asked: str
    rules: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def what(self) -> str:
        """What to write, in a sentence."""
        key = self.column.key
        if key is None:
            return "a short name that you choose; other cells refer to it"
        several = "; several with commas between" if self.column.words else ""
        return f"{key.what} ({TYPES[key.type]}{several})"


def fields(law: Law, shapes: Shapes) -> list[Field]:
    """Return the columns in the order of the case file."""
    weight: dict[str, str] = {}
    for rule in shapes.rules.values():
        old = weight.get(rule.rule)
        if old is None or list(_WORDS).index(rule.severity) < list(_WORDS).index(old):
            weight[rule.rule] = rule.severity
    asked = set(_asked(BLOCKS["case"], "", set(weight)))
    paths = asked | {path for row in sample_rows() for path in row}
    columns = sorted((resolve(path) for path in paths), key=_order)
    return [_field(column, weight, law) for column in columns]


def _field(column: Column, weight: dict[str, str], law: Law) -> Field:
    key = column.key
    rules = tuple(rule for rule in _rules_of(key) if rule in weight) if key else ()
    severities = sorted((weight[rule] for rule in rules), key=list(_WORDS).index)
    values: tuple[str, ...] = ()
    if key and key.type == "yes/no":
        values = ("yes", "no")
    elif key and key.type in {"kind", "value"}:
        values = tuple(law.vocabulary(key.listed))
    return Field(column, _WORDS[severities[0]] if severities else "", rules, values)


def _rules_of(key: Key) -> Iterator[str]:
    """Yield the rules that a key serves; “R-065 to R-067” is three."""
    for first, last in _RULES.findall(key.used_by):
        yield from (f"R-{n:03}" for n in range(int(first), int(last or first) + 1))


def _asked(block: Block, start: str, rules: set[str]) -> Iterator[str]:
    """Yield the paths of the keys that serve a rule, and the names of the things that have any."""
    if block.name == "case":
        yield "case"
    for key in block.keys:
        path = f"{start}{key.name}"
        if start == "" and key.name in REGISTERS:
            for place in range(1, _PLACES.get(key.name, 1) + 1):
                yield f"{path}/{place}"
                yield from _asked(BLOCKS[key.block], f"{path}/{place}/", rules)
        elif key.type == "block":
            listed = key.many and key.name not in _TOP
            yield from _asked(BLOCKS[key.block], f"{path}/1/" if listed else f"{path}/", rules)
        elif not rules.isdisjoint(_rules_of(key)):
            yield resolve(path).path


def _order(column: Column) -> tuple[int, ...]:
    """Return where a column stands: by the key table, members of a list side by side."""
    order: list[int] = []
    block: Block | None = BLOCKS["case"]
    for step in column.steps:
        key = block.key(str(step)) if block else None
        if key is None or block is None:
            order.append(step if isinstance(step, int) else 0)
            continue
        order.append(block.keys.index(key))
        block = BLOCKS[key.block] if key.block and key.type == "block" else None
        if block is None and key.name in REGISTERS:
            block = BLOCKS[key.block]
    return tuple(order)


# --- Sample rows ----------------------------------------------------------------------------------


def sample_rows() -> list[Row]:
    """Return complete cases as rows: path to text; further rows of a case hold further members."""
    rows = []
    for name in SAMPLES:
        path = base_files()[name]
        tree = read_yaml(read_text_of(path), str(path))
        assert isinstance(tree, Mapping)
        own: list[Row] = [{}]
        for steps, text in _flat(BLOCKS["case"], tree, ()):
            place = next((n for n, step in enumerate(steps) if isinstance(step, int)), None)
            number, here = 0, steps
            if place is not None:
                number, rest = divmod(int(steps[place]) - 1, _PLACES.get(str(steps[0]), 1))
                here = (*steps[:place], rest + 1, *steps[place + 1 :])
            while len(own) <= number:
                own.append({"case": own[0]["case"]})
            own[number]["/".join(map(str, here))] = text
        rows += own
    return rows


def _flat(block: Block, node: Mapping, start: tuple[str | int, ...]) -> Iterator[tuple[Any, str]]:
    """Yield every value of a thing with its steps, places as numbers."""
    for written, value in node.entries.items():
        key = block.key(dash(written))
        assert key is not None, written
        steps = (*start, key.name)
        if not start and key.name in REGISTERS:
            assert isinstance(value, Mapping)
            for place, (name, thing) in enumerate(value.entries.items(), 1):
                assert isinstance(thing, Mapping)
                yield (*steps, place), name
                yield from _flat(BLOCKS[key.block], thing, (*steps, place))
            continue
        members = value.members if isinstance(value, Sequence) else [value]
        if key.type == "block":
            listed = key.many and key.name not in _TOP
            for place, member in enumerate(members, 1):
                inner = (*steps, place) if listed else steps
                yield from _flat_thing(BLOCKS[key.block], member, inner)
        elif key.many and key.type in {"kind", "value", "ref", "norm"}:
            yield steps, ", ".join(one.text for one in members if isinstance(one, Scalar))
        else:
            for place, member in enumerate(members, 1):
                assert isinstance(member, Scalar)
                yield ((*steps, place) if key.many else steps), member.text


def _flat_thing(
    block: Block, node: Tree, steps: tuple[str | int, ...]
) -> Iterator[tuple[Any, str]]:
    if isinstance(node, Scalar):
        yield (*steps, block.short), node.text
    else:
        assert isinstance(node, Mapping)
        yield from _flat(block, node, steps)


# --- Formats --------------------------------------------------------------------------------------


def template(format_: str, law: Law, shapes: Shapes, *, sample: bool = False) -> bytes:
    """Return the table as ``csv`` (UTF-8 with a byte order mark) or ``xlsx``, empty or with samples.

    Raises: BadRequest when a workbook is asked for and openpyxl is not installed.
    """
    columns = fields(law, shapes)
    rows = sample_rows() if sample else []
    return _csv(columns, rows) if format_ == "csv" else _xlsx(columns, rows)


def _notes(columns: Iterable[Field]) -> Iterator[list[str]]:
    """Yield the rows that say what to write; their first cell marks them as not read."""
    columns = list(columns)[1:]
    yield [f"{NOTE} what to write", *(one.what for one in columns)]
    yield [f"{NOTE} asked for", *(" ".join((one.asked, *one.rules)) for one in columns)]
    yield [f"{NOTE} values", *(_some(one.values) for one in columns)]


def _some(values: tuple[str, ...]) -> str:
    more = f", … ({len(values)} in all)" if len(values) > _FEW else ""
    return ", ".join(values[:_FEW]) + more


def _csv(columns: list[Field], rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(one.column.path for one in columns)
    for note in _notes(columns):
        writer.writerow(safe_cell(text) for text in note)
    for row in rows:
        writer.writerow(safe_cell(row.get(one.column.path, "")) for one in columns)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(columns: list[Field], rows: list[Row]) -> bytes:
    try:
        from openpyxl import Workbook  # noqa: PLC0415 - an extra
        from openpyxl.styles import Alignment, Font  # noqa: PLC0415
        from openpyxl.utils import get_column_letter  # noqa: PLC0415
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415
    except ImportError:
        raise BadRequest(
            Problem(
                "Excel workbooks cannot be written here", "", 0, "the writer is not installed",
                'type: pip install "safeguarding-kg[xlsx]"; or ask for --format csv',
            )
        ) from None  # fmt: skip
    book = Workbook()
    sheet = book.active
    sheet.title = "Cases"
    guide, lists = book.create_sheet("Guide"), book.create_sheet("Lists")
    _put(sheet, 1, [one.column.path for one in columns])
    for number, note in enumerate(_notes(columns), 2):
        _put(sheet, number, note)
        for cell in sheet[number]:
            cell.font = Font(italic=True, color="555555")
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    first = sheet.max_row + 1
    for number, row in enumerate(rows, first):
        _put(sheet, number, [row.get(one.column.path, "") for one in columns], columns)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = f"B{first}"
    _put(guide, 1, ["column", "header", "what to write", "asked for", "rules", "values"])
    for place, one in enumerate(columns, 1):
        letters = get_column_letter(place)
        # As text: a spreadsheet program otherwise turns 47.10 into 47.1.
        dated = one.column.key is not None and one.column.key.type == "date"
        sheet.column_dimensions[letters].number_format = "yyyy-mm-dd" if dated else "@"
        sheet.column_dimensions[letters].width = 24
        listed = [letters, one.column.path, one.what, one.asked, ", ".join(one.rules)]
        _put(guide, place + 1, [*listed, _some(one.values)])
        if one.values:
            for number, value in enumerate((one.column.path, *one.values), 1):
                _put_cell(lists.cell(number, place), value)
            offered = DataValidation(
                "list", f"=Lists!${letters}$2:${letters}${len(one.values) + 1}", allow_blank=True,
                # A cell with several values of a list is right, although no single one.
                showErrorMessage=not one.column.words,
            )  # fmt: skip
            offered.add(f"{letters}{first}:{letters}{_LAST_ROW}")
            sheet.add_data_validation(offered)
    for letters, width in zip("ABCDEF", (8, 44, 70, 10, 30, 70), strict=True):
        guide.column_dimensions[letters].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _put(sheet: Any, number: int, texts: list[str], columns: list[Field] | None = None) -> None:
    for place, text in enumerate(texts, 1):
        if text:
            key = columns[place - 1].column.key if columns else None
            _put_cell(sheet.cell(number, place), text, key)


def _put_cell(cell: Any, text: str, key: Key | None = None) -> None:
    """Write a date and a number as such, and every other text so that it stays text."""
    if key and key.type == "date":
        cell.value = date.fromisoformat(text)
        cell.number_format = "yyyy-mm-dd"
    elif key and key.type == "number":
        cell.value = int(text)
    else:
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"


def write_template(
    path: Path, format_: str, law: Law, shapes: Shapes, *, sample: bool = False
) -> None:
    """Write the table to a new file. Raises: BadRequest when the file is there or cannot be written."""
    content = template(format_, law, shapes, sample=sample)
    try:
        with path.open("xb") as handle:
            handle.write(content)
    except FileExistsError:
        raise BadRequest(
            Problem("there is such a file already", str(path), 0, "what is in it would be lost", "choose another name")
        ) from None  # fmt: skip
    except OSError:
        raise BadRequest(
            Problem("this file cannot be written", str(path), 0, "", "check the folder and its permissions")
        ) from None  # fmt: skip
