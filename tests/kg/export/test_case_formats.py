"""A case in its other formats: what is written reads back; context and reader agree."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.case_keys import BLOCKS, KEY_OF_TERM
from kg.errors import BadRequest
from kg.export.case_formats import case_to_jsonld, case_to_turtle, context, json_schema
from kg.load import Law, load_case, load_case_text, load_law
from kg.load.tree import plain, read_yaml
from kg.model import Case, Lit
from kg.namespaces import CONTEXT, expand

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(
    [*(ROOT / "examples").glob("*.yaml"), *(ROOT / "tests" / "scenarios").glob("SC-*.yaml")]
)
CLASSES = {block.node_class: block for block in BLOCKS.values()}

#: Every kind of value, place and short form that the key table knows, in one file.
EVERYTHING = """
case: everything
title: Every kind of key
parties:
  trust:
    {kind: [nhs-trust, court], part-of: {kind: nhs-trust}, listed-in: ca1989:s47-11-e, area: "12"}
  council: {kind: local authority, function: [childrens-social-care, housing]}
people:
  infant: {born: 2023-01-02, alive: yes, lives-with: mother}
  mother: {age: 24, parental-responsibility-for: [infant]}
information:
  notes:
    description: 'says "no"'
    topic: [health, ordinary]
    about: [infant, {age: 7}]
    gathered-for: direct-care
disclosure:
  - id: first
    from: [trust]
    to: [council, {party: {kind: police-force}, person: "0123"}]
    items: [notes]
    subjects:
      - person: infant
        consent:
          - {state: given, form: written, covers: notes, purposes: [referral],
             explained: [what, why], for: [confidence], given-by: mother,
             competence: {by: nurse, heads: [own-view], result: no}}
          - refused
        told: {state: not-told, reason: interference-with-investigation}
    purpose: {kind: referral, words: help}
    trigger: request
    channel: form
    time: "15:20"
    request:
      {by: council, basis: [ca1989:s47-9], section: 47.10, order: {court: the court, seen: yes}}
    concern: none-known
    protects: [infant, children-generally]
    judgements:
      - question: help-would-be-unreasonable
        answer: no
        for: ca1989:s47-10
        about: [infant, notes]
  - id: second
    from: council
record:
  - id: earlier
    decides: [first, second]
    considered: [consent, public-interest]
    cites: [ca1989:s47-9, {provision: ca1989:s47-10, as: basis, for: notes}]
    advice: {by: adviser, text: go ahead, followed: 2024-05-31}
  - id: later
    decides: first
    replaces: earlier
    reason-code: statutory-ground
"""


@cache
def law() -> Law:
    return load_law()


def everything() -> Case:
    return load_case_text(EVERYTHING, "yaml", law(), "everything.yaml")


def cases() -> list[Any]:
    files = [pytest.param(lambda p=path: load_case(p, law()), id=path.stem) for path in FILES]
    return [pytest.param(everything, id="everything"), *files]


def test_collected() -> None:
    """The examples and scenarios are there."""
    assert len(FILES) >= 3


@pytest.mark.parametrize("load", cases())
def test_jsonld_reads_back(load: Any) -> None:
    """JSON-LD written from a case gives exactly the triples of the case."""
    case = load()
    again = load_case_text(case_to_jsonld(case), "json", law(), "x.jsonld")
    assert set(case.triples) == set(again.triples)


@pytest.mark.parametrize("load", cases())
def test_turtle_reads_back(load: Any) -> None:
    """Turtle written from a case gives exactly the triples of the case."""
    case = load()
    again = load_case_text(case_to_turtle(case), "turtle", law(), "x.ttl")
    assert set(case.triples) == set(again.triples)


@pytest.mark.parametrize("load", cases())
def test_context_agrees_with_a_standard_processor(load: Any) -> None:
    """A JSON-LD processor with the published context gives the triples that our reader gives."""
    case = load()
    document = json.loads(case_to_jsonld(case))
    assert document["@context"] == CONTEXT
    document["@context"] = context(law())["@context"]
    base = expand(f"case:{case.name}/")
    text = json.dumps(document).encode()
    read = ox.parse(text, format=ox.RdfFormat.JSON_LD, base_iri=base)
    theirs = ox.Dataset(ox.Quad(*_unnamed(quad, case)) for quad in read)
    _stamp(theirs)
    ours = ox.Dataset(ox.Quad(*_unnamed(quad, case)) for quad in ox.parse(
        case_to_turtle(case).encode(), format=ox.RdfFormat.TURTLE))  # fmt: skip
    for dataset in (ours, theirs):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert {str(quad) for quad in ours} == {str(quad) for quad in theirs}


def _unnamed(quad: ox.Quad, case: Case) -> tuple[Any, Any, Any]:
    """Return the triple with the case and nested things as blank nodes; a register keeps names."""
    base = expand(f"case:{case.name}/")
    held = {f"kg:{key.term}" for key in BLOCKS["case"].keys if key.type == "block"}
    kept = {expand(str(o)) for _, p, o in case.triples if p in held}

    def term(value: Any) -> Any:
        if (
            isinstance(value, ox.NamedNode)
            and value.value.startswith(base)
            and value.value not in kept
        ):
            return ox.BlankNode("n" + value.value[len(base) :].replace("/", "x").replace("-", "y"))
        return value

    return term(quad.subject), quad.predicate, term(quad.object)


def _stamp(dataset: ox.Dataset) -> None:
    """Add the structural classes, which follow from the keys, from the top of the case down."""
    facts: dict[Any, list[tuple[str, Any]]] = {}
    for quad in dataset:
        facts.setdefault(quad.subject, []).append((quad.predicate.value, quad.object))
    start = expand("kg:")
    top = next(
        subject
        for subject, found in facts.items()
        if any(p == f"{start}reference" for p, _ in found)
    )
    todo, seen = [(top, "Case")], set()
    while todo:
        node, cls = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        dataset.add(ox.Quad(node, ox.NamedNode(expand("rdf:type")), ox.NamedNode(start + cls)))
        for predicate, value in facts.get(node, []):
            key = KEY_OF_TERM.get((cls, predicate.removeprefix(start)))
            if (
                key
                and key.block
                and not isinstance(value, ox.Literal)
                and not str(value).startswith(f"<{expand('value:')}")
            ):
                todo.append((value, BLOCKS[key.block].node_class))


def test_no_value_is_hidden_by_a_key() -> None:
    """No kind is spelt like a key in scope: a JSON-LD processor would read the key."""
    for block in BLOCKS.values():
        for key in block.keys:
            if key.term == "type":
                scope = {k.name for b in BLOCKS.values() if b in _above(block) for k in b.keys} | {
                    "id"
                }
                assert not scope & set(law().vocabulary(key.listed)), key.name


def _above(block: Any) -> list[Any]:
    found, todo = [], [block]
    while todo:
        one = todo.pop()
        if one not in found:
            found.append(one)
            todo.extend(b for b in BLOCKS.values() for k in b.keys if k.block == one.name)
    return (
        found
        if block.name != "party"
        else [block, BLOCKS["case"], BLOCKS["disclosure"], BLOCKS["request"]]
    )


def test_turtle_that_is_no_tree_is_refused_in_jsonld() -> None:
    """A thing used twice outside the registers has no place in a tree of keys."""
    text = """@base <https://w3id.org/safeguarding-kg/case/x/> .
    @prefix kg: <https://w3id.org/safeguarding-kg/ns#> .
    <> a kg:Case ; kg:reference "x" ; kg:party <a>, <b> . <a> a kg:Body ; kg:legalPerson <c> .
    <b> a kg:Body ; kg:legalPerson <c> . <c> a kg:Body ."""
    with pytest.raises(BadRequest, match="two places"):
        case_to_jsonld(load_case_text(text, "turtle", law(), "x.ttl"))


def test_turtle_escapes() -> None:
    """Quotes, line ends and control characters of a text survive Turtle."""
    odd = Lit('a "b" \\ c\n\td\u0001', "en")
    top = "case:x/"
    stated = ((top, "rdf:type", "kg:Case"), (top, "kg:reference", Lit("x", "string")))
    case = Case("x", "x", (*stated, (top, "kg:title", odd)), {}, {})
    again = load_case_text(case_to_turtle(case), "turtle", law(), "x.ttl")
    assert ("case:x/", "kg:title", odd) in again.triples


# --- The schema -----------------------------------------------------------------------------------


def errors(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "") -> list[str]:
    """Check the part of JSON Schema 2020-12 that the schema of case files uses."""
    found: list[str] = []
    if "$ref" in schema:
        found += errors(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, at)
    if "anyOf" in schema and all(errors(value, one, root, at) for one in schema["anyOf"]):
        found.append(f"{at}: none of the forms")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value}")
    types = schema.get("type", [])
    names = {dict: "object", list: "array", str: "string"}
    if types and names[type(value)] not in ([types] if isinstance(types, str) else types):
        found.append(f"{at}: {type(value).__name__}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{at}: {value}")
    return found + errors_inside(value, schema, root, at)


def errors_inside(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> list[str]:
    """Check the members of a list, or the keys of an object."""
    found: list[str] = []
    if isinstance(value, list):
        for number, one in enumerate(value):
            found += errors(one, schema.get("items", {}), root, f"{at}/{number}")
    if isinstance(value, dict):
        inner, rest = schema.get("properties", {}), schema.get("additionalProperties", {})
        for key, one in value.items():
            if key not in inner and rest is False:
                found.append(f"{at}/{key}: unknown")
            else:
                found += errors(one, inner.get(key, rest), root, f"{at}/{key}")
        found += [f"{at}/{key}: missing" for key in schema.get("required", []) if key not in value]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_schema_accepts_cases(path: Path) -> None:
    """Every example and scenario fits the published schema."""
    schema = json_schema(law())
    assert (
        errors(plain(read_yaml(path.read_text(encoding="utf-8"), path.name)), schema, schema) == []
    )


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("case: x\nparty: {}", "/party"),
        ("case: X y", "/case"),
        ("case: x\nparties: {trust: {kind: nobody}}", "/parties/trust/kind"),
        ("case: x\ndisclosure: {from: 'Mr Smith'}", "/disclosure"),
        ("title: x", "/case"),
    ],
)
def test_schema_refuses(text: str, where: str) -> None:
    """What the reader refuses by its form, the schema marks too."""
    schema = json_schema(law())
    assert any(e.startswith(where) for e in errors(plain(read_yaml(text, "x")), schema, schema))


def test_schema_describes_every_key() -> None:
    """Every key of the table stands in the schema with its description."""
    blocks = json_schema(law())["$defs"]
    for block in BLOCKS.values():
        for key in block.keys:
            assert blocks[f"block-{block.name}"]["properties"][key.name]["description"].startswith(
                key.what
            )
