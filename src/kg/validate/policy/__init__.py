"""The local policy of an organisation: rules made stricter, limits of its own, rules of its own.

Source: design section 6 (kg validate --policy), case-model section 7. A policy can only add: it is
read as a whole or refused as a whole, and what would weaken a rule refuses it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from kg.assess import Engine
from kg.load import Law, read_text_of
from kg.load.tree import read_yaml
from kg.model import Lit, Triple
from kg.prepare import Facts
from kg.validate.policy.compile import days_name, shapes_under, trigger_name
from kg.validate.policy.limits import LIMITS, measured
from kg.validate.policy.parts import PolicyText
from kg.validate.policy.read import Reader
from kg.validate.policy.ways import THINGS, passes, things
from kg.validate.shapes import Shapes

__all__ = ["LIMITS", "THINGS", "Policy", "load_policy", "stamped"]


@dataclass(frozen=True)
class Policy:
    """A policy that was read: what it says, and the shapes of the graph together with its own."""

    text: PolicyText
    shapes: Shapes

    def says_of(self, day: str) -> str:
        """Return, for the report on a record, whether the policy governs a decision of that day."""
        named = f"policy “{self.text.title}” ({self.text.source})"
        if self.text.holds(day):
            return f"{named}: applied"
        if not day:
            return f"{named}: not applied, because the record has no date of decision"
        begins = f"from {self.text.start}" + (f" until {self.text.end}" if self.text.end else "")
        return (
            f"{named}: not applied, because it governs decisions {begins}, and this one is of {day}"
        )

    def bare(self) -> Policy:
        """Return the policy without what has been worked out from it, to hand to another process."""
        graph = self.shapes.graph
        law = Law(graph.triples, graph.file_of, graph.hash)
        return replace(self, shapes=Shapes(law, self.shapes.rules))


def load_policy(path: Path, engine: Engine, shapes: Shapes) -> Policy:
    """Read a policy file against the keys, the vocabularies and the rules of the graph.

    Raises: FileNotReadable, FileNotUnderstood, PolicyNotLoaded; with file and line. A policy that
    would weaken a rule is not loaded at all.
    """
    where = str(path)
    text = Reader(engine, shapes, where).policy(read_yaml(read_text_of(path), where))
    return Policy(text, shapes_under(text, shapes, engine.law))


def stamped(policy: Policy, facts: Facts, record: str, decided: list[str]) -> list[Triple]:
    """Return the trigger types and the measured days of a policy for one record.

    Nothing when the policy does not govern the day of the decision.
    """
    text = policy.text
    if not text.holds(facts.text(record, "kg:date")):
        return []
    found: list[Triple] = []
    for limit in text.limits:
        for node, days in measured(limit.name, facts, record, decided):
            found.append((node, "rdf:type", trigger_name(text, limit.name)))
            found.append((node, days_name(limit.name), Lit(str(days), "integer")))
    found += [
        (at.node, "rdf:type", trigger_name(text, rule.id))
        for rule in text.rules
        for at in things(facts, record, decided, rule.on)
        if all(passes(facts, at, test) for test in rule.tests)
    ]
    return found
