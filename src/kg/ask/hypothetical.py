"""A case made up from the values of a question: one discloser, recipient, item and disclosure.

It goes through the loader like any case file, so a question about “a body of this kind” and a case
with such a body have the same answer. What the question does not give is not stated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kg.load import Law, load_case_text
from kg.load.tree import Scalar
from kg.model import Case

NAME = "hypothetical"


def hypothetical_case(stated: Mapping[str, str], law: Law) -> Case:
    """Return the case in which each path (``parties/discloser/kind``) has its value.

    Raises: BadRequest for a path, CaseNotLoaded for a value, that no case file could have.
    """
    tree: dict[str, Any] = {
        "case": NAME,
        "parties": {"discloser": {}, "recipient": {}},
        "information": {"information": {}},
        "disclosure": {
            "from": "discloser",
            "to": [{"party": "recipient"}],
            "items": [{"item": "information"}],
        },
    }
    people = {path.split("/")[1] for path in stated if path.startswith("people/")}
    if people:
        tree["people"] = {name: {} for name in sorted(people)}
    settings = {path: Scalar(value, 0) for path, value in stated.items()}
    return load_case_text(json.dumps(tree, indent=1), "json", law, NAME, settings)
