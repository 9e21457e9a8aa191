"""Validation: no silent pass, results with path and line, the record at hand and no other."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kg.assess import Engine
from kg.errors import BadRequest, BrokenGraph, CaseNotLoaded, KgError, NoRecord
from kg.findings import COMPUTED_TRIGGERS, FINDINGS, JOINS
from kg.load import Case, Law, load_case, load_case_text, load_law
from kg.model import Lit, RecordReport, RuleResult
from kg.namespaces import expand
from kg.validate import Shapes, data_graph, explain_rule, load_profile, load_shapes, validate_case
from kg.validate.examples import base_files
from kg.validate.graph import Raw, run_shacl, to_rdflib
from kg.validate.shapes import shape_files

COMPLETE = base_files()["section-47-request"]


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def shapes() -> Shapes:
    return load_shapes()


@cache
def text() -> str:
    return COMPLETE.read_text(encoding="utf-8").partition("\nexpect:")[0]


def load(words: str) -> Case:
    return load_case_text(words, "yaml", engine().law, "case.yaml")


def report(words: str) -> RecordReport:
    (one,) = validate_case(load(words), engine(), shapes())
    return one


def only(words: str) -> RuleResult:
    (result,) = report(words).results
    return result


def changed(*pairs: tuple[str, str]) -> str:
    words = text()
    for old, new in pairs:
        assert old in words
        words = words.replace(old, new, 1)
    return words


# --- No silent pass -----------------------------------------------------------------------------


def test_complete() -> None:
    assert report(text()).complete
    assert report(text()).results == ()


def test_no_record() -> None:
    with pytest.raises(NoRecord) as caught:
        report(text().partition("record:")[0])
    (problem,) = caught.value.problems
    assert problem.file == "case.yaml"
    assert problem.why
    assert problem.fix


@pytest.mark.parametrize("target", ["kg:DecisionRecord", "kg:Disclosure"])
def test_nothing_looks_at_the_record(target: str) -> None:
    """Shapes whose target was misspelt are an error, not a pass."""
    graph = shapes().graph
    rules = {name: rule for name, rule in shapes().rules.items() if rule.target != target}
    with pytest.raises(BrokenGraph, match=f"no shape looks at the {target[3:]}"):
        validate_case(load(text()), engine(), Shapes(graph, rules))


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("[]", "no decision record"),
        ('""', "“record” needs the keys of a decision record"),
        ("null", "null is not a value"),
    ],
)
def test_a_record_that_holds_nothing(record: str, said: str) -> None:
    words = f'{{"case": "a", "disclosure": {{"date": "2024-05-31"}}, "record": {record}}}'
    with pytest.raises(KgError, match=said):
        validate_case(load_case_text(words, "json", engine().law, "a.json"), engine(), shapes())


@pytest.mark.parametrize("record", ["{}", "[{}]"])
def test_a_record_without_facts_is_looked_at(record: str) -> None:
    words = f'{{"case": "a", "disclosure": {{}}, "record": {record}}}'
    case = load_case_text(words, "json", engine().law, "a.json")
    (one,) = validate_case(case, engine(), shapes())
    assert not one.complete
    assert {"R-001", "R-002", "R-003", "R-004"} <= {r.rule for r in one.results}


def test_record_that_names_no_disclosure() -> None:
    """With two disclosures a record must say which one it decides."""
    disclosure = text().partition("disclosure:\n")[2].partition("\nrecord:")[0]
    listed = "\n".join("  " + line if line else "" for line in disclosure.splitlines())
    two = f"disclosure:\n  - id: one\n{listed}\n  - id: two\n{listed}\n"
    words = text().replace(f"disclosure:\n{disclosure}\n", two)
    with pytest.raises(CaseNotLoaded, match="which disclosure"):
        report(words)
    named = words.replace("record:\n", "record:\n  decides: two\n")
    assert report(named).results == ()


NO_RULES = "kgsh:X a sh:NodeShape ; sh:targetClass kg:DecisionRecord .\n"
SHAPE_PREFIXES = (
    "@prefix kg: <https://w3id.org/safeguarding-kg/ns#> .\n"
    "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    "@prefix kgsh: <https://w3id.org/safeguarding-kg/shapes#> .\n"
)


@pytest.mark.parametrize("name", ["", "_template.ttl", "a.ttl", "notes.md", "inner/a.ttl"])
def test_shapes_folder_without_rules(tmp_path: Path, name: str) -> None:
    """No file, none that is read, or none with a rule: no shapes, no pass."""
    if name:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(SHAPE_PREFIXES + NO_RULES, encoding="utf-8")
    with pytest.raises(BrokenGraph, match="no shapes here"):
        load_shapes(tmp_path)


@pytest.mark.parametrize("shape", ["kgsh:DecisionRecord", "kgsh:R-003"])
def test_a_shape_that_is_switched_off(tmp_path: Path, shape: str) -> None:
    """SHACL passes a shape over that is deactivated; a record it alone looks at would be complete."""
    for path in shape_files():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    load_shapes(tmp_path)
    (tmp_path / "z.ttl").write_text(
        f"{SHAPE_PREFIXES}{shape} sh:deactivated true .\n", encoding="utf-8"
    )
    with pytest.raises(BrokenGraph, match=f"{shape} is switched off"):
        load_shapes(tmp_path)


def test_shape_without_severity(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(
        "@prefix kg: <https://w3id.org/safeguarding-kg/ns#> .\n"
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix kgsh: <https://w3id.org/safeguarding-kg/shapes#> .\n"
        "kgsh:X a sh:NodeShape ; sh:targetClass kg:DecisionRecord ; sh:property kgsh:R-001 .\n"
        'kgsh:R-001 sh:path kg:outcome ; sh:minCount 1 ; sh:message "m"@en .\n',
        encoding="utf-8",
    )
    with pytest.raises(BrokenGraph, match="not complete"):
        load_shapes(tmp_path)


# --- Where and what -----------------------------------------------------------------------------


def test_missing_key_has_path_and_line() -> None:
    words = changed(("      job-title: senior social worker\n", ""))
    result = only(words)
    assert (result.rule, result.severity) == ("R-027", "violation")
    assert result.path == "disclosure/to/1/job-title"
    assert words.splitlines()[result.line - 1].strip() == "- party: council"
    assert result.recipient == "council"
    assert "council" in result.message
    assert "S3:Q21.b3" in result.sources


def test_item_is_named_where_it_is_described() -> None:
    result = only(changed(("    description: injury findings\n", "")))
    assert (result.rule, result.path, result.item) == (
        "R-012",
        "information/notes/description",
        "notes",
    )


def test_subject_is_named_inside_consent() -> None:
    gap = "        reason: [interference-with-investigation, required-by-law-or-order]\n"
    (result,) = (one for one in report(changed((gap, ""))).results if one.rule == "R-066")
    assert result.subject == "child"
    assert result.path.endswith("consent/reason") or result.path.endswith("consent/1/reason")


def test_unlisted_subject_is_named() -> None:
    words = changed(("about: child", "about: [child, parent]"))
    (result,) = (one for one in report(words).results if one.rule == "R-065")
    assert (result.subject, result.path) == ("parent", "disclosure/subjects")


def test_citation_is_found_by_its_line() -> None:
    words = changed(("kind: nhs-foundation-trust", "kind: academy"))
    result = only(words)
    assert result.rule == "R-153"
    assert result.path == "record/cites/1"
    assert "ca1989:s47-9" in words.splitlines()[result.line - 1]
    assert "trust" in result.message
    assert "s 47(9)" in result.message


def two_recipients() -> str:
    """Return the complete case with a second recipient inside the discloser's own organisation."""
    housing = "  housing:\n    kind: local-housing-authority\n    part-of: trust\n"
    receipt = (
        "    - party: housing\n      person: clerk\n      job-title: clerk\n      contact: desk\n"
        "      need: keeps the flat free\n      identity-check: known to the ward\n"
        "      told-confidential: yes\n      will-do: keep the flat free\n      forewarned: yes\n"
        "      acknowledged: 2024-06-20\n"
    )
    return changed(
        ("  council:\n", housing + "  council:\n"), ("    - party: c", receipt + "    - party: c")
    )


def test_failing_strand_names_the_recipient() -> None:
    """A citation fails for one of two recipients, and the result names only that one."""
    result = only(two_recipients())
    assert (result.rule, result.recipient) == ("R-217", "housing")


def test_citation_is_narrowed_by_for() -> None:
    """Cited for one recipient only, the provision need not fit the other."""
    words = two_recipients().replace("      as: duty", "      as: duty\n      for: council")
    assert report(words).results == ()


def test_legal_obligation_makes_a_context_duty_count() -> None:
    """Section 47(9) as context and a legal obligation as basis: the duty is claimed."""
    claimed = changed(("kind: nhs-foundation-trust", "kind: academy"), ("as: duty", "as: context"))
    assert only(claimed.replace("ukgdpr:art6-1-c", "ukgdpr:art6-1-e")).severity == "warning"
    assert {(r.rule, r.severity) for r in report(claimed).results} == {("R-153", "violation")}


def test_without_any_date_the_law_is_not_asked() -> None:
    """No date, no law: the missing dates are reported, not a provision of today."""
    words = changed(
        ("kind: nhs-foundation-trust", "kind: academy"),
        ("  date: 2024-06-19\n  time", "  time"),
        ("  outcome: shared\n  date: 2024-06-19", "  outcome: shared"),
    )
    assert {r.rule for r in report(words).results} == {"R-002", "R-029"}


def test_turtle_case_has_no_lines() -> None:
    """A case in Turtle gives the same rules; nodes are named, lines are 0."""
    words = changed(("      job-title: senior social worker\n", ""))
    turtle = to_rdflib(load(words).triples).serialize(format="turtle")
    case = load_case_text(turtle, "turtle", engine().law, "case.ttl")
    (one,) = validate_case(case, engine(), shapes())
    (result,) = one.results
    assert (result.rule, result.line) == ("R-027", 0)
    assert result.path == "disclosure/to/1/job-title"


# --- The record at hand -------------------------------------------------------------------------


def test_two_records_are_judged_apart() -> None:
    """First refused, then shared: the refusal is not asked for a channel, the sharing is."""
    record = text().partition("record:\n")[2]
    listed = "\n".join("  " + line if line else "" for line in record.splitlines())
    words = (
        text()
        .replace("  channel: secure-email\n", "")
        .replace(
            f"record:\n{record}",
            f"record:\n  - id: first\n{listed.replace('outcome: shared', 'outcome: not-shared')}\n"
            f"  - id: second\n{listed}\n",
        )
    )
    first, second = validate_case(load(words), engine(), shapes())
    assert (first.id, second.id) == ("first", "second")
    assert "R-034" not in {r.rule for r in first.results}
    assert {r.rule for r in second.results} == {"R-034"}


def test_undecided_disclosure_is_left_out() -> None:
    disclosure = text().partition("disclosure:\n")[2].partition("\nrecord:")[0]
    listed = "\n".join("  " + line if line else "" for line in disclosure.splitlines())
    gap = listed.replace("      trigger: request\n", "")
    words = text().replace(
        f"disclosure:\n{disclosure}\n", f"disclosure:\n  - id: one\n{listed}\n  - id: two\n{gap}\n"
    )
    one = report(words.replace("record:\n", "record:\n  decides: one\n"))
    assert one.results == ()


# --- The graph ----------------------------------------------------------------------------------


def test_only_the_closed_list_is_added() -> None:
    """Beyond the stated facts: taxonomy, joins, findings, triggers; no inferred class."""
    case = load(changed(("kind: nhs-foundation-trust", "kind: academy")))
    (graph,) = data_graph(case, engine(), shapes())
    added = set(graph.triples) - set(case.triples)
    for subject, predicate, value in added:
        if subject.startswith("case:"):
            assert predicate in JOINS or predicate in FINDINGS or value in shapes().trigger_classes
        else:
            assert predicate in {"rdf:type", "rdfs:subClassOf"}
            assert value not in shapes().trigger_classes


def test_closed_list_is_described() -> None:
    graph = shapes().graph
    for name in (*JOINS, *FINDINGS, *COMPUTED_TRIGGERS):
        assert graph.text(name, "rdfs:label")


def test_a_trigger_does_not_stand_in_for_a_kind() -> None:
    """A party without a kind stays without one, whatever the program stamps on it."""
    case = load(
        changed(("  trust:\n    kind: nhs-foundation-trust", "  trust:\n    name: the hospital"))
    )
    trigger = ("case:r-001-pass-shared/trust", "rdf:type", "kg:ActualRecipient")
    (one,) = validate_case(replace(case, triples=(*case.triples, trigger)), engine(), shapes())
    assert "R-010" in {r.rule for r in one.results}


def test_shapes_graph_is_not_changed() -> None:
    before = len(shapes().rdf)
    report(text())
    assert len(shapes().rdf) == before


SMALL_SHAPES = [
    ("kgsh:X", "rdf:type", "sh:NodeShape"),
    ("kgsh:X", "sh:targetNode", "case:a/record"),
    ("kgsh:X", "sh:property", "kgsh:R-001"),
    ("kgsh:X", "sh:property", "kgsh:R-002"),
    ("kgsh:R-001", "sh:path", "kg:daysToRecord"),
    ("kgsh:R-001", "sh:minInclusive", Lit("1", "integer")),
    ("kgsh:R-002", "sh:path", "kg:decides"),
    ("kgsh:R-002", "sh:node", "kgsh:Y"),
    ("kgsh:Y", "rdf:type", "sh:NodeShape"),
    ("kgsh:Y", "sh:property", "kgsh:R-003"),
    ("kgsh:R-003", "sh:path", "kg:date"),
    ("kgsh:R-003", "sh:minCount", Lit("1", "integer")),
]


def test_results_come_over_the_border_whole() -> None:
    """A value of 0 is a value; what only explains a result (sh:detail) is no result of its own."""
    data = [
        ("case:a/record", "kg:daysToRecord", Lit("0", "integer")),
        ("case:a/record", "kg:decides", "case:a/disclosure"),
    ]
    assert run_shacl(data, to_rdflib(SMALL_SHAPES)) == [
        Raw("case:a/record", "kgsh:R-001", "0"),
        Raw("case:a/record", "kgsh:R-002", "case:a/disclosure"),
    ]


# --- Explain, profile ---------------------------------------------------------------------------


def test_explain() -> None:
    info = explain_rule(shapes(), "r-023")
    assert (info.rule, info.severity) == ("R-023", "violation")
    assert {part.severity for part in info.parts} == {"violation", "warning"}
    assert info.why
    assert info.applies
    assert info.sources
    assert "cites:" in info.passing_example
    assert "{" not in explain_rule(shapes(), "R-153").message


def test_explain_unknown() -> None:
    with pytest.raises(BadRequest, match="R-999"):
        explain_rule(shapes(), "R-999")


def profile(tmp_path: Path, words: str) -> Path:
    path = tmp_path / "profile.yaml"
    path.write_text(words, encoding="utf-8")
    return path


def test_profile_supplies_the_kind(tmp_path: Path) -> None:
    given = load_profile(
        profile(tmp_path, "party:\n  kind: nhs-foundation-trust\nrecord:\n  stored: safe\n"),
        engine().law,
    )
    words = changed(
        ("  trust:\n    kind: nhs-foundation-trust", "  trust:\n    name: the hospital")
    )
    (one,) = validate_case(load(words), engine(), shapes(), given)
    assert one.results == ()
    (graph,) = data_graph(load(words), engine(), shapes(), given)
    assert any(predicate == "kg:stored" for _, predicate, _ in graph.triples)


def test_profile_does_not_overrule_the_case(tmp_path: Path) -> None:
    given = load_profile(profile(tmp_path, "party:\n  kind: academy\n"), engine().law)
    (one,) = validate_case(load(text()), engine(), shapes(), given)
    assert one.results == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("disclosure:\n  date: 2024-05-31\n", "not a key of a profile"),
        ("record:\n  outcome: shared\n", "not a key of record"),
        ("party:\n  knid: academy\n", "knid"),
        ("party:\n  kind: acadmy\n", "acadmy"),
        ("party:\n  part-of: council\n", "cannot stand in a profile"),
        ("- party\n", "keys with values"),
    ],
)
def test_profile_is_checked(tmp_path: Path, words: str, said: str) -> None:
    with pytest.raises(CaseNotLoaded, match=said):
        load_profile(profile(tmp_path, words), engine().law)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Validation opens no connection."""
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert report(text()).complete


def test_iris_are_those_of_the_shapes() -> None:
    assert expand("kgsh:R-001") == "https://w3id.org/safeguarding-kg/shapes#R-001"
    assert isinstance(load_law(), Law)
    assert load_case(COMPLETE, engine().law).name == "section-47-request"
