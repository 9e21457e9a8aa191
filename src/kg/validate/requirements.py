"""What the rules ask: of any record, and of one record; what questions about records are answered from.

A rule is asked of a record when its trigger holds there: when some node is of its target class.
Source: design section 2; domain questions Q-41 to Q-53.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from kg.ask.checks import RequiredField, RuleText
from kg.assess import Engine
from kg.load import Law
from kg.model import Case, RecordReport
from kg.validate import Shapes, data_graph, load_shapes, place_of, validate_case
from kg.validate.shapes import in_general

_PRESENCE = ("sh:minCount", "sh:qualifiedMinCount", "sh:hasValue")
_SHARING = ("kg:SharingRecord", frozenset({"value:shared", "value:shared-in-part"}))
_REFUSAL = ("kg:RefusalRecord", frozenset({"value:not-shared", "value:request-refused"}))


class Checks:
    """The rules of the shapes, and what they say of a case; the shapes are read when first needed."""

    def __init__(self, engine: Engine, shapes: Shapes | None = None) -> None:
        self._engine = engine
        self._given = shapes

    @cached_property
    def _shapes(self) -> Shapes:
        return self._given or load_shapes()

    @cached_property
    def rules(self) -> tuple[RuleText, ...]:
        """Every part of every rule, by name."""
        return rule_texts(self._shapes)

    def reports(self, case: Case) -> list[RecordReport]:
        """Return the completeness of each record. Raises: as ``validate_case``."""
        return validate_case(case, self._engine, self._shapes)

    def requirements(self, case: Case) -> list[RequiredField]:
        """Return what is asked of each record. Raises: as ``data_graph``."""
        return list(required_fields(case, self._engine, self._shapes))


def rule_texts(shapes: Shapes) -> tuple[RuleText, ...]:
    """Return what each part of each rule says in general, by name."""
    sharing = classes_only_for(shapes, *_SHARING)
    refusal = classes_only_for(shapes, *_REFUSAL)
    found = []
    for name in sorted(shapes.rules):
        rule = shapes.rules[name]
        only = (
            "shared" if rule.target in sharing else "not-shared" if rule.target in refusal else ""
        )
        presence = any(shapes.graph.values(name, term) for term in _PRESENCE)
        found.append(
            RuleText(
                name, rule.rule, rule.severity, in_general(rule.message), rule.why, rule.applies,
                rule.sources, presence, only,
            )
        )  # fmt: skip
    return tuple(found)


def classes_only_for(shapes: Shapes, record: str, outcomes: frozenset[str]) -> frozenset[str]:
    """Return the trigger classes that nothing has unless the decision has one of these outcomes.

    Read off the axioms that define them; of computed classes off ``kg:onlyFor``, which names the
    class of the record.
    """
    graph = shapes.graph
    below: dict[str, list[str]] = {}
    for subject, predicate, value in graph.triples:
        if predicate == "rdfs:subClassOf" and isinstance(value, str):
            below.setdefault(value, []).append(subject)
    found = {name for name in shapes.trigger_classes if graph.name(name, "kg:onlyFor") == record}
    more = {""}
    while more:  # to the least fixed point: a class may be defined by another
        more = {
            name
            for name in shapes.trigger_classes - found
            if name in below and all(_demands(graph, one, found, outcomes) for one in below[name])
        }
        found |= more
    return frozenset(found)


def _demands(graph: Law, expression: str, found: set[str], outcomes: frozenset[str]) -> bool:
    """Return whether whatever fits the expression leads to a record with such an outcome."""
    if not expression or expression in found:
        return bool(expression)
    if graph.name(expression, "owl:onProperty") == "kg:outcome":
        return graph.name(expression, "owl:hasValue") in outcomes
    either = _members(graph, expression, "owl:unionOf")
    return (
        _demands(graph, graph.name(expression, "owl:someValuesFrom"), found, outcomes)
        or any(
            _demands(graph, one, found, outcomes)
            for one in _members(graph, expression, "owl:intersectionOf")
        )
        or (bool(either) and all(_demands(graph, one, found, outcomes) for one in either))
    )


def _members(graph: Law, expression: str, predicate: str) -> list[str]:
    cell, listed = graph.name(expression, predicate), []
    while cell and cell != "rdf:nil":
        listed.append(graph.name(cell, "rdf:first"))
        cell = graph.name(cell, "rdf:rest")
    return listed


def required_fields(case: Case, engine: Engine, shapes: Shapes) -> Iterator[RequiredField]:
    """Yield, for each record, every rule whose trigger holds, at each node it looks at.

    Raises: NoRecord, CaseNotLoaded, Contradiction.
    """
    for graph in data_graph(case, engine, shapes):
        typed: dict[str, list[str]] = {}
        above: dict[str, list[str]] = {}
        for subject, predicate, value in graph.triples:
            if predicate == "rdf:type":
                typed.setdefault(subject, []).append(str(value))
            elif predicate == "rdfs:subClassOf":
                above.setdefault(subject, []).append(str(value))
        nodes: dict[str, list[str]] = {}
        for node, types in typed.items():
            todo, seen = list(types), set(types)
            while todo:
                name = todo.pop()
                nodes.setdefault(name, []).append(node)
                wider = [one for one in above.get(name, ()) if one not in seen]
                seen.update(wider)
                todo += wider
        for shape, rule in sorted(shapes.rules.items()):
            for node in nodes.get(rule.target, ()):
                path, line = place_of(graph.facts, node, rule)
                yield RequiredField(graph.facts.local(graph.record), shape, node, path, line)
