"""Draws a picture of an answer as SVG: black on white, text as text, no script, style or reference.

Lengths are in units of the view box, which is WIDTH wide; one unit is a CSS pixel at full size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import east_asian_width
from xml.etree import ElementTree as ET

from kg.export.picture import Link, Node, Picture

WIDTH = 510
_MARGIN = 8
_SIZE, _LINE, _PAD = 13, 16, 6
#: Room for the shape that goes with a state, left of the words.
_SHAPE = 22
_GAP = 10
#: Left edges: of layers, of provisions; between them run the lines.
_LAYER_X, _LAYER_WIDTH, _PROVISION_X = 30, 174, 222
#: Distance of the lines that lead down to the questions, right of the provisions.
_LANE = 10
_INK, _PALE = "#0b0c0c", "#505a5f"
_FONT = "Arial, Helvetica, sans-serif"

#: Widths of characters in thousandths of the size: published metrics of Helvetica, which Arial and
#: Liberation Sans share. Anything else counts as 1000.
_WIDTHS = {
    **dict.fromkeys("ijl'", 222), **dict.fromkeys(" ft.,:;/!|I·", 278), **dict.fromkeys("r()-“”‘’[]", 333),
    **dict.fromkeys("cksvxyzJ", 500), **dict.fromkeys("abdeghnopqu0123456789?§L#$–_", 556),
    **dict.fromkeys("FTZ", 611), **dict.fromkeys("ABEKPSVXY&", 667), **dict.fromkeys("wCDHNRU", 722),
    **dict.fromkeys("GOQ", 778), **dict.fromkeys("mM", 833),
}  # fmt: skip
#: Other fonts are wider by up to this, and bold too.
_RESERVE, _BOLD = 1.12, 1.08

#: Border of a box by the shape of its state: width and dashes.
_BORDERS = {
    "shown": ("1.5", ""),
    "if-judged": ("1.5", "6 3"),
    "not-shown": ("1.5", "2 3"),
    "barred": ("3", ""),
    "not-needed": ("0.75", ""),
    "": ("1", ""),
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Box(NamedTuple):
    """A drawn node: left, top, width, height; its lines, those of the state last; shape or not."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    words: tuple[str, ...]
    state: tuple[str, ...]

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.y + self.height / 2


def text_width(words: str, *, bold: bool = False) -> float:
    """Return the width of words on one line, rather too much than too little."""
    total = sum(
        _WIDTHS.get(c, 1000 if east_asian_width(c) in "WF" or c.isupper() else 800) for c in words
    )
    return total / 1000 * _SIZE * _RESERVE * (_BOLD if bold else 1)


def wrapped(words: str, width: float, *, bold: bool = False) -> tuple[str, ...]:
    """Return words in lines no wider than ``width``; a word wider than that is cut."""
    lines: list[str] = []
    line = ""
    for word in _NOT_XML.sub(" ", words).split():
        while text_width(word, bold=bold) > width:
            room = f"{line} " if line else ""
            cut = next(
                n for n in range(len(word), 0, -1)
                if n == 1 or text_width(room + word[:n], bold=bold) <= width
            )  # fmt: skip
            if room and cut == 1:
                lines.append(line)
                line = ""
                continue
            lines.append(room + word[:cut])
            line, word = "", word[cut:]  # noqa: PLW2901 - what is left of the word
        longer = f"{line} {word}".strip()
        if text_width(longer, bold=bold) <= width:
            line = longer
        else:
            lines.append(line)
            line = word
    return (*lines, line) if line else tuple(lines)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Where everything stands: boxes by node id, the height, the right edge of the boxes."""

    boxes: dict[str, Box]
    height: float
    right: float


def drawn(picture: Picture) -> Drawing:
    """Return where the boxes of a picture stand."""
    questions = [node for node in picture.nodes if node.kind == "question"]
    lanes = (len(questions) + 1) * _LANE if questions else 0
    right = WIDTH - _MARGIN - lanes
    half = (right - _MARGIN - 3 * _GAP) / 2
    giver, taker, answer = picture.nodes[:3]
    boxes = {
        giver.id: _box(giver, _MARGIN, _MARGIN, half),
        taker.id: _box(taker, right - half, _MARGIN, half),
    }
    y = max(box.bottom for box in boxes.values()) + _GAP
    boxes[answer.id] = _box(answer, _MARGIN, y, right - _MARGIN)
    y = boxes[answer.id].bottom + _GAP
    below = 0.0
    for node in picture.nodes[3:]:
        if node.kind == "layer":
            y = max(y, below)
            boxes[node.id] = _box(node, _LAYER_X, y, _LAYER_WIDTH)
            below, beside = boxes[node.id].bottom + _GAP, y
            y = below
        elif node.kind == "provision":
            boxes[node.id] = _box(node, _PROVISION_X, beside, right - _PROVISION_X)
            beside = boxes[node.id].bottom + _GAP / 2
            below = max(below, boxes[node.id].bottom + _GAP)
        else:
            y = max(y, below)
            boxes[node.id] = _box(node, _LAYER_X, y, right - _LAYER_X)
            y = below = boxes[node.id].bottom + _GAP
    bottom = max(box.bottom for box in boxes.values())
    return Drawing(boxes, bottom + _MARGIN, right)


def _box(node: Node, x: float, y: float, width: float) -> Box:
    room = width - 2 * _PAD - (_SHAPE if node.shape else 0)
    words = wrapped(node.words, room, bold=_bold(node))
    state = wrapped(node.state, room)
    height = 2 * _PAD + (len(words) + len(state)) * _LINE
    return Box(node, x, y, width, height, words, state)


def _bold(node: Node) -> bool:
    return node.kind in {"answer", "layer"}


def picture_svg(picture: Picture) -> str:
    """Return the picture as an SVG element, the same text for the same picture.

    Its ids begin with the name of the picture, so that several may stand on one page.
    """
    found = drawn(picture)
    name = "picture-" + re.sub(r"[^A-Za-z0-9]+", "-", picture.name).strip("-")
    title, description = f"{name}-title", f"{name}-description"
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {_number(found.height)}",
            "width": "100%",
            "role": "img",
            "aria-labelledby": f"{title} {description}",
            "font-family": _FONT,
            "font-size": str(_SIZE),
        },
    )
    ET.SubElement(root, "title", id=title).text = _NOT_XML.sub(" ", picture.title)
    ET.SubElement(root, "desc", id=description).text = _NOT_XML.sub(" ", picture.description)
    ET.SubElement(
        root, "rect", {"width": str(WIDTH), "height": _number(found.height), "fill": "#ffffff"}
    )
    lanes = [node.id for node in picture.nodes if node.kind == "question"]
    for link in picture.links:
        _draw_link(root, link, found, lanes)
    for box in found.boxes.values():
        _draw_box(root, box)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode")


def svg_file(picture: Picture) -> str:
    """Return the picture as the text of an SVG file (UTF-8)."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{picture_svg(picture)}\n'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _draw_box(root: ET.Element, box: Box) -> None:
    group = ET.SubElement(root, "g", {"data-node": box.node.id})
    width, dashes = _BORDERS[box.node.shape]
    border = {
        "x": _number(box.x), "y": _number(box.y), "width": _number(box.width),
        "height": _number(box.height), "fill": "#ffffff",
        "stroke": _PALE if box.node.shape == "not-needed" else _INK,
        "stroke-width": "2.5" if box.node.kind == "answer" else width,
    }  # fmt: skip
    if dashes:
        border["stroke-dasharray"] = dashes
    ET.SubElement(group, "rect", border)
    x = box.x + _PAD
    if box.node.shape:
        _draw_shape(group, box.node.shape, x + 8, box.y + _PAD + 8)
        x += _SHAPE
    y = box.y + _PAD + _SIZE - 1
    for part, lines in (("words", box.words), ("state", box.state)):
        if not lines:
            continue
        style = {"fill": _INK, "data-part": part}
        if part == "words" and _bold(box.node):
            style["font-weight"] = "bold"
        text = ET.SubElement(group, "text", style)
        for line in lines:
            ET.SubElement(text, "tspan", {"x": _number(x), "y": _number(y)}).text = line
            y += _LINE


def _draw_shape(group: ET.Element, shape: str, x: float, y: float) -> None:
    """Draw the shape of a state: tick, question mark, empty ring, cross, bar; 16 units wide."""

    def path(d: str, **style: str) -> None:
        ET.SubElement(
            group, "path", {"d": d, "fill": "none", "stroke": _INK, "stroke-width": "2", **style}
        )

    def at(*points: tuple[float, float]) -> str:
        return " ".join(
            f"{'L' if n else 'M'}{_number(x + dx)} {_number(y + dy)}"
            for n, (dx, dy) in enumerate(points)
        )

    if shape in {"shown", "not-shown"}:
        ring = {"cx": _number(x), "cy": _number(y), "r": "7", "stroke": _INK, "stroke-width": "1.5"}
        ring["fill"] = _INK if shape == "shown" else "#ffffff"
        ET.SubElement(group, "circle", ring)
    if shape == "shown":
        path(at((-3.5, 0), (-1, 3), (4, -3)), stroke="#ffffff")
    elif shape == "if-judged":
        path(f"{at((0, -8), (8, 0), (0, 8), (-8, 0))} Z", **{"stroke-width": "1.5"})
        mark = {"x": _number(x), "y": _number(y + 4), "text-anchor": "middle", "font-size": "11"}
        ET.SubElement(group, "text", {**mark, "font-weight": "bold", "fill": _INK}).text = "?"
    elif shape == "barred":
        path(f"{at((-7, -7), (7, -7), (7, 7), (-7, 7))} Z", fill=_INK)
        path(f"{at((-4, -4), (4, 4))} {at((4, -4), (-4, 4))}", stroke="#ffffff")
    elif shape == "not-needed":
        path(at((-7, 0), (7, 0)))


def _draw_link(root: ET.Element, link: Link, found: Drawing, lanes: list[str]) -> None:
    start, end = found.boxes[link.start], found.boxes[link.end]
    line = {"data-from": link.start, "data-to": link.end, "fill": "none", "stroke": _INK}
    n = _number
    x: float
    heads: list[tuple[float, float, int]] = []
    if end.node.kind == "taker":
        d = f"M{n(start.right)} {n(start.middle)} H{n(end.x)}"
        heads = [(end.x, start.middle, 1)]
    elif end.node.kind == "layer":
        x = _MARGIN + 10
        d = f"M{n(x)} {n(start.bottom)} V{n(end.y + 16)} H{n(end.x)}"
    elif end.node.kind == "provision":
        x = (start.right + end.x) / 2
        d = f"M{n(start.right)} {n(start.y + 14)} H{n(x)} V{n(end.y + 14)} H{n(end.x)}"
    else:
        lane = lanes.index(link.end)
        x = found.right + (lane + 1) * _LANE
        y = start.y + start.height * (lane + 1) / (len(lanes) + 1)
        d = f"M{n(start.right)} {n(y)} H{n(x)} V{n(end.middle)} H{n(end.right)}"
        heads = [(end.right, end.middle, -1)]
        dot = {"cx": n(x), "cy": n(y), "r": "2.5", "fill": _INK}
        ET.SubElement(root, "circle", dot)
    ET.SubElement(root, "path", {"d": d, **line})
    for x, y, way in heads:
        points = f"{n(x)},{n(y)} {n(x - 7 * way)},{n(y - 4)} {n(x - 7 * way)},{n(y + 4)}"
        ET.SubElement(root, "polygon", {"points": points, "fill": _INK})
