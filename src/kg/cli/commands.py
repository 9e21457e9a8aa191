"""The commands: parse, call, print. Slow libraries are imported by the command that needs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal, NoReturn, TypeVar

import click

from kg.cli import screen
from kg.errors import BadRequest, KgError, Problem
from kg.load import VERSION, Case, load_case, load_law
from kg.load.case import nearest, real_date

BAD_INPUT = 2

Result = TypeVar("Result")

AS_AT = click.option("--as-at", metavar="DATE", help="Apply the law of this day (2018-05-24).")
JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print the JSON contract instead of text."
)
CASES = click.argument(
    "files", metavar="CASE…", nargs=-1, required=True, type=click.Path(path_type=Path)
)
WITH_CASES = click.option(
    "--case",
    "cases",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Read a case too; may be given several times.",
)


@cache
def _engine():  # type: ignore[no-untyped-def]  # noqa: ANN202
    from kg.assess import Engine

    return Engine.of(load_law())


def _stop(error: KgError) -> NoReturn:
    screen.show_errors([error])
    sys.exit(BAD_INPUT)


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    if real_date(text):
        return date.fromisoformat(text)
    raise BadRequest(
        Problem(
            f"“{text}” is not a date that exists",
            "--as-at",
            0,
            "the date decides which law applies",
            "write year-month-day, such as 2018-05-24",
        )
    )


def _load(files: Iterable[Path]) -> tuple[list[Case], list[KgError]]:
    """Load every file that can be loaded; a bad one never stops the rest."""
    cases: list[Case] = []
    errors: list[KgError] = []
    for path in files:
        try:
            cases.append(load_case(path, _engine().law))
        except KgError as error:
            errors.append(error)
    return cases, errors


def _each(
    cases: list[Case], errors: list[KgError], work: Callable[[Case], list[Result]]
) -> list[Result]:
    found: list[Result] = []
    for case in cases:
        try:
            found.extend(work(case))
        except KgError as error:
            errors.append(error)
    return found


def _print_json(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _finish(errors: list[KgError], code: int = 0, *, quiet: bool = False) -> NoReturn:
    if errors and not quiet:
        screen.show_errors(errors)
    sys.exit(BAD_INPUT if errors else code)


class _Group(click.Group):
    """Prints every KgError the same way."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KgError as error:
            _stop(error)


@click.group(
    cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(VERSION, prog_name="kg")
def main() -> None:
    """Ask the law of information sharing to safeguard children (England).

    \b
      kg assess CASE            which statute authorises this disclosure, and why
      kg why CASE PROVISION     one provision, condition by condition
      kg validate CASE          what the record of the decision lacks
      kg ask                    the questions that can be asked
      kg serve                  the same in a browser, on this computer only

    A case file describes one case; docs/reference/case-file.md shows how to write one. Nothing here
    is legal advice, nothing decides what a person must decide, and nothing may hold up emergency
    action.
    """


@main.command()
@CASES
@AS_AT
@JSON
def assess(files: tuple[Path, ...], as_at: str | None, *, as_json: bool) -> None:
    """Say which provisions authorise, bar or condition each disclosure of each CASE.

    \b
      kg assess examples/section-47-request.yaml
      kg assess examples/section-47-request.yaml --as-at 2018-05-24 --json

    Exit code 0 when answered, whatever the answer; 2 when a file could not be read.
    """
    from kg.assess import assess_case

    day = _day(as_at)
    cases, errors = _load(files)
    found = _each(cases, errors, lambda case: assess_case(case, _engine(), day))
    if as_json:
        from kg.export import assessment_json

        _print_json(assessment_json(found, _engine(), errors))
    else:
        for assessment in found:
            screen.show_assessment(assessment)
    _finish(errors)


@main.command()
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.argument("provision")
@click.option("--disclosure", metavar="ID", help="Only this disclosure of the case.")
@AS_AT
@JSON
def why(
    file: Path, provision: str, disclosure: str | None, as_at: str | None, *, as_json: bool
) -> None:
    """Show why PROVISION applies to a CASE, or what failed: each condition with its facts and lines.

    \b
      kg why examples/section-47-request.yaml ca1989:s47-9
    """
    from kg.assess import assess_case

    engine, day = _engine(), _day(as_at)
    if provision not in engine.table.norms:
        raise BadRequest(
            Problem(
                f"“{provision}” is not a provision in the graph",
                "",
                0,
                "",
                nearest(provision, engine.table.norms)
                or "see docs/reference/provisions.md for the names",
            )
        )
    found = assess_case(load_case(file, engine.law), engine, day)
    chosen = [a for a in found if disclosure in (None, a.id)]
    if not chosen:
        raise BadRequest(
            Problem(
                f"this case has no disclosure “{disclosure}”",
                str(file),
                0,
                "",
                f"its disclosures: {', '.join(a.id for a in found)}",
            )
        )
    if as_json:
        from kg.export.contract import law_json, why_json

        _print_json(
            {
                "format": "kg-why/1",
                "law": law_json(engine),
                "errors": [],
                "disclosures": [why_json(a, provision) for a in chosen],
            }
        )
        return
    for assessment in chosen:
        result = assessment.provision(provision)
        assert result is not None
        screen.show_why(assessment, result, engine.table.norms[provision].note)


@main.command()
@click.argument("files", metavar="CASE…", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    help="Form of the report.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--profile",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="What your organisation need not repeat in each case (see examples/profile.yaml).",
)
@click.option(
    "--explain", "rule", metavar="R-nnn", help="Say when a rule applies, with a passing example."
)
def validate(
    files: tuple[Path, ...], format_: str, rule: str | None, profile: Path | None, *, as_json: bool
) -> None:
    """Say whether the decision record of each CASE is complete, and what is missing.

    \b
      kg validate examples/section-47-request.yaml
      kg validate --explain R-027

    Exit code 0 when complete (warnings allowed), 1 when something must be added, 2 when a file could
    not be read or holds no record.
    """
    from kg.validate import explain_rule, load_profile, load_shapes, validate_case

    shapes = load_shapes()
    if rule:
        screen.show_rule(explain_rule(shapes, rule))
        return
    if not files:
        raise BadRequest(Problem("no case file is named", "", 0, "", "write kg validate CASE"))
    known = load_profile(profile, _engine().law) if profile else None
    cases, errors = _load(files)
    reports = _each(cases, errors, lambda case: validate_case(case, _engine(), shapes, known))
    from kg.export import report_json

    document = report_json(reports, errors)
    if as_json or format_ == "json":
        _print_json(document)
    elif format_ == "csv":
        screen.write_csv(document)
    else:
        screen.show_reports(reports)
    _finish(errors, 0 if all(report.complete for report in reports) else 1)


@main.command()
@click.argument("question", metavar="[QUESTION-ID", required=False)
@click.argument("values", metavar="[name=value…]]", nargs=-1)
@WITH_CASES
@JSON
@click.option("--csv", "as_csv", is_flag=True, help="Print the answer as CSV.")
def ask(
    question: str | None,
    values: tuple[str, ...],
    cases: tuple[Path, ...],
    *,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Answer a competency question; without a question, list them.

    \b
      kg ask
      kg ask Q-05 recipient=school date=2012-08-08
      kg ask Q-01 --case examples/section-47-request.yaml
    """
    from kg.ask import ask as answer_question
    from kg.ask import catalogue

    engine = _engine()
    if question is None:
        screen.show_catalogue(catalogue(engine.law))
        return
    pairs: dict[str, str] = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals:
            raise BadRequest(
                Problem(f"“{text}” is not name=value", "", 0, "", "write recipient=school")
            )
        pairs[name] = value
    loaded, errors = _load(cases)
    answer = answer_question(question, pairs, engine, loaded)
    if as_json:
        from kg.export.contract import errors_json, law_json

        _print_json(
            {
                "format": "kg-ask/1",
                "law": law_json(engine),
                "errors": errors_json(errors),
                "question": answer.question.id,
                "columns": list(answer.columns),
                "rows": [screen.row_json(answer.columns, row) for row in answer.rows],
                "nothing": "" if answer.rows else answer.nothing,
            }
        )
    elif as_csv:
        click.echo(answer.csv(), nl=False)
    else:
        screen.show_answer(answer)
    _finish(errors)


@main.command()
@click.argument("query", metavar="QUERY|@FILE")
@WITH_CASES
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "csv", "tsv"]),
    default="table",
    help="Form of the result.",
)
def sparql(
    query: str, cases: tuple[Path, ...], format_: Literal["table", "json", "csv", "tsv"]
) -> None:
    """Run a read-only SPARQL query over the law, the given cases and their assessments.

    \b
      kg sparql 'SELECT ?norm WHERE { ?norm a kg:DutyToComply }'
      kg sparql @question.rq --case examples/section-47-request.yaml --format csv
    """
    from kg.ask.sparql import run
    from kg.load import read_text_of

    text = read_text_of(Path(query[1:])) if query.startswith("@") else query
    loaded, errors = _load(cases)
    click.echo(run(text, _engine(), loaded, format=format_), nl=False)
    _finish(errors)


@main.command()
@click.argument("paths", metavar="[PATH…]", nargs=-1, type=click.Path(path_type=Path))
@click.option("--full", is_flag=True, help="Also compare the reasoner with owlrl (takes minutes).")
@JSON
def check(paths: tuple[Path, ...], *, full: bool, as_json: bool) -> None:
    """Check the ontology and the shapes: file and line, problem, why, fix. For policy authors.

    \b
      kg check
      kg check ontology/legislation/my-act-2027.ttl
    """
    from kg.check import check as check_files

    problems = check_files(list(paths) or None, full=full)
    if as_json:
        from kg.export.contract import problems_json

        _print_json({"format": "kg-check/1", "problems": problems_json(problems)})
    else:
        for problem in problems:
            click.echo(str(problem))
        click.echo(
            f"{len(problems)} problem{'s' * (len(problems) != 1)} found."
            if problems
            else "No problem found."
        )
    sys.exit(1 if problems else 0)


@main.command()
@click.argument("files", metavar="[CASE…]", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Only addresses of this computer are accepted.",
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(files: tuple[Path, ...], host: str, port: int) -> None:
    """Serve the web front end on this computer, with the given cases.

    It refuses every address but this computer's own: cases are sensitive and no users are configured.
    """
    if host not in {"127.0.0.1", "::1", "localhost"}:
        raise BadRequest(
            Problem(
                f"“{host}” is not an address of this computer",
                "--host",
                0,
                "cases are sensitive, and no users are configured",
                "leave --host out",
            )
        )
    from waitress.server import create_server

    from web import assets_ready, create_app

    cases, errors = _load(files)
    screen.show_errors(errors)
    if not assets_ready():
        click.echo(
            "The page style is not built yet: run “make install” (or python web/vendor.py). Pages work without it.",
            err=True,
        )
    try:
        server = create_server(create_app(_engine(), cases), host=host, port=port, threads=4)
    except OSError:
        raise BadRequest(
            Problem(
                f"port {port} is in use",
                "--port",
                0,
                "",
                "stop the other program, or choose another: --port 8001",
            )
        ) from None
    click.echo(
        f"Serving on http://{host}:{getattr(server, 'effective_port', port)}/ (press Ctrl+C to stop)"
    )
    try:
        server.run()
    except KeyboardInterrupt:
        click.echo("Stopped.")
