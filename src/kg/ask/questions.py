"""Competency questions: the catalogue, and the answer to one of them.

Questions, parameters and queries stand in ``ontology/questions.ttl``; source: domain questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import pyoxigraph as ox

from kg.ask.graph import case_quads, check_names, law_quads, to_oxigraph
from kg.ask.hypothetical import hypothetical_case
from kg.ask.results import Cell, as_csv, cell_of, text_of
from kg.assess import Engine, citation_of
from kg.errors import BadRequest, BrokenGraph, Problem
from kg.load import Law
from kg.load.case import dash, real_date
from kg.load.law import from_oxigraph
from kg.model import Case, Lit, Term

#: Vocabulary a parameter type takes its values from, as the key table writes it.
_LISTS = {"body": "body:Body", "purpose": "purpose:Purpose", "topic": "info:Topic"}
_TYPES = {*_LISTS, "case", "date", "norm", "value"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question.

    ``type``: case, date, body, purpose, topic, norm or value. ``allowed``: value and label of each
    value, in the order of the ontology; empty for a date, and for a case, whose values are the
    names of the cases given. ``path``: where the value stands in a hypothetical case, or empty.
    """

    name: str
    label: str
    type: str
    optional: bool
    allowed: tuple[tuple[str, str], ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A competency question.

    ``definition`` says what the answer contains, ``nothing`` what an empty one means, ``caveats``
    what to read with every answer; ``sparql`` is the whole query; ``hypothetical`` questions are
    asked about a case made up from the values; ``case_needed`` ones about a case given.
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

    @property
    def case_needed(self) -> bool:
        """Whether the question is about a case that must be given."""
        return any(p.type == "case" and not p.optional for p in self.parameters)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: headings, rows of cells, the query that was run.

    ``values``: each parameter's label with the label of its value. ``nothing`` is the sentence to
    show when there are no rows, empty otherwise.
    """

    question: Question
    values: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sparql: str
    nothing: str = ""

    def csv(self) -> str:
        """Return the rows as comma-separated values, safe to open in a spreadsheet program."""
        return as_csv(self.columns, [[cell.text for cell in row] for row in self.rows])


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
    )


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
    return Parameter(
        name=law.text(node, "kg:parameterName"),
        label=law.label(node),
        type=kind,
        optional=law.text(node, "kg:optional") == "true",
        allowed=tuple(_allowed(node, kind, law)),
        path=law.text(node, "kg:casePath"),
    )


def _terms(node_list: str, kind: str, law: Law) -> dict[str, str]:
    """Return the terms a parameter can take, by what is written for them."""
    if kind == "norm":
        return {norm: norm for norm in law.norms}
    listed = _LISTS.get(kind) or f"value:{node_list.partition(':')[2]}"
    return law.vocabulary(listed)


def _allowed(node: str, kind: str, law: Law) -> Iterable[tuple[str, str]]:
    if kind in {"case", "date"}:
        return
    for written, term in _terms(law.name(node, "kg:parameterList"), kind, law).items():
        yield written, citation_of(term, law) if kind == "norm" else law.label(term)


# --- Asking --------------------------------------------------------------------------------------


def ask(
    question_id: str, values: Mapping[str, str], engine: Engine, cases: Sequence[Case] = ()
) -> Answer:
    """Answer a competency question.

    ``values``: parameter name to value, as text. A single case given need not be named.

    Raises: BadRequest for an unknown question or parameter, a missing or a wrong value, with the
    allowed values; Contradiction for a case that contradicts itself.
    """
    question = find(question_id, engine.law)
    check_names(cases)
    given = _given(question, values, cases)
    written = {p.name: _written(p, given, cases) for p in question.parameters}
    terms = {p.name: _term(p, written[p.name], engine.law) for p in question.parameters}
    asked: list[Case] = []
    if question.hypothetical:
        stated = {
            p.path: written[p.name] for p in question.parameters if p.path and written[p.name]
        }
        asked = [hypothetical_case(stated, engine.law)]
    elif question.case_needed:
        wanted = set(terms.values())
        asked = [case for case in cases if f"case:{case.name}/" in wanted]
    store = ox.Store()
    store.extend(law_quads(engine.law))
    for case in asked:
        store.extend(case_quads(case, engine))
    columns, rows = _select(store, question, terms, engine.law)
    shown = tuple(
        (p.label, _label(p, written[p.name])) for p in question.parameters if written[p.name]
    )
    return Answer(question, shown, columns, rows, question.sparql, "" if rows else question.nothing)


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
                fix=_suggest(question_id, {q.id: q.text for q in questions.values()})
                or "“kg ask” lists them with their words",
            )
        )
    return found


def _given(question: Question, values: Mapping[str, str], cases: Sequence[Case]) -> dict[str, str]:
    """Return the values by parameter; the only case given is the case meant."""
    names = {p.name: p.label for p in question.parameters}
    problems = [
        Problem(
            f"{question.id} has no parameter “{name}”",
            why=f"its parameters are {', '.join(names)}",
            fix=_suggest(name, names),
        )
        for name in values
        if dash(name) not in names
    ]
    if problems:
        raise BadRequest(problems)
    given = {dash(name): value for name, value in values.items() if value.strip()}
    for parameter in question.parameters:
        if parameter.type == "case" and len(cases) == 1:
            given.setdefault(parameter.name, cases[0].name)
    return given


def _written(parameter: Parameter, given: Mapping[str, str], cases: Sequence[Case]) -> str:
    """Return the checked value as a case file has it; an empty string where it is left out."""
    value = given.get(parameter.name, "").strip()
    if not value and parameter.optional:
        return ""
    if parameter.type == "date":
        if real_date(value):
            return value
        raise _wrong(parameter, value, {}, "the date decides which law applies",
                     "write year-month-day, such as 2024-05-31")  # fmt: skip
    if parameter.type == "case":
        allowed = {case.name: case.title for case in cases}
        if not allowed:
            raise _wrong(parameter, value, {}, "this question is about a case",
                         "give its file: --case FILE")  # fmt: skip
    else:
        allowed = dict(parameter.allowed)
    for form in (value, dash(value), dash(value).partition(":")[2]):
        if form in allowed:
            return form
    raise _wrong(parameter, value, allowed)


def _wrong(
    parameter: Parameter, value: str, allowed: Mapping[str, str], why: str = "", fix: str = ""
) -> BadRequest:
    what = (
        f"“{value}” is not a value for “{parameter.name}” ({parameter.label})"
        if value
        else f"“{parameter.name}” is missing ({parameter.label})"
    )
    hint = fix or (_suggest(value, allowed) if value else "")
    listed = f"allowed: {', '.join(allowed)}" if allowed else ""
    return BadRequest(Problem(what, why=why or listed, fix=hint or f"write {parameter.name}=…"))


def _suggest(word: str, known: Mapping[str, str]) -> str:
    """Return “did you mean …?” with up to three values near in spelling or by label."""
    near = get_close_matches(dash(word).lower(), list(known), n=3, cutoff=0.6)
    inside = [value for value, label in known.items() if word.strip().lower() in label.lower()]
    found = list(dict.fromkeys([*near, *inside]))[:3] if word.strip() else []
    return f"did you mean {' or '.join(found)}?" if found else ""


def _term(parameter: Parameter, written: str, law: Law) -> Term:
    if not written:
        return "kg:None"
    match parameter.type:
        case "date":
            return Lit(written, "date")
        case "case":
            return f"case:{written}/"
        case "norm":
            return written
        case "value":
            return f"value:{written}"
        case kind:
            return law.vocabulary(_LISTS[kind])[written]


def _label(parameter: Parameter, written: str) -> str:
    return dict(parameter.allowed).get(written, written)


def _select(
    store: ox.Store, question: Question, terms: Mapping[str, Term], law: Law
) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Run the stored query with the parameters bound as terms; return headings and rows."""
    bound = {name.replace("-", "_"): to_oxigraph(term) for name, term in terms.items()}
    if question.hypothetical:
        bound = {}  # the values are in the case
    solutions = store.query(
        question.sparql,
        use_default_graph_as_union=True,
        substitutions={ox.Variable(name): term for name, term in bound.items()},
    )
    assert isinstance(solutions, ox.QuerySolutions)
    shown = [variable for variable in solutions.variables if variable.value not in bound]
    rows = tuple(tuple(_cell(solution[v], law) for v in shown) for solution in solutions)
    return tuple(_heading(variable.value) for variable in shown), rows


def _heading(variable: str) -> str:
    words = variable.replace("_", " ")
    return words[:1].upper() + words[1:]


def _cell(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, law: Law) -> Cell:
    if value is None or isinstance(value, ox.Triple):
        return Cell("")
    term = from_oxigraph(value)
    return Cell(text_of(term)) if isinstance(term, Lit) else cell_of(term, law)
