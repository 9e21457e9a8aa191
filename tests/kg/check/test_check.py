"""kg check: every check finds what it is for, at the right line, and nothing in a good file."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

import kg.check
from kg.check import CHECKS, SLOW_CHECKS, check
from kg.check.names import provision_path
from kg.check.order import before, place_of
from kg.errors import Problem

HEADER = """\
@prefix ta2001: <https://w3id.org/safeguarding-kg/law/ta2001/> .
@prefix kg: <https://w3id.org/safeguarding-kg/ns#> .
@prefix kgsh: <https://w3id.org/safeguarding-kg/shapes#> .
@prefix body: <https://w3id.org/safeguarding-kg/body/> .
@prefix question: <https://w3id.org/safeguarding-kg/question/> .
@prefix register: <https://w3id.org/safeguarding-kg/register/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/safeguarding-kg/legislation/test-act-2001> a owl:Ontology ; rdfs:label "Test Act 2001"@en .

ta2001:act a kg:Instrument ; rdfs:label "Test Act 2001"@en ;
    kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99> .

"""
GOOD = """\
ta2001:s1-2 a kg:PowerToShare ;
    rdfs:label "share for a test"@en ;
    kg:layer kg:authority ;
    kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/1/2> ;
    kg:inForceFrom "2002-01-01"^^xsd:date ;
    kg:reviewStatus "confirmed" .
[ a owl:Class ; owl:intersectionOf ( ta2001:s1-2.listed ta2001:s1-2.judged ) ] rdfs:subClassOf ta2001:s1-2 .

ta2001:s1-2.listed a kg:FactCondition ;
    rdfs:label "the discloser is listed"@en ;
    kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/2> ;
    kg:recordRule kgsh:R-151 .
[ a owl:Restriction ; owl:onProperty kg:discloser ; owl:someValuesFrom ta2001:s2 ] rdfs:subClassOf ta2001:s1-2.listed .

ta2001:s1-2.judged a kg:JudgementCondition ;
    rdfs:label "it is proportionate"@en ;
    kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/1/2> ;
    kg:question question:proportionate .
ta2001:s1-2.judged.yes rdfs:subClassOf ta2001:s1-2.judged .

ta2001:s2 a kg:StatutoryList ; rdfs:subClassOf kg:Body ;
    rdfs:label "body listed for the test"@en ;
    kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/2> .
ta2001:s2.trust a kg:ListEntry ; rdfs:label "NHS trust"@en ; kg:ofList ta2001:s2 ; kg:kind body:nhs-trust ;
    kg:inForceFrom "2002-01-01"^^xsd:date ; kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/2/a> ;
    kg:reviewStatus "confirmed" .
"""


def found(tmp_path: Path, turtle: str, name: str = "test-act-2001.ttl") -> list[Problem]:
    path = tmp_path / name
    path.write_text(HEADER + turtle, encoding="utf-8")
    return check([path])


def test_good_file(tmp_path: Path) -> None:
    """A correct Act outside the folder is checked with the bundled ontology and has no problem."""
    assert found(tmp_path, GOOD) == []


def test_bundled_files() -> None:
    """The bundled ontology and shapes have no problem."""
    assert [str(problem) for problem in check()] == []


S1 = "ta2001:s1-2 a"
LISTED = "ta2001:s1-2.listed a"
JUDGED = "ta2001:s1-2.judged a"
TRUST = "ta2001:s2.trust a"
EXTRA = """
ta2001:s3 a kg:PowerToShare ; rdfs:label "another"@en ; kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/3> ;
    kg:inForceFrom "2002-01-01"^^xsd:date ; kg:reviewStatus "confirmed" .
"""
SUCCESSOR = """
ta2001:s1-2 kg:inForceUntil "%s"^^xsd:date .
ta2001:s1-3 a kg:PowerToShare ; rdfs:label "share anew"@en ; kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/1/3> ;
    kg:supersedes ta2001:s1-2 ; kg:inForceFrom "%s"^^xsd:date ; kg:reviewStatus "confirmed" .
ta2001:s1-3.other rdfs:subClassOf ta2001:s1-3 .
ta2001:s1-3.other a kg:ComputedCondition ; rdfs:label "two legal persons"@en ; kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/1/3> .
kg:BetweenPersons rdfs:subClassOf ta2001:s1-3.other .
"""
KIND = 'body:guild a owl:Class ; rdfs:subClassOf kg:PublicBody ; rdfs:label "guild"@en .\n'
ROW = 'register:test-row a kg:RegisterRow ; rdfs:label "test row"@en ; dcterms:source "test" '

#: What to change in GOOD (old, new), what is said, and the text that begins the line reported.
FAULTS = [
    # constructs
    ("equivalent", GOOD, GOOD + "ta2001:s2 owl:equivalentClass kg:Body .\n", "owl:equivalentClass", "ta2001:s2 owl:equiv"),
    ("all-values", "someValuesFrom ta2001:s2", "allValuesFrom ta2001:s2", "owl:allValuesFrom", "[ a owl:Restriction"),
    ("domain", GOOD, GOOD + "kg:discloser rdfs:domain kg:Body .\n", "rdfs:domain", "kg:discloser rdfs:domain"),
    ("right-side", GOOD, GOOD + "ta2001:s2 rdfs:subClassOf [ a owl:Restriction ; owl:onProperty kg:about ; owl:someValuesFrom kg:Body ] .\n", "right side", "ta2001:s2 a"),
    ("half-restriction", " ; owl:someValuesFrom ta2001:s2", "", "class expression", None),
    # terms
    ("unknown-body", "body:nhs-trust", "body:nhs-turst", "body:nhs-turst is used but declared nowhere", TRUST),
    ("unknown-condition", "( ta2001:s1-2.listed", "( ta2001:s1-2.lsited", "ta2001:s1-2.lsited is used but declared nowhere", "[ a owl:Class"),
    ("unknown-property", "kg:recordRule", "kg:recrodRule", "kg:recrodRule is used but declared nowhere", "    kg:recrodRule"),
    ("unknown-class", "kg:FactCondition", "kg:FcatCondition", "kg:FcatCondition is used", LISTED),
    ("unknown-standard", 'rdfs:label "NHS', 'rdfs:lable "NHS', "rdfs:lable", TRUST),
    ("unknown-skos", GOOD, GOOD + 'ta2001:s2 skos:scopenote "x" .\n', "skos:scopenote", "ta2001:s2 skos"),
    # norms
    ("no-kind", "kg:PowerToShare ;", "kg:Norm ;", "0 kinds of norm", S1),
    ("two-kinds", "kg:PowerToShare ;", "kg:PowerToShare, kg:DutyToShare ;", "2 kinds of norm", S1),
    ("norm-no-label", '    rdfs:label "share for a test"@en ;\n', "", "ta2001:s1-2 has no label", S1),
    ("norm-no-source", "    kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/1/2> ;\n    kg:inForceFrom", "    kg:inForceFrom", "ta2001:s1-2 has no source", S1),
    ("norm-no-date", '    kg:inForceFrom "2002-01-01"^^xsd:date ;\n    kg:review', "    kg:review", "no date of commencement", S1),
    ("norm-ends-first", '"2002-01-01"^^xsd:date ;\n    kg:review', '"2002-01-01"^^xsd:date ; kg:inForceUntil "2001-01-01"^^xsd:date ;\n    kg:review', "ends before it begins", S1),
    ("norm-no-axiom", "[ a owl:Class ; owl:intersectionOf ( ta2001:s1-2.listed ta2001:s1-2.judged ) ] rdfs:subClassOf ta2001:s1-2 .", "", "0 axioms", S1),
    ("norm-two-axioms", GOOD, GOOD + "ta2001:s1-2.listed rdfs:subClassOf ta2001:s1-2 .\n", "2 axioms", S1),
    # conditions
    ("condition-no-label", '    rdfs:label "the discloser is listed"@en ;\n', "", "ta2001:s1-2.listed has no label", LISTED),
    ("condition-no-source", "    kg:source <http://www.legislation.gov.uk/id/ukpga/2001/99/section/2> ;\n", "", "ta2001:s1-2.listed has no source", LISTED),
    ("condition-not-required", "( ta2001:s1-2.listed ta2001:s1-2.judged )", "( ta2001:s1-2.judged )", "does not stand in the axiom", LISTED),
    ("condition-never-met", "[ a owl:Restriction ; owl:onProperty kg:discloser ; owl:someValuesFrom ta2001:s2 ] rdfs:subClassOf ta2001:s1-2.listed .", "", "can never be met", LISTED),
    ("condition-two-kinds", "a kg:FactCondition", "a kg:FactCondition, kg:ComputedCondition", "2 kinds of condition", LISTED),
    ("condition-of-nobody", GOOD, GOOD + 'ta2001:s8.lost a kg:FactCondition ; rdfs:label "lost"@en .\n', "belongs to no norm", "ta2001:s8.lost"),
    ("assessed-on-nothing", "a kg:FactCondition", "a kg:AssessedCondition", "rests on no norms", LISTED),
    # changes
    ("no-kind-of-change", "kg:discloser", "kg:about", "kg:about stands in a condition without a kind of change", "[ a owl:Restriction"),
    ("unknown-kind-of-change", GOOD, GOOD + "ta2001:s2 kg:toChange kg:StepToTak .\n", "kg:StepToTak (on ta2001:s2) is no kind of change", "ta2001:s2 a"),
    # judgements
    ("no-question", "    kg:question question:proportionate .", '    kg:reviewStatus "confirmed" .', "asks 0 questions", JUDGED),
    ("unknown-question", "question:proportionate", "question:proportionat", "which is no question", JUDGED),
    ("no-answer", "ta2001:s1-2.judged.yes rdfs:subClassOf ta2001:s1-2.judged .", "", "0 answers", JUDGED),
    ("both-answers", GOOD, GOOD + "ta2001:s1-2.judged.no rdfs:subClassOf ta2001:s1-2.judged .\n", "2 answers", JUDGED),
    # entries
    ("entry-no-date", '    kg:inForceFrom "2002-01-01"^^xsd:date ; kg:source', "    kg:source", "no start date", TRUST),
    ("entry-ends-first", "^^xsd:date ; kg:source", '^^xsd:date ; kg:inForceUntil "2002-01-01"^^xsd:date ; kg:source', "ends before it begins", TRUST),
    ("entry-no-list", "kg:ofList ta2001:s2 ; ", "", "names no list", TRUST),
    ("entry-no-kind", "kg:kind body:nhs-trust ;", "", "lists nobody", TRUST),
    ("undated-membership", GOOD, GOOD + 'body:school-x a owl:Class ; rdfs:subClassOf ta2001:s2 ; rdfs:label "x"@en .\n', "without dates", "body:school-x"),
    # names
    ("wrong-source", "99/section/1/2> ;\n    kg:inForceFrom", "99/section/1/3> ;\n    kg:inForceFrom", "not the address of its name", S1),
    ("wrong-entry-source", "section/2/a", "section/3/a", "not the address of its name", TRUST),
    ("no-instrument", GOOD, GOOD + EXTRA.replace("ta2001:s3", "kgsh:s3"), "belongs to no instrument", "kgsh:s3"),
    # double names
    ("list-and-condition", GOOD, GOOD + "ta2001:s1-2.listed a kg:StatutoryList ; rdfs:subClassOf kg:Body .\n", "ta2001:s1-2.listed is both a list and a condition", LISTED),
    ("list-and-norm", GOOD, GOOD + "ta2001:s1-2 a kg:StatutoryList .\n", "ta2001:s1-2 is both a list and a norm", S1),
    ("list-and-entry", GOOD, GOOD + "ta2001:s2.trust a kg:StatutoryList .\n", "ta2001:s2.trust is both a list and a list entry", TRUST),
    # order
    ("order", GOOD, EXTRA + GOOD, "ta2001:s1-2 stands after ta2001:s3", S1),
    # labels
    ("same-label", GOOD, GOOD + EXTRA.replace('"another"', '"Share for a Test"'), "same label as ta2001:s1-2", "ta2001:s3"),
    ("same-label-body", GOOD, GOOD + 'body:other-trust a owl:Class ; rdfs:label "NHS trust"@en .\n', "same label as body:nhs-trust", "body:other-trust"),
    # review status
    ("status", 'reviewStatus "confirmed" .\n[', 'reviewStatus "checked" .\n[', "“checked” is not a review status", S1),
    ("no-status", ';\n    kg:reviewStatus "confirmed" .\n[', ".\n[", "has no review status", S1),
    # record rules
    ("rule", "kgsh:R-151", "kgsh:R151", "is not a record rule", LISTED),
    # asserted classes
    ("asserted-condition", GOOD, GOOD + 'body:x a ta2001:s1-2.listed ; rdfs:label "x"@en .\n', "is stated to be a ta2001:s1-2.listed", "body:x"),
    ("asserted-computed", GOOD, GOOD + 'body:x a kg:BetweenPersons ; rdfs:label "x"@en .\n', "is stated to be a kg:BetweenPersons", "body:x"),
    # foreign terms
    ("foreign-property", GOOD, GOOD + 'ta2001:act <http://data.europa.eu/eli/ontology#title> "x" .\n', "eli/ontology#title> is a term of another vocabulary", "ta2001:act <http"),
    ("foreign-class", GOOD, GOOD + "body:nhs-trust rdfs:subClassOf <http://www.w3.org/ns/org#Organization> .\n", "ns/org#Organization> is a term of another vocabulary", "body:nhs-trust rdfs"),
    ("foreign-restriction", "owl:someValuesFrom ta2001:s2", "owl:someValuesFrom <https://w3id.org/dpv#Child>", "dpv#Child> is a term of another vocabulary", "[ a owl:Restriction"),
    # succession
    ("gap", GOOD, GOOD + SUCCESSOR % ("2005-01-01", "2005-01-02"), "is a gap", "ta2001:s1-3 a"),
    ("overlap", GOOD, GOOD + SUCCESSOR % ("2005-01-01", "2004-12-31"), "overlap", "ta2001:s1-3 a"),
    ("open-end", GOOD, GOOD + SUCCESSOR.replace('ta2001:s1-2 kg:inForceUntil "%s"^^xsd:date .', "# %s") % ("", "2005-01-01"), "(until further notice) and ta2001:s1-3 (from 2005-01-01) overlap", "ta2001:s1-3 a"),
    ("supersedes-nothing", GOOD, GOOD + SUCCESSOR.replace("supersedes ta2001:s1-2", "supersedes ta2001:s2") % ("2005-01-01", "2005-01-01"), "ta2001:s2 is no norm", "ta2001:s1-3 a"),
    # kinds
    ("kind-ends-first", GOOD, GOOD + KIND + 'body:guild kg:existsFrom "2001-01-01"^^xsd:date ; kg:existsUntil "2001-01-01"^^xsd:date .\n', "body:guild ends before it begins", "body:guild a"),
    ("kind-no-end", GOOD, GOOD + KIND + "body:guild kg:succeededBy body:nhs-trust .\n", "hands its work on but has no end", "body:guild a"),
    ("kind-heir", GOOD, GOOD + KIND + 'body:guild kg:existsUntil "2001-01-01"^^xsd:date ; kg:succeededBy ta2001:s2 .\n', "ta2001:s2, which is no kind of body", "body:guild a"),
    ("no-kind-dated", GOOD, GOOD + 'ta2001:s2 kg:existsFrom "2001-01-01"^^xsd:date .\n', "is no kind of body", "ta2001:s2 a"),
    # register
    ("row-open", GOOD, GOOD + ROW + ".\n", "register:test-row is neither modelled nor named only", "register:test-row a"),
    ("row-both", GOOD, GOOD + ROW + '; kg:modelledBy ta2001:s1-2 ; kg:referenceOnly "x"@en .\n', "is both modelled and named only", "register:test-row a"),
    ("row-strange", GOOD, GOOD + ROW + "; kg:modelledBy body:nhs-trust .\n", "body:nhs-trust, which is no norm, list or instrument", "register:test-row a"),
    ("row-no-label", GOOD, GOOD + ROW.replace('rdfs:label "test row"@en', 'kg:referenceOnly "x"@en') + ".\n", "register:test-row has no label", "register:test-row a"),
    ("row-no-source", GOOD, GOOD + ROW.replace('dcterms:source "test"', 'kg:referenceOnly "x"@en') + ".\n", "register:test-row has no source", "register:test-row a"),
    # placeholders
    ("placeholder", '"share for a test"', '"[what it lets somebody do]"', "is a placeholder of the template", '    rdfs:label "[what'),
    ("template-address", GOOD, GOOD + "ta2001:s1-2.listed kg:source <http://www.legislation.gov.uk/id/ukpga/2000/0/section/1> .\n", "is the template's, not yours", "ta2001:s1-2.listed kg:source"),
    # circles
    ("circle", 'kg:reviewStatus "confirmed" .\n[', 'kg:reviewStatus "confirmed" ; kg:defeats ta2001:s1-2 .\n[', "in a circle", S1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "says", "begins"),
    [fault[1:] for fault in FAULTS],
    ids=[fault[0] for fault in FAULTS],
)
def test_fault(old: str, new: str, says: str, begins: str | None, tmp_path: Path) -> None:
    """Each fault is found at the line where its block begins, with why and how to fix it."""
    assert old in GOOD
    turtle = new if old == GOOD else GOOD.replace(old, new, 1)
    problems = found(tmp_path, turtle)
    hits = [problem for problem in problems if says in problem.what]
    assert hits, [str(problem) for problem in problems]
    text = (HEADER + turtle).split("\n")
    for problem in hits:
        assert problem.why
        assert problem.fix
        assert problem.file == str(tmp_path / "test-act-2001.ttl")
        if begins is not None:
            assert text[problem.line - 1].startswith(begins), (problem, text[problem.line - 1])


def test_recorded_answer_is_enough(tmp_path: Path) -> None:
    """A judgement condition is used where one of its answers meets another condition of the norm."""
    axiom = "[ a owl:Class ; owl:intersectionOf ( ta2001:s1-2.listed ta2001:s1-2.judged ) ]"
    alone = GOOD.replace(axiom, "ta2001:s1-2.listed")
    assert len(found(tmp_path, alone)) == 1
    assert (
        found(tmp_path, alone + "ta2001:s1-2.judged.yes rdfs:subClassOf ta2001:s1-2.listed .\n")
        == []
    )


def test_successor_without_gap(tmp_path: Path) -> None:
    """A norm that begins on the day on which the one it supersedes ends has no problem."""
    assert found(tmp_path, GOOD + SUCCESSOR % ("2005-01-01", "2005-01-01")) == []


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("kg:Norm rdfs:subClassOf eli:LegalResource .", ""),
        ("kg:source rdfs:subPropertyOf dcterms:source .", ""),
        ("eli:LegalResource rdfs:subClassOf kg:Norm .", "does not lead from our term"),
        ("kg:Norm rdfs:subClassOf kg:Body .", "does not lead from our term"),
        ("kg:Nrom rdfs:subClassOf eli:LegalResource .", "kg:Nrom is linked but declared nowhere"),
        ("kg:Norm owl:equivalentClass eli:LegalResource .", "has no place in alignment.ttl"),
    ],
)
def test_alignment(link: str, says: str, tmp_path: Path) -> None:
    """A file of links leads from declared terms of ours to foreign ones, and says nothing else."""
    path = tmp_path / "alignment.ttl"
    eli = "@prefix eli: <http://data.europa.eu/eli/ontology#> .\n"
    path.write_text(HEADER.partition("ta2001:act")[0] + eli + link + "\n", encoding="utf-8")
    problems = check([path])
    assert [p.what for p in problems if says in p.what] == [p.what for p in problems]
    assert len(problems) == bool(says)
    assert all(p.line == HEADER.partition("ta2001:act")[0].count("\n") + 2 for p in problems)


def test_suggests_near_term(tmp_path: Path) -> None:
    """A misspelt name is answered with the one that was probably meant."""
    (problem,) = [
        p
        for p in found(tmp_path, GOOD.replace("body:nhs-trust", "body:nhs-turst"))
        if "body:nhs-turst" in p.what
    ]
    assert "body:nhs-trust" in problem.fix


@pytest.mark.parametrize("note", ["Not commenced.", "The main duty is not yet in force."])
def test_not_commenced(note: str, tmp_path: Path) -> None:
    """A norm without a date passes when its note says that it has not been commenced."""
    date = '    kg:inForceFrom "2002-01-01"^^xsd:date ;\n    kg:review'
    assert (
        found(tmp_path, GOOD.replace(date, f'    skos:scopeNote "{note}"@en ;\n    kg:review', 1))
        == []
    )


def test_broken_file_and_the_rest(tmp_path: Path) -> None:
    """A file that cannot be read is reported with its line, and the others are checked all the same."""
    (tmp_path / "broken.ttl").write_text(HEADER + "ta2001:s1 a ;\n", encoding="utf-8")
    (tmp_path / "fault.ttl").write_text(
        HEADER + GOOD.replace("kgsh:R-151", "kgsh:R151"), encoding="utf-8"
    )
    problems = {Path(p.file).name: p for p in check([tmp_path])}
    assert set(problems) == {"broken.ttl", "fault.ttl"}
    assert problems["broken.ttl"].line == HEADER.count("\n") + 1


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    """A missing file, an empty one and one that is not text are problems, not crashes."""
    (tmp_path / "empty.ttl").write_text("", encoding="utf-8")
    (tmp_path / "latin.ttl").write_bytes(b"# caf\xe9\n")
    problems = check(
        [
            tmp_path / "empty.ttl",
            tmp_path / "latin.ttl",
            tmp_path / "nope.ttl",
            tmp_path / "no-folder",
        ]
    )
    assert {Path(p.file).name for p in problems} == {
        "empty.ttl",
        "latin.ttl",
        "nope.ttl",
        "no-folder",
    }


def test_bundled_file_by_name() -> None:
    """A file of the bundled folder may be named; it is read once, and only its own problems are returned."""
    from kg import paths

    path = paths.ONTOLOGY / "legislation" / "children-act-1989.ttl"
    assert check([path]) == []


def test_templates_are_left_out(tmp_path: Path) -> None:
    """In a folder, files that begin with _ are not checked."""
    (tmp_path / "_template.ttl").write_text("no turtle", encoding="utf-8")
    (tmp_path / "good.ttl").write_text(HEADER + GOOD, encoding="utf-8")
    assert check([tmp_path]) == []


def test_every_check_is_listed() -> None:
    """Every module of the package with a function ``problems`` is a listed check that explains itself."""
    modules = [
        importlib.import_module(f"kg.check.{m.name}")
        for m in pkgutil.iter_modules(kg.check.__path__)
    ]
    checks = [module for module in modules if hasattr(module, "problems")]
    assert sorted(m.__name__ for m in checks) == sorted(m.__name__ for m in (*CHECKS, *SLOW_CHECKS))
    for module in checks:
        assert all(word in (module.__doc__ or "") for word in ("Problem:", "Why:", "Fix:"))


@pytest.mark.slow
def test_full_check(tmp_path: Path) -> None:
    """The full check runs the referee on an example in each regime and finds no difference."""
    path = tmp_path / "test-act-2001.ttl"
    path.write_text(HEADER + GOOD, encoding="utf-8")
    assert check([path], full=True) == []


@pytest.mark.slow
def test_full_check_on_given_cases(tmp_path: Path) -> None:
    """Case files among the paths are the examples of the full check; a bad one is a problem."""
    path = tmp_path / "bad.yaml"
    path.write_text("case: x\nnope: y\n", encoding="utf-8")
    (problem,) = check([path], full=True)
    assert (problem.file, problem.line) == (str(path), 2)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("ca1989:s47-9", "section/47/9"),
        ("ca1989:s27-3-ca", "section/27/3/ca"),
        ("ca2004:s16LA", "section/16LA"),
        ("ukgdpr:art6-1-ea", "article/6/1/ea"),
        ("ukgdpr:art8A-3", "article/8A/3"),
        ("dpa2018:sch1-para18", "schedule/1/paragraph/18"),
        ("dpa2018:sch1-para18-2-a-i", "schedule/1/paragraph/18/2/a/i"),
        ("si2000-417:sch-para1", "schedule/paragraph/1"),
        ("mappa2003:reg4", "regulation/4"),
        ("fpr2010:r12-73", "rule/12.73"),
        ("fpr2010:r12-73-1-a", "rule/12.73/1/a"),
        ("ukgdpr:annex1-para3", "annex/1/paragraph/3"),
        ("ca1989:s47-9.called-on", "section/47/9"),
        ("cda1998:purposes", ""),
    ],
)
def test_provision_path(name: str, path: str) -> None:
    """The name of a provision gives its path at legislation.gov.uk."""
    assert provision_path(name) == path


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x:s2", "x:s10"),
        ("x:s16", "x:s16A"),
        ("x:s16L", "x:s16LA"),
        ("x:s16LA", "x:s16M"),
        ("x:s16-1", "x:s16A"),
        ("x:s47", "x:s47-1"),
        ("x:s47-1-e", "x:s47-1-ea"),
        ("x:s47-1-ea", "x:s47-1-f"),
        ("x:s47-1-a-iv", "x:s47-1-a-v"),
        ("x:s47-1-a-v", "x:s47-1-a-ix"),
        ("x:s325", "x:sch15"),
        ("x:sch1-para5", "x:sch1-para18"),
        ("x:sch1-para18", "x:sch2"),
        ("x:art89", "x:annex1-para1"),
    ],
)
def test_order(one: str, other: str) -> None:
    """Provisions follow each other as printed: numbers as numbers, inserted letters behind, schedules last."""
    assert before(place_of(one), place_of(other))
    assert not before(place_of(other), place_of(one))
