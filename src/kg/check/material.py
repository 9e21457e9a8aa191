"""What the checks look at: each file with its text and triples, and the law they make together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kg import paths
from kg.errors import KgError, Problem
from kg.load import ALIGNMENT, Law, ontology_files, parse_turtle, read_text_of
from kg.namespaces import expand
from kg.validate.shapes import shape_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kg.model import Triple

#: A file of shapes has no law in it.
_SHAPE = re.compile(r"\ba\s+sh:NodeShape\b")
_PREFIX = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """One Turtle file that parses: its name for messages, its text, its triples in file order."""

    name: str
    text: str
    triples: tuple[Triple, ...]

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the text; line 1 is the first."""
        return self.text.split("\n")

    @cached_property
    def _block_lines(self) -> dict[str, int]:
        """Line of the first block of each subject that begins a line."""
        found: dict[str, int] = {}
        prefixes = dict(_PREFIX.findall(self.text))
        for number, line in enumerate(self.lines, 1):
            word = line.split(maxsplit=1)[0] if line[:1].strip() else ""
            if word.startswith("<"):
                found.setdefault(word.strip("<>"), number)
            elif ":" in word:
                prefix, _, local = word.partition(":")
                if prefix in prefixes:
                    found.setdefault(prefixes[prefix] + local, number)
        return found

    def line_of(self, name: str) -> int:
        """Return the line where the block of a subject begins, else its first mention, else 0."""
        return self._block_lines.get(expand(name)) or self.mention(name)

    def mention(self, name: str) -> int:
        """Return the first line that holds the word, outside prefixes and comments; or 0."""
        word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-]|\.\w)")
        iri = f"<{expand(name)}>"
        for number, line in enumerate(self.lines, 1):
            if line.lstrip().lower().startswith(("#", "@prefix", "prefix")):
                continue
            if word.search(line) or iri in line:
                return number
        return 0


@dataclass(frozen=True)
class Material:
    """Everything under check.

    ``law_sources`` are the files of the ontology that parse; ``shape_names`` says how each file of
    the shapes folder is called in messages; ``broken`` holds the problems of files that do not
    parse; ``examples`` are case files for the full check; ``alignments`` are the files of links to
    foreign vocabularies, which are no part of the law.
    """

    law_sources: tuple[Source, ...]
    shape_names: dict[str, str]
    broken: tuple[Problem, ...]
    examples: tuple[Path, ...] = ()
    alignments: tuple[Source, ...] = ()

    @cached_property
    def law(self) -> Law:
        """The law that the parsed files make together."""
        triples = tuple(triple for source in self.law_sources for triple in source.triples)
        return Law(triples, {name: source.name for name, source in self.source_of.items()})

    @cached_property
    def source_of(self) -> dict[str, Source]:
        """The file that introduces each named subject: the one that types it, else the first."""
        typed: dict[str, Source] = {}
        named: dict[str, Source] = {}
        for source in self.law_sources:
            for subject, predicate, _ in source.triples:
                if not subject.startswith("_:"):
                    named.setdefault(subject, source)
                    if predicate == "rdf:type":
                        typed.setdefault(subject, source)
        return named | typed

    def problem(self, name: str, what: str, why: str = "", fix: str = "") -> Problem:
        """Return a problem with a named subject, at the line where its block begins."""
        source = self.source_of.get(name)
        if source is None:
            return Problem(what, "", 0, why, fix)
        return Problem(what, source.name, source.line_of(name), why, fix)

    @staticmethod
    def at(source: Source, name: str, what: str, why: str, fix: str) -> Problem:
        """Return a problem in one file, at the first line that holds the name."""
        return Problem(what, source.name, source.line_of(name), why, fix)

    def kinds(self, cls: str) -> list[str]:
        """Return all names typed with a class or one below it, in file order."""
        return list(self.law.instances(cls))

    @cached_property
    def known(self) -> list[tuple[str, dict[str, list[str]]]]:
        """Each named subject of the law with its properties as texts: for quick loops."""
        return [
            (
                name,
                {predicate: [str(value) for value in values] for predicate, values in of.items()},
            )
            for name, of in self.law.index.items()
            if not name.startswith("_:")
        ]


@dataclass
class _Reading:
    law: list[Source] = field(default_factory=list)
    alignments: list[Source] = field(default_factory=list)
    broken: list[Problem] = field(default_factory=list)

    def read(self, path: Path, name: str) -> None:
        """Read one file; a broken one is noted and left out, so that the rest still loads."""
        try:
            text = read_text_of(path, name)
            triples = tuple(parse_turtle(path, name))
        except KgError as fault:
            self.broken.extend(fault.problems)
        else:
            if path.name == ALIGNMENT:
                self.alignments.append(Source(name, text, triples))
            elif not _SHAPE.search(text):
                self.law.append(Source(name, text, triples))


def gather(extra: Sequence[Path] = (), examples: Iterable[Path] = ()) -> Material:
    """Read the bundled ontology and shapes, and with them the files named by the user.

    A file of the bundled folders that is named as well is read once.
    """
    reading = _Reading()
    wanted = {path.resolve(): path for path in extra}
    for path in [*ontology_files(), *paths.ONTOLOGY.glob(ALIGNMENT)]:
        given = wanted.pop(path.resolve(), None)
        name = str(given) if given else f"ontology/{path.relative_to(paths.ONTOLOGY).as_posix()}"
        reading.read(path, name)
    shape_names: dict[str, str] = {}
    for path in shape_files():  # their own lint reads them
        given = wanted.pop(path.resolve(), None)
        shape_names[path.name] = str(given) if given else f"shapes/{path.name}"
    for path in wanted.values():
        reading.read(path, str(path))
    return Material(
        tuple(reading.law), shape_names, tuple(reading.broken), tuple(examples),
        tuple(reading.alignments),
    )  # fmt: skip
