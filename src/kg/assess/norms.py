"""The norms of the ontology as records, checked once: conditions, defeaters, dates, order.

Source: case-model sections 4 and 6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.errors import BrokenGraph, Problem
from kg.load import Law
from kg.model import in_force
from kg.reason import Compiled


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a norm as the ontology states it."""

    id: str
    label: str
    kind: str
    source: str
    rule: str
    question: str
    any_norm_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm as the ontology states it.

    ``start`` is inclusive, ``end`` exclusive: ISO dates, empty is open.
    """

    id: str
    kind: str
    effect: str
    layer: str
    label: str
    citation: str
    url: str
    start: str
    end: str
    review_status: str
    conditions: tuple[str, ...]
    defeats: tuple[str, ...]
    residual: bool
    contradicted_by: tuple[str, ...]
    understates: tuple[str, ...]
    note: str

    def in_force_on(self, day: str) -> bool:
        """Whether the norm is in force on that day; no start date means not commenced."""
        return in_force(self.start, self.end, day)


@dataclass(frozen=True, slots=True)
class NormTable:
    """All norms in file order, all conditions, and which norms defeat a norm."""

    norms: dict[str, Norm]
    conditions: dict[str, Condition]
    defeaters: dict[str, tuple[str, ...]]
    of_kind: dict[str, tuple[str, ...]]


_WORDS = {
    "s": "s",
    "art": "Art",
    "sch": "Sch",
    "para": "para",
    "reg": "reg",
    "r": "r",
    "annex": "Annex",
}
_PART = re.compile(r"(annex|sch|art|para|reg|s|r)(\d[\dA-Za-z]*)?\Z")


def citation_path(name: str) -> str:
    """Return the printed path of a provision name: ``ca1989:s47-9`` gives ``s 47(9)``.

    Source: design section 3, naming of provisions.
    """
    local = name.partition(":")[2].partition(".")[0]
    out: list[str] = []
    for part in local.split("-"):
        found = _PART.match(part)
        if found and (found[2] or part in {"sch", "annex"}):
            out.append(f"{_WORDS[found[1]]} {found[2] or ''}".strip())
        elif out:
            out[-1] += f"({part})"
        else:
            return ""
    return " ".join(out)


def citation_of(name: str, law: Law) -> str:
    """Return the citation of a norm: its own kg:citationText, or instrument and path."""
    own = law.text(name, "kg:citationText")
    if own:
        return own
    instrument = f"{name.partition(':')[0]}:act"
    title = law.text(instrument, "rdfs:label") or name.partition(":")[0]
    path = citation_path(name)
    return f"{title}, {path}" if path else title


def read_norms(law: Law, compiled: Compiled) -> NormTable:
    """Read and check every norm.

    Raises: BrokenGraph for a norm without exactly one axiom, a member that is no condition, an
    unknown kind of condition, or a circle of defeats and references.
    """
    problems: list[Problem] = []
    conditions = {name: _condition(name, law) for name in law.instances("kg:Condition")}
    kinds = set(law.norms)
    norms: dict[str, Norm] = {}
    for name in law.norms:
        members = _members(name, compiled, law, problems)
        problems.extend(
            Problem(
                f"{member} stands in {name} but is not declared as a condition",
                law.file_of.get(name, ""),
                0,
                "an undeclared condition has no label and no source",
                "declare it as a kg:FactCondition, kg:ComputedCondition, kg:JudgementCondition or "
                "kg:AssessedCondition",
            )
            for member in members
            if member not in conditions
        )
        kinds_of = [cls for cls in law.names(name, "rdf:type") if law.text(cls, "kg:effect")]
        if len(kinds_of) == 1:
            norms[name] = _norm(name, kinds_of[0], law, members)
            continue
        problems.append(
            Problem(
                f"{name} has {len(kinds_of)} kinds of norm instead of one",
                law.file_of.get(name, ""),
                0,
                "“may” and “must” are different classes, and an answer shows one",
                "type it with one class that has a kg:effect",
            )
        )
    defeaters: dict[str, list[str]] = {}
    for norm in norms.values():
        for target in norm.defeats:
            if target not in kinds:
                problems.append(
                    Problem(
                        f"{norm.id} defeats {target}, which is no norm",
                        law.file_of.get(norm.id, ""),
                    )
                )
            defeaters.setdefault(target, []).append(norm.id)
    if problems:
        raise BrokenGraph(problems)
    table = NormTable(
        norms,
        conditions,
        {k: tuple(v) for k, v in defeaters.items()},
        _of_kind(law, conditions, norms),
    )
    _check_acyclic(table, law)
    return table


def _of_kind(
    law: Law, conditions: dict[str, Condition], norms: dict[str, Norm]
) -> dict[str, tuple[str, ...]]:
    """Norms by each class (or name) that an assessed condition rests on."""
    wanted = {name for condition in conditions.values() for name in condition.any_norm_of}
    return {
        name: (name,) if name in norms else tuple(n for n in law.instances(name) if n in norms)
        for name in wanted
    }


def _condition(name: str, law: Law) -> Condition:
    kind = next((law.text(cls, "kg:conditionKind") for cls in law.names(name, "rdf:type")), "")
    rule = law.name(name, "kg:recordRule").removeprefix("kgsh:")
    return Condition(
        name, law.label(name), kind, law.name(name, "kg:source"), rule,
        law.name(name, "kg:question"), tuple(law.names(name, "kg:anyNormOf")),
    )  # fmt: skip


def _members(name: str, compiled: Compiled, law: Law, problems: list[Problem]) -> tuple[str, ...]:
    axioms = compiled.sufficient.get(name, [])
    if len(axioms) != 1:
        problems.append(
            Problem(
                f"{name} has {len(axioms)} axioms instead of one",
                law.file_of.get(name, ""),
                0,
                "a norm is the intersection of its own conditions; “or” lives inside a condition",
                "write one axiom with owl:intersectionOf over its conditions",
            )
        )
        return ()
    axiom = axioms[0]
    if not axiom.startswith("_:"):
        return (axiom,)
    kind, members = compiled.expression[axiom]
    if kind != "and":
        problems.append(
            Problem(f"the axiom of {name} is not an intersection", law.file_of.get(name, ""))
        )
        return ()
    return tuple(str(member) for member in members)


def _norm(name: str, kind: str, law: Law, members: tuple[str, ...]) -> Norm:
    return Norm(
        name, kind.removeprefix("kg:"), law.text(kind, "kg:effect"),
        law.name(name, "kg:layer").removeprefix("kg:") or "none",
        law.label(name), citation_of(name, law), law.name(name, "kg:source"),
        law.text(name, "kg:inForceFrom"), law.text(name, "kg:inForceUntil"),
        law.text(name, "kg:reviewStatus") or "to-be-confirmed", members,
        tuple(law.names(name, "kg:defeats")), law.text(name, "kg:residual") == "true",
        tuple(law.names(name, "kg:contradictedBy")),
        tuple(law.names(name, "kg:understates")),
        law.text(name, "skos:scopeNote"),
    )  # fmt: skip


def _check_acyclic(table: NormTable, law: Law) -> None:
    """Refuse circles: a norm rests on its defeaters and on the norms of its assessed conditions."""
    done: set[str] = set()
    path: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        if name in path:
            circle = [*path[path.index(name) :], name]
            raise BrokenGraph(
                Problem(
                    "norms rest on each other in a circle: " + " → ".join(circle),
                    law.file_of.get(name, ""),
                    0,
                    "no order would settle which comes first",
                    "break the circle with kg:subjectToLayer",
                )
            )
        path.append(name)
        for other in table.defeaters.get(name, ()):
            visit(other)
        for condition in table.norms[name].conditions:
            for kind in table.conditions[condition].any_norm_of:
                for other in table.of_kind[kind]:
                    visit(other)
        path.pop()
        done.add(name)

    for name in table.norms:
        visit(name)
