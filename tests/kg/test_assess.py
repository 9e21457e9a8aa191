"""Assessment: the four states, defeat, order, strands, and what must never change an answer."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.assess import Engine, assess_case, citation_path
from kg.assess.layers import Layer, LayerResult, combine_layers
from kg.errors import BrokenGraph
from kg.load import Case, Law, load_case
from kg.model import ConditionResult, DisclosureAssessment, Triple
from kg.prepare import disclosures, prepare

Load = Callable[..., Case]
MakeLaw = Callable[..., Law]

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("SC-*.yaml"))

PARTIES = """\
case: x
parties:
  trust: {kind: nhs-trust}
  council: {kind: local-authority}
  school: {kind: maintained-school}
people:
  child: {age: 9}
  parent: {age: 40, parental-responsibility-for: child}
information:
  notes: {topic: health, about: child, confidential: yes}
  report: {topic: ordinary, about: child, confidential: no}
"""
SHARE = "from: trust, to: council, items: notes, subjects: child, date: 2024-06-01"
IN_FORCE = 'kg:layer kg:authority ; kg:inForceFrom "2000-01-01"^^xsd:date'


def norm(name: str, *conditions: str, kind: str = "PowerToShare", more: str = IN_FORCE) -> str:
    """Return the Turtle of a norm over conditions that are declared elsewhere."""
    axiom = (
        f"{conditions[0]} rdfs:subClassOf {name} ."
        if len(conditions) == 1
        else f"[ a owl:Class ; owl:intersectionOf ( {' '.join(conditions)} ) ] rdfs:subClassOf {name} ."
    )
    return f"{name} a kg:{kind} ; {more} .\n{axiom}\n"


def fact(name: str, *expressions: str, kind: str = "FactCondition") -> str:
    """Return the Turtle of a condition with its sufficient expressions."""
    return f"{name} a kg:{kind} .\n" + "".join(
        f"{one} rdfs:subClassOf {name} .\n" for one in expressions
    )


def some(prop: str, filler: str) -> str:
    return f"[ a owl:Restriction ; owl:onProperty kg:{prop} ; owl:someValuesFrom {filler} ]"


def has(prop: str, value: str) -> str:
    return f"[ a owl:Restriction ; owl:onProperty kg:{prop} ; owl:hasValue {value} ]"


def both(*parts: str, by: str = "intersectionOf") -> str:
    return f"[ a owl:Class ; owl:{by} ( {' '.join(parts)} ) ]"


def judgement(name: str, question: str, meets: str = "yes") -> str:
    return (
        f"{name} a kg:JudgementCondition ; kg:question question:{question} .\n"
        f"{name}.{meets} rdfs:subClassOf {name} .\n"
    )


def assess(
    law: Law, load: Load, disclosure: str = SHARE, parties: str = PARTIES
) -> DisclosureAssessment:
    case = load(f"{parties}disclosure: {{{disclosure}}}\n", law)
    (found,) = assess_case(case, Engine.of(law), today=date(2024, 6, 1))
    return found


def state_of(found: DisclosureAssessment, name: str) -> str:
    result = found.provision(name)
    assert result is not None
    return result.state


def condition(found: DisclosureAssessment, name: str) -> ConditionResult:
    return next(c for p in found.provisions for c in p.conditions if c.id == name)


# --- the four states of a condition ---------------------------------------------------------------

ANSWER = "judgements: [{question: proportionate, answer: %s, by: A. Person, on: 2024-06-01, reasons: weighed}]"
FOUR_STATES = [
    # property to class, value absent
    ("unstated-none", some("discloser", some("actsFor", "body:local-authority")), SHARE, "not-met"),
    ("absent-by-trigger", some("request", some("requester", "body:school")), SHARE + ", trigger: own-initiative", "not-met"),
    ("absent-not-said", some("request", some("requester", "body:school")), SHARE + ", trigger: request", "unknown"),
    ("absent-no-trigger", some("request", some("requester", "body:school")), SHARE, "unknown"),
    ("inner-value-absent", some("request", some("requester", "body:school")), SHARE + ", request: {section: a}", "unknown"),
    ("recipient-absent", some("recipient", "body:local-authority"), "from: trust, items: notes", "unknown"),
    # kind or topic of a value
    ("kind-fits", some("recipient", "body:local-authority"), SHARE, "met"),
    ("kind-above-fits", some("recipient", "kg:PublicBody"), SHARE, "met"),
    ("kind-of-same-dimension", some("recipient", "body:police-force"), SHARE, "not-met"),
    ("topic-fits", some("item", "info:health"), SHARE, "met"),
    ("topic-does-not-fit", some("item", "info:offence"), SHARE, "not-met"),
    ("purpose-not-stated", some("purpose", "purpose:s47-enquiry"), SHARE, "unknown"),
    ("purpose-fits", some("purpose", "purpose:s47-enquiry"), SHARE + ", purpose: s47-enquiry", "met"),
    ("purpose-other", some("purpose", "purpose:s47-enquiry"), SHARE + ", purpose: direct-care", "not-met"),
    # value from a list
    ("value-fits", has("trigger", "value:request"), SHARE + ", trigger: request", "met"),
    ("value-other", has("trigger", "value:request"), SHARE + ", trigger: meeting", "not-met"),
    ("value-not-stated", has("trigger", "value:request"), SHARE, "unknown"),
    ("class-of-value-fits", some("channel", "kg:Oral"), SHARE + ", channel: telephone", "met"),
    ("class-of-value-other", some("channel", "kg:Oral"), SHARE + ", channel: secure-email", "not-met"),
    ("class-of-value-not-stated", some("channel", "kg:Oral"), SHARE, "unknown"),
    # yes or no
    ("yes", some("item", has("confidential", "true")), SHARE, "met"),
    ("no", some("item", has("confidential", "true")), SHARE.replace("notes", "report"), "not-met"),
    ("no-wanted", some("item", has("confidential", "false")), SHARE.replace("notes", "report"), "met"),
    ("yes-or-no-not-stated", some("item", has("natureMarked", "true")), SHARE, "unknown"),
    ("assumed-yes", some("subject", has("alive", "true")), SHARE, "met"),
    ("assumed-no", some("subject", has("alive", "false")), SHARE, "not-met"),
    # several values
    ("one-of-several", some("protects", "kg:Under18"), SHARE + ", protects: [parent, child]", "met"),
    ("none-of-several", some("protects", "kg:Under16"), SHARE + ", protects: [parent]", "not-met"),
    ("one-unknown", some("protects", "kg:Under16"), SHARE + ", protects: [parent, baby]", "unknown"),
    # computed
    ("computed-fits", "kg:BetweenPersons", SHARE, "met"),
    ("computed-does-not", "kg:WithinOnePerson", SHARE, "not-met"),
    ("computed-wider-class", some("subject", "kg:Under18"), SHARE, "met"),
    ("computed-inputs-missing", "kg:BetweenPersons", "from: trust, items: notes", "unknown"),
    ("computed-age-missing", some("protects", "kg:Under18"), SHARE + ", protects: baby", "unknown"),
    # or, and
    ("or-any", both("kg:WithinOnePerson", "kg:BetweenPersons", by="unionOf"), SHARE, "met"),
    ("or-unknown", both("kg:WithinOnePerson", has("trigger", "value:request"), by="unionOf"), SHARE, "unknown"),
    ("or-none", both("kg:WithinOnePerson", some("item", "info:offence"), by="unionOf"), SHARE, "not-met"),
    ("and-all", both("kg:BetweenPersons", some("item", "info:health")), SHARE, "met"),
    ("and-unknown", both("kg:BetweenPersons", has("trigger", "value:request")), SHARE, "unknown"),
    ("and-one-fails", both("kg:WithinOnePerson", has("trigger", "value:request")), SHARE, "not-met"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "disclosure", "state"),
    [row[1:] for row in FOUR_STATES],
    ids=[row[0] for row in FOUR_STATES],
)
def test_four_states(
    expression: str, disclosure: str, state: str, load: Load, make_law: MakeLaw
) -> None:
    """A condition of fact is met, not met or unknown exactly as the table of the case model says."""
    law = make_law(norm("ta:s1", "ta:s1.c") + fact("ta:s1.c", expression))
    parties = PARTIES.replace("people:\n", "people:\n  baby: {alive: yes}\n")
    found = condition(assess(law, load, disclosure, parties), "ta:s1.c")
    assert found.state == state
    assert (found.state == "unknown") == bool(found.missing)
    if state == "met":
        assert found.because


def test_unknown_names_the_key(load: Load, make_law: MakeLaw) -> None:
    """An unknown condition names the key that would settle it, by its path in the file."""
    law = make_law(norm("ta:s1", "ta:s1.c") + fact("ta:s1.c", has("trigger", "value:request")))
    (gap,) = condition(assess(law, load), "ta:s1.c").missing
    assert (gap.path, gap.why) == ("disclosure/trigger", "not-stated")
    assert "request" in gap.allowed


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("council", "unknown"),
        ("local-authority", "met"),
        ("local-housing-authority", "not-met"),
        ("[council, local-authority]", "met"),
    ],
)
def test_too_general_kind(kind: str, state: str, load: Load, make_law: MakeLaw) -> None:
    """A kind wider than one that would fit leaves the question open and says which kinds would settle it."""
    law = make_law(
        norm("ta:s1", "ta:s1.c") + fact("ta:s1.c", some("recipient", "body:local-authority"))
    )
    parties = PARTIES.replace("council: {kind: local-authority}", f"council: {{kind: {kind}}}")
    found = condition(assess(law, load, SHARE, parties), "ta:s1.c")
    assert found.state == state
    if state == "unknown":
        assert found.missing[0].why == "too-general"
        assert "local-authority" in found.missing[0].allowed


ENTRY = """
ta:l1 a kg:StatutoryList ; rdfs:subClassOf kg:Body .
ta:l1.trust a kg:%s ; kg:ofList ta:l1 ; kg:kind body:nhs-trust ; kg:inForceFrom "%s"^^xsd:date %s .
"""


@pytest.mark.parametrize(
    ("entry", "state", "note"),
    [
        (("ListEntry", "2001-01-01", ""), "met", ""),
        (("ListEntry", "2025-01-01", ""), "not-met", "listed only from 2025-01-01"),
        (
            ("ListEntry", "2001-01-01", '; kg:inForceUntil "2024-06-01"^^xsd:date'),
            "not-met",
            "listed until 2024-06-01",
        ),
        (("ListEntry", "2001-01-01", '; kg:inForceUntil "2024-06-02"^^xsd:date'), "met", ""),
        (("UnsettledEntry", "2001-01-01", ""), "unknown", ""),
        (("UnsettledEntry", "2025-01-01", ""), "not-met", ""),
    ],
)
def test_list_entries(
    entry: tuple[str, str, str], state: str, note: str, load: Load, make_law: MakeLaw
) -> None:
    """An entry in force is met, one out of date only says why not, one nobody could confirm is unknown."""
    law = make_law(
        norm("ta:s1", "ta:s1.c") + fact("ta:s1.c", some("discloser", "ta:l1")) + ENTRY % entry
    )
    found = condition(assess(law, load), "ta:s1.c")
    assert found.state == state
    assert note in found.note
    if state == "unknown":
        assert found.missing[0].why == "not-established"


@pytest.mark.parametrize(
    ("said", "meets", "state"),
    [
        ("yes", "yes", "met"),
        ("no", "yes", "not-met"),
        ("yes", "no", "not-met"),
        ("no", "no", "met"),
        ("", "yes", "judgement"),
    ],
)
def test_judgement(said: str, meets: str, state: str, load: Load, make_law: MakeLaw) -> None:
    """A judgement condition is settled by the recorded answer and by nothing else."""
    law = make_law(norm("ta:s1", "ta:s1.c") + judgement("ta:s1.c", "proportionate", meets))
    disclosure = SHARE + (f", {ANSWER % said}" if said else "")
    assert condition(assess(law, load, disclosure), "ta:s1.c").state == state


@pytest.mark.parametrize(
    ("disclosure", "state", "asked"),
    [
        (SHARE + ", trigger: request", "met", False),
        (SHARE + ", trigger: meeting", "judgement", True),
        (SHARE, "judgement", True),
        (SHARE + ", trigger: meeting, " + ANSWER % "yes", "met", True),
        (SHARE + ", trigger: meeting, " + ANSWER % "no", "not-met", True),
        (SHARE + ", " + ANSWER % "no", "unknown", True),
    ],
)
def test_judgement_inside_an_or(
    disclosure: str, state: str, asked: bool, load: Load, make_law: MakeLaw
) -> None:
    """Inside a condition a judgement may replace a fact: it is asked while it can still decide."""
    law = make_law(
        norm("ta:s1", "ta:s1.c")
        + fact("ta:s1.c", both(has("trigger", "value:request"), "ta:s1.j", by="unionOf"))
        + judgement("ta:s1.j", "proportionate")
    )
    found = assess(law, load, disclosure)
    assert condition(found, "ta:s1.c").state == state
    if state == "judgement":
        assert [j.id for j in found.judgements] == ["proportionate"]
    if not asked:
        assert not found.judgements


@pytest.mark.parametrize(
    ("disclosure", "until", "state"),
    [
        (SHARE + ", trigger: request", "", "met"),
        (SHARE, "", "unknown"),
        (SHARE + ", trigger: meeting", "", "not-met"),
        (SHARE + ", trigger: request", '; kg:inForceUntil "2010-01-01"^^xsd:date', "not-met"),
        (SHARE + ", trigger: referral-received", "", "judgement"),
    ],
)
def test_assessed(disclosure: str, until: str, state: str, load: Load, make_law: MakeLaw) -> None:
    """A condition that rests on other norms has the state of the best of them."""
    law = make_law(
        norm("ta:s1", "ta:s1.c", kind="LawfulBasis")
        + "ta:s1.c a kg:AssessedCondition ; kg:anyNormOf kg:Duty .\n"
        + norm("ta:s2", "ta:s2.c", kind="DutyToShare", more=IN_FORCE + until)
        + fact(
            "ta:s2.c",
            has("trigger", "value:request"),
            both(has("trigger", "value:referral-received"), "ta:s2.j"),
        )
        + judgement("ta:s2.j", "proportionate")
    )
    assert condition(assess(law, load, disclosure), "ta:s1.c").state == state


# --- the state of a norm -----------------------------------------------------------------------------

STATES = {
    "met": "kg:BetweenPersons",
    "not-met": "kg:WithinOnePerson",
    "unknown": has("trigger", "value:request"),
}


def with_state(name: str, state: str) -> str:
    """Return the Turtle of a condition that has the state under SHARE."""
    return judgement(name, "proportionate") if state == "judgement" else fact(name, STATES[state])


@pytest.mark.parametrize(
    ("own", "bar", "expected", "expected_bar"),
    [
        ("met", None, "applies", None),
        ("judgement", None, "applies-if-judgement", None),
        ("unknown", None, "not-shown", None),
        ("not-met", None, "not-applicable", None),
        ("met", "met", "blocked", "applies"),
        ("judgement", "met", "blocked", "applies"),
        ("unknown", "met", "blocked", "applies"),
        ("not-met", "met", "not-applicable", "not-applicable"),
        ("met", "not-met", "applies", "not-applicable"),
        ("met", "unknown", "not-shown", "not-shown"),
        ("judgement", "unknown", "not-shown", "not-shown"),
        ("met", "judgement", "applies-if-judgement", "applies-if-judgement"),
        ("unknown", "judgement", "not-shown", "applies-if-judgement"),
    ],
)
def test_norm_and_its_bar(
    own: str,
    bar: str | None,
    expected: str,
    expected_bar: str | None,
    load: Load,
    make_law: MakeLaw,
) -> None:
    """A norm's state follows from its conditions and its defeaters, in the order of the case model."""
    turtle = norm("ta:s1", "ta:s1.c") + with_state("ta:s1.c", own)
    if bar:
        turtle += norm(
            "ta:s2", "ta:s2.c", kind="Prohibition", more=IN_FORCE + " ; kg:defeats ta:s1"
        ) + with_state("ta:s2.c", bar)
    found = assess(make_law(turtle), load)
    assert state_of(found, "ta:s1") == expected
    if expected_bar:
        assert state_of(found, "ta:s2") == expected_bar
    result = found.provision("ta:s1")
    assert result
    assert result.blocked_by == (("ta:s2",) if expected == "blocked" else ())


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ('kg:inForceFrom "2024-06-01"^^xsd:date', "applies"),
        ('kg:inForceFrom "2024-06-02"^^xsd:date', "not-in-force"),
        (
            'kg:inForceFrom "2000-01-01"^^xsd:date ; kg:inForceUntil "2024-06-02"^^xsd:date',
            "applies",
        ),
        (
            'kg:inForceFrom "2000-01-01"^^xsd:date ; kg:inForceUntil "2024-06-01"^^xsd:date',
            "not-in-force",
        ),
        ('skos:scopeNote "Not commenced."@en', "not-in-force"),
    ],
)
def test_in_force(more: str, state: str, load: Load, make_law: MakeLaw) -> None:
    """A norm is in force from its first day until the day before it ends; its conditions are shown all the same."""
    law = make_law(
        norm("ta:s1", "ta:s1.c", more=f"kg:layer kg:authority ; {more}")
        + with_state("ta:s1.c", "met")
    )
    found = assess(law, load)
    assert state_of(found, "ta:s1") == state
    assert condition(found, "ta:s1.c").state == "met"


def test_bar_not_in_force_does_not_block(load: Load, make_law: MakeLaw) -> None:
    """A bar that is not in force on the law date defeats nothing."""
    law = make_law(
        norm("ta:s1", "ta:s1.c")
        + with_state("ta:s1.c", "met")
        + norm(
            "ta:s2",
            "ta:s2.c",
            kind="Prohibition",
            more='kg:defeats ta:s1 ; kg:inForceFrom "2030-01-01"^^xsd:date',
        )
        + with_state("ta:s2.c", "met")
    )
    assert state_of(assess(law, load), "ta:s1") == "applies"


@pytest.mark.parametrize(
    ("exception", "bar", "gateway"),
    [
        ("met", "blocked", "applies"),
        ("not-met", "applies", "blocked"),
        ("unknown", "not-shown", "not-shown"),
        ("judgement", "applies-if-judgement", "applies-if-judgement"),
    ],
)
def test_exception_to_a_bar(
    exception: str, bar: str, gateway: str, load: Load, make_law: MakeLaw
) -> None:
    """An exception that applies lifts the bar, and the gateway behind it is open again."""
    law = make_law(
        norm("ta:s1", "ta:s1.c")
        + with_state("ta:s1.c", "met")
        + norm(
            "ta:s2", "ta:s2.c", kind="RestrictionOnGateway", more=IN_FORCE + " ; kg:defeats ta:s1"
        )
        + with_state("ta:s2.c", "met")
        + norm("ta:s3", "ta:s3.c", kind="Exception", more=IN_FORCE + " ; kg:defeats ta:s2")
        + with_state("ta:s3.c", exception)
    )
    found = assess(law, load)
    assert (state_of(found, "ta:s2"), state_of(found, "ta:s1")) == (bar, gateway)
    result = found.provision("ta:s2")
    assert result
    assert result.blocked_by == (("ta:s3",) if bar == "blocked" else ())


def test_question_only_where_it_can_matter(load: Load, make_law: MakeLaw) -> None:
    """An exception to a norm that cannot apply is not applicable, and its question is not asked."""
    law = make_law(
        norm("ta:s1", "ta:s1.c")
        + with_state("ta:s1.c", "not-met")
        + norm("ta:s2", "ta:s2.c", kind="Exception", more=IN_FORCE + " ; kg:defeats ta:s1")
        + judgement("ta:s2.c", "proportionate")
    )
    found = assess(law, load)
    assert state_of(found, "ta:s2") == "not-applicable"
    assert not found.judgements
    assert not found.missing


def test_missing_only_where_it_can_matter(load: Load, make_law: MakeLaw) -> None:
    """A gap in a norm that another condition already rules out is not listed as missing."""
    law = make_law(
        norm("ta:s1", "ta:s1.a", "ta:s1.b")
        + with_state("ta:s1.a", "not-met")
        + with_state("ta:s1.b", "unknown")
    )
    found = assess(law, load)
    assert condition(found, "ta:s1.b").state == "unknown"
    assert not found.missing


def test_conflict(load: Load, make_law: MakeLaw) -> None:
    """A duty and a prohibition that both hold and neither of which defeats the other are a conflict."""
    law = make_law(
        norm("ta:s1", "ta:s1.c", kind="DutyToShare")
        + with_state("ta:s1.c", "met")
        + norm("ta:s2", "ta:s2.c", kind="Prohibition")
        + with_state("ta:s2.c", "met")
    )
    found = assess(law, load)
    assert found.outcome == "conflict"
    assert [(c.duty, c.prohibition) for c in found.conflicts] == [("ta:s1", "ta:s2")]


@pytest.mark.parametrize(
    "turtle",
    [
        "ta:s1 kg:defeats ta:s2 . ta:s2 kg:defeats ta:s1 .",
        "ta:s1 kg:defeats ta:s1 .",
        "ta:s1.c a kg:AssessedCondition ; kg:anyNormOf kg:PowerToShare .",
        "ta:s2 kg:defeats ta:s1 . ta:s2.c a kg:AssessedCondition ; kg:anyNormOf ta:s1 .",
        "ta:s1 kg:defeats ta:s9 .",
        "ta:s1.d rdfs:subClassOf ta:s1 .",
        "ta:s3 a kg:PowerToShare .",
        "ta:s1 a kg:DutyToShare .",
        "ta:s3 a kg:Norm . ta:s3.c rdfs:subClassOf ta:s3 . ta:s3.c a kg:FactCondition .",
        "ta:s1.d a kg:FactCondition . ta:s4 a kg:DutyToShare . ta:lost rdfs:subClassOf ta:s4 .",
    ],
)
def test_broken_graph(turtle: str, make_law: MakeLaw) -> None:
    """Circles, unknown targets and norms without exactly one axiom are refused when the law is compiled."""
    parts = norm("ta:s1", "ta:s1.c") + norm("ta:s2", "ta:s2.c")
    for name in ("ta:s1.c", "ta:s2.c"):
        if f"{name} a kg:AssessedCondition" not in turtle:
            parts += with_state(name, "met")
    with pytest.raises(BrokenGraph):
        Engine.of(make_law(parts + turtle))


# --- strands -------------------------------------------------------------------------------------------

TO_COUNCIL = norm("ta:s1", "ta:s1.c") + fact("ta:s1.c", some("recipient", "body:local-authority"))


def test_weakest_over_strands(load: Load, make_law: MakeLaw) -> None:
    """A norm that carries one recipient and not the other is not shown for the disclosure, and both are told."""
    found = assess(make_law(TO_COUNCIL), load, SHARE.replace("council", "[council, school]"))
    result = found.provision("ta:s1")
    assert result
    assert result.state == "not-applicable"
    assert result.partly
    assert result.by_strand == {
        "trust/council/notes/child": "applies",
        "trust/school/notes/child": "not-applicable",
    }
    assert condition(found, "ta:s1.c").state == "not-met"


def test_strongest_bar_over_strands(load: Load, make_law: MakeLaw) -> None:
    """A bar on one strand is shown for the disclosure."""
    law = make_law(
        norm("ta:s1", "ta:s1.c", kind="Prohibition") + fact("ta:s1.c", some("item", "info:health"))
    )
    found = assess(law, load, SHARE.replace("items: notes", "items: [report, notes]"))
    result = found.provision("ta:s1")
    assert result
    assert result.state == "applies"
    assert result.partly


@pytest.mark.parametrize("listed", ["[council, school]", "[school, council]"])
def test_one_weak_strand_weakens_the_answer(listed: str, load: Load, make_law: MakeLaw) -> None:
    """A package is no better authorised than its weakest strand, in whatever order the strands stand."""
    found = assess(make_law(TO_COUNCIL), load, SHARE.replace("council", listed))
    assert found.layers["authority"].state == "not-shown"
    assert found.outcome == "not-established"


def test_equal_strands_share_an_answer(load: Load, make_law: MakeLaw) -> None:
    """Strands whose facts are equal get equal answers, each under its own name."""
    parties = PARTIES.replace("people:\n", "people:\n  twin: {age: 9}\n").replace(
        "notes: {topic: health, about: child", "notes: {topic: health, about: [child, twin]"
    )
    result = assess(
        make_law(TO_COUNCIL),
        load,
        SHARE.replace("subjects: child", "subjects: [child, twin]"),
        parties,
    ).provision("ta:s1")
    assert result
    assert result.by_strand == {
        "trust/council/notes/child": "applies",
        "trust/council/notes/twin": "applies",
    }
    assert not result.partly


def test_unequal_strands_are_kept_apart(load: Load, make_law: MakeLaw) -> None:
    """Twins who differ in one fact that a condition sees are not merged."""
    law = make_law(
        norm("ta:s1", "ta:s1.c") + fact("ta:s1.c", some("subject", has("careOrder", "true")))
    )
    parties = PARTIES.replace("people:\n", "people:\n  twin: {age: 9, care-order: yes}\n").replace(
        "notes: {topic: health, about: child", "notes: {topic: health, about: [child, twin]"
    )
    result = assess(
        law, load, SHARE.replace("subjects: child", "subjects: [child, twin]"), parties
    ).provision("ta:s1")
    assert result
    assert result.by_strand == {
        "trust/council/notes/child": "not-applicable",
        "trust/council/notes/twin": "applies",
    }


def test_protected_person_tells_strands_apart(load: Load, make_law: MakeLaw) -> None:
    """A strand whose subject is protected differs from one whose subject is not, if a rule can see it."""
    law = make_law(norm("ta:s1", "ta:s1.c") + fact("ta:s1.c", some("protects", "kg:Under16")))
    assert state_of(assess(law, load, SHARE + ", protects: child"), "ta:s1") == "applies"
    assert state_of(assess(law, load, SHARE + ", protects: parent"), "ta:s1") == "not-applicable"


def test_disclosure_to_oneself(load: Load, make_law: MakeLaw) -> None:
    """A disclosure in which giver and recipient are the same party is use inside one person, not a crash."""
    found = assess(make_law(TO_COUNCIL), load, SHARE.replace("to: council", "to: trust"))
    assert found.layers["authority"].state == "not-needed"


@pytest.mark.parametrize(
    "disclosure",
    [
        "urgent: no",
        "from: trust",
        "to: council",
        "items: notes",
        "subjects: child",
        "trigger: request",
    ],
)
def test_almost_empty_disclosure(disclosure: str, load: Load, engine: Engine) -> None:
    """However little is stated, there is an answer, and it is never that sharing is established."""
    case = load(f"{PARTIES}disclosure: {{{disclosure}}}\n", engine.law)
    (found,) = assess_case(case, engine, today=date(2024, 6, 1))
    assert found.outcome == "not-established"
    assert found.missing


# --- over the bundled law -------------------------------------------------------------------------------


def essence(found: DisclosureAssessment) -> object:
    """Return what an answer says, without the order of lists that carry no meaning."""
    return (
        found.id,
        found.outcome,
        {name: (layer.state, frozenset(layer.by)) for name, layer in found.layers.items()},
        {
            p.id: (
                p.state,
                dict(p.by_strand),
                p.fallback,
                frozenset(p.blocked_by),
                {s: [(c.id, c.state) for c in cs] for s, cs in p.conditions_by_strand.items()},
            )
            for p in found.provisions
        },
        {(gap.path, gap.why, frozenset(norms)) for gap, norms in found.missing},
        {(j.id, j.provision, j.role, j.answer, frozenset(j.strands)) for j in found.judgements},
        frozenset(found.conflicts),
    )


@pytest.fixture(params=SCENARIOS, ids=lambda path: path.stem)
def scenario(request: pytest.FixtureRequest, law: Law) -> Case:
    """Return each scenario in turn."""
    return load_case(request.param, law)


def test_every_norm_exactly_once(scenario: Case, engine: Engine) -> None:
    """Every norm of the graph appears exactly once for each disclosure, with a state for each strand."""
    for found in assess_case(scenario, engine):
        assert sorted(p.id for p in found.provisions) == sorted(engine.law.norms)
        strands = {strand.id for strand in found.strands}
        assert all(
            set(p.by_strand) == set(p.conditions_by_strand) == strands for p in found.provisions
        )


def test_order_of_facts_does_not_matter(scenario: Case, engine: Engine) -> None:
    """The facts of a case in another order give the same answer."""
    expected = [essence(found) for found in assess_case(scenario, engine)]
    order = list(disclosures(scenario))
    for seed in range(3):
        triples = list(scenario.triples)
        random.Random(seed).shuffle(triples)
        shuffled = replace(scenario, triples=tuple(triples))
        again = {found.id: essence(found) for found in assess_case(shuffled, engine)}
        assert [again[name.removeprefix(f"case:{scenario.name}/")] for name in order] == expected


def test_order_of_files_does_not_matter(law: Law, engine: Engine) -> None:
    """The law read in another order gives the same answers."""
    triples = list(law.triples)
    random.Random(1).shuffle(triples)
    other = Engine.of(Law(tuple(triples), law.file_of))
    for path in SCENARIOS:
        case = load_case(path, law)
        one, two = assess_case(case, engine), assess_case(case, other)
        assert [essence(found) for found in one] == [essence(found) for found in two]


def test_more_facts_never_remove_an_engagement(engine: Engine) -> None:
    """Whatever is added to a prepared disclosure, no class that held is lost."""
    case = load_case(SCENARIOS[0], engine.law)
    one = prepare(case, engine.law, disclosures(case)[0])
    rules = engine.compiled.rules_on(one.day)
    before = {(n, c) for n, types in rules.close(one.triples).types.items() for c in types}
    nodes = sorted({s for s, _, _ in one.triples})
    classes = sorted({c for c in engine.law.superclasses if not c.startswith("_:")})
    properties = sorted(engine.compiled.properties)
    typing = st.tuples(st.sampled_from(nodes), st.just("rdf:type"), st.sampled_from(classes))
    fact_ = st.tuples(st.sampled_from(nodes), st.sampled_from(properties), st.sampled_from(nodes))

    @given(st.lists(typing | fact_, max_size=6))
    @settings(max_examples=40, deadline=None)
    def run(added: list[Triple]) -> None:
        after = rules.close([*one.triples, *added]).types
        assert before <= {(n, c) for n, types in after.items() for c in types}

    run()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("ca1989:s47-9", "s 47(9)"),
        ("ca2004:s16LA", "s 16LA"),
        ("ukgdpr:art6-1-ea", "Art 6(1)(ea)"),
        ("dpa2018:sch1-para18", "Sch 1 para 18"),
        ("dpa2018:sch1-para18-3", "Sch 1 para 18(3)"),
        ("ukgdpr:annex1-para3", "Annex 1 para 3"),
        ("cl:confidence", ""),
        ("cda1998:s115-1.word", "s 115(1)"),
    ],
)
def test_citation_path(name: str, path: str) -> None:
    """The name of a provision gives its printed path."""
    assert citation_path(name) == path


def test_note_of_a_layer_belongs_to_what_it_names() -> None:
    """A bar that stands in one strand only is not shown beside the note that no bar stands."""
    bars = Layer("bars", "Bars", "", "")
    free = LayerResult("not-needed", (), "no bar stands against the routes found", "Bars")
    barred = LayerResult("not-needed", ("x:bar",), "removes its own route only", "Bars")
    for strands in ([free, barred], [barred, free]):
        found = combine_layers([{"bars": one} for one in strands], (bars,))["bars"]
        assert (found.by, found.note) == (barred.by, barred.note)
