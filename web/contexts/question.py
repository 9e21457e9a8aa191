"""The pages of questions: the catalogue, and one question with its form and answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kg import ask, explain
from kg.ask import Answer, Parameter, Question
from kg.explain import sentence
from kg.namespaces import PREFIXES, shorten
from web.contexts.common import (
    DateField,
    FieldError,
    Page,
    Site,
    safe_url,
    written_out,
)
from web.forms import QuestionEntry, choices_of, is_date

if TYPE_CHECKING:
    from web.loaded import Loaded

_CASES = PREFIXES["case"]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One line of the catalogue: id, text, what it asks for, whether it needs a case."""

    id: str
    text: str
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsPage(Page):
    """``/questions``: the catalogue."""

    template: ClassVar[str] = "pages/questions.html"

    rows: tuple[QuestionRow, ...]

    @classmethod
    def of(cls, loaded: Loaded) -> QuestionsPage:
        """Return the catalogue."""
        rows = tuple(
            QuestionRow(
                q.id,
                q.text,
                (
                    *(["all cases that are loaded"] if q.over_cases else ()),
                    *(p.label for p in q.parameters),
                ),
            )
            for q in loaded.questions
        )
        return cls(site=Site.of(loaded), title="Questions", part="questions", rows=rows)


@dataclass(frozen=True, slots=True)
class SelectField:
    """A pick-list: name, label, choices as (value, words), the value chosen, mistake."""

    kind: ClassVar[str] = "select"

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    optional: bool
    value: str = ""
    error: str = ""

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """The mistake as an entry of the error summary."""
        return (FieldError(self.error, self.name),) if self.error else ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an answer: words, and where they lead: an address outside, or a case."""

    text: str
    url: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an answer under their columns.

    ``asked`` repeats what was chosen, as (label, words); ``nothing`` is what to say when there are
    no rows; ``caveats`` are read with every answer; ``sparql`` is the query that was run;
    ``left_out`` says which cases are not counted, and why.
    """

    asked: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    nothing: str
    caveats: tuple[str, ...]
    sparql: str
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage(Page):
    """``/questions/<id>``: the form, and once it is filled in the answer (None before).

    ``definition`` says what the answer contains; ``no_cases`` that the question needs a case and
    none is loaded.
    """

    template: ClassVar[str] = "pages/question.html"

    id: str
    text: str
    definition: str
    fields: tuple[SelectField | DateField, ...]
    answer: Table | None
    no_cases: bool

    @classmethod
    def of(
        cls, loaded: Loaded, question: Question, entry: QuestionEntry, answer: Answer | None
    ) -> QuestionPage:
        """Return the page for what was chosen so far, and its answer."""
        fields = tuple(
            _field(parameter, entry, loaded)
            for parameter in question.parameters
            if loaded.cases or parameter.type != "case" or not parameter.optional
        )
        return cls(
            site=Site.of(loaded),
            title=f"{question.id}: {question.text}",
            part="questions",
            errors=tuple(error for field in fields for error in field.errors),
            id=question.id,
            text=question.text,
            definition=question.definition,
            fields=fields,
            answer=_table(answer, loaded) if answer else None,
            no_cases=question.case_needed and not loaded.cases,
        )


def _field(parameter: Parameter, entry: QuestionEntry, loaded: Loaded) -> SelectField | DateField:
    name = parameter.name
    label = sentence(parameter.label).rstrip(".") + (" (optional)" if parameter.optional else "")
    if is_date(parameter):
        return DateField.of(name, label, "For example, 14 3 2023.", entry.dates[name])
    return SelectField(
        name,
        label,
        choices_of(parameter, loaded.cases),
        parameter.optional,
        entry.values.get(name, ""),
        entry.errors.get(name, ""),
    )


def _table(answer: Answer, loaded: Loaded) -> Table:
    return Table(
        tuple((sentence(label).rstrip("."), written_out(words)) for label, words in answer.values),
        answer.columns,
        tuple(tuple(_cell(cell, loaded) for cell in row) for row in answer.rows),
        answer.nothing,
        answer.question.caveats,
        answer.sparql,
        tuple(f"{p.file}: {p.what}" for error in answer.left_out for p in error.problems),
    )


def _cell(cell: ask.Cell, loaded: Loaded) -> Cell:
    name = shorten(cell.iri).removeprefix("case:").partition("/")[0]
    case = name if cell.iri.startswith(_CASES) and name in loaded.by_name else ""
    words = explain.AWAITING if cell.text == "to-be-confirmed" else written_out(cell.text)
    return Cell(words, safe_url(cell.url), case)
