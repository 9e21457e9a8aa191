"""A local policy: it makes stricter, limits and adds; it never weakens; each part can fail."""

from __future__ import annotations

import csv
import io
import json
import pickle
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from kg.assess import Engine
from kg.case_keys import BLOCKS
from kg.cli import main
from kg.errors import BadRequest, NoRecord, PolicyNotLoaded
from kg.export.reports import FORMATS, report
from kg.load import Case, load_case, load_case_text, load_law
from kg.load.change import changed
from kg.load.many import Sources
from kg.load.tree import Scalar, read_yaml
from kg.model import RecordReport
from kg.namespaces import shorten
from kg.validate import (
    Policy,
    Shapes,
    data_graph,
    explain_rule,
    load_policy,
    load_shapes,
    validate_case,
)
from kg.validate.examples import base_files
from kg.validate.graph import run_shacl, to_rdflib
from kg.validate.many import validate_all
from kg.validate.policy import LIMITS, THINGS
from kg.validate.policy.read import _KEYS, _NEED_KEYS, _RULE_KEYS
from kg.validate.policy.ways import way_of

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "policies" / "hospital-trust.yaml"
CASE = ROOT / "examples" / "section-47-request.yaml"
HEAD = """\
policy: our-policy
title: Our policy
source: Our Policy, version 1
from: 2024-01-01
"""


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def shapes() -> Shapes:
    return load_shapes()


def case(
    base: str = "health-without-consent", changes: Mapping[str, str | None] | None = None
) -> Case:
    """Return a base case with facts changed by path; None removes one, if it is there."""
    text = base_files()[base].read_text(encoding="utf-8")
    tree = read_yaml(text, "case.yaml")
    settings: dict[str, Scalar | None] = {}
    for path, value in (changes or {}).items():
        try:
            changed(deepcopy(tree), {path: None}, "case.yaml")
        except BadRequest:
            if value is None:
                continue
        settings[path] = None if value is None else Scalar(value, 1)
    return load_case_text(text, "yaml", engine().law, "case.yaml", settings)


@pytest.fixture
def load(tmp_path: Path):
    """Return a function from the text below the head to a policy."""

    def read(body: str, head: str = HEAD) -> Policy:
        path = tmp_path / "policy.yaml"
        path.write_text(head + body, encoding="utf-8")
        return load_policy(path, engine(), shapes())

    return read


def check(
    policy: Policy | None, base: str = "health-without-consent", changes=None
) -> RecordReport:
    """Return the report on a base case with changes; without a policy it is made once."""
    if policy is None:
        return without_policy(base, tuple((changes or {}).items()))
    (one,) = validate_case(case(base, changes), engine(), shapes(), None, policy)
    return one


@cache
def without_policy(base: str, changes: tuple[tuple[str, str | None], ...]) -> RecordReport:
    (one,) = validate_case(case(base, dict(changes)), engine(), shapes())
    return one


def new(
    policy: Policy, base: str = "health-without-consent", changes=None
) -> list[tuple[str, str]]:
    """Return (rule, severity) of what a policy adds to the report of a case."""
    before = set(check(None, base, changes).results)
    return [(r.rule, r.severity) for r in check(policy, base, changes).results if r not in before]


def refused(load, body: str, head: str = HEAD) -> str:
    """Return what is said of a policy that is not loaded; each problem names its line and a fix."""
    with pytest.raises(PolicyNotLoaded) as caught:
        load(body, head)
    assert all(problem.line and problem.file for problem in caught.value.problems)
    return str(caught.value)


RULE = """\
rules:
  - id: L-001
    on: recipient
    when:
      outcome: shared
    needs: address
    message: Give the address of {recipient}.
    why: letters
    severity: violation
    source: Our Policy, section 2
"""


def rule(on: str, needs: str, when: str = "") -> str:
    """Return a policy with one rule."""
    lines = f"    when: {when}\n" if when else ""
    return (
        f"rules:\n  - id: L-001\n    on: {on}\n{lines}    needs: {needs}\n    message: m\n"
        "    why: w\n    severity: warning\n    source: s\n"
    )


# --- The example --------------------------------------------------------------------------------


def test_the_example_raises_limits_and_adds() -> None:
    """Each part of the example reports on an example case that lacks what it asks for."""
    policy = load_policy(EXAMPLE, engine(), shapes())
    text = CASE.read_text(encoding="utf-8")
    lacking: dict[str, Scalar | None] = {
        "record/signed": None, "record/retain-until": Scalar("2030-01-01", 1),
        "disclosure/to/council/acknowledged": None, "disclosure/items/growth-notes/extent": None,
        "record/recorded": Scalar("2024-11-09", 1), "disclosure/concern/on": Scalar("2024-10-30", 1),
        "disclosure/request/on": Scalar("2024-10-30", 1),
        "disclosure/subjects/child/told/look-again": Scalar("2024-11-13", 1),
    }  # fmt: skip
    loaded = load_case_text(text, "yaml", engine().law, "case.yaml", lacking)
    (before,) = validate_case(loaded, engine(), shapes())
    (after,) = validate_case(loaded, engine(), shapes(), None, policy)
    assert {(r.rule, r.severity) for r in after.results if r.policy} == {
        ("R-004", "violation"), ("R-005", "warning"), ("R-048", "warning"),
        ("L-request-to-decision", "warning"), ("R-188", "warning"), ("L-001", "warning"),
        ("L-002", "violation"), ("L-003", "warning"),
    }  # fmt: skip
    assert {r for r in after.results if not r.policy} == {
        r for r in before.results if r.rule != "R-004"
    }
    assert "applied" in after.policy


def test_the_example_case_meets_the_example_policy() -> None:
    """What the guide shows: nothing that must be put right, two things that should."""
    policy = load_policy(EXAMPLE, engine(), shapes())
    (one,) = validate_case(load_case(CASE, engine().law), engine(), shapes(), None, policy)
    assert one.complete
    assert {("R-188", "warning"), ("L-001", "warning")} <= {
        (r.rule, r.severity) for r in one.results if r.policy
    }


def test_without_a_policy_nothing_of_it_is_there() -> None:
    one = check(None)
    assert one.policy == ""
    assert not any(result.policy for result in one.results)
    assert not any(name.startswith("local:") for name in shapes().rules)


# --- raise --------------------------------------------------------------------------------------

UNSIGNED = {"record/signed": None}


def test_a_warning_becomes_a_violation(load) -> None:
    assert check(None, changes=UNSIGNED).complete
    policy = load("raise:\n  R-004: section 3 asks for it\n")
    one = check(policy, changes=UNSIGNED)
    (result,) = [r for r in one.results if r.rule == "R-004"]
    assert not one.complete
    assert result.severity == "violation"
    assert (
        "raised from Should to Must by the policy “Our policy” (Our Policy, version 1)"
        in result.policy
    )
    assert "section 3 asks for it" in result.policy
    assert result.sources == next(
        r.sources for r in check(None, changes=UNSIGNED).results if r.rule == "R-004"
    )


def test_a_signed_record_meets_the_raised_rule(load) -> None:
    assert new(load("raise:\n  R-004: section 3\n")) == []


def test_the_given_shapes_stay_as_they_are(load) -> None:
    before = shapes().rules["kgsh:R-004"]
    load("raise:\n  R-004: section 3\n")
    assert shapes().rules["kgsh:R-004"] is before
    assert check(None, changes=UNSIGNED).complete


def test_advice_becomes_a_warning(load) -> None:
    policy = load("raise:\n  R-194: {to: warning, reason: r, source: Schedule 2024}\n")
    one = check(policy, changes={"record/retain-until": None})
    (result,) = [r for r in one.results if r.rule == "R-194"]
    assert (result.severity, one.complete) == ("warning", True)
    assert "(Schedule 2024)" in result.policy


def test_one_part_of_a_rule_is_raised_alone(load) -> None:
    parts = {name for name, r in shapes().rules.items() if r.rule == "R-023"}
    assert len(parts) > 1
    policy = load("raise:\n  R-023.not-shared: section 9\n")
    raised = [r for name, r in policy.shapes.rules.items() if name in parts and r.policy]
    assert [(r.shape, r.severity) for r in raised] == [("kgsh:R-023.not-shared", "violation")]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise:\n  R-027: because\n", "R-027 is a violation already"),
        ("raise:\n  R-0004: because\n", "did you mean R-0"),
        ("raise:\n  R-023.notshared: because\n", "did you mean R-023.not-shared"),
        ("raise:\n  R-004:\n    to: violation\n", "“reason” is missing"),
        ("raise:\n  R-004: ''\n", "without a reason"),
        ("raise:\n  R-004: {to: must, reason: r}\n", "write violation"),
        ("raise:\n  R-004: {to: violaton, reason: r}\n", "did you mean violation"),
        ("raise:\n  R-023: a\n  R-023.not-shared: b\n", "raised twice"),
        ("raise:\n  R-004: {to: violation, reasons: r, reason: r}\n", "did you mean reason"),
        ("raise: R-004\n", "list of keys"),
    ],
)
def test_faulty_raises(load, body: str, said: str) -> None:
    assert said in refused(load, body)


# --- Weakening ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "lower:\n  R-151: warning\n",
        "lower: [R-151]\n",
        "lower: R-151\n",
        "raise:\n  R-151: {to: info, reason: r}\n",
    ],
)
def test_a_statutory_rule_cannot_be_weakened(load, body: str) -> None:
    said = refused(load, body)
    assert "a local policy cannot weaken R-151 (Must)" in said
    assert "it rests on the law: Children Act 1989, s 47(9)" in said


def test_guidance_can_only_be_made_stricter(load) -> None:
    said = refused(load, "lower:\n  R-027: info\n")
    assert "cannot weaken R-027" in said
    assert "S3:Q21.b3" in said
    assert "the law" not in said


def test_a_warning_cannot_become_advice(load) -> None:
    assert "cannot weaken R-004 (Should)" in refused(
        load, "raise:\n  R-004: {to: info, reason: r}\n"
    )


def test_lowering_an_unknown_rule_is_named(load) -> None:
    assert "did you mean R-151" in refused(load, "lower:\n  R-1511: warning\n")


def test_with_a_weakening_nothing_is_applied(tmp_path: Path) -> None:
    path = tmp_path / "weak.yaml"
    path.write_text(HEAD + "raise:\n  R-004: r\nlower:\n  R-151: info\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["validate", str(CASE), "--policy", str(path)])
    assert done.exit_code == 2
    assert f"{path}:8" in done.output
    assert "section-47-request · record" not in done.output


def test_no_policy_makes_a_report_milder(load) -> None:
    """Whatever a record lacks without the policy it lacks with it, at least as strictly."""
    order = ["violation", "warning", "info"]
    policy = load("raise:\n  R-004: r\nlimits:\n  decision-to-record: 1 day\n" + RULE)
    for name in base_files():
        for changes in ({}, {"record/signed": None, "record/decided-by": None}):
            before, after = check(None, name, changes), check(policy, name, changes)
            kept = {(r.shape, r.focus): order.index(r.severity) for r in after.results}
            for result in before.results:
                assert kept[result.shape, result.focus] <= order.index(result.severity)


# --- limits -------------------------------------------------------------------------------------

URGENT = {"disclosure/urgent": "yes"}
LATE = {
    "concern-to-disclosure": ("health-without-consent", {"disclosure/concern/on": "2024-06-06"}),
    "decision-to-record": ("health-without-consent", {"record/recorded": "2024-06-16"}),
    "decision-to-review": ("not-shared", {"record/date": "2024-06-11", "record/review": "2024-06-16"}),
    "disclosure-to-confirmation": (
        "health-without-consent",
        {"disclosure/written-confirmation": "2024-06-16"},
    ),
    "disclosure-to-acknowledgement": (
        "health-without-consent",
        {"disclosure/to/council/acknowledged": "2024-06-16"},
    ),
    "disclosure-to-telling": (
        "health-without-consent",
        {"disclosure/subjects/child/told/on": "2024-06-16"},
    ),
    "disclosure-to-look-again": (
        "health-without-consent",
        {"disclosure/subjects/child/told/look-again": "2024-06-16"},
    ),
    "consent-to-disclosure": (
        "parental-consent",
        {"disclosure/date": "2024-06-11", "disclosure/subjects/1/consent/on": "2024-06-06"},
    ),
    "request-to-decision": (
        "section-47-request",
        {"disclosure/request/on": "2024-06-06", "record/date": "2024-06-11"},
    ),
}  # fmt: skip


def test_every_limit_is_tried() -> None:
    assert set(LATE) == set(LIMITS)


@pytest.mark.parametrize("name", LATE)
def test_a_limit_holds_to_the_day(load, name: str) -> None:
    """Five days are within five days and beyond four."""
    base, changes = LATE[name]
    assert new(load(f"limits:\n  {name}: 5 days\n"), base, changes) == []
    policy = load(f"limits:\n  {name}: 4 days\n")
    found = new(policy, base, changes)
    assert found == [(LIMITS[name].rule, "warning")]
    one = check(policy, base, changes)
    (result,) = [r for r in one.results if r.policy]
    assert ": 5. The limit of your organisation is 4" in result.message
    assert "limit of 4 days, set by the policy “Our policy”" in result.policy
    assert result.sources == ("Our Policy, version 1",)


@pytest.mark.parametrize("name", LATE)
def test_without_the_dates_nothing_is_measured(load, name: str) -> None:
    base, changes = LATE[name]
    policy = load(f"limits:\n  {name}: 0 days\n")
    assert new(policy, base, changes)
    path = "disclosure/request/on" if name == "request-to-decision" else [*changes][-1]
    undated = check(policy, base, {**changes, path: None})
    assert [r.rule for r in undated.results if r.policy] == []


def test_an_urgent_record_may_come_later(load) -> None:
    policy = load("limits:\n  decision-to-record: 1 day\n")
    base, changes = LATE["decision-to-record"]
    assert new(policy, base, changes) == [("R-005", "warning")]
    assert new(policy, base, {**changes, **URGENT}) == []


def test_a_delay_that_is_explained_is_within_the_limit(load) -> None:
    for name, path in (
        ("concern-to-disclosure", "disclosure/late-because"),
        ("decision-to-record", "record/recorded-late"),
    ):
        base, changes = LATE[name]
        policy = load(f"limits:\n  {name}: 1 day\n")
        assert new(policy, base, changes) == [(LIMITS[name].rule, "warning")]
        assert new(policy, base, {**changes, path: "the doctor was ill"}) == []


def test_a_refused_consent_has_no_age(load) -> None:
    base, changes = LATE["consent-to-disclosure"]
    policy = load("limits:\n  consent-to-disclosure: 1 day\n")
    refusal = {**changes, "disclosure/subjects/1/consent/state": "refused"}
    assert ("R-090", "warning") not in new(policy, base, refusal)


def test_limits_in_hours_and_with_more_said(load) -> None:
    policy = load(
        "limits:\n  decision-to-record:\n    within: 48 hours\n    severity: violation\n"
        "    reason: section 7\n    source: Records Standard\n"
    )
    base, _ = LATE["decision-to-record"]
    assert new(policy, base, {"record/recorded": "2024-06-13"}) == []
    one = check(policy, base, {"record/recorded": "2024-06-14"})
    (result,) = [r for r in one.results if r.policy]
    assert (result.rule, result.severity, one.complete) == ("R-005", "violation", False)
    assert result.sources == ("Records Standard",)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("limits:\n  decision-to-recrd: 2 days\n", "did you mean decision-to-record"),
        ("limits:\n  retention: 2 days\n", "limits: concern-to-disclosure"),
        ("limits:\n  decision-to-record: 36 hours\n", "only whole days"),
        ("limits:\n  decision-to-record: 2\n", "2 days"),
        ("limits:\n  decision-to-record: two days\n", "not a limit in days"),
        ("limits:\n  decision-to-record: -1 days\n", "not a limit in days"),
        ("limits:\n  decision-to-record: {severity: warning}\n", "says no limit"),
        ("limits:\n  decision-to-record: {within: 1 day, severity: should}\n", "write warning"),
        ("limits:\n  decision-to-record: {wihtin: 1 day}\n", "did you mean within"),
    ],
)
def test_faulty_limits(load, body: str, said: str) -> None:
    assert said in refused(load, body)


# --- rules --------------------------------------------------------------------------------------


def test_a_rule_asks_for_what_is_missing(load) -> None:
    policy = load(RULE)
    one = check(policy)
    (result,) = [r for r in one.results if r.rule == "L-001"]
    assert not one.complete
    assert result.message == "Give the address of council."
    assert result.path == "disclosure/to/1/address"
    assert result.line > 1
    assert result.sources == ("Our Policy, section 2",)
    assert result.policy == "set by the policy “Our policy” (Our Policy, section 2)"
    assert new(policy, changes={"disclosure/to/council/address": "1 High Street"}) == []


@pytest.mark.parametrize(
    ("when", "met"),
    [
        ("{outcome: shared}", True),
        ("{outcome: not-shared}", False),
        ("{outcome: [not-shared, shared]}", True),
        ("{purpose: referral}", True),
        ("{purpose: s47-enquiry}", False),
        ("{disclosure/channel: secure email}", True),
        ("{disclosure/channel: telephone}", False),
        ("{party/kind: local-authority}", True),
        ("{party/kind: police}", False),
        ("{disclosure/items/item/topic: health}", True),
        ("{disclosure/items/item/topic: offence}", False),
        ("{disclosure/urgent: no}", True),
        ("{disclosure/urgent: yes}", False),
        ("{disclosure/request: not-stated}", True),
        ("{disclosure/request: stated}", False),
        ("{acknowledged: stated}", True),
        ("{disclosure/subjects/person/age: 9}", True),
        ("{disclosure/subjects/person/age: 10}", False),
        ("{record/cites: 'dpa2018:sch1-para18'}", True),
        ("{record/cites: 'ca1989:s47-9'}", False),
        ("{person: duty social worker}", True),
        ("{outcome: shared, disclosure/urgent: yes}", False),
        ("{outcome: shared, disclosure/urgent: no}", True),
    ],
)
def test_when(load, when: str, *, met: bool) -> None:
    assert new(load(rule("recipient", "address", when))) == [("L-001", "warning")] * met


def test_a_narrower_kind_counts_as_the_wider_one(load) -> None:
    law = engine().law
    (wide, *_) = law.names("body:nhs-foundation-trust", "rdfs:subClassOf")
    assert wide.startswith("body:")
    policy = load(rule("disclosure", "place", f"{{from/kind: {wide}}}"))
    assert new(policy) == [("L-001", "warning")]


@pytest.mark.parametrize(
    ("on", "needs", "met"),
    [
        ("recipient", "job-title", True),
        ("recipient", "{key: party/kind, values: local-authority}", True),
        ("recipient", "{key: party/kind, values: police}", False),
        ("recipient", "{key: party/kind}", True),
        ("recipient", "{key: party/kind, max: 0}", False),
        ("disclosure", "{key: from/kind, min: 2}", False),
        ("record", "{key: considered, values: [power, duty], min: 2}", True),
        ("record", "{key: considered, values: [power, duty], min: 3}", False),
        ("record", "{key: considered, max: 3}", False),
        ("record", "{key: considered, max: 4}", True),
        ("record", "{key: considered, values: consent, max: 0}", False),
        ("record", "{key: signed, values: yes}", True),
        ("record", "{key: signed, values: no}", False),
        ("record", "{key: role, values: named doctor}", False),
        ("record", "{key: role, values: named doctor for safeguarding}", True),
        ("subject", "{key: person/age, values: 9}", True),
        ("subject", "{key: person/age, values: [8, 10]}", False),
        ("purpose", "words", True),
        ("disclosure", "{key: purpose, values: referral}", True),
        ("disclosure", "{key: purpose, values: s47-enquiry}", False),
        ("item", "item/accuracy", True),
        ("item", "why-whole-file", False),
        ("advice", "{key: followed}", True),
        ("citation", "{key: because}", True),
        ("consent", "given-by", False),
        ("judgement", "reasons", True),
        ("concern", "by", True),
        ("telling", "what", False),
        ("public-interest", "against", True),
        ("guidance", "edition", True),
    ],
)
def test_needs(load, on: str, needs: str, *, met: bool) -> None:
    found = new(load(rule(on, needs)))
    assert found == ([] if met else [("L-001", "warning")])


def test_a_rule_about_what_the_case_does_not_have_is_silent(load) -> None:
    assert new(load(rule("request", "section"))) == []
    assert new(load(rule("request", "proceedings")), "section-47-request") == [("L-001", "warning")]


def test_each_thing_is_looked_at(load) -> None:
    """Two recipients, of whom one has no address, give one result, and it names that one."""
    policy = load(rule("recipient", "address").replace("message: m", "message: Tell {recipient}."))
    both = check(policy, "meeting")
    assert len([r for r in both.results if r.rule == "L-001"]) == 2


def test_every_kind_of_thing_has_keys_and_a_way() -> None:
    for name, thing in THINGS.items():
        block = BLOCKS[thing.block]
        assert way_of(block.keys[0].name, name).terms
        with pytest.raises(BadRequest):
            way_of("no-such-key", name)


@pytest.mark.parametrize(
    ("old", "new_", "said"),
    [
        ("id: L-001", "id: R-001", "write L- and three digits"),
        ("id: L-001", "id: L-1", "write L- and three digits"),
        ("on: recipient", "on: recipent", "did you mean recipient"),
        ("on: recipient", "on: weather", "kinds: record"),
        ("needs: address", "needs: adress", "did you mean address"),
        ("needs: address", "needs: kind", "write party/kind"),
        ("needs: address", "needs: record/advice", "on: record"),
        ("needs: address", "needs: person/name", "has no keys of its own"),
        ("needs: address", "needs: {key: address, vaules: [a]}", "did you mean values"),
        ("needs: address", "needs: {key: contact, values: {a: b}}", "takes a value"),
        ("needs: address", "needs: {key: address, min: 2, max: 1}", "more than"),
        ("needs: address", "needs: {key: address, min: 0}", "asks for nothing"),
        ("needs: address", "needs: {key: address, min: one}", "whole number"),
        ("needs: address", "needs: {key: will-do, values: [a]}", "cannot be compared"),
        ("needs: address", "needs: {values: [a]}", "“key” is missing"),
        ("    needs: address\n", "", "does not say what it needs"),
        ("outcome: shared", "outcome: sharde", "did you mean shared"),
        ("outcome: shared", "outcom: shared", "not a key of"),
        ("outcome: shared", "party/kind: local-authorty", "did you mean local-authority"),
        ("outcome: shared", "channel: email", "write disclosure/channel"),
        ("outcome: shared", "record/cites: 'ca1989:s47-99'", "did you mean ca1989:s47-9"),
        ("outcome: shared", "disclosure/date: 2024-01-01", "stated or not-stated"),
        ("{recipient}", "{recipiant}", "did you mean recipient"),
        ("    why: letters\n", "", "“why” is missing"),
        ("    source: Our Policy, section 2\n", "", "“source” is missing"),
        ("    severity: violation\n", "", "“severity” is missing"),
        ("severity: violation", "severity: Must", "write violation"),
        ("    why:", "    wy: x\n    why:", "did you mean why"),
    ],
)
def test_faulty_rules(load, old: str, new_: str, said: str) -> None:
    assert old in RULE
    assert load(RULE).text.rules
    assert said in refused(load, RULE.replace(old, new_, 1))


def test_two_rules_with_one_id(load) -> None:
    twice = RULE + RULE.removeprefix("rules:\n")
    assert "stands twice" in refused(load, twice)
    found = new(load(twice.replace("id: L-001", "id: L-002", 1)))
    assert sorted(found) == [("L-001", "violation"), ("L-002", "violation")]


# --- The head, and the time it holds --------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new_", "said"),
    [
        ("policy: our-policy", "policy: Our Policy", "not a name for a policy"),
        ("policy: our-policy\n", "", "“policy” is missing"),
        ("title: Our policy\n", "", "“title” is missing"),
        ("source: Our Policy, version 1\n", "", "“source” is missing"),
        ("from: 2024-01-01\n", "", "“from” is missing"),
        ("from: 2024-01-01", "from: 2024-02-30", "not a date that exists"),
        ("from: 2024-01-01", "from: 2024-01-01\nuntil: 2023-01-01", "before it begins"),
        ("from: 2024-01-01", "from: 2024-01-01\nuntil: 2024-01-01", "before it begins"),
        ("title:", "titel: x\ntitle:", "did you mean title"),
        ("source:", "disable: R-027\nsource:", "“disable” is not a key of a policy"),
    ],
)
def test_faulty_heads(load, old: str, new_: str, said: str) -> None:
    assert old in HEAD
    assert said in refused(load, RULE, HEAD.replace(old, new_, 1))


def test_a_policy_without_content_is_named(load) -> None:
    assert "changes nothing" in refused(load, "")


def test_all_problems_are_reported_together_with_their_lines(load) -> None:
    with pytest.raises(PolicyNotLoaded) as caught:
        load("raise:\n  R-999: r\nlimits:\n  nothing: 2 days\nrules: none\n")
    assert [problem.line for problem in caught.value.problems] == [6, 8, 9]


@pytest.mark.parametrize(
    ("start", "end", "governs"),
    [
        ("2024-06-11", "", True),
        ("2024-06-12", "", False),
        ("2024-01-01", "2024-06-12", True),
        ("2024-01-01", "2024-06-11", False),
    ],
)
def test_the_day_of_the_decision_decides(load, start: str, end: str, *, governs: bool) -> None:
    head = HEAD.replace("2024-01-01", start) + (f"until: {end}\n" if end else "")
    body = RULE + "raise:\n  R-004: r\nlimits:\n  decision-to-record: 0 days\n"
    policy = load(body, head)
    changes = {"record/recorded": "2024-06-13", "record/signed": None}
    one = check(policy, changes=changes)
    rules = {r.rule for r in one.results if r.policy}
    assert rules == ({"L-001", "R-004", "R-005"} if governs else set())
    assert ("not applied" in one.policy) is not governs
    if not governs:
        assert one.results == check(None, changes=changes).results
        assert start in one.policy
        assert "2024-06-11" in one.policy


def test_without_a_date_of_decision_no_policy_governs(load) -> None:
    one = check(load(RULE), changes={"record/date": None})
    assert "no date of decision" in one.policy
    assert not any(result.policy for result in one.results)


def test_no_record_is_still_an_error(load) -> None:
    loaded = load_case(ROOT / "examples" / "school-referral.yaml", engine().law)
    with pytest.raises(NoRecord):
        validate_case(loaded, engine(), shapes(), None, load(RULE))


# --- A second engine ------------------------------------------------------------------------------

EVERYTHING = (
    "raise:\n  R-004: r\nlimits:\n  decision-to-record: 1 day\n  disclosure-to-look-again: 2 days\n"
    + RULE
    + "".join(
        rule(on, needs).removeprefix("rules:\n").replace("L-001", name)
        for name, on, needs in (
            ("L-002", "recipient", "{key: party/kind, values: police}"),
            ("L-003", "record", "{key: considered, values: [power, duty], min: 3}"),
            ("L-004", "record", "{key: considered, values: consent, max: 0}"),
            ("L-005", "item", "{key: item/topic, values: health}"),
            ("L-006", "subject", "{key: person/age, values: [8, 10]}"),
            ("L-007", "record", "{key: considered, max: 3}"),
            ("L-008", "record", "{key: signed, values: yes}"),
            ("L-009", "item", "item/accuracy"),
        )
    )
)


@pytest.mark.parametrize("base", ["health-without-consent", "meeting", "not-shared"])
def test_a_second_engine_agrees(load, base: str) -> None:
    import pyrudof

    policy = load(EVERYTHING, HEAD.replace("2024-01-01", "2000-01-01"))
    changed = {"record/recorded": "2030-01-01", "record/signed": None}
    (graph,) = data_graph(case(base, changed), engine(), shapes(), None, policy)
    ours = {(raw.focus, raw.shape) for raw in run_shacl(graph.triples, policy.shapes.rdf)}
    other = pyrudof.Rudof(pyrudof.RudofConfig())
    other.read_data(to_rdflib(graph.triples).serialize(format="nt"))
    other.read_shacl(policy.shapes.rdf.serialize(format="nt"))
    theirs = {(shorten(r.focus_node), shorten(r.source_shape)) for r in other.validate_shacl()}
    assert ours == theirs
    assert sum("local:" in shape for _, shape in ours) >= 5


def test_the_reference_page_names_every_key_limit_and_thing() -> None:
    page = (ROOT / "docs" / "reference" / "policy-file.md").read_text(encoding="utf-8")
    for name in (*_KEYS, *_RULE_KEYS, *_NEED_KEYS, *LIMITS, *THINGS):
        assert f"`{name}`" in page, name
    for name, measure in LIMITS.items():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}`")]
        assert row.endswith(f"| {measure.rule} |")


# --- Reports and commands -------------------------------------------------------------------------


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_names_the_policy(load, format_: str) -> None:
    policy = load(RULE + "raise:\n  R-004: section 3\n")
    one = check(policy, changes=UNSIGNED)
    text = report(format_, [one], [], policy.shapes)
    assert "L-001" in text
    assert "Our Policy, section 2" in text
    assert "raised from Should to Must" in text or "Raised from Should to Must" in text
    assert "applied" in text or format_ == "csv"
    bare = report(format_, [check(None, changes=UNSIGNED)], [], shapes())
    assert "Our policy" not in bare


def test_formats_stay_well_formed(load) -> None:
    import rdflib

    policy = load(RULE + "limits:\n  disclosure-to-look-again: 1 day\n")
    one = check(policy)
    rows = list(csv.DictReader(io.StringIO(report("csv", [one], [], policy.shapes))))
    assert {row["rule"]: bool(row["policy"]) for row in rows}["L-001"]
    document = json.loads(report("json", [one], [], policy.shapes))
    (record,) = document["records"]
    assert "applied" in record["policy"]
    assert {r["rule"] for r in record["results"] if "policy" in r} == {"L-001", "R-188"}
    run = json.loads(report("sarif", [one], [], policy.shapes))["runs"][0]
    places = [run["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] for r in run["results"]]
    assert places == [r["ruleId"] for r in run["results"]]
    suite = ET.fromstring(report("junit", [one], [], policy.shapes)).find("testsuite")
    assert suite is not None
    assert suite.find("properties/property") is not None
    rdflib.Graph().parse(data=report("turtle", [one], [], policy.shapes), format="turtle")


def test_explain_shows_the_rule_and_its_policy() -> None:
    done = CliRunner().invoke(main, ["validate", "--explain", "l-001", "--policy", str(EXAMPLE)])
    assert done.exit_code == 0
    for words in (
        "L-001 · Should",
        "section 3.2",
        "second pair of eyes",
        "Set by",
        "from 2024-09-01",
    ):
        assert words.lower() in " ".join(done.output.split()).lower()


def test_explain_shows_what_was_raised() -> None:
    policy = load_policy(EXAMPLE, engine(), shapes())
    assert explain_rule(policy.shapes, "R-004").severity == "violation"
    assert "signature" in explain_rule(policy.shapes, "R-004").policy
    assert explain_rule(shapes(), "R-004").policy == ""
    with pytest.raises(BadRequest):
        explain_rule(shapes(), "L-001")


def test_the_command_with_profile_and_policy() -> None:
    profile = ROOT / "examples" / "profiles" / "nhs-trust.yaml"
    done = CliRunner().invoke(
        main,
        ["validate", str(CASE), "--policy", str(EXAMPLE), "--profile", str(profile), "--json"],
    )
    assert done.exit_code == 0
    (record,) = json.loads(done.output)["records"]
    assert "L-001" in {result["rule"] for result in record["results"]}


def test_a_policy_goes_to_worker_processes() -> None:
    policy = load_policy(EXAMPLE, engine(), shapes())
    assert policy.shapes.rdf  # what has been worked out stays here
    sent = pickle.loads(pickle.dumps(policy.bare()))
    assert sent.text == policy.text
    assert "rdf" not in vars(sent.shapes)
    found = list(
        validate_all(Sources([CASE]), engine(), shapes(), None, sent, processes=2, chunk=1, many=1)
    )
    assert "L-001" in {r.rule for one in found for rep in one.reports for r in rep.results}
