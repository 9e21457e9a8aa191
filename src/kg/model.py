"""The frozen records that pass between the stages; nothing here knows a graph library.

Inside the program an IRI is a prefixed name (``kg:Strand``, ``ca1989:s47-9``,
``case:sc-001/disclosure``) and a literal is a Lit. A triple is ``(subject, predicate, object)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple


class Lit(NamedTuple):
    """A literal: text and type: ``en`` (English words), ``string date boolean integer``."""

    text: str
    type: str


Term = str | Lit
Triple = tuple[str, str, Term]


def in_force(start: str, end: str, day: str) -> bool:
    """Whether a half-open interval of ISO dates holds the day.

    An empty end is open; an empty start never begins.
    """
    return bool(start) and start <= day and (not end or day < end)


TRUE = Lit("true", "boolean")
FALSE = Lit("false", "boolean")


class Place(NamedTuple):
    """Where a thing or fact stands: keys joined by ``/``, and the 1-based line (0 = none)."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Case:
    """One case file as loaded: the asserted stage.

    Attributes: name; file as given; triples in file order; places of things by name; lines of
    facts by triple (1-based); expect, the plain content of the ``expect`` block of a test file.
    """

    name: str
    file: str
    triples: tuple[Triple, ...]
    places: Mapping[str, Place]
    lines: Mapping[Triple, int]
    expect: Mapping[str, Any] | None = None
    title: str = ""


# --- Assessed ---------------------------------------------------------------------------------

ConditionState = Literal["met", "not-met", "unknown", "judgement"]
ProvisionState = Literal[
    "applies", "applies-if-judgement", "not-shown", "blocked", "not-applicable", "not-in-force"
]
LayerState = Literal["shown", "if-judged", "not-shown", "barred", "not-needed"]
Outcome = Literal[
    "established", "established-if-judged", "not-established", "barred", "conflict",
    "no-authority-needed",
]  # fmt: skip

#: Weakest last: a disclosure's state for a norm is its weakest over the strands (bars: strongest).
PROVISION_ORDER: tuple[ProvisionState, ...] = (
    "applies", "applies-if-judgement", "not-shown", "blocked", "not-applicable", "not-in-force",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Because:
    """A stated fact behind a state: path in the file, value in words, 1-based line (0 = none).

    ``assumed`` marks what is taken as so because nothing says otherwise.
    """

    path: str
    value: str
    line: int = 0
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that is not there: its path, why it does not count, and the values that would do."""

    path: str
    why: Literal["not-stated", "too-general", "not-established"]
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition of a norm for one strand; ``note`` adds a sentence (an entry out of date)."""

    id: str
    label: str
    kind: Literal["fact", "computed", "judgement", "assessed"]
    state: ConditionState
    because: tuple[Because, ...] = ()
    missing: tuple[Missing, ...] = ()
    question: str = ""
    source: str = ""
    rule: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Strand:
    """One discloser, recipient, item and subject; subject is empty for anonymous information.

    ``id`` is ``from/to/item/subject``; ``node`` its name in the prepared graph; names are those of
    the case file.
    """

    id: str
    node: str
    discloser: str
    recipient: str
    item: str
    subject: str


@dataclass(frozen=True, slots=True)
class ProvisionResult:
    """One norm for one disclosure.

    ``conditions`` are those of the strand that decides the state; ``conditions_by_strand`` holds
    them all; ``in_force`` is half-open (until exclusive); ``kind`` is the class of the norm.
    """

    id: str
    kind: str
    effect: str
    layer: str
    state: ProvisionState
    citation: str
    label: str
    url: str
    in_force: tuple[str | None, str | None]
    review_status: str
    by_strand: Mapping[str, ProvisionState]
    conditions: tuple[ConditionResult, ...]
    conditions_by_strand: Mapping[str, tuple[ConditionResult, ...]]
    partly: bool = False
    fallback: bool = False
    blocked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayerResult:
    """One layer: its state, the norms that carry it, a plain note, and the layer's label."""

    state: LayerState
    by: tuple[str, ...] = ()
    note: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class OpenJudgement:
    """A judgement that can still change the answer, or that was made and counts.

    ``role`` is ``needed`` (a norm waits for it) or ``defeats`` (an exception or bar waits for it).
    """

    id: str
    code: str
    question: str
    provision: str
    role: Literal["needed", "defeats"]
    strands: tuple[str, ...]
    asked_of: str = ""
    weigh: str = ""
    answer: bool | None = None
    made_by: str | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where guidance says what the law does not: the guidance, the norm it departs from, why."""

    guidance: str
    guidance_label: str
    provision: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A duty and a prohibition that both hold on one strand, neither defeating the other."""

    duty: str
    prohibition: str
    strand: str


@dataclass(frozen=True, slots=True)
class DisclosureAssessment:
    """The answer for one disclosure: every norm of the graph exactly once, the layers, the outcome.

    ``law_date`` is the day whose law was applied, ``law_date_from`` says why that day: as-at,
    disclosure, decision or today. ``holds`` is half-open.
    """

    case: str
    file: str
    id: str
    law_date: date
    law_date_from: str
    regime: str
    part3: str
    outcome: Outcome
    holds: Mapping[str, str | None]
    strands: tuple[Strand, ...]
    layers: Mapping[str, LayerResult]
    provisions: tuple[ProvisionResult, ...]
    missing: tuple[tuple[Missing, tuple[str, ...]], ...] = ()
    judgements: tuple[OpenJudgement, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    warnings: tuple[str, ...] = ()
    title: str = ""
    summary: Mapping[str, str] = field(default_factory=dict)

    def provision(self, name: str) -> ProvisionResult | None:
        """Return the result of that norm, or None."""
        return next((result for result in self.provisions if result.id == name), None)


# --- Validated --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule that a record does not meet: rule id, severity, where, message."""

    rule: str
    severity: Literal["violation", "warning", "info"]
    path: str
    line: int
    message: str
    subject: str = ""
    item: str = ""
    recipient: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordReport:
    """The completeness of one decision record. ``complete`` means no violation."""

    case: str
    file: str
    id: str
    complete: bool
    results: tuple[RuleResult, ...]
