"""Answers and query results: cells that show a label and carry an address, and their formats."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kg.load import Law
from kg.model import Lit
from kg.namespaces import PREFIXES, expand, shorten

#: A cell that begins so is run as a formula by spreadsheet programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SHOWN_WIDTH = 60
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")
_STRING = PREFIXES["xsd"] + "string"
_BARE = {PREFIXES["xsd"] + name for name in ("integer", "decimal", "boolean")}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: text to show, iri (full) when it names a thing, url of its source to read."""

    text: str
    iri: str = ""
    url: str = ""


def cell_of(name: str, law: Law) -> Cell:
    """Return the cell of a name of ours: its label, its IRI, and the address of its source."""
    iri = expand(name)
    if name.startswith("case:"):
        return Cell(name.partition(":")[2].strip("/"), iri)
    if iri == name or name not in law.index:
        return Cell(shorten(iri), iri, iri if iri.startswith(("http://", "https://")) else "")
    source = law.name(name, "kg:source")
    return Cell(law.label(name), iri, source if source.startswith("http") else "")


def text_of(value: Lit) -> str:
    """Return a literal in words: yes and no for booleans, else its text."""
    return (
        {"true": "yes", "false": "no"}.get(value.text, value.text)
        if value.type == "boolean"
        else value.text
    )


def safe_cell(text: str) -> str:
    """Return the text so that no spreadsheet program takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return comma-separated values; cells that begin like a formula get a leading apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([safe_cell(text) for text in columns])
    writer.writerows([safe_cell(text) for text in row] for row in rows)
    return out.getvalue()


def as_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a plain table; long cells are cut with “…”, line breaks become spaces."""
    shown = [[_short(text) for text in row] for row in (columns, *rows)]
    widths = [max(len(row[place]) for row in shown) for place in range(len(columns))]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in shown
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_WIDTH else line[: _SHOWN_WIDTH - 1] + "…"


# --- SPARQL result formats: a term is [kind, text, language with @ or datatype] -------------------

WireTerm = list[str] | None


def as_sparql_json(variables: Sequence[str], rows: Sequence[Sequence[WireTerm]]) -> str:
    """Return rows in the SPARQL 1.1 Query Results JSON Format."""
    bindings = [
        {name: _json_term(term) for name, term in zip(variables, row, strict=True) if term}
        for row in rows
    ]
    return json.dumps(
        {"head": {"vars": list(variables)}, "results": {"bindings": bindings}}, ensure_ascii=False
    )


def _json_term(term: list[str]) -> dict[str, Any]:
    kind, text, more = term
    found = {"type": kind, "value": text}
    if more.startswith("@"):
        found["xml:lang"] = more[1:]
    elif more and more != _STRING:
        found["datatype"] = more
    return found


def as_sparql_tsv(variables: Sequence[str], rows: Sequence[Sequence[WireTerm]]) -> str:
    """Return rows in the SPARQL 1.1 TSV format.

    A first character that spreadsheet programs take for a formula is written as an escape, which
    every reader of the format turns back into the same character.
    """
    lines = ["\t".join(f"?{name}" for name in variables)]
    lines += ["\t".join(_tsv_term(term) for term in row) for row in rows]
    return "\n".join(lines) + "\n"


def _tsv_term(term: WireTerm) -> str:
    if term is None:
        return ""
    kind, text, more = term
    if kind == "uri":
        return f"<{text}>"
    if kind == "bnode":
        return f"_:{text}"
    if more in _BARE and (_PLAIN.match(text) or text in {"true", "false"}):
        return text
    if text.startswith(_FORMULA[:4]):
        text = f"\\u{ord(text[0]):04X}" + _escape(text[1:])
    else:
        text = _escape(text)
    if more.startswith("@"):
        return f'"{text}"{more}'
    return f'"{text}"' if more in {"", _STRING} else f'"{text}"^^<{more}>'


def _escape(text: str) -> str:
    for plain, escaped in (
        ("\\", "\\\\"),
        ('"', '\\"'),
        ("\t", "\\t"),
        ("\n", "\\n"),
        ("\r", "\\r"),
    ):
        text = text.replace(plain, escaped)
    return text
