"""Free SPARQL: right answers in every format; no network; nothing runs for ever."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.ask import worker
from kg.ask.graph import law_bytes
from kg.ask.results import as_sparql_tsv, safe_cell
from kg.ask.sparql import LIMITS, Limits, QueryResult, execute, prefixes_of, run
from kg.assess import Engine
from kg.errors import BadRequest, QueryRefused
from kg.load import Case, load_case, load_law

CASE = Path(__file__).parents[2] / "scenarios" / "SC-001.yaml"
FORMULA = "SELECT ?x { VALUES ?x { '=1+1' '+1' '-1' '@x' 'plain' } }"


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def case() -> Case:
    return load_case(CASE, engine().law)


def ask(query: str, **more) -> QueryResult:
    return run(query, engine(), [], **more)


def unguarded(query: str, limits: Limits = LIMITS) -> None:
    """Run a query past the guard, as if the guard had been deceived."""
    law = engine().law
    execute(query, law_bytes(law), prefixes_of(law), limits)


# --- Answers --------------------------------------------------------------------------------------


def test_prefixes_need_no_declaration() -> None:
    result = ask("SELECT ?norm WHERE { ?norm a kg:DutyToComply }")
    assert result.kind == "select"
    assert result.columns == ("norm",)
    cell = next(c for (c,) in result.rows if c.iri.endswith("/law/ca1989/s47-9"))
    assert cell.text == "assist with section 47 enquiries when called upon"
    assert "ca1989:s47-9" in result.text.split()


def test_cases_and_assessments_can_be_read() -> None:
    query = """SELECT ?state { GRAPH ?g { ?a kg:ofDisclosure ?d ; kg:provisionResult ?r .
               ?r kg:norm ca1989:s47-9 ; kg:state/skos:notation ?state } ?case kg:disclosure ?d }"""
    with_graph = query.replace(
        "kg:state/skos:notation ?state }", "kg:state ?s } ?s skos:notation ?state ."
    )
    result = run(with_graph, engine(), [case()])
    assert [[c.text for c in row] for row in result.rows] == [["applies-if-judgement"]]


def test_no_case_is_there_unless_given() -> None:
    assert ask("ASK { ?s a kg:Case }").rows[0][0].text == "no"


def test_json() -> None:
    result = ask("SELECT ?l { ca1989:s47-9 rdfs:label ?l }", format="json")
    binding = json.loads(result.text)["results"]["bindings"][0]["l"]
    assert (binding["type"], binding["xml:lang"]) == ("literal", "en")
    found = ox.parse_query_results(result.text, format=ox.QueryResultsFormat.JSON)
    assert len(list(found)) == 1


def test_tsv_reads_back_to_the_same_terms() -> None:
    query = "SELECT ?x ?y { VALUES (?x ?y) { ('=1+1' 'a\\tb\"c') ('-5'@en 7) (<http://x/> true) } }"
    text = ask(query, format="tsv").text
    found = ox.parse_query_results(text, format=ox.QueryResultsFormat.TSV)
    expected = ox.Store().query(query)
    assert [[s["x"], s["y"]] for s in found] == [[s["x"], s["y"]] for s in expected]
    assert '"=' not in text


def test_csv_cells_are_no_formulas() -> None:
    lines = ask(FORMULA, format="csv").text.splitlines()
    assert sorted(lines[1:]) == sorted(["'=1+1", "'+1", "'-1", "'@x", "plain"])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_safe_cell(start: str) -> None:
    assert safe_cell(start + "x") == "'" + start + "x"


def test_tsv_of_an_unbound_cell_is_empty() -> None:
    assert (
        as_sparql_tsv(["a", "b"], [[None, ["uri", "http://x/", ""]]]) == "?a\t?b\n\t<http://x/>\n"
    )


@pytest.mark.parametrize(
    ("format_", "text"), [("json", '{"head": {}, "boolean": true}'), ("csv", "true\n")]
)
def test_ask(format_, text: str) -> None:
    assert ask("ASK { ca1989:s47-9 a kg:DutyToComply }", format=format_).text == text


@pytest.mark.parametrize(
    "query", ["DESCRIBE ca1989:s47-9", "CONSTRUCT { ?s kg:layer ?o } WHERE { ?s kg:layer ?o }"]
)
def test_graphs_come_as_turtle(query: str) -> None:
    result = ask(query, format="json")
    assert (result.kind, result.format, result.media_type) == ("graph", "turtle", "text/turtle")
    assert len(list(ox.parse(result.text, format=ox.RdfFormat.TURTLE))) > 1


def test_unknown_format() -> None:
    with pytest.raises(BadRequest, match="table, json, csv or tsv"):
        ask("ASK {}", format="xml")


def test_syntax_error_says_where_and_shows_no_library_text() -> None:
    with pytest.raises(QueryRefused) as error:
        ask("SELECT ?x {\n ?x ?p }")
    assert "query:2: " in str(error.value)
    assert "“?x ?p }”" in str(error.value)
    assert "expected" not in str(error.value)


# --- The network ----------------------------------------------------------------------------------


@contextmanager
def canary() -> Iterator[tuple[str, list[int]]]:
    """Listen on this machine; yield the address and the list of connections so far."""
    hits: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    hits.append(1)
                    connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", hits


def test_the_canary_hears_an_engine_without_the_worker() -> None:
    """The control: without guard and worker, SERVICE does reach the network."""
    with canary() as (address, hits):
        with pytest.raises(OSError):  # noqa: PT011 - the words are the library's
            list(ox.Store().query(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"))
        assert hits


@pytest.mark.parametrize(
    "pattern",
    [
        "SERVICE <{0}> {{ ?s ?p ?o }}",
        "SERVICE SILENT <{0}> {{ ?s ?p ?o }}",
        "BIND(<{0}> AS ?g) SERVICE ?g {{ ?s ?p ?o }}",
        "?a ?b true . SERVICEx:y {{ ?s ?p ?o }}",
    ],
)
def test_nothing_reaches_the_network_even_past_the_guard(pattern: str) -> None:
    assert worker.can_confine(), "this system has no filter: the guard would stand alone"
    with canary() as (address, hits):
        query = f"PREFIX x: <{address}> SELECT * {{ {pattern.format(address)} }}"
        with suppress(QueryRefused):
            unguarded(query)
        with pytest.raises(QueryRefused):
            ask(query)
        time.sleep(0.05)
        assert not hits


def test_from_reads_neither_network_nor_file() -> None:
    with canary() as (address, hits):
        for source in (address, CASE.as_uri()):
            unguarded(f"SELECT * FROM <{source}> {{ ?s ?p ?o }} LIMIT 9")
            with pytest.raises(QueryRefused, match="FROM"):
                ask(f"SELECT * FROM <{source}> {{ ?s ?p ?o }}")
        assert not hits


@pytest.mark.parametrize(
    "update", ["LOAD <{0}>", "INSERT DATA {{ <urn:a> <urn:b> <{0}> }}", "CLEAR ALL"]
)
def test_updates_are_not_understood_even_past_the_guard(update: str) -> None:
    with canary() as (address, hits):
        with pytest.raises(QueryRefused, match="not SPARQL that can be read"):
            unguarded(update.format(address))
        assert not hits


def test_worker_is_confined() -> None:
    assert ask("ASK {}").confined == worker.can_confine()


# --- Limits ---------------------------------------------------------------------------------------

CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_deadline() -> None:
    started = time.monotonic()
    with pytest.raises(QueryRefused, match="stopped after 1 seconds"):
        ask(CARTESIAN, limits=Limits(seconds=1))
    assert time.monotonic() - started < 4


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?a ((kg:p*)*)* ?b . ?c ((rdf:rest*)*)* ?d . ?e ?f ?g } ORDER BY ?a OFFSET 9999",
        "SELECT (GROUP_CONCAT(?c) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f OFFSET 100000000 LIMIT 1",
    ],
)
def test_endless_queries_end(query: str) -> None:
    started = time.monotonic()
    with pytest.raises(QueryRefused):
        ask(query, limits=Limits(seconds=3))
    assert time.monotonic() - started < 8


def test_nested_groups_kill_the_worker_and_nobody_else() -> None:
    with pytest.raises(QueryRefused, match="memory or nested too deep"):
        unguarded("SELECT * { " + "{" * 3000 + "}" * 3000 + " }")
    assert ask("ASK { ?s ?p ?o }").rows[0][0].text == "yes"


def test_memory() -> None:
    doubling = " ".join(f"BIND(CONCAT(?a{i},?a{i},?a{i},?a{i}) AS ?a{i + 1})" for i in range(16))
    with pytest.raises(QueryRefused, match="memory"):
        ask(
            f"SELECT * {{ BIND('aaaaaaaaaaaaaaaa' AS ?a0) {doubling} }}",
            limits=Limits(memory=600_000_000),
        )


def test_row_cap() -> None:
    with pytest.raises(QueryRefused, match="more than 10,000 rows"):
        ask("SELECT * { ?a ?b ?c . ?d ?e ?f }")


def test_row_cap_of_a_graph() -> None:
    with pytest.raises(QueryRefused, match="more than 100 rows"):
        ask("CONSTRUCT { ?a ?b ?c } WHERE { ?a ?b ?c }", limits=Limits(rows=100))


def test_byte_cap() -> None:
    with pytest.raises(QueryRefused, match="larger than 8 MB"):
        ask("SELECT * { ?a ?b ?c . ?d ?e ?f }", limits=Limits(rows=10**9))


def test_exactly_the_cap_is_answered() -> None:
    assert len(ask("SELECT * { ?s ?p ?o } LIMIT 10", limits=Limits(rows=10)).rows) == 10
