"""Changing a tree at a path: every way of naming a place, and an error for each that is none."""

from __future__ import annotations

import pytest

from kg.errors import BadRequest
from kg.load.change import changed, select
from kg.load.tree import Mapping, Scalar, Tree, plain, read_yaml

CASE = """\
case: small
parties:
  trust: {kind: nhs-trust}
  council: {kind: [local-authority, local-housing-authority]}
people:
  child: {age: 9}
disclosure:
  id: first
  from: trust
  to:
    - party: council
      contact: mailbox
    - party: trust
  items: notes
  subjects:
    - person: child
      consent: refused
  request:
    by: council
  judgements:
    - question: question:strictly-necessary
      answer: yes
record:
  cites: [ca1989:s47-9, {provision: ca1989:s47-1, as: context}, ca1989:s47-1]
"""


def tree(text: str = CASE) -> Mapping:
    found = read_yaml(text, "case.yaml")
    assert isinstance(found, Mapping)
    return found


def after(path: str, value: str | None) -> object:
    """Return the case as plain data after one change; the value is YAML."""
    new: Tree | None = None if value is None else read_yaml(value, "value")
    return plain(changed(tree(), {path: new}, "case.yaml"))


def at(data: object, *steps: str | int) -> object:
    for step in steps:
        data = data[step]  # type: ignore[index]
    return data


@pytest.mark.parametrize(
    ("path", "value", "steps", "expected"),
    [
        ("people/child/age", "10", ("people", "child", "age"), "10"),
        ("people/parent", "{age: 30}", ("people", "parent"), {"age": "30"}),
        ("disclosure/date", "2024-05-31", ("disclosure", "date"), "2024-05-31"),
        ("disclosure/first/date", "2024-05-31", ("disclosure", "date"), "2024-05-31"),
        ("disclosure/to/council/contact", "desk", ("disclosure", "to", 0, "contact"), "desk"),
        ("disclosure/to/2/contact", "desk", ("disclosure", "to", 1, "contact"), "desk"),
        ("disclosure/to/3", "{party: council}", ("disclosure", "to", 2, "party"), "council"),
        ("disclosure/items/notes/extent", "extract", ("disclosure", "items", "extent"), "extract"),
        (
            "disclosure/subjects/child/consent/reason",
            "carer-violence",
            ("disclosure", "subjects", 0, "consent"),
            {"state": "refused", "reason": "carer-violence"},
        ),
        (
            "disclosure/judgements/strictly-necessary/answer",
            "no",
            ("disclosure", "judgements", 0, "answer"),
            "no",
        ),
        (
            "disclosure/judgements/proportionate/answer",
            "no",
            ("disclosure", "judgements", 1),
            {"answer": "no", "question": "proportionate"},
        ),
        ("record/cites/ca1989:s47-9/as", "duty", ("record", "cites", 0, "as"), "duty"),
        ("record/public interest/for", "life", ("record", "public-interest"), {"for": "life"}),
        ("parties/council/kind/2", "school", ("parties", "council", "kind", 1), "school"),
        ("disclosure/concern/level", "possible-risk", ("disclosure", "concern", "level"), None),
    ],
)
def test_sets(path: str, value: str, steps: tuple[str | int, ...], expected: object) -> None:
    assert at(after(path, value), *steps) == (expected or value)


@pytest.mark.parametrize(
    ("path", "steps", "expected"),
    [
        ("people/child", ("people",), None),
        ("disclosure/to/council", ("disclosure", "to"), [{"party": "trust"}]),
        ("disclosure/judgements/1", ("disclosure", "judgements"), None),
        ("disclosure/subjects/child/consent", ("disclosure", "subjects", 0), {"person": "child"}),
        ("record/cites/2/as", ("record", "cites", 1), {"provision": "ca1989:s47-1"}),
    ],
)
def test_removes(path: str, steps: tuple[str | int, ...], expected: object) -> None:
    if expected is None:
        assert steps[-1] not in at(after(path, None), *steps[:-1])  # type: ignore[operator]
    else:
        assert at(after(path, None), *steps) == expected


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("disclosure/dates", "2024-05-31", "did you mean date"),
        ("peple/child/age", "9", "did you mean people"),
        ("people/chidl/age", "9", "did you mean child"),
        ("people/chidl", None, "did you mean child"),
        ("disclosure/urgent", None, "nothing to remove"),
        ("disclosure/to/police/contact", None, "members: council, trust"),
        ("disclosure/to/9/contact", "desk", "no member"),
        ("disclosure/request/by/kind", "school", "try parties/council/kind"),
        ("disclosure/date/year", "2024", "no keys of its own"),
        ("record/cites/ca1989:s47-1/as", "duty", "give the place instead: 2 or 3"),
        ("record//date", "2024-05-31", "is not a key"),
        ("", "2024-05-31", "is not a key"),
    ],
)
def test_refuses(path: str, value: str | None, said: str) -> None:
    with pytest.raises(BadRequest, match=said):
        after(path, value)


def test_the_tree_itself_stays() -> None:
    first = tree()
    changed(first, {"people/child/age": Scalar("10", 0), "disclosure/to": None})
    assert plain(first) == plain(tree())


def test_changes_are_made_in_order() -> None:
    settings: dict[str, Tree | None] = {
        "people/parent": read_yaml("{age: 30}", ""),
        "people/parent/age": Scalar("31", 0),
    }
    assert at(plain(changed(tree(), settings)), "people", "parent", "age") == "31"


def test_select_keeps_what_is_named() -> None:
    found = select(tree(), ["disclosure/to/council/contact", "record/cites/1", "people/child"])
    assert found
    assert plain(found) == {
        "people": {"child": {"age": "9"}},
        "disclosure": {"id": "first", "to": [{"party": "council", "contact": "mailbox"}]},
        "record": {"cites": ["ca1989:s47-9"]},
    }
    assert select(tree(), ["record/outcome"]) is None
