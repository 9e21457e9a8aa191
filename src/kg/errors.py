"""The error tree: one class per failure a user can meet; each says what, where, why, how to fix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    ``what`` says it in a sentence; ``file`` and ``line`` say where (line 1-based, 0 = no line);
    ``why`` says why it matters; ``fix`` says what to do.
    """

    what: str
    file: str = ""
    line: int = 0
    why: str = ""
    fix: str = ""

    @property
    def where(self) -> str:
        """``file:line``, or the file alone, or nothing."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        tail = [
            f"  {word}: {text}" for word, text in (("Why", self.why), ("Fix", self.fix)) if text
        ]
        return "\n".join([head, *tail])


class KgError(Exception):
    """Root of every failure a user can meet. ``problems`` holds one or more Problem."""

    #: Printed problems of one error: what does not fit on a screen helps nobody.
    shown = 8

    def __init__(self, problems: Problem | Sequence[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        super().__init__(str(self))

    def __reduce__(self) -> tuple[type[KgError], tuple[tuple[Problem, ...]]]:
        # Errors travel between processes: they are made anew from their problems, not from words.
        return type(self), (self.problems,)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[: self.shown]]
        rest = len(self.problems) - self.shown
        if rest > 0:
            lines.append(f"… and {rest} more of the same file.")
        return "\n".join(lines)


class FileNotReadable(KgError):
    """The file is missing, empty, a folder, too large, or not text."""


class FileNotUnderstood(KgError):
    """The file breaks the grammar of its format (YAML, JSON, Turtle)."""


class CaseNotLoaded(KgError):
    """The file is well-formed, yet says something a case file cannot say."""


class PolicyNotLoaded(KgError):
    """A local policy says what a policy cannot say, or would weaken a rule; nothing of it applies."""


class Contradiction(KgError):
    """The case states two things that cannot both hold."""


class NoRecord(KgError):
    """A case without a decision record was given to validation."""


class BrokenGraph(KgError):
    """The ontology or the shapes hold something the program must not guess about."""


class BadRequest(KgError):
    """A command, parameter, date or identifier that means nothing here."""


class QueryRefused(KgError):
    """A SPARQL query that is not read-only, or that went over a limit."""


class WorkerLost(KgError):
    """A process that checks cases ended without an answer."""
