"""The guard refuses what writes, reaches out or exhausts, however it is spelt, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ask import catalogue
from kg.ask.guard import BOUNDS, check, tokens
from kg.errors import QueryRefused
from kg.load import load_law

EVIL = "http://127.0.0.1:9/"

HOSTILE = {
    "service": f"SELECT * {{ SERVICE <{EVIL}> {{ ?s ?p ?o }} }}",
    "service silent, small letters": f"select * {{ service silent <{EVIL}> {{ ?s ?p ?o }} }}",
    "service spelt with an escape": f"SELECT * {{ \\u0053ERVICE <{EVIL}> {{ ?s ?p ?o }} }}",
    "service glued to a prefix": f"PREFIX x: <{EVIL}> SELECT * {{ SERVICEx:y {{ ?s ?p ?o }} }}",
    "service and the empty prefix": f"PREFIX : <{EVIL}> SELECT * {{ SERVICE:y {{ ?s ?p ?o }} }}",
    "service glued to true": f"SELECT * {{ ?a ?b trueSERVICE<{EVIL}>{{ ?s ?p ?o }} }}",
    "service glued to a number": f"SELECT * {{ ?a ?b 1SERVICE<{EVIL}>{{ ?s ?p ?o }} }}",
    "service after less than and a comment": (
        "SELECT * { BIND(1 AS ?a) BIND(2 AS ?b) FILTER(?a<?b)SERVICE ?x#>\n{ ?s ?p ?o } }"
    ),
    "service after what looks like an address": (
        f'SELECT * {{ FILTER(?a<b:c#>"""\n)SERVICE<{EVIL}>{{ ?s ?p ?o }} #"""\n}}'
    ),
    "service after a relative address": (
        f"BASE <{EVIL}> SELECT * {{ ?s <?b#> ?o . SERVICE <x> {{ ?s ?p ?o }} }}"
    ),
    "service after a backslash in a name": (
        f"SELECT * {{ ?s ?p x:a\\' . SERVICE <{EVIL}> {{ ?s ?p ?o }} # '\n}}"
    ),
    "from": f"SELECT * FROM <{EVIL}> {{ ?s ?p ?o }}",
    "from a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "from named": f"SELECT * FROM NAMED <{EVIL}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "load": f"LOAD <{EVIL}>",
    "insert data": "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "delete where": "DELETE WHERE { ?s ?p ?o }",
    "insert after a query": "SELECT * { ?s ?p ?o } ; INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "with": "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "clear": "CLEAR ALL",
    "drop": "DROP DEFAULT",
    "create": "CREATE GRAPH <urn:g>",
    "copy": "COPY <urn:a> TO <urn:b>",
    "move": "MOVE <urn:a> TO <urn:b>",
    "add": "ADD <urn:a> TO <urn:b>",
    "using": "DELETE { ?s ?p ?o } USING <urn:g> WHERE { ?s ?p ?o }",
    "nothing": "",
    "no query form": "PREFIX x: <http://x/>",
    "nested groups": "SELECT * { " + "{" * 3000 + "}" * 3000 + " }",
    "nested brackets": "SELECT * { FILTER(" + "(" * 100 + "1" + ")" * 100 + ") }",
    "many operators": "SELECT * { FILTER(" + "!" * 300 + "true) }",
    "many unions": "SELECT * { {?s ?p ?o}" + " UNION {?s ?p ?o}" * 250 + " }",
    "many parts": "SELECT * { " + "?s ?p ?o . " * 1500 + "}",
    "too long": "SELECT * { ?s ?p 'x' } #" + "x" * 20_000,
}

HARMLESS = {
    "a word in a string": 'SELECT * { ?s ?p "SERVICE LOAD INSERT" }',
    "a word in a long string": 'SELECT * { ?s ?p """DELETE\n"SERVICE" """ }',
    "a word in an address": "SELECT * { ?s <http://example.org/service/load> ?o }",
    "a word in a variable": "SELECT ?service ?load { ?service ?from ?load }",
    "a word in a prefixed name": "SELECT * { ?s kg:load kg:service }",
    "a word in a comment": "SELECT * # SERVICE\n{ ?s ?p ?o }",
    "less than": "SELECT * { ?s ?p ?o FILTER(?o < 5 && ?o <= ?s && ?o<?s) }",
    "every form": "ASK { ?s ?p ?o }",
    "a graph": "SELECT * { GRAPH <https://w3id.org/safeguarding-kg/law> { ?s ?p ?o } }",
    "a language": "SELECT * { ?s rdfs:label 'disclosure'@en }",
    "a blank node": "SELECT * { _:b0 kg:norm ?n . ?n a/rdfs:subClassOf* kg:Norm }",
    "a name with a dot": "SELECT * { ca1989:s47-9.addressee ?p ?o . }",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_refused(name: str) -> None:
    with pytest.raises(QueryRefused) as error:
        check(HOSTILE[name])
    problem = error.value.problems[0]
    assert problem.what
    assert problem.why
    assert problem.fix


@pytest.mark.parametrize("name", HARMLESS)
def test_accepted(name: str) -> None:
    check(HARMLESS[name])


@pytest.mark.parametrize("question", catalogue(load_law()), ids=lambda q: q.id)
def test_stored_questions_pass(question) -> None:
    """What the catalogue shows can be run again as free SPARQL."""
    check(question.sparql)


def test_error_names_word_and_line() -> None:
    with pytest.raises(QueryRefused, match="query:2: SERVICE is not allowed"):
        check("SELECT * {\n SERVICE <http://x/> { } }")


@given(st.text(alphabet="{}()<>\"'\\#?:.@ \nSERVICEserviceabx/01", max_size=200))
def test_any_text_is_answered(text: str) -> None:
    """Every text is either accepted or refused; its tokens cover it without loss."""
    try:
        check(text)
    except QueryRefused:
        return
    assert "SERVICE" not in {t.text.upper() for t in tokens(text) if t.kind == "word"}


def test_bounds_are_reachable() -> None:
    check("SELECT * { " + "{" * (BOUNDS.depth - 1) + "}" * (BOUNDS.depth - 1) + " }")
