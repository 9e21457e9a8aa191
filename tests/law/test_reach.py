"""Every norm that can bear on a disclosure is reached: somewhere it applies, somewhere it does not."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest

from kg.assess import Engine, assess_case
from kg.assess.norms import Norm
from kg.load import load_case
from kg.model import DisclosureAssessment
from tests.law.test_rows import ROWS, assessed, engine
from tests.test_scenarios import FILES as SCENARIOS

#: Effects that decide a disclosure even where the norm carries no layer.
DECIDES = {"duty", "power", "bar", "basis", "condition"}
#: Norms that no row or scenario can reach, each with the reason. Keep it empty, or nearly.
OUT_OF_REACH: dict[str, str] = {}


def bears(norm: Norm) -> bool:
    """Whether a norm can bear on a disclosure."""
    return norm.layer != "none" or norm.effect in DECIDES


@cache
def states() -> dict[str, dict[str, set[str]]]:
    """Return the states of each norm over all rows and scenarios: state to the cases that show it."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for param in ROWS:
        (row,) = param.values
        _note(found, assessed(row), str(param.id))
    for path in SCENARIOS:
        for assessment in assess_case(load_case(path, engine().law), engine()):
            _note(found, assessment, path.stem)
    return found


def _note(
    found: dict[str, dict[str, set[str]]], assessment: DisclosureAssessment, where: str
) -> None:
    for provision in assessment.provisions:
        for state in {provision.state, *provision.by_strand.values()}:
            found[provision.id][state].add(where)


def lacking(table: Engine) -> dict[str, str]:
    """Return the norms that bear on a disclosure and are not reached, with what is lacking."""
    out: dict[str, str] = {}
    for norm in table.table.norms.values():
        if not bears(norm):
            continue
        seen = states()[norm.id]
        wanted = {"applies", "applies-if-judgement"} if norm.start else {"not-in-force"}
        if not wanted & set(seen):
            out[norm.id] = "no row or scenario in which it applies"
        elif norm.start and "not-applicable" not in seen:
            out[norm.id] = "no row or scenario in which it is not applicable"
    return out


@pytest.mark.slow
def test_every_norm_is_reached() -> None:
    """Each norm that can bear on a disclosure applies in some case and is not applicable in another."""
    found = [
        f"{name}: {why}" for name, why in lacking(engine()).items() if name not in OUT_OF_REACH
    ]
    assert found == [], "\n" + "\n".join(found)


@pytest.mark.slow
def test_the_exceptions_are_few_and_needed() -> None:
    """No norm is excepted that is reached, or is gone; and there are at most five."""
    assert set(OUT_OF_REACH) <= set(lacking(engine()))
    assert len(OUT_OF_REACH) <= 5
