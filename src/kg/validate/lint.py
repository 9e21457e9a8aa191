"""Lint for the shapes folder: what the validator would pass over in silence is an error here.

Source: research on reliability, "Silent empty pass": a misspelt constraint or target conforms.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from kg.case_keys import BLOCKS, KEY_OF_TERM
from kg.errors import BrokenGraph, Problem
from kg.findings import COMPUTED_TRIGGERS, FINDINGS, JOINS
from kg.load import Law, parse_turtle
from kg.model import Lit, Term
from kg.reason import compile_rules
from kg.validate.shapes import RULE_SHAPE, SEVERITIES, UNNAMED, shape_files

#: The SHACL Core terms the shapes may use. sh:sparql, sh:js and rules need a decision record first.
_CORE = {
    f"sh:{word}"
    for word in [
        "NodeShape",
        "PropertyShape",
        "targetClass",
        "property",
        "path",
        "severity",
        "message",
        "Violation",
        "Warning",
        "Info",
        "minCount",
        "maxCount",
        "datatype",
        "class",
        "nodeKind",
        "Literal",
        "IRI",
        "in",
        "hasValue",
        "not",
        "or",
        "and",
        "xone",
        "node",
        "qualifiedValueShape",
        "qualifiedMinCount",
        "qualifiedMaxCount",
        "minInclusive",
        "maxInclusive",
        "minLength",
        "alternativePath",
        "inversePath",
        "zeroOrMorePath",
        "oneOrMorePath",
        "zeroOrOnePath",
    ]
}
_STRUCTURE = {f"kg:{block.node_class}" for block in BLOCKS.values()}
_KNOWN_PROPERTIES = (
    {f"kg:{term}" for _, term in KEY_OF_TERM if term != "type"} | set(JOINS) | set(FINDINGS)
)
_KNOWN_PROPERTIES |= {"rdf:type", "rdfs:subClassOf", "rdf:nil"}
_SATISFIES = ("sh:class", "sh:node", "sh:hasValue", "sh:in")
_PATHS = {"sh:path"} | {term for term in _CORE if term.endswith("Path")}


class _Linter:
    def __init__(self, files: list[Path], law: Law | None) -> None:
        self.law = law
        self.texts: dict[str, list[str]] = {}
        self.file_of: dict[str, str] = {}
        self.problems: list[Problem] = []
        triples = []
        for path in files:
            self.texts[path.name] = path.read_text(encoding="utf-8").splitlines()
            try:
                for triple in parse_turtle(path, path.name):
                    triples.append(triple)
                    self.file_of.setdefault(triple[0], path.name)
            except BrokenGraph as fault:
                self.problems.extend(fault.problems)
        self.graph = Law(tuple(dict.fromkeys(triples)), self.file_of)
        self.triggers = frozenset(self.graph.instances("kg:TriggerClass"))

    def wrong(self, what: str, about: str, why: str, fix: str, file: str = "") -> None:
        """Note a problem at the first line of the file on which the name stands."""
        where = file or self.file_of.get(about, "")
        word = re.compile(re.escape(about) + r"(?![\w.-]*\w)")
        line = next(
            (n for n, text in enumerate(self.texts.get(where, ()), 1) if word.search(text)), 0
        )
        self.problems.append(Problem(what, where, line, why, fix))

    def run(self) -> list[Problem]:
        """Run all checks."""
        self.terms()
        self.node_shapes()
        self.property_shapes()
        self.trigger_classes()
        if self.law is not None:
            self.against_law(self.law)
        return sorted(self.problems, key=lambda p: (p.file, p.line, p.what))

    def terms(self) -> None:
        for subject, predicate, value in self.graph.triples:
            for term in (predicate, value):
                if isinstance(term, str) and term.startswith("sh:") and term not in _CORE:
                    self.wrong(
                        f"{term} is not a SHACL Core term the shapes may use",
                        term,
                        "the validator passes over it, and the rule never fires",
                        "check the spelling; sh:sparql, sh:js and rules need a decision record",
                        self.file_of[subject],
                    )

    def node_shapes(self) -> None:
        by_target: dict[str, list[str]] = defaultdict(list)
        for shape in self.graph.subjects.get(("rdf:type", "sh:NodeShape"), ()):
            targets = set(self.graph.names(shape, "sh:targetClass"))
            if len(targets) != 1:
                self.wrong(
                    f"{shape} has {len(targets)} target classes",
                    shape,
                    "a shape without a target looks at nothing",
                    "give it exactly one sh:targetClass",
                )
            for target in targets:
                by_target[target].append(shape)
                if target not in _STRUCTURE | self.triggers:
                    self.wrong(
                        f"{target} is neither a class of the case model nor a trigger class",
                        target,
                        "no node would ever have it, and the rule would pass in silence",
                        "correct the name, or define it in triggers.ttl",
                        self.file_of[shape],
                    )
        for target, shapes in by_target.items():
            if len(set(shapes)) > 1:
                self.wrong(
                    f"{target} has several node shapes: {', '.join(sorted(set(shapes)))}",
                    target,
                    "grouped shapes are twice as fast, and a reader finds all rules in one place",
                    "list the property shapes under one of them",
                    self.file_of[shapes[0]],
                )

    def property_shapes(self) -> None:
        listed: dict[str, list[str]] = defaultdict(list)
        for node in self.graph.subjects.get(("rdf:type", "sh:NodeShape"), ()):
            for shape in self.graph.names(node, "sh:property"):
                listed[shape].append(node)
        # A rule the ontology names and no shape checks yet is declared as such, with the reason.
        later = set(self.graph.instances("kg:RuleWithoutShape"))
        named = {s for s in self.graph.index if s.startswith("kgsh:R-")} - later
        for shape in sorted(named | set(listed)):
            if shape not in self.graph.index:
                self.wrong(
                    f"{shape} is listed and nowhere described",
                    shape,
                    "it checks nothing",
                    "describe it, or take it off the list",
                    self.file_of[listed[shape][0]],
                )
                continue
            if not RULE_SHAPE.match(shape):
                self.wrong(
                    f"{shape} is not named after a rule",
                    shape,
                    "its results could not be explained",
                    "name it kgsh:R-nnn or kgsh:R-nnn.word",
                )
            if len(set(listed[shape])) != 1:
                self.wrong(
                    f"{shape} stands under {len(set(listed[shape]))} node shapes",
                    shape,
                    "without one nothing is checked; with two a fault is reported twice",
                    "list it under exactly one node shape",
                )
            self.one_property_shape(shape)

    def one_property_shape(self, shape: str) -> None:
        for predicate, most in (
            ("sh:path", 1),
            ("sh:severity", 1),
            ("sh:message", 1),
            ("kg:why", 1),
            ("kg:appliesWhen", 1),
            ("dcterms:source", 99),
        ):
            count = len(set(self.graph.values(shape, predicate)))
            if not 1 <= count <= most:
                self.wrong(
                    f"{shape} has {count} {predicate}",
                    shape,
                    "one path, one severity, one message and its source make a result readable",
                    f"give it {'exactly one' if most == 1 else 'at least one'} {predicate}",
                )
        severity = self.graph.name(shape, "sh:severity")
        if severity and severity not in SEVERITIES:
            self.wrong(
                f"{shape} has the unknown severity {severity}",
                shape,
                "",
                f"use {', '.join(SEVERITIES)}",
            )
        if not any(
            p.startswith("sh:") and p not in {"sh:path", "sh:severity", "sh:message"}
            for p in self.graph.index[shape]
        ):
            self.wrong(
                f"{shape} constrains nothing",
                shape,
                "it can never fire",
                "add sh:minCount or another constraint",
            )
        for slot in re.findall(r"\{([^}]*)\}", self.graph.text(shape, "sh:message")):
            if slot not in UNNAMED:
                self.wrong(
                    f"the message of {shape} has the unknown slot {{{slot}}}",
                    shape,
                    "nothing would fill it",
                    f"slots: {', '.join(sorted(UNNAMED))}",
                )
        self.constraints(shape)

    def constraints(self, shape: str) -> None:
        """Check what stands inside a property shape: what satisfies it, and what it reads."""
        for predicate, value in self.inside(shape):
            if predicate in _SATISFIES and value in self.triggers:
                self.wrong(
                    f"{shape} is satisfied by the trigger class {value}",
                    shape,
                    "what the program infers may choose a question, never answer it",
                    "ask for a stated fact instead",
                )
            if predicate in _PATHS and value not in _KNOWN_PROPERTIES:
                self.wrong(
                    f"{shape} reads {value}, which no key states and no finding joins",
                    shape,
                    "the rule would always or never fire",
                    "correct the name (see src/kg/case_keys.py)",
                )

    def inside(self, node: str) -> Iterator[tuple[str, Term]]:
        """Yield the facts of a shape and of what is inside it, list members too."""
        todo: list[tuple[str, str]] = [(node, "")]
        while todo:
            name, under = todo.pop()
            for predicate, values in self.graph.index.get(name, {}).items():
                said = under if predicate in {"rdf:first", "rdf:rest"} else predicate
                for value in values:
                    if isinstance(value, str) and value.startswith("_:"):
                        todo.append((value, said))
                    else:
                        yield said, value

    def trigger_classes(self) -> None:
        compiled = None
        try:
            compiled = compile_rules(self.graph)
        except BrokenGraph as fault:
            self.problems.extend(fault.problems)
        for trigger in sorted(self.triggers):
            if not self.graph.text(trigger, "rdfs:label") or not self.graph.text(
                trigger, "skos:definition"
            ):
                self.wrong(
                    f"{trigger} has no label or definition",
                    trigger,
                    "a reader must see when the rules behind it apply",
                    "add rdfs:label and skos:definition",
                )
            if compiled and trigger not in compiled.sufficient and trigger not in COMPUTED_TRIGGERS:
                self.wrong(
                    f"nothing ever has the trigger class {trigger}",
                    trigger,
                    "its rules would pass in silence",
                    "add an axiom with it on the right of rdfs:subClassOf",
                )
        for name in sorted(set(COMPUTED_TRIGGERS) - self.triggers):
            self.wrong(
                f"the computed trigger {name} is not described",
                name,
                "nobody can look it up",
                "describe it in triggers.ttl as a kg:TriggerClass",
                "triggers.ttl",
            )
        for subject, predicate, value in self.graph.triples:
            if predicate == "rdfs:subClassOf" and value not in self.triggers:
                self.wrong(
                    f"an axiom of the shapes ends at {value}, which is no trigger class",
                    str(value),
                    "the shapes choose questions; what follows in law stands in the ontology",
                    "move it to the ontology",
                    self.file_of[subject],
                )

    def against_law(self, law: Law) -> None:
        """Trigger classes stay out of the ontology; every record rule there has a shape."""
        for subject, predicate, value in law.triples:
            if (
                subject in self.triggers
                or value in self.triggers
                or (predicate.startswith("owl:") and value in self.triggers)
            ):
                self.problems.append(
                    Problem(
                        f"the ontology uses a trigger class ({subject} {predicate} {value})",
                        law.file_of.get(subject, "ontology"),
                        0,
                        "it would let a question answer itself",
                        "use a class of the ontology",
                    )
                )
            if (
                predicate == "kg:recordRule"
                and not isinstance(value, Lit)
                and value not in self.graph.index
            ):
                self.problems.append(
                    Problem(
                        f"{subject} names the record rule {value}, which has no shape",
                        law.file_of.get(subject, "ontology"),
                        0,
                        "when the condition fails, the record would still pass",
                        "add the rule to shapes/citations.ttl",
                    )
                )


def lint_shapes(path: Path, law: Law | None = None) -> list[Problem]:
    """Return what is wrong with a shapes folder, or one file of it, by file and line (0 = none).

    With ``law`` also what the ontology and the shapes say of each other.
    """
    files = shape_files(path) if path.is_dir() else shape_files(path.parent)
    if not files:
        return [Problem("there are no shapes here", str(path))]
    problems = _Linter(files, law).run()
    return problems if path.is_dir() else [p for p in problems if p.file in {path.name, ""}]
