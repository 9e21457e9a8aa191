"""The pages of questions: the catalogue, and one question with its form and answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from kg.ask import Answer, Parameter, Question
from web.contexts.common import DateField, FieldError, Page, Site, day_words, safe_url
from web.forms import QuestionEntry, choices_of, is_date, needs_case

if TYPE_CHECKING:
    from web.loaded import Loaded


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
            QuestionRow(q.id, q.text, tuple(p.label for p in q.parameters)) for q in loaded.questions
        )
        return cls(site=Site.of(loaded), title="Questions", part="questions", rows=rows)


@dataclass(frozen=True, slots=True)
class SelectField:
    """A pick-list: name, label, choices as (value, words), the value chosen, mistake."""

    kind: ClassVar[str] = "select"

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    value: str = ""
    error: str = ""

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """The mistake as an entry of the error summary."""
        return (FieldError(self.error, self.name),) if self.error else ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of an answer: words, and an address where they lead somewhere known."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an answer under their columns, and the query that found them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sparql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionPage(Page):
    """``/questions/<id>``: the form, and once it is filled in the answer (None before).

    ``asked`` repeats what was chosen, as (label, words); ``no_cases`` says that the question needs
    a case and none is loaded.
    """

    template: ClassVar[str] = "pages/question.html"

    id: str
    text: str
    fields: tuple[SelectField | DateField, ...]
    asked: tuple[tuple[str, str], ...]
    answer: Table | None
    no_cases: bool

    @classmethod
    def of(
        cls, loaded: Loaded, question: Question, entry: QuestionEntry, answer: Answer | None
    ) -> QuestionPage:
        """Return the page for what was chosen so far, and its answer."""
        fields = tuple(_field(parameter, entry, loaded) for parameter in question.parameters)
        return cls(
            site=Site.of(loaded),
            title=f"{question.id}: {question.text}",
            part="questions",
            errors=tuple(error for field in fields for error in field.errors),
            id=question.id,
            text=question.text,
            fields=fields,
            asked=tuple(_asked(field, entry) for field in fields) if answer else (),
            answer=_table(answer) if answer else None,
            no_cases=needs_case(question) and not loaded.cases,
        )


def _field(parameter: Parameter, entry: QuestionEntry, loaded: Loaded) -> SelectField | DateField:
    name = parameter.name
    if is_date(parameter):
        return DateField.of(name, parameter.label, "For example, 14 3 2023.", entry.dates[name])
    choices = choices_of(parameter, loaded.cases)
    return SelectField(name, parameter.label, choices, entry.values.get(name, ""), entry.errors.get(name, ""))


def _asked(field: SelectField | DateField, entry: QuestionEntry) -> tuple[str, str]:
    value = entry.values.get(field.name, "")
    words = day_words(value) if isinstance(field, DateField) else dict(field.choices).get(value, value)
    return field.label, words or "not given"


def _table(answer: Answer) -> Table:
    rows = tuple(tuple(Cell(c.text, safe_url(c.url)) for c in row) for row in answer.rows)
    return Table(tuple(answer.columns), rows, answer.sparql)
