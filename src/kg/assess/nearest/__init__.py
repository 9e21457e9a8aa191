"""What would have to change for a norm to apply: minimal sets of facts, ranked (docs/decisions/0011).

Worked out on demand, never within an assessment. It says what would have to be so; it never advises
to state a fact that is not so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal, NamedTuple

from kg.assess.engine import Engine
from kg.assess.nearest.formula import (
    NEW,
    NONE,
    OTHER,
    And,
    Fact,
    FactTable,
    Formula,
    Leaf,
    both,
    either,
)
from kg.assess.nearest.search import STEPS, Cost, minimal_ways
from kg.assess.nearest.unfold import Formulas
from kg.assess.strands import StrandAssessor, StrandAssessors, groups_of
from kg.model import PROVISION_ORDER, Case, Lit, Strand, Term
from kg.prepare import Prepared, disclosures, prepare

__all__ = ["LIMIT", "Change", "Nearest", "Way", "Ways", "nearest_of"]

#: Ways listed for one norm; an answer says when there are more.
LIMIT = 8
_FEW = 3

ChangeCode = Literal["fact", "step", "consent", "authorisation", "impossible"]


class Change(NamedTuple):
    """One fact that would have to be otherwise.

    ``path`` in the case file; ``needs`` in plain words; ``allowed`` the values any of which would
    do; ``kind`` what it would take; ``now`` whether the fact is not stated or stated otherwise;
    ``set`` the ``PATH=VALUE`` of ``kg what-if``, where one value does and changes nothing else the
    norm looks at, else None; ``norms`` those of which one must apply (or none, as ``needs`` says).
    """

    path: str
    needs: str
    allowed: tuple[str, ...]
    kind: ChangeCode
    kind_label: str
    now: Literal["not-stated", "otherwise"]
    set: str | None
    norms: tuple[str, ...] = ()


class Way(NamedTuple):
    """A minimal set of changes; ``kind`` is its worst. One with “impossible” is another case."""

    changes: tuple[Change, ...]
    kind: ChangeCode


class Ways(NamedTuple):
    """The best ways for one norm, best first; ``more`` when others were left out or not looked for."""

    ways: tuple[Way, ...] = ()
    more: bool = False


def nearest_of(
    case: Case, engine: Engine, as_at: date | None = None, today: date | None = None
) -> list[Nearest]:
    """Return what answers for each disclosure of a case, in the order of ``assess_case``.

    Raises: Contradiction.
    """
    return [
        Nearest(prepare(case, engine.law, name, as_at, today), engine) for name in disclosures(case)
    ]


class Nearest:
    """Answers, for one disclosure, what would have to change for a norm to apply."""

    def __init__(self, prepared: Prepared, engine: Engine) -> None:
        self.prepared = prepared
        self.engine = engine
        self.table = FactTable()
        rules = engine.compiled.rules_on(prepared.day)
        alike = groups_of(prepared, engine)
        groups = [group[0] for group in alike]
        #: Strands that are alike change alike: what stands for what, by place.
        self.alike: dict[str, dict[str, None]] = {}
        for group in alike:
            for part in ("discloser", "recipient", "item", "subject"):
                same = dict.fromkeys(getattr(one, part) for one in group)
                self.alike.setdefault(getattr(group[0], part), {}).update(same)
        kept = {strand.node for strand in groups}
        others = {strand.node for strand in prepared.strands} - kept
        closure = rules.close(t for t in prepared.triples if t[0] not in others)
        strands = StrandAssessors(engine, prepared, closure, engine.kinds_on(rules))
        self.strands: list[tuple[Strand, StrandAssessor, Formulas]] = []
        for strand in groups:
            assessor = strands.add(strand)
            self.strands.append((strand, assessor, Formulas(engine, assessor, strand, self.table)))
        self._kinds = _ChangeKinds(engine)

    def formula(self, norm: str) -> Formula:
        """Return when a norm applies to the disclosure: to all its strands; a bar, to any of them."""
        parts = [formulas.applies(norm) for _, _, formulas in self.strands]
        return either(parts) if self.engine.table.norms[norm].effect == "bar" else both(parts)

    def of(self, norm: str, limit: int = LIMIT, steps: int = STEPS) -> Ways:
        """Return the best ways for a norm; none when it applies already, or no change would do."""
        formula = self.formula(norm)
        found = minimal_ways(formula, self._kinds.split, self._kinds.cost, limit, steps)
        read = set(_dimensions_in(formula))
        ways = [self._way(way, read) for way in found.ways if way]
        return Ways(tuple(ways), found.more)

    # --- in words -----------------------------------------------------------------------------

    def _way(self, way: Mapping[Fact, frozenset[Term]], read: set[str]) -> Way:
        counted = sorted(_counted(way), key=lambda fact: fact.number)
        changes = tuple(self._change(fact, way[fact], read) for fact in counted)
        codes = sorted(
            ((self._kinds.position(fact, way[fact]), change.kind)
             for fact, change in zip(counted, changes, strict=True))
        )  # fmt: skip
        return Way(changes, codes[-1][1])

    def _change(self, fact: Fact, values: frozenset[Term], read: set[str]) -> Change:
        law = self.engine.law
        kind = self._kinds.of(fact, next(iter(values)))
        allowed = tuple(
            sorted(_written(value) for value in values if value not in {NEW, OTHER, NONE})
        )
        norms: tuple[str, ...] = ()
        if fact.sort == "assessed":
            norms, allowed = self._norms_of(fact), ()
        elif fact.sort in {"computed", "in-force"}:
            allowed = ()
        others = list(self.alike.get(fact.node, ()))[1:]
        likewise = ", ".join(self.prepared.facts.local(other) for other in others)
        needs = self._needs(fact, values)
        if likewise and fact.sort != "computed":
            needs += f" (likewise {likewise})"
        return Change(
            fact.path, needs, allowed, law.text(kind, "kg:code"),  # type: ignore[arg-type]
            law.label(kind), "otherwise" if fact.stated else "not-stated",
            self._setting(fact, values, allowed, read), norms,
        )  # fmt: skip

    def _needs(self, fact: Fact, values: frozenset[Term]) -> str:  # noqa: PLR0911 - one for each sort
        law = self.engine.law
        only = next(iter(values))
        match fact.sort:
            case "answer":
                word = " or ".join(sorted(str(value) for value in values))
                return f"a person answers {word} to “{law.label(fact.name)}”"
            case "assessed":
                word = "one" if values == {"met"} else "none"
                return f"{law.label(fact.name)}: {word} of the provisions it rests on applies"
            case "in-force":
                norm = self.engine.table.norms[fact.name]
                if not norm.start:
                    return "the provision had been commenced"
                end = f" and before {norm.end}" if norm.end else ""
                return f"the law of a day from {norm.start}{end} governed"
            case "computed":
                parts = fact.node.split() if len(self.prepared.strands) > 1 else []
                names = dict.fromkeys(
                    one for part in parts for one in self.alike.get(part, (part,))
                )
                about = ", ".join(self.prepared.facts.local(name) for name in names)
                return self._listed(values) + (f" ({about})" if about else "")
            case "kind":
                return f"{law.label(fact.name)}: {self._listed(values)}"
        what = fact.key.what if fact.key else fact.path
        if only in {NEW, NONE}:
            return f"{what}: {'stated' if only == NEW else 'none'}"
        return f"{what}: {'another value' if values == {OTHER} else self._listed(values)}"

    def _listed(self, values: Iterable[Term]) -> str:
        """Return the widest of the values in words: the first few, and how many more."""
        chosen = {value for value in values if value != OTHER}
        wide = [
            value for value in chosen
            if not (isinstance(value, str) and chosen & set(self.engine.law.superclasses.get(value, ())))
        ]  # fmt: skip
        words = sorted(dict.fromkeys(self.prepared.facts.words(value) for value in wide))
        rest = f" or {len(words) - _FEW} more" if len(words) > _FEW + 1 else ""
        return " or ".join(words[:_FEW] if rest else words) + rest

    def _norms_of(self, fact: Fact) -> tuple[str, ...]:
        """Return the norms a condition rests on, those nearest to applying first; none that is not in force."""
        table = self.engine.table
        of = self.strands[0][1]
        names = dict.fromkeys(
            n for kind in table.conditions[fact.name].any_norm_of for n in table.of_kind[kind]
        )
        states = {name: of.norm(name) for name in names}

        def distance(name: str) -> tuple[int, int]:
            failed = sum(c.state == "not-met" for c in states[name].conditions)
            return PROVISION_ORDER.index(states[name].state), failed

        return tuple(sorted((n for n in names if states[n].state != "not-in-force"), key=distance))

    def _setting(
        self, fact: Fact, values: frozenset[Term], allowed: tuple[str, ...], read: set[str]
    ) -> str | None:
        """Return the setting of ``kg what-if``: where a person has nothing to choose and nothing else moves."""
        if len(values) != 1 or not allowed or not fact.path or fact.sort == "computed":
            return None
        if len(self.alike.get(fact.node, ())) > 1 or self._asked_already(fact):
            return None
        if ">" in fact.node and any(self._unwritable(part) for part in _stem(fact.node)):
            return None
        if read & set(self.engine.law.names(fact.name, "kg:readBy")):
            return None
        return f"{fact.path}={allowed[0]}"

    def _asked_already(self, fact: Fact) -> bool:
        """Whether the path of an open question leads to a judgement that is about something else."""
        facts = self.prepared.facts
        return (
            fact.sort == "answer"
            and not fact.node
            and any(
                facts.name(one, "kg:question") == fact.name
                for one in facts.names(self.prepared.disclosure, "kg:judgement")
            )
        )

    def _unwritable(self, new: str) -> bool:
        """Whether a new thing cannot be described where it is mentioned: a participation or a list."""
        stem, _, on = new.rpartition(">")
        known = self.table.facts.get(("value", stem, on))
        return known is None or known.key is None or known.key.many or known.key.type == "ref"


def _stem(node: str) -> Iterator[str]:
    """Yield a new thing and the new things it stands in."""
    while ">" in node:
        yield node
        node = node.rpartition(">")[0]


def _written(value: Term) -> str:
    if isinstance(value, Lit):
        return {"true": "yes", "false": "no"}.get(value.text, value.text)
    vocabularies = ("body:", "purpose:", "info:", "concern:", "value:", "function:", "consent:")
    return value.partition(":")[2] if value.startswith(vocabularies) else value


def _counted(way: Mapping[Fact, frozenset[Term]]) -> list[Fact]:
    """Return the facts of a way without those that only say that a thing exists which others describe."""
    nodes = {fact.node for fact in way}
    return [
        fact for fact in way
        if NEW not in way[fact]
        or not any(f"{n}>".startswith(f"{fact.node}>{fact.name}>") for n in nodes)
    ]  # fmt: skip


def _dimensions_in(formula: Formula) -> Iterator[str]:
    """Yield the dimensions of the computed facts that a formula looks at."""
    if isinstance(formula, Leaf):
        if formula.fact.sort == "computed":
            yield formula.fact.name
    else:
        for part in formula.all if isinstance(formula, And) else formula.any:
            yield from _dimensions_in(part)


class _ChangeKinds:
    """What each change would take, as the vocabulary declares it (kg:toChange, kg:toState)."""

    def __init__(self, engine: Engine) -> None:
        self.law = engine.law
        self.impossible = "kg:AnotherCase"
        self.places = {
            name: int(self.law.text(name, "kg:position") or 0)
            for name in self.law.instances("kg:ChangeKind")
        }
        self._of: dict[tuple[Fact, Term], str] = {}
        self._split: dict[tuple[Fact, frozenset[Term]], list[frozenset[Term]]] = {}

    def of(self, fact: Fact, value: Term) -> str:
        """Return the kind of change that gives a fact this value."""
        found = self._of.get((fact, value))
        if found is None:
            found = self._of[fact, value] = self._kind(fact, value)
        return found

    def _kind(self, fact: Fact, value: Term) -> str:
        declared = {
            "answer": "kg:JudgementCondition",
            "assessed": "kg:AssessedCondition",
            "computed": value,
        }.get(fact.sort, fact.name)
        if fact.sort == "in-force":
            return self.impossible
        narrower = fact.sort == "kind" and any(
            name in self.law.superclasses.get(str(value), ()) for name in fact.stated
        )
        if fact.stated and not narrower:
            return self.law.name(str(declared), "kg:toChange") or self.impossible
        return self.law.name(str(declared), "kg:toState") or "kg:FactToEstablish"

    def position(self, fact: Fact, values: frozenset[Term]) -> int:
        """Return the place of a change in the order from easy to impossible; its values share it."""
        return self.places.get(self.of(fact, next(iter(values))), 0)

    def split(self, fact: Fact, values: frozenset[Term]) -> list[frozenset[Term]]:
        """Return the values in sets of one kind of change, and new things apart from known values."""
        known = self._split.get((fact, values))
        if known is None:
            found: dict[tuple[str, bool], set[Term]] = {}
            for value in sorted(values, key=str):
                found.setdefault((self.of(fact, value), value in {NEW, NONE}), set()).add(value)
            known = self._split[fact, values] = [frozenset(group) for group in found.values()]
        return known

    def cost(self, way: Mapping[Fact, frozenset[Term]]) -> Cost:
        """Return what ranks a way: impossible changes, changes, the worst kind, facts."""
        counted = _counted(way) if len(way) > 1 else list(way)
        kinds = [self.of(fact, next(iter(way[fact]))) for fact in counted]
        worst = max((self.places.get(kind, 0) for kind in kinds), default=0)
        return sum(kind == self.impossible for kind in kinds), len(counted), worst, len(way)
