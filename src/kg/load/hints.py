"""What somebody may have meant who wrote a word that is not known."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any


def nearest(word: str, known: Any) -> str:
    """Return “Did you mean …?” with up to three near terms, or an empty string."""
    terms = sorted(known)
    found = get_close_matches(word, terms, n=3, cutoff=0.6) or _parts(word, terms)[:3]
    return f"did you mean {' or '.join(found)}?" if found else ""


def _parts(word: str, terms: list[str]) -> list[str]:
    """Return terms that a word abbreviates (pct), contains or is a part of; provisions by their number."""
    plain_word = re.sub(
        r"\b(s|sec|section|art|article|para|paragraph)(?=[\d\s])", " ", word.lower()
    )
    flat = "-".join(re.findall(r"[a-z0-9]+", plain_word))
    found = []
    for term in terms if len(flat) > 1 else []:
        space, _, name = term.lower().rpartition(":")
        number = re.sub(r"^(s|art)(?=\d)", "", name)
        initials = "".join(part[0] for part in name.split("-") if part)
        inside = f"-{number}-" in f"-{flat}-" or f"-{flat}-" in f"-{number}-"
        if f"{number}-".startswith(f"{flat}-") if space else inside or flat == initials:
            found.append(term)
    return found
