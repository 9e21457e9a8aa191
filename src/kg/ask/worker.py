"""The worker: a process of its own that runs one SPARQL query over data it is handed, then ends.

Started by ``kg.ask.sparql`` as a script; it imports nothing of ``kg``. Standard input: one line of
JSON (``query``, ``prefixes``, ``limits``), then the data as N-Quads. Standard output: one line of
JSON (``status``: ok, syntax, rows, bytes, refused, failed; ``kind``: select, ask, graph;
``confined``), then for ``select`` a JSON list of rows of terms (``null``, or ``[kind, text,
language or datatype]``), and for ``graph`` Turtle.

What it may not do, set after the data is loaded and before the query is read:

* time: an alarm of the kernel ends the process, whatever the engine is doing;
* memory (RLIMIT_AS), core files (RLIMIT_CORE), writing files (RLIMIT_FSIZE);
* on Linux on x86-64 a seccomp filter refuses sockets, opening files and starting programs, so that
  SERVICE cannot reach the network even if a query slips past the guard (``kg.ask.guard``).
  Elsewhere the guard alone stands in the way of SERVICE; ``confined`` is then false.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pyoxigraph as ox

try:
    import resource
except ImportError:  # pragma: no cover - Windows: the parent's own deadline remains
    resource = None  # type: ignore[assignment]

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_ARCH_X86_64 = 0xC000003E
_X32_BIT = 0x40000000
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_EPERM = 1
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
#: Linux system calls by their numbers on x86-64.
_REFUSED = {
    "open": 2, "socket": 41, "connect": 42, "socketpair": 53, "execve": 59, "creat": 85,
    "ptrace": 101, "openat": 257, "execveat": 322, "io_uring_setup": 425, "openat2": 437,
}  # fmt: skip


class Over(Exception):
    """A limit was reached; the argument says which: rows or bytes."""


def _filter() -> bytes:
    """Return the seccomp program: other architectures die, refused calls fail, the rest pass."""
    calls = sorted(_REFUSED.values())
    program = [
        (_LOAD, 0, 0, 4),  # the architecture of the call
        (_EQUAL, 1, 0, _ARCH_X86_64),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # its number
        (_AT_LEAST, len(calls) + 1, 0, _X32_BIT),
        *((_EQUAL, len(calls) - place, 0, call) for place, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in program)


def can_confine() -> bool:
    """Return whether there is a filter for this system."""
    return sys.platform == "linux" and platform.machine() == "x86_64" and sys.maxsize > 2**32


def confine() -> bool:
    """Take away sockets, files and programs for good; return whether the kernel agreed."""
    if not can_confine():
        return False

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))

    code = _filter()
    libc = ctypes.CDLL(None, use_errno=True)
    program = Program(len(code) // 8, code)
    zero = ctypes.c_ulong(0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero) != 0:
        return False
    return bool(
        libc.prctl(
            _PR_SET_SECCOMP, ctypes.c_ulong(_SECCOMP_MODE_FILTER), ctypes.byref(program), zero, zero
        )
        == 0
    )


def limit(limits: dict[str, float]) -> None:
    """Set the limits of time and memory, and end with the parent."""
    if sys.platform == "linux":
        with suppress(OSError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
    if resource is not None:
        memory = int(limits["memory"])
        for kind, value in (
            (resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)
        ):  # fmt: skip
            with suppress(ValueError, OSError):
                resource.setrlimit(kind, (value, value))
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, limits["seconds"])


def _term(value: Any) -> list[str] | None:
    if value is None:
        return None
    if isinstance(value, ox.NamedNode):
        return ["uri", value.value, ""]
    if isinstance(value, ox.BlankNode):
        return ["bnode", value.value, ""]
    if isinstance(value, ox.Literal):
        return [
            "literal",
            value.value,
            f"@{value.language}" if value.language else value.datatype.value,
        ]
    return ["literal", str(value), "http://www.w3.org/2001/XMLSchema#string"]


def _rows(solutions: ox.QuerySolutions, limits: dict[str, float]) -> bytes:
    names = solutions.variables
    lines: list[str] = []
    size = 0
    for solution in solutions:
        if len(lines) >= limits["rows"]:
            raise Over("rows")
        lines.append(json.dumps([_term(solution[name]) for name in names], ensure_ascii=False))
        size += len(lines[-1].encode()) + 1
        if size > limits["bytes"]:
            raise Over("bytes")
    return ("[" + ",".join(lines) + "]").encode()


def _turtle(
    triples: Iterable[ox.Triple], prefixes: dict[str, str], limits: dict[str, float]
) -> bytes:
    found: list[ox.Triple] = []
    for triple in triples:
        if len(found) >= limits["rows"]:
            raise Over("rows")
        found.append(triple)
    names = {
        node.value
        for triple in found
        for node in (triple.subject, triple.predicate, triple.object)
        if isinstance(node, ox.NamedNode)
    }
    used = {p: iri for p, iri in prefixes.items() if any(name.startswith(iri) for name in names)}
    text = ox.serialize(found, format=ox.RdfFormat.TURTLE, prefixes=used) or b""
    if len(text) > limits["bytes"]:
        raise Over("bytes")
    return text


def answer(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Run the query; return the head and the body of the reply."""
    try:
        return _run(store, request)
    except Over as over:
        status, detail = str(over), ""
    except SyntaxError as fault:
        status, detail = "syntax", str(fault)
    except OSError as fault:
        status, detail = "refused", str(fault)
    except (RuntimeError, ValueError, MemoryError) as fault:
        status, detail = "failed", str(fault)
    return {"status": status, "detail": detail}, b""


def _run(store: ox.Store, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    limits, prefixes = request["limits"], request["prefixes"]
    found = store.query(request["query"], prefixes=prefixes, use_default_graph_as_union=True)
    if isinstance(found, ox.QueryBoolean):
        return {"status": "ok", "kind": "ask", "value": bool(found)}, b""
    if isinstance(found, ox.QuerySolutions):
        names = [variable.value for variable in found.variables]
        return {"status": "ok", "kind": "select", "variables": names}, _rows(found, limits)
    return {"status": "ok", "kind": "graph"}, _turtle(found, prefixes, limits)


def main() -> None:
    """Read one request, answer it, end."""
    request = json.loads(sys.stdin.buffer.readline())
    store = ox.Store()
    store.bulk_load(sys.stdin.buffer.read(), format=ox.RdfFormat.N_QUADS)
    limit(request["limits"])
    confined = confine()
    head, body = answer(store, request)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)  # the query is over; the parent may read slowly
    head["confined"] = confined
    out = sys.stdout.buffer
    out.write(json.dumps(head).encode() + b"\n" + body)
    out.flush()
    os._exit(0)  # nothing to tidy up: the store is in memory


if __name__ == "__main__":
    main()
