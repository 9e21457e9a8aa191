"""The answer to a question about a case follows from the JSON of its assessment alone.

Whoever has only the ``kg-assess/1`` document of ``kg assess --json`` can answer every question
about a case. Here each such answer is worked out from the document, and compared with ``kg ask``.
What comes from the law alone (where a source and the law differ, what a provision says of itself)
and what the case itself records are left out of the comparison.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from kg.ask.answers import select
from kg.ask.graph import case_quads, law_quads
from kg.ask.questions import find
from kg.assess import Engine, assess_case
from kg.explain import CONDITION_WORDS, LAYER_WORDS, PROVISION_WORDS
from kg.export import assessment_json
from kg.load import Case, load_case, load_law
from kg.model import Term

SCENARIOS = sorted((Path(__file__).parents[2] / "scenarios").glob("SC-*.yaml"))
SECTION_47 = "ca1989:s47-9"
LAYER_NAMES = {
    "purpose": "Purpose limitation",
    "article6": "Lawful basis",
    "article9": "Special category condition",
    "article10": "Offence data condition",
    "confidence": "Confidentiality",
    "article8": "Article 8 (private life)",
}
OPEN = {"applies", "applies-if-judgement", "not-shown", "blocked"}
Json = dict[str, Any]
#: part, finding, state, still to state: what a row says.
Row = tuple[str, str, str, str]


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def case_of(path: Path) -> Case:
    return load_case(path, engine().law)


@cache
def document(path: Path) -> Json:
    """Return the document as a program reads it from the command: text, and nothing else."""
    case = case_of(path)
    return json.loads(json.dumps(assessment_json(assess_case(case, engine()), engine())))


# --- Reading the document -------------------------------------------------------------------------


def provisions(disclosure: Json, *names: str) -> Iterator[Json]:
    yield from (p for p in disclosure["provisions"] if p["id"] in names)


def gaps(conditions: list[Json]) -> str:
    paths = [m["path"] for c in conditions if c["state"] == "unknown" for m in c["missing"]]
    return "; ".join(dict.fromkeys(paths))


def provision(part: str, p: Json) -> Row:
    in_force = p["state"] != "not-in-force"
    return part, p["label"], PROVISION_WORDS[p["state"]], gaps(p["conditions"]) if in_force else ""


def condition(part: str, c: Json) -> Row:
    return part, c["label"], CONDITION_WORDS[c["state"]], gaps([c])


def layers(disclosure: Json, *names: str) -> Iterator[Row]:
    for name in names:
        state = disclosure["layers"][name]["state"]
        yield "the layer", LAYER_NAMES[name], LAYER_WORDS[state], ""


def to_judge(disclosure: Json, p: Json) -> str:
    """Return the open questions a provision waits for: its own, and those of what could defeat it."""
    if p["state"] not in {"applies-if-judgement", "not-shown"}:
        return ""
    waiting = [p["id"], *(d["id"] for d in disclosure["provisions"] if p["id"] in d["defeats"])]
    words = [
        j["question"]
        for name in waiting
        for j in disclosure["judgements"]
        if j["provision"] == name and j["answer"] is None
    ]
    return " ".join(dict.fromkeys(words))


def conditions_of(p: Json) -> list[Json]:
    return [] if p["state"] == "not-in-force" else p["conditions"]


# --- The questions, from the document -------------------------------------------------------------


def q_01(disclosure: Json) -> Iterator[Row]:
    for p in disclosure["provisions"]:
        fits = p["state"] not in {"not-applicable", "not-in-force"}
        if p["layer"] == "authority" and p["effect"] in {"duty", "power"} and fits:
            yield provision(p["effect"], p)
            yield "to judge", p["label"], to_judge(disclosure, p), ""


def q_02(disclosure: Json) -> Iterator[Row]:
    labels = {p["id"]: p["label"] for p in disclosure["provisions"]}
    parts = {
        "not-met": "condition that fails",
        "unknown": "condition on which a fact is not stated",
        "judgement": "condition for a person to judge",
    }
    for p in provisions(disclosure, SECTION_47):
        yield "the provision", p["label"], PROVISION_WORDS[p["state"]], ""
        for c in conditions_of(p):
            if c["state"] != "met":
                yield condition(parts[c["state"]], c)
        for bar in p["blockedBy"]:
            yield "bar or exception that blocks it", labels[bar], "Blocks", ""
    for d in disclosure["disagreements"]:
        if d["kind"] == "guidance" and d["provision"] == SECTION_47:
            part = "guidance in point that says otherwise"
            yield part, d["guidance_label"], "In point in this case", ""


def q_11(disclosure: Json) -> Iterator[Row]:
    lifting = {"aja1960:s12-1.permission", "fpr2010:r12-73-1-a", "fpr2010:r12-75",
               "fpr1991:r10-20A-2-b", "fpr1991:r10-20A-2-c", "fpr1991:r11-2.listed",
               "fpr1991:r11-2.purpose"}  # fmt: skip
    for p in provisions(disclosure, "aja1960:s12-1"):
        yield provision("the restriction", p)
    for p in provisions(disclosure, *lifting):
        if p["state"] != "not-in-force":
            yield provision("what can lift it", p)
    for p in provisions(disclosure, "cl:court-direction"):
        yield provision("what stands against it", p)


def q_13(disclosure: Json) -> Iterator[Row]:
    yield from layers(disclosure, "article6", "article9", "article10")
    for p in disclosure["provisions"]:
        if p["layer"] in {"article6", "article9", "article10"} and p["state"] in OPEN:
            yield provision("condition", p)
            for c in p["conditions"]:
                if c["state"] != "met" or p["state"] != "not-shown":
                    yield condition("limb", c)


def q_14(disclosure: Json) -> Iterator[Row]:
    for p in provisions(disclosure, "dpa2018:sch1-para18"):
        yield provision("the safeguarding condition", p)
        yield from (condition("limb", c) for c in conditions_of(p))
    for p in disclosure["provisions"]:
        other = p["layer"] == "article9" and p["id"] != "dpa2018:sch1-para18"
        if other and p["state"] in OPEN - {"blocked"}:
            yield provision("alternative", p)


def q_15(disclosure: Json) -> Iterator[Row]:
    names = ("dpa1998:sch2-para4", "dpa1998:sch3-para3", "ukgdpr:art6-1-d", "ukgdpr:art9-2-c",
             "dpa2018:sch1-para30", "dpa2018:sch8-para3")  # fmt: skip
    for p in provisions(disclosure, *names):
        if p["state"] != "not-in-force":
            yield provision("the provision", p)


def q_16(disclosure: Json) -> Iterator[Row]:
    yield from layers(disclosure, "confidence")
    for p in disclosure["provisions"]:
        if p["layer"] == "confidence" and p["state"] != "not-in-force":
            yield provision("the duty" if p["id"] == "cl:confidence" else "what can answer it", p)


def q_17(disclosure: Json) -> Iterator[Row]:
    yield from layers(disclosure, "article8")
    yield from (provision("the rule", p) for p in provisions(disclosure, "hra1998:s6-1"))
    for p in provisions(disclosure, "echr:art8-1", "echr:art8-2"):
        yield provision("what justifies", p)
    for p in provisions(disclosure, "echr:art8-2"):
        yield from (condition("part of the justification", c) for c in conditions_of(p))
    for p in provisions(disclosure, "echr:art2", "echr:art3"):
        yield provision("weighs in the balance", p)


def q_18(disclosure: Json) -> Iterator[Row]:
    yield from layers(disclosure, *LAYER_NAMES)
    for p in disclosure["provisions"]:
        if p["layer"] in {"confidence", "article8"} and p["state"] in OPEN:
            yield provision("provision", p)


def q_77(disclosure: Json) -> Iterator[Row]:
    carrying = {norm for layer in disclosure["layers"].values() for norm in layer["by"]}
    for p in disclosure["provisions"]:
        if p["state"] in OPEN and (p["state"] != "not-shown" or p["id"] in carrying):
            source = p["id"].partition(":")[0]
            guidance = p["effect"] == "guidance" or source == "guide"
            kind = "guidance" if guidance else "common law" if source == "cl" else "text of the law"
            yield kind, p["label"], PROVISION_WORDS[p["state"]], ""
            if p["state"] in {"applies", "applies-if-judgement"}:
                for because in (b for c in p["conditions"] for b in c["because"]):
                    if because["path"].partition("/")[0] in {
                        "parties", "people", "information", "disclosure", "record",
                    } and "/" in because["path"]:  # fmt: skip
                        text = f"{because['path']}: {because['value']}"
                        yield "fact stated in the case", text, "", ""
    for j in disclosure["judgements"]:
        given = {None: "still to be made", True: "answered yes", False: "answered no"}[j["answer"]]
        yield "human judgement", j["question"], given, ""
    for words in disclosure["warnings"]:
        yield "assumption or warning", words, "", ""


QUESTIONS: dict[str, Callable[[Json], Iterator[Row]]] = {
    "Q-01": q_01, "Q-02": q_02, "Q-11": q_11, "Q-13": q_13, "Q-14": q_14, "Q-15": q_15,
    "Q-16": q_16, "Q-17": q_17, "Q-18": q_18, "Q-77": q_77,
}  # fmt: skip


# --- The same from the question -------------------------------------------------------------------


def asked(question: str, path: Path, store: ox.Store) -> set[tuple[str, ...]]:
    """Return the rows of the stored query, as (disclosure, part, finding, state, still to state)."""
    terms: dict[str, Term] = {"case": f"case:{case_of(path).name}/"}
    if question == "Q-02":
        terms["provision"] = SECTION_47
    names, rows = select(store, find(question, engine().law), terms, engine().law)
    found = set()
    for cells in rows:
        row = {name: cell.text for name, cell in zip(names, cells, strict=True)}
        if question == "Q-01":
            row |= {"part": row["effect"], "finding": row["gateway"]}
            waiting = row.get("still_to_judge", "")
            found.add((row["disclosure"], "to judge", row["gateway"], waiting, ""))
        part = row.get("part") or row["kind"]
        missing = row.get("still_to_state", "")
        found.add((row["disclosure"], part, row["finding"], row["state"], missing))
    return found


def compare(path: Path) -> None:
    store = ox.Store()
    store.extend(law_quads(engine().law))
    store.extend(case_quads(case_of(path), engine()))
    for question, work_out in QUESTIONS.items():
        expected = {
            (f"{d['case']}/{d['id']}", *row)
            for d in document(path)["disclosures"]
            for row in work_out(d)
        }
        parts = {row[1] for row in expected}
        found = {row for row in asked(question, path, store) if row[1] in parts}
        assert found == expected, question


@pytest.mark.parametrize("path", SCENARIOS[:3], ids=lambda p: p.stem)
def test_the_document_answers_every_question_about_its_case(path: Path) -> None:
    """Each row of the parts that the document decides, and no other, is in the answer."""
    compare(path)


@pytest.mark.slow
@pytest.mark.parametrize("path", SCENARIOS[3:], ids=lambda p: p.stem)
def test_the_document_answers_them_in_every_scenario(path: Path) -> None:
    compare(path)


def test_a_changed_document_changes_the_answer() -> None:
    """The comparison can fail: an answer of another case is not the answer of this one."""
    first, second = (document(path)["disclosures"][0] for path in SCENARIOS[:2])
    assert set(q_01(first)) != set(q_01(second))


def test_scenarios_are_found() -> None:
    assert len(SCENARIOS) >= 14
