"""The fixed wording of states, and the small sentences: facts, conditions, gaps, changes of the law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from kg.model import (
    Because,
    ConditionResult,
    ConditionState,
    LayerState,
    LegalChange,
    Missing,
    Outcome,
    ProvisionState,
)

OUTCOME_WORDS: dict[Outcome, str] = {
    "established": "Established",
    "established-if-judged": "Established if a person so judges",
    "not-established": "Not established on these facts",
    "barred": "Barred",
    "conflict": "Conflict of duties",
    "no-authority-needed": "No authority needed",
}
LAYER_WORDS: dict[LayerState, str] = {
    "shown": "Shown",
    "if-judged": "If a person so judges",
    "not-shown": "Not established",
    "barred": "Barred",
    "not-needed": "Not needed",
}
PROVISION_WORDS: dict[ProvisionState, str] = {
    "applies": "Applies",
    "applies-if-judgement": "Applies if a person so judges",
    "not-shown": "Not shown: something is not stated",
    "blocked": "Blocked by an exception or bar",
    "not-applicable": "Does not apply",
    "not-in-force": "Not in force on that day",
}
_STATES = {str(state): words.lower() for state, words in PROVISION_WORDS.items()}
CONDITION_WORDS: dict[ConditionState, str] = {
    "met": "Met",
    "not-met": "Not met",
    "unknown": "Not stated",
    "judgement": "For a person to judge",
}
FALLBACK = "This is a fallback: the discloser has a power of its own."
AWAITING = "awaiting a lawyer's confirmation"
NOT_A_BAN = "“Not established” means that the graph found no answer on these facts. It never means “not allowed”."
LAW_DATE_WORDS = {
    "as-at": "the day asked for",
    "disclosure": "the day of the disclosure",
    "decision": "the day of the decision",
    "today": "today, because the case states no day",
}
PART_3_WORDS = {
    "yes": "law enforcement processing (Part 3 of the Data Protection Act 2018)",
    "no": "outside Part 3 of the Data Protection Act 2018",
    "unknown": "whether Part 3 of the Data Protection Act 2018 governs is not stated, or differs",
}
#: What the answer to a judgement does to the provisions that wait for it.
ROLE_WORDS = {
    "needed": "A provision waits for this answer",
    "defeats": "An exception or bar waits for this answer (“yes” takes the provision away)",
}
EMERGENCY = "Nothing here may hold up emergency action: protect first, record afterwards."
#: Allowed values that are named in a sentence.
FEW = 8
#: Things named in one clause of a change; the rest are counted.
NAMED = 3
#: Verbs of a change of the law, for one and for several.
_CHANGES = {
    "begins": ("comes into force", "come into force"),
    "ends": ("ceases to be in force", "cease to be in force"),
    "listed": ("is put on a list", "are put on lists"),
    "unlisted": ("is taken off a list", "are taken off lists"),
    "regime": ("begins to govern", "begin to govern"),
}


def names_in_words(names: list[str]) -> str:
    """Return a list in words: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def because_words(reason: Because) -> str:
    """Return a fact as ``path: value (line n)``, or another provision with its state in words."""
    if reason.line:
        return f"{reason.path}: {reason.value} (line {reason.line})"
    if reason.assumed:
        return f"{reason.path}: {reason.value} (taken as so; nothing says otherwise)"
    return f"{reason.path}: {_STATES.get(reason.value, reason.value)}"


def missing_sentence(gap: Missing) -> str:
    """Return what to state, in one sentence."""
    allowed = (
        f" ({', '.join(gap.allowed[:FEW])}{' …' if len(gap.allowed) > FEW else ''})"
        if gap.allowed
        else ""
    )
    match gap.why:
        case "not-stated":
            return f"Not stated: {gap.path}{allowed}."
        case "too-general":
            return f"Too general: {gap.path}. Say which{allowed}."
        case _:
            return f"Not established in law: whether the kind under {gap.path} is on the list could not be confirmed."


def condition_sentence(condition: ConditionResult) -> str:
    """Return a condition with its state and the facts behind it, in one sentence."""
    label = condition.label[0].upper() + condition.label[1:]
    facts = "; ".join(because_words(reason) for reason in condition.because)
    gaps = " ".join(missing_sentence(gap) for gap in condition.missing)
    note = f" {condition.note}." if condition.note else ""
    tail = f" [{facts}]" if facts else ""
    return f"{CONDITION_WORDS[condition.state]}: {label}.{tail}{f' {gaps}' if gaps else ''}{note}"


def legal_changes_sentence(changes: Sequence[LegalChange], most: int = NAMED) -> str:
    """Return what changed in the law, in one clause for each kind of change; ``most`` are named."""
    grouped: dict[str, dict[str, None]] = {}
    for change in changes:
        thing = change.citation
        if change.what in {"listed", "unlisted"}:
            thing = f"{change.label} ({change.citation})"
        grouped.setdefault(change.what, {})[thing] = None
    clauses = []
    for what, found in grouped.items():
        things = list(found)
        more = [f"{len(things) - most} more"] if len(things) > most else []
        verb = _CHANGES[what][len(things) > 1]
        clauses.append(f"{names_in_words([*things[:most], *more])} {verb}")
    return "; ".join(clauses)


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day_words(day: date | str | None) -> str:
    """Return a date as ``14 March 2023``; an ISO text is accepted, nothing stays nothing."""
    if not day:
        return ""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def in_force_words(stretch: tuple[str | None, str | None]) -> str:
    """Return a half-open stretch of ISO dates in words; its end is the first day without."""
    start, end = stretch
    if not start:
        return "Not commenced"
    ending = f", until the end of the day before {day_words(end)}" if end else ""
    return f"In force from {day_words(start)}{ending}"


def sentence(words: str) -> str:
    """Return words with a capital first letter and a full stop, if they have neither."""
    words = words.strip()
    if not words:
        return ""
    return words[0].upper() + words[1:] + ("" if words[-1] in ".?!”" else ".")


def strand_words(strand: str) -> str:
    """Return the id of a strand as ``trust to council: notes, about infant``."""
    giver, taker, item, subject = strand.split("/")
    return f"{giver} to {taker}: {item}" + (f", about {subject}" if subject else "")


def cited_words(names: Sequence[str], cited: Mapping[str, str]) -> str:
    """Return provisions in words by their citations (id to citation), each once."""
    return names_in_words(list(dict.fromkeys(cited[name] for name in names)))


def strand_state_sentence(strand: str, state: ProvisionState) -> str:
    """Return the state of a provision for one strand, given by its id."""
    return f"For {strand_words(strand)}: {PROVISION_WORDS[state].lower()}."
