"""Between which days an answer holds, and which changes of the law open and close that time.

The answer of an assessment is its outcome; the state of each layer with the norms that carry it;
and its conflicts. The facts stay as they are and only the law date moves: a child does not grow
older. Walking outwards from the law date, the disclosure is assessed again where the law changes,
until the answer differs.

Source: design section 6 (``holds``); case-model sections 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from kg.assess import assess_prepared
from kg.assess.causes import REGIME_DAYS, causes_of, is_open, kinds_of, may_concern
from kg.assess.engine import Engine
from kg.model import Case, DisclosureAssessment, Holds
from kg.prepare import Prepared, prepare

_DAY = timedelta(1)


def answer_of(assessment: DisclosureAssessment) -> object:
    """Return what must stay the same for an answer to hold: outcome, layers with norms, conflicts."""
    layers = tuple(
        (name, layer.state, frozenset(layer.by)) for name, layer in assessment.layers.items()
    )
    return assessment.outcome, layers, frozenset(assessment.conflicts)


def with_holds(
    engine: Engine, case: Case, assessments: Iterable[DisclosureAssessment]
) -> list[DisclosureAssessment]:
    """Return assessments of a case with ``holds`` worked out: for whoever shows it."""
    return [replace(one, holds=holds_of(engine, case, one)) for one in assessments]


def holds_of(engine: Engine, case: Case, assessment: DisclosureAssessment) -> Holds:
    """Return the half-open interval of days round the law date on which the answer is the same.

    A change of the law that cannot touch the answer is passed over without a new assessment: a norm
    that fails by its own conditions on every strand, or that nothing of the answer reads; an entry
    for kinds that do not occur. The rest is assessed. Raises: Contradiction.
    """
    walk = _Walk(engine, case, assessment)
    points, day = engine.change_points, assessment.law_date.isoformat()
    earlier = walk.until_different((p for p in reversed(points) if p <= day), before=True)
    later = walk.until_different((p for p in points if p > day), before=False)
    return Holds(
        earlier[0] if earlier else None,
        later[0] if later else None,
        causes_of(engine, earlier[2], earlier[1], walk.kinds) if earlier else (),
        causes_of(engine, later[1], later[2], walk.kinds) if later else (),
    )


class _Walk:
    """Assesses one disclosure on other days, only where it must."""

    def __init__(self, engine: Engine, case: Case, assessment: DisclosureAssessment) -> None:
        self.engine, self.case, self.start = engine, case, assessment
        # Without a stated date the facts are those of the day that stood in for it.
        self.today = assessment.law_date if assessment.law_date_from == "today" else None
        self.kinds: frozenset[str] = frozenset()
        self.entry_days: frozenset[str] = frozenset()
        self._prepared(assessment.law_date)

    def _prepared(self, day: date) -> Prepared:
        """Prepare the disclosure by the law of a day, and learn which kinds occur in it."""
        node = f"case:{self.case.name}/{self.start.id}"
        prepared = prepare(self.case, self.engine.law, node, day, self.today)
        kinds = self.kinds | kinds_of(prepared)
        if kinds != self.kinds:
            self.kinds = kinds
            entries = may_concern(self.engine, kinds)
            self.entry_days = frozenset(day for e in entries for day in (e.start, e.end))
        return prepared

    def until_different(
        self, points: Iterable[str], *, before: bool
    ) -> tuple[str, DisclosureAssessment, DisclosureAssessment] | None:
        """Return the first change point behind which the answer differs.

        With it: the last assessment on this side of it, and the first beyond it. None: no such point.
        """
        wanted, last = answer_of(self.start), self.start
        for point in points:
            if not self._matters(last, point):
                continue
            day = date.fromisoformat(point)
            prepared = self._prepared(day - _DAY if before else day)
            found = assess_prepared(prepared, self.engine, every_gap=False)
            if answer_of(found) != wanted:
                return point, last, found
            last = found
        return None

    def _matters(self, assessment: DisclosureAssessment, point: str) -> bool:
        """Whether what changes on a day could touch the answer, judged from a neighbouring day.

        Conditions do not read the dates of their norm, so a norm with a failed condition fails on
        both sides; conditions change only with the regime, an entry for kinds that occur, or
        another norm.
        """
        return (
            point in REGIME_DAYS
            or point in self.entry_days
            or any(
                is_open(self.engine, result)
                for result in assessment.provisions
                if point in result.in_force
            )
        )
