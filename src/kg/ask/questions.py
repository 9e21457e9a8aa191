"""The catalogue of competency questions.

Terms stand in ``ontology/questions.ttl``, the questions with their parameters and queries in
``ontology/questions/``; source: domain questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from kg.ask.checks import RuleText
from kg.assess import citation_of
from kg.case_keys import BLOCKS
from kg.errors import BadRequest, BrokenGraph, Problem
from kg.load import Law
from kg.load.case import dash
from kg.model import FALSE, TRUE, Lit, Term

#: Vocabulary a parameter type takes its values from, as the key table writes it.
_LISTS = {
    "body": "body:Body", "purpose": "purpose:Purpose", "topic": "info:Topic", "concern": "concern:Concern",
}  # fmt: skip
_TYPES = {*_LISTS, "case", "date", "document", "fact", "norm", "rule", "value", "yes-no"}
#: What a question reads besides the law: of a case its assessments, or the case as recorded, then
#: also the reports of its records, then also what is asked of them; or the record rules alone.
_READS = ("assessments", "records", "reports", "requirements", "rules")
#: Facts that a form offers to change; in a command any path=value may be written.
_FACTS = ("trigger", "purpose/kind", "concern/level")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question.

    ``type``: case, date, body, purpose, topic, concern, norm, document, fact, rule, value or yes-no.
    ``allowed``: value and label of each value, in the order of the ontology; empty for a date; for
    a case, whose values are the names of the cases given; for a rule, until ``with_rules``. ``terms``: what the query is given
    for each value. ``path``: where the value stands in a hypothetical case, or empty.
    """

    name: str
    label: str
    type: str
    optional: bool
    allowed: tuple[tuple[str, str], ...]
    path: str = ""
    terms: Mapping[str, Term] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A competency question.

    ``definition`` says what the answer contains, ``nothing`` what an empty one means, ``caveats``
    what to read with every answer; ``sparql`` is the whole query; ``hypothetical`` questions are
    asked about a case made up from the values and from ``stated`` (path and value of each fact
    that the question itself states), and may be asked about a case given instead when ``or_case``;
    ``case_needed`` ones about a case given, ``over_cases`` ones about all cases given. ``reads``:
    assessments, records, reports, requirements or rules; what follows records reads them too.
    """

    id: str
    text: str
    definition: str
    parameters: tuple[Parameter, ...]
    sparql: str
    nothing: str
    caveats: tuple[str, ...]
    source: str
    hypothetical: bool
    stated: tuple[tuple[str, str], ...] = ()
    over_cases: bool = False
    reads: str = _READS[0]

    @property
    def needs_checks(self) -> bool:
        """Whether the results of validation are read."""
        return self.reads in _READS[2:]

    @property
    def or_case(self) -> bool:
        """Whether a case may be given instead of the values."""
        return self.hypothetical and any(p.type == "case" for p in self.parameters)

    @property
    def case_needed(self) -> bool:
        """Whether the question is about a case, or about all cases, that must be given."""
        return self.over_cases or any(p.type == "case" and not p.optional for p in self.parameters)


def catalogue(law: Law) -> tuple[Question, ...]:
    """Return all competency questions, by id.

    Raises: BrokenGraph for a question without a query or a parameter of an unknown type.
    """
    names = sorted(law.instances("kg:CompetencyQuestion"))
    return tuple(_question(name, law) for name in names)


def _question(name: str, law: Law) -> Question:
    select = law.text(name, "sh:select")
    if not select:
        raise BrokenGraph(
            Problem(
                f"{name} has no sh:select",
                law.file_of.get(name, ""),
                fix="add the query, or delete the question",
            )
        )
    nodes = sorted(
        law.names(name, "kg:parameter"), key=lambda node: int(law.text(node, "kg:position") or 0)
    )
    return Question(
        id=name.partition(":")[2],
        text=law.label(name),
        definition=law.text(name, "skos:definition"),
        parameters=tuple(_parameter(node, law) for node in nodes),
        sparql=_prefix_lines(name, law) + select,
        nothing=law.text(name, "kg:whenNothing"),
        caveats=tuple(v.text for v in law.values(name, "kg:caveat") if isinstance(v, Lit)),
        source=law.text(name, "dcterms:source"),
        hypothetical=law.text(name, "kg:hypothetical") == "true",
        stated=tuple(_stated(name, law)),
        over_cases=law.text(name, "kg:overCases") == "true",
        reads=_reads(name, law),
    )


def _reads(name: str, law: Law) -> str:
    reads = law.text(name, "kg:reads") or _READS[0]
    if reads not in _READS:
        raise BrokenGraph(
            Problem(
                f"{name} reads “{reads}”, which no question can read",
                law.file_of.get(name, ""),
                fix=f"use one of: {', '.join(_READS)}",
            )
        )
    return reads


def with_rules(question: Question, rules: Iterable[RuleText]) -> Question:
    """Return the question with the record rules as values of its parameters of that type."""
    listed = {rule.rule: f"{rule.rule}: {rule.message}" for rule in reversed([*rules])}
    allowed = tuple(sorted(listed.items()))
    terms = {rule: Lit(rule, "string") for rule in listed}
    parameters = tuple(
        replace(p, allowed=allowed, terms=terms) if p.type == "rule" else p
        for p in question.parameters
    )
    return replace(question, parameters=parameters)


def _stated(name: str, law: Law) -> Iterable[tuple[str, str]]:
    for value in law.values(name, "kg:statedFact"):
        path, equals, fact = (value.text if isinstance(value, Lit) else value).partition("=")
        if not equals:
            raise BrokenGraph(
                Problem(
                    f"“{path}” is not a fact of a hypothetical case",
                    law.file_of.get(name, ""),
                    fix="write path=value, as in disclosure/trigger=request",
                )
            )
        yield path, fact


def _prefix_lines(name: str, law: Law) -> str:
    """Return the PREFIX lines of the declarations that sh:prefixes points to."""
    declared = [
        (law.text(node, "sh:prefix"), law.text(node, "sh:namespace"))
        for holder in law.names(name, "sh:prefixes")
        for node in law.names(holder, "sh:declare")
    ]
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in declared)


def _parameter(node: str, law: Law) -> Parameter:
    kind = law.text(node, "kg:parameterType")
    if kind not in _TYPES:
        raise BrokenGraph(
            Problem(
                f"{node} has the type “{kind}”, which no parameter can have",
                law.file_of.get(node, ""),
                fix=f"use one of: {', '.join(sorted(_TYPES))}",
            )
        )
    terms = _terms(law.names(node, "kg:parameterList"), kind, law)
    return Parameter(
        name=law.text(node, "kg:parameterName"),
        label=law.label(node),
        type=kind,
        optional=law.text(node, "kg:optional") == "true",
        allowed=tuple((written, _words(written, kind, law, terms)) for written in terms),
        path=law.text(node, "kg:casePath"),
        terms=terms,
    )


def _terms(listed: list[str], kind: str, law: Law) -> Mapping[str, Term]:
    """Return the terms a parameter can take, by what is written for them.

    ``listed``: for a value the class of its list; for a norm the classes or layers it may belong
    to, none for all.
    """
    fixed: dict[str, Mapping[str, Term]] = {
        "case": {}, "date": {}, "rule": {}, "yes-no": {"yes": TRUE, "no": FALSE},
    }  # fmt: skip
    if kind in fixed:
        return fixed[kind]
    if kind == "fact":
        return {
            f"disclosure/{path}={word}": term
            for path in _FACTS
            for word, term in _choices(path, law).items()
        }
    if kind == "norm":
        wanted = {norm for one in listed for norm in law.instances(one)}
        wanted |= {norm for norm in law.norms if law.name(norm, "kg:layer") in listed}
        return {norm: norm for norm in law.norms if norm in wanted or not listed}
    if kind == "document":
        return {name: name for name in law.instances("kg:Instrument")}
    if kind in _LISTS:
        return law.vocabulary(_LISTS[kind])
    values = law.instances(listed[0])
    prefix = next((name.partition(":")[0] for name in values), "value")
    return law.vocabulary(f"{prefix}:{listed[0].partition(':')[2]}")


def _choices(path: str, law: Law) -> Mapping[str, str]:
    """Return what may be written at a path inside a disclosure."""
    first, _, second = path.partition("/")
    key = BLOCKS["disclosure"].key(first)
    if key is not None and second:
        key = BLOCKS[key.block].key(second)
    return law.vocabulary(key.listed) if key is not None else {}


def _words(written: str, kind: str, law: Law, terms: Mapping[str, Term]) -> str:
    """Return a value in plain English."""
    term = terms[written]
    if isinstance(term, Lit):
        return written
    if kind == "fact":
        return f"{written.split('/')[1].partition('=')[0]}: {law.label(term)}"
    return citation_of(term, law) if kind == "norm" else law.label(term)


def find(question_id: str, law: Law) -> Question:
    """Return the question of that id; case of letters does not matter.

    Raises: BadRequest with the nearest ids.
    """
    questions = {question.id: question for question in catalogue(law)}
    found = questions.get(question_id.strip().upper())
    if found is None:
        raise BadRequest(
            Problem(
                f"there is no question “{question_id}”",
                why=f"the questions are {', '.join(questions)}",
                fix=suggest(question_id, {q.id: q.text for q in questions.values()})
                or "“kg ask” lists them with their words",
            )
        )
    return found


def suggest(word: str, known: Mapping[str, str]) -> str:
    """Return “did you mean …?” with up to three values near in spelling or by label."""
    near = get_close_matches(dash(word).lower(), list(known), n=3, cutoff=0.6)
    inside = [value for value, label in known.items() if word.strip().lower() in label.lower()]
    found = list(dict.fromkeys([*near, *inside]))[:3] if word.strip() else []
    return f"did you mean {' or '.join(found)}?" if found else ""
