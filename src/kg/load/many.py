"""Cases as they are kept: files, folders, JSON Lines and tables, one case at a time.

Nothing is read before it is asked for, and nothing is kept: thousands of cases take no more memory
than one. What cannot be read takes its place in the order as an error, and the next case follows.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kg.errors import FileNotReadable, KgError, Problem
from kg.load import MAX_BYTES, load_case
from kg.load.case import read_case
from kg.load.law import Law
from kg.load.table import ColumnMap, TableCase, table_cases
from kg.load.tree import read_json
from kg.model import Case, RuleResult

FILES = (".yaml", ".yml", ".json", ".jsonld", ".ttl")
LINES = (".jsonl",)
TABLES = (".csv", ".xlsx")
#: Endings of tables that are refused, with what to do.
_OTHER_TABLES = {
    ".xlsm": "it may hold macros: save it as .xlsx",
    ".xlsb": "save it as .xlsx",
    ".xls": "save it as .xlsx",
    ".ods": "save it as .xlsx, or as CSV in UTF-8",
    ".tsv": "save it as .csv",
}


@dataclass(frozen=True, slots=True)
class FileCase:
    """One file with one case."""

    path: Path

    @property
    def file(self) -> str:
        """The file."""
        return str(self.path)

    @property
    def line(self) -> int:
        """No line: the case is the whole file."""
        return 0

    def load(self, law: Law) -> Case:
        """Return the case. Raises: KgError with file and line."""
        return load_case(self.path, law)

    def told(self, result: RuleResult) -> RuleResult:
        """Return a result as it is: its line is one of the file."""
        return result


@dataclass(frozen=True, slots=True)
class LineCase:
    """One line of a JSON Lines file."""

    file: str
    line: int
    text: str

    def load(self, law: Law) -> Case:
        """Return the case; all its lines are this line. Raises: KgError."""
        tree = read_json(self.text, self.file, self.line)
        return read_case(tree, law, self.file, short_forms=False)

    def told(self, result: RuleResult) -> RuleResult:
        """Return a result whose line is never missing."""
        return result


Source = FileCase | LineCase | TableCase


class Sources:
    """The cases of files and folders, in the order given; a folder by name, with its folders.

    ``notes`` is filled on the way with what was passed over: one sentence for each kind.
    """

    def __init__(self, paths: Iterable[Path], columns: ColumnMap | None = None) -> None:
        self.paths, self.columns = tuple(paths), columns
        self.notes: list[str] = []

    def __iter__(self) -> Iterator[Source | KgError]:
        """Yield each case, not yet checked, or the error that stands in its place."""
        self.notes.clear()
        passed_over: Counter[str] = Counter()
        example: dict[str, Path] = {}
        read: set[str] = set()
        for given in self.paths:
            if not given.is_dir():
                yield from self._file(given, read)
                continue
            found = False
            for path in _files_in(given):
                ending = path.suffix.lower()
                if ending in (*FILES, *LINES, *TABLES, *_OTHER_TABLES):
                    found = True
                    yield from self._file(path, read)
                else:
                    passed_over[ending or path.name] += 1
                    example.setdefault(ending or path.name, path)
            if not found:
                yield _unreadable(
                    given, "there is nothing to validate in this folder",
                    f"no file in it ends in {', '.join((*FILES, *LINES, *TABLES))}", "check the name of the folder",
                )  # fmt: skip
        self.notes += [
            f"Not read, because no case is kept in {ending} files: {example[ending]}"
            + (f" and {count - 1} more" if count > 1 else "")
            for ending, count in passed_over.items()
        ]

    def _file(self, path: Path, read: set[str]) -> Iterator[Source | KgError]:
        """Yield what one file holds; a file that is reached twice is read once."""
        here = os.path.realpath(path)
        if here in read:
            return
        read.add(here)
        ending = path.suffix.lower()
        if ending in _OTHER_TABLES:
            yield _unreadable(
                path, f"tables in {ending} files are not read", "", _OTHER_TABLES[ending]
            )
        elif ending in FILES or not path.exists():
            yield FileCase(path)
        elif ending in LINES:
            yield from _lines(path)
        elif ending in TABLES:
            yield from table_cases(path, self.columns)
        else:
            yield _unreadable(
                path, f"“{ending or path.name}” is not an ending of case files", "",
                f"use {', '.join((*FILES, *LINES, *TABLES))}",
            )  # fmt: skip


def _unreadable(
    path: Path | str, what: str, why: str = "", fix: str = "", line: int = 0
) -> FileNotReadable:
    return FileNotReadable(Problem(what, str(path), line, why, fix))


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and the folders in it, by name; hidden ones are left out."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(here, name) for name in sorted(files) if not name.startswith((".", "~$")))


def _lines(path: Path) -> Iterator[LineCase | KgError]:
    """Yield the lines of a JSON Lines file; empty ones are passed over."""
    where = str(path)
    number, found = 0, False
    try:
        with path.open("rb") as handle:
            while raw := handle.readline(MAX_BYTES + 1):
                number += 1
                if number == 1 and raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                    yield _unreadable(
                        where, "this file is text in UTF-16, not in UTF-8", "", "save it as UTF-8"
                    )
                    return
                if not raw.strip():
                    continue
                found = True
                if len(raw) > MAX_BYTES:
                    yield _unreadable(
                        where, "this line is longer than 2 MB", "no case is", "split it", number
                    )
                    while raw and not raw.endswith(b"\n"):
                        raw = handle.readline(MAX_BYTES)
                    continue
                try:
                    text = raw.rstrip(b"\r\n").decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError:
                    yield _unreadable(
                        where,
                        "this line is not text in UTF-8",
                        "",
                        "save the file as UTF-8",
                        number,
                    )
                    continue
                yield LineCase(where, number, text)
    except OSError:
        yield _unreadable(where, "this file cannot be opened", "", "check its permissions")
        return
    if not found:
        yield _unreadable(
            where,
            "there is nothing to validate in this file",
            "it is empty",
            "write one case on each line",
        )
