"""Good case files: three formats, the same triples; lines, paths and short forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import CaseNotLoaded
from kg.load import Case, Law, load_case, load_case_text
from kg.model import Lit
from kg.namespaces import CONTEXT

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("SC-*.yaml"))

YAML = """\
case: small
title: A small case
parties:
  trust:
    kind: [nhs foundation trust]
    policy-document: yes
  council: {kind: local-authority, function: childrens-social-care}
people:
  child: {born: 2019-02-28, alive: yes}
information:
  notes:
    description: "notes: of a visit"
    topic: [health, ordinary]
    about: child
    received-under: [promise one, promise two]
disclosure:
  from: trust
  to: council
  items:
    - item: notes
      confidence: legal requirement
  subjects: [child]
  purpose: {kind: s47-enquiry, words: help}
  trigger: request
  request:
    by: council
    section: 47.10
    enquiry open: yes
  date: 2024-02-29
  judgements:
    - question: question:help-would-be-unreasonable
      answer: no
      for: ca1989:s47-10
      by: A. Person
      on: 2024-02-29
      reasons: it takes an hour
record:
  cites: ca1989:s47-9
  outcome: shared
"""
JSON = (
    """\
{"@context": "%s",
 "case": "small", "title": "A small case",
 "parties": {
  "trust": {"kind": ["nhs-foundation-trust"], "policy-document": true},
  "council": {"kind": "local-authority", "function": "childrens-social-care"}},
 "people": {"child": {"born": "2019-02-28", "alive": "yes"}},
 "information": {"notes": {"description": "notes: of a visit", "topic": ["health", "ordinary"],
   "about": "child", "received-under": ["promise one", "promise two"]}},
 "disclosure": {"from": "trust", "to": [{"party": "council"}],
  "items": [{"item": "notes", "confidence": "legal-requirement"}],
  "subjects": [{"person": "child"}],
  "purpose": {"kind": "s47-enquiry", "words": "help"},
  "trigger": "request",
  "request": {"by": "council", "section": "47.10", "enquiry-open": "yes"},
  "date": "2024-02-29",
  "judgements": [{"question": "help-would-be-unreasonable", "answer": false, "for": "ca1989:s47-10",
    "by": "A. Person", "on": "2024-02-29", "reasons": "it takes an hour"}]},
 "record": {"cites": [{"provision": "ca1989:s47-9"}], "outcome": "shared"}}
"""
    % CONTEXT
)
TURTLE = """\
@prefix kg: <https://w3id.org/safeguarding-kg/ns#> .
@prefix body: <https://w3id.org/safeguarding-kg/body/> .
@prefix function: <https://w3id.org/safeguarding-kg/function/> .
@prefix info: <https://w3id.org/safeguarding-kg/info/> .
@prefix purpose: <https://w3id.org/safeguarding-kg/purpose/> .
@prefix question: <https://w3id.org/safeguarding-kg/question/> .
@prefix value: <https://w3id.org/safeguarding-kg/value/> .
@prefix ca1989: <https://w3id.org/safeguarding-kg/law/ca1989/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/safeguarding-kg/case/small/> .

<> a kg:Case ; kg:reference "small" ; kg:title "A small case"@en ;
   kg:party <trust>, <council> ; kg:personInCase <child> ; kg:itemInCase <notes> ;
   kg:disclosure <disclosure> ; kg:record <record> .
<trust> a kg:Body, body:nhs-foundation-trust ; kg:policyDocument true .
<council> a kg:Body, body:local-authority ; kg:function function:childrens-social-care .
<child> a kg:Person ; kg:born "2019-02-28"^^xsd:date ; kg:alive true .
<notes> a kg:Item, info:health, info:ordinary ; kg:description "notes: of a visit"@en ; kg:about <child> ;
   kg:receivedUnder "promise one"@en, "promise two"@en .
<disclosure> a kg:Disclosure ; kg:discloser <trust> ; kg:receipt <disclosure/to/1> ;
   kg:content <disclosure/items/1> ; kg:involvement <disclosure/subjects/1> ;
   kg:purpose <disclosure/purpose> ; kg:trigger value:request ; kg:request <disclosure/request> ;
   kg:date "2024-02-29"^^xsd:date ; kg:judgement <disclosure/judgements/1> .
<disclosure/to/1> a kg:Receipt ; kg:recipient <council> .
<disclosure/items/1> a kg:Content ; kg:item <notes> ; kg:confidenceAnswer value:legal-requirement .
<disclosure/subjects/1> a kg:Involvement ; kg:person <child> .
<disclosure/purpose> a kg:Purpose, purpose:s47-enquiry ; kg:words "help"@en .
<disclosure/request> a kg:Request ; kg:requester <council> ; kg:sectionNamed "47.10" ; kg:enquiryOpen true .
<disclosure/judgements/1> a kg:Judgement ; kg:question question:help-would-be-unreasonable ;
   kg:answer false ; kg:forNorm ca1989:s47-10 ; kg:by "A. Person" ; kg:on "2024-02-29"^^xsd:date ;
   kg:reasons "it takes an hour"@en .
<record> a kg:DecisionRecord ; kg:citation <record/cites/1> ; kg:outcome value:shared .
<record/cites/1> a kg:Citation ; kg:provision ca1989:s47-9 .
"""


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.fixture
def small(law: Law) -> Case:
    return load_case_text(YAML, "yaml", law, "small.yaml")


def test_three_formats(small: Case, law: Law) -> None:
    """YAML, JSON and Turtle of one case give the same triples."""
    as_json = load_case_text(JSON, "json", law, "small.json")
    as_turtle = load_case_text(TURTLE, "turtle", law, "small.ttl")
    assert set(as_json.triples) == set(small.triples)
    assert set(as_turtle.triples) == set(small.triples)
    assert small.title == as_json.title == as_turtle.title == "A small case"
    assert small.name == as_json.name == as_turtle.name == "small"


def test_no_triple_twice(small: Case) -> None:
    """Each fact of a case is one triple."""
    assert len(small.triples) == len(set(small.triples))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_formats_of_scenarios(path: Path, law: Law) -> None:
    """A scenario written as JSON-LD and as Turtle loads to the triples of its YAML."""
    from kg.export.case_formats import case_to_jsonld, case_to_turtle

    case = load_case(path, law)
    for text, format_ in ((case_to_jsonld(case), "json"), (case_to_turtle(case), "turtle")):
        again = load_case_text(text, format_, law, path.name)
        assert set(again.triples) == set(case.triples)


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "part"),
    [
        ("trust", "kg:policyDocument", Lit("true", "boolean"), "policy-document"),
        ("child", "kg:born", Lit("2019-02-28", "date"), "born"),
        ("disclosure/items/1", "kg:confidenceAnswer", "value:legal-requirement", "confidence:"),
        ("disclosure/request", "kg:sectionNamed", Lit("47.10", "string"), "section:"),
        ("disclosure/judgements/1", "kg:answer", Lit("false", "boolean"), "answer:"),
        ("record/cites/1", "kg:provision", "ca1989:s47-9", "cites:"),
    ],
)
def test_lines(small: Case, subject: str, predicate: str, value: Lit | str, part: str) -> None:
    """Every fact knows the line on which it stands."""
    assert small.lines[f"case:small/{subject}", predicate, value] == line_of(YAML, part)


@pytest.mark.parametrize(
    ("node", "path", "part"),
    [
        ("trust", "parties/trust", "  trust:"),
        ("disclosure", "disclosure", "disclosure:"),
        ("disclosure/to/1", "disclosure/to/1", "  to: council"),
        ("disclosure/items/1", "disclosure/items/1", "    - item: notes"),
        ("disclosure/request", "disclosure/request", "  request:\n"),
        ("record/cites/1", "record/cites/1", "  cites:"),
    ],
)
def test_places(small: Case, node: str, path: str, part: str) -> None:
    """Every thing knows its path and line."""
    place = small.places[f"case:small/{node}"]
    assert (place.path, place.line) == (path, line_of(YAML, part))


def test_spaces_for_hyphens(law: Law) -> None:
    """In YAML a space may stand for a hyphen, in keys and in values."""
    spaced = YAML.replace("policy-document", "policy document").replace(
        "s47-enquiry", "s47 enquiry"
    )
    assert set(load_case_text(spaced, "yaml", law, "a").triples) == set(
        load_case_text(YAML, "yaml", law, "a").triples
    )


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ('[{"party": "council"}]', '["council"]'),
        ('[{"person": "child"}]', '"child"'),
        ('{"kind": "s47-enquiry", "words": "help"}', '"s47-enquiry"'),
        ('[{"provision": "ca1989:s47-9"}]', '"ca1989:s47-9"'),
        ("legal-requirement", "legal requirement"),
    ],
)
def test_short_forms_only_in_yaml(long: str, short: str, law: Law) -> None:
    """A bare name for a participation, and a space for a hyphen, are refused in JSON."""
    assert long in JSON
    with pytest.raises(CaseNotLoaded):
        load_case_text(JSON.replace(long, short), "json", law, "a.json")


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "47.10",
        "15:20",
        "012",
        "07712 345678",
        "0x10",
        "1e3",
        "2023-03-14",
        "~",
        "null",
        ".inf",
    ],
)
def test_text_stays_text(written: str, law: Law) -> None:
    """What YAML would turn into a number, a date or a truth value stays the text that was written."""
    case = load_case_text(f"case: x\ndisclosure:\n  time: {written}\n", "yaml", law, "a")
    assert ("case:x/disclosure", "kg:time", Lit(written, "string")) in case.triples


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "true"),
        ("no", "false"),
        ("true", "true"),
        ("False", "false"),
        ('"yes"', "true"),
        ("No", "false"),
    ],
)
def test_yes_and_no(written: str, value: str, law: Law) -> None:
    """Yes, no, true and false are the words of a yes/no key, quoted or not."""
    case = load_case_text(f"case: x\ndisclosure:\n  urgent: {written}\n", "yaml", law, "a")
    assert ("case:x/disclosure", "kg:urgent", Lit(value, "boolean")) in case.triples


def test_number_is_canonical(law: Law) -> None:
    """A number with a leading zero is the same number, because rules compare terms."""
    case = load_case_text("case: x\npeople:\n  p: {age: 07}\n", "yaml", law, "a")
    assert ("case:x/p", "kg:age", Lit("7", "integer")) in case.triples


def test_several_disclosures(law: Law) -> None:
    """Disclosures of a list are named by their id, and so are the places of what stands in them."""
    text = "case: x\nparties:\n  t: {kind: school}\ndisclosure:\n  - id: first\n    to: t\n  - {id: second, to: t}\n"
    case = load_case_text(text, "yaml", law, "a")
    assert ("case:x/", "kg:disclosure", "case:x/first") in case.triples
    assert case.places["case:x/second"].path == "disclosure/second"
    assert case.places["case:x/disclosure/first/to/1"].path == "disclosure/first/to/1"


def test_party_described_in_place(law: Law) -> None:
    """A requester may be described in place instead of being named."""
    text = "case: x\ndisclosure:\n  request:\n    by: {kind: school, name: a school}\n"
    case = load_case_text(text, "yaml", law, "a")
    assert (
        "case:x/disclosure/request",
        "kg:requester",
        "case:x/disclosure/request/by",
    ) in case.triples
    assert ("case:x/disclosure/request/by", "rdf:type", "body:school") in case.triples


def test_expect_is_no_fact(law: Law) -> None:
    """The expect block of a test file is kept aside and states nothing."""
    case = load_case_text(
        "case: x\nexpect:\n  disclosures: [{outcome: barred}]\n", "yaml", law, "a"
    )
    assert case.expect == {"disclosures": [{"outcome": "barred"}]}
    assert len(case.triples) == len(load_case_text("case: x\n", "yaml", law, "a").triples)


def test_blank_nodes_are_named(law: Law) -> None:
    """Blank nodes of a Turtle case get names in the order of the file, the same ones every time."""
    text = TURTLE.replace(
        "kg:purpose <disclosure/purpose>", "kg:purpose [ a kg:Purpose, purpose:s47-enquiry ]"
    )
    one, two = (load_case_text(text, "turtle", law, "a") for _ in range(2))
    assert one.triples == two.triples
    assert ("case:small/disclosure", "kg:purpose", "case:small/node-1") in one.triples


def test_byte_order_mark(tmp_path: Path, law: Law) -> None:
    """A file that an editor saved with a byte order mark and DOS line ends loads all the same."""
    path = tmp_path / "a.YAML"
    path.write_bytes(b"\xef\xbb\xbfcase: x\r\ntitle: t\r\n")
    assert load_case(path, law).title == "t"
