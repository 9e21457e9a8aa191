"""The generated pages are complete: every norm, condition, key and value, with its meaning."""

from __future__ import annotations

import re
from functools import cache

from kg.assess import Engine
from kg.case_keys import BLOCKS, TYPES
from kg.export.case_reference import reference_page
from kg.export.provisions import anchor, provisions_page
from kg.load import load_case_text, load_law


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def provisions() -> str:
    return provisions_page(engine())


@cache
def case_file() -> str:
    return reference_page(engine().law)


def test_every_norm_and_list_has_its_place() -> None:
    """Every norm and every statutory list has one section with its name."""
    for name in (*engine().table.norms, *engine().law.instances("kg:StatutoryList")):
        assert provisions().count(f'<a id="{anchor(name)}"></a>') == 1, name
        assert f"`{name}`" in provisions()


def test_every_condition_says_what_meets_it() -> None:
    """Below every condition stands at least one way to meet it, in words of the case file."""
    lines = provisions().splitlines()
    numbered = [n for n, line in enumerate(lines) if re.match(r"\d+\. .+ \(`", line)]
    assert len(numbered) == sum(len(norm.conditions) for norm in engine().table.norms.values())
    assert [lines[n] for n in numbered if not lines[n + 1].startswith("   - ")] == []
    assert "nothing in the graph" not in provisions()


def test_ways_are_written_in_keys_and_values() -> None:
    """The page speaks of keys, not of properties of the vocabulary."""
    ways = [line for line in provisions().splitlines() if line.startswith("   - ")]
    assert [line for line in ways if re.search(r"`kg:|owl:|_:", line)] == []
    assert any("`disclosure/request/enquiry-open` is `yes`" in line for line in ways)
    assert any("a person answers *no* to `undue-prejudice-to-functions`" in line for line in ways)


def test_dates_of_list_entries_are_half_open() -> None:
    """An entry that ended says that its last day no longer counts."""
    assert "until 2012-11-22 (that day no longer)" in provisions()


def test_every_key_stands_in_its_table() -> None:
    """Every key of every block has a row, and every type is explained."""
    for block in BLOCKS.values():
        section = case_file().split(f'<a id="{block.name}"></a>')[1].split("\n### ")[0]
        assert [key.name for key in block.keys if f"\n| `{key.name}` |" not in section] == []
    assert [name for name in TYPES if f"\n| {name} |" not in case_file()] == []


def test_every_value_stands_in_its_list() -> None:
    """Every kind and value has a row with its label; every question its code."""
    law = engine().law
    for block in BLOCKS.values():
        for key in block.keys:
            for word, name in law.vocabulary(key.listed).items() if key.listed else ():
                assert f"| `{word}` | {law.label(name)} |" in case_file(), word
    for question in law.instances("kg:Question"):
        assert f"| {law.label(question)} | {law.text(question, 'kg:code')} |" in case_file()


def test_the_cases_on_the_page_load() -> None:
    """The cases shown in YAML, JSON-LD and Turtle are read without an error."""
    found = re.findall(r"```(yaml|json|turtle)\n(.*?)```", case_file(), re.DOTALL)
    assert {language for language, _ in found} == {"yaml", "json", "turtle"}
    for language, text in found:
        if not text.startswith("expect:"):
            assert load_case_text(text, language, engine().law, "page").name == "my-first-case"
