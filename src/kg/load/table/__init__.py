"""Cases kept in a table: CSV files and Excel workbooks, one row or several for each case.

The tables are untrusted: encoding, archive and cells are checked before anything is believed. The
cases then pass the same checks as every case file (``kg.load.case``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kg.errors import KgError
from kg.load.table.cells import DATE_FORMATS, NOTE
from kg.load.table.columns import Column, ColumnMap, load_columns, resolve
from kg.load.table.from_csv import csv_rows
from kg.load.table.from_xlsx import xlsx_rows
from kg.load.table.rows import Table, TableCase

__all__ = [
    "DATE_FORMATS",
    "NOTE",
    "Column",
    "ColumnMap",
    "TableCase",
    "load_columns",
    "resolve",
    "table_cases",
]


def table_cases(path: Path, map_: ColumnMap | None = None) -> Iterator[TableCase | KgError]:
    """Yield the cases of a .csv or .xlsx file in order, or what is wrong with one of them.

    Without a map the headers are paths. What is wrong with the table as a whole is the last thing.
    """
    map_ = map_ or ColumnMap()
    rows = csv_rows(path) if path.suffix.lower() == ".csv" else xlsx_rows(path, map_.sheet)
    try:
        yield from Table(str(path), map_).cases(rows)
    except KgError as error:
        yield error
