"""The second engine: pyrudof on the same shapes and the same data, and what ours said of them.

Not a test module. pyrudof is written in another language by other people and shares no code with
pyshacl; it sees the whole shapes graph, ours only the shapes selected for the record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pyrudof
import pytest

from kg.assess import Engine
from kg.model import Case, RecordReport, Triple
from kg.namespaces import shorten
from kg.validate import Shapes, validate_case
from kg.validate.graph import Raw, run_shacl, to_rdflib

#: How often each (node looked at, property shape) is reported.
Results = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Run:
    """One record validated once: what the validator was given, what it found, what is reported."""

    triples: tuple[Triple, ...]
    raw: tuple[Raw, ...]
    report: RecordReport

    @property
    def results(self) -> Results:
        """What our engine found, in the form in which the second engine's results come."""
        return Counter((one.focus, one.shape) for one in self.raw)


def runs(case: Case, engine: Engine, shapes: Shapes) -> list[Run]:
    """Return one run for each record, watched at the border. Raises what validate_case raises."""
    seen: list[tuple[tuple[Triple, ...], tuple[Raw, ...]]] = []

    def watched(triples, graph):
        raw = run_shacl(triples, graph)
        seen.append((tuple(triples), tuple(raw)))
        return raw

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.validate.run_shacl", watched)
        reports = validate_case(case, engine, shapes)
    return [Run(triples, raw, report) for (triples, raw), report in zip(seen, reports, strict=True)]


class SecondEngine:
    """pyrudof with all our shapes, read once."""

    def __init__(self, shapes: Shapes) -> None:
        self.session = pyrudof.Rudof(pyrudof.RudofConfig())
        self.session.read_shacl(shapes.rdf.serialize(format="nt"))

    def results(self, triples: Iterable[Triple]) -> Results:
        """Return what it reports on these triples."""
        # Without the reset a session goes on with the data it read first.
        self.session.reset_data()
        self.session.read_data(to_rdflib(triples).serialize(format="nt"))
        return Counter(
            (shorten(one.focus_node), shorten(one.source_shape))
            for one in self.session.validate_shacl()
        )
