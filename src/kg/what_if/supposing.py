"""Facts supposed otherwise: the tree of the case changes before it is checked, so all checks hold.

A supposed judgement counts for the comparison and is marked as supposed wherever it is shown.

Source: design section 6 (``kg what-if``); case-model sections 2 and 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from kg.assess import assess_case
from kg.assess.causes import causes_of, kinds_of
from kg.assess.engine import Engine
from kg.case_keys import BLOCKS, REGISTERS, Key
from kg.errors import BadRequest, CaseNotLoaded, Problem
from kg.load import load_case_text, read_case_file
from kg.load import tree as trees
from kg.load.case import dash
from kg.model import (
    Case,
    Comparison,
    DisclosureAssessment,
    LegalChange,
    ProvisionChange,
    Supposition,
    Triple,
)
from kg.prepare import Facts, Prepared, prepare
from kg.what_if.differences import compare

#: Author and reasons of a judgement that nobody has made.
SUPPOSED_BY = "nobody (only supposed)"
SUPPOSED_REASONS = "supposed, to see what would follow; nobody has judged this"
#: Types of a key that takes several words in one value: “a,b”. Texts keep their commas.
_WORDS = {"kind", "value", "ref", "norm", "block"}


def read_changes(texts: Iterable[str]) -> dict[str, str]:
    """Return the changes that are written as PATH=VALUE, by path; an empty value removes.

    Raises: BadRequest for a text without “=”, without a path, or a path that stands twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        path, equals, value = text.partition("=")
        path = path.strip().strip("/")
        if not equals or not path:
            raise BadRequest(
                Problem(f"“{text}” is not PATH=VALUE", "--set", 0, "", "write disclosure/trigger=request")
            )  # fmt: skip
        if path in found:
            raise BadRequest(
                Problem(
                    f"“{path}” is set twice", "--set", 0, "only one value could count",
                    "keep one; several values of one key are written a,b",
                )
            )  # fmt: skip
        found[path] = value.strip()
    return found


def suppose(
    source: Path | str,
    changes: Mapping[str, str],
    engine: Engine,
    *,
    as_at: date | None = None,
    today: date | None = None,
    disclosure: str = "",
    format_: str = "yaml",
) -> list[Comparison]:
    """Compare the answers for a case as it stands with those under changed facts or another date.

    ``source`` is a file, or the text of a case in ``format_``; ``changes`` goes from paths to
    values (empty: removed). With changes, ``as_at`` fixes the law date of both sides; without, it
    is that of the second side alone. ``disclosure`` names the only one wanted. Nothing is written.

    Raises: BadRequest for a path, a disclosure or a request that means nothing; whatever the loader
    raises for a changed case that could not be a case file; Contradiction.
    """
    if not changes and as_at is None:
        raise BadRequest(
            Problem("nothing is supposed", "", 0, "there would be nothing to compare",
                    "add --set PATH=VALUE, or --as-at DATE")
        )  # fmt: skip
    text, form = read_case_file(source) if isinstance(source, Path) else (source, format_)
    where = str(source) if isinstance(source, Path) else "case"
    case = load_case_text(text, form, engine.law, where)
    before = assess_case(case, engine, as_at if changes else None, today)
    wanted = [one for one in before if disclosure in ("", one.id)]
    if not wanted:
        raise BadRequest(
            Problem(f"this case has no disclosure “{disclosure}”", where, 0, "",
                    f"its disclosures: {', '.join(one.id for one in before)}")
        )  # fmt: skip
    other = _supposed(text, form, engine, where, changes, wanted[0].law_date) if changes else case
    after = {one.id: one for one in assess_case(other, engine, as_at, today)}
    return [
        _compared(engine, (case, one), (other, after[one.id]), changes)
        for one in wanted
        if one.id in after
    ]


def _supposed(
    text: str, form: str, engine: Engine, where: str, changes: Mapping[str, str], day: date
) -> Case:
    settings: dict[str, trees.Tree | None] = {}
    for path, value in changes.items():
        settings[path] = _value(path, value)
    for path, value in changes.items():
        key, _ = _key_at(path)
        if key is BLOCKS["judgement"].key("answer") and value:
            judgement = path.rpartition("/")[0]
            settings[f"{judgement}/by"] = trees.Scalar(SUPPOSED_BY, 0)
            settings[f"{judgement}/on"] = trees.Scalar(day.isoformat(), 0)
            settings[f"{judgement}/reasons"] = trees.Scalar(SUPPOSED_REASONS, 0)
    try:
        return load_case_text(text, form, engine.law, where, settings)
    except CaseNotLoaded as error:
        # The file itself was good: what has no line was only supposed.
        raise CaseNotLoaded(
            [replace(p, file=p.file if p.line else "--set") for p in error.problems]
        ) from None


def _key_at(path: str) -> tuple[Key | None, bool]:
    """Return the key a path ends at, and whether it ends at one member of its list or register."""
    block, key, member = BLOCKS["case"], None, False
    steps = iter(path.split("/"))
    for step in steps:
        found = block.key(dash(step))
        if found is None:
            member = True
            continue
        key, member = found, False
        if block.name == "case" and (found.name in REGISTERS):
            member = next(steps, None) is not None
        if found.block:
            block = BLOCKS[found.block]
    return key, member


def _value(path: str, text: str) -> trees.Tree | None:
    """Return the value of a change as a tree: a text, a list (“a,b”), or a thing named in short."""
    key, member = _key_at(path)
    names_itself = path.rpartition("/")[2] in {"id", "case"}
    if names_itself:
        raise BadRequest(
            Problem(f"“{path}” is a name", "--set", 0, "names only tell things apart",
                    "suppose other facts, not other names")
        )  # fmt: skip
    if not text:
        return None
    if key is None or key.type not in _WORDS:
        return trees.Scalar(text, 0)
    short = BLOCKS[key.block].short if key.type == "block" else ""
    words = [trees.Scalar(word.strip(), 0) for word in text.split(",")]
    things: list[trees.Tree] = [
        trees.Mapping(0, {short: word}, {short: 0}) if short else word for word in words
    ]
    if len(things) == 1 or member or not key.many:
        return things[0] if len(things) == 1 else trees.Scalar(text, 0)
    return trees.Sequence(0, things)


def _compared(
    engine: Engine,
    before: tuple[Case, DisclosureAssessment],
    after: tuple[Case, DisclosureAssessment],
    changes: Mapping[str, str],
) -> Comparison:
    found = compare(before[1], after[1])
    one, other = _prepared(engine, *before), _prepared(engine, *after)
    return replace(
        found,
        provisions=tuple(_with_others(engine, found)),
        legal=_legal(engine, found, one, other),
        supposed=tuple(_suppositions(engine, found, one, other, changes)),
    )


def _with_others(engine: Engine, found: Comparison) -> Iterator[ProvisionChange]:
    """Yield the changes of norms, each with the norms it defeats or is defeated by that differ."""
    differ = {change.after.id for change in found.provisions}
    for change in found.provisions:
        name = change.after.id
        linked = (*engine.table.defeaters.get(name, ()), *engine.table.norms[name].defeats)
        yield change._replace(through=tuple(one for one in linked if one in differ))


def _prepared(engine: Engine, case: Case, assessment: DisclosureAssessment) -> Prepared:
    node = f"case:{case.name}/{assessment.id}"
    today = assessment.law_date if assessment.law_date_from == "today" else None
    as_at = assessment.law_date if assessment.law_date_from == "as-at" else None
    return prepare(case, engine.law, node, as_at, today)


def _legal(
    engine: Engine, found: Comparison, one: Prepared, other: Prepared
) -> tuple[LegalChange, ...]:
    early, late = sorted((found.before, found.after), key=lambda a: a.law_date)
    if early.law_date == late.law_date:
        return ()
    return causes_of(engine, early, late, kinds_of(one) | kinds_of(other))


def _suppositions(
    engine: Engine, found: Comparison, one: Prepared, other: Prepared, changes: Mapping[str, str]
) -> Iterator[Supposition]:
    gone = _facts_by_path(one.facts, set(one.case.triples) - set(other.case.triples))
    new = _facts_by_path(other.facts, set(other.case.triples) - set(one.case.triples))
    paths = {**gone, **new}
    predicates = {predicate for predicate, _ in paths.values()}
    read = bool(predicates & {*engine.compiled.properties, "rdf:type"}) or (
        one.computed != other.computed or one.answers != other.answers
    )
    for path, value in changes.items():
        key, member = _key_at(path)
        name = key.name if key else ""
        own = [p for p in paths if member or key is None or key.block or p.endswith(f"/{name}")]
        before = [words for p in own if p in gone and not member for words in gone[p][1]]
        readers = tuple(_readers(found, own))
        yield Supposition(
            path,
            value,
            ", ".join(before) if key is not None and not key.block else "",
            tuple(own),
            readers,
            "stated" if not paths else "shown" if readers else "readable" if read else "record",
            key.used_by if key else "",
        )


def _facts_by_path(facts: Facts, triples: set[Triple]) -> dict[str, tuple[str, list[str]]]:
    """Return property and values in words of facts, by path; without the classes of things."""
    found: dict[str, tuple[str, list[str]]] = {}
    for subject, predicate, value in sorted(triples, key=str):
        if predicate == "rdf:type" and str(value).startswith("kg:"):
            continue
        path = facts.path(subject, predicate)
        found.setdefault(path, (predicate, []))[1].append(facts.words(value))
    return found


def _readers(found: Comparison, paths: list[str]) -> Iterator[str]:
    """Yield the norms with a condition that shows one of the facts, its thing, or misses it."""
    wanted = set(paths)
    for path in paths:
        steps = path.split("/")
        wanted.update("/".join(steps[:n]) for n in range(2, len(steps)))
    for was, now in zip(found.before.provisions, found.after.provisions, strict=True):
        conditions = (
            condition
            for result in (was, now)
            for on_strand in result.conditions_by_strand.values()
            for condition in on_strand
        )
        if any(
            any(fact.path in wanted for fact in condition.because)
            or any(gap.path in wanted for gap in condition.missing)
            for condition in conditions
        ):
            yield now.id
