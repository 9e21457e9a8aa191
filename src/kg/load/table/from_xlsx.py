"""Rows of an Excel workbook, read only after the archive has been looked at for what could do harm.

The archive is measured before anything in it is parsed; the rows are then read one by one. What a
cell shows only because of a formula, a merge or a number format is refused, with the cell named.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from warnings import catch_warnings

from kg.errors import BadRequest, FileNotReadable, FileNotUnderstood, KgError, Problem
from kg.load.table.cells import EMPTY, MAX_COLUMNS, Cell
from kg.load.table.from_csv import Row

MAX_BYTES = 20_000_000
MAX_UNPACKED = 50_000_000
MAX_RATIO = 200
MAX_MEMBERS = 2_000
MAX_ROWS = 200_000
_BLOCK = 1 << 20
#: Members longer than this are held to the ratio; tiny ones compress as they like.
_SMALL = 100_000
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]{0,200}?\bref\s*=\s*[\"']([A-Z0-9:$]{1,40})[\"']")
_ENTITY = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODED = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_ACTIVE = {
    "xl/externallinks/": ("it links to other workbooks", "copy the table into a new workbook and paste values only"),
    "xl/vbaproject": ("it holds macros", "save it as .xlsx, without macros"),
    "xl/activex/": ("it holds active controls", "copy the table into a new workbook"),
    "xl/embeddings/": ("other documents are embedded in it", "copy the table into a new workbook"),
    "xl/macrosheets/": ("it holds macros", "copy the table into a new workbook"),
}  # fmt: skip
_OLD = b"\xd0\xcf\x11\xe0"


def _refuse(path: Path, what: str, why: str = "", fix: str = "", line: int = 0) -> FileNotReadable:
    return FileNotReadable(Problem(what, str(path), line, why, fix))


def xlsx_rows(path: Path, sheet: str = "") -> Iterator[Row | KgError]:
    """Yield the rows of one sheet (the first, if none is named) by number, 1-based.

    Raises: BadRequest when openpyxl is not installed; FileNotReadable, FileNotUnderstood.
    """
    try:
        import openpyxl  # noqa: PLC0415 - an extra, and 0.2 s
    except ImportError:
        raise BadRequest(
            Problem(
                "Excel workbooks cannot be read here", str(path), 0, "the reader is not installed",
                'type: pip install "safeguarding-kg[xlsx]"; or save the table as CSV UTF-8',
            )
        ) from None  # fmt: skip
    merged = _check_archive(path)
    try:
        with catch_warnings(action="ignore"):
            book = openpyxl.load_workbook(path, read_only=True, keep_links=False, rich_text=False)
    except Exception:  # noqa: BLE001 - whatever the library stumbles over, the file is at fault
        raise _damaged(path) from None
    try:
        chosen = _sheet(book, sheet, path)
        if ranges := merged.get(chosen._worksheet_path.lstrip("/"), ()):  # noqa: SLF001 - nothing public tells the member of a sheet
            raise FileNotUnderstood(
                [
                    Problem(f"the cells {one} are merged", str(path), int(re.findall(r"\d+", one)[0]),
                            "only the first of them holds the value; the other rows would say nothing",
                            "select them, choose Unmerge, and write the value into each row")
                    for one in ranges
                ]
            )  # fmt: skip
        chosen.reset_dimensions()
        yield from _rows(chosen, path)
    finally:
        book.close()


def _damaged(path: Path) -> FileNotUnderstood:
    return FileNotUnderstood(
        Problem("this workbook cannot be read", str(path), 0, "the file is damaged, or no Excel workbook",
                "open it in the program that made it and save it again as .xlsx")
    )  # fmt: skip


def _sheet(book: Any, name: str, path: Path) -> Any:
    if name:
        if name not in book.sheetnames:
            raise _refuse(path, f"there is no sheet “{name}”", "the column map names it",
                          f"sheets: {', '.join(book.sheetnames)}")  # fmt: skip
        found = book[name]
    else:
        found = next(iter(book.worksheets), None)
    if not hasattr(found, "iter_rows"):
        raise _refuse(path, "this workbook has no sheet with a table")
    return found


def _rows(sheet: Any, path: Path) -> Iterator[Row]:
    rows = sheet.iter_rows()
    number = 0
    while True:
        try:
            with catch_warnings(action="ignore"):  # of parts that are not read, such as colours
                cells = next(rows, None)
        except Exception:  # noqa: BLE001 - as above
            raise _damaged(path) from None
        if cells is None:
            return
        number += 1
        if not cells:
            continue
        if number > MAX_ROWS or len(cells) >= MAX_COLUMNS:
            if all(cell.value is None for cell in cells):
                continue
            raise _refuse(path, f"this table is larger than {MAX_ROWS:,} rows by {MAX_COLUMNS - 1:,} columns",
                          "a cell far outside the table holds something",
                          "delete what stands outside the table, or split it", min(number, MAX_ROWS))  # fmt: skip
        yield number, _cells(cells)


def _cells(cells: Sequence[Any]) -> list[Cell]:
    return [_cell(cell) for cell in cells]


def _cell(cell: Any) -> Cell:  # noqa: C901, PLR0911 - one per kind
    value = cell.value
    if value is None:
        return EMPTY
    if getattr(cell, "data_type", "") == "f":
        return Cell(str(value), "formula")
    if getattr(cell, "data_type", "") == "e":
        return Cell(str(value), "error")
    if isinstance(value, str):
        return Cell(_unescaped(value))
    if isinstance(value, bool):
        return Cell("true" if value else "false", "yes/no")
    if isinstance(value, datetime):
        day = value.date().isoformat()
        if value.time() == time():
            return Cell(day, "date")
        return Cell(f"{day} {value.time().isoformat('minutes')}", "date and time")
    if isinstance(value, date):
        return Cell(value.isoformat(), "date")
    if isinstance(value, time) and not value.second:
        return Cell(value.isoformat("minutes"), "time")
    if isinstance(value, time | timedelta):
        return Cell(str(value), "number")
    whole = isinstance(value, float) and value.is_integer()
    return Cell(str(int(value)) if whole else str(value), "number")


def _unescaped(text: str) -> str:
    """Return a text whose characters were written as ``_xHHHH_`` (ECMA-376, ST_Xstring)."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text)


# --- The archive ----------------------------------------------------------------------------------


def _check_archive(path: Path) -> dict[str, list[str]]:
    """Return the merged ranges of each sheet, by member of the archive.

    Raises: FileNotReadable for an archive that could exhaust the program or reaches outside itself.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _refuse(
                path, f"this workbook is larger than {MAX_BYTES // 1_000_000} MB", "", "split it"
            )
        with path.open("rb") as handle:
            if handle.read(4) == _OLD:
                raise _refuse(path, "this workbook is encrypted, or in the format before 2007",
                              "neither can be read here", "remove the password, and save it as .xlsx")  # fmt: skip
        with zipfile.ZipFile(path) as archive:
            return _check_members(archive, path)
    except OSError:
        raise _refuse(path, "this file cannot be opened", "", "check its permissions") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        raise _damaged(path) from None


def _check_members(archive: zipfile.ZipFile, path: Path) -> dict[str, list[str]]:
    members = archive.infolist()
    total = sum(one.file_size for one in members)
    names = [one.filename for one in members]
    bomb = "such files are made to exhaust a program"
    again = "copy the table into a new workbook"
    if len(members) > MAX_MEMBERS or len(set(names)) < len(names):
        raise _refuse(
            path,
            f"this workbook is made of {len(members):,} parts, or holds one twice",
            bomb,
            again,
        )
    if total > MAX_UNPACKED:
        raise _refuse(
            path, f"this workbook unpacks to more than {MAX_UNPACKED // 1_000_000} MB", bomb, again
        )
    for one in members:
        if one.file_size > max(_SMALL, MAX_RATIO * one.compress_size):
            raise _refuse(
                path,
                f"a part of this workbook unpacks to more than {MAX_RATIO} times its size",
                bomb,
                again,
            )
        if one.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", one.filename):
            raise _refuse(path, "a part of this workbook has a name that leads outside it",
                          "such files are made to overwrite others", again)  # fmt: skip
        for start, (why, fix) in _ACTIVE.items():
            if one.filename.lower().startswith(start):
                raise _refuse(path, "this workbook is not only a table", why, fix)
    return {one.filename: found for one in members if (found := _scan(archive, one, path))}


def _scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> list[str]:
    """Read one part through: no document type, no other encoding; return its merged ranges."""
    merged: dict[str, None] = {}
    rest = b""
    with archive.open(member) as handle:
        while block := handle.read(_BLOCK):
            text = rest + block
            if not rest and _other_encoding(text[:400]):
                raise _refuse(
                    path, "a part of this workbook is not text in UTF-8", "no program writes it so"
                )
            if _ENTITY.search(text):
                raise _refuse(path, "a part of this workbook defines entities",
                              "such files are made to exhaust a program", "copy the table into a new workbook")  # fmt: skip
            merged.update((found.decode(), None) for found in _MERGED.findall(text))
            rest = text[-400:]
    return list(merged)


def _other_encoding(start: bytes) -> bool:
    """Whether a part is XML in anything but UTF-8, where a search for bytes would find nothing."""
    plain = re.sub(rb"^(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)|\0", b"", start).lstrip()
    wide = b"\0" in start or start[:2] in {b"\xff\xfe", b"\xfe\xff"}
    return plain[:1] == b"<" and (wide or _ENCODED.match(plain) is not None)
