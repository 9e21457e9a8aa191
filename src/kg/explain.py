"""Answers in plain English: one sentence per answer, condition, gap and judgement, built from labels.

The fixed wording of states and outcomes stands here, once; docs/reference/answers.md explains it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.model import (
    Because,
    Comparison,
    ConditionResult,
    ConditionState,
    DisclosureAssessment,
    Holds,
    LayerState,
    LegalChange,
    Missing,
    OpenJudgement,
    Outcome,
    ProvisionChange,
    ProvisionResult,
    ProvisionState,
    Supposition,
)

if TYPE_CHECKING:
    from kg.assess.nearest import Change, Ways

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
CONDITION_WORDS: dict[ConditionState, str] = {
    "met": "Met",
    "not-met": "Not met",
    "unknown": "Not stated",
    "judgement": "For a person to judge",
}
AWAITING = "awaiting a lawyer's confirmation"
NOT_A_BAN = "“Not established” means that the graph found no answer on these facts. It never means “not allowed”."
EMERGENCY = "Nothing here may hold up emergency action: protect first, record afterwards."

#: Allowed values that are named in a sentence.
_FEW = 8
_VERB = {"duty": "requires", "power": "allows"}


def names_in_words(names: list[str]) -> str:
    """Return a list in words: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def authorities(assessment: DisclosureAssessment) -> list[ProvisionResult]:
    """Return the duties and powers that apply, or would if a person so judges, no fallbacks.

    Duties come before powers, statute before common law.

    Source: domain law-3 section 1.4, rule 3 (duty before power in reporting).
    """
    found = [
        p for p in assessment.provisions
        if p.layer == "authority" and p.effect in _VERB and not p.fallback
        and p.state in {"applies", "applies-if-judgement"}
    ]  # fmt: skip
    return sorted(
        found, key=lambda p: (p.effect != "duty", p.id.startswith("cl:"), p.state != "applies")
    )


def _authority_clause(assessment: DisclosureAssessment) -> str:
    layer = assessment.layers["authority"]
    if layer.state == "not-needed":
        return f"no legal power is needed ({layer.note})"
    grouped: dict[tuple[str, str], list[str]] = {}
    for provision in authorities(assessment):
        cited = provision.citation
        if provision.id.startswith("cl:"):
            cited = f"the {cited[0].lower()}{cited[1:]}"
        grouped.setdefault((provision.effect, provision.state), []).append(cited)
    parts: list[str] = []
    for (effect, state), names in grouped.items():
        verb = _VERB[effect] if len(names) == 1 else _VERB[effect].removesuffix("s")
        condition = "" if state == "applies" else " if a person so judges"
        parts.append(
            f"{names_in_words(names)} {verb} {'it' if parts else 'this disclosure'}{condition}"
        )
    return "; ".join(parts)


def _within(label: str) -> str:
    """Return a label as it stands inside a sentence; the names of articles keep their capital."""
    return label if label.startswith("Article") else label[0].lower() + label[1:]


def open_layers(assessment: DisclosureAssessment) -> list[str]:
    """Return the labels of the layers for which no answer was found."""
    return [
        layer.label
        for layer in assessment.layers.values()
        if layer.state in {"not-shown", "barred"}
    ]


def answer_sentence(assessment: DisclosureAssessment) -> str:
    """Return the answer for one disclosure in one sentence; never a bare yes or no."""
    words = OUTCOME_WORDS[assessment.outcome]
    clause = _authority_clause(assessment)
    match assessment.outcome:
        case "established" | "established-if-judged":
            waiting = len({j.id for j in assessment.judgements if j.answer is None})
            waiting = 0 if assessment.outcome == "established" else waiting
            tail = f"; {waiting} judgement{'s' * (waiting != 1)} still open" if waiting else ""
            return f"{words}: {clause}{tail}."
        case "no-authority-needed":
            return f"{words}: {assessment.layers['authority'].note}, and every other layer is answered."
        case "barred":
            bars = [
                p.citation
                for p in assessment.provisions
                if p.effect == "bar" and p.state == "applies"
            ]
            return f"{words}: {names_in_words(bars) or 'every route found is barred'} stands in the way."
        case "conflict":
            one = assessment.conflicts[0]
            return f"{words}: {one.duty} and {one.prohibition} command opposite things; a lawyer must say which prevails."
        case _:
            layers = names_in_words([_within(label) for label in open_layers(assessment)])
            start = f"{clause[0].upper()}{clause[1:]}, but " if clause else ""
            return f"{words}: {start}no answer was found for {layers}." if layers else f"{words}."


def because_words(reason: Because) -> str:
    """Return a fact as ``path: value (line n)``."""
    where = (
        f" (line {reason.line})"
        if reason.line
        else " (taken as so; nothing says otherwise)"
        if reason.assumed
        else ""
    )
    return f"{reason.path}: {reason.value}{where}"


def missing_sentence(gap: Missing) -> str:
    """Return what to state, in one sentence."""
    allowed = (
        f" ({', '.join(gap.allowed[:_FEW])}{' …' if len(gap.allowed) > _FEW else ''})"
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


def judgement_sentence(judgement: OpenJudgement) -> str:
    """Return a judgement: the question, who should be asked and what to weigh; or how it was answered."""
    if judgement.answer is not None:
        word = "yes" if judgement.answer else "no"
        return f"{judgement.question} Answered {word} by {judgement.made_by} on {judgement.on}."
    asked = f" Ask: {judgement.asked_of}." if judgement.asked_of else ""
    weigh = f" Weigh: {judgement.weigh}" if judgement.weigh else ""
    return f"{judgement.question}{asked}{weigh}"


#: Verbs of a change of the law, for one and for several.
_CHANGES = {
    "begins": ("comes into force", "come into force"),
    "ends": ("ceases to be in force", "cease to be in force"),
    "listed": ("is put on a list", "are put on lists"),
    "unlisted": ("is taken off a list", "are taken off lists"),
    "regime": ("begins to govern", "begin to govern"),
}
#: Things named in one clause of a change; the rest are counted.
_NAMED = 3


def legal_changes_sentence(changes: Sequence[LegalChange], most: int = _NAMED) -> str:
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


def holds_sentence(holds: Holds) -> str:
    """Return between which days an answer holds, with what opens and closes the time."""
    start = f"from {holds.start}" if holds.start else "from before the first date in the graph"
    if holds.opens:
        start += f" ({legal_changes_sentence(holds.opens)})"
    if not holds.end:
        return f"These facts have this answer {start}; no later change in the graph touches it."
    end = f" ({legal_changes_sentence(holds.closes)})" if holds.closes else ""
    return f"These facts have this answer {start} until {holds.end}, that day excluded{end}."


def supposition_sentence(supposed: Supposition) -> str:
    """Return what is supposed, and what the case states instead."""
    stated = f" (the case states: {supposed.before})" if supposed.before else ""
    if not supposed.value:
        return f"{supposed.path} is not stated{stated}."
    return f"{supposed.path} is {supposed.value}{stated}."


def no_difference_sentence(supposed: Supposition, citations: Sequence[str]) -> str:
    """Return why a supposed fact changes nothing; ``citations`` are those of the norms that read it."""
    match supposed.standing:
        case "stated":
            return f"{supposed.path}: the case says so already."
        case "shown":
            more = len(citations) - _NAMED
            names = [*citations[:_NAMED], *([f"{more} more"] if more > 0 else [])]
            return f"{supposed.path}: read by {names_in_words(names)}; each stays as it is."
        case "readable":
            return f"{supposed.path}: conditions can read it; none turns on it in this case."
        case _:
            rules = f" ({supposed.rules}); kg validate checks it" if supposed.rules else ""
            return f"{supposed.path}: no condition reads it. It belongs to the record{rules}."


def provision_change_reason(change: ProvisionChange, found: Comparison) -> str:
    """Return why the state of a provision differs: its conditions with the facts, its dates, others."""
    supposed = {path for one in found.supposed for path in one.paths}

    def fact(reason: Because) -> str:
        # A judgement is named as a whole: it is supposed if any part of it is.
        part = any(path.startswith(f"{reason.path}/") for path in supposed)
        stated = reason.line or reason.assumed
        if part or (reason.path in supposed and not stated):
            return f"{reason.path}: {reason.value} (supposed)"
        return because_words(reason)

    parts = []
    for one in change.conditions:
        facts = "; ".join(fact(reason) for reason in one.after.because)
        gaps = " ".join(missing_sentence(gap) for gap in one.after.missing)
        tail = f" [{facts}]" if facts else ""
        parts.append(
            f"{CONDITION_WORDS[one.before.state]} → {CONDITION_WORDS[one.after.state]}: "
            f"{one.after.label}{tail}.{f' {gaps}' if gaps else ''}"
        )
    was, now = change.before, change.after
    if "not-in-force" in {was.state, now.state} and was.state != now.state:
        held = f"in force {_interval(now)}."
        parts.insert(0, f"{held[0].upper()}{held[1:]}")
    if set(was.blocked_by) != set(now.blocked_by):
        cited = {p.id: p.citation for p in found.after.provisions}
        names = [cited[name] for name in now.blocked_by or was.blocked_by]
        verb = "Blocked by" if now.blocked_by else "No longer blocked by"
        parts.append(f"{verb} {names_in_words(names)}.")
    if not parts and set(was.by_strand) != set(now.by_strand):
        kind = "strongest" if now.effect == "bar" else "weakest"
        parts.append(f"There are other strands; the state is that of the {kind} of them.")
    return " ".join(parts) or _indirectly(change, found)


def _interval(provision: ProvisionResult) -> str:
    start, end = provision.in_force
    if not start:
        return "on no day: not commenced"
    return f"from {start}" + (f" until {end}, that day excluded" if end else "")


def _indirectly(change: ProvisionChange, found: Comparison) -> str:
    """Return why a state differs although no condition does: what it defeats, or what defeats it."""
    now = {one.after.id: one.after for one in found.provisions}
    others = [
        f"{now[name].citation} ({PROVISION_WORDS[now[name].state].lower()})"
        for name in change.through
    ]
    named = f": {names_in_words(others)}" if others else ""
    if change.after.effect == "bar":
        return f"What it takes away, or what takes it away, differs{named}."
    return f"An exception or bar on it differs{named}."


def change_sentence(change: Change) -> str:
    """Return one fact that would have to be so, where it stands, and what it would take."""
    allowed = change.allowed if len(change.allowed) > 1 else ()
    values = f" ({', '.join(allowed[:_FEW])}{' …' if len(allowed) > _FEW else ''})" if allowed else ""
    norms = ""
    if change.norms:
        more = len(change.norms) - _NAMED
        norms = ": " + ", ".join(change.norms[:_NAMED]) + (f" or {more} more" if more > 0 else "")
    now = "not stated" if change.now == "not-stated" else "stated otherwise"
    where = f" [{change.path}, {now}]" if change.path else ""
    return f"{change.needs}{values}{norms}{where}: {change.kind_label}"


def ways_sentences(ways: Ways, most: int = 3) -> list[str]:
    """Return the best ways in a sentence each, then how many more there are.

    Worded as what would be so, never as what to write.
    """
    found = []
    for way in ways.ways[:most]:
        another = " (this would be another case)" if way.kind == "impossible" else ""
        changes = "; and ".join(change_sentence(change) for change in way.changes)
        found.append(f"It would apply if it were so that{another}: {changes}.")
    rest = len(ways.ways) - most
    if rest > 0 or ways.more:
        count = f"{max(rest, 1)} or more" if ways.more else str(rest)
        found.append(f"Other sets of changes, no nearer than these: {count}; --json lists more.")
    if not found:
        found.append("No change of these facts on this date would make it apply.")
    return found


def why_not(provision: ProvisionResult) -> str:
    """Return in one sentence why a provision does not apply."""
    if provision.state == "not-in-force":
        start, end = provision.in_force
        return (
            f"in force from {start}" + (f" until {end} (that day no longer)" if end else "")
            if start
            else "not commenced"
        )
    failed = [c.label for c in provision.conditions if c.state == "not-met"]
    if failed:
        return "not met: " + "; ".join(failed)
    if provision.state == "blocked":
        return "blocked by " + names_in_words(list(provision.blocked_by))
    if provision.effect == "bar":
        return "there is nothing here for it to restrict"
    return PROVISION_WORDS[provision.state]
