"""``kg validate``: one record or thousands, case by case, in every format of the contract."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from kg.cli import screen
from kg.cli.base import finish, main, the_engine
from kg.errors import BadRequest, KgError, Problem
from kg.load.many import Sources
from kg.load.table import load_columns
from kg.model import RecordReport

if TYPE_CHECKING:
    from rich.progress import Progress

    from kg.export.reports import Summary
    from kg.validate import Shapes

FORMATS = ("text", "json", "csv", "html", "turtle", "sarif", "junit")
#: A run shorter than this needs no sign of life (seconds).
_LONG = 2.0
#: Rules and bodies shown in a summary.
_SHOWN = 10
_INTERRUPTED = 130


@main.command()
@click.argument("paths", metavar="CASE…", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    help="Form of the report.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--profile",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What your organisation need not repeat in each case (see examples/profiles/nhs-trust.yaml).",
)
@click.option(
    "--policy",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Your organisation's own, stricter rules and limits (see docs/how-to/local-policy.md).",
)
@click.option(
    "--columns",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Which column of a CSV or XLSX table states what (see docs/reference/column-map.md).",
)
@click.option(
    "--explain", "rule", metavar="R-nnn", help="Say when a rule applies, with a passing example."
)
def validate(  # noqa: C901 - one branch per option
    paths: tuple[Path, ...],
    format_: str,
    rule: str | None,
    profile: Path | None,
    policy: Path | None,
    columns: Path | None,
    *,
    as_json: bool,
) -> None:
    """Say whether the decision record of each CASE is complete, and what is missing.

    CASE is a case file, a folder of them, JSON Lines (.jsonl), or a table (.csv, .xlsx).

    \b
      kg validate examples/section-47-request.yaml
      kg validate records/ --format html > report.html
      kg validate log.csv --columns our-columns.yaml
      kg validate records/ --policy our-policy.yaml
      kg validate --explain R-027

    Exit code 0 when complete (warnings allowed), 1 when something must be added, 2 when a file, row or
    line could not be read or holds no record.
    """
    from kg.export.reports import report, summary_of
    from kg.validate import explain_rule, load_policy, load_profile, load_shapes
    from kg.validate.many import validate_all

    shapes = load_shapes()
    own = load_policy(policy, the_engine(), shapes) if policy else None
    every = own.shapes if own else shapes
    if rule:
        screen.show_rule(explain_rule(every, rule))
        return
    if not paths:
        raise BadRequest(Problem("no case file is named", "", 0, "", "write kg validate CASE"))
    format_ = "json" if as_json else format_
    engine = the_engine()
    known = load_profile(profile, engine.law) if profile else None
    sources = Sources(paths, load_columns(columns) if columns else None)
    reports: list[RecordReport] = []
    errors: list[KgError] = []
    found = validate_all(sources, engine, shapes, known, own, processes=min(2, os.cpu_count() or 1))
    with _signs_of_life(shown=not (format_ == "text" and sys.stdout.isatty())) as checked:
        try:
            for one in found:
                if one.error:
                    errors.append(one.error)
                reports += one.reports
                if format_ == "text" and one.reports:
                    screen.show_reports(one.reports)
                checked(len(one.reports))
        except KeyboardInterrupt:
            found.close()
            click.echo(f"Stopped. {len(reports)} records were checked before that.", err=True)
            sys.exit(_INTERRUPTED)
        except KgError as error:  # what was checked before it is still reported
            errors.append(error)
    if format_ != "text":
        click.echo(report(format_, reports, errors, every), nl=False)
    elif len(reports) > 1:
        show_summary(summary_of(reports), every)
    for note in sources.notes:
        click.echo(note, err=True)
    finish(errors, 0 if all(one.complete for one in reports) else 1)


def show_summary(summary: Summary, shapes: Shapes) -> None:
    """Print how many records are complete, what they lack most often, and by body."""
    from kg.validate.shapes import in_general

    out = screen.console()
    whole = summary.whole
    counts = ", ".join(
        f"{word} {whole.counts[severity]}" for severity, word in screen.SEVERITY_WORDS.items()
    )
    screen.heading(
        out, f"{whole.records} records: {whole.complete} complete, "
        f"{whole.records - whole.complete} not complete ({counts})"
    )  # fmt: skip
    messages = {rule.rule: in_general(rule.message) for rule in reversed(shapes.rules.values())}
    for rule in summary.rules[:_SHOWN]:
        out.print(Text(
            f"  {screen.SEVERITY_WORDS[rule.severity]} · {rule.rule} · in {rule.records} of "
            f"{whole.records} · {messages[rule.rule]}"
        ))  # fmt: skip
    if len(summary.rules) > _SHOWN:
        out.print(Text(f"  … and {len(summary.rules) - _SHOWN} more rules", style="dim"))
    if len(summary.bodies) > 1:
        screen.heading(out, "By body that decided")
        for group in summary.bodies[:_SHOWN]:
            out.print(Text(f"  {group.name}: {group.complete} of {group.records} complete"))
        if len(summary.bodies) > _SHOWN:
            out.print(Text(f"  … and {len(summary.bodies) - _SHOWN} more", style="dim"))


class _Counter:
    """Counts records; shows how many once the run has become long, on a terminal only."""

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown and sys.stderr.isatty()
        self.start = time.monotonic()
        self.done = 0
        self.progress: Progress | None = None

    def __call__(self, more: int) -> None:
        self.done += more
        if self.progress is not None:
            self.progress.update(self.progress.task_ids[0], completed=self.done)
        elif self.shown and time.monotonic() - self.start > _LONG:
            self._begin()

    def _begin(self) -> None:
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self.progress = Progress(
            SpinnerColumn(), TextColumn("{task.completed:,.0f} records checked"), TimeElapsedColumn(),
            console=screen.console(error=True), transient=True, redirect_stdout=False,
        )  # fmt: skip
        self.progress.add_task("", total=None, completed=self.done)
        self.progress.start()

    def end(self) -> None:
        """Take the line away."""
        if self.progress is not None:
            self.progress.stop()


@contextmanager
def _signs_of_life(*, shown: bool) -> Iterator[_Counter]:
    counter = _Counter(shown=shown)
    try:
        yield counter
    finally:
        counter.end()
