"""Every disagreement of the sources is held with both positions, what is followed, and why."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from kg.assess import Engine
from kg.load import Law, load_law
from kg.model import Lit

#: How many rows the specification has: law-3 section 11 (d), guidance sections W (c) and X (e).
COUNTS = {"d": 45, "c": 17, "e": 14}
FOLLOWED = {"kg:law", "kg:guidanceSource", "kg:eachInItsScope"}
#: Pointers to a document begin with its code.
DOCUMENTS = ("S0:", "S1:", "S2:", "S3:", "S4:")


@cache
def law() -> Law:
    return load_law()


def sources(node: str) -> list[str]:
    return [v.text for v in law().values(node, "dcterms:source") if isinstance(v, Lit)]


NODES = list(law().instances("kg:Discrepancy"))


def test_counts() -> None:
    """Each row of the specification is a node, numbered without a gap."""
    letters = Counter(name.partition(":")[2][0] for name in NODES)
    assert letters == COUNTS
    wanted = {f"discrepancy:{c}-{n:02}" for c, last in COUNTS.items() for n in range(1, last + 1)}
    assert set(NODES) == wanted


@pytest.mark.parametrize("node", NODES)
def test_complete(node: str) -> None:
    """Both positions differ; what is followed, why, where it stands and its status are stated once."""
    texts = {
        p: law().text(node, p) for p in ("rdfs:label", "kg:sourceSays", "kg:lawSays", "kg:reason")
    }
    assert all(texts.values()), texts
    assert len(set(texts.values())) == len(texts)
    assert len(law().names(node, "kg:follows")) == 1
    assert law().name(node, "kg:follows") in FOLLOWED
    assert law().text(node, "kg:reviewStatus") in {"confirmed", "to-be-confirmed"}
    assert law().text(node, "kg:settled") in {"true", "false"}
    assert any(source.startswith("domain ") for source in sources(node))


@pytest.mark.parametrize("node", NODES)
def test_points_at_things_that_exist(node: str) -> None:
    """What it bears on is citable (or a statement); the documents that say it are instruments with pointers."""
    known = law().citable | set(law().instances("kg:GuidanceStatement"))
    targets = law().names(node, "kg:bearsOn")
    assert targets
    assert set(targets) <= known, set(targets) - known
    documents = law().names(node, "kg:statedIn")
    assert set(documents) <= set(law().instances("kg:Instrument"))
    pointers = [source for source in sources(node) if source.startswith(DOCUMENTS)]
    # One node is about program code and not about any of the documents.
    assert bool(documents) == bool(pointers) == (node != "discrepancy:d-39")


def test_settled_by_law_is_followed() -> None:
    """Where the text of the law closes a question, the law is followed."""
    for node in NODES:
        if law().text(node, "kg:settled") == "true":
            assert law().name(node, "kg:follows") == "kg:law", node


def test_guidance_in_answers_is_explained_here() -> None:
    """Guidance that an answer sets against the law is explained by a disagreement, and carries no layer."""
    bears = {target for node in NODES for target in law().names(node, "kg:bearsOn")}
    documents = {name for node in NODES for name in law().names(node, "kg:statedIn")}
    for norm in Engine.of(law()).table.norms.values():
        if norm.effect != "guidance":
            continue
        assert norm.layer == "none", norm.id
        at_odds = bool(norm.contradicted_by or norm.understates)
        if at_odds and any(norm.id.startswith(f"{document}-") for document in documents):
            assert norm.id in bears, norm.id


def test_golden_rules_by_wording() -> None:
    """Three sets of seven rules, each in the document whose wording it is; a later rule names the earlier."""
    statements = list(law().instances("kg:GuidanceStatement"))
    sets = Counter(law().name(name, "kg:statedIn") for name in statements)
    assert sets == {"guide:sharing2008": 7, "guide:sharing2018": 7, "guide:sharing2024": 7}
    for name in statements:
        assert law().text(name, "kg:modality") in {"must", "should", "may", "need-not", "defines"}
        assert set(law().names(name, "kg:earlierEdition")) <= set(statements)
