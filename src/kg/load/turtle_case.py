"""Read a case written in Turtle: the same triples, checked against the same key table.

Source: case-model section 8. A case may describe its own things and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

import pyoxigraph as ox

from kg.case_keys import BLOCKS, KEY_OF_TERM, Key
from kg.errors import CaseNotLoaded, FileNotUnderstood, Problem
from kg.load.case import NAME, real_date
from kg.load.hints import nearest
from kg.load.law import Law, from_oxigraph
from kg.model import Case, Lit, Place, Term, Triple
from kg.namespaces import shorten

MAX_BRACKETS = 20

Raw = tuple[ox.NamedNode | ox.BlankNode, str, ox.NamedNode | ox.BlankNode | ox.Literal]

_CLASSES = {f"kg:{block.node_class}" for block in BLOCKS.values()}
#: The name of a thing: empty for the case itself, else a path.
_PATH = re.compile(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*(?:/[a-z0-9]+(?:-[a-z0-9]+)*)*)?\Z")
_LITERALS = {
    "text": "en",
    "note": "en",
    "name": "string",
    "date": "date",
    "yes/no": "boolean",
    "number": "integer",
}
_LEXICAL = {"boolean": re.compile(r"(?:true|false)\Z"), "integer": re.compile(r"(?:0|[1-9]\d*)\Z")}
_TOKENS = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|<[^>\s]*>|#[^\n]*|[\[\]()]', re.DOTALL
)


def _check_depth(text: str, file: str) -> None:
    depth = 0
    for found in _TOKENS.finditer(text):
        if found[0] in "[(":
            depth += 1
        elif found[0] in "])":
            depth -= 1
        if depth > MAX_BRACKETS:
            raise FileNotUnderstood(
                Problem(
                    f"this file nests more than {MAX_BRACKETS} levels deep",
                    file,
                    text.count("\n", 0, found.start()) + 1,
                    "no case needs that depth, and such files are made to exhaust a program",
                    "give each thing a name of its own",
                )
            )


def read_turtle_case(text: str, law: Law, file: str) -> Case:
    """Return the case a Turtle text states. Blank nodes get a name of the case; there are no lines.

    Raises: FileNotUnderstood for broken Turtle or named graphs; CaseNotLoaded for terms outside the
    key table, foreign subjects, axioms, wrong types and references to nobody.
    """
    _check_depth(text, file)
    try:
        quads = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE, without_named_graphs=True))
    except SyntaxError as fault:
        raise FileNotUnderstood(
            Problem(
                "this Turtle file cannot be read",
                file,
                fault.lineno or 0,
                "a full stop, semicolon, bracket or prefix is missing or misplaced near this line",
                "compare the line with its neighbours",
            )
        ) from None
    raw = [(q.subject, shorten(q.predicate.value), q.object) for q in quads]
    references = [o.value for _, p, o in raw if p == "kg:reference" and isinstance(o, ox.Literal)]
    if len(references) != 1 or not NAME.match(references[0]):
        raise CaseNotLoaded(
            Problem(
                "the file does not name its case once",
                file,
                0,
                "everything in the file is named after it",
                "state kg:reference with one name of small letters, digits and hyphens",
            )
        )
    base = f"case:{references[0]}/"

    names = _names_of_blank_nodes(raw, base)

    def term(value: ox.NamedNode | ox.BlankNode | ox.Literal) -> Term:
        found = from_oxigraph(value)
        return names.get(found, found) if isinstance(found, str) else found

    triples = tuple(dict.fromkeys((str(term(s)), p, term(o)) for s, p, o in raw))
    problems = dict.fromkeys([*_problems(triples, law, file, base), *_repeated(triples, file)])
    if problems:
        raise CaseNotLoaded(list(problems))
    places = {s: Place(s.removeprefix(base), 0) for s, _, _ in triples}
    title = next(
        (o.text for s, p, o in triples if p == "kg:title" and s == base and isinstance(o, Lit)), ""
    )
    return Case(references[0], file, triples, places, {}, None, title)


def _names_of_blank_nodes(raw: list[Raw], base: str) -> dict[str, str]:
    """Return a name of the case for each blank node, numbered in the order of the file."""
    taken = {shorten(s.value) for s, _, _ in raw if isinstance(s, ox.NamedNode)}
    free = (name for n in count(1) if (name := f"{base}node-{n}") not in taken)
    terms = (term for s, _, o in raw for term in (s, o) if isinstance(term, ox.BlankNode))
    return {f"_:{node.value}": next(free) for node in dict.fromkeys(terms)}


def _repeated(triples: tuple[Triple, ...], file: str) -> Iterator[Problem]:
    """Yield each key that takes one value and states several."""
    stated: dict[tuple[str, Key], list[str]] = {}
    classes: dict[str, list[str]] = {}
    for subject, predicate, value in triples:
        if predicate == "rdf:type" and value in _CLASSES:
            classes.setdefault(subject, []).append(str(value)[3:])
    for subject, predicate, value in triples:
        if value in _CLASSES and predicate == "rdf:type":
            continue
        local = "type" if predicate == "rdf:type" else predicate.removeprefix("kg:")
        for cls in classes.get(subject, ()):
            key = KEY_OF_TERM.get((cls, local))
            if key and not key.many:
                stated.setdefault((subject, key), []).append(predicate)
    for (subject, _), predicates in stated.items():
        if len(predicates) > 1:
            yield Problem(
                f"“{predicates[0]}” of {subject} takes one value, not {len(predicates)}",
                file,
                0,
                "two values would leave open which one counts",
                "keep one of them",
            )


def _problems(triples: tuple[Triple, ...], law: Law, file: str, base: str) -> Iterator[Problem]:
    classes: dict[str, set[str]] = {}
    for subject, predicate, value in triples:
        if predicate == "rdf:type" and isinstance(value, str):
            classes.setdefault(subject, set()).add(value)
    for subject, predicate, value in triples:
        if not subject.startswith(base):
            yield Problem(
                f"“{subject}” is not a thing of this case",
                file,
                0,
                "a case may describe its own things; the law and other cases are not its to change",
                f"names in this file begin with the address of the case ({base})",
            )
            continue
        if not _PATH.match(subject.removeprefix(base)) or "/strand/" in subject:
            yield Problem(
                f"“{subject.removeprefix(base)}” is not a name for a thing of a case",
                file,
                0,
                "names are paths of small letters, digits and hyphens; strands are computed",
                "give it a name such as trust or disclosure/items/1",
            )
            continue
        structural = [name for name in classes.get(subject, ()) if name in _CLASSES]
        if not structural:
            yield Problem(
                f"“{subject}” has no class of the case model",
                file,
                0,
                "without it nobody knows which keys belong to it",
                "add one, such as a kg:Body or a kg:Item",
            )
            continue
        yield from _check_fact((subject, predicate, value), structural, classes, law, file)


def _check_fact(
    fact: Triple, structural: list[str], classes: dict[str, set[str]], law: Law, file: str
) -> Iterator[Problem]:
    subject, predicate, value = fact
    if predicate == "rdf:type":
        kinds = [KEY_OF_TERM.get((name[3:], "type")) for name in structural]
        if value in _CLASSES or any(
            key and value in law.vocabulary(key.listed).values() for key in kinds
        ):
            return
        yield Problem(
            f"“{subject}” cannot be typed “{value}”",
            file,
            0,
            "a case states kinds from the vocabularies; the program says what follows",
            nearest(str(value), {v for k in kinds if k for v in law.vocabulary(k.listed).values()})
            or "delete it, or state a kind of the case-file reference",
        )
        return
    keys = [KEY_OF_TERM.get((name[3:], predicate.removeprefix("kg:"))) for name in structural]
    key = next((key for key in keys if key), None) if predicate.startswith("kg:") else None
    if key is None:
        known = {f"kg:{term}" for cls, term in KEY_OF_TERM if f"kg:{cls}" in structural}
        yield Problem(
            f"“{predicate}” is not a property of {' or '.join(sorted(structural))} ({subject})",
            file,
            0,
            "an unknown term would be lost, and axioms are not a case's to state",
            nearest(predicate, known) or "delete it, or see docs/reference/case-file.md",
        )
        return
    wrong = _check_value(key, value, classes, law)
    if wrong:
        yield Problem(
            f"“{predicate}” of {subject}: {wrong}", file, 0, "", f"it takes {key.type}: {key.what}"
        )


def _check_value(  # noqa: PLR0911 - one per type
    key: Key, value: Term, classes: dict[str, set[str]], law: Law
) -> str:
    literal = _LITERALS.get(key.type)
    if literal:
        if not isinstance(value, Lit) or value.type != literal:
            return f"the value must be a literal of type {literal}"
        if literal == "date" and not real_date(value.text):
            return f"“{value.text}” is not a date that exists"
        if literal in _LEXICAL and not _LEXICAL[literal].match(value.text):
            return f"“{value.text}” is not written as {literal} (true, false, 0, 12)"
        return ""
    if isinstance(value, Lit):
        return "the value must be a name, not a text"
    if key.type in {"kind", "value"}:
        return (
            "" if value in law.vocabulary(key.listed).values() else f"“{value}” is not in its list"
        )
    if key.type == "norm":
        return "" if value in law.citable else f"“{value}” is not a provision in the graph"
    if key.listed and value in law.vocabulary(key.listed).values():
        return ""
    wanted = {f"kg:{BLOCKS[key.block].node_class}"} if key.block else _CLASSES
    return "" if classes.get(value, set()) & wanted else f"nothing in this file is “{value}”"
