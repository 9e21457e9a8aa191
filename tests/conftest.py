"""Which tests the fast loop leaves out: what holds of every scenario is tried there on a few.

The scenarios' own expectations (test_scenarios.py) always run.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

#: One of each kind: a duty, several strands, an old law, a refusal, managed offenders, a meeting.
SAMPLE = {"SC-001", "SC-013", "SC-021", "SC-044", "SC-081", "SC-117"}
_SCENARIO = re.compile(r"\bSC-\d{3}(?:-[a-z])?")
_ALWAYS = "test_scenarios.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what runs over every scenario, beyond the sample, and the rows of scenarios."""
    for item in items:
        parameters = item.name.partition("[")[2]
        named = set(_SCENARIO.findall(parameters))
        of_rows = parameters.startswith(("scenarios-a:", "scenarios-b:"))
        if item.path.name != _ALWAYS and (of_rows or (named and not named & SAMPLE)):
            item.add_marker(pytest.mark.slow)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print, added up over all tests, the figures that tests recorded with ``record_property``."""
    figures: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", ()):
        for name, value in report.user_properties:
            if isinstance(value, int):
                figures[name] += value
    if figures:
        terminalreporter.section("figures")
        for name, total in sorted(figures.items()):
            terminalreporter.write_line(f"{name}: {total}")
