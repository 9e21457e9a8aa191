"""Properties of the assessment over generated cases: any key, kind and value of the key table."""

from __future__ import annotations

import json
import random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.assess import Engine, assess_case
from kg.assess import strands as strands_module
from kg.errors import CaseNotLoaded, Contradiction
from kg.load import load_case_text
from kg.model import PROVISION_ORDER, DisclosureAssessment
from kg.prepare import disclosures, prepare

SEEDS = st.integers(0, 10**9)
PROPERTY = settings(
    max_examples=60, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


def answered(tree: Any, engine: Engine) -> DisclosureAssessment | None:
    """Return the answer for the one disclosure of a tree; None where the case contradicts itself."""
    case = load_case_text(json.dumps(tree), "yaml", engine.law, "drawn.yaml")
    try:
        (found,) = assess_case(case, engine)
    except Contradiction:
        return None
    return found


def states(found: DisclosureAssessment | None, names: dict[str, str] | None = None) -> Any:
    """Return everything an answer says about states, strands named by what they are renamed to."""
    if found is None:
        return None
    back = {new: old for old, new in (names or {}).items()}

    def strand(name: str) -> str:
        return "/".join(back.get(part, part) for part in name.split("/"))

    return (
        found.outcome,
        {name: (layer.state, frozenset(layer.by)) for name, layer in found.layers.items()},
        {
            p.id: (
                p.state, p.fallback, frozenset(p.blocked_by),
                {strand(s): [(c.id, c.state) for c in p.conditions_by_strand[s]] for s in p.by_strand},
            )
            for p in found.provisions
        },
        {(j.id, j.provision, j.answer, frozenset(map(strand, j.strands))) for j in found.judgements},
    )  # fmt: skip


def test_generator_reaches_much(engine: Engine, generated: ModuleType) -> None:
    """Random cases load, most of them are answered, and together they reach the states of norms."""
    reached: set[str] = set()
    count = 0
    for seed in range(40):
        found = answered(generated.Generator(engine.law, seed).case(), engine)
        if found:
            count += 1
            reached |= {p.state for p in found.provisions}
    assert count >= 30
    assert reached >= set(PROVISION_ORDER) - {"blocked"}


@given(seed=SEEDS)
@PROPERTY
def test_the_six_states_add_up(seed: int, engine: Engine, generated: ModuleType) -> None:
    """Nothing is unaccounted for: each norm once, in one of the six states, on every strand."""
    found = answered(generated.Generator(engine.law, seed).case(), engine)
    if found:
        by_state = {
            state: [p.id for p in found.provisions if p.state == state] for state in PROVISION_ORDER
        }
        assert sum(map(len, by_state.values())) == len(engine.table.norms)
        assert sorted(n for names in by_state.values() for n in names) == sorted(engine.table.norms)


@given(seed=SEEDS)
@PROPERTY
def test_order_never_matters(seed: int, engine: Engine, generated: ModuleType) -> None:
    """Keys and list members in another order give the same answer."""
    tree = generated.Generator(engine.law, seed).case()
    other = generated.reordered(tree, random.Random(seed))
    assert states(answered(tree, engine)) == states(answered(other, engine))


@given(seed=SEEDS)
@PROPERTY
def test_names_never_matter(seed: int, engine: Engine, generated: ModuleType) -> None:
    """Things with other names, and names that change places, give the same answer."""
    tree = generated.Generator(engine.law, seed).case()
    names = {"pa": "pc", "pb": "zz", "pc": "pa", "qa": "qb", "qb": "x-1", "ia": "ib", "ib": "ia"}
    other = generated.renamed(tree, names)
    assert states(answered(tree, engine)) == states(answered(other, engine), names)


@given(seed=SEEDS)
@PROPERTY
def test_what_strands_share_is_what_each_finds_alone(
    seed: int, engine: Engine, generated: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taking results over from an earlier strand, and merging equal strands, changes nothing."""
    tree = generated.Generator(engine.law, seed).case()
    shared = answered(tree, engine)

    def alone(self: Any, strand: Any) -> Any:
        found = self.of_node[strand.node] = strands_module.StrandAssessor(
            self.engine, self.prepared, self.walker, strand.node, []
        )
        return found

    with monkeypatch.context() as patch:
        patch.setattr(strands_module.StrandAssessors, "add", alone)
        patch.setattr(
            "kg.assess.groups_of", lambda prepared, _: [[one] for one in prepared.strands]
        )
        apart = answered(tree, engine)
    assert states(shared) == states(apart)
    if shared and apart:
        assert [gap.why for gap, _ in shared.missing] == [gap.why for gap, _ in apart.missing] or (
            {(gap, norms) for gap, norms in shared.missing}
            <= {(gap, norms) for gap, norms in apart.missing}
        )


@given(seed=SEEDS)
@PROPERTY
def test_more_facts_never_fewer_classes(seed: int, engine: Engine, generated: ModuleType) -> None:
    """A key taken away never adds a class that rests on stated facts alone."""
    tree = generated.Generator(engine.law, seed).case()
    draw = random.Random(seed)
    case = load_case_text(json.dumps(tree), "yaml", engine.law, "drawn.yaml")
    try:
        one = prepare(case, engine.law, disclosures(case)[0])
    except Contradiction:
        return
    rules = engine.compiled.rules_on(one.day)
    full = {(n, c) for n, types in rules.close(one.triples).types.items() for c in types}
    kept = [triple for triple in one.triples if draw.random() > 0.1]
    assert {(n, c) for n, types in rules.close(kept).types.items() for c in types} <= full


def test_contradictory_case_is_an_error_and_poisons_nobody(
    engine: Engine, generated: ModuleType
) -> None:
    """A recipient that is a person and a council is named as such; other cases are answered as before."""
    tree = generated.Generator(engine.law, 3).case()
    before = states(answered(tree, engine))
    wrong = {**tree, "parties": {**tree["parties"]}}
    wrong["parties"]["pb"] = {"kind": ["private-individual", "local-authority"]}
    case = load_case_text(json.dumps(wrong), "yaml", engine.law, "wrong.yaml")
    with pytest.raises(Contradiction) as raised:
        assess_case(case, engine)
    said = str(raised.value)
    assert "wrong.yaml:1: “pb” cannot be both" in said
    assert "private-individual, local-authority" in said
    assert states(answered(tree, engine)) == before


@pytest.mark.parametrize(
    ("person", "said"),
    [
        ({"age": "9", "age-band": "adult"}, "people/qa/age 9"),
        ({"age": "9", "born": "1990-01-01"}, "people/qa/born 1990-01-01"),
        ({"born": "2010-01-01", "age-band": "adult"}, "18 or over"),
    ],
)
def test_ages_that_disagree(
    person: dict[str, str], said: str, engine: Engine, generated: ModuleType
) -> None:
    """Two statements of one age that put a person into two bands are an error that names both."""
    tree = generated.Generator(engine.law, 3).case()
    tree["people"]["qa"] = person
    tree["disclosure"]["date"] = "2020-05-01"
    case = load_case_text(json.dumps(tree), "yaml", engine.law, "wrong.yaml")
    with pytest.raises(Contradiction, match="disagree") as raised:
        assess_case(case, engine)
    assert said in str(raised.value)


def test_parts_in_a_circle(engine: Engine, generated: ModuleType) -> None:
    """Organisations that are part of each other are an error, once."""
    tree = generated.Generator(engine.law, 3).case()
    tree["parties"]["pa"]["part-of"] = "pb"
    tree["parties"]["pb"]["part-of"] = "pa"
    case = load_case_text(json.dumps(tree), "yaml", engine.law, "wrong.yaml")
    with pytest.raises(Contradiction, match="part of itself") as raised:
        assess_case(case, engine)
    assert len(raised.value.problems) == 1


def test_a_typo_is_never_drawn_silently(engine: Engine, generated: ModuleType) -> None:
    """The generator goes through the checks of every case file."""
    tree = generated.Generator(engine.law, 3).case()
    tree["disclosure"]["purpos"] = {"kind": "referral"}
    with pytest.raises(CaseNotLoaded, match="purpose"):
        load_case_text(json.dumps(tree), "yaml", engine.law, "wrong.yaml")
