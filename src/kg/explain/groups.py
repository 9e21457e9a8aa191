"""The provisions of an answer in groups: one order and one heading for every format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kg.model import BEARING, DisclosureAssessment, ProvisionResult


@dataclass(frozen=True, slots=True)
class Group:
    """Provisions that come out alike, under one heading.

    ``bearing`` groups bear on the answer and are shown in full in every format; the others are what
    does not fit (docs/reference/answers.md, “The same facts in every format”).
    """

    key: str
    heading: str
    intro: str
    bearing: bool
    provisions: tuple[ProvisionResult, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    key: str
    heading: str
    intro: str
    fits: Callable[[ProvisionResult], bool]


_AUTHORITY = {"duty", "power"}


def _holds(result: ProvisionResult) -> bool:
    return result.state in {"applies", "applies-if-judgement"}


#: Every provision stands in the first group that fits, so each is shown exactly once.
_KINDS = (
    _Kind(
        "guidance",
        "Guidance that fits",
        "Guidance is never an authority to share: it says how to use one.",
        lambda p: p.effect == "guidance" and _holds(p),
    ),
    _Kind(
        "authority",
        "What authorises this disclosure",
        "Every condition is met on the stated facts.",
        lambda p: p.layer == "authority" and p.effect in _AUTHORITY and p.state == "applies",
    ),
    _Kind(
        "restrictions",
        "Restrictions and exceptions in play",
        "These hold, or hold if a person so judges. Unless absolute, each closes one route only.",
        lambda p: p.effect == "bar" and _holds(p),
    ),
    _Kind(
        "may-apply",
        "What may apply, if a person so judges",
        "The stated facts fit. What is open is for a person to decide, and to record.",
        lambda p: p.state == "applies-if-judgement",
    ),
    _Kind(
        "also",
        "What else is satisfied",
        "Lawful bases, conditions and other provisions that apply.",
        lambda p: p.state == "applies",
    ),
    _Kind(
        "not-shown",
        "Not shown: something is not stated",
        "“Not shown” is never “not allowed”: state the missing fact and look again.",
        lambda p: p.state == "not-shown",
    ),
    _Kind(
        "blocked",
        "Blocked by an exception or bar",
        "The conditions fit, and something stands in the way.",
        lambda p: p.state == "blocked",
    ),
    _Kind(
        "not-applicable",
        "Does not apply, and why",
        "Nothing here fits this disclosure on the stated facts.",
        lambda p: p.state == "not-applicable",
    ),
    _Kind(
        "not-in-force",
        "Not in force on this date",
        "The conditions are shown all the same.",
        lambda p: p.state == "not-in-force",
    ),
)
#: Order on the page: the answer first, guidance after the law.
_ORDER = (
    "authority", "may-apply", "restrictions", "also", "not-shown", "blocked", "guidance",
    "not-applicable", "not-in-force",
)  # fmt: skip


def groups_of(assessment: DisclosureAssessment) -> tuple[Group, ...]:
    """Return every provision once, in groups, none of them empty, in the order of reading."""
    place = {layer: number for number, layer in enumerate(assessment.layers)}
    found: dict[str, list[ProvisionResult]] = {kind.key: [] for kind in _KINDS}
    for result in assessment.provisions:
        found[next(kind.key for kind in _KINDS if kind.fits(result))].append(result)
    kinds = {kind.key: kind for kind in _KINDS}
    groups = []
    for key in _ORDER:
        results = sorted(
            found[key],
            key=lambda p: (place.get(p.layer, len(place)), p.fallback, p.effect != "duty"),
        )
        if results:
            kind, bearing = kinds[key], results[0].state in BEARING
            groups.append(Group(key, kind.heading, kind.intro, bearing, tuple(results)))
    return tuple(groups)
