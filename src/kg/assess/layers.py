"""Layers and outcome of one strand, and their combination over the strands of a disclosure.

Source: case-model section 4; domain law-3 sections 1.1 and 1.4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.assess.conditions import Walker
from kg.assess.norms import Norm
from kg.load import Law
from kg.model import PROVISION_ORDER, LayerResult, LayerState, Outcome, ProvisionState

#: Worst last: a disclosure's layer is the worst over its strands that need it.
_LAYER_ORDER: tuple[LayerState, ...] = ("not-needed", "shown", "if-judged", "not-shown", "barred")
_OUTCOME_ORDER: tuple[Outcome, ...] = (
    "no-authority-needed",
    "established",
    "established-if-judged",
    "not-established",
    "conflict",
    "barred",
)
#: Effects that carry a layer; bars, requests and guidance never do.
CARRYING = {"duty", "power", "basis", "condition", "other"}
_STATE_OF: dict[ProvisionState, LayerState] = {
    "applies": "shown", "applies-if-judgement": "if-judged", "blocked": "barred",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer as the ontology states it, in order of position."""

    id: str
    label: str
    needed_when: str
    when_not_needed: str


def read_layers(law: Law) -> tuple[Layer, ...]:
    """Return the layers in the order in which an answer shows them."""
    found = sorted(law.instances("kg:Layer"), key=lambda name: int(law.text(name, "kg:position")))
    return tuple(
        Layer(
            n.removeprefix("kg:"),
            law.label(n),
            law.name(n, "kg:neededWhen"),
            law.text(n, "kg:whenNotNeeded"),
        )
        for n in found
    )


def strand_layers(
    layers: tuple[Layer, ...], norms_of: Mapping[str, tuple[Norm, ...]],
    states: Mapping[str, ProvisionState], fallback: frozenset[str], walker: Walker, node: str,
) -> dict[str, LayerResult]:  # fmt: skip
    """Return the layers of one strand; ``norms_of`` holds the norms of each."""
    found: dict[str, LayerResult] = {}
    for layer in layers:
        norms = norms_of[layer.id]
        if layer.id == "bars":
            found[layer.id] = _bars(norms, states, layer)
            continue
        need = walker.state(node, layer.needed_when).state if layer.needed_when else "met"
        if need == "not-met":
            found[layer.id] = LayerResult(
                "not-needed", (), _why_not_needed(layer, walker, node), layer.label
            )
            continue
        found[layer.id] = _best(
            [n for n in norms if n.effect in CARRYING], states, fallback, layer
        )
    return found


def _why_not_needed(layer: Layer, walker: Walker, node: str) -> str:
    if layer.id == "authority":
        if walker.closure.has(node, "kg:WithinOnePerson"):
            return "use inside one organisation"
        return "the discloser needs no legal power to speak"
    return layer.when_not_needed


def _best(
    norms: Sequence[Norm], states: Mapping[str, ProvisionState], fallback: frozenset[str], layer: Layer
) -> LayerResult:
    """Return the best state among the norms; barred only if no other norm is open."""
    own = [n for n in norms if n.id not in fallback]
    best = min((states[n.id] for n in own), key=PROVISION_ORDER.index, default="not-applicable")
    if best not in _STATE_OF:
        return LayerResult("not-shown", (), "", layer.label)
    by = tuple(n.id for n in own if states[n.id] == best)
    return LayerResult(_STATE_OF[best], by, "", layer.label)


def _bars(norms: Sequence[Norm], states: Mapping[str, ProvisionState], layer: Layer) -> LayerResult:
    """Only an absolute prohibition settles this layer: other bars remove their own route alone."""
    for state in ("applies", "applies-if-judgement", "not-shown"):
        by = tuple(n.id for n in norms if n.kind == "AbsoluteProhibition" and states[n.id] == state)
        if by:
            return LayerResult(
                "barred" if state == "applies" else _STATE_OF.get(state, "not-shown"),
                by,
                "",
                layer.label,
            )
    routes = tuple(n.id for n in norms if states[n.id] == "applies")
    note = "removes its own route only" if routes else "no bar stands against the routes found"
    return LayerResult("not-needed", routes, note, layer.label)


def outcome_of(layers: Mapping[str, LayerResult], *, conflict: bool) -> Outcome:
    """Return the outcome of one strand, by the first rule that fits (case-model section 4)."""
    states = {name: layer.state for name, layer in layers.items()}
    needed = [state for state in states.values() if state != "not-needed"]
    outcome: Outcome
    if states["bars"] == "barred":
        outcome = "barred"
    elif conflict:
        outcome = "conflict"
    elif states["authority"] == "not-needed" and all(state == "shown" for state in needed):
        outcome = "no-authority-needed"
    elif states["authority"] == "barred":
        outcome = "barred"
    elif "not-shown" in needed or "barred" in needed:
        outcome = "not-established"
    elif "if-judged" in needed:
        outcome = "established-if-judged"
    else:
        outcome = "established"
    return outcome


def combine_layers(
    by_strand: list[Mapping[str, LayerResult]], layers: tuple[Layer, ...]
) -> dict[str, LayerResult]:
    """Return the worst state of each layer over the strands, with the norms that carry it there."""
    combined: dict[str, LayerResult] = {}
    for layer in layers:
        results = [strand[layer.id] for strand in by_strand]
        state = max((r.state for r in results), key=_LAYER_ORDER.index)
        worst = [r for r in results if r.state == state]
        by = tuple(dict.fromkeys(name for r in worst for name in r.by))
        note = next((r.note for r in worst if r.by and r.note), "")
        note = note or next((r.note for r in worst if r.note), "")
        if len({r.state for r in results}) > 1:
            note = (note + "; " if note else "") + "the strands differ"
        combined[layer.id] = LayerResult(state, by, note, layer.label)
    return combined


def combine_outcomes(outcomes: list[Outcome]) -> Outcome:
    """Return the weakest outcome over the strands."""
    return max(outcomes, key=_OUTCOME_ORDER.index)


def combine_states(states: list[ProvisionState], *, bar: bool) -> ProvisionState:
    """Return the weakest state over the strands; of a bar the strongest."""
    if len(states) == 1:
        return states[0]
    chosen = min if bar else max
    return chosen(states, key=PROVISION_ORDER.index)
