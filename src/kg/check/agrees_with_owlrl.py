"""The chainer and owlrl classify alike (full check only).

Problem: on an example case the two reasoners find different classes, or owlrl an inconsistency.
Why:     an answer may then rest on a fault of the program instead of the law.
Fix:     look at the axioms of the class named; report it if they use allowed constructs only.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from kg.assess import Engine
from kg.errors import KgError, Problem
from kg.load import load_case, load_case_text
from kg.prepare import disclosures, prepare
from kg.prepare.computed import REGIMES
from kg.referee import differences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.load import Case, Law

#: An ordinary case that touches every layer; the date decides which law applies.
EXAMPLE = """\
case: example
parties:
  giver: {kind: nhs-foundation-trust, profession: health, policy-document: yes}
  asker: {kind: local-authority, function: childrens-social-care}
  other: {kind: police-force}
people:
  child: {age: 9}
  parent: {age: 34, parental-responsibility-for: child}
information:
  notes: {description: health record, topic: health, about: child, confidential: yes, gathered-for: direct-care}
  report: {description: report of an offence, topic: [offence, ordinary], about: parent, confidential: no}
disclosure:
  from: giver
  to: [asker, other]
  items: [notes, report]
  subjects:
    - {person: child, consent: {state: not-sought, reason: interference-with-investigation}}
    - {person: parent, consent: {state: given, for: confidence, form: written, covers: report}}
  purpose: {kind: s47-enquiry, words: an enquiry}
  trigger: request
  request: {by: asker, enquiry-open: yes, channel: telephone}
  date: DATE
  channel: secure-email
  concern: {level: reasonable-cause-to-suspect-significant-harm}
  protects: child
"""


def problems(material: Material) -> Iterator[Problem]:
    """Yield each difference on the examples given, else on one case in each regime."""
    try:
        engine = Engine.of(material.law)
        cases = list(_cases(material, engine.law))
        prepared = [prepare(c, engine.law, name) for c in cases for name in disclosures(c)]
    except KgError as fault:
        yield from fault.problems
        return
    for difference in differences(prepared, engine):
        yield Problem(
            difference,
            why="the two reasoners should agree on everything",
            fix="look at the axioms of that class",
        )


def _cases(material: Material, law: Law) -> Iterator[Case]:
    for path in material.examples:
        yield load_case(path, law)
    if not material.examples:
        for start, _ in REGIMES:
            day = start + timedelta(days=400) if start > date.min else date(1999, 6, 1)
            yield load_case_text(EXAMPLE.replace("DATE", day.isoformat()), "yaml", law, "example")
