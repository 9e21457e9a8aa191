"""Between which days an answer holds: the same on every day inside, another just outside, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import explain
from kg.assess import Engine, assess_case
from kg.assess.causes import REGIME_DAYS, kinds_of, may_concern
from kg.assess.holds import answer_of, holds_of, with_holds
from kg.load import Case, Law, load_case
from kg.model import DisclosureAssessment, Holds, LegalChange
from kg.prepare import disclosures, prepare

Load = Callable[..., Case]
MakeLaw = Callable[..., Law]

SCENARIOS = sorted((Path(__file__).parents[1] / "scenarios").glob("SC-*.yaml"))
DAY = timedelta(1)
FIRST, LAST = date(1950, 1, 1), date(2040, 1, 1)


def answers(path: Path, engine: Engine) -> Iterator[tuple[Case, int, DisclosureAssessment]]:
    """Yield case, number and assessment of each disclosure."""
    case = load_case(path, engine.law)
    for number, found in enumerate(assess_case(case, engine)):
        yield case, number, found


def on(case: Case, number: int, engine: Engine, day: date) -> DisclosureAssessment:
    return assess_case(case, engine, as_at=day)[number]


def naive(engine: Engine, case: Case, number: int, found: DisclosureAssessment) -> Holds:
    """Return the interval by assessing on every change point, with nothing passed over."""
    wanted, text = answer_of(found), found.law_date.isoformat()

    def differs(day: date) -> bool:
        return answer_of(on(case, number, engine, day)) != wanted

    start = next(
        (p for p in reversed(engine.change_points)
         if p <= text and differs(date.fromisoformat(p) - DAY)), None
    )  # fmt: skip
    end = next(
        (p for p in engine.change_points if p > text and differs(date.fromisoformat(p))), None
    )
    return Holds(start, end)


@pytest.mark.parametrize(
    "path", [pytest.param(p, marks=[pytest.mark.slow] * (n % 8 > 0)) for n, p in enumerate(SCENARIOS)],
    ids=lambda p: p.stem,
)  # fmt: skip
def test_same_as_the_walk_that_passes_nothing_over(path: Path, engine: Engine) -> None:
    """Passing over changes that cannot matter gives what assessing every stretch gives."""
    for case, number, found in answers(path, engine):
        assert holds_of(engine, case, found)[:2] == naive(engine, case, number, found)[:2]


@pytest.mark.parametrize(
    "path", [pytest.param(p, marks=[pytest.mark.slow] * (n % 8 > 0)) for n, p in enumerate(SCENARIOS)],
    ids=lambda p: p.stem,
)  # fmt: skip
def test_edges(path: Path, engine: Engine) -> None:
    """On the first and the last day inside the answer is the same; the day beyond each differs."""
    for case, number, found in answers(path, engine):
        holds = holds_of(engine, case, found)
        start = date.fromisoformat(holds.start) if holds.start else FIRST
        end = date.fromisoformat(holds.end) if holds.end else LAST
        assert start <= found.law_date < end
        for day in (start, end - DAY):
            assert answer_of(on(case, number, engine, day)) == answer_of(found)
        if holds.start:
            assert answer_of(on(case, number, engine, start - DAY)) != answer_of(found)
        if holds.end:
            assert answer_of(on(case, number, engine, end)) != answer_of(found)
        for changes, edge in ((holds.opens, holds.start), (holds.closes, holds.end)):
            assert bool(changes) == bool(edge)
            assert {change.day for change in changes} <= {edge}


@pytest.mark.slow
def test_every_day_inside_has_the_same_answer(engine: Engine) -> None:
    """Days drawn inside the interval have the answer; and from each the interval is the same."""
    found = [one for path in SCENARIOS for one in answers(path, engine)]
    known = {(c.name, n): holds_of(engine, c, one) for c, n, one in found}

    @given(st.data())
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def run(data: st.DataObject) -> None:
        case, number, one = data.draw(st.sampled_from(found), label="case")
        holds = known[case.name, number]
        day = data.draw(
            st.dates(
                date.fromisoformat(holds.start) if holds.start else FIRST,
                date.fromisoformat(holds.end) - DAY if holds.end else LAST,
            )
        )
        again = on(case, number, engine, day)
        assert answer_of(again) == answer_of(one)
        # Without a stated date the facts of “today” would differ on another day.
        if one.law_date_from != "today":
            assert holds_of(engine, case, again)[:2] == holds[:2]

    run()


def test_the_answer_is_outcome_layers_with_norms_and_conflicts(engine: Engine) -> None:
    """Guidance that comes and goes is no part of the answer; a carrying norm is."""
    case, _, found = next(answers(SCENARIOS[0], engine))
    other = on(case, 0, engine, date(2024, 6, 1))
    assert {p.id: p.state for p in found.provisions} != {p.id: p.state for p in other.provisions}
    assert answer_of(found) == answer_of(other)
    assert answer_of(found) != answer_of(on(case, 0, engine, date(2010, 1, 1)))


def test_what_opens_and_closes(engine: Engine) -> None:
    """SC-001: the regimes of 2018 and 2026 bound it, and only what made the difference is named."""
    case, _, found = next(answers(SCENARIOS[0], engine))
    holds = holds_of(engine, case, found)
    assert (holds.start, holds.end) == ("2018-05-25", "2026-02-05")
    opens = {(change.what, change.id) for change in holds.opens}
    assert ("begins", "ukgdpr:art6-1-c") in opens
    assert {what for what, _ in opens} <= {"begins", "ends", "regime"}
    assert not {name for _, name in opens if name.startswith("guide:")}
    changed_that_day = [
        p for p in found.provisions if "2018-05-25" in p.in_force
    ]  # fmt: skip
    assert len(holds.opens) < len(changed_that_day)
    assert "UK GDPR, Art 8A comes into force" in explain.legal_changes_sentence(holds.closes)


LISTED = """\
ta:s1 a kg:DutyToShare ; kg:layer kg:authority ; kg:inForceFrom "2000-01-01"^^xsd:date .
ta:s1.to rdfs:subClassOf ta:s1 .
ta:s1.to a kg:FactCondition .
[ a owl:Restriction ; owl:onProperty kg:recipient ; owl:someValuesFrom ta:s2 ] rdfs:subClassOf ta:s1.to .
ta:s2 a kg:StatutoryList ; rdfs:subClassOf kg:Body .
ta:s2.council a kg:ListEntry ; kg:ofList ta:s2 ; kg:kind body:local-authority ;
    kg:inForceFrom "2005-01-01"^^xsd:date ; kg:inForceUntil "2015-01-01"^^xsd:date .
ta:s2.school a kg:ListEntry ; kg:ofList ta:s2 ; kg:kind body:maintained-school ;
    kg:inForceFrom "2008-01-01"^^xsd:date .
"""
CASE = """\
case: x
parties: {trust: {kind: nhs-trust}, council: {kind: local-authority}}
people: {child: {age: 9}}
information: {notes: {topic: ordinary, about: child, identifies: yes}}
disclosure: {from: trust, to: council, items: notes, subjects: child, date: 2010-06-01}
"""


def test_a_list_entry_opens_and_closes(make_law: MakeLaw, load: Load) -> None:
    """The entry that puts the recipient on the list bounds the answer; another entry does not."""
    law = make_law(LISTED)
    engine, case = Engine.of(law), load(CASE, law)
    (found,) = assess_case(case, engine)
    holds = holds_of(engine, case, found)
    assert (holds.start, holds.end) == ("2005-01-01", "2015-01-01")
    assert [(c.what, c.id, c.day) for c in holds.opens] == [
        ("listed", "ta:s2.council", "2005-01-01")
    ]
    assert [(c.what, c.id) for c in holds.closes] == [("unlisted", "ta:s2.council")]


def test_an_entry_for_other_kinds_is_passed_over(make_law: MakeLaw, load: Load) -> None:
    """Only entries that a stated kind could meet concern the case; a wide kind meets narrow ones."""
    law = make_law(LISTED)
    engine = Engine.of(law)
    case = load(CASE, law)
    kinds = kinds_of(prepare(case, law, disclosures(case)[0]))
    assert [entry.entry for entry in may_concern(engine, kinds)] == ["ta:s2.council"]
    assert {e.entry for e in may_concern(engine, {"kg:PublicBody"})} == {
        "ta:s2.council",
        "ta:s2.school",
    }


def test_the_child_does_not_grow_older_on_other_days(make_law: MakeLaw, load: Load) -> None:
    """Only the law date moves: an answer that turns on a stated birth date has no end in time."""
    law = make_law("""\
ta:s1 a kg:DutyToShare ; kg:layer kg:authority ; kg:inForceFrom "2000-01-01"^^xsd:date .
ta:s1.of rdfs:subClassOf ta:s1 . ta:s1.of a kg:FactCondition .
[ a owl:Restriction ; owl:onProperty kg:subject ; owl:someValuesFrom kg:Under16 ] rdfs:subClassOf ta:s1.of .
""")
    engine = Engine.of(law)
    case = load(CASE.replace("age: 9", "born: 2001-02-03"), law)
    (found,) = assess_case(case, engine)
    holds = holds_of(engine, case, found)
    assert (holds.start, holds.end) == ("2000-01-01", None)


def test_a_case_without_a_date(make_law: MakeLaw, load: Load) -> None:
    """The day that stands in for a date fixes the facts on the other days too."""
    law = make_law(LISTED)
    engine = Engine.of(law)
    case = load(CASE.replace(", date: 2010-06-01", ""), law)
    (found,) = assess_case(case, engine, today=date(2012, 1, 1))
    assert found.law_date_from == "today"
    assert holds_of(engine, case, found)[:2] == ("2005-01-01", "2015-01-01")


def test_with_holds_fills_the_field(engine: Engine) -> None:
    """An assessment has no interval until somebody asks; then it is the one of holds_of."""
    case, _, found = next(answers(SCENARIOS[0], engine))
    assert found.holds is None
    (filled,) = with_holds(engine, case, [found])
    assert filled.holds == holds_of(engine, case, found)


def test_regime_days_are_change_points(engine: Engine) -> None:
    """Each day on which another regime begins is walked to."""
    assert set(engine.change_points) >= REGIME_DAYS


def test_words() -> None:
    """The sentence names three things of a kind and counts the rest."""
    changes = tuple(
        LegalChange("2020-01-01", "begins", f"ta:s{n}", f"Test Act, s {n}") for n in range(1, 6)
    )
    listed = LegalChange("2020-01-01", "listed", "ta:s9.x", "Test Act, s 9", "school")
    assert explain.legal_changes_sentence((*changes, listed)) == (
        "Test Act, s 1, Test Act, s 2, Test Act, s 3 and 2 more come into force; "
        "school (Test Act, s 9) is put on a list"
    )
    assert "no later change" in explain.holds_sentence(Holds("2020-01-01", None, changes))
    assert "that day excluded" in explain.holds_sentence(Holds(None, "2020-01-01", (), changes))
