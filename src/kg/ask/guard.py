"""The guard: refuse a query that writes, reaches out or exhausts, before any engine sees it.

The text is cut into tokens; what stands inside strings, addresses, variables and prefixed names is
left alone. Where a text could be cut in two ways, so that a word hidden from the guard would be
read by the engine, it is refused. This is the second wall: the worker (``kg.ask.worker``) is the
first, because a tokeniser and a grammar may always disagree somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from kg.errors import Problem, QueryRefused

_WRITES = "a query here only reads: nothing in the graph can be changed by one"
_READ_ONLY = "use SELECT, ASK, CONSTRUCT or DESCRIBE"
_REACHES = "a query must not reach another machine, or choose its own data"
_ONE_GRAPH = "leave it out; to read one graph alone write GRAPH <…> { … }"

#: Words that no read-only query over local data needs, with why and what to do instead.
FORBIDDEN: dict[str, tuple[str, str]] = {
    "SERVICE": (_REACHES, "ask about what is here: the law, the cases given, their assessments"),
    **dict.fromkeys(("FROM", "USING", "WITH"), (_REACHES, _ONE_GRAPH)),
    **dict.fromkeys(
        ("LOAD", "INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"),
        (_WRITES, _READ_ONLY),
    ),
    "BASE": (
        "with it, a part of the query could be read in two ways",
        "write every address in full",
    ),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a query may be: characters, tokens, brackets, depth of brackets, operators."""

    characters: int = 20_000
    tokens: int = 4_000
    brackets: int = 400
    depth: int = 60
    operators: int = 200


BOUNDS = Bounds()
_FORMS = {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}
#: Words that nest or multiply like an operator does.
_JOINING = {"UNION", "OPTIONAL", "MINUS", "EXISTS"}
_TOO_BIG = "queries of that size exhaust the machine rather than answer anything"
_SPLIT = "ask in several smaller queries"

# Long strings first; a string, like an address, ends where the SPARQL grammar ends it. An address
# is taken as one only where no engine could read its “<” as “less than”.
_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<string>\"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    | (?P<iri><(?:https?://|urn:)[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<ambiguous><(?![\s=?$0-9"'(+!-]))
    | (?P<variable>[?$][A-Za-z0-9_\u00b7\u00c0-\U000effff]+)
    | (?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<name>(?:_|[A-Za-z\u00c0-\U000effff](?:[\w.-]*[\w-])?)?:(?:[\w:%](?:[\w:%.-]*[\w:%-])?)?)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<bracket>[{}()\[\]])
    | (?P<operator>&&|\|\||[!=<>+*/|^-])
    | (?P<space>\s+)
    | (?P<escape>\\)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_CODEPOINT = re.compile(r"\\[uU]")


class Token(NamedTuple):
    """A piece of a query: kind (a group name of the tokeniser), text, 1-based line."""

    kind: str
    text: str
    line: int


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of a query without spaces and comments."""
    line = 1
    for found in _TOKEN.finditer(query):
        kind, text = str(found.lastgroup), found[0]
        if kind not in {"space", "comment"}:
            yield Token(kind, text, line)
        line += text.count("\n")


def refuse(what: str, why: str, fix: str, line: int = 0) -> QueryRefused:
    """Return the error for a refused query."""
    return QueryRefused(Problem(what, "query" if line else "", line, why, fix))


def check(query: str, bounds: Bounds = BOUNDS) -> None:
    """Refuse a query that is not read-only, that can be read in two ways, or that is too large.

    Raises: QueryRefused with what, why and fix.
    """
    if len(query) > bounds.characters:
        raise refuse(f"the query is longer than {bounds.characters:,} characters", _TOO_BIG, _SPLIT)
    if _CODEPOINT.search(query):
        raise refuse(
            "the query holds a \\u escape",
            "an escape can spell a word that would otherwise be refused",
            "write the character itself",
        )
    found = list(tokens(query))
    if len(found) > bounds.tokens:
        raise refuse(f"the query has more than {bounds.tokens:,} parts", _TOO_BIG, _SPLIT)
    for before, token in zip([None, *found], found, strict=False):
        _check_token(token, before)
    _check_size(found, bounds)
    words = [token.text.upper() for token in found if token.kind == "word"]
    if not _FORMS & set(words):
        raise refuse("this is not a query", "it has none of the four forms of a query", _READ_ONLY)


def _check_token(token: Token, before: Token | None) -> None:
    if token.kind == "word":
        _check_word(token.text, token.line)
    elif token.kind == "name":
        prefix, _, local = token.text.partition(":")
        if before and before.text.upper() == "PREFIX" and prefix in {"urn", "http", "https"}:
            raise refuse(
                f"the prefix “{prefix}:” cannot be used",
                "an address could begin the same way",
                "choose another prefix",
                token.line,
            )
        for part in [prefix, *prefix.split("."), *local.split(".")[1:]]:
            _check_word(part, token.line)
    elif token.kind == "ambiguous":
        raise refuse(
            "a “<” is followed by something other than a full address",
            "it could be read as “less than” or as the start of an address",
            "write full addresses (<https://…>) or prefixed names; put a space after “less than”",
            token.line,
        )
    elif token.kind == "escape":
        raise refuse("a backslash stands outside a string", "it could hide where a name ends",
                     "write the full address instead: <https://…>", token.line)  # fmt: skip


def _check_word(word: str, line: int) -> None:
    # The engine needs no space after a keyword: it reads “SERVICEx:y” and “trueSERVICE” as calls.
    name = "SERVICE" if "SERVICE" in word.upper() else word.upper()
    reason = FORBIDDEN.get(name)
    if reason:
        raise refuse(f"{name} is not allowed in a query", *reason, line)


def _check_size(found: list[Token], bounds: Bounds) -> None:
    brackets = depth = deepest = operators = 0
    for token in found:
        if token.kind == "bracket":
            brackets += 1
            depth += 1 if token.text in "{([" else -1
            deepest = max(deepest, depth)
        elif token.kind == "operator" or (token.kind == "word" and token.text.upper() in _JOINING):
            operators += 1
    for count, bound, name in (
        (deepest, bounds.depth, "levels of brackets"),
        (brackets, bounds.brackets, "brackets"),
        (operators, bounds.operators, "operators"),
    ):
        if count > bound:
            raise refuse(f"the query has more than {bound} {name}", _TOO_BIG, _SPLIT)
