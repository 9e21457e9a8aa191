"""A case made up from the values of a question: one discloser, recipient, item and disclosure.

It goes through the loader like any case file, so a question about “a body of this kind” and a case
with such a body have the same answer. What the question does not give is not stated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kg.load import Law, load_case_text
from kg.model import Case

NAME = "hypothetical"


def hypothetical_case(stated: Mapping[str, str], law: Law) -> Case:
    """Return the case in which each path (``parties/discloser/kind``) has its value.

    Raises: CaseNotLoaded for a path or value that no case file could have.
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
    for path, value in stated.items():
        *keys, last = path.split("/")
        place = tree
        for key in keys:
            place = place.setdefault(key, {})
        place[last] = value
    return load_case_text(json.dumps(tree, indent=1), "json", law, NAME)
