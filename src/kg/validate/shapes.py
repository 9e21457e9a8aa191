"""The shapes: read once into plain records (what each rule asks) and, when needed, an rdflib graph.

Source: design section 2. A property shape named ``kgsh:R-nnn`` or ``kgsh:R-nnn.word`` is one rule
or a part of one; the rule is the part of the name before the dot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kg import paths
from kg.errors import BadRequest, BrokenGraph, Problem
from kg.load import Law, parse_turtle
from kg.model import Term, Triple
from kg.reason import Compiled, compile_rules
from kg.validate.examples import passing_piece

if TYPE_CHECKING:
    import rdflib

Severity = Literal["violation", "warning", "info"]
SEVERITIES: dict[str, Severity] = {
    "sh:Violation": "violation",
    "sh:Warning": "warning",
    "sh:Info": "info",
}
RULE_SHAPE = re.compile(r"kgsh:(R-\d{3})(?:\.[a-z][a-z-]*)?\Z")
#: The slots of a message, and what they read when the record does not say.
UNNAMED = {
    "subject": "a person it is about",
    "item": "an item",
    "recipient": "a recipient",
    "outcome": "decide this",
    "provision": "the provision",
    "condition": "a condition",
    "date": "the date",
    "body": "the body",
    "requester": "somebody else",
    "days": "several",
}
_ORDER = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True)
class Rule:
    """One property shape.

    Attributes: shape is its name; rule the R-id; target the class whose nodes it looks at; path the
    terms of its first way through the graph; answered_by the property that puts it right, when the
    path does not say so; message with slots such as ``{subject}``; policy says, of a local rule or
    a raised severity, by which policy.
    """

    shape: str
    rule: str
    target: str
    severity: Severity
    path: tuple[str, ...]
    message: str
    why: str
    applies: str
    sources: tuple[str, ...]
    answered_by: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What ``kg validate --explain R-nnn`` shows: severity and message of its strictest part first.

    ``parts`` holds every part of the rule; ``passing_example`` a piece of a case that meets it;
    ``policy`` what a local policy has to do with it.
    """

    rule: str
    severity: Severity
    message: str
    why: str
    applies: str
    sources: tuple[str, ...]
    passing_example: str
    parts: tuple[Rule, ...]
    policy: str = ""


@dataclass(frozen=True)
class Shapes:
    """All shapes: ``graph`` indexes them, ``rules`` holds the property shapes by name."""

    graph: Law
    rules: dict[str, Rule]

    @cached_property
    def triggers(self) -> Compiled:
        """The axioms that define the trigger classes, compiled."""
        return compile_rules(self.graph)

    @cached_property
    def trigger_classes(self) -> frozenset[str]:
        """The names of the trigger classes."""
        return frozenset(self.graph.instances("kg:TriggerClass"))

    @cached_property
    def rdf(self) -> rdflib.Graph:
        """The shapes for the validator, without axioms and annotations; hand out copies only."""
        from kg.validate.graph import to_rdflib  # noqa: PLC0415 - rdflib costs 0.3 s

        return to_rdflib(_for_validator(self.graph, self._node_shapes.values()))

    @cached_property
    def _node_shapes(self) -> dict[str, str]:
        """The node shape of each target class."""
        return {
            target: shape
            for shape in self.graph.instances("sh:NodeShape")
            for target in self.graph.names(shape, "sh:targetClass")
        }

    @cached_property
    def _parts(self) -> dict[frozenset[str], rdflib.Graph]:
        return {}

    def rdf_for(self, triples: Iterable[Triple]) -> rdflib.Graph:
        """Return the shapes that look at a class of these triples; hand out copies only.

        The validator reads all shapes it is given again for each record, so what cannot report is
        left out. A class above a stated one counts, as sh:targetClass does (SHACL 2.1.3.2).
        """
        from kg.validate.graph import to_rdflib  # noqa: PLC0415 - rdflib costs 0.3 s

        above: dict[str, list[str]] = {}
        todo: list[str] = []
        for subject, predicate, value in triples:
            if predicate == "rdf:type":
                todo.append(str(value))
            elif predicate == "rdfs:subClassOf":
                above.setdefault(subject, []).append(str(value))
        present: set[str] = set()
        while todo:
            name = todo.pop()
            if name not in present:
                present.add(name)
                todo.extend(above.get(name, ()))
        wanted = frozenset(present & self._node_shapes.keys())
        if wanted not in self._parts:
            if len(self._parts) >= _KEPT:
                self._parts.clear()
            shapes = [self._node_shapes[name] for name in sorted(wanted)]
            self._parts[wanted] = to_rdflib(_for_validator(self.graph, shapes))
        return self._parts[wanted]


#: How many selections of shapes are kept; records of one kind select alike.
_KEPT = 32


def _for_validator(graph: Law, shapes: Iterable[str]) -> Iterator[Triple]:
    """Yield the shapes and what hangs on them, without axioms and annotations."""
    todo: list[Term] = sorted(shapes)
    seen: set[str] = set()
    while todo:
        node = todo.pop()
        if not isinstance(node, str) or node in seen:
            continue
        seen.add(node)
        for predicate, values in graph.index.get(node, {}).items():
            if predicate.startswith("sh:") or predicate in {"rdf:type", "rdf:first", "rdf:rest"}:
                yield from ((node, predicate, value) for value in values)
                todo.extend(
                    v
                    for v in values
                    if isinstance(v, str) and v.startswith(("_:", "kgsh:", "local:"))
                )


def shape_files(folder: Path | None = None) -> list[Path]:
    """Return the files of the shapes folder, by name; those beginning with ``_`` are left out."""
    return [
        path
        for path in sorted((folder or paths.SHAPES).glob("*.ttl"))
        if not path.name.startswith("_")
    ]


def load_shapes(folder: Path | None = None) -> Shapes:
    """Read all shapes.

    Raises: BrokenGraph when a file does not parse, when there is none, when a shape is switched
    off, or when a property shape lacks its name, path, severity, message or node shape.
    """
    files = shape_files(folder)
    triples: list[Triple] = []
    file_of: dict[str, str] = {}
    for path in files:
        for triple in parse_turtle(path, path.name):
            triples.append(triple)
            if triple[1] == "rdf:type" and not triple[0].startswith("_:"):
                file_of.setdefault(triple[0], path.name)
    graph = Law(tuple(dict.fromkeys(triples)), file_of)
    for shape, predicate, _ in graph.triples:
        if predicate == "sh:deactivated":
            raise BrokenGraph(_switched_off(shape, file_of.get(shape, "shapes")))
    rules: dict[str, Rule] = {}
    for node in graph.subjects.get(("rdf:type", "sh:NodeShape"), ()):
        target = graph.name(node, "sh:targetClass")
        for shape in graph.names(node, "sh:property"):
            rules[shape] = _rule(graph, shape, target)
    if not rules:
        raise BrokenGraph(Problem("there are no shapes here", str(folder or paths.SHAPES)))
    return Shapes(graph, rules)


def _switched_off(shape: str, file: str) -> Problem:
    return Problem(
        f"the shape {shape} is switched off by sh:deactivated",
        file,
        0,
        "what it asks for would be missing from every record and never reported",
        "delete the shape, or the line that switches it off",
    )


def _rule(graph: Law, shape: str, target: str) -> Rule:
    named = RULE_SHAPE.match(shape)
    severity = SEVERITIES.get(graph.name(shape, "sh:severity"))
    path = tuple(first_way(graph, graph.name(shape, "sh:path")))
    message = graph.text(shape, "sh:message")
    if not named or severity is None or not path or not message or not target:
        raise BrokenGraph(
            Problem(
                f"the property shape {shape} is not complete",
                graph.file_of.get(shape, "shapes"),
                0,
                "a result could not be traced to its rule",
                "name it kgsh:R-nnn or kgsh:R-nnn.word, with sh:path, sh:severity, sh:message; "
                "list it under a node shape with sh:targetClass",
            )
        )
    return Rule(
        shape,
        named[1],
        target,
        severity,
        path,
        message,
        graph.text(shape, "kg:why"),
        graph.text(shape, "kg:appliesWhen"),
        tuple(v.text for v in graph.values(shape, "dcterms:source") if not isinstance(v, str)),
        graph.name(shape, "kg:answeredBy"),
    )


def first_way(graph: Law, path: str) -> Iterator[str]:
    """Yield the properties of a SHACL path; of alternatives the first, of repeated steps none."""
    if not path.startswith("_:"):
        if path:
            yield path
        return
    either = graph.name(path, "sh:alternativePath")
    if either:
        yield from first_way(graph, graph.name(either, "rdf:first"))
        return
    while path and path != "rdf:nil":
        step = graph.name(path, "rdf:first")
        if not step:
            return
        yield from first_way(graph, step)
        path = graph.name(path, "rdf:rest")


def explain_rule(shapes: Shapes, rule: str) -> RuleInfo:
    """Return what a rule asks, why, when it applies, where it comes from, and what meets it.

    Raises: BadRequest for a rule that is not there, with the nearest ones.
    """
    wanted = rule.strip().upper()
    parts = sorted(
        (part for part in shapes.rules.values() if part.rule == wanted),
        key=lambda part: (_ORDER.index(part.severity), part.shape),
    )
    if not parts:
        known = sorted({part.rule for part in shapes.rules.values()})
        near = get_close_matches(wanted, known, n=3, cutoff=0.7)
        raise BadRequest(
            Problem(
                f"there is no rule “{rule}”",
                why="only rules that have a shape can be explained",
                fix=f"did you mean {' or '.join(near)}?" if near else f"rules: {', '.join(known)}",
            )
        )
    first = parts[0]
    sources = dict.fromkeys(source for part in parts for source in part.sources)
    applies = "; ".join(dict.fromkeys(part.applies for part in parts if part.applies))
    return RuleInfo(
        wanted,
        first.severity,
        in_general(first.message),
        first.why,
        applies,
        tuple(sources),
        passing_piece(wanted),
        tuple(parts),
        "; ".join(dict.fromkeys(part.policy for part in parts if part.policy)),
    )


def in_general(message: str) -> str:
    """Return a message with its slots in general words, as when no record is at hand."""
    words = re.sub(r"\{(\w+)\}", lambda slot: UNNAMED[slot[1]], message)
    return words[0].upper() + words[1:]
