"""The reference page of provisions: every norm, its conditions, and what meets them in a case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kg.assess import Engine
from kg.assess.norms import Norm
from kg.case_keys import BLOCKS, KEY_OF_TERM, Key
from kg.model import Lit, Term

_KINDS = {
    "fact": "fact",
    "computed": "worked out",
    "judgement": "judgement",
    "assessed": "rests on other provisions",
}

#: Where a strand takes its properties from: path in the case file, and the block found there.
_STRAND = {
    "kg:discloser": ("disclosure/from", "party"),
    "kg:recipient": ("disclosure/to/party", "party"),
    "kg:item": ("disclosure/items/item", "item"),
    "kg:subject": ("disclosure/subjects/person", "person"),
}

#: Keys from which preparation works out a class of each dimension (kg.prepare.computed).
INPUTS = {
    "kg:SamePersonTest": "`disclosure/from`, `disclosure/to/party` and the `part-of` of both",
    "kg:RequesterTest": "`disclosure/trigger`, `by` and `give-to` of `disclosure/request`, and "
    "`part-of` and `acts-for` of the parties",
    "kg:AreaTest": "the `area` of discloser and recipient",
    "kg:ConsentTest": "the `consent` of the subject (any use): `state`, `covers`, `recipients`, "
    "`purposes`, `on`, `ended`, `given-by`, `capacity`, `competence`",
    "kg:ConfidenceConsentTest": "the `consent` of the subject whose `for` holds `confidence`",
    "kg:DataProtectionConsentTest": "the `consent` of the subject whose `for` holds "
    "`data-protection`",
    "kg:ExplicitConsentTest": "the `consent` of the subject whose `for` holds `special-category` "
    "and whose `form` is `written` or `oral`",
    "kg:ExplanationTest": "`explained` and `form` of the `consent` for `data-protection`",
    "kg:ExplicitExplanationTest": "`explained` and `form` of the `consent` for `special-category`",
    "kg:ConsentFormTest": "`form` of the `consent` for `data-protection`",
    "kg:NoConsentReasonTest": "`state` and `reason` of the subject's `consent`",
    "kg:ChildDecisionTest": "age of the subject, and `given-by`, `capacity` and `competence` of the "
    "`consent`",
    "kg:DataStatus": "`identifies` of the item and `alive` of the person it is about",
    "kg:Regime": "the law date",
    "kg:LawEnforcementTest": "`kind` and `function` of the discloser, `kind` of the recipient, "
    "`disclosure/purpose/kind`, the judgement `may-contribute-to-managing-offender` and the law date",
    "kg:PurposeTest": "`gathered-for` of the item and `disclosure/purpose/kind`",
    "kg:OriginTest": "`from-source` and `confided-by` of the item, and the person it is about",
    "kg:SubjectProtectedTest": "`disclosure/protects` and the person the item is about",
    "kg:OtherProtectedTest": "`disclosure/protects` and the person the item is about",
    "kg:ProfessionTest": "`profession` of the discloser",
    "kg:AgeTest": "`age`, `born` or `age-band` of the person",
    "kg:RiskStatus": "`age` and `at-risk` of the person",
}


class _Page:
    """Describes expressions of the ontology in the words of the case file."""

    def __init__(self, engine: Engine) -> None:
        self.law = engine.law
        self.compiled = engine.compiled
        self.table = engine.table
        self.dimensions = engine.dimensions
        self.lists = set(self.law.instances("kg:StatutoryList"))
        self.groups: dict[str, None] = {}

    # --- what meets a condition -----------------------------------------------------------------

    def ways(self, name: str, path: str, block: str) -> Iterator[str]:
        """Yield one text for each way in which a node at ``path``, of a block, is of a class."""
        if name in self.compiled.expression:
            yield from self._expression(name, path, block)
        elif name.rpartition(".")[0] in self.table.conditions or name in self.table.conditions:
            yield from self._of_condition(name, path, block)
        elif self._described(name):
            yield self._class(name, path, block)
        else:
            for part in self.compiled.sufficient.get(name, ()):
                yield from self.ways(part, path, block)

    def _of_condition(self, name: str, path: str, block: str) -> Iterator[str]:
        """Yield what meets a condition, or a counted answer to one (``….yes``, ``….no``)."""
        stem, _, word = name.rpartition(".")
        if stem in self.table.conditions and word in {"yes", "no"}:
            yield self._answer(self.table.conditions[stem].question, word)
            return
        condition = self.table.conditions[name]
        for cls in condition.any_norm_of:
            if cls in self.table.norms:
                yield f"{self._link(cls)} applies"
            else:
                norms = ", ".join(self._link(n) for n in self.table.of_kind.get(cls, ()))
                yield f"any {self.law.label(cls)} applies: {norms or 'none in the graph'}"
        for part in self.compiled.sufficient.get(name, ()):
            yield from self.ways(part, path, block)

    def _answer(self, question: str, answer: str) -> str:
        word, code = question.partition(":")[2], self.law.text(question, "kg:code")
        return f"a person answers *{answer}* to `{word}` ({code}): {self.law.label(question)}"

    def _expression(self, name: str, path: str, block: str) -> Iterator[str]:
        kind, parts = self.compiled.expression[name]
        if kind == "or":
            for part in parts:
                yield from self.ways(str(part), path, block)
            return
        if kind == "and":
            yield "; and ".join(_either(self.ways(str(part), path, block)) for part in parts)
            return
        predicate, wanted = str(parts[0]), parts[1]
        where, inner, key = self._step(predicate, path, block)
        if kind == "has":
            yield f"`{where}` is `{self._word(wanted, key)}`"
        elif wanted == "owl:Thing":
            yield f"`{where}` is stated"
        else:
            yield from self.ways(str(wanted), where, inner)

    def _step(self, predicate: str, path: str, block: str) -> tuple[str, str, Key | None]:
        if block == "strand" and predicate in _STRAND:
            where, inner = _STRAND[predicate]
            return where, inner, None
        here = "disclosure" if block == "strand" else block
        start = "disclosure" if block == "strand" else path
        cls = BLOCKS[here].node_class if here in BLOCKS else ""
        key = KEY_OF_TERM.get((cls, predicate.removeprefix("kg:")))
        word = key.name if key else predicate.partition(":")[2]
        return f"{start}/{word}", key.block if key else "", key

    def _word(self, value: Term, key: Key | None) -> str:
        if isinstance(value, Lit):
            return {"true": "yes", "false": "no"}.get(value.text, value.text)
        return value.partition(":")[2] if key and key.listed else value

    def _described(self, name: str) -> bool:
        return (
            (not name.startswith("kg:") and ":" in name and name.partition(":")[0] in _VOCABULARIES)
            or name in self.dimensions
            or name in self.lists
            or any(self.law.instances(name))
        )

    def _class(self, name: str, path: str, block: str) -> str:
        typed = (
            next((key for key in BLOCKS[block].keys if key.term == "type"), None)
            if block in BLOCKS
            else None
        )
        where = f"`{path}/{typed.name}`" if typed else f"`{path}`"
        if name in self.lists:
            return f"{where} is on the list [{name}](#{anchor(name)}) on the law date"
        if name.partition(":")[0] in _VOCABULARIES:
            narrower = sorted(
                n.partition(":")[2] for n in self.law.subclasses.get(name, ()) if _written(n)
            )
            more = f" (or narrower: {', '.join(f'`{n}`' for n in narrower)})" if narrower else ""
            return f"{where} is `{name.partition(':')[2]}`{more}"
        dimension = self.dimensions.get(name, "")
        if dimension in INPUTS:
            of = f" (`{path}`)" if path else ""
            return f"{self.law.label(name)}{of}; worked out from {INPUTS[dimension]}"
        if dimension:
            self.groups[name] = None
            return f"{where} is in the group [{self.law.label(name)}](#{anchor(name)})"
        words = [f"`{n.partition(':')[2]}`" for n in self.law.instances(name)]
        return f"`{path}` is one of {', '.join(words)}"

    # --- the page -------------------------------------------------------------------------------

    def norm(self, norm: Norm) -> Iterator[str]:
        """Yield the lines of one norm."""
        yield f"### {_anchored(norm.citation, norm.id)}"
        yield ""
        yield f"**{norm.label[:1].upper()}{norm.label[1:]}.** Name: `{norm.id}`"
        yield ""
        kind = self.law.label(f"kg:{norm.kind}")
        layer = self.law.label(f"kg:{norm.layer}") if norm.layer != "none" else "none"
        yield f"- Kind: {kind}. Layer: {layer}."
        yield f"- In force: {_interval(norm.start, norm.end)}. Review status: {norm.review_status}."
        if norm.url:
            yield f"- Source: <{norm.url}>"
        for text, names in (
            ("Defeats", norm.defeats),
            ("Defeated by", self.table.defeaters.get(norm.id, ())),
        ):
            if names:
                yield f"- {text}: {', '.join(self._link(name) for name in names)}."
        if norm.residual:
            yield "- Residual: it carries the answer only where no other power does (`fallback`)."
        subject_to = [
            self.law.label(layer) for layer in self.law.names(norm.id, "kg:subjectToLayer")
        ]
        if subject_to:
            yield f"- Subject to what the other layers say: {', '.join(subject_to)}."
        if norm.note:
            yield f"- What to know, and what it does not do: {norm.note}"
        yield ""
        if not norm.conditions:
            yield "No conditions: it stands for every strand while in force."
            yield ""
            return
        for number, name in enumerate(norm.conditions, 1):
            yield from self.condition(number, name)
        yield ""

    def _link(self, name: str) -> str:
        norm = self.table.norms.get(name)
        return f"[{norm.citation}](#{anchor(name)})" if norm else f"`{name}`"

    def condition(self, number: int, name: str) -> Iterator[str]:
        """Yield the lines of one condition: label, kind, and one line for each way to meet it."""
        condition = self.table.conditions[name]
        rule = f"; record rule {condition.rule.removeprefix('kgsh:')}" if condition.rule else ""
        word = name.rpartition(".")[2]
        yield f"{number}. {condition.label} (`{word}`, {_KINDS[condition.kind]}{rule})"
        for text in self._of_condition(name, "", "strand"):
            yield f"   - {text}"

    def list_of_bodies(self, name: str) -> Iterator[str]:
        """Yield the lines of a statutory list with its dated entries."""
        yield f"### {_anchored(self.law.label(name), name)}"
        yield ""
        yield f"Name: `{name}`"
        yield ""
        yield "| kind | entry | listed | review status |"
        yield "|---|---|---|---|"
        for entry, word in ((e, w) for c, w in _ENTRY_CLASSES for e in self.law.instances(c)):
            if name not in self.law.names(entry, "kg:ofList"):
                continue
            kinds = ", ".join(
                f"[{self.law.label(k)}](#{anchor(k)})"
                if k in self.lists
                else f"`{k.partition(':')[2]}`"
                for k in self.law.names(entry, "kg:kind")
            )
            dates = _interval(
                self.law.text(entry, "kg:inForceFrom"), self.law.text(entry, "kg:inForceUntil")
            )
            status = word or self.law.text(entry, "kg:reviewStatus")
            named = kinds or f"only whoever is named: `listed-in: {entry}`"
            yield f"| {named} | {self.law.label(entry)} | {dates} | {status} |"
        inside = [n for n in self.compiled.sufficient.get(name, ()) if not n.startswith("_:")]
        if inside:
            yield ""
            words = (
                f"[{self.law.label(n)}](#{anchor(n)})" if n in self.lists else f"`{n}`"
                for n in inside
            )
            yield f"Whoever is one of these is on the list too: {', '.join(words)}."
        yield ""


_VOCABULARIES = {"body", "purpose", "info", "concern"}
_ENTRY_CLASSES = (
    ("kg:ListEntry", ""),
    ("kg:UnsettledEntry", "not established: membership reads unknown"),
)


def _written(name: str) -> bool:
    return name.partition(":")[0] in _VOCABULARIES


def _either(texts: Iterator[str]) -> str:
    return " or ".join(texts) or "nothing in the graph"


def _interval(start: str, end: str) -> str:
    if not start:
        return "not commenced"
    return f"from {start} until {end} (that day no longer)" if end else f"from {start}"


def _anchored(title: str, name: str) -> str:
    return f'<a id="{anchor(name)}"></a>{title}'


def anchor(name: str) -> str:
    """Return the anchor of a name on the page."""
    return name.replace(":", "-").replace(".", "-").lower()


_HEAD = """\
# Provisions

Every legal effect that the graph holds, with its conditions in the order in which they are shown,
and what a case file must state to meet each of them. This page is generated from the ontology
(`make reference`); correct the ontology, never this page.

How to read a condition: several lines under one condition are alternatives, and one of them is
enough. *Fact* is what the case states, *worked out* what the program compares (dates, persons,
consent), *judgement* what a person must answer, *rests on other provisions* what depends on their
state. Keys are explained in [the case file](case-file.md), states in [the answer](answers.md).

Dates: the first day counts, the last day no longer. “to-be-confirmed” means that nobody has yet
checked the fact against the source; an answer that rests on it says so.

A provision may also be cited by its instrument (`ca1989:act`), a list or an entry of a list.
"""


def provisions_page(engine: Engine) -> str:
    """Return the Markdown page of every norm by instrument, the lists and the groups of kinds."""
    page = _Page(engine)
    law = engine.law
    by_file: dict[str, list[Norm]] = defaultdict(list)
    for norm in engine.table.norms.values():
        by_file[law.file_of.get(norm.id, "")].append(norm)
    lines = [_HEAD]
    for norms in by_file.values():
        prefix = norms[0].id.partition(":")[0]
        lines += [f"## {law.text(f'{prefix}:act', 'rdfs:label') or prefix}", ""]
        for norm in norms:
            lines.extend(page.norm(norm))
    lines += ["## When a layer is needed", "", "A layer without a line here is always asked.", ""]
    for layer in law.instances("kg:Layer"):
        needed = law.name(layer, "kg:neededWhen")
        if needed:
            lines += [f"**{law.label(layer)}**: {law.label(needed)}.", ""]
            ways = (
                w
                for part in engine.compiled.sufficient.get(needed, ())
                for w in page.ways(part, "", "strand")
            )
            lines += [*(f"- {way}" for way in ways), ""]
    lines += ["## Statutory lists", ""]
    for name in law.instances("kg:StatutoryList"):
        lines.extend(page.list_of_bodies(name))
    lines += [
        "## Groups of kinds",
        "",
        "Groups that conditions use. Nobody writes them in a case; state the kind.",
        "",
    ]
    for name in sorted(page.groups):
        words = [
            f"`{n.partition(':')[2]}`" for n in sorted(law.subclasses.get(name, ())) if _written(n)
        ]
        lines += [f"### {_anchored(law.label(name), name)}", "", ", ".join(words) or "none", ""]
    return "\n".join(lines).rstrip() + "\n"
