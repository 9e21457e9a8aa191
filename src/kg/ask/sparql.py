"""Read-only SPARQL over the law, given cases and their assessments, in a worker process that can be killed.

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
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

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


def run(
    query: str,
    engine: Engine,
    cases: Sequence[Case] = (),
    *,
    format: Format = "table",  # noqa: A002 - the word of the command line
    limits: Limits = LIMITS,
) -> QueryResult:
    """Run one SELECT, ASK, CONSTRUCT or DESCRIBE query over the law, the cases and their assessments.

    ``format`` is table, json, csv or tsv (SPARQL 1.1 result formats; csv cells that begin like a
    spreadsheet formula get a leading apostrophe). CONSTRUCT and DESCRIBE always give Turtle.

    Raises: QueryRefused for a query that is not read-only, not SPARQL, or goes over a limit (never
    a cut-off answer); BadRequest for an unknown format or two cases of one name; Contradiction for
    a case that contradicts itself.
    """
    if format not in MEDIA_TYPES or format == "turtle":
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
    """Return every prefix a query may use without declaring it: the fixed ones and those of the law."""
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
    if not reply:
        raise _death(code, limits)
    line, _, body = reply.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    if head["status"] != "ok":
        raise _refusal(head, query, limits)
    return head, body


def _converse(message: bytes, limits: Limits) -> tuple[bytes, int]:
    """Start a worker, hand it the message, return its reply and its exit code."""
    # No import path but that of this process, and no other environment: nothing to leak, nothing to steer.
    environment = {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if sys.platform == "win32":  # pragma: no cover
        environment["SYSTEMROOT"] = os.environ.get("SYSTEMROOT", "")
    command = [sys.executable, "-P", "-s", str(Path(worker.__file__))]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and file
        command,
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
            return b"", -getattr(signal, "SIGALRM", 14)
        return reply, process.returncode


def _death(code: int, limits: Limits) -> QueryRefused:
    if code == -getattr(signal, "SIGALRM", 14):
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
    match head["status"]:
        case "syntax":
            found = _PLACE.search(head.get("detail", ""))
            line, column = (int(found[1]), int(found[2])) if found else (0, 0)
            text = (query.splitlines() or [""])[max(line - 1, 0)].strip() if found and line else ""
            return refuse(
                f"this is not SPARQL that can be read: it stops making sense at column {column} of “{text}”"
                if text else "this is not SPARQL that can be read",
                "a bracket, full stop or prefix is missing or misplaced there",
                "compare with the example queries of “kg ask”; prefixes of the graph need no declaration",
                line,
            )  # fmt: skip
        case "rows":
            return refuse(f"the answer has more than {limits.rows:,} rows", "a cut-off answer would mislead",
                          "add LIMIT, or ask for less")  # fmt: skip
        case "bytes":
            return refuse(f"the answer is larger than {limits.bytes / 1_000_000:g} MB", "a cut-off answer would mislead",
                          "add LIMIT, or ask for fewer columns")  # fmt: skip
        case "refused":
            return refuse("the query tried to reach another machine", "nothing here leaves this machine",
                          "ask about what is here")  # fmt: skip
        case _:
            return refuse("the query could not be carried out", "some part of it has no meaning to the query engine",
                          "simplify it step by step")  # fmt: skip


def _result(
    head: dict[str, Any], body: bytes, format_: Format, law: Law, seconds: float
) -> QueryResult:
    kind = head["kind"]
    confined = bool(head["confined"])
    if kind == "graph":
        return QueryResult(
            "graph", (), (), "turtle", body.decode(), MEDIA_TYPES["turtle"], seconds, confined
        )
    if kind == "ask":
        value = bool(head["value"])
        text = (
            json.dumps({"head": {}, "boolean": value}) if format_ == "json" else str(value).lower() + "\n"
        )  # fmt: skip
        cell = Cell("yes" if value else "no")
        return QueryResult(
            "ask", ("answer",), ((cell,),), format_, text, MEDIA_TYPES[format_], seconds, confined
        )
    variables = tuple(head["variables"])
    wire: list[list[WireTerm]] = json.loads(body)
    rows = tuple(tuple(_cell(term, law) for term in row) for row in wire)
    match format_:
        case "json":
            text = as_sparql_json(variables, wire)
        case "tsv":
            text = as_sparql_tsv(variables, wire)
        case "csv":
            text = as_csv(variables, [[_csv_text(term) for term in row] for row in wire])
        case _:
            text = as_table(variables, [[_table_text(term) for term in row] for row in wire])
    return QueryResult(
        "select", variables, rows, format_, text, MEDIA_TYPES[format_], seconds, confined
    )


def _csv_text(term: WireTerm) -> str:
    return "" if term is None else f"_:{term[1]}" if term[0] == "bnode" else term[1]


def _table_text(term: WireTerm) -> str:
    return shorten(term[1]) if term and term[0] == "uri" else _csv_text(term)


def _cell(term: WireTerm, law: Law) -> Cell:
    if term and term[0] == "uri":
        return cell_of(shorten(term[1]), law)
    return Cell(_csv_text(term))
