"""What differs between two answers, and what would have to change, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kg.explain.words import (
    CONDITION_WORDS,
    FEW,
    NAMED,
    PROVISION_WORDS,
    because_words,
    missing_sentence,
    names_in_words,
)
from kg.model import Because, Comparison, ProvisionChange, ProvisionResult, Supposition

if TYPE_CHECKING:
    from kg.assess.nearest import Change, Ways


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
            more = len(citations) - NAMED
            names = [*citations[:NAMED], *([f"{more} more"] if more > 0 else [])]
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


def change_sentence(change: Change, cited: Mapping[str, str]) -> str:
    """Return one fact that would have to be so, where it stands, and what it would take.

    ``cited`` are the citations of the norms by id.
    """
    allowed = change.allowed if len(change.allowed) > 1 else ()
    values = f" ({', '.join(allowed[:FEW])}{' …' if len(allowed) > FEW else ''})" if allowed else ""
    norms = ""
    if change.norms:
        more = len(change.norms) - NAMED
        names = [cited[name] for name in change.norms[:NAMED]]
        norms = ": " + ", ".join(names) + (f" or {more} more" if more > 0 else "")
    now = "not stated" if change.now == "not-stated" else "stated otherwise"
    where = f" [{change.path}, {now}]" if change.path else ""
    return f"{change.needs}{values}{norms}{where}: {change.kind_label}"


def ways_sentences(ways: Ways, cited: Mapping[str, str], most: int = 3) -> list[str]:
    """Return the best ways in a sentence each, then how many more there are.

    Worded as what would be so, never as what to write; ``cited`` are the citations of the norms by id.
    """
    found = []
    for way in ways.ways[:most]:
        another = " (this would be another case)" if way.kind == "impossible" else ""
        changes = "; and ".join(change_sentence(change, cited) for change in way.changes)
        found.append(f"It would apply if it were so that{another}: {changes}.")
    rest = len(ways.ways) - most
    if rest > 0 or ways.more:
        count = f"{max(rest, 1)} or more" if ways.more else str(rest)
        found.append(f"Other sets of changes, no nearer than these: {count}; --json lists more.")
    if not found:
        found.append("No change of these facts on this date would make it apply.")
    return found
