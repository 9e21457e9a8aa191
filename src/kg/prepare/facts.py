"""The stated facts of a case, indexed, each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterable

from kg.case_keys import KEY_OF_TERM, Key
from kg.load import Law
from kg.load.index import Index, Lookups, index_of
from kg.model import Because, Case, Lit, Missing, Term, Triple


class Facts(Lookups):
    """Index over the triples of a case: objects by subject and predicate, with places and keys."""

    def __init__(self, case: Case, law: Law, extra: Iterable[Triple] = ()) -> None:
        self.case = case
        self.law = law
        self._keys: dict[tuple[str, str], Key | None] = {}
        self._index = index_of((*case.triples, *extra))
        self.base = f"case:{case.name}/"

    @property
    def index(self) -> Index:
        """Objects by subject and predicate, in file order."""
        return self._index

    def types(self, node: str) -> list[str]:
        """Return the stated types of a thing: its structural class and its kinds."""
        return self.names(node, "rdf:type")

    def key(self, node: str, predicate: str) -> Key | None:
        """Return the key that states this property of this thing, or None."""
        here = (node, predicate)
        if here not in self._keys:
            term = "type" if predicate == "rdf:type" else predicate.removeprefix("kg:")
            self._keys[here] = next(
                (key for cls in self.types(node) if (key := KEY_OF_TERM.get((cls[3:], term)))), None
            )
        return self._keys[here]

    def path(self, node: str, predicate: str = "") -> str:
        """Return the path of a thing, or of one of its keys, as it is written in the file."""
        place = self.case.places.get(node)
        start = place.path if place else self.local(node)
        if not predicate:
            return start
        key = self.key(node, predicate)
        word = key.name if key else predicate.partition(":")[2]
        return f"{start}/{word}" if start else word

    def local(self, node: str) -> str:
        """Return the name of a thing inside its case."""
        return node.removeprefix(self.base)

    def words(self, value: Term) -> str:
        """Return a value in plain words: label of a term, name of a thing, text of a literal."""
        if isinstance(value, Lit):
            return (
                {"true": "yes", "false": "no"}.get(value.text, value.text)
                if value.type == "boolean"
                else value.text
            )
        return self.local(value) if value.startswith("case:") else self.law.label(value)

    def because(self, subject: str, predicate: str, value: Term) -> Because:
        """Return the fact as a reason, with its line in the file."""
        line = self.case.lines.get((subject, predicate, value), 0)
        return Because(self.path(subject, predicate), self.words(value), line)

    def reasons(self, subject: str, predicate: str) -> tuple[Because, ...]:
        """Return all facts of a property as reasons."""
        return tuple(
            self.because(subject, predicate, value) for value in self.values(subject, predicate)
        )

    def missing(self, subject: str, predicate: str) -> Missing:
        """Return the gap where a property is not stated."""
        key = self.key(subject, predicate)
        allowed: tuple[str, ...] = ()
        if key and key.type == "yes/no":
            allowed = ("yes", "no")
        elif key and key.type == "value":
            allowed = tuple(self.law.vocabulary(key.listed))
        return Missing(self.path(subject, predicate), "not-stated", allowed)
