"""The picture of an answer and its list: the same nodes and links, nothing overlaps, safe text."""

from __future__ import annotations

import dataclasses
import itertools
import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from kg.assess import Engine, assess_case
from kg.export.picture import LIMIT, Link, Node, Picture, picture_list, picture_of
from kg.export.svg import WIDTH, drawn, picture_svg, svg_file, text_width, wrapped
from kg.load import load_case, load_law
from kg.model import DisclosureAssessment, OpenJudgement

SCENARIOS = sorted((Path(__file__).resolve().parents[2] / "scenarios").glob("SC-*.yaml"))[::9]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = """<script>alert(1)</script>"/><a href='x'> &amp; ]]> \x00\x0b Wörter 漢字 Donaudampfschifffahrtsgesellschaftskapitän"""


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def answers(path: Path) -> tuple[DisclosureAssessment, ...]:
    return tuple(assess_case(load_case(path, engine().law), engine()))


def crowded() -> DisclosureAssessment:
    """Return an answer with more provisions and questions than a picture holds, and hostile words."""
    (one, *_) = answers(SCENARIOS[0])
    norms = tuple(p.id for p in one.provisions[:60])
    layers = {
        name: layer._replace(state="if-judged", by=norms[n : n + 2 + 4 * n])
        for n, (name, layer) in enumerate(one.layers.items())
    }
    asked = tuple(
        OpenJudgement(f"q-{n}", "", f"{HOSTILE} {n}?", norms[n % 7], "needed", ()) for n in range(9)
    )
    summary = {**one.summary, "From": HOSTILE * 3, "To": "; ".join(["council"] * 5)}
    return dataclasses.replace(one, layers=layers, judgements=asked, summary=summary)


ALL = [*SCENARIOS, None]


def pictures(path: Path | None) -> list[Picture]:
    return [picture_of(a) for a in (answers(path) if path else [crowded()])]


def parts(group: ET.Element) -> dict[str, list[str]]:
    """Return the lines of a drawn node, words and state apart."""
    return {
        text.attrib["data-part"]: [span.text or "" for span in text]
        for text in group.iter(f"{SVG}text")
        if "data-part" in text.attrib
    }


def bare(words: str) -> str:
    """Return words without spaces and what no XML may hold: lines may be cut anywhere."""
    return re.sub(r"[\s\x00-\x1f]+", "", words)


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem if p else "crowded")
def test_picture_and_list_say_the_same(path: Path | None) -> None:
    """What is drawn is what is listed: every node with its words and state, and every link."""
    for picture in pictures(path):
        root = ET.fromstring(picture_svg(picture))
        shown = {
            g.attrib["data-node"]: bare(": ".join("".join(lines) for lines in parts(g).values()))
            for g in root.iter(f"{SVG}g")
        }
        lines = [
            (shown[p.attrib["data-from"]], shown[p.attrib["data-to"]])
            for p in root.iter(f"{SVG}path")
            if "data-from" in p.attrib
        ]
        items = picture_list(picture)

        assert len(items) <= LIMIT
        assert sorted(shown.values()) == sorted(bare(item.text) for item in items)
        listed = [
            (bare(item.text), bare(words.partition(": ")[2]))
            for item in items
            for words in item.links
        ]
        assert sorted(lines) == sorted(listed)


def test_every_node_says_its_state() -> None:
    """Layers, provisions and questions have their state in words, from the answer itself."""
    for path in SCENARIOS:
        for assessment in answers(path):
            nodes = picture_of(assessment).nodes
            layers = [(n.words, n.shape) for n in nodes if n.kind == "layer"]
            assert layers == [(x.label, x.state) for x in assessment.layers.values()]
            assert all(n.state for n in nodes if n.kind in {"layer", "question"})
            carried = {
                p.citation
                for layer in assessment.layers.values()
                for p in assessment.provisions
                if p.id in layer.by
            }
            named = {n.words for n in nodes if n.kind == "provision" and n.state}
            assert named <= carried


def test_what_does_not_fit_is_counted() -> None:
    """Grouped provisions and questions are counted: none is lost in silence."""
    assessment = crowded()
    nodes = picture_of(assessment).nodes
    assert len(nodes) <= LIMIT
    for name, layer in assessment.layers.items():
        own = [n for n in nodes if n.id.startswith(f"layer-{name}-")]
        more = sum(int(m[1]) for n in own if (m := re.search(r"and (\d+) more$", n.words)))
        single = sum(not n.id.endswith("-more") or not n.words.startswith("and ") for n in own)
        assert single + more == len(set(layer.by)), name
    questions = [n for n in nodes if n.kind == "question"]
    assert questions[-1].words == f"and {9 - (len(questions) - 1)} more questions"


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem if p else "crowded")
def test_nothing_overlaps(path: Path | None) -> None:
    """Boxes stand apart and inside the picture; every line of words fits its box."""
    for picture in pictures(path):
        found = drawn(picture)
        boxes = list(found.boxes.values())
        for one, other in itertools.combinations(boxes, 2):
            apart = (
                one.right <= other.x
                or other.right <= one.x
                or one.bottom <= other.y
                or other.bottom <= one.y
            )
            assert apart, (one.node, other.node)
        for box in boxes:
            assert box.x >= 0
            assert box.right <= WIDTH
            assert box.bottom <= found.height
        root = ET.fromstring(picture_svg(picture))
        for group in root.iter(f"{SVG}g"):
            box = found.boxes[group.attrib["data-node"]]
            for text in group.iter(f"{SVG}text"):
                bold = text.get("font-weight") == "bold"
                for span in text:
                    x, y = float(span.attrib["x"]), float(span.attrib["y"])
                    assert x + text_width(span.text or "", bold=bold) <= box.right, span.text
                    assert box.y < y < box.bottom


def test_wrapping() -> None:
    """Words keep their order; a word that is too long is cut, and nothing is lost."""
    words = "a quite ordinary sentence with Donaudampfschifffahrtsgesellschaftskapitän inside"
    for width in (40, 90, 300):
        lines = wrapped(words, width)
        assert bare("".join(lines)) == bare(words)
        assert all(text_width(line) <= width for line in lines)
    assert wrapped("", 90) == ()


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem if p else "crowded")
def test_drawing_is_inert(path: Path | None) -> None:
    """No script, style, event, link or address: shapes and text only, with a name and a description."""
    for picture in pictures(path):
        root = ET.fromstring(svg_file(picture).encode())
        assert root.attrib["role"] == "img"
        ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
        assert root.attrib["aria-labelledby"].split() == ids
        assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
            "svg", "title", "desc", "g", "rect", "circle", "path", "polygon", "text", "tspan"
        }  # fmt: skip
        names = {name for e in root.iter() for name in e.attrib}
        assert not {
            n for n in names if n.startswith("on") or "href" in n or n in {"style", "class"}
        }
        values = {value for e in root.iter() for value in e.attrib.values()}
        assert not {v for v in values if "url(" in v or ":" in v}


def test_black_on_white() -> None:
    """Printed without colour it reads the same: ink, one grey and white, shapes that differ."""
    root = ET.fromstring(picture_svg(picture_of(crowded())))
    colours = {e.get(name) for e in root.iter() for name in ("fill", "stroke")} - {None}
    assert colours <= {"#0b0c0c", "#505a5f", "#ffffff", "none"}


def test_shapes_differ_by_state() -> None:
    """Each state of a layer has a shape of its own."""
    found = set()
    for state in ("shown", "if-judged", "not-shown", "barred", "not-needed"):
        ends = tuple(
            Node(n, k, "x")
            for n, k in (("giver", "giver"), ("taker", "taker"), ("answer", "answer"))
        )
        layer = Node("layer-a", "layer", "x", "y", state)
        links = (Link("answer", "layer-a", "rests on"),)
        root = ET.fromstring(picture_svg(Picture("p", "t", "d", (*ends, layer), links)))
        (group,) = [g for g in root.iter(f"{SVG}g") if g.attrib["data-node"] == "layer-a"]
        found.add(
            tuple(
                ET.tostring(e)
                for e in group
                if "data-part" not in e.attrib and e.tag != f"{SVG}rect"
            )
        )
    assert len(found) == 5


def test_same_answer_same_picture() -> None:
    """The drawing depends on the answer alone."""
    one = picture_svg(picture_of(answers(SCENARIOS[1])[0]))
    again = assess_case(load_case(SCENARIOS[1], engine().law), engine())[0]
    assert picture_svg(picture_of(again)) == one
