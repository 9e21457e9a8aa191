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


#: States in which a norm bears on the answer: every format then shows it in full.
BEARING = frozenset(PROVISION_ORDER[:4])


class Because(NamedTuple):
    """A stated fact behind a state: path in the file, value in words, 1-based line (0 = none).

    ``assumed`` marks what is taken as so because nothing says otherwise.
    """

    path: str
    value: str
    line: int = 0
    assumed: bool = False


class Missing(NamedTuple):
    """A fact that is not there: its path, why it does not count, and the values that would do."""

    path: str
    why: Literal["not-stated", "too-general", "not-established"]
    allowed: tuple[str, ...] = ()


class ConditionResult(NamedTuple):
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


class Strand(NamedTuple):
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


class ProvisionResult(NamedTuple):
    """One norm for one disclosure: ``kind`` is its class, ``in_force`` half-open (until exclusive).

    ``conditions`` are those of the strand that decides the state; ``conditions_by_strand`` all.
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
    defeats: tuple[str, ...] = ()


class LayerResult(NamedTuple):
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
class Discrepancy:
    """A recorded difference of the sources: both positions, what the graph follows in words, and why.

    ``documents`` say it, at ``places``; ``settled``: the law leaves no rival reading; ``provisions``
    are the norms it is about, in an answer those that bear on the answer.
    """

    id: str
    label: str
    says: str
    law_says: str
    follows: str
    reason: str
    documents: tuple[str, ...]
    places: tuple[str, ...]
    settled: bool
    review_status: str
    provisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A duty and a prohibition that both hold on one strand, neither defeating the other."""

    duty: str
    prohibition: str
    strand: str


class LegalChange(NamedTuple):
    """A change of the law on a day: of a norm, of an entry on a dated list, or of the regime.

    ``what``: a norm ``begins`` or ``ends`` on the day (it no longer holds on it); a kind of body is
    ``listed`` or ``unlisted``; another ``regime`` governs. ``id`` names norm, entry or regime;
    ``citation`` is that of the norm or the list; ``label`` the kind or the regime in words.
    """

    day: str
    what: Literal["begins", "ends", "listed", "unlisted", "regime"]
    id: str
    citation: str
    label: str = ""


class Holds(NamedTuple):
    """The days round the law date on which the answer is the same: ISO dates, half-open.

    ``start`` inclusive, ``end`` exclusive; None is open. ``opens`` and ``closes`` are the changes
    of the law on these two days that make the difference.
    """

    start: str | None
    end: str | None
    opens: tuple[LegalChange, ...] = ()
    closes: tuple[LegalChange, ...] = ()


@dataclass(frozen=True, slots=True)
class DisclosureAssessment:
    """The answer for one disclosure: every norm of the graph exactly once, the layers, the outcome.

    ``law_date`` is the day whose law was applied, ``law_date_from`` says why that day: as-at,
    disclosure, decision or today. ``holds`` is None until ``kg.assess.holds`` has worked it out.
    ``needs`` names the layers that the law asks for, by the id of the strand.
    """

    case: str
    file: str
    id: str
    law_date: date
    law_date_from: str
    regime: str
    part3: str
    outcome: Outcome
    strands: tuple[Strand, ...]
    layers: Mapping[str, LayerResult]
    provisions: tuple[ProvisionResult, ...]
    missing: tuple[tuple[Missing, tuple[str, ...]], ...] = ()
    judgements: tuple[OpenJudgement, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()
    warnings: tuple[str, ...] = ()
    title: str = ""
    summary: Mapping[str, str] = field(default_factory=dict)
    holds: Holds | None = None
    needs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    regime_label: str = ""

    def provision(self, name: str) -> ProvisionResult | None:
        """Return the result of that norm, or None."""
        return next((result for result in self.provisions if result.id == name), None)


# --- Compared ---------------------------------------------------------------------------------


class Supposition(NamedTuple):
    """A fact that is supposed, never saved: path and value as asked for (empty value: removed).

    ``before`` is what the case states, in words; ``paths`` the paths of the facts that differ, as an
    answer names them; ``read_by`` the norms with a condition that shows the fact; ``standing`` says
    what the facts are to the answer: ``stated`` already, ``shown`` behind a condition, ``readable``
    by conditions, or of the ``record`` only; ``rules`` the rules of the record that the key serves.
    """

    path: str
    value: str
    before: str
    paths: tuple[str, ...]
    read_by: tuple[str, ...]
    standing: Literal["stated", "shown", "readable", "record"]
    rules: str = ""


class ConditionChange(NamedTuple):
    """A condition whose state differs, on the strand that shows it; the facts are those after."""

    before: ConditionResult
    after: ConditionResult
    strand: str


class ProvisionChange(NamedTuple):
    """A norm whose state differs, for the disclosure or on a strand, with the conditions that did it.

    ``through`` are other norms behind it: what could take it away, or what it takes away.
    """

    before: ProvisionResult
    after: ProvisionResult
    conditions: tuple[ConditionChange, ...]
    through: tuple[str, ...] = ()


class LayerChange(NamedTuple):
    """A layer that differs in its state, or in the norms that carry it."""

    id: str
    before: LayerResult
    after: LayerResult


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two answers for one disclosure, and only what differs between them.

    ``asked`` are judgements open only after, ``fallen_away`` those open only before, ``answered``
    those whose answer differs. ``legal`` are the changes of the law between the two law dates that
    make the difference; ``prospective`` the norms that fit the facts, have no day of commencement
    or a later one, and never count.
    """

    before: DisclosureAssessment
    after: DisclosureAssessment
    layers: tuple[LayerChange, ...] = ()
    provisions: tuple[ProvisionChange, ...] = ()
    asked: tuple[OpenJudgement, ...] = ()
    fallen_away: tuple[OpenJudgement, ...] = ()
    answered: tuple[OpenJudgement, ...] = ()
    conflicts_new: tuple[Conflict, ...] = ()
    conflicts_gone: tuple[Conflict, ...] = ()
    legal: tuple[LegalChange, ...] = ()
    prospective: tuple[ProvisionResult, ...] = ()
    supposed: tuple[Supposition, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing differs."""
        return self.before.outcome == self.after.outcome and not (
            self.layers
            or self.provisions
            or self.asked
            or self.fallen_away
            or self.answered
            or self.conflicts_new
            or self.conflicts_gone
        )


# --- Validated --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule that a record does not meet: rule id, severity, where, message.

    ``focus`` and ``shape`` name node and property shape; ``policy`` says whose policy is behind it.
    """

    rule: str
    severity: Literal["violation", "warning", "info"]
    path: str
    line: int
    message: str
    subject: str = ""
    item: str = ""
    recipient: str = ""
    sources: tuple[str, ...] = ()
    focus: str = ""
    shape: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True)
class RecordReport:
    """The completeness of one decision record. ``complete`` means no violation.

    ``body`` is the body that decided, ``team`` the part of it that acted, ``decided`` the day of the
    decision (ISO), each empty if unstated; ``policy`` which local policy was applied, or why not.
    """

    case: str
    file: str
    id: str
    complete: bool
    results: tuple[RuleResult, ...]
    body: str = ""
    team: str = ""
    decided: str = ""
    policy: str = ""
