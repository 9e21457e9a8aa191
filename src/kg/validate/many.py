"""Many records: case by case, on several processes when there are many, with memory that stays flat.

Source: design section 8. Chunks of about 100 cases go to worker processes, which hold the law and
the shapes and nothing else; only reports and errors come back, in the order of the input.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import chain, islice
from multiprocessing.synchronize import Event
from typing import NamedTuple

from kg.assess import Engine
from kg.errors import CaseNotLoaded, KgError, Problem, WorkerLost
from kg.load import Law
from kg.load.many import Source
from kg.model import RecordReport
from kg.validate import Policy, Profile, Shapes, validate_case

#: As many cases go to a process at once.
CHUNK = 100
#: Fewer cases than this are checked here: starting processes would take longer.
MANY = 200
#: Chunks that may wait for a process; what waits is in memory.
_WAITING = 2


class Checked(NamedTuple):
    """What came of one case: its reports, or the error; its name, and where it begins (line 0: file)."""

    reports: tuple[RecordReport, ...]
    error: KgError | None
    name: str = ""
    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}" if self.line else self.file


class _Kit(NamedTuple):
    """What every case is checked with."""

    engine: Engine
    shapes: Shapes
    profile: Profile | None
    policy: Policy | None = None


def validate_all(
    sources: Iterable[Source | KgError],
    engine: Engine,
    shapes: Shapes,
    profile: Profile | None = None,
    policy: Policy | None = None,
    *,
    processes: int = 1,
    chunk: int = CHUNK,
    many: int = MANY,
) -> Generator[Checked]:
    """Yield what came of each case, in the order given; an error of one never stops the rest.

    With ``processes`` above 1, and at least ``many`` sources, chunks are checked side by side. A
    program that asks for that is started as every program that starts processes: below
    ``if __name__ == "__main__"``. A case whose name an earlier one has is an error.

    Raises: BrokenGraph; WorkerLost when a process ends without an answer.
    """
    kit = _Kit(engine, shapes, profile, policy)
    rest = iter(sources)
    first = list(islice(rest, many)) if processes > 1 else []
    everything = chain(first, rest)
    worth_it = processes > 1 and len(first) >= many
    del first  # what is checked is let go
    if worth_it:
        found = _side_by_side(everything, kit, processes, chunk)
    else:
        found = (_checked(source, kit) for source in everything)
    seen: dict[str, str] = {}
    for one in found:
        if one.name and (earlier := seen.setdefault(one.name, one.where)) != one.where:
            yield one._replace(reports=(), error=_twice(one, earlier))
        else:
            yield one


def _checked(source: Source | KgError, kit: _Kit) -> Checked:
    if isinstance(source, KgError):
        return Checked((), source)
    name = ""
    try:
        case = source.load(kit.engine.law)
        name = case.name
        reports = tuple(
            replace(report, results=tuple(source.told(result) for result in report.results))
            for report in validate_case(case, kit.engine, kit.shapes, kit.profile, kit.policy)
        )
    except KgError as error:
        placed = [replace(p, line=p.line or source.line) for p in error.problems]
        return Checked((), type(error)(placed), name, source.file, source.line)
    return Checked(reports, None, name, source.file, source.line)


def _twice(one: Checked, earlier: str) -> CaseNotLoaded:
    return CaseNotLoaded(
        Problem(
            f"the case “{one.name}” is in {earlier} already; this one was not checked", one.file, one.line,
            "two cases with one name could not be told apart in any report",
            "give one of them another name, or delete it if it is a copy",
        )
    )  # fmt: skip


# --- Side by side ---------------------------------------------------------------------------------

_kit: _Kit | None = None
_stop: Event | None = None


def _start(
    law: Law, shapes: Shapes, profile: Profile | None, policy: Policy | None, stop: Event
) -> None:
    """Build, once in a process, what every case is checked with."""
    global _kit, _stop
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is for the parent, which says when to stop
    gc.disable()
    _kit, _stop = _Kit(Engine.of(law), shapes, profile, policy), stop
    gc.freeze()
    gc.enable()


def _work(sources: Sequence[Source | KgError]) -> list[Checked]:
    assert _kit is not None
    assert _stop is not None
    found = []
    for source in sources:
        if _stop.is_set():
            break
        found.append(_checked(source, _kit))
    return found


def _side_by_side(
    sources: Iterator[Source | KgError], kit: _Kit, processes: int, chunk: int
) -> Iterator[Checked]:
    # Spawned, not forked: the same on every system, and nothing of this process is copied half-way.
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    law, shapes = kit.engine.law, kit.shapes
    bare = (Law(law.triples, law.file_of, law.hash), Shapes(shapes.graph, shapes.rules))
    policy = kit.policy.bare() if kit.policy else None
    pool = ProcessPoolExecutor(processes, context, _start, (*bare, kit.profile, policy, stop))
    waiting: deque[Future[list[Checked]]] = deque()
    try:
        while part := list(islice(sources, chunk)):
            waiting.append(pool.submit(_work, part))
            if len(waiting) >= processes + _WAITING:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        raise WorkerLost(
            Problem(
                "a process that checks cases ended without an answer", "", 0,
                "it was killed, or the machine has no memory left; the cases after this point were not checked",
                "check fewer cases at a time",
            )
        ) from None  # fmt: skip
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
