"""Lookups over triples that the law and a case share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.model import Lit, Term, Triple

#: Objects by subject, then predicate, in file order.
Index = Mapping[str, Mapping[str, list[Term]]]


def index_of(triples: Iterable[Triple]) -> dict[str, dict[str, list[Term]]]:
    """Return the objects of triples by subject, then predicate, in file order."""
    index: dict[str, dict[str, list[Term]]] = {}
    for subject, predicate, value in triples:
        index.setdefault(subject, {}).setdefault(predicate, []).append(value)
    return index


class Lookups:
    """Reads an index; a class that inherits it provides ``index``."""

    @property
    def index(self) -> Index:
        """Objects by subject, then predicate, in file order."""
        raise NotImplementedError

    def values(self, subject: str, predicate: str) -> list[Term]:
        """Return the objects of a property, in file order."""
        here = self.index.get(subject)
        return here.get(predicate, []) if here else []

    def names(self, subject: str, predicate: str) -> list[str]:
        """Return the objects of a property that are names, not literals."""
        return [value for value in self.values(subject, predicate) if isinstance(value, str)]

    def name(self, subject: str, predicate: str) -> str:
        """Return the first name of a property, or an empty string."""
        for value in self.values(subject, predicate):
            if isinstance(value, str):
                return value
        return ""

    def text(self, subject: str, predicate: str) -> str:
        """Return the text of the first literal of a property, or an empty string."""
        for value in self.values(subject, predicate):
            if isinstance(value, Lit):
                return value.text
        return ""
