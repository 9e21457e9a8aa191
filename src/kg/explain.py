"""Answers in plain English: one sentence per answer, condition, gap and judgement, built from labels.

The fixed wording of states and outcomes stands here, once; docs/reference/answers.md explains it.
"""

from __future__ import annotations

from kg.model import (
    Because,
    ConditionResult,
    ConditionState,
    DisclosureAssessment,
    LayerState,
    Missing,
    OpenJudgement,
    Outcome,
    ProvisionResult,
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
