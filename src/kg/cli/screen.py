"""Answers on a terminal: what a person reads first comes first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kg import explain
from kg.errors import KgError
from kg.model import DisclosureAssessment, ProvisionResult, RecordReport

if TYPE_CHECKING:
    from kg.ask import Answer, Cell, Question
    from kg.assess.nearest import Ways
    from kg.coverage import Coverage
    from kg.validate import RuleInfo

SEVERITY_WORDS = {"violation": "Must", "warning": "Should", "info": "Advice"}


def console(*, error: bool = False) -> Console:
    """Return a console that wraps at the terminal's width, at 100 where there is none."""
    found = Console(stderr=error, highlight=False, soft_wrap=False)
    return found if found.is_terminal else Console(stderr=error, highlight=False, width=100)


def show_errors(errors: Iterable[KgError]) -> None:
    """Print errors: what, where, why, how to fix."""
    screen = console(error=True)
    for error in errors:
        screen.print(Text(str(error)), style="red")


def show_assessment(assessment: DisclosureAssessment) -> None:
    """Print one answer: sentence, facts, layers, what bears on it in full, what is open, what fails."""
    out = console()
    _show_head(out, assessment)
    _show_layers(out, assessment)
    cited = explain.citations(assessment)
    _show_open(out, assessment, cited)
    for group in explain.groups_of(assessment):
        if group.bearing:
            heading(out, group.heading)
            for provision in group.provisions:
                show_provision(out, provision, cited)
    _show_beside(out, assessment, cited)
    _show_rest(out, assessment, cited)


def line(out: Console, words: str, indent: int = 0, style: str = "") -> None:
    """Print a paragraph whose wrapped lines keep the indent."""
    out.print(Padding(Text(words, style=style), (0, 0, 0, indent), expand=False))


def heading(out: Console, words: str) -> None:
    """Print a heading after an empty line."""
    out.print()
    out.print(Text(words, style="bold"))


def _show_head(out: Console, assessment: DisclosureAssessment) -> None:
    out.print()
    out.print(Text(explain.answer_sentence(assessment), style="bold"))
    out.print(Text(f"{assessment.case} · {assessment.id}"))
    out.print(Text(explain.law_date_sentence(assessment)))
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for key, value in assessment.summary.items():
        table.add_row(Text(key, style="dim"), Text(value))
    out.print(table)


def _show_layers(out: Console, assessment: DisclosureAssessment) -> None:
    cited = explain.citations(assessment)
    table = Table(
        title="The whole stack",
        title_justify="left",
        title_style="bold",
        box=None,
        padding=(0, 2, 0, 0),
    )
    for column in ("Layer", "Answer", "By"):
        table.add_column(column, overflow="fold")
    for layer in assessment.layers.values():
        names = "; ".join(dict.fromkeys(cited[name] for name in layer.by))
        by = f"{names} ({layer.note})" if names and layer.note else names or layer.note
        table.add_row(Text(layer.label), Text(explain.LAYER_WORDS[layer.state]), Text(by))
    out.print()
    out.print(table)
    if assessment.holds:
        line(out, explain.holds_sentence(assessment.holds), 0, "dim")


def show_provision(out: Console, provision: ProvisionResult, cited: Mapping[str, str]) -> None:
    """Print one provision with its conditions; ``cited`` are citations by id."""
    fallback = f" {explain.FALLBACK}" if provision.fallback else ""
    review = f" [{explain.AWAITING}]" if provision.review_status != "confirmed" else ""
    out.print(Text.assemble(
        ("• ", ""), (provision.citation, "bold"), f": {provision.label}. ",
        (f"{explain.PROVISION_WORDS[provision.state]}.", "bold"), f"{fallback}{review}",
    ))  # fmt: skip
    line(out, provision.url, 2, "dim")
    line(out, f"{explain.in_force_words(provision.in_force)}. {provision.id}", 2, "dim")
    for condition in provision.conditions:
        line(out, explain.condition_sentence(condition), 4)
    if blocked := explain.blocked_sentence(provision, cited):
        line(out, blocked, 4)
    if provision.partly:
        for strand, state in provision.by_strand.items():
            line(out, explain.strand_state_sentence(strand, state), 4)


def _show_open(out: Console, assessment: DisclosureAssessment, cited: Mapping[str, str]) -> None:
    asked = explain.judgements_once(assessment)
    if asked:
        heading(out, "For a person to judge")
    for judgement, provisions in asked:
        words = explain.judgement_sentence(judgement)
        role = explain.role_sentence(judgement, provisions, cited)
        line(out, f"• {words} {role} ({judgement.id})")
    if assessment.missing:
        heading(out, "Facts that are missing and could change the answer")
    for gap, norms in assessment.missing:
        line(out, f"• {explain.missing_sentence(gap)} For {explain.cited_words(norms, cited)}.")


def _show_beside(out: Console, assessment: DisclosureAssessment, cited: Mapping[str, str]) -> None:
    if assessment.conflicts:
        heading(out, "Conflicts")
    for words in explain.conflict_sentences(assessment):
        line(out, f"• {words}")
    if assessment.disagreements:
        heading(out, "Where guidance says what the law does not")
    for disagreement in assessment.disagreements:
        line(out, f"• {explain.disagreement_sentence(disagreement, cited)}")
    if assessment.discrepancies:
        heading(out, "Where the sources disagree")
    for found in assessment.discrepancies:
        words = " ".join(explain.discrepancy_sentences(found))
        about = explain.cited_words(found.provisions, cited)
        line(out, f"• {explain.sentence(found.label)} {words} For {about}.")
    if waiting := explain.awaiting_sentence(explain.awaiting(assessment)):
        heading(out, "What awaits confirmation")
        line(out, waiting)
    out.print()
    for warning in assessment.warnings:
        line(out, f"Note: {warning}", 0, "dim")


def _show_rest(out: Console, assessment: DisclosureAssessment, cited: Mapping[str, str]) -> None:
    named, others = explain.not_fitting(assessment)
    if named:
        heading(out, "Duties and powers that do not fit, and why")
    for provision in named:
        line(out, f"• {explain.why_not_sentence(provision, cited)} ({provision.id})")
    out.print()
    line(out, explain.how_to_see(assessment, others), 0, "dim")
    line(out, explain.NOT_A_BAN)
    line(out, f"{explain.EMERGENCY} Not legal advice.", 0, "dim")


def show_reports(reports: Sequence[RecordReport]) -> None:
    """Print the completeness of records, by Must, Should and Advice."""
    out = console()
    for report in reports:
        count = sum(result.severity == "violation" for result in report.results)
        word = (
            "complete"
            if report.complete
            else f"not complete: {count} thing{'s' * (count != 1)} missing or wrong"
        )
        out.print()
        out.print(Text(f"{report.case} · {report.id}: {word}", style="bold"))
        if report.policy:
            out.print(Text(f"  {report.policy[0].upper()}{report.policy[1:]}", style="dim"))
        for severity, word in SEVERITY_WORDS.items():
            for result in report.results:
                if result.severity == severity:
                    where = f"{report.file}:{result.line}" if result.line else result.path
                    out.print(Text(f"  {word} · {result.rule} · {where} · {result.message}"))
                    if result.policy:
                        line(out, f"{result.policy[0].upper()}{result.policy[1:]}.", 4, "dim")


def show_why(
    assessment: DisclosureAssessment, provision: ProvisionResult, note: str, ways: Ways | None
) -> None:
    """Print one provision for one disclosure: state, conditions by strand, what would have to change."""
    out = console()
    cited = explain.citations(assessment)
    out.print()
    state = explain.PROVISION_WORDS[provision.state]
    out.print(Text(f"{provision.citation}: {state}", style="bold"))
    out.print(Text(f"{assessment.case} · {assessment.id}"))
    out.print(Text(explain.law_date_sentence(assessment)))
    show_provision(out, provision, cited)
    if why := explain.why_not_words(provision, cited):
        line(out, why, 4)
    if note:
        line(out, f"What it does not do: {note}", 4)
    for strand, conditions in explain.other_strands(provision):
        out.print(Text(f"  {explain.strand_state_sentence(strand, provision.by_strand[strand])}"))
        for condition in conditions:
            line(out, explain.condition_sentence(condition), 4)
    if ways is not None:
        heading(out, "What would have to change")
        for words in explain.ways_sentences(ways, cited):
            line(out, f"• {words}", 2)


def show_rule(rule: RuleInfo) -> None:
    """Print when a rule applies, why it exists, and a passing example."""
    out = console()
    out.print(
        Text(f"{rule.rule} · {SEVERITY_WORDS.get(rule.severity, rule.severity)}", style="bold")
    )
    for key, value in (
        ("Asks", rule.message), ("Applies", rule.applies), ("Why", rule.why), ("Sources", "; ".join(rule.sources)),
        ("Policy", rule.policy),
    ):  # fmt: skip
        if value or key != "Policy":
            out.print(Text(f"{key}: {value}"))
    if rule.passing_example:
        out.print(Text("A case that passes:"))
        out.print(Text(rule.passing_example))


def show_catalogue(questions: Iterable[Question]) -> None:
    """Print the questions with their parameters and how each is asked."""
    out = console()
    for question in questions:
        out.print(Text(f"{question.id}  {question.text}", style="bold"))
        for parameter in question.parameters:
            optional = " (optional)" if parameter.optional else ""
            allowed = [value for value, _ in parameter.allowed][:6]
            values = f": {', '.join(allowed)} …" if allowed else ""
            line(out, f"{parameter.name}=…  {parameter.label}{optional}{values}", 6)


#: More columns than this do not fit a terminal; each row is then printed as a list.
_TABLE_COLUMNS = 5


def show_answer(answer: Answer) -> None:
    """Print the rows of an answer, or say that none was found."""
    out = console()
    out.print(Text(answer.question.text, style="bold"))
    if not answer.rows:
        line(out, answer.nothing)
    elif len(answer.columns) > _TABLE_COLUMNS:
        for row in answer.rows:
            out.print()
            for column, cell in zip(answer.columns, row, strict=True):
                if cell.text:
                    line(out, f"{column}: {cell.text}", 2)
    else:
        table = Table(box=None, padding=(0, 2, 0, 0))
        for column in answer.columns:
            table.add_column(column, overflow="fold")
        for row in answer.rows:
            table.add_row(*(Text(cell.text) for cell in row))
        out.print(table)
    if len(answer.rows) > 1:
        line(out, f"{len(answer.rows)} rows", 0, "dim")
    for caveat in answer.question.caveats:
        line(out, caveat, 0, "dim")


def row_json(columns: Sequence[str], row: Sequence[Cell]) -> dict[str, Any]:
    """Return one row of an answer: the words of each column, with the link where there is one."""
    return {
        column: {
            "text": cell.text,
            **({"url": cell.url} if cell.url else {}),
            **({"iri": cell.iri} if cell.iri else {}),
        }
        for column, cell in zip(columns, row, strict=True)
    }


def show_coverage(found: Coverage) -> None:
    """Print the coverage: numbers first, then what is missing, named only, modelled, to be confirmed."""
    out = console()
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(justify="right")
    for count, words in (
        (len(found.rows), "provisions and documents that the sources name"),
        (len(found.of_state("modelled")), "modelled with conditions"),
        (len(found.of_state("reference-only")), "named for reference only, with the reason"),
        (len(found.of_state("missing")), "missing"),
        (found.norms["confirmed"], "norms confirmed against their source"),
        (found.norms["to-be-confirmed"], "norms that await confirmation"),
        (found.entries["confirmed"], "entries of lists confirmed"),
        (found.entries["to-be-confirmed"], "entries of lists that await confirmation"),
        (len(found.rules), "rules of a complete record with a shape"),
        (len(found.rules_without_shape), "rules without one"),
    ):
        table.add_row(str(count), Text(words))
    out.print(table)
    if missing := found.of_state("missing"):
        heading(out, "Missing")
        for row in missing:
            line(out, f"{row.id}: {row.label}", 2)
    heading(out, "Modelled with conditions")
    for row in found.of_state("modelled"):
        line(out, f"{row.id}: {row.label}", 2)
        line(out, ", ".join([*row.norms, *row.lists]), 4, "dim")
    heading(out, "Named for reference only")
    for row in found.of_state("reference-only"):
        line(out, f"{row.id}: {row.label}. {row.reason}", 2)
    heading(out, "Norms that await confirmation")
    for norm in found.awaiting:
        line(out, f"{norm.id}: {norm.citation}, {norm.label}", 2)
    if found.unlisted:
        heading(out, "Norms that no provision of the register names")
        line(out, ", ".join(found.unlisted), 2)
    if found.rules_without_shape:
        heading(out, "Rules without a shape")
        for rule, reason in found.rules_without_shape.items():
            line(out, f"{rule}: {reason}", 2)
