"""`kg coverage`: what of the sources is modelled, what is named only and why, what awaits confirmation.

Source: the register of provisions (ontology/register.ttl), the norms, and the shapes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from kg.assess import citation_of
from kg.load import VERSION, Law
from kg.validate import Shapes

#: Where a row stands: norms or lists with conditions stand behind it; named only, with the reason;
#: or neither.
State = Literal["modelled", "reference-only", "missing"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the register.

    ``id`` is its name there (``ca1989-s47``); ``norms`` and ``lists`` are what models it, in file
    order; ``reason`` says why it is named only; ``source`` where it is named.
    """

    id: str
    label: str
    state: State
    norms: tuple[str, ...]
    lists: tuple[str, ...]
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A norm that nobody has confirmed against its source yet."""

    id: str
    citation: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything `kg coverage` says.

    ``norms`` and ``entries`` count by review status; ``unlisted`` are norms behind no row of the
    register; ``rules`` are the record rules that a shape checks, and ``rules_without_shape`` the
    others that the law names, each with the reason.
    """

    rows: tuple[Row, ...]
    norms: dict[str, int]
    entries: dict[str, int]
    awaiting: tuple[Awaiting, ...]
    unlisted: tuple[str, ...]
    rules: tuple[str, ...]
    rules_without_shape: dict[str, str]

    def of_state(self, state: State) -> tuple[Row, ...]:
        """Return the rows of one state, in file order."""
        return tuple(row for row in self.rows if row.state == state)


def coverage(law: Law, shapes: Shapes) -> Coverage:
    """Work out the coverage of a law and its shapes."""
    rows = tuple(_row(law, name) for name in law.instances("kg:RegisterRow"))
    behind = {norm for row in rows for norm in row.norms}
    return Coverage(
        rows=rows,
        norms=_by_status(law, law.norms),
        entries=_by_status(law, law.instances("kg:ListEntry")),
        awaiting=tuple(
            Awaiting(norm, citation_of(norm, law), law.label(norm), _source(law, norm))
            for norm in law.norms
            if law.text(norm, "kg:reviewStatus") != "confirmed"
        ),
        unlisted=tuple(norm for norm in law.norms if norm not in behind),
        rules=tuple(sorted({rule.rule for rule in shapes.rules.values()})),
        rules_without_shape=dict(sorted(_without_shape(law, shapes))),
    )


def coverage_json(found: Coverage, law: Law) -> dict[str, Any]:
    """Return the coverage in the contract kg-coverage/1."""
    return {
        "format": "kg-coverage/1",
        "law": {"version": VERSION, "hash": law.hash},
        "summary": {
            "modelled": len(found.of_state("modelled")),
            "referenceOnly": len(found.of_state("reference-only")),
            "missing": len(found.of_state("missing")),
            "norms": found.norms,
            "listEntries": found.entries,
            "rules": {
                "withShape": len(found.rules),
                "withoutShape": len(found.rules_without_shape),
            },
        },
        "provisions": [asdict(row) for row in found.rows],
        "awaitingConfirmation": [asdict(one) for one in found.awaiting],
        "normsOutsideTheRegister": list(found.unlisted),
        "rules": {
            "withShape": list(found.rules),
            "withoutShape": [
                {"rule": rule, "reason": reason}
                for rule, reason in found.rules_without_shape.items()
            ],
        },
    }


def _row(law: Law, name: str) -> Row:
    named = law.names(name, "kg:modelledBy")
    norms = tuple(dict.fromkeys(norm for one in named for norm in _norms_of(law, one)))
    lists = tuple(one for one in named if "kg:StatutoryList" in law.names(one, "rdf:type"))
    reason = law.text(name, "kg:referenceOnly")
    state: State = (
        "modelled" if norms or lists else "reference-only" if reason and not named else "missing"
    )
    return Row(
        name.partition(":")[2], law.label(name), state, norms, lists, reason,
        law.text(name, "dcterms:source"),
    )  # fmt: skip


def _norms_of(law: Law, name: str) -> Iterator[str]:
    """Yield the norm itself, or every norm of an instrument."""
    if "kg:Instrument" not in law.names(name, "rdf:type"):
        if name in law.norms:
            yield name
        return
    prefix, _, local = name.partition(":")
    start = f"{prefix}:" if local == "act" else f"{name}-"
    yield from (norm for norm in law.norms if norm == name or norm.startswith(start))


def _by_status(law: Law, names: Iterable[str]) -> dict[str, int]:
    counted = Counter(law.text(name, "kg:reviewStatus") or "to-be-confirmed" for name in names)
    return {status: counted[status] for status in ("confirmed", "to-be-confirmed")}


def _source(law: Law, name: str) -> str:
    return law.name(name, "kg:source") or law.text(name, "kg:source")


def _without_shape(law: Law, shapes: Shapes) -> Iterator[tuple[str, str]]:
    """Yield rules that conditions name, or that are declared, and no shape checks, with the reason."""
    checked = {rule.rule for rule in shapes.rules.values()}
    for shape in shapes.graph.instances("kg:RuleWithoutShape"):
        yield shape.partition(":")[2], shapes.graph.text(shape, "rdfs:comment")
    declared = set(shapes.graph.instances("kg:RuleWithoutShape"))
    for rule in {r for n in law.instances("kg:Condition") for r in law.names(n, "kg:recordRule")}:
        if rule not in declared and rule.partition(":")[2] not in checked:
            yield rule.partition(":")[2], "a condition names it, and no shape checks it"
