"""The reference pages of questions and of the assessment graph, written from the ontology."""

from __future__ import annotations

from collections.abc import Iterator

from kg.ask import Parameter, Question, catalogue
from kg.load import Law

_FEW = 6
#: Where the values of a parameter are listed.
_LISTS = {
    "body": "[kinds of body](case-file.md)",
    "purpose": "[purposes](case-file.md)",
    "topic": "[topics](case-file.md)",
    "concern": "[levels of concern](case-file.md)",
    "norm": "the name of a [provision](provisions.md), such as `ca1989:s47-9`",
    "case": "the name of a case given with `--case`",
    "date": "a date, year-month-day",
    "fact": "path and value, such as `disclosure/trigger=own-initiative`",
    "rule": "the id of a record rule, such as `R-027`",
    "yes-no": "`yes` or `no`",
}
_KINDS = ("kg:OutcomeState", "kg:LayerState", "kg:ProvisionState", "kg:ConditionState")
_FILE = "answers.ttl"


def questions_page(law: Law) -> str:
    """Return ``questions.md``: each question with parameters, columns and what nothing means."""
    return "\n".join(_questions(law)) + "\n"


def _questions(law: Law) -> Iterator[str]:
    yield "# Questions"
    yield ""
    yield "<!-- Written by `make reference` from ontology/questions/. Change the ontology, not this page. -->"
    yield ""
    yield "Each question of `kg ask` and of the browser: its parameters, and the columns of its answer as"
    yield "programs name them (`names` in JSON). How to ask: [ask a question](../how-to/ask-a-question.md)."
    yield "The terms that the queries read: [assessment graph](assessment-graph.md)."
    yield ""
    yield "Each row carries its provision or document (`citation`, `effect`), its dates (`in_force_from` inclusive,"
    yield "`in_force_before` exclusive), its place (`source`) and whether a lawyer has confirmed it (`review`). A"
    yield "judgement is named, never made. No rows means “not established”, never “not allowed”."
    for question in catalogue(law):
        yield ""
        yield from _question(question)


def _question(question: Question) -> Iterator[str]:
    yield f"## {question.id} {question.text}"
    yield ""
    yield question.definition
    yield ""
    if question.parameters:
        yield "| parameter | what it is | values |"
        yield "|---|---|---|"
        yield from (_parameter(p) for p in question.parameters)
    else:
        yield "It takes no parameters."
    yield ""
    if question.over_cases:
        yield "It is asked about all cases given with `--case`: files, folders and tables."
        yield ""
    if question.or_case:
        yield "Give either the values, from which a case is made up, or `case` alone."
        yield ""
    columns = _columns(question)
    yield f"Columns: {', '.join(f'`{name}`' for name in columns)}."
    yield ""
    yield f"- Nothing found: {question.nothing}"
    yield from (f"- {words}" for words in question.caveats)


def _parameter(parameter: Parameter) -> str:
    optional = " (optional)" if parameter.optional else ""
    values = _LISTS.get(parameter.type) or ", ".join(
        f"`{value}`" for value, _ in parameter.allowed[:_FEW]
    )
    more = " …" if parameter.type not in _LISTS and len(parameter.allowed) > _FEW else ""
    return f"| `{parameter.name}` | {parameter.label}{optional} | {values}{more} |"


def _columns(question: Question) -> list[str]:
    """Return the projected variables that are no parameters, in order."""
    head = question.sparql.partition("SELECT")[2].partition("WHERE")[0]
    given = {p.name.replace("-", "_") for p in question.parameters if not question.hypothetical}
    return [word[1:] for word in head.split() if word.startswith("?") and word[1:] not in given]


# --- The assessment graph -------------------------------------------------------------------------


def assessment_graph_page(law: Law) -> str:
    """Return ``assessment-graph.md``: classes, properties and states of ``answers.ttl``."""
    return "\n".join(_graph(law)) + "\n"


def _graph(law: Law) -> Iterator[str]:
    yield "# The assessment graph"
    yield ""
    yield "<!-- Written by `make reference` from ontology/answers.ttl. Change the ontology, not this page. -->"
    yield ""
    yield "What a query of `kg sparql`, or a stored [question](questions.md), can read about the answer for a case."
    yield "The list is closed: nothing else is written. Three kinds of named graph stand beside each other, and a"
    yield "query reads them together: the law; each case as recorded, `case:<case>/`; its assessments,"
    yield "`case:<case>/assessment`. A supposition (Q-76) stands in `case:<case>/supposition`. Questions about records"
    yield "(Q-41 to Q-53, Q-65 to Q-75) read, in place of the assessments, the record rules and what validation says"
    yield "of the records of each case, `case:<case>/reports`; `kg sparql` does not: there, use"
    yield "`kg validate --format turtle`."
    yield ""
    yield "```sparql"
    yield "# open-judgements.rq"
    yield "PREFIX kg: <https://w3id.org/safeguarding-kg/ns#>"
    yield "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
    yield "SELECT ?disclosure ?question ?asked_of WHERE {"
    yield "  ?assessment kg:ofDisclosure ?disclosure ; kg:judgementResult ?judgement ."
    yield "  ?judgement kg:question/rdfs:label ?question ."
    yield "  OPTIONAL { ?judgement kg:question/kg:askedOf ?asked_of }"
    yield "  FILTER NOT EXISTS { ?judgement kg:answerGiven ?answer }"
    yield "} ORDER BY ?disclosure ?question"
    yield "```"
    yield ""
    yield "```console"
    yield "$ kg sparql @open-judgements.rq --case examples/section-47-request.yaml --format csv"
    yield "disclosure,question,asked_of"
    yield "```"
    yield ""
    yield "## Classes"
    yield ""
    yield from _table(law, "owl:Class", leave_out=set(_KINDS))
    yield ""
    yield "## Properties"
    yield ""
    yield from _table(law, "owl:AnnotationProperty", leave_out=set())
    yield ""
    yield "Between which days the same answer holds is no part of the graph: `kg assess` says it."
    yield ""
    yield "Of a record rule also `kg:why` and `kg:appliesWhen`, which are declared with the shapes."
    yield ""
    yield "Shared with the law graph: `kg:layer`, `kg:norm`, `kg:source`, `kg:reviewStatus`, `kg:citationText`,"
    yield "`kg:question`, `kg:position`. They are declared in `ontology/core.ttl`."
    for kind in _KINDS:
        yield ""
        yield f"## {law.label(kind).capitalize()}"
        yield ""
        yield "| value | in words | in JSON |"
        yield "|---|---|---|"
        for name in law.instances(kind):
            yield f"| `{name}` | {law.label(name)} | `{law.text(name, 'skos:notation')}` |"


def _table(law: Law, kind: str, leave_out: set[str]) -> Iterator[str]:
    yield "| name | what it is |"
    yield "|---|---|"
    for name in law.index:
        typed = kind in law.names(name, "rdf:type")
        if law.file_of.get(name) == _FILE and typed and name not in leave_out:
            more = law.text(name, "skos:definition") or law.text(name, "skos:scopeNote")
            yield f"| `{name}` | {law.label(name)}{'. ' + more if more else ''} |"
