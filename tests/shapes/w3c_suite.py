"""The test suite of the SHACL specification: fetch it, and read its tests.

Not a test module. ``python tests/shapes/w3c_suite.py`` fetches it. The suite is not ours to
commit; the source package of pyshacl carries it, so the package registry supplies it in the
version that belongs to the installed pyshacl.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import XSD
from rdflib.term import Node

from kg.load.law import from_oxigraph
from kg.model import Triple
from kg.namespaces import shorten

SUITE = Path(__file__).resolve().parents[2] / ".cache" / "w3c-shacl"
_INSIDE = "/test/resources/sht_tests/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SH = Namespace("http://www.w3.org/ns/shacl#")

#: Results as (node looked at, shape, value), sorted; blank nodes are all written ``_``.
Found = list[tuple[str, str, str]]


@dataclass(frozen=True)
class SuiteTest:
    """One test: its name (``node/and-001``), its two files, and the results that it expects."""

    name: str
    data: Path
    shapes: Path
    conforms: bool
    expected: Found


def core_tests(folder: Path = SUITE) -> list[SuiteTest]:
    """Return the tests of SHACL Core by name.

    Raises: FileNotFoundError, with what to type, when the suite is not there.
    """
    core = folder / "core"
    if not core.is_dir():
        raise FileNotFoundError(
            f"the test suite of SHACL is not in {folder.parent.name}/{folder.name}: "
            "type make conformance, which fetches it"
        )
    return sorted(
        (test for path in core.rglob("*.ttl") for test in _tests_of(path, core)),
        key=lambda test: test.name,
    )


def _tests_of(path: Path, core: Path) -> Iterator[SuiteTest]:
    graph = read(path)
    for entry in graph.subjects(RDF.type, SHT.Validate):
        action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
        yield SuiteTest(
            path.relative_to(core).with_suffix("").as_posix(),
            _path(graph.value(action, SHT.dataGraph)),
            _path(graph.value(action, SHT.shapesGraph)),
            graph.value(result, SH.conforms) == Literal(True),  # noqa: FBT003 - a literal of RDF
            results(graph, result),
        )


def _path(file: Node | None) -> Path:
    return Path(str(file).removeprefix("file://"))


def read(path: Path) -> Graph:
    """Return a file of the suite as pyshacl's users read it."""
    return Graph().parse(path, publicID=path.as_uri())


def triples(path: Path) -> list[Triple]:
    """Return a file of the suite in our form, by the parser and the conversion that cases take."""
    return [
        (
            str(from_oxigraph(quad.subject)),
            shorten(quad.predicate.value),
            from_oxigraph(quad.object),
        )
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=path.as_uri())
    ]


def results(graph: Graph, report: Node | None) -> Found:
    """Return the results of a report; what explains a result (sh:detail) is no result."""

    def named(node: Node | None) -> str:
        return "_" if isinstance(node, BNode) else "" if node is None else shorten(str(node))

    return sorted(
        (
            named(graph.value(one, SH.focusNode)),
            named(graph.value(one, SH.sourceShape)),
            named(graph.value(one, SH.value)),
        )
        for one in graph.objects(report, SH.result)
    )


def plain(graph: Graph) -> Graph:
    """Return a graph in which the two ways rdflib keeps one RDF 1.1 literal are one."""
    same = Graph()
    for subject, predicate, value in graph:
        one: Node = value
        if isinstance(value, Literal) and value.language:
            one = Literal(str(value), lang=value.language.lower())
        elif isinstance(value, Literal) and value.datatype is None:
            one = Literal(str(value), datatype=URIRef(XSD.string))
        same.add((subject, predicate, one))
    return same


def fetch(folder: Path = SUITE) -> int:
    """Put the suite into the folder and return the number of its files.

    Raises: CalledProcessError when pip cannot have the package; FileNotFoundError when the
    package no longer holds the suite.
    """
    with tempfile.TemporaryDirectory() as name:
        target = Path(name)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
             "--no-deps", "--no-binary", "pyshacl", "--dest", name,
             f"pyshacl=={version('pyshacl')}"],
            check=True,
        )  # fmt: skip
        (package,) = target.glob("*.tar.gz")
        count = 0
        with tarfile.open(package) as archive:
            for member in archive:
                _, found, inner = member.name.partition(_INSIDE)
                content = archive.extractfile(member) if found and member.isfile() else None
                if content is None or ".." in Path(inner).parts:
                    continue
                path = target / "suite" / inner
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())
                count += 1
        if not count:
            raise FileNotFoundError(f"{package.name} holds no {_INSIDE}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(target / "suite", folder)
    return count


if __name__ == "__main__":
    print(f"{fetch()} files of the SHACL test suite")
