"""The answer to a competency question: values checked, the query run, cells with their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.ask.checks import (
    GRAPH_OF_RULES,
    Checks,
    record_triples,
    report_triples,
    requirement_triples,
    rule_triples,
)
from kg.ask.graph import case_quads, check_names, law_quads, supposed_quads, to_oxigraph, to_quads
from kg.ask.hypothetical import hypothetical_case
from kg.ask.questions import Parameter, Question, find, suggest, with_rules
from kg.ask.results import Cell, as_csv, cell_of, text_of
from kg.assess import Engine
from kg.errors import BadRequest, KgError, Problem
from kg.load import Law
from kg.load.case import dash, real_date
from kg.load.law import from_oxigraph
from kg.model import Case, Lit, Term


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question: headings, rows of cells, the query that was run.

    ``values``: each parameter's label with the label of its value. ``names`` are the columns as
    programs name them, which do not change with their wording. ``nothing`` is the sentence to show
    when there are no rows, empty otherwise. ``left_out`` says which cases could not be counted.
    """

    question: Question
    values: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    sparql: str
    nothing: str = ""
    names: tuple[str, ...] = ()
    left_out: tuple[KgError, ...] = ()

    def csv(self) -> str:
        """Return the rows as comma-separated values, safe to open in a spreadsheet program."""
        return as_csv(self.columns, [[cell.text for cell in row] for row in self.rows])


def ask(
    question_id: str,
    values: Mapping[str, str],
    engine: Engine,
    cases: Sequence[Case] = (),
    checks: Checks | None = None,
) -> Answer:
    """Answer a competency question.

    ``values``: parameter name to value, as text. A single case given need not be named.
    ``checks``: what validation says; wanted by questions that need it (``Question.needs_checks``).

    Raises: BadRequest for an unknown question or parameter, a missing or a wrong value, with the
    allowed values, or for a case or checks that are not given; Contradiction for a case that
    contradicts itself; NoRecord for one case without a record. Of several cases, those that cannot
    be read this way are left out, and the answer names them.
    """
    question = find(question_id, engine.law)
    if question.needs_checks:
        if checks is None:
            raise BadRequest(
                Problem(f"{question.id} needs the results of validation", fix="hand in checks")
            )
        question = with_rules(question, checks.rules)
    check_names(cases)
    given = _given(question, values, cases)
    written = {p.name: _written(p, given, cases) for p in _wanted(question, given)}
    _check_period(question, written)
    terms = {p.name: _term(p, written.get(p.name, "")) for p in question.parameters}
    asked = _asked(question, written, terms, cases, engine)
    store = ox.Store()
    store.extend(law_quads(engine.law))
    if checks is not None and question.needs_checks:
        store.extend(to_quads(rule_triples(checks.rules, engine), GRAPH_OF_RULES))
    left_out: list[KgError] = []
    for case in asked:
        try:
            store.extend([*_quads(case, question, engine, checks)])
        except KgError as error:
            if not question.over_cases:
                raise
            left_out.append(error)
        for parameter in question.parameters:
            if parameter.type == "fact" and written[parameter.name]:
                store.extend(supposed_quads(case, written[parameter.name], engine))
    names, rows = select(store, question, terms, engine.law)
    shown = tuple(
        (p.label, _label(p, written[p.name])) for p in question.parameters if written.get(p.name)
    )
    nothing = "" if rows else question.nothing
    columns = tuple(map(_heading, names))
    return Answer(question, shown, columns, rows, question.sparql, nothing, names, tuple(left_out))


def _asked(
    question: Question,
    written: Mapping[str, str],
    terms: Mapping[str, Term],
    cases: Sequence[Case],
    engine: Engine,
) -> list[Case]:
    """Return the cases the question is about: all, the one chosen, or the one made up."""
    if question.over_cases:
        if not cases:
            raise BadRequest(
                Problem(
                    f"{question.id} is about cases, and none is given",
                    why="it looks through the records of all of them",
                    fix="give files or folders: --case FILE",
                )
            )
        return list(cases)
    asked: list[Case] = []
    if question.case_needed or "case" in written:
        chosen = {terms[p.name] for p in question.parameters if p.type == "case"}
        asked = [case for case in cases if f"case:{case.name}/" in chosen]
    if question.hypothetical and not asked:
        stated = dict(question.stated)
        stated |= {
            p.path: written[p.name] for p in question.parameters if p.path and written[p.name]
        }
        asked = [hypothetical_case(stated, engine.law)]
    return asked


def _quads(
    case: Case, question: Question, engine: Engine, checks: Checks | None
) -> Iterator[ox.Quad]:
    """Yield what the question reads of a case."""
    if question.reads == "assessments":
        yield from case_quads(case, engine)
        return
    base = f"case:{case.name}/"
    yield from to_quads(case.triples, base)
    reports = f"{base}reports"
    yield from to_quads(record_triples(case, engine.law), reports)
    if checks is not None and question.needs_checks:
        yield from to_quads(report_triples(checks.reports(case)), reports)
    if checks is not None and question.reads == "requirements":
        yield from to_quads(requirement_triples(case, checks.requirements(case)), reports)


def _check_period(question: Question, written: Mapping[str, str]) -> None:
    """Refuse a period that ends before it begins. Raises: BadRequest."""
    start, end = written.get("from", ""), written.get("to", "")
    if start and end and end < start:
        raise BadRequest(
            Problem(
                f"the period of {question.id} ends on {end}, before it begins on {start}",
                why="no day lies in it",
                fix="exchange “from” and “to”; both days belong to the period",
            )
        )


def _given(question: Question, values: Mapping[str, str], cases: Sequence[Case]) -> dict[str, str]:
    """Return the values by parameter; the only case given is the case meant."""
    names = {p.name: p.label for p in question.parameters}
    problems = [
        Problem(
            f"{question.id} has no parameter “{name}”",
            why=f"its parameters are {', '.join(names)}",
            fix=suggest(name, names),
        )
        for name in values
        if dash(name) not in names
    ]
    if problems:
        raise BadRequest(problems)
    given = {dash(name): value for name, value in values.items() if value.strip()}
    for parameter in question.parameters:
        alone = not (
            question.or_case and given
        )  # values given: the case made up from them is meant
        if parameter.type == "case" and len(cases) == 1 and alone:
            given.setdefault(parameter.name, cases[0].name)
    return given


def _wanted(question: Question, given: Mapping[str, str]) -> Sequence[Parameter]:
    """Return the parameters that need a value: all, or the case alone where it stands for them.

    Raises: BadRequest when both a case and values are given.
    """
    case = [p for p in question.parameters if p.type == "case" and given.get(p.name)]
    if not (question.or_case and case):
        return question.parameters
    more = [name for name in given if name != case[0].name]
    if more:
        raise BadRequest(
            Problem(
                f"{question.id} was given a case and values of its own ({', '.join(more)})",
                why="the case states these facts already",
                fix="give the case alone, or the values alone",
            )
        )
    return case


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
    if parameter.type == "fact":
        if "=" in value:
            return value
        raise _wrong(parameter, value, {}, "a fact is its path in the case file and its value",
                     "write fact=disclosure/trigger=request")  # fmt: skip
    if parameter.type == "case":
        allowed = {case.name: case.title for case in cases}
        if not allowed:
            raise _wrong(parameter, value, {}, "this question is about a case",
                         "give its file: --case FILE")  # fmt: skip
    else:
        allowed = dict(parameter.allowed)
    for form in (value, dash(value), dash(value).partition(":")[2], value.upper()):
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
    hint = fix or (suggest(value, allowed) if value else "")
    listed = f"allowed: {', '.join(allowed)}" if allowed else ""
    return BadRequest(Problem(what, why=why or listed, fix=hint or f"write {parameter.name}=…"))


def _term(parameter: Parameter, written: str) -> Term:
    """Return what the query is given for a checked value; kg:None for one left out."""
    if not written:
        return "kg:None"
    if parameter.type == "date":
        return Lit(written, "date")
    if parameter.type == "case":
        return f"case:{written}/"
    if parameter.type == "fact":
        return Lit(written, "string")
    return parameter.terms[written]


def _label(parameter: Parameter, written: str) -> str:
    return dict(parameter.allowed).get(written, written)


def select(
    store: ox.Store, question: Question, terms: Mapping[str, Term], law: Law
) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """Run the stored query with the parameters bound as terms; return column names and rows.

    The store holds the law and the cases that the question is about, with their assessments.
    """
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
    return tuple(variable.value for variable in shown), rows


def _heading(variable: str) -> str:
    words = variable.replace("_", " ")
    return words[:1].upper() + words[1:]


def _cell(value: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple | None, law: Law) -> Cell:
    if value is None or isinstance(value, ox.Triple):
        return Cell("")
    term = from_oxigraph(value)
    return Cell(text_of(term)) if isinstance(term, Lit) else cell_of(term, law)
