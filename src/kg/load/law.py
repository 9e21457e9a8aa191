"""Read the ontology folder: every file to triples; files beginning with ``_`` are left out."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from kg import paths
from kg.errors import BrokenGraph, Problem
from kg.load.index import Index, Lookups, index_of
from kg.model import Lit, Term, Triple
from kg.namespaces import shorten

VERSION = "2026.11"
#: Links to foreign vocabularies: published with the ontology, no part of the law.
ALIGNMENT = "alignment.ttl"

_DATATYPES = {
    "xsd:string": "string",
    "xsd:date": "date",
    "xsd:boolean": "boolean",
    "xsd:integer": "integer",
}


def from_oxigraph(term: ox.NamedNode | ox.BlankNode | ox.Literal, prefix: str = "") -> Term:
    """Return our form of a pyoxigraph term; blank nodes become ``_:<prefix><label>``."""
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    if isinstance(term, ox.BlankNode):
        return f"_:{prefix}{term.value}"
    if term.language:
        return Lit(term.value, term.language)
    datatype = shorten(term.datatype.value)
    return Lit(term.value, _DATATYPES.get(datatype, datatype))


@dataclass(frozen=True)
class Law(Lookups):
    """The whole ontology.

    Attributes: triples of all files; file_of says which file introduces a name; hash identifies
    the content. The index is by subject, then predicate.
    """

    triples: tuple[Triple, ...]
    file_of: Mapping[str, str] = field(default_factory=dict)
    hash: str = ""

    @cached_property
    def index(self) -> Index:
        """Objects by subject and predicate, in file order."""
        return index_of(self.triples)

    @cached_property
    def subjects(self) -> dict[tuple[str, Term], list[str]]:
        """Subjects by predicate and object, in file order."""
        found: dict[tuple[str, Term], list[str]] = defaultdict(list)
        for subject, predicate, value in self.triples:
            found[predicate, value].append(subject)
        return found

    def label(self, name: str) -> str:
        """Return the English label, or the local name in words when there is none."""
        found = self._labels.get(name)
        if found is None:
            found = self.text(name, "rdfs:label") or name.partition(":")[2].replace("-", " ")
            self._labels[name] = found
        return found

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {}

    @cached_property
    def superclasses(self) -> dict[str, tuple[str, ...]]:
        """All named superclasses of a named class (transitive, without itself)."""
        direct: dict[str, list[str]] = defaultdict(list)
        for subject, predicate, value in self.triples:
            if (
                predicate == "rdfs:subClassOf"
                and isinstance(value, str)
                and not subject.startswith("_:")
            ):
                direct[subject].append(value)
        return {name: tuple(_reach(name, direct)) for name in direct}

    @cached_property
    def subclasses(self) -> dict[str, frozenset[str]]:
        """All named subclasses of a named class (transitive, without itself)."""
        below: dict[str, set[str]] = defaultdict(set)
        for name, above in self.superclasses.items():
            for wide in above:
                below[wide].add(name)
        return {name: frozenset(found) for name, found in below.items()}

    def instances(self, cls: str) -> Iterator[str]:
        """Yield the names typed with the class or one below it, in file order, once each."""
        wanted = {cls, *self.subclasses.get(cls, ())}
        seen: set[str] = set()
        for subject, predicate, value in self.triples:
            if predicate == "rdf:type" and value in wanted and subject not in seen:
                seen.add(subject)
                yield subject

    @cached_property
    def norms(self) -> tuple[str, ...]:
        """Every norm, in file order."""
        return tuple(self.instances("kg:Norm"))

    @cached_property
    def _vocabularies(self) -> dict[str, dict[str, str]]:
        return {}

    def vocabulary(self, listed: str) -> dict[str, str]:
        """Return what may be written for ``namespace:Class``: short name to term, in file order.

        For ``body purpose info concern`` the terms are the classes below the root ``kg:Class``,
        for all others the individuals of that class.
        """
        found = self._vocabularies.get(listed)
        if found is None:
            namespace, _, cls = listed.partition(":")
            root = f"kg:{cls}"
            names: Iterable[str] = (
                (name for name in self.superclasses if root in self.superclasses[name])
                if namespace in {"body", "purpose", "info", "concern"}
                else self.instances(root)
            )
            found = {
                name.partition(":")[2]: name for name in names if name.startswith(f"{namespace}:")
            }
            self._vocabularies[listed] = found
        return found

    def owner(self, condition: str) -> str:
        """Return the norm a condition belongs to: the longest norm whose name it begins with."""
        stem = condition
        while "." in stem:
            stem = stem.rpartition(".")[0]
            if stem in self._norm_set:
                return stem
        return ""

    @cached_property
    def _norm_set(self) -> frozenset[str]:
        return frozenset(self.norms)

    @cached_property
    def unstated(self) -> tuple[tuple[str, Lit], ...]:
        """What an unstated yes/no key means: property and value, in file order."""
        return tuple(
            (subject, value)
            for subject, predicate, value in self.triples
            if predicate == "kg:whenUnstated" and isinstance(value, Lit)
        )

    @cached_property
    def judgement_conditions(self) -> dict[str, tuple[str, ...]]:
        """Judgement conditions by the question they ask."""
        found: dict[str, list[str]] = defaultdict(list)
        for condition in self.instances("kg:JudgementCondition"):
            found[self.name(condition, "kg:question")].append(condition)
        return {question: tuple(conditions) for question, conditions in found.items()}

    @cached_property
    def citable(self) -> frozenset[str]:
        """Every name a case may cite: norms, instruments, lists and entries."""
        return frozenset(
            name
            for cls in (
                "kg:Norm",
                "kg:Instrument",
                "kg:StatutoryList",
                "kg:ListEntry",
                "kg:UnsettledEntry",
            )
            for name in self.instances(cls)
        )


def _reach(start: str, direct: Mapping[str, list[str]]) -> Iterator[str]:
    seen = {start}
    todo = list(direct.get(start, ()))
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            yield name
            todo.extend(direct.get(name, ()))


def ontology_files(folder: Path | None = None) -> list[Path]:
    """Return the ontology files in reading order: vocabularies, legislation, guidance, questions."""
    root = folder or paths.ONTOLOGY
    groups = (
        root.glob("*.ttl"),
        (root / "legislation").glob("*.ttl"),
        (root / "guidance").glob("*.ttl"),
        (root / "questions").glob("*.ttl"),
    )
    return [
        path
        for group in groups
        for path in sorted(group)
        if not path.name.startswith("_") and path.name != ALIGNMENT
    ]


def parse_turtle(path: Path, where: str = "") -> Iterator[Triple]:
    """Yield the triples of one Turtle file of ours.

    Raises: BrokenGraph with file and line when it does not parse or names a graph.
    """
    name = where or path.name
    try:
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, without_named_graphs=True):
            subject = from_oxigraph(quad.subject, path.stem)
            yield str(subject), shorten(quad.predicate.value), from_oxigraph(quad.object, path.stem)
    except SyntaxError as fault:
        raise BrokenGraph(
            Problem(
                "this Turtle file cannot be read",
                name,
                fault.lineno or 0,
                "a full stop, semicolon, bracket or prefix is missing or misplaced near this line",
                "compare the line with its neighbours and with _template.ttl",
            )
        ) from None


def load_law(folder: Path | None = None) -> Law:
    """Read all ontology files into one Law.

    Raises: BrokenGraph when a file does not parse; when the folder holds no file.
    """
    files = ontology_files(folder)
    if not files:
        raise BrokenGraph(Problem("there is no ontology here", str(folder or paths.ONTOLOGY)))
    root = folder or paths.ONTOLOGY
    triples: list[Triple] = []
    file_of: dict[str, str] = {}
    digest = hashlib.sha256()
    for path in files:
        where = path.relative_to(root).as_posix()
        digest.update(path.read_bytes())
        for triple in parse_turtle(path, where):
            triples.append(triple)
            if triple[1] == "rdf:type":  # class expressions too: errors name their file
                file_of.setdefault(triple[0], where)
    return Law(tuple(triples), file_of, digest.hexdigest()[:16])
