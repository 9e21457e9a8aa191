"""One cell of a table: what it holds, and how it is written as a value of a key.

Nothing is guessed: a number, a date or a formula that a spreadsheet program has put in the place of
the words that were typed is taken only where it cannot have lost anything.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal, NamedTuple

from kg.case_keys import Key
from kg.load.case import real_date

#: A row whose case begins so is a note to the reader of the table, as is such a row above the header.
NOTE = "#"
#: As many characters as a cell of a spreadsheet program can hold.
MAX_CELL = 32_767

#: Row and column in one number, which stands in the tree where a line would: row * 2**14 + column.
_COLUMN_BITS = 14
MAX_COLUMNS = 1 << _COLUMN_BITS

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip

#: The ways of writing a date that a column map may state: pattern, and which part stands where.
DATE_FORMATS: dict[str, tuple[re.Pattern[str], str]] = {
    "day/month/year": (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z"), "dmy"),
    "month/day/year": (re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z"), "mdy"),
    "year/month/day": (re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})\Z"), "ymd"),
    "day.month.year": (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z"), "dmy"),
    "day-month-year": (re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})\Z"), "dmy"),
    "day month-name year": (re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})\Z"), "dmy"),
}

Kind = Literal["text", "date", "date and time", "time", "number", "yes/no", "formula", "error"]


class Cell(NamedTuple):
    """A cell: its text (ISO for dates, ``true``/``false`` for yes/no) and what the file says it is."""

    text: str
    kind: Kind = "text"


EMPTY = Cell("")


class NotTaken(Exception):
    """A cell that cannot be taken as it is: what, why, fix."""

    def __init__(self, what: str, why: str, fix: str) -> None:
        super().__init__(what)
        self.what, self.why, self.fix = what, why, fix


def spot(row: int, column: int) -> int:
    """Return row and column (1-based; column 0 = none) as one number that sorts by both."""
    return row << _COLUMN_BITS | column


def row_and_column(where: int) -> tuple[int, int]:
    """Return row and column of a spot."""
    return where >> _COLUMN_BITS, where & (MAX_COLUMNS - 1)


def letter(column: int) -> str:
    """Return the letter of a column (1-based), as a spreadsheet program shows it: A, Z, AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def value_of(cell: Cell, key: Key | None, dates: str) -> str:
    """Return what a cell says under a key (None: a name in a register), as a case file would.

    ``dates`` is the stated one of DATE_FORMATS, or empty. Raises: NotTaken.
    """
    if len(cell.text) > MAX_CELL:
        raise NotTaken(
            f"this cell holds {len(cell.text):,} characters",
            f"no cell of a spreadsheet program holds more than {MAX_CELL:,}",
            "shorten it, or write the case as YAML",
        )
    if odd := _CONTROL.search(cell.text):
        raise NotTaken(
            f"this cell holds a character that cannot be shown (U+{ord(odd[0]):04X})",
            "nobody could see what the record says",
            "delete the character",
        )
    type_ = key.type if key else "name"
    if cell.kind == "text":
        if type_ == "date":
            return _date(cell.text.strip(), dates)
        return cell.text if type_ in {"text", "note", "name"} and key else cell.text.strip()
    return _typed(cell, key, type_)


def _typed(cell: Cell, key: Key | None, type_: str) -> str:
    if cell.kind == "formula":
        raise NotTaken(
            "this cell holds a formula",
            "what a formula shows depends on the program that opens it; a record must not",
            "copy the cell and paste it back as a value",
        )
    if cell.kind == "error":
        raise NotTaken(f"this cell shows the error {cell.text}", "it holds no value", "correct it")
    fits = {"date": {"date", "note"}, "number": {"number"}, "yes/no": {"yes/no"}}
    if type_ in fits.get(cell.kind, ()) or (cell.kind == "time" and key and key.name == "time"):
        return cell.text
    if type_ == "date":
        raise NotTaken(
            f"this cell holds the {cell.kind} {cell.text}, not a date",
            "the date decides which law applies",
            "format the cell as a date, or write year-month-day as text, such as 2024-05-31",
        )
    raise NotTaken(
        f"this cell holds the {cell.kind} {cell.text}, not text",
        "the spreadsheet program has changed what was typed: 47.10 becomes 47.1, 012 becomes 12",
        "format the column as text, and type the value again",
    )


def _date(text: str, dates: str) -> str:
    """Return a date as year-month-day where the format is ISO or the stated one."""
    if real_date(text) or not text:
        return text
    if dates and (found := _read(text, dates)):
        return found
    readings = {name: found for name in DATE_FORMATS if (found := _read(text, name))}
    if len(set(readings.values())) > 1:
        both = "; ".join(f"{found} if {name}" for name, found in readings.items())
        raise NotTaken(
            f"“{text}” can be read as several days: {both}",
            "a guess could apply the wrong law",
            "write year-month-day, or state one format under “dates” in the column map",
        )
    if readings:
        name, found = next(iter(readings.items()))
        stated = f"the column map states {dates}" if dates else "no column map states that format"
        raise NotTaken(
            f"“{text}” looks like {found} written as {name}, but {stated}",
            "a guess could apply the wrong law",
            f"write {found}, or state “dates: {name}” in the column map",
        )
    raise NotTaken(
        f"“{text}” is not a date that exists",
        "the date decides which law applies",
        "write year-month-day, such as 2024-05-31",
    )


def _read(text: str, name: str) -> str:
    """Return the day that a text means in a format, ISO, or an empty string."""
    pattern, order = DATE_FORMATS[name]
    found = pattern.match(text)
    if not found:
        return ""
    part = dict(zip(order, found.groups(), strict=True))
    month = part["m"]
    if not month.isdigit():
        names = [n for n, word in enumerate(_MONTHS, 1) if month.lower() in {word, word[:3]}]
        month = str(*names) if names else "0"
    try:
        return date(int(part["y"]), int(month), int(part["d"])).isoformat()
    except ValueError:
        return ""
