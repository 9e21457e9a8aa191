"""The report as the SHACL standard writes it, in Turtle: one validation report per record.

Source: SHACL 3.6 (validation report); a report conforms when it holds no result of any severity.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.errors import KgError
from kg.model import RecordReport, RuleResult
from kg.namespaces import PREFIXES, expand
from kg.validate import Shapes

_SEVERITY = {"violation": "sh:Violation", "warning": "sh:Warning", "info": "sh:Info"}
_USED = ("sh", "kg", "kgsh", "xsd", "dcterms")


def turtle_report(
    reports: Sequence[RecordReport], errors: Sequence[KgError], shapes: Shapes
) -> str:
    """Return the reports; files that could not be read are named in comments at the top."""
    lines = [f"@prefix {name}: <{PREFIXES[name]}> ." for name in _USED]
    for error in errors:
        for problem in error.problems:
            lines += [f"# Not read: {line}" for line in str(problem).splitlines()]
    for one in reports:
        lines += ["", *_report(one, shapes)]
    return "\n".join(lines) + "\n"


def _report(one: RecordReport, shapes: Shapes) -> Iterator[str]:
    record = expand(f"case:{one.case}/{one.id}")
    yield "[] a sh:ValidationReport ;"
    yield f"    dcterms:subject <{record}> ;"
    yield f"    dcterms:source {_text(one.file)} ;"
    if one.policy:
        yield f"    kg:policy {_text(one.policy)}@en ;"
    yield f"    sh:conforms {'false' if one.results else 'true'}"
    for result in one.results:
        yield "    ; sh:result [ a sh:ValidationResult ;"
        yield from (f"        {line} ;" for line in _result(result, shapes))
        yield "    ]"
    yield "    ."


def _result(result: RuleResult, shapes: Shapes) -> Iterator[str]:
    yield f"sh:focusNode <{expand(result.focus)}>"
    path = shapes.rules[result.shape].path
    if len(path) == 1:
        yield f"sh:resultPath <{expand(path[0])}>"
    yield f"sh:sourceShape <{expand(result.shape)}>"
    yield f"sh:resultSeverity {_SEVERITY[result.severity]}"
    yield f"sh:resultMessage {_text(result.message)}@en"
    yield f"kg:place {_text(result.path)}"
    if result.policy:
        yield f"kg:policy {_text(result.policy)}@en"
    if result.line:
        yield f"kg:line {result.line}"


def _text(words: str) -> str:
    """Return a Turtle literal: everything that could end it is escaped."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    for plain, code in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        escaped = escaped.replace(plain, code)
    return f'"{escaped}"'
