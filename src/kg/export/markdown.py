"""An answer as Markdown: the facts of the text, the page and the JSON, in the same sentences.

The rule of what is shown: docs/reference/answers.md, “The same facts in every format”. Everything
that is not a mark of ours is escaped, so that no word of a case can be read as Markdown or HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kg import explain
from kg.assess.nearest import Ways
from kg.model import DisclosureAssessment, ProvisionResult

#: Characters with a meaning somewhere in Markdown; a backslash takes it away.
_MARKS = re.compile(r"([\\`*_{}\[\]~#!$^])")
#: Characters that HTML or a table could read even behind a backslash.
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"})
#: Control characters, and those that turn the direction of writing.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
#: What would begin a list, or a line under a heading: a backslash goes before its last character.
_START = re.compile(r"\A(\d*)([-+=.)])")
_ADDRESS = re.compile(r"https?://[^\s<>()\\]+\Z")


def escaped(words: str) -> str:
    """Return words on one line in which nothing is a mark of Markdown, HTML or a bare link."""
    text = " ".join(_UNSEEN.sub(" ", words).split())
    text = _MARKS.sub(r"\\\1", text).translate(_ENTITIES)
    text = text.replace("://", ":\\/\\/").replace("www.", "www\\.").replace("WWW.", "WWW\\.")
    return _START.sub(r"\1\\\2", text)


def assessment_markdown(assessments: Sequence[DisclosureAssessment]) -> str:
    """Return the answers for disclosures, each under a heading of its own."""
    return _text(words for one in assessments for words in _disclosure(one))


def why_markdown(
    assessment: DisclosureAssessment, provision: ProvisionResult, note: str, ways: Ways | None
) -> str:
    """Return one provision for one disclosure: conditions by strand, and what would have to change."""
    return _text(_why(assessment, provision, note, ways))


def _text(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def _list(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {escaped(words)}" for words in sentences)


def _disclosure(assessment: DisclosureAssessment) -> Iterator[str]:
    cited = explain.citations(assessment)
    yield f"# {escaped(explain.answer_sentence(assessment))}"
    yield from _head(assessment)
    yield _list(f"{key}: {value}" for key, value in assessment.summary.items())
    yield "## The whole answer, layer by layer"
    yield _layers(assessment, cited)
    if assessment.holds:
        yield escaped(explain.holds_sentence(assessment.holds))
    yield from _open(assessment, cited)
    for group in explain.groups_of(assessment):
        if group.bearing:
            yield f"## {escaped(group.heading)}"
            yield escaped(group.intro)
            for provision in group.provisions:
                yield from _provision(provision, cited, "###")
    yield from _beside(assessment, cited)
    yield from _rest(assessment, cited)


def _head(assessment: DisclosureAssessment) -> Iterator[str]:
    title = f" · {assessment.title}" if assessment.title else ""
    yield escaped(f"{assessment.case} · {assessment.id}{title}")
    yield escaped(explain.law_date_sentence(assessment))


def _layers(assessment: DisclosureAssessment, cited: Mapping[str, str]) -> str:
    rows = ["| Layer | Answer | Carried by |", "|---|---|---|"]
    for layer in assessment.layers.values():
        by = "; ".join(dict.fromkeys(cited[name] for name in layer.by))
        words = "; ".join(filter(None, (by, layer.note)))
        cells = (layer.label, explain.LAYER_WORDS[layer.state], words)
        rows.append(f"| {' | '.join(map(escaped, cells))} |")
    return "\n".join(rows)


def _open(assessment: DisclosureAssessment, cited: Mapping[str, str]) -> Iterator[str]:
    asked = explain.judgements_once(assessment)
    if asked:
        yield "## For a person to judge"
        yield _list(
            f"{explain.judgement_sentence(one)} {explain.role_sentence(one, names, cited)}"
            for one, names in asked
        )
    if assessment.missing:
        yield "## Facts that are missing and could change the answer"
        yield _list(
            f"{explain.missing_sentence(gap)} For {explain.cited_words(norms, cited)}."
            for gap, norms in assessment.missing
        )


def _provision(provision: ProvisionResult, cited: Mapping[str, str], level: str) -> Iterator[str]:
    review = explain.sentence(explain.AWAITING) if provision.review_status != "confirmed" else ""
    yield f"{level} {escaped(f'{provision.citation}: {provision.label}')}"
    state = escaped(explain.PROVISION_WORDS[provision.state])
    beside = (explain.FALLBACK if provision.fallback else "", review)
    yield f"**{state}.** {escaped(' '.join(filter(None, beside)))}".rstrip()
    yield _list(explain.condition_sentence(condition) for condition in provision.conditions)
    yield escaped(explain.blocked_sentence(provision, cited))
    if provision.partly:
        yield _list(
            explain.strand_state_sentence(strand, state)
            for strand, state in provision.by_strand.items()
        )
    linked = _ADDRESS.match(provision.url)
    source = f"[text](<{provision.url}>)" if linked else escaped(provision.url)
    in_force = escaped(explain.in_force_words(provision.in_force))
    yield f"{in_force}. {source} `{provision.id}`"


def _beside(assessment: DisclosureAssessment, cited: Mapping[str, str]) -> Iterator[str]:
    if assessment.conflicts:
        yield "## Conflicts"
        yield _list(explain.conflict_sentences(assessment))
    if assessment.disagreements:
        yield "## Where guidance says what the law does not"
        yield _list(explain.disagreement_sentence(d, cited) for d in assessment.disagreements)
    if assessment.discrepancies:
        yield "## Where the sources disagree"
    for found in assessment.discrepancies:
        yield f"### {escaped(explain.sentence(found.label).rstrip('.'))}"
        about = f"For {explain.cited_words(found.provisions, cited)}."
        yield _list([*explain.discrepancy_sentences(found), about])
    if waiting := explain.awaiting_sentence(explain.awaiting(assessment)):
        yield "## What awaits confirmation"
        yield escaped(waiting)
    if assessment.warnings:
        yield "## Taken as so, and other notes"
        yield _list(assessment.warnings)


def _rest(assessment: DisclosureAssessment, cited: Mapping[str, str]) -> Iterator[str]:
    named, others = explain.not_fitting(assessment)
    if named:
        yield "## Duties and powers that do not fit, and why"
        yield "\n".join(
            f"- {escaped(explain.why_not_sentence(one, cited))} `{one.id}`" for one in named
        )
    yield escaped(explain.how_to_see(assessment, others))
    yield from _standing()


def _standing() -> Iterator[str]:
    yield escaped(explain.NOT_A_BAN)
    yield f"**{escaped(explain.EMERGENCY)}** Not legal advice."


def _why(
    assessment: DisclosureAssessment, provision: ProvisionResult, note: str, ways: Ways | None
) -> Iterator[str]:
    cited = explain.citations(assessment)
    state = explain.PROVISION_WORDS[provision.state]
    yield f"# {escaped(f'{provision.citation}: {state}')}"
    yield from _head(assessment)
    yield from _provision(provision, cited, "##")
    yield escaped(explain.why_not_words(provision, cited))
    yield escaped(f"What it does not do: {note}") if note else ""
    for strand, conditions in explain.other_strands(provision):
        yield escaped(explain.strand_state_sentence(strand, provision.by_strand[strand]))
        yield _list(explain.condition_sentence(condition) for condition in conditions)
    if ways is not None:
        yield "## What would have to change"
        yield _list(explain.ways_sentences(ways, cited))
    yield from _standing()
