"""What a visitor typed into a form: dates and choices, read and checked, never trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kg.ask import Parameter, Question
from kg.model import Case

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, slots=True)
class DateEntry:
    """A date as typed.

    ``value`` is the date, None when nothing was typed or ``error`` says what is wrong with it.
    ``parts`` are day, month and year as typed, to be shown again. ``split`` marks three fields,
    which are turned into one parameter.
    """

    value: date | None = None
    parts: tuple[str, str, str] = ("", "", "")
    error: str = ""
    split: bool = False


def read_date(arguments: Mapping[str, str], name: str, what: str) -> DateEntry:
    """Return the date of ``name`` (YYYY-MM-DD), or of ``name-day``, ``-month`` and ``-year``.

    ``what`` names the date in an error, as in “The date of the law”.
    """
    whole = arguments.get(name, "").strip()
    if whole:
        found = _ISO.match(whole)
        if not found:
            return DateEntry(error=f"{what} must be written like 2023-03-14")
        year, month, day = found.groups()
        return _checked((day, month, year), what, split=False)
    day, month, year = (
        arguments.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")
    )
    if not (day or month or year):
        return DateEntry()
    return _checked((day, month, year), what, split=True)


def _checked(parts: tuple[str, str, str], what: str, *, split: bool) -> DateEntry:
    missing = [word for word, text in zip(("day", "month", "year"), parts, strict=True) if not text]
    if missing:
        return DateEntry(None, parts, f"{what} must include a {' and a '.join(missing)}", split)
    if not all(text.isascii() and text.isdigit() and len(text) <= 4 for text in parts):  # noqa: PLR2004
        return DateEntry(None, parts, f"{what} must be in numbers, such as 14 3 2023", split)
    day, month, year = (int(text) for text in parts)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return DateEntry(
            None, parts, f"{what} must have a year between {_FIRST_YEAR} and {_LAST_YEAR}", split
        )
    try:
        return DateEntry(date(year, month, day), parts, "", split)
    except ValueError:
        return DateEntry(None, parts, f"{what} must be a real date", split)


def read_page(arguments: Mapping[str, str], pages: int) -> int:
    """Return the page of a list asked for, from 1 to ``pages``; anything else is page 1."""
    text = arguments.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1  # noqa: PLR2004
    return number if 1 <= number <= pages else 1


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """What was chosen for a question.

    ``values`` are the valid ones by parameter (dates as YYYY-MM-DD), ``errors`` what is wrong by
    parameter, ``dates`` the dates as typed. ``complete`` means that the question can be answered;
    ``split`` marks dates in three fields, which are turned into one parameter.
    """

    values: Mapping[str, str]
    errors: Mapping[str, str]
    dates: Mapping[str, DateEntry]
    complete: bool
    split: bool


def is_date(parameter: Parameter) -> bool:
    """Return whether a parameter is a date."""
    return parameter.type == "date"


def choices_of(parameter: Parameter, cases: Sequence[Case]) -> tuple[tuple[str, str], ...]:
    """Return the pick-list of a parameter as (value, words); for a case those that are loaded."""
    if parameter.type == "case":
        return tuple((c.name, f"{c.name}: {c.title}" if c.title else c.name) for c in cases)
    return tuple(parameter.allowed)


def read_question(
    arguments: Mapping[str, str], question: Question, cases: Sequence[Case]
) -> QuestionEntry:
    """Return what was chosen. Nothing at all is no mistake: the form has not been sent yet.

    Where a case may be given instead of the values, one of the two is wanted, not both.
    """
    values: dict[str, str] = {}
    errors: dict[str, str] = {}
    dates: dict[str, DateEntry] = {}
    sent = any(
        key.rpartition("-")[0] in _names(question) or key in _names(question) for key in arguments
    )
    by_case = question.or_case and any(
        p.type == "case" and arguments.get(p.name, "").strip() for p in question.parameters
    )
    for parameter in question.parameters:
        name = parameter.name
        if is_date(parameter):
            dates[name] = read_date(arguments, name, parameter.label)
            if dates[name].error:
                errors[name] = dates[name].error
            day = dates[name].value
            value = day.isoformat() if day else ""
        else:
            value = arguments.get(name, "").strip()
            if value and value not in dict(choices_of(parameter, cases)):
                errors[name], value = f"{parameter.label}: choose from the list", ""
        if value:
            values[name] = value
            if by_case and parameter.type != "case":
                errors[name] = f"{parameter.label}: leave it empty, or choose no case"
        elif sent and not parameter.optional and name not in errors and not by_case:
            errors[name] = (
                f"{parameter.label}: {'enter a date' if is_date(parameter) else 'choose one'}"
            )
    complete = not errors and (sent or all(p.optional for p in question.parameters))
    return QuestionEntry(values, errors, dates, complete, any(d.split for d in dates.values()))


def _names(question: Question) -> set[str]:
    return {parameter.name for parameter in question.parameters}
