"""Read a policy file: everything is checked before anything is believed, and reported together.

Source: design section 6. A policy can only be stricter than the rules of the graph; what would
weaken one is refused, and then nothing of the policy is applied.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.assess.norms import citation_of
from kg.errors import PolicyNotLoaded
from kg.load import Law
from kg.load.case import NAME, dash
from kg.load.hints import nearest
from kg.load.tree import Mapping, Scalar, Sequence, Tree
from kg.model import Term
from kg.validate.policy.limits import LIMITS
from kg.validate.policy.parts import (
    STRICTNESS,
    WORDS,
    Limit,
    LocalRule,
    Need,
    PolicyText,
    Raised,
    When,
)
from kg.validate.policy.pieces import Pieces
from kg.validate.policy.ways import THINGS, with_short
from kg.validate.shapes import UNNAMED, Rule, Severity, Shapes

_KEYS = ("policy", "title", "source", "from", "until", "raise", "lower", "limits", "rules")
_RULE_KEYS = ("id", "on", "when", "needs", "message", "why", "severity", "source")
_NEED_KEYS = ("key", "values", "min", "max")
_ID = re.compile(r"L-\d{3}\Z")
_PERIOD = re.compile(r"(\d{1,4}) (day|hour)s?\Z")
_STATED = {"stated": True, "not-stated": False}
_HOURS = 24


class Reader(Pieces):
    """Walks one policy file."""

    def policy(self, tree: Tree) -> PolicyText:
        """Return the policy.

        Raises: PolicyNotLoaded with everything that is wrong, by line.
        """
        if not isinstance(tree, Mapping):
            self.wrong(
                "a policy is a list of keys with values", tree.line, "", "start with policy:"
            )
            raise PolicyNotLoaded(self.problems)
        self.keys(tree, _KEYS, "a policy")
        name = self.text(tree, "policy", "reports name the policy")
        if name and not NAME.match(name):
            self.wrong(
                f"“{name}” is not a name for a policy", tree.lines["policy"],
                "names become addresses: small letters, digits and hyphens only",
                "write a name such as northtown-sharing",
            )  # fmt: skip
        title = self.text(tree, "title", "reports say by which policy a rule is there")
        source = self.text(tree, "source", "a rule without a source cannot be looked up")
        start, end = self.day(tree, "from", needed=True), self.day(tree, "until")
        if start and end and end <= start:
            self.wrong(
                f"the policy ends ({end}) before it begins ({start})", tree.lines["until"],
                "“until” is the first day on which it no longer holds", "write a later day",
            )  # fmt: skip
        self.lowered(tree.entries.get("lower"))
        text = PolicyText(
            name, title, source, self.file, start, end,
            tuple(self.raised(tree.entries.get("raise"), source)),
            tuple(self.limits(tree.entries.get("limits"), source, title)),
            tuple(self.rules(tree.entries.get("rules"))),
        )  # fmt: skip
        if not (text.raised or text.limits or text.rules or self.problems):
            self.wrong(
                "this policy changes nothing", tree.line,
                "it would look applied and do nothing", "add raise, limits or rules, or leave it out",
            )  # fmt: skip
        if self.problems:
            raise PolicyNotLoaded(sorted(self.problems, key=lambda p: p.line))
        return text

    # --- What may be weakened: nothing ------------------------------------------------------------

    def lowered(self, node: Tree | None) -> None:
        """Refuse every rule under ``lower``, with what the rule rests on."""
        for name, _, line in self.entries(node, "lower"):
            for rule in self.parts(name, line)[:1]:
                self.refuse(rule, line)

    def refuse(self, rule: Rule, line: int) -> None:
        """Note that a rule was to be weakened."""
        law = law_behind(rule.rule, self.shapes, self.law)
        self.wrong(
            f"a local policy cannot weaken {rule.rule} ({WORDS[rule.severity]})", line,
            f"it rests on the law: {law}" if law
            else f"it rests on {'; '.join(rule.sources)}, which a local policy can only make stricter",
            "delete this line; nothing of the policy is applied while it stands here",
        )  # fmt: skip

    # --- raise ------------------------------------------------------------------------------------

    def raised(self, node: Tree | None, source: str) -> Iterator[Raised]:
        """Yield the parts of rules that are made stricter."""
        seen: dict[str, str] = {}
        for name, value, line in self.entries(node, "raise"):
            parts = self.parts(name, line)
            to, reason, own = self.raise_of(name, value, line)
            if not parts or to is None or not reason:
                continue
            lower = [p for p in parts if STRICTNESS.index(p.severity) > STRICTNESS.index(to)]
            if not lower:
                if all(part.severity == to for part in parts):
                    self.wrong(
                        f"{name} is a {to} already", line, "there is nothing to raise", "delete this line"
                    )  # fmt: skip
                else:
                    self.refuse(parts[0], line)
            for part in lower:
                if part.shape in seen:
                    self.wrong(
                        f"{name} is raised twice, here and under {seen[part.shape]}", line,
                        "only one of the two could count", "delete one of them",
                    )  # fmt: skip
                seen[part.shape] = name
                yield Raised(part.shape, part.severity, to, reason, own or source)

    def raise_of(
        self, name: str, value: Tree | None, line: int
    ) -> tuple[Severity | None, str, str]:
        """Return new severity, reason and source of one line under ``raise``."""
        if isinstance(value, Mapping):
            self.keys(value, ("to", "reason", "source"), name)
            to = self.severity(value, "to") if "to" in value.entries else "violation"
            source = self.text(value, "source") if "source" in value.entries else ""
            return to, self.text(value, "reason", "a reader must see why", line), source
        reason = value.text.strip() if isinstance(value, Scalar) else ""
        if not reason:
            self.wrong(
                f"{name} is raised without a reason", line, "a reader must see why",
                f"write {name}: and the reason behind it",
            )  # fmt: skip
        return "violation", reason, ""

    def parts(self, name: str, line: int) -> list[Rule]:
        """Return the parts that a rule id, or the name of one part, means; else note it."""
        rules = self.shapes.rules
        wanted = name.strip()
        found = [r for r in rules.values() if wanted in {r.rule, r.shape.removeprefix("kgsh:")}]
        if not found:
            known = {r.rule for r in rules.values()} | {n.removeprefix("kgsh:") for n in rules}
            self.wrong(
                f"there is no rule “{name}”", line, "a policy about it would do nothing",
                nearest(wanted, known) or "kg coverage lists the rules",
            )  # fmt: skip
        order = STRICTNESS.index
        return sorted(found, key=lambda r: (order(r.severity), r.shape))

    # --- limits -----------------------------------------------------------------------------------

    def limits(self, node: Tree | None, source: str, title: str) -> Iterator[Limit]:
        """Yield the limits, in days."""
        for written, value, line in self.entries(node, "limits"):
            name = dash(written)
            if name not in LIMITS:
                self.wrong(
                    f"“{written}” is not a limit that can be measured", line,
                    "a record states the dates for some limits only",
                    nearest(name, LIMITS) or f"limits: {', '.join(sorted(LIMITS))}",
                )  # fmt: skip
                continue
            severity: Severity | None = "warning"
            reason, own = f"“{title}” sets this limit; the sources set none.", source
            period = value
            if isinstance(value, Mapping):
                self.keys(value, ("within", "severity", "reason", "source"), written)
                period = value.entries.get("within")
                severity = self.severity(value) if "severity" in value.entries else "warning"
                reason = self.text(value, "reason") if "reason" in value.entries else reason
                own = self.text(value, "source") if "source" in value.entries else own
            days = self.days(written, period, line)
            if days is not None and severity is not None:
                yield Limit(name, days, severity, reason, own)

    def days(self, name: str, value: Tree | None, line: int) -> int | None:
        """Return a period in days; hours only where they are whole days."""
        text = value.text.strip() if isinstance(value, Scalar) else ""
        found = _PERIOD.match(text)
        if found and found[2] == "day":
            return int(found[1])
        if found and int(found[1]) % _HOURS == 0:
            return int(found[1]) // _HOURS
        said = f"“{text}” is not a limit in days" if text else f"{name} says no limit"
        self.wrong(
            f"{said} (under “{name}”)" if text else said, value.line if value else line,
            "records state dates, no times of day, so that only whole days can be measured",
            "write a whole number of days, such as 2 days (or 48 hours)",
        )  # fmt: skip
        return None

    # --- rules ------------------------------------------------------------------------------------

    def rules(self, node: Tree | None) -> Iterator[LocalRule]:
        """Yield the rules of the organisation."""
        if node is None:
            return
        if not isinstance(node, Sequence) or not node.members:
            self.wrong("“rules” is a list", node.line, "", "begin each rule with “- id: L-001”")
            return
        seen: set[str] = set()
        for member in node.members:
            if not isinstance(member, Mapping):
                self.wrong(
                    "a rule is a list of keys with values", member.line, "", "begin it with “- id: L-001”"
                )  # fmt: skip
                continue
            name = self.rule_id(member, seen)
            rule = self.rule(member, name)
            if rule is not None:
                yield rule

    def rule_id(self, tree: Mapping, seen: set[str]) -> str:
        """Return the id of a rule, or an empty string after noting a problem."""
        name = self.text(tree, "id", "reports name the rule by it")
        if name and not _ID.match(name):
            self.wrong(
                f"“{name}” is not an id for a local rule", tree.lines["id"],
                "R-ids belong to the rules of the sources, which a policy never replaces",
                "write L- and three digits, such as L-001",
            )  # fmt: skip
            return ""
        if name in seen:
            self.wrong(f"the rule {name} stands twice", tree.lines["id"], "", "give one a new id")
        seen.add(name)
        return name

    def rule(self, tree: Mapping, name: str) -> LocalRule | None:
        """Return one rule, or None after noting what is wrong with it."""
        before = len(self.problems)
        self.keys(tree, _RULE_KEYS, "a rule")
        message = self.text(tree, "message", "it tells the writer of a record what to do")
        self.slots(message, tree)
        why = self.text(tree, "why", "whoever reads it must see what it is for")
        source = self.text(tree, "source", "a rule without a source cannot be looked up")
        severity = self.severity(tree)
        on = dash(self.text(tree, "on", "a rule looks at one kind of thing"))
        if on and on not in THINGS:
            self.wrong(
                f"“{on}” is not a kind of thing a rule can look at", tree.lines["on"], "",
                nearest(on, THINGS) or f"kinds: {', '.join(THINGS)}",
            )  # fmt: skip
        if on not in THINGS:
            return None
        tests = list(self.whens(tree.entries.get("when"), on))
        need = self.need(tree, on)
        if need is None or severity is None or not name or len(self.problems) > before:
            return None
        words = " and ".join(self.words(test) for test in tests)
        applies = f"for each {on.replace('-', ' ')}" + (f" where {words}" if words else "")
        return LocalRule(name, on, tuple(tests), need, message, why, severity, source, applies)

    def slots(self, message: str, tree: Mapping) -> None:
        """Note the slots of a message that nobody fills."""
        for slot in re.findall(r"\{([^{}]*)\}", message):
            if slot not in UNNAMED:
                self.wrong(
                    f"“{{{slot}}}” in the message stands for nothing", tree.lines["message"],
                    "the reader would see the braces",
                    nearest(slot, UNNAMED) or f"slots: {', '.join(sorted(UNNAMED))}",
                )  # fmt: skip

    def whens(self, node: Tree | None, on: str) -> Iterator[When]:
        """Yield the lines of ``when``."""
        for written, value, line in self.entries(node, "when"):
            texts = self.texts(value, f"“{written}”", line)
            way = self.way(written, on, line)
            if way is None or not texts:
                continue
            if len(texts) == 1 and (stated := _STATED.get(dash(texts[0].text))) is not None:
                yield When(way, (), stated)
                continue
            way = with_short(way)
            yield When(way, self.values(way, texts))

    def need(self, tree: Mapping, on: str) -> Need | None:
        """Return what a rule asks for."""
        node = tree.entries.get("needs")
        line = tree.lines.get("needs", tree.line)
        if isinstance(node, Scalar):
            node = Mapping(line, {"key": node}, {"key": line})
        if not isinstance(node, Mapping):
            self.wrong("the rule does not say what it needs", line, "", "add “needs: <key>”")
            return None
        self.keys(node, _NEED_KEYS, "needs")
        written = self.text(node, "key", "a rule asks for one key", line)
        way = self.way(written, on, node.lines.get("key", line)) if written else None
        least, most = self.count(node, "min"), self.count(node, "max")
        if way is None:
            return None
        if way.up:
            self.wrong(
                f"“{written}” is no key of a {on}", node.lines.get("key", line),
                "what is missing must be missing on the thing the rule looks at",
                f"write “on: {way.up}”, and what it depends on under “when”",
            )  # fmt: skip
            return None
        values: tuple[Term, ...] = ()
        if "values" in node.entries:
            way = with_short(way)
            values = self.values(way, self.texts(node.entries["values"], "“values”", line))
        if least is None and most is None:
            least = 1
        if least is not None and most is not None and least > most:
            self.wrong("“min” is more than “max”", line, "no record could meet it", "")
        if not least and most is None:
            self.wrong(
                "“min: 0” asks for nothing", line, "the rule would pass every record",
                "write a number from 1 on, or max",
            )  # fmt: skip
        return Need(way, values, least or None, most)

    def words(self, test: When) -> str:
        """Return one line of ``when`` in words."""
        if not test.values:
            return f"{test.way.written} is {'stated' if test.stated else 'not stated'}"
        named = [self.law.label(v) if isinstance(v, str) else v.text for v in test.values]
        return f"{test.way.written} is {' or '.join(named)}"


def law_behind(rule: str, shapes: Shapes, law: Law) -> str:
    """Return the provisions, or the rows of the law, that a rule rests on; empty for guidance alone.

    A rule rests on the law when a condition of a provision names it, or its source is the law.
    """
    named = [
        name.partition(".")[0]
        for name in law.subjects.get(("kg:recordRule", f"kgsh:{rule}"), ())
        if not name.startswith("guide:")
    ]
    if named:
        return "; ".join(dict.fromkeys(citation_of(name, law) for name in named))
    sources = [s for r in shapes.rules.values() if r.rule == rule for s in r.sources]
    return "; ".join(
        dict.fromkeys(s for s in sources if s.startswith("law-") and "scheme-" not in s)
    )
