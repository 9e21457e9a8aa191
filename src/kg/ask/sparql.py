"""Read-only SPARQL over law, given cases and their assessments, in a process that can be killed.

One query, one process: it is handed the data as bytes, has no file and no socket, and dies with the
query when time or memory runs out (``kg.ask.worker``). The default graph is the union of the law
graph, each case's graph and each case's graph of assessments; every prefix of ours is known.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from kg.ask import worker
from kg.ask.graph import as_nquads, case_quads, check_names, law_bytes
from kg.ask.guard import check, refuse
from kg.ask.results import (
    Cell,
    WireTerm,
    as_csv,
    as_sparql_json,
    as_sparql_tsv,
    as_table,
    cell_of,
)
from kg.assess import Engine
from kg.errors import BadRequest, Problem, QueryRefused
from kg.load import Law
from kg.model import Case
from kg.namespaces import PREFIXES, expand, shorten

Format = Literal["table", "json", "csv", "tsv"]
MEDIA_TYPES = {
    "table": "text/plain",
    "json": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may use: seconds, rows (or triples), bytes of the answer, bytes of memory."""

    seconds: float = 10.0
    rows: int = 10_000
    bytes: int = 8_000_000
    memory: int = 1_500_000_000


LIMITS = Limits()

#: Seconds for the worker to start and to load its data; not part of the deadline of the query.
_START = 30.0
#: Workers at once in this process: each may use all of its memory and one processor.
_PLACES = threading.BoundedSemaphore(max(2, os.cpu_count() or 2))
_ALARM = -getattr(signal, "SIGALRM", 14)
#: Variables a Python interpreter may need to start at all.
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_PLACE = re.compile(r"(\d+):(\d+)")
_LAW_PREFIX = re.compile(r"([a-z][a-z0-9-]*):[A-Za-z]")


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The answer to one query.

    ``kind``: select, ask or graph. ``columns`` and ``rows`` for select (and for ask: one cell, yes
    or no); ``text`` is the whole answer in ``format`` (``turtle`` for a graph, whatever was asked
    for); ``media_type`` its type; ``seconds`` the time it took; ``confined`` whether the kernel
    kept the worker from the network (else the guard alone did).
    """

    kind: Literal["select", "ask", "graph"]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    format: str
    text: str
    media_type: str
    seconds: float
    confined: bool

    def __str__(self) -> str:
        """Return the whole answer in its format."""
        return self.text


def run(
    query: str,
    engine: Engine,
    cases: Sequence[Case] = (),
    *,
    format: Format = "table",  # noqa: A002 - the word of the command line
    limits: Limits = LIMITS,
) -> QueryResult:
    """Run one SELECT, ASK, CONSTRUCT or DESCRIBE query over law, cases and their assessments.

    ``format`` is table, json, csv or tsv (SPARQL 1.1 result formats; csv cells that begin like a
    spreadsheet formula get a leading apostrophe). CONSTRUCT and DESCRIBE always give Turtle.

    Raises: QueryRefused for a query that is not read-only, not SPARQL, or goes over a limit (never
    a cut-off answer); BadRequest for an unknown format or two cases of one name; Contradiction for
    a case that contradicts itself.
    """
    if format not in get_args(Format):
        raise BadRequest(
            Problem(
                f"“{format}” is not a format for query results", fix="use table, json, csv or tsv"
            )
        )
    check(query)
    check_names(cases)
    data = [law_bytes(engine.law)]
    data += [as_nquads(case_quads(case, engine)) for case in cases]
    started = time.monotonic()
    head, body = execute(query, b"".join(data), prefixes_of(engine.law), limits)
    return _result(head, body, format, engine.law, time.monotonic() - started)


@lru_cache(maxsize=8)
def _prefixes(names: frozenset[str]) -> dict[str, str]:
    return {**PREFIXES, **{name: expand(f"{name}:") for name in sorted(names)}}


def prefixes_of(law: Law) -> dict[str, str]:
    """Return every prefix a query may use undeclared: the fixed ones and those of the law."""
    found = (_LAW_PREFIX.match(name) for name in law.index)
    names = frozenset(match[1] for match in found if match) - {"http", "https", "urn"}
    return _prefixes(names)


def execute(
    query: str, data: bytes, prefixes: dict[str, str], limits: Limits = LIMITS
) -> tuple[dict[str, Any], bytes]:
    """Run a query in a new worker, without the guard; return head and body of its reply.

    Raises: QueryRefused when the worker refuses, dies, or does not answer in time.
    """
    request = {"query": query, "prefixes": prefixes, "limits": asdict(limits)}
    message = json.dumps(request).encode() + b"\n" + data
    if not _PLACES.acquire(timeout=limits.seconds):
        raise refuse(
            "too many queries are running",
            "each may use a whole processor",
            "try again in a moment",
        )
    try:
        reply, code = _converse(message, limits)
    finally:
        _PLACES.release()
    if code != 0 or not reply:
        raise _death(code, limits)
    line, _, body = reply.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    if head["status"] != "ok":
        raise _refusal(head, query, limits)
    return head, body


def _converse(message: bytes, limits: Limits) -> tuple[bytes, int]:
    """Start a worker, hand it the message, return its reply and its exit code."""
    # The import path of this process and nothing else of its environment: nothing to leak or steer.
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    with subprocess.Popen(  # noqa: S603 - our own interpreter and file
        [sys.executable, "-P", "-s", str(Path(worker.__file__))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        try:
            reply, _ = process.communicate(message, timeout=limits.seconds + _START)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return b"", _ALARM
        return reply, process.returncode


def _death(code: int, limits: Limits) -> QueryRefused:
    if code == _ALARM:
        return refuse(
            f"the query was stopped after {limits.seconds:g} seconds",
            "it combines too much, or repeats a path without end",
            "bind more of it: name a norm, a case or a kind, and add LIMIT",
        )
    return refuse(
        "the query was stopped: it used too much memory or nested too deep",
        f"each query has {limits.memory // 1_000_000} MB",
        "bind more of it, group or sort less, and add LIMIT",
    )


def _refusal(head: dict[str, Any], query: str, limits: Limits) -> QueryRefused:
    cut_off = "a cut-off answer would mislead"
    match head["status"]:
        case "syntax":
            return _not_sparql(str(head["detail"]), query)
        case "rows":
            what = f"the answer has more than {limits.rows:,} rows"
            return refuse(what, cut_off, "add LIMIT, or ask for less")
        case "bytes":
            what = f"the answer is larger than {limits.bytes / 1_000_000:g} MB"
            return refuse(what, cut_off, "add LIMIT, or ask for fewer columns")
        case "refused":
            return refuse(
                "the query tried to reach another machine or a file",
                "nothing here leaves this process",
                "ask about what is here",
            )
        case _:
            return refuse(
                "the query could not be carried out",
                "some part of it has no meaning to the query engine",
                "simplify it step by step",
            )


def _not_sparql(detail: str, query: str) -> QueryRefused:
    """Return the error for a text that is not SPARQL, from the place the engine names."""
    what, line = "this is not SPARQL that can be read", 0
    found = _PLACE.search(detail)
    if found:
        line = int(found[1])
        lines = query.splitlines() or [""]
        text = lines[min(line, len(lines)) - 1].strip()
        what += f": it stops making sense at column {found[2]} of “{text}”"
    return refuse(
        what,
        "a bracket, full stop or prefix is missing or misplaced there",
        "compare it with a stored question; the prefixes of the graph need no declaration",
        line,
    )


def _result(
    head: dict[str, Any], body: bytes, format_: Format, law: Law, seconds: float
) -> QueryResult:
    kind = head["kind"]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    shown: str = format_
    if kind == "graph":
        shown, text = "turtle", body.decode()
    elif kind == "ask":
        value = bool(head["value"])
        columns, rows = ("answer",), ((Cell("yes" if value else "no"),),)
        word = str(value).lower()
        text = f'{{"head": {{}}, "boolean": {word}}}' if format_ == "json" else f"{word}\n"
    else:
        columns = tuple(head["variables"])
        wire: list[list[WireTerm]] = json.loads(body)
        rows = tuple(tuple(_cell(term, law) for term in row) for row in wire)
        text = _WRITERS[format_](columns, wire)
    return QueryResult(
        kind, columns, rows, shown, text, MEDIA_TYPES[shown], seconds, bool(head["confined"])
    )


def _csv_text(term: WireTerm) -> str:
    return "" if term is None else f"_:{term[1]}" if term[0] == "bnode" else term[1]


def _table_text(term: WireTerm) -> str:
    return shorten(term[1]) if term and term[0] == "uri" else _csv_text(term)


def _cell(term: WireTerm, law: Law) -> Cell:
    if term and term[0] == "uri":
        return cell_of(shorten(term[1]), law)
    return Cell(_csv_text(term))


def _csv(columns: Sequence[str], rows: Sequence[Sequence[WireTerm]]) -> str:
    return as_csv(columns, [[_csv_text(term) for term in row] for row in rows])


def _table(columns: Sequence[str], rows: Sequence[Sequence[WireTerm]]) -> str:
    return as_table(columns, [[_table_text(term) for term in row] for row in rows])


_WRITERS: dict[str, Callable[[Sequence[str], Sequence[Sequence[WireTerm]]], str]] = {
    "json": as_sparql_json,
    "csv": _csv,
    "tsv": as_sparql_tsv,
    "table": _table,
}
