"""What the pages work with: engine, cases and shapes, loaded once for all requests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from kg import paths
from kg.ask import Answer, Question, ask, catalogue, with_rules
from kg.ask.checks import RequiredField, RuleText
from kg.assess import Engine, assess_case
from kg.assess.holds import with_holds
from kg.assess.nearest import Nearest, nearest_of
from kg.errors import BadRequest, KgError, NoRecord, Problem
from kg.load import Law, load_case_text, read_text_of
from kg.model import Case, DisclosureAssessment, RecordReport

if TYPE_CHECKING:
    from kg.validate import Shapes
    from kg.validate.requirements import Checks

_CASE_LINE = re.compile(r"^case\s*:", re.MULTILINE)


def example_cases(law: Law) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """Return the cases of a checkout's examples folder, by file name, and what could not be read.

    Files there that are no cases (a profile, a policy) are passed over. Both are empty where there
    is no such folder, as in an installed package.
    """
    cases: list[Case] = []
    unread: list[Problem] = []
    for path in sorted((paths.ONTOLOGY.parent / "examples").glob("*.yaml")):
        where = f"examples/{path.name}"
        try:
            text = read_text_of(path, where)
            if _CASE_LINE.search(text):
                cases.append(load_case_text(text, "yaml", law, where))
        except KgError as error:
            unread += error.problems
    return tuple(cases), tuple(unread)


@dataclass
class Loaded:
    """Engine and cases of one application.

    ``unread`` says which example files could not be read; ``styled`` whether the design system's
    style sheet is there. SHACL is not thread-safe, and every question fills a store of its own:
    each of the two is done for one request at a time.

    Raises: BadRequest when two cases have the same name.
    """

    engine: Engine
    cases: Sequence[Case]
    unread: Sequence[Problem] = ()
    styled: bool = True
    _validating: Lock = field(default_factory=Lock)
    _asking: Lock = field(default_factory=Lock)
    _reports: dict[str, tuple[RecordReport, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seen: dict[str, str] = {}
        for case in self.cases:
            if case.name in seen:
                raise BadRequest(
                    Problem(
                        f"the case name “{case.name}” is used twice",
                        case.file,
                        1,
                        f"{seen[case.name]} has it too, and the address of a page is made of it",
                        "change the line “case:” in one of them, or name only one of them",
                    )
                )
            seen[case.name] = case.file

    @cached_property
    def by_name(self) -> Mapping[str, Case]:
        """The cases by name."""
        return {case.name: case for case in self.cases}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The competency questions, in the order of the catalogue, with the values of their lists."""
        return tuple(
            with_rules(q, self.checks.rules) if any(p.type == "rule" for p in q.parameters) else q
            for q in catalogue(self.engine.law)
        )

    @cached_property
    def checks(self) -> Checks:
        """The record rules, and what they ask of a case."""
        from kg.validate.requirements import Checks  # noqa: PLC0415 - see _shapes

        return Checks(self.engine, self._shapes)

    @cached_property
    def _shapes(self) -> Shapes:
        # pyshacl and rdflib take a second to import: the first record pays for it, not the start.
        from kg.validate import load_shapes  # noqa: PLC0415

        return load_shapes()

    def assess(self, case: Case, as_at: date | None = None) -> list[DisclosureAssessment]:
        """Return the answer for each disclosure; without ``as_at`` by the law of its own date.

        Raises: Contradiction.
        """
        return assess_case(case, self.engine, as_at)

    def assess_with_holds(
        self, case: Case, as_at: date | None = None
    ) -> list[DisclosureAssessment]:
        """Return the same with the days on which each answer holds: for a page that shows them.

        Raises: Contradiction.
        """
        return with_holds(self.engine, case, self.assess(case, as_at))

    def nearest(self, case: Case, as_at: date | None = None) -> list[Nearest]:
        """Return what says, for each disclosure, what would have to change for a norm to apply.

        Raises: Contradiction.
        """
        return nearest_of(case, self.engine, as_at)

    def reports(self, case: Case) -> tuple[RecordReport, ...] | None:
        """Return the completeness of each record of a case; None when the case has no record."""
        from kg.validate import validate_case  # noqa: PLC0415 - see _shapes

        with self._validating:
            if case.name not in self._reports:
                try:
                    found = validate_case(case, self.engine, self._shapes)
                except NoRecord:
                    return None
                self._reports[case.name] = tuple(found)
            return self._reports[case.name]

    def ask(self, question: str, values: Mapping[str, str]) -> Answer:
        """Return the answer to a question over the law and the loaded cases.

        Raises: BadRequest, NoRecord, Contradiction.
        """
        with self._asking:
            return ask(question, values, self.engine, self.cases, _KeptChecks(self))


@dataclass(frozen=True)
class _KeptChecks:
    """What questions read of validation: the reports are those kept for the pages of the cases."""

    loaded: Loaded

    @property
    def rules(self) -> tuple[RuleText, ...]:
        return self.loaded.checks.rules

    def reports(self, case: Case) -> Sequence[RecordReport]:
        # Without a record the second call says so, as an error.
        return self.loaded.reports(case) or self.loaded.checks.reports(case)

    def requirements(self, case: Case) -> Sequence[RequiredField]:
        return self.loaded.checks.requirements(case)
