"""The pages of cases: the list, and the answer for one case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from markupsafe import Markup

from kg import explain
from kg.assess import Engine
from kg.assess.nearest import Nearest
from kg.errors import KgError, Problem
from kg.explain import sentence
from kg.export.picture import ListItem, picture_list, picture_of
from kg.export.svg import picture_svg
from kg.model import Case, DisclosureAssessment, Outcome, RecordReport
from web.contexts.common import (
    DateField,
    Page,
    Site,
    Tag,
    anchor,
    safe_url,
    written_out,
)
from web.contexts.provision import Group, groups_of
from web.contexts.record import Record, records_of
from web.forms import DateEntry

if TYPE_CHECKING:
    from web.loaded import Loaded

_OUTCOME_COLOURS: dict[Outcome, str] = {
    "established": "green",
    "established-if-judged": "yellow",
    "not-established": "grey",
    "barred": "red",
    "conflict": "orange",
    "no-authority-needed": "green",
}
_LAYER_COLOURS = {
    "shown": "green",
    "if-judged": "yellow",
    "not-shown": "grey",
    "barred": "red",
    "not-needed": "grey",
}
PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list: name, title, and for each disclosure its id and outcome."""

    name: str
    title: str
    outcomes: tuple[tuple[str, Tag], ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesPage(Page):
    """``/cases``: page ``number`` of ``pages``, and the files that could not be read."""

    template: ClassVar[str] = "pages/cases.html"

    rows: tuple[CaseRow, ...]
    number: int
    pages: int
    unread: tuple[Problem, ...]

    @classmethod
    def of(cls, loaded: Loaded, number: int) -> CasesPage:
        """Return page ``number`` (from 1) of the list."""
        start = (number - 1) * PER_PAGE
        rows = tuple(_row(case, loaded) for case in loaded.cases[start : start + PER_PAGE])
        return cls(
            site=Site.of(loaded),
            title="Cases",
            part="cases",
            rows=rows,
            number=number,
            pages=page_count(loaded),
            unread=tuple(loaded.unread),
        )


def page_count(loaded: Loaded) -> int:
    """Return how many pages the list of cases has, at least one."""
    return max(1, -(-len(loaded.cases) // PER_PAGE))


def _row(case: Case, loaded: Loaded) -> CaseRow:
    try:
        found = loaded.assess(case)
    except KgError as error:
        return CaseRow(case.name, case.title, (), error.problems[0].what)
    return CaseRow(case.name, case.title, tuple((a.id, outcome_tag(a)) for a in found))


def outcome_tag(assessment: DisclosureAssessment) -> Tag:
    """Return the outcome in words."""
    return Tag(explain.OUTCOME_WORDS[assessment.outcome], _OUTCOME_COLOURS[assessment.outcome])


@dataclass(frozen=True, slots=True)
class Cited:
    """A provision named in the answer: its citation, its place on the page, its text outside."""

    citation: str
    anchor: str
    url: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the answer and the provisions that carry it."""

    label: str
    tag: Tag
    by: tuple[Cited, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """A question for a person; answered when ``answer`` is not empty."""

    question: str
    asked_of: str
    weigh: str
    role: str
    provisions: tuple[Cited, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A missing fact that can still change the answer, and the provisions it matters for."""

    sentence: str
    provisions: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where guidance in point says what the law does not."""

    sentence: str
    law: Cited
    url: str


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """A recorded difference of the sources: its name, both positions, the provisions it is about."""

    label: str
    sentences: tuple[str, ...]
    provisions: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The answer for one disclosure, in the order in which it is read."""

    name: str
    anchor: str
    answer: str
    tag: Tag
    law: str
    holds: str
    summary: tuple[tuple[str, str], ...]
    layers: tuple[Layer, ...]
    groups: tuple[Group, ...]
    open_judgements: tuple[Judgement, ...]
    made_judgements: tuple[Judgement, ...]
    gaps: tuple[Gap, ...]
    conflicts: tuple[str, ...]
    differences: tuple[Difference, ...]
    discrepancies: tuple[Discrepancy, ...]
    awaiting: tuple[Cited, ...]
    picture: Markup
    picture_list: tuple[ListItem, ...]
    warnings: tuple[str, ...]
    not_a_ban: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage(Page):
    """``/cases/<name>``: the answer for each disclosure, then what the records lack.

    ``records`` is None when the case has no record. A page with a mistake in its date has no
    disclosures: an answer for another day than the one asked for would mislead.
    """

    template: ClassVar[str] = "pages/case.html"

    name: str
    case_title: str
    heading: str
    as_at: DateField
    as_at_value: str
    disclosures: tuple[Disclosure, ...]
    records: tuple[Record, ...] | None
    standing: tuple[str, ...] = (explain.EMERGENCY, explain.NOT_A_BAN)

    @classmethod
    def of(
        cls,
        loaded: Loaded,
        case: Case,
        entry: DateEntry,
        assessments: Sequence[DisclosureAssessment],
        reports: Sequence[RecordReport] | None,
        nearest: Sequence[Nearest],
    ) -> CasePage:
        """Return the page for a case whose answers and reports were computed."""
        many = len(assessments) > 1
        disclosures = tuple(
            _disclosure(a, loaded.engine, near, a.id if place else "")
            for place, (a, near) in enumerate(zip(assessments, nearest, strict=True))
        )
        heading = (
            f"{len(assessments)} disclosures, each with its own answer"
            if many
            else disclosures[0].answer
        )
        words = disclosures[0].tag.text if not many else heading
        return cls(
            site=Site.of(loaded),
            title=f"{case.name}: {words}",
            part="cases",
            name=case.name,
            case_title=case.title,
            heading=heading,
            as_at=_date_field(entry),
            as_at_value=entry.value.isoformat() if entry.value else "",
            disclosures=disclosures,
            records=None if reports is None else records_of(reports),
        )

    @classmethod
    def wrong_date(cls, loaded: Loaded, case: Case, entry: DateEntry) -> CasePage:
        """Return the page that asks for the date again."""
        field = _date_field(entry)
        return cls(
            site=Site.of(loaded),
            title=f"{case.name}: choose the date of the law",
            part="cases",
            errors=field.errors,
            name=case.name,
            case_title=case.title,
            heading="Choose the date of the law",
            as_at=field,
            as_at_value="",
            disclosures=(),
            records=None,
        )


def _date_field(entry: DateEntry) -> DateField:
    return DateField.of(
        "as-at",
        "Law as at which day?",
        "For example, 14 3 2023. Leave empty for the day of the disclosure.",
        entry,
    )


def _disclosure(
    assessment: DisclosureAssessment, engine: Engine, nearest: Nearest, prefix: str
) -> Disclosure:
    judgements, cited = _judgements(assessment, prefix), explain.citations(assessment)
    picture = picture_of(assessment)
    return Disclosure(
        name=assessment.id,
        anchor=anchor("disclosure", assessment.id),
        answer=explain.answer_sentence(assessment),
        tag=outcome_tag(assessment),
        law=explain.law_date_sentence(assessment),
        holds=explain.holds_sentence(assessment.holds) if assessment.holds else "",
        summary=tuple((key, written_out(words)) for key, words in assessment.summary.items()),
        layers=tuple(
            Layer(
                layer.label,
                Tag(explain.LAYER_WORDS[layer.state], _LAYER_COLOURS[layer.state]),
                _cited(layer.by, assessment, prefix),
                sentence(layer.note),
            )
            for layer in assessment.layers.values()
        ),
        groups=groups_of(assessment, engine, nearest, prefix),
        open_judgements=tuple(j for j in judgements if not j.answer),
        made_judgements=tuple(j for j in judgements if j.answer),
        gaps=tuple(
            Gap(explain.missing_sentence(gap), _cited(norms, assessment, prefix))
            for gap, norms in assessment.missing
        ),
        conflicts=tuple(explain.conflict_sentences(assessment)),
        differences=tuple(
            Difference(
                explain.disagreement_sentence(d, cited),
                _cited((d.provision,), assessment, prefix)[0],
                safe_url(d.source),
            )
            for d in assessment.disagreements
        ),
        discrepancies=tuple(
            Discrepancy(
                sentence(d.label).rstrip("."),
                tuple(explain.discrepancy_sentences(d)),
                _cited(d.provisions, assessment, prefix),
            )
            for d in assessment.discrepancies
        ),
        awaiting=_cited([p.id for p in explain.awaiting(assessment)], assessment, prefix),
        picture=Markup(picture_svg(picture)),  # noqa: S704 - an XML writer escaped every word
        picture_list=picture_list(picture),
        warnings=assessment.warnings,
        not_a_ban=explain.NOT_A_BAN if assessment.outcome == "not-established" else "",
    )


def _cited(
    names: Sequence[str], assessment: DisclosureAssessment, prefix: str
) -> tuple[Cited, ...]:
    found = []
    for name in dict.fromkeys(names):
        result = assessment.provision(name)
        if result:
            found.append(Cited(result.citation, anchor(prefix, name), safe_url(result.url)))
    return tuple(found)


def _judgements(assessment: DisclosureAssessment, prefix: str) -> list[Judgement]:
    return [
        Judgement(
            question=one.question,
            asked_of=sentence(one.asked_of),
            weigh=sentence(one.weigh),
            role=f"{explain.ROLE_WORDS[one.role]}:",
            provisions=_cited(provisions, assessment, prefix),
            answer=explain.answer_given(one),
        )
        for one, provisions in explain.judgements_once(assessment)
    ]
