"""Rows of a CSV file. A cell is text and nothing else: what looks like a formula is data."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import FileNotReadable, FileNotUnderstood, KgError, Problem
from kg.load.table.cells import NOTE, Cell

#: A table larger than this is not one that people keep by hand.
MAX_BYTES = 200_000_000
_BLOCK = 1 << 20
_DELIMITERS = ",;\t"
_UTF8 = "in Excel choose Save As, “CSV UTF-8 (comma delimited)”"

Row = tuple[int, Sequence[Cell]]


def csv_rows(path: Path) -> Iterator[Row | KgError]:
    """Yield the rows of a CSV file by number (1-based, as a spreadsheet program counts them).

    The separator is the one of comma, semicolon and tab that splits the header row most often. Where
    quotes are broken nobody can say where the next cell begins: the last thing is then an error.

    Raises: FileNotReadable for a file that is empty, too large, or not UTF-8 throughout.
    """
    _check_text(path)
    where = str(path)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        delimiter = _delimiter(next((line for line in handle if _is_header(line)), ""))
        handle.seek(0)
        reader = csv.reader(handle, delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, 1):
                yield number, [Cell(text) for text in cells]
        except csv.Error as fault:
            long = "field larger" in str(fault)
            yield FileNotUnderstood(
                Problem(
                    f"row {number + 1} cannot be read; neither it nor any row below it was",
                    where,
                    number + 1,
                    "a cell is far too long, or a quote is never closed" if long
                    else "a quote stands in the middle of a cell, or is never closed",
                    'put cells with quotes into quotes, and double each quote inside: "he said ""no"""',
                )
            )  # fmt: skip


def _is_header(line: str) -> bool:
    """Whether a line can be the header row: neither empty nor a note above it."""
    return bool(line.strip(f"{_DELIMITERS} \r\n")) and not line.lstrip('"').startswith(NOTE)


def _delimiter(first: str) -> str:
    counts = {mark: len(next(csv.reader([first], delimiter=mark), [])) for mark in _DELIMITERS}
    return max(counts, key=lambda mark: counts[mark])


def _check_text(path: Path) -> None:  # noqa: C901 - one branch per encoding
    """Read the file through once, so that a table in another encoding is refused as a whole."""
    where = str(path)

    def refuse(what: str, why: str, fix: str, line: int = 0) -> FileNotReadable:
        return FileNotReadable(Problem(what, where, line, why, fix))

    try:
        if path.stat().st_size > MAX_BYTES:
            raise refuse(
                f"this file is larger than {MAX_BYTES // 1_000_000} MB", "", "split it into several"
            )
        with path.open("rb") as handle:
            start = handle.read(4)
            if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise refuse("this file is text in UTF-16, not in UTF-8",
                             "Excel's “Unicode text” is written so", _UTF8)  # fmt: skip
            if start == b"PK\x03\x04":
                raise refuse("this is an Excel workbook named .csv", "", "give it the ending .xlsx")
            handle.seek(0)
            decoder = codecs.getincrementaldecoder("utf-8")()
            lines, empty = 1, True
            while block := handle.read(_BLOCK):
                if b"\0" in block:
                    line = lines + block.count(b"\n", 0, block.index(b"\0"))
                    raise refuse("this file holds a NUL character",
                                 "it is not text in UTF-8, or it is damaged", _UTF8, line)  # fmt: skip
                try:
                    empty = not decoder.decode(block).strip("\ufeff \t\r\n;,") and empty
                except UnicodeDecodeError as fault:
                    line = lines + fault.object.count(b"\n", 0, fault.start)
                    raise refuse("this file is not text in UTF-8",
                                 "letters such as é would be read as others, or lost", _UTF8, line) from None  # fmt: skip
                lines += block.count(b"\n")
            try:
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                raise refuse(
                    "this file is not text in UTF-8", "its last letter is cut", _UTF8, lines
                ) from None
            if empty:
                raise refuse(
                    "there is nothing to validate in this file",
                    "it is empty",
                    "kg template writes a table to fill in",
                )
    except OSError:
        raise refuse("this file cannot be opened", "", "check its permissions") from None
