"""Reports on decision records in every format of the command contract, with the same counts in each.

Source: design section 6 (kg validate); text is printed by kg.cli.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence

from kg.ask.results import safe_cell
from kg.errors import KgError
from kg.export.contract import report_json
from kg.export.reports.html import html_report
from kg.export.reports.junit import junit_report
from kg.export.reports.sarif import sarif_report
from kg.export.reports.summary import SEVERITY_WORDS, Summary, summary_of
from kg.export.reports.turtle import turtle_report
from kg.model import RecordReport
from kg.validate import Shapes

__all__ = ["FORMATS", "SEVERITY_WORDS", "Summary", "csv_report", "report", "summary_of"]

_COLUMNS = ("rule", "severity", "path", "line", "subject", "item", "recipient", "message")


def json_report(
    reports: Sequence[RecordReport], errors: Sequence[KgError], _shapes: Shapes
) -> str:
    """Return the kg-validate/1 document with a summary."""
    document = report_json(reports, errors)
    document["summary"] = summary_of(reports).as_json()
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def csv_report(
    reports: Sequence[RecordReport], _errors: Sequence[KgError], _shapes: Shapes
) -> str:
    """Return one line for each result; a record without any has one line with empty cells."""
    out = io.StringIO()
    writer = csv.writer(out)
    head = ("file", "case", "record", "body", "team", "decided", "complete", *_COLUMNS, "policy")
    writer.writerow(head)
    for one in reports:
        start = (one.file, one.case, one.id, one.body, one.team, one.decided)
        complete = "yes" if one.complete else "no"
        rows = [
            (*(getattr(result, column) for column in _COLUMNS), result.policy or one.policy)
            for result in one.results
        ]
        for row in rows or [(*("" for _ in _COLUMNS), one.policy)]:
            writer.writerow([safe_cell(str(cell)) for cell in (*start, complete, *row)])
    return out.getvalue()


FORMATS: dict[str, Callable[[Sequence[RecordReport], Sequence[KgError], Shapes], str]] = {
    "json": json_report,
    "csv": csv_report,
    "html": html_report,
    "turtle": turtle_report,
    "sarif": sarif_report,
    "junit": junit_report,
}


def report(
    format_: str, reports: Sequence[RecordReport], errors: Sequence[KgError], shapes: Shapes
) -> str:
    """Return the report in a format of FORMATS, errors of other files included."""
    return FORMATS[format_](reports, errors, shapes)
