"""One living subject of one disclosure, and what the record says of that person.

Source: record-requirements section D; case-model section 2 (consent inside a subject).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.findings.relied import Relied
from kg.prepare import Facts
from kg.prepare.situation import Situation

#: Facts that a comparison adds.
Found = Iterator[tuple[str, str, str]]

GIVEN = frozenset({"consent:given", "consent:given-with-limits"})
REFUSED = frozenset({"consent:refused", "consent:withdrawn"})
SOUGHT = GIVEN | REFUSED | {"consent:refused-in-part"}
#: The person decides for himself or herself.
_OWN = {"consent:own-16-or-over", "consent:own-judged-competent"}


@dataclass(frozen=True, slots=True)
class Subject:
    """One living subject of one disclosure, and what the record says of it."""

    s: Situation
    node: str
    person: str
    era: str
    relied: tuple[Relied, ...]

    @property
    def facts(self) -> Facts:
        """The facts of the case."""
        return self.s.facts

    @property
    def consents(self) -> list[str]:
        """Every consent, refusal or absence of it on record for the person."""
        return self.facts.names(self.node, "kg:consent")

    @property
    def contents(self) -> list[str]:
        """The items taking part that are about the person."""
        return [
            content
            for content in self.facts.names(self.s.disclosure, "kg:content")
            if self.person
            in (self.facts.names(self.facts.name(content, "kg:item"), "kg:about") or [self.person])
        ]

    @property
    def items(self) -> set[str]:
        """The items that are about the person."""
        return {self.facts.name(content, "kg:item") for content in self.contents}

    def reaching(self, *effects: str) -> list[Relied]:
        """Return what the decision rests on for this person, of some effects."""
        return [
            one
            for one in self.relied
            if one.effect in effects and one.reaches(self.person, self.items)
        ]

    def state(self, consent: str) -> str:
        """Return the state of a consent, or an empty string."""
        return self.facts.name(consent, "kg:consentState")

    def own(self, consent: str) -> bool:
        """Whether the person decided for himself or herself."""
        giver = self.facts.name(consent, "kg:givenBy")
        if giver:
            return giver == self.person
        return self.facts.name(consent, "kg:capacity") in _OWN

    def serves(self, consent: str, use: str) -> bool:
        """Whether a consent is for a use; unstated means that nothing was said of it."""
        uses = self.facts.names(consent, "kg:consentFor")
        return not uses or use in uses
