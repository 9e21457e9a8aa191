"""The pieces of a policy file: keys, texts, dates, severities, values; what is wrong is collected."""

from __future__ import annotations

from collections.abc import Iterator

from kg.assess import Engine
from kg.errors import BadRequest, Problem
from kg.load import Law
from kg.load.case import read_term, real_date
from kg.load.hints import nearest
from kg.load.tree import Mapping, Scalar, Sequence, Tree
from kg.model import Term
from kg.validate.policy.parts import WORDS, Way
from kg.validate.policy.ways import way_of
from kg.validate.shapes import Severity, Shapes

REFERENCE = "see docs/reference/policy-file.md"
#: Types of a key whose values a rule can name; of all others only whether something is stated.
_COMPARED = {"kind", "value", "yes/no", "number", "name", "norm"}


class Pieces:
    """Reads the pieces and collects the problems of one policy file."""

    def __init__(self, engine: Engine, shapes: Shapes, file: str) -> None:
        self.law: Law = engine.law
        self.shapes = shapes
        self.file = file
        self.problems: list[Problem] = []

    def way(self, written: str, on: str, line: int) -> Way | None:
        """Return the way a path means, or None after noting what is wrong with it."""
        try:
            return way_of(written, on)
        except BadRequest as error:
            for problem in error.problems:
                self.wrong(problem.what, line, problem.why, problem.fix)
            return None

    def values(self, way: Way, texts: list[Scalar]) -> tuple[Term, ...]:
        """Return the terms of values under a key, checked against its vocabulary."""
        if way.key.type not in _COMPARED:
            self.wrong(
                f"values of “{way.written}” cannot be compared", texts[0].line if texts else 0,
                "what each record writes there is its own", "write stated or not-stated",
            )  # fmt: skip
            return ()
        terms = []
        for one in texts:
            term, problems = read_term(way.key, one, self.law, self.file)
            self.problems += problems
            terms += [term] if term is not None else []
        return tuple(terms)

    def count(self, tree: Mapping, key: str) -> int | None:
        """Return a whole number, or None when the key is not there."""
        if key not in tree.entries:
            return None
        text = self.text(tree, key)
        if text.isascii() and text.isdigit():
            return int(text)
        self.wrong(f"“{key}” takes a whole number", tree.lines[key], "", "write a number such as 1")
        return None

    def severity(self, tree: Mapping, key: str = "severity") -> Severity | None:
        """Return a severity, or None after noting a problem."""
        text = self.text(tree, key, "it decides whether a record is complete")
        for severity, word in WORDS.items():
            if text == severity:
                return severity
            if text.lower() == word.lower():
                self.wrong(f"“{text}” is not a severity", tree.lines[key], "", f"write {severity}")
                return None
        if text:
            self.wrong(
                f"“{text}” is not a severity", tree.lines[key], "",
                nearest(text, WORDS) or f"severities: {', '.join(WORDS)}",
            )  # fmt: skip
        return None

    def day(self, tree: Mapping, key: str, *, needed: bool = False) -> str:
        """Return an ISO date, or an empty string."""
        if key not in tree.entries and not needed:
            return ""
        text = self.text(
            tree, key, "the date of the decision decides whether the policy governs it"
        )
        if text and not real_date(text):
            self.wrong(
                f"“{text}” is not a date that exists", tree.lines[key],
                "the date of the decision decides whether the policy governs it",
                "write year-month-day, such as 2024-05-31",
            )  # fmt: skip
            return ""
        return text

    def text(self, tree: Mapping, key: str, why: str = "", line: int = 0) -> str:
        """Return the text of a key that must be there, or an empty string after noting it."""
        node = tree.entries.get(key)
        if isinstance(node, Scalar) and node.text.strip():
            return node.text.strip()
        self.wrong(
            f"“{key}” is missing" if node is None else f"“{key}” takes words",
            tree.lines.get(key, line or tree.line), why, f"add a line “{key}: …”",
        )  # fmt: skip
        return ""

    def texts(self, node: Tree | None, name: str, line: int) -> list[Scalar]:
        """Return the texts of a value or a list of values."""
        members = node.members if isinstance(node, Sequence) else [node]
        found = [one for one in members if isinstance(one, Scalar) and one.text.strip()]
        if len(found) != len(members) or not found:
            self.wrong(f"{name} takes a value or a list of values", line, "", REFERENCE)
            return []
        return found

    def entries(self, node: Tree | None, name: str) -> Iterator[tuple[str, Tree | None, int]]:
        """Yield the keys below a key, with value and line; a bare name has no value."""
        if node is None:
            return
        if isinstance(node, Mapping):
            yield from ((key, value, node.lines[key]) for key, value in node.entries.items())
            return
        if name == "lower":  # however it is written, it is refused
            members = node.members if isinstance(node, Sequence) else [node]
            yield from ((one.text, None, one.line) for one in members if isinstance(one, Scalar))
            return
        self.wrong(f"“{name}” is a list of keys with values", node.line, "", REFERENCE)

    def keys(self, tree: Mapping, allowed: tuple[str, ...], what: str) -> None:
        """Note every key that is not allowed here."""
        for key in tree.entries:
            if key not in allowed:
                self.wrong(
                    f"“{key}” is not a key of {what}", tree.lines[key],
                    "an unknown key would be lost without a word",
                    nearest(key, allowed) or f"keys: {', '.join(allowed)}",
                )  # fmt: skip

    def wrong(self, what: str, line: int, why: str, fix: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(what, self.file, line, why, fix))
