"""What would change: other facts or another day, checked like a case file, and nothing saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg import explain
from kg.assess import Engine, assess_case
from kg.cli import main
from kg.errors import BadRequest, CaseNotLoaded, KgError, Problem
from kg.export import what_if_json
from kg.load import Case, load_case, load_case_text
from kg.model import Comparison, ProvisionChange
from kg.what_if import compare, read_changes, suppose
from kg.what_if.supposing import SUPPOSED_BY

Load = Callable[..., Case]
MakeLaw = Callable[..., object]

FOLDER = Path(__file__).parents[1] / "scenarios"
SCENARIOS = sorted(FOLDER.glob("SC-*.yaml"))
SC_001 = FOLDER / "SC-001.yaml"
UNREASONABLE = "disclosure/judgements/help-would-be-unreasonable"


def ask(engine: Engine, *texts: str, path: Path = SC_001, as_at: date | None = None) -> Comparison:
    (found,) = suppose(path, read_changes(texts), engine, as_at=as_at)
    return found


def change(found: Comparison, name: str) -> ProvisionChange:
    return next(one for one in found.provisions if one.after.id == name)


def states(found: Comparison, name: str) -> tuple[str, str]:
    one = change(found, name)
    return one.before.state, one.after.state


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["what-if", *arguments])
    return result.exit_code, result.output


# --- facts ---------------------------------------------------------------------------------------


def test_another_trigger(engine: Engine) -> None:
    """Nobody asked (SC-002 against SC-001): the duty to answer falls away, and says why."""
    found = ask(engine, "disclosure/trigger=own-initiative", "disclosure/request=")
    assert states(found, "ca1989:s47-9") == ("applies-if-judgement", "not-applicable")
    called = next(
        c for c in change(found, "ca1989:s47-9").conditions if c.after.id.endswith("called-on")
    )
    assert (called.before.state, called.after.state) == ("met", "not-met")
    assert [(b.path, b.line) for b in called.after.because] == [("disclosure/trigger", 0)]
    reason = explain.provision_change_reason(change(found, "ca1989:s47-9"), found)
    assert "disclosure/trigger: own initiative (supposed)" in reason
    assert [j.id for j in found.fallen_away] == ["help-would-be-unreasonable"]
    assert [s.before for s in found.supposed] == ["request", ""]
    # The same as the scenario in which nobody asked.
    (real,) = assess_case(load_case(FOLDER / "SC-002.yaml", engine.law), engine)
    result = real.provision("ca1989:s47-9")
    assert result is not None
    assert result.state == "not-applicable"


def test_a_judgement_answered_no(engine: Engine) -> None:
    """A judgement that nobody made counts for the comparison, and is never shown as made."""
    found = ask(engine, f"{UNREASONABLE}/answer=no")
    assert states(found, "ca1989:s47-9") == ("applies-if-judgement", "applies")
    assert states(found, "ca1989:s47-10") == ("applies-if-judgement", "not-applicable")
    assert change(found, "ca1989:s47-9").through == ("ca1989:s47-10",)
    (answered,) = {(j.id, j.answer, j.made_by) for j in found.answered}
    assert answered == ("help-would-be-unreasonable", False, SUPPOSED_BY)
    assert found.fallen_away == ()
    assert found.supposed[0].standing == "shown"
    yes = ask(engine, f"{UNREASONABLE}/answer=yes")
    assert states(yes, "ca1989:s47-9") == ("applies-if-judgement", "blocked")


def test_a_recorded_judgement_is_not_passed_off_as_the_supposed_one(engine: Engine) -> None:
    """Changing a recorded answer does not keep its author."""
    text = SC_001.read_text(encoding="utf-8").replace(
        "  protects: infant\n",
        "  protects: infant\n  judgements:\n    - {question: help-would-be-unreasonable, answer: no, "
        "by: A. Person, on: 2023-03-14, reasons: weighed}\n",
    )
    (found,) = suppose(text, {f"{UNREASONABLE}/answer": "yes"}, engine)
    assert states(found, "ca1989:s47-9") == ("applies", "blocked")
    assert {j.made_by for j in found.answered} == {SUPPOSED_BY}
    assert "A. Person" not in json.dumps(
        what_if_json([found], engine)["disclosures"][0]["judgements"]
    )
    # Taken away, the question is open again.
    (found,) = suppose(text, {UNREASONABLE: ""}, engine)
    assert [j.id for j in found.asked] == ["help-would-be-unreasonable"]


@pytest.mark.parametrize(
    ("text", "standing", "words"),
    [
        ("disclosure/security=none", "record", "no condition reads it"),
        ("disclosure/trigger=request", "stated", "says so already"),
    ],
)
def test_nothing_changes(engine: Engine, text: str, standing: str, words: str) -> None:
    """A fact that changes nothing is said to, with the reason."""
    found = ask(engine, text)
    assert found.nothing
    assert found.supposed[0].standing == standing
    assert words in explain.no_difference_sentence(found.supposed[0], [])
    code, said = run(str(SC_001), "--set", text)
    assert code == 0
    assert "Nothing changes." in said
    assert "Nothing was saved" in said


def test_several_changes_count_together(engine: Engine) -> None:
    """Changes apply to one case: two together are not the sum of each alone."""
    both = ask(engine, "parties/council/kind=maintained-school", f"{UNREASONABLE}/answer=no")
    alone = ask(engine, f"{UNREASONABLE}/answer=no")
    assert states(alone, "ca1989:s47-9")[1] == "applies"
    assert states(both, "ca1989:s47-9")[1] == "not-applicable"


def test_members_by_place_name_and_question(engine: Engine) -> None:
    """A member of a list goes by place or name; a value of many words is a list."""
    wanted = None
    for path in ("subjects/infant", "subjects/1"):
        found = ask(engine, f"disclosure/{path}/consent/state=given")
        assert wanted in (None, found.provisions)
        wanted = found.provisions
    found = ask(engine, "disclosure/items/contact-details=")
    assert len(found.after.strands) == 1 < len(found.before.strands)
    found = ask(engine, "information/notes/topic=health, offence")
    conditions = {c.after.id for p in found.provisions for c in p.conditions}
    assert any("art10" in name or "offence" in name for name in conditions)


def test_round_trip(engine: Engine) -> None:
    """Supposing what another file states gives the answer of that file; the file stays as it was."""
    text = SC_001.read_text(encoding="utf-8")
    changed = text.replace("trigger: request\n", "trigger: meeting\n")
    assert changed != text
    (there,) = suppose(text, {"disclosure/trigger": "meeting"}, engine)
    (back,) = suppose(changed, {"disclosure/trigger": "request"}, engine)
    (real,) = assess_case(load_case_text(changed, "yaml", engine.law, "case"), engine)
    assert compare(there.after, real).nothing
    assert compare(back.before, there.after).nothing
    assert compare(back.after, there.before).nothing
    assert SC_001.read_text(encoding="utf-8") == text


def test_json_ld_takes_changes_too(engine: Engine) -> None:
    """A case in JSON-LD goes the same way as one in YAML, and Turtle says why it does not."""
    case = {
        "case": "x",
        "parties": {"trust": {"kind": "nhs-trust"}, "council": {"kind": "local-authority"}},
        "people": {"child": {"age": "9"}},
        "information": {"notes": {"topic": "health", "about": "child"}},
        "disclosure": {"from": "trust", "to": [{"party": "council"}], "items": [{"item": "notes"}],
                       "date": "2023-03-14"},
    }  # fmt: skip
    (found,) = suppose(
        json.dumps(case), {"disclosure/purpose": "s47-enquiry"}, engine, format_="json"
    )
    assert not found.nothing
    with pytest.raises(BadRequest, match="Turtle"):
        load_case_text("", "turtle", engine.law, "case.ttl", {"disclosure/trigger": None})


# --- another day ---------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["as-at", "date"])
def test_a_day_beyond_the_change_of_regime(engine: Engine, way: str) -> None:
    """Across 5 February 2026 the new provisions are named with their day; what never began is apart."""
    found = (
        ask(engine, as_at=date(2026, 3, 1))
        if way == "as-at"
        else ask(engine, "disclosure/date=2026-03-01")
    )
    assert (found.before.law_date, found.after.law_date) == (date(2023, 3, 14), date(2026, 3, 1))
    assert {(c.day, c.what, c.id) for c in found.legal} == {
        ("2026-02-05", "begins", "ukgdpr:art8A")
    }
    assert states(found, "ukgdpr:art8A")[0] == "not-in-force"
    purpose = next(layer for layer in found.layers if layer.id == "purpose")
    assert "ukgdpr:art8A" in set(purpose.after.by) - set(purpose.before.by)
    uncommenced = {p.id: p for p in found.prospective}
    assert uncommenced["ca2004:s16LA"].state == "not-in-force"
    assert uncommenced["ca2004:s16LA"].in_force[0] is None
    for layer in found.after.layers.values():
        assert not set(layer.by) & set(uncommenced)


def test_backwards_names_the_same_changes(engine: Engine) -> None:
    """An earlier day names what began since; the days of the changes lie between the two."""
    found = ask(engine, as_at=date(2018, 5, 24))
    assert found.legal
    assert {c.day for c in found.legal} == {"2018-05-25"}
    assert "dpa1998:sch2-para5" in {c.id for c in found.legal if c.what == "ends"}


def test_with_a_set_the_day_is_that_of_both(engine: Engine) -> None:
    """With a supposed fact, another law date holds for both sides: only the fact differs."""
    found = ask(engine, "disclosure/trigger=own-initiative", as_at=date(2026, 3, 1))
    assert found.before.law_date == found.after.law_date == date(2026, 3, 1)
    assert found.legal == ()


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "what", "fix"),
    [
        ("disclosure/triger=request", "“triger” is not a key", "trigger"),
        ("disclosure/trigger=requests", "“requests” is not a value of “trigger”", "request"),
        ("disclosure/trigger=xyz", "is not a value of “trigger”", "own-initiative"),
        (f"{UNREASONABLE}/answer=perhaps", "takes yes or no", "yes or no"),
        ("disclosure/judgements/help-would-be-unreasonabel/answer=no", "not a value of “question”",
         "help-would-be-unreasonable"),
        ("parties/counsil/kind=local-authority", "is named “counsil”", "council"),
        ("disclosure/to/9/need=x", "no member of “to” is “9”", "council"),
        ("disclosure/from=nobody", "is named “nobody”", "council"),
        ("disclosure/date=2023-02-30", "not a date that exists", "year-month-day"),
        ("people/infant/age=two", "whole number", "0"),
        ("disclosure/urgent=", "nothing to remove", ""),
        ("disclosure/trigger=request,meeting", "not a value of “trigger”", ""),
        ("case=other", "is a name", "other facts"),
        ("disclosure/trigger", "not PATH=VALUE", "disclosure/trigger=request"),
        ("=request", "not PATH=VALUE", ""),
    ],
)  # fmt: skip
def test_bad_paths_and_values(engine: Engine, text: str, what: str, fix: str) -> None:
    """The checks of a case file hold, with what is wrong and what would do; exit 2."""
    with pytest.raises((BadRequest, CaseNotLoaded)) as raised:
        ask(engine, text)
    problem = raised.value.problems[0]
    assert what in problem.what
    assert fix in problem.fix
    code, said = run(str(SC_001), "--set", text)
    assert code == 2
    assert "Traceback" not in said


def test_refused_requests(engine: Engine) -> None:
    """Nothing supposed, the same path twice, no such disclosure: each says what to do."""
    with pytest.raises(BadRequest, match="nothing is supposed"):
        ask(engine)
    with pytest.raises(BadRequest, match="is set twice"):
        read_changes(["a/b=1", "a/b=2"])
    with pytest.raises(BadRequest, match="no disclosure “other”"):
        suppose(SC_001, {"disclosure/trigger": "request"}, engine, disclosure="other")


# --- contract, screen, all scenarios -------------------------------------------------------------


def test_json(engine: Engine) -> None:
    """The JSON holds the difference and nothing that stays the same."""
    code, said = run(str(SC_001), "--set", "disclosure/trigger=own-initiative", "--json")
    assert code == 0
    document = json.loads(said)
    assert (document["format"], document["saved"], document["errors"]) == (
        "kg-what-if/1",
        False,
        [],
    )
    (one,) = document["disclosures"]
    assert set(one) == {
        "case", "file", "id", "supposed", "lawDate", "nothingChanges", "whyNothing", "outcome",
        "layers", "provisions", "judgements", "conflicts", "law", "notYetInForce",
    }  # fmt: skip
    assert one["supposed"][0]["value"] == "own-initiative"
    for provision in one["provisions"]:
        sides = provision["byStrand"]
        assert provision["before"] != provision["after"] or sides["before"] != sides["after"]
        assert provision["reason"]
    for condition in (c for p in one["provisions"] for c in p["conditions"]):
        assert condition["before"] != condition["after"]
    assert len(one["provisions"]) < len(engine.table.norms) / 2


def test_screen(engine: Engine) -> None:
    """The text says what is supposed, what changes and why, and that nothing is saved."""
    code, said = run(str(SC_001), "--set", f"{UNREASONABLE}/answer=no")
    assert code == 0
    flat = " ".join(said.split())
    assert "Supposed: disclosure/judgements/help-would-be-unreasonable/answer is no." in flat
    assert "Children Act 1989, s 47(9): Applies if a person so judges → Applies" in flat
    assert "Answered: Would help" in flat
    assert SUPPOSED_BY in flat
    assert "Nothing was saved" in flat
    code, said = run(str(SC_001), "--as-at", "2026-03-01")
    assert "2026-02-05: UK GDPR, Art 8A comes into force." in " ".join(said.split())
    assert "does not count" in said


def _check(found: Comparison) -> None:
    """Compare by hand: what is listed differs, what is not listed is the same."""
    listed = {one.after.id for one in found.provisions}
    for was, now in zip(found.before.provisions, found.after.provisions, strict=True):
        if was.id not in listed:
            assert was.state == now.state
        else:
            assert was.state != now.state or was.by_strand != now.by_strand
    layers = {one.id for one in found.layers}
    for name, layer in found.before.layers.items():
        assert (name in layers) == (
            (layer.state, set(layer.by))
            != (found.after.layers[name].state, set(found.after.layers[name].by))
        )
    open_ = [
        {j.id for j in one.judgements if j.answer is None} for one in (found.before, found.after)
    ]
    assert {j.id for j in found.asked} == open_[1] - open_[0]
    assert {j.id for j in found.fallen_away} <= open_[0] - open_[1]
    for one in found.provisions:
        assert explain.provision_change_reason(one, found)
    for one in found.legal:
        early, late = sorted((found.before.law_date.isoformat(), found.after.law_date.isoformat()))
        assert early < one.day <= late


@pytest.mark.parametrize(
    "path", [pytest.param(p, marks=[pytest.mark.slow] * (n % 8 > 0)) for n, p in enumerate(SCENARIOS)],
    ids=lambda p: p.stem,
)  # fmt: skip
def test_every_scenario(path: Path, engine: Engine) -> None:
    """Every case takes other facts and other days; a change to what it states is no difference."""
    case = load_case(path, engine.law)
    first = assess_case(case, engine)[0].id
    base = "disclosure" if first == "disclosure" else f"disclosure/{first}"
    changes = {
        f"{base}/trigger": "own-initiative",
        f"{base}/purpose": "direct-care",
        f"{base}/concern": "reasonable-cause-to-suspect-significant-harm",
    }
    for path_, value in changes.items():
        for found in suppose(path, {path_: value}, engine):
            _check(found)
            assert compare(found.before, found.before).nothing
    for day in (date(2004, 6, 1), date(2019, 1, 1), date(2026, 3, 1)):
        for found in suppose(path, {}, engine, as_at=day):
            _check(found)


@pytest.mark.slow
def test_any_change_is_answered_or_refused(engine: Engine) -> None:
    """Whatever path and value are set: an answer with a true difference, or an error that says why."""
    keys = st.sampled_from(
        ["disclosure", "to", "items", "subjects", "1", "2", "council", "consent", "state", "topic",
         "information", "notes", "people", "infant", "age", "record", "judgements", "proportionate",
         "answer", "request", "by", "trigger", "purpose", "kind", "parties", "trust", "id", "", "x"]
    )  # fmt: skip
    values = st.sampled_from(
        ["", "yes", "no", "request", "given", "health", "health,offence", "council", "9", "x: y",
         "proportionate", "s47-enquiry", "2023-02-30", "[a]", "é", "local-authority"]
    )  # fmt: skip

    @given(
        st.dictionaries(st.lists(keys, min_size=1, max_size=5).map("/".join), values, max_size=3)
    )
    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
    def trial(changes: dict[str, str]) -> None:
        try:
            found = suppose(SC_001, changes, engine)
        except KgError as error:
            refused.extend(error.problems)
            return
        for one in found:
            _check(one)

    refused: list[Problem] = []
    trial()
    assert refused
    assert all(problem.what for problem in refused)
