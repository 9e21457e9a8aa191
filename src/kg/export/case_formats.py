"""A case file in its other formats, their context and their schema, from the key table alone.

Source: case-model sections 2 and 8; JSON-LD 1.1 section 4.1.8 (scoped contexts). The reader of case
files emits triples from the key table, not through this context; a test holds the two together.
"""

from __future__ import annotations

import json
import re
from typing import Any

from kg.case_keys import BLOCKS, KEY_OF_TERM, REGISTERS, TYPES, Block, Key
from kg.errors import BadRequest, Problem
from kg.export.case_reference import reference_page
from kg.export.provisions import provisions_page
from kg.load import Law, load_law
from kg.model import Case, Lit, Term
from kg.namespaces import CONTEXT, PREFIXES, expand

__all__ = [
    "case_to_jsonld",
    "case_to_turtle",
    "context",
    "json_schema",
    "provisions_page",
    "reference_page",
]

_TOP = ("disclosure", "record")
_DATATYPES = {"date": "xsd:date", "yes/no": "xsd:boolean", "number": "xsd:integer"}
_CLASSES = {f"kg:{block.node_class}" for block in BLOCKS.values()}


# --- The context ----------------------------------------------------------------------------------


def law_prefixes(law: Law) -> dict[str, str]:
    """Return the prefix of every instrument that a case may cite, with its namespace, by name."""
    names = sorted({name.partition(":")[0] for name in law.citable})
    return {name: expand(f"{name}:") for name in names}


def context(law: Law | None = None) -> dict[str, Any]:
    """Return the published JSON-LD 1.1 context as ``{"@context": {...}}``.

    Relative names resolve against the base ``…/case/<case>/``, which the processor is given. The
    structural class of a thing follows from the key that holds it and is not in the context.
    ``law`` supplies the prefixes of the instruments; without it the ontology is read.
    """
    prefixes = {name: PREFIXES[name] for name in ("kg", "value", "xsd")}
    terms = _terms(BLOCKS["case"], ("case",))
    return {"@context": {"@version": 1.1, **prefixes, **law_prefixes(law or load_law()), **terms}}


def _terms(block: Block, within: tuple[str, ...]) -> dict[str, Any]:
    terms: dict[str, Any] = {"id": "@id"} if block.name in _TOP else {}
    for key in block.keys:
        if key.term == "type":
            terms["@vocab"] = PREFIXES[key.listed.partition(":")[0]]
        terms[key.name] = _definition(key, within)
    return terms


def _definition(key: Key, within: tuple[str, ...]) -> Any:
    if key.term == "type":
        return "@type"
    definition: dict[str, Any] = {"@id": f"kg:{key.term}"}
    if key.type in {"text", "note"}:
        definition["@language"] = "en"
    elif key.type in _DATATYPES:
        definition["@type"] = _DATATYPES[key.type]
    elif key.type in {"value", "kind"}:
        # A fresh context that knows only this key: otherwise a value that is also a key (consent,
        # form) would be read as the key.
        alone = {"@id": f"{PREFIXES['kg']}{key.term}", "@type": "@vocab"}
        vocabulary = PREFIXES[key.listed.partition(":")[0]]
        definition = alone | {"@context": [None, {"@vocab": vocabulary, key.name: alone}]}
    elif key.type in {"ref", "norm"}:
        definition["@type"] = "@id"
    if key.name in REGISTERS and within == ("case",):
        definition["@container"] = "@id"
    # A thing inside one of its own kind (a party part of a party) already has the terms in scope.
    if key.block and key.block not in within:
        definition["@context"] = _terms(BLOCKS[key.block], (*within, key.block))
    return definition


# --- The schema -----------------------------------------------------------------------------------

_NAME = "^[a-z0-9]+(-[a-z0-9]+)*$"
_SCALARS: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "minLength": 1},
    "note": {"type": "string", "minLength": 1},
    "name": {"type": ["string", "number"]},
    "date": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    "yes/no": {"enum": [True, False, "yes", "no", "true", "false"]},
    "number": {"type": ["integer", "string"], "minimum": 0, "pattern": "^[0-9]+$"},
    "norm": {"$ref": "#/$defs/provision"},
}


def json_schema(law: Law) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a case file: every block, key and list, described.

    It serves editors. The reader of case files checks more: that names resolve and dates exist.
    """
    lists = {key.listed for block in BLOCKS.values() for key in block.keys if key.listed}
    definitions: dict[str, Any] = {
        "provision": {"description": TYPES["norm"], "enum": sorted(law.citable)},
        "reference": {"description": TYPES["ref"], "type": "string", "pattern": _NAME},
    }
    for listed in sorted(lists):
        root = listed.partition(":")[2]
        definitions[f"list-{root}"] = {
            "description": law.label(f"kg:{root}"),
            "enum": list(law.vocabulary(listed)),
        }
    for block in BLOCKS.values():
        definitions[f"block-{block.name}"] = _block_schema(block, law)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": CONTEXT.replace("context.jsonld", "case.schema.json"),
        "title": "Case file",
        "description": "One case: three registers, disclosures and decision records.",
        "$ref": "#/$defs/block-case",
        "$defs": definitions,
    }


def _block_schema(block: Block, law: Law) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    if block.name == "case":
        properties["@context"] = {"const": CONTEXT, "description": "only in JSON-LD"}
        properties["expect"] = {
            "type": "object",
            "description": "test files only: what the answer must be",
        }
    if block.name in _TOP:
        properties["id"] = {
            "type": "string",
            "pattern": _NAME,
            "description": "name, where there are several",
        }
    properties |= {key.name: _key_schema(key, block, law) for key in block.keys}
    schema: dict[str, Any] = {"title": block.title, "type": "object", "properties": properties,
                              "additionalProperties": False}  # fmt: skip
    if block.name == "case":
        schema["required"] = ["case"]
    return schema


def _key_schema(key: Key, block: Block, law: Law) -> dict[str, Any]:
    described = key.what + (f". Not stated: {key.unstated}" if key.unstated else "")
    if key.name == "case":
        return {"description": described, "type": "string", "pattern": _NAME}
    if block.name == "case" and key.name in REGISTERS:
        return {"description": described, "type": "object", "propertyNames": {"pattern": _NAME},
                "additionalProperties": {"$ref": f"#/$defs/block-{key.block}"}}  # fmt: skip
    one = _value_schema(key, law)
    if key.many or (block.name == "case" and key.name in _TOP):
        return {"description": described, "anyOf": [one, {"type": "array", "items": one}]}
    return {"description": described, **one}


def _value_schema(key: Key, law: Law) -> dict[str, Any]:
    if key.type in {"kind", "value"}:
        return {"$ref": f"#/$defs/list-{key.listed.partition(':')[2]}"}
    if key.type == "block":
        inner = BLOCKS[key.block]
        whole = {"$ref": f"#/$defs/block-{key.block}"}
        short = inner.key(inner.short) if inner.short else None
        return {"anyOf": [whole, _value_schema(short, law)]} if short else whole
    if key.type == "ref":
        options: list[dict[str, Any]] = [{"$ref": "#/$defs/reference"}]
        if key.listed:
            namespace = key.listed.partition(":")[0]
            options.append({"enum": [f"{namespace}:{word}" for word in law.vocabulary(key.listed)]})
        if key.block:
            options.append({"$ref": f"#/$defs/block-{key.block}"})
        return {"anyOf": options} if len(options) > 1 else options[0]
    return dict(_SCALARS[key.type])


# --- JSON-LD --------------------------------------------------------------------------------------


class _Writer:
    """Rebuilds the tree of a case from its triples; things in a register are written by name."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.base = f"case:{case.name}/"
        self.index: dict[str, dict[str, list[Term]]] = {}
        for subject, predicate, value in case.triples:
            self.index.setdefault(subject, {}).setdefault(predicate, []).append(value)
        held = {key.term: key for key in BLOCKS["case"].keys if key.type == "block"}
        self.registered = {
            str(node): str(node).removeprefix(self.base)
            for term in held
            for node in self.index.get(self.base, {}).get(f"kg:{term}", [])
        }
        self.written: set[str] = set()

    def refuse(self, node: str, what: str, fix: str) -> BadRequest:
        return BadRequest(
            Problem(f"“{node}” {what}", self.case.file, 0, "a tree of keys cannot say that", fix)
        )

    def thing(self, node: str, block: Block) -> dict[str, Any]:
        """Return a thing as keys with values, in the order of the file."""
        if node in self.written:
            raise self.refuse(
                node, "is described in two places", "put it into a register and refer to it by name"
            )
        self.written.add(node)
        out: dict[str, Any] = {}
        if block.name in _TOP and node in self.registered:
            out["id"] = self.registered[node]
        for predicate, values in self.index.get(node, {}).items():
            term = "type" if predicate == "rdf:type" else predicate.removeprefix("kg:")
            stated = [v for v in values if not (term == "type" and v in _CLASSES)]
            if not stated:
                continue
            key = KEY_OF_TERM.get((block.node_class, term))
            if key is None:
                raise self.refuse(node, f"has {predicate}, which {block.title.lower()} has not",
                                  "give each thing one class of the case model")  # fmt: skip
            out[key.name] = self.values(key, stated, node)
        return out

    def values(self, key: Key, stated: list[Term], node: str) -> Any:
        if node == self.base and key.name in REGISTERS:
            block = BLOCKS[key.block]
            return {self.registered[str(v)]: self.thing(str(v), block) for v in stated}
        out = [self.value(key, value, node) for value in stated]
        return (
            out[0]
            if len(out) == 1 and not (key.many and key.type == "block" and node != self.base)
            else out
        )

    def value(self, key: Key, value: Term, node: str) -> Any:
        """Return one value as JSON: a literal, a word of a list, a name, or a thing in place."""
        if isinstance(value, Lit):
            if value.type == "boolean":
                return value.text == "true"
            return int(value.text) if value.type == "integer" else value.text
        if key.type in {"kind", "value"}:
            return value.partition(":")[2]
        own = value.startswith(self.base)
        if key.type == "ref" and value in self.registered:
            return self.registered[value]
        if key.type == "ref" and own and not key.block:
            fix = "put it into a register"
            raise self.refuse(node, f"refers to {value}, which stands in no register", fix)
        return self.thing(value, BLOCKS[key.block]) if own and key.block else value


def case_to_jsonld(case: Case, law: Law | None = None) -> str:  # noqa: ARG001 - one signature
    """Return the case as JSON-LD under the published context; reading it gives the same triples.

    Kinds and values are written as in YAML (``nhs-trust``); a special value of a reference keeps
    its prefix (``value:children-generally``).

    Raises: BadRequest for a Turtle case that no tree of keys can say.
    """
    writer = _Writer(case)
    tree = writer.thing(writer.base, BLOCKS["case"])
    return json.dumps({"@context": CONTEXT, **tree}, ensure_ascii=False, indent=2) + "\n"


# --- Turtle ---------------------------------------------------------------------------------------

_SAFE_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")
_SAFE_PATH = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*\Z")
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SUFFIX = {"en": "@en", "string": "", "date": "^^xsd:date"}


def case_to_turtle(case: Case) -> str:
    """Return the case as Turtle text, every triple of it, structural classes included."""
    base = f"case:{case.name}/"
    used: set[str] = set()

    def term(value: Term) -> str:
        if isinstance(value, Lit):
            if value.type in {"boolean", "integer"}:
                return value.text
            if value.type == "date":
                used.add("xsd")
            text = "".join(
                _ESCAPED.get(c, c if c >= " " else f"\\u{ord(c):04X}") for c in value.text
            )
            return f'"{text}"{_SUFFIX[value.type]}'
        if value == base:
            return "<>"
        prefix, _, local = value.partition(":")
        if value.startswith(base):
            path = value.removeprefix(base)
            return f"<{path}>" if _SAFE_PATH.match(path) else f"<{expand(value)}>"
        if prefix in {"http", "https"} or not _SAFE_LOCAL.match(local):
            return f"<{expand(value)}>"
        used.add(prefix)
        return value

    things: dict[str, list[str]] = {}
    for subject, predicate, value in case.triples:
        verb = "a" if predicate == "rdf:type" else term(predicate)
        things.setdefault(subject, []).append(f"{verb} {term(value)}")
    blocks = [
        f"{term(subject)} " + " ;\n    ".join(facts) + " ." for subject, facts in things.items()
    ]
    head = [f"@base <{expand(base)}> ."]
    head += [f"@prefix {name}: <{expand(name + ':')}> ." for name in sorted(used)]
    return "\n".join(head) + "\n\n" + "\n\n".join(blocks) + "\n"
