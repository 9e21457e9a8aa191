"""The answer for one disclosure in sentences; what stands beside the provisions too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kg.explain.words import (
    AWAITING,
    LAW_DATE_WORDS,
    OUTCOME_WORDS,
    PART_3_WORDS,
    PROVISION_WORDS,
    ROLE_WORDS,
    cited_words,
    day_words,
    legal_changes_sentence,
    names_in_words,
    sentence,
)
from kg.model import (
    BEARING,
    ConditionResult,
    Conflict,
    Disagreement,
    DisclosureAssessment,
    Discrepancy,
    Holds,
    OpenJudgement,
    ProvisionResult,
)

_VERB = {"duty": "requires", "power": "allows"}


def citations(assessment: DisclosureAssessment) -> dict[str, str]:
    """Return the citation of every norm by its id."""
    return {provision.id: provision.citation for provision in assessment.provisions}


def awaiting(assessment: DisclosureAssessment) -> list[ProvisionResult]:
    """Return the provisions that bear on the answer and await a lawyer's confirmation."""
    return [
        p for p in assessment.provisions if p.state in BEARING and p.review_status != "confirmed"
    ]


def awaiting_sentence(provisions: list[ProvisionResult]) -> str:
    """Return which provisions of an answer await confirmation; empty when none does."""
    names = list(dict.fromkeys(p.citation for p in provisions))
    return f"Rests on what is {AWAITING}: {names_in_words(names)}." if names else ""


def law_date_sentence(assessment: DisclosureAssessment) -> str:
    """Return whose day's law was applied and why that day, and the data-protection regime."""
    why = LAW_DATE_WORDS[assessment.law_date_from]
    return (
        f"Law of {day_words(assessment.law_date)}, {why}. "
        f"Data protection: {assessment.regime_label}; {PART_3_WORDS[assessment.part3]}."
    )


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
            both = cited_words((one.duty, one.prohibition), citations(assessment))
            return f"{words}: {both} command opposite things; a lawyer must say which prevails."
        case _:
            layers = names_in_words([_within(label) for label in open_layers(assessment)])
            start = f"{clause[0].upper()}{clause[1:]}, but " if clause else ""
            return f"{words}: {start}no answer was found for {layers}." if layers else f"{words}."


def judgement_sentence(judgement: OpenJudgement) -> str:
    """Return a judgement: the question, who should be asked and what to weigh; or how it was answered."""
    if judgement.answer is not None:
        return f"{judgement.question} {answer_given(judgement)}"
    asked = f" Ask: {judgement.asked_of}." if judgement.asked_of else ""
    weigh = f" Weigh: {judgement.weigh}" if judgement.weigh else ""
    return f"{judgement.question}{asked}{weigh}"


def answer_given(judgement: OpenJudgement) -> str:
    """Return the answer that counts for a judgement: by whom and when; empty when there is none."""
    if judgement.answer is None:
        return ""
    word = "yes" if judgement.answer else "no"
    return f"Answered {word} by {judgement.made_by} on {day_words(judgement.on)}."


def judgements_once(
    assessment: DisclosureAssessment,
) -> list[tuple[OpenJudgement, tuple[str, ...]]]:
    """Return each question once for each role and answer, with the provisions that wait for it."""
    first: dict[tuple[str, str, str], OpenJudgement] = {}
    waiting: dict[tuple[str, str, str], dict[str, None]] = {}
    for judgement in assessment.judgements:
        key = (judgement.id, judgement.role, answer_given(judgement))
        first.setdefault(key, judgement)
        waiting.setdefault(key, {})[judgement.provision] = None
    return [(one, tuple(waiting[key])) for key, one in first.items()]


def role_sentence(
    judgement: OpenJudgement, provisions: Sequence[str], cited: Mapping[str, str]
) -> str:
    """Return for which provisions the answer to a question is, and what it does to them."""
    words = cited_words(provisions, cited)
    return (
        f"For {words}."
        if judgement.answer is not None
        else f"{ROLE_WORDS[judgement.role]}: {words}."
    )


def holds_sentence(holds: Holds) -> str:
    """Return between which days an answer holds, with what opens and closes the time."""
    start = (
        f"from {day_words(holds.start)}"
        if holds.start
        else "from before the first date in the graph"
    )
    if holds.opens:
        start += f" ({legal_changes_sentence(holds.opens)})"
    if not holds.end:
        return f"These facts have this answer {start}; no later change in the graph touches it."
    end = f" ({legal_changes_sentence(holds.closes)})" if holds.closes else ""
    return f"These facts have this answer {start} until {day_words(holds.end)}, that day excluded{end}."


def conflict_sentence(conflict: Conflict, cited: Mapping[str, str]) -> str:
    """Return a conflict of a duty and a prohibition; ``cited`` are citations by id."""
    return (
        f"{cited[conflict.duty]} commands the disclosure and {cited[conflict.prohibition]} forbids "
        "it; neither gives way. A lawyer must say which prevails."
    )


def conflict_sentences(assessment: DisclosureAssessment) -> list[str]:
    """Return each conflict once, however many strands it is on."""
    cited = citations(assessment)
    return list(dict.fromkeys(conflict_sentence(one, cited) for one in assessment.conflicts))


def disagreement_sentence(found: Disagreement, cited: Mapping[str, str]) -> str:
    """Return where guidance in point says what the law does not; ``cited`` are citations by id."""
    label = sentence(found.guidance_label).rstrip(".")
    return (
        f"{label} ({cited[found.guidance]}, against {cited[found.provision]}). "
        f"{sentence(found.note)}"
    )


def discrepancy_sentences(found: Discrepancy) -> list[str]:
    """Return a recorded difference of the sources: both positions, what is followed, where, how sure."""
    documents = "; ".join(found.documents)
    said = [
        f"The source: {sentence(found.says)}",
        f"The law: {sentence(found.law_says)}",
        f"This graph follows {found.follows}. {sentence(found.reason)}",
        f"Stated in: {documents}." if documents else "",
        "" if found.settled else "Not settled by the text of the law.",
        f"{sentence(AWAITING)}" if found.review_status != "confirmed" else "",
    ]
    return [words for words in said if words]


def blocked_sentence(provision: ProvisionResult, cited: Mapping[str, str]) -> str:
    """Return what takes a provision away; empty when nothing does."""
    words = cited_words(provision.blocked_by, cited)
    return f"Blocked by {words}." if words else ""


def why_not(provision: ProvisionResult, cited: Mapping[str, str]) -> str:
    """Return in one sentence why a provision does not apply; ``cited`` are citations by id."""
    if provision.state == "not-in-force":
        start, end = provision.in_force
        return (
            f"in force from {day_words(start)}"
            + (f" until {day_words(end)} (that day no longer)" if end else "")
            if start
            else "not commenced"
        )
    failed = [c.label for c in provision.conditions if c.state == "not-met"]
    if failed:
        return "not met: " + "; ".join(failed)
    if provision.state == "blocked":
        return "blocked by " + cited_words(provision.blocked_by, cited)
    if provision.effect == "bar":
        return "there is nothing here for it to restrict"
    if provision.state == "not-applicable":
        return "there is nothing here for it to lift or justify"
    return PROVISION_WORDS[provision.state]


def why_not_words(provision: ProvisionResult, cited: Mapping[str, str]) -> str:
    """Return why a provision does not apply as a sentence; empty where its state says it."""
    if provision.state not in {"not-applicable", "not-in-force", "blocked"}:
        return ""
    return f"Why not: {why_not(provision, cited)}."


def why_not_sentence(provision: ProvisionResult, cited: Mapping[str, str]) -> str:
    """Return a provision that does not fit, its state and why, in one sentence."""
    state = PROVISION_WORDS[provision.state]
    return f"{provision.citation}: {provision.label}. {state}: {why_not(provision, cited)}."


def not_fitting(assessment: DisclosureAssessment) -> tuple[list[ProvisionResult], int]:
    """Return the duties and powers that do not fit or are not in force, and how many others do not."""
    rest = [p for p in assessment.provisions if p.state not in BEARING]
    named = [p for p in rest if p.effect in _VERB]
    return named, len(rest) - len(named)


def how_to_see(assessment: DisclosureAssessment, others: int) -> str:
    """Return how to see what is not shown in full; ``others`` are provisions that are not named."""
    count = f"{others} other provisions that do not fit are not listed here. " if others else ""
    command = f"kg why {assessment.file} PROVISION"
    return f"{count}Any provision of the graph, condition by condition: {command}; all: --json."


def other_strands(
    provision: ProvisionResult,
) -> Iterator[tuple[str, tuple[ConditionResult, ...]]]:
    """Yield strands whose conditions differ from those already shown, the deciding strand's first."""
    seen = {provision.conditions}
    for strand, conditions in provision.conditions_by_strand.items():
        if conditions not in seen:
            seen.add(conditions)
            yield strand, conditions
