"""Dates and choices as visitors type them."""

from __future__ import annotations

from datetime import date

import pytest

from web.forms import read_date, read_page


@pytest.mark.parametrize(
    "arguments",
    [
        {"as-at": "2023-03-14"},
        {"as-at": " 2023-03-14 "},
        {"as-at-day": "14", "as-at-month": "3", "as-at-year": "2023"},
        {"as-at-day": "14 ", "as-at-month": "03", "as-at-year": " 2023"},
    ],
)
def test_a_date_is_read(arguments: dict[str, str]) -> None:
    """One parameter and three fields give the same day; only the three are marked as split."""
    entry = read_date(arguments, "as-at", "The date")

    assert (entry.value, entry.error) == (date(2023, 3, 14), "")
    assert entry.split == ("as-at" not in arguments)


def test_nothing_typed_is_no_mistake() -> None:
    """Empty fields ask for no date."""
    entry = read_date({"as-at": "", "as-at-day": " "}, "as-at", "The date")

    assert (entry.value, entry.error, entry.split) == (None, "", False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"d": "2023-02-30"}, "real date"),
        ({"d": "14/03/2023"}, "like 2023-03-14"),
        ({"d": "2023-3-14"}, "like 2023-03-14"),
        ({"d": "2023-03-14T00:00"}, "like 2023-03-14"),
        ({"d": "yesterday"}, "like 2023-03-14"),
        ({"d": "1066-10-14"}, "between 1900 and 2100"),
        ({"d": "9999-12-31"}, "between 1900 and 2100"),
        ({"d": "٢٠٢٣-٠٣-١٤"}, "numbers"),
        ({"d-day": "14", "d-year": "2023"}, "include a month"),
        ({"d-day": "14"}, "include a month and a year"),
        ({"d-day": "14", "d-month": "March", "d-year": "2023"}, "numbers"),
        ({"d-day": "-1", "d-month": "3", "d-year": "2023"}, "numbers"),
        ({"d-day": "31", "d-month": "4", "d-year": "2023"}, "real date"),
        ({"d-day": "1" * 5000, "d-month": "4", "d-year": "2023"}, "numbers"),
    ],
)
def test_a_bad_date_says_what_to_do(arguments: dict[str, str], words: str) -> None:
    """A bad date gives a sentence, and what was typed can be shown again."""
    entry = read_date(arguments, "d", "The date")

    assert entry.value is None
    assert words in entry.error
    assert entry.error.startswith("The date must")


@pytest.mark.parametrize(
    ("text", "page"),
    [("1", 1), ("3", 3), ("4", 1), ("0", 1), ("-1", 1), ("x", 1), ("", 1), ("²", 1), ("9" * 99, 1)],
)
def test_a_page_number_stays_in_the_list(text: str, page: int) -> None:
    """A number outside the list is the first page."""
    assert read_page({"page": text}, 3) == page
