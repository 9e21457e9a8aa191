"""A picture of one answer, and the list that says the same: parties, layers, provisions, questions.

At most 25 nodes. Each state is a word and a shape, never a colour alone. ``picture_of`` says what is
shown; ``kg.export.svg`` draws it, ``picture_list`` writes it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kg import explain
from kg.model import DisclosureAssessment, LayerState, ProvisionState

#: Nodes of a picture; beyond, provisions and questions are grouped.
LIMIT = 25
#: Open questions with a node of their own; the rest share one.
_QUESTIONS = 3
#: Provisions of one layer with a node of their own, even where there is room for more.
_PROVISIONS = 3
#: Characters of a party's name; the rest is left out, in picture and list alike.
_NAME = 120

#: The shape of a provision is that of the layer it would give.
_SHAPES: dict[ProvisionState, LayerState] = {
    "applies": "shown",
    "applies-if-judgement": "if-judged",
    "blocked": "barred",
    "not-shown": "not-shown",
    "not-applicable": "not-shown",
    "not-in-force": "not-shown",
}

NodeKind = Literal["giver", "taker", "answer", "layer", "provision", "question"]


@dataclass(frozen=True, slots=True)
class Node:
    """One box: its id in the picture, what it is, its words, and its state in words (or empty).

    ``shape`` is the state behind the words, one of those of a layer; empty where there is none.
    """

    id: str
    kind: NodeKind
    words: str
    state: str = ""
    shape: LayerState | Literal[""] = ""

    @property
    def text(self) -> str:
        """The words with the state: one line of the list."""
        return f"{self.words}: {self.state}" if self.state else self.words


@dataclass(frozen=True, slots=True)
class Link:
    """A line from one box to another, by their ids, and what it says."""

    start: str
    end: str
    words: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture shows: a title, one sentence, nodes in the order of reading, links."""

    name: str
    title: str
    description: str
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ListItem:
    """One node in words, with what its links lead to."""

    text: str
    links: tuple[str, ...]


def picture_of(assessment: DisclosureAssessment) -> Picture:
    """Return what the picture of a disclosure's answer shows."""
    giver, taker = _parties(assessment)
    answer = Node("answer", "answer", explain.OUTCOME_WORDS[assessment.outcome])
    layers = [
        Node(f"layer-{name}", "layer", layer.label, explain.LAYER_WORDS[layer.state], layer.state)
        for name, layer in assessment.layers.items()
    ]
    questions, waiting = _questions(assessment)
    nodes = [giver, taker, answer, *layers, *questions]
    provisions, layer_links, place = _provisions(assessment, LIMIT - len(nodes))
    links = [Link("giver", "taker", "shares with")]
    links += [Link("answer", layer.id, "rests on") for layer in layers]
    links += layer_links
    asked: dict[tuple[str, str], None] = {}
    for question, norms in waiting:
        ends = dict.fromkeys(place.get(norm, "answer") for norm in norms)
        asked.update(((end, question), None) for end in ends)
    links += [Link(start, end, "may turn on") for start, end in asked]
    ordered = [giver, taker, answer]
    for layer in layers:
        ordered.append(layer)
        ordered += [node for node in provisions if node.id.startswith(f"{layer.id}-")]
    return Picture(
        f"{assessment.case}-{assessment.id}",
        f"The answer for “{assessment.id}” of {assessment.case}, as a picture",
        f"{explain.answer_sentence(assessment)} {explain.law_date_sentence(assessment)}",
        (*ordered, *questions),
        tuple(links),
    )


def picture_list(picture: Picture) -> tuple[ListItem, ...]:
    """Return the same nodes and links in words, in the order of reading."""
    texts = {node.id: node.text for node in picture.nodes}
    return tuple(
        ListItem(
            node.text,
            tuple(
                f"{link.words}: {texts[link.end]}"
                for link in picture.links if link.start == node.id
            ),
        )
        for node in picture.nodes
    )  # fmt: skip


def _parties(assessment: DisclosureAssessment) -> tuple[Node, Node]:
    def node(kind: Literal["giver", "taker"], key: str, word: str) -> Node:
        parties = assessment.summary[key].split("; ")
        more = f" and {len(parties) - 1} more" if len(parties) > 1 else ""
        name = parties[0] if len(parties[0]) <= _NAME else f"{parties[0][:_NAME]}…"
        return Node(kind, kind, f"{word} {name}{more}")

    return node("giver", "From", "From"), node("taker", "To", "To")


def _questions(
    assessment: DisclosureAssessment,
) -> tuple[list[Node], list[tuple[str, tuple[str, ...]]]]:
    """Return the nodes of open questions, and for each the norms that wait for it.

    Questions for provisions that carry a layer come first.
    """
    asked: dict[str, dict[str, None]] = {}
    words: dict[str, str] = {}
    for one in assessment.judgements:
        if one.answer is None:
            words[one.id] = one.question
            asked.setdefault(one.id, {})[one.provision] = None
    carrying = {norm for layer in assessment.layers.values() for norm in layer.by}
    names = sorted(asked, key=lambda name: carrying.isdisjoint(asked[name]))
    shown = names if len(names) <= _QUESTIONS + 1 else names[:_QUESTIONS]
    nodes, waiting = [], []
    for number, name in enumerate(shown, 1):
        nodes.append(
            Node(
                f"question-{number}", "question", words[name], "For a person to judge", "if-judged"
            )
        )
        waiting.append((nodes[-1].id, tuple(asked[name])))
    if rest := names[len(shown) :]:
        label = f"and {len(rest)} more questions"
        nodes.append(Node("question-more", "question", label, "For a person to judge", "if-judged"))
        waiting.append((nodes[-1].id, tuple(dict.fromkeys(n for q in rest for n in asked[q]))))
    return nodes, waiting


def _provisions(
    assessment: DisclosureAssessment, room: int
) -> tuple[list[Node], list[Link], dict[str, str]]:
    """Return the nodes of the provisions that carry a layer, their links, and the node of each norm.

    ``room`` nodes are dealt out one by one, so that no layer goes without.
    """
    carried = {
        name: list(dict.fromkeys(layer.by)) for name, layer in assessment.layers.items() if layer.by
    }
    slots = dict.fromkeys(carried, 0)
    for name in _dealt(carried, room):
        slots[name] += 1
    cited = explain.citations(assessment)
    results = {p.id: p for p in assessment.provisions}
    nodes: list[Node] = []
    links: list[Link] = []
    place: dict[str, str] = {}
    for name, norms in carried.items():
        if not slots[name]:
            continue
        single = norms if len(norms) <= slots[name] else norms[: slots[name] - 1]
        for position, norm in enumerate(single, 1):
            state = results[norm].state
            nodes.append(Node(
                f"layer-{name}-{position}", "provision", cited[norm], explain.PROVISION_WORDS[state],
                _SHAPES[state],
            ))  # fmt: skip
            place.setdefault(norm, nodes[-1].id)
        if rest := norms[len(single) :]:
            label = (
                f"and {len(rest)} more" if single else f"{cited[rest[0]]} and {len(rest) - 1} more"
            )
            nodes.append(Node(f"layer-{name}-more", "provision", label))
            for norm in rest:
                place.setdefault(norm, nodes[-1].id)
    links = [
        Link(f"layer-{name}", node.id, "carried by")
        for name in carried for node in nodes if node.id.startswith(f"layer-{name}-")
    ]  # fmt: skip
    return nodes, links, place


def _dealt(carried: dict[str, list[str]], room: int) -> Iterator[str]:
    """Yield the names of layers in turn, each as often as it gets a node."""
    left = {name: min(len(norms), _PROVISIONS) for name, norms in carried.items()}
    while room and any(left.values()):
        for name, wanted in left.items():
            if wanted and room:
                left[name] = wanted - 1
                room -= 1
                yield name
