"""A judgement condition asks a question that exists and says which answer meets it.

Problem: a judgement condition without a declared question, or without one answer class.
Why:     nobody could be asked, or no answer would ever count.
Fix:     add kg:question with a question of judgements.ttl, and
         <condition>.yes (or .no) rdfs:subClassOf <condition>.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.load.hints import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem


def problems(material: Material) -> Iterator[Problem]:
    """Yield what each judgement condition lacks, and each question that lacks its label."""
    law = material.law
    questions = set(material.kinds("kg:Question"))
    for condition in material.kinds("kg:JudgementCondition"):
        asked = law.names(condition, "kg:question")
        if len(asked) != 1 or asked[0] not in questions:
            yield material.problem(
                condition,
                f"{condition} asks {asked[0]}, which is no question" if len(asked) == 1
                else f"{condition} asks {len(asked)} questions instead of one",
                "nobody could be asked",
                nearest(asked[0], questions) if asked else "add kg:question",
            )  # fmt: skip
        below = law.subjects.get(("rdfs:subClassOf", condition), [])
        answers = [name for name in below if name in {f"{condition}.yes", f"{condition}.no"}]
        if len(answers) != 1:
            yield material.problem(
                condition,
                f"{condition} has {len(answers)} answers that meet it instead of one",
                "either every answer would count, or none",
                f"write {condition}.yes rdfs:subClassOf {condition} (or .no)",
            )
    for question in questions:
        if not law.text(question, "rdfs:label"):
            yield material.problem(question, f"{question} has no label", "it is what people read",
                                   "add rdfs:label, worded as a question")  # fmt: skip
