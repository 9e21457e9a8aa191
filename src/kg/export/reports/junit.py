"""The report as JUnit XML: one suite per record, one test case per result; only a Must fails.

Source: design section 6 (in JUnit only violations fail).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from kg.errors import KgError
from kg.export.reports.summary import SEVERITY_WORDS
from kg.model import RecordReport, RuleResult
from kg.validate import Shapes

#: Characters that no XML file may hold.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)


def junit_report(
    reports: Sequence[RecordReport], errors: Sequence[KgError], _shapes: Shapes
) -> str:
    """Return the report; a file that could not be read is an error, a complete record one pass."""
    root = ET.Element("testsuites", name="kg validate")
    totals = {"tests": 0, "failures": 0, "errors": 0}
    for one in reports:
        failures = sum(result.severity == "violation" for result in one.results)
        tests = max(1, len(one.results))
        suite = ET.SubElement(
            root, "testsuite", name=_clean(f"{one.case} {one.id}"), tests=str(tests),
            failures=str(failures), errors="0", skipped="0", time="0",
        )  # fmt: skip
        if one.policy:
            properties = ET.SubElement(suite, "properties")
            ET.SubElement(properties, "property", name="policy", value=_clean(one.policy))
        for result in one.results:
            _case(suite, one, result)
        if not one.results:
            ET.SubElement(
                suite, "testcase", name="complete", classname=_clean(one.file), time="0"
            )
        totals["tests"] += tests
        totals["failures"] += failures
    problems = [problem for error in errors for problem in error.problems]
    if problems:
        suite = ET.SubElement(
            root, "testsuite", name="files that could not be read", tests=str(len(problems)),
            failures="0", errors=str(len(problems)), skipped="0", time="0",
        )  # fmt: skip
        for number, problem in enumerate(problems, 1):
            case = ET.SubElement(
                suite, "testcase", name=f"problem {number}", classname=_clean(problem.file), time="0"
            )
            ET.SubElement(case, "error", message=_clean(problem.what), type="input").text = _clean(
                str(problem)
            )
        totals["tests"] += len(problems)
        totals["errors"] += len(problems)
    for name, number in totals.items():
        root.set(name, str(number))
    root.set("time", "0")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _case(suite: ET.Element, one: RecordReport, result: RuleResult) -> None:
    where = f"{one.file}:{result.line}" if result.line else one.file
    case = ET.SubElement(
        suite, "testcase", name=_clean(f"{result.rule} {result.path}"), classname=_clean(one.file),
        time="0",
    )  # fmt: skip
    text = f"{where}\n{result.path}\n{result.message}\nSources: {', '.join(result.sources)}"
    text += f"\nPolicy: {result.policy}" if result.policy else ""
    if result.severity == "violation":
        failure = ET.SubElement(case, "failure", message=_clean(result.message), type=result.rule)
        failure.text = _clean(text)
    else:
        out = ET.SubElement(case, "system-out")
        out.text = _clean(f"{SEVERITY_WORDS[result.severity]}: {text}")
