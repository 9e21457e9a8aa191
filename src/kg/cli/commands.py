"""Commands that answer: parse, call, print. Slow libraries are imported by the command that needs them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import click

from kg.cli import screen
from kg.cli.base import (
    AS_AT,
    CASES,
    JSON,
    WITH_CASES,
    finish,
    for_each,
    load_files,
    main,
    parse_day,
    print_json,
    the_engine,
)
from kg.errors import BadRequest, Problem
from kg.load import load_case
from kg.load.hints import nearest
from kg.model import Case, DisclosureAssessment


def _formats(*names: str) -> Callable[[Any], Any]:
    """Return the option that chooses the form of an answer; --json stands beside it."""
    return click.option(
        "--format", "format_", type=click.Choice(names), default="text", help="Form of the answer."
    )


@main.command()
@CASES
@click.option("--disclosure", metavar="ID", help="Only this disclosure of each case.")
@AS_AT
@_formats("text", "json", "markdown", "svg")
@JSON
def assess(
    files: tuple[Path, ...], disclosure: str | None, as_at: str | None, format_: str, *, as_json: bool
) -> None:
    """Say which provisions authorise, bar or condition each disclosure of each CASE.

    \b
      kg assess examples/section-47-request.yaml
      kg assess examples/section-47-request.yaml --as-at 2018-05-24 --json
      kg assess examples/section-47-request.yaml --format svg > picture.svg

    Exit code 0 when answered, whatever the answer; 2 when a file could not be read.
    """
    from kg.assess import assess_case
    from kg.assess.holds import with_holds
    from kg.prepare import disclosures

    engine, day = the_engine(), parse_day(as_at)
    cases, errors = load_files(files)
    read: list[tuple[Case, list[DisclosureAssessment]]] = []

    def answers(case: Case) -> list[DisclosureAssessment]:
        chosen = _chosen(assess_case(case, engine, day), disclosure, case.file)
        done = with_holds(engine, case, chosen)
        read.append((case, done))
        return done

    found = for_each(cases, errors, answers)
    if as_json or format_ == "json":
        from kg.assess.nearest import nearest_of
        from kg.export import assessment_json

        ways = (
            near
            for case, done in read
            for near, name in zip(nearest_of(case, engine, day), disclosures(case), strict=True)
            if name.rpartition("/")[2] in {one.id for one in done}
        )
        print_json(assessment_json(found, engine, errors, ways))
    elif format_ == "markdown":
        from kg.export.markdown import assessment_markdown

        click.echo(assessment_markdown(found), nl=False)
    elif format_ == "svg":
        _print_picture(found)
    else:
        for assessment in found:
            screen.show_assessment(assessment)
    finish(errors)


def _chosen(
    found: list[DisclosureAssessment], disclosure: str | None, file: str
) -> list[DisclosureAssessment]:
    """Return the answers for one disclosure, or for all when none is named.

    Raises: BadRequest when the case has no such disclosure.
    """
    chosen = [a for a in found if disclosure in (None, a.id)]
    if chosen:
        return chosen
    names = ", ".join(a.id for a in found)
    what = f"this case has no disclosure “{disclosure}”"
    raise BadRequest(Problem(what, file, 0, "", f"its disclosures: {names}"))


def _print_picture(found: list[DisclosureAssessment]) -> None:
    """Print the picture of the first answer, and say on standard error what it leaves out.

    Raises: BadRequest when there are answers of several cases.
    """
    from kg.export.picture import picture_of
    from kg.export.svg import svg_file

    if len({a.file for a in found}) > 1:
        what, why = "a picture shows one disclosure", "several cases are named"
        raise BadRequest(Problem(what, "--format svg", 0, why, "name one case"))
    if not found:
        return
    click.echo(svg_file(picture_of(found[0])), nl=False)
    if len(found) > 1:
        others = ", ".join(a.id for a in found[1:])
        click.echo(f"The picture shows “{found[0].id}”. For {others}: --disclosure ID.", err=True)


@main.command()
@click.argument("file", metavar="CASE", type=click.Path(path_type=Path))
@click.argument("provision")
@click.option("--disclosure", metavar="ID", help="Only this disclosure of the case.")
@AS_AT
@_formats("text", "json", "markdown")
@JSON
def why(
    file: Path,
    provision: str,
    disclosure: str | None,
    as_at: str | None,
    format_: str,
    *,
    as_json: bool,
) -> None:
    """Show why PROVISION applies to a CASE, or what failed: each condition with its facts and lines.

    \b
      kg why examples/section-47-request.yaml ca1989:s47-9
    """
    from kg.assess import assess_case
    from kg.assess.nearest import nearest_of

    engine, day = the_engine(), parse_day(as_at)
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
    case = load_case(file, engine.law)
    found = assess_case(case, engine, day)
    chosen = _chosen(found, disclosure, str(file))
    of = dict(zip((a.id for a in found), nearest_of(case, engine, day), strict=True))
    results = {a.id: a.provision(provision) for a in chosen}
    ways = {
        name: of[name].of(provision)
        for name, result in results.items() if result and result.state != "applies"
    }  # fmt: skip
    if as_json or format_ == "json":
        from kg.export.contract import law_json, why_json

        print_json(
            {
                "format": "kg-why/1",
                "law": law_json(engine),
                "errors": [],
                "disclosures": [why_json(a, provision, ways.get(a.id)) for a in chosen],
            }
        )
        return
    for assessment in chosen:
        result = assessment.provision(provision)
        assert result is not None
        note = engine.table.norms[provision].note
        if format_ == "markdown":
            from kg.export.markdown import why_markdown

            click.echo(why_markdown(assessment, result, note, ways.get(assessment.id)), nl=False)
        else:
            screen.show_why(assessment, result, note, ways.get(assessment.id))


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
      kg ask Q-65 from=2024-01-01 to=2024-12-31 --case records/
    """
    from kg.ask import ask as answer_question
    from kg.ask import catalogue
    from kg.validate.requirements import Checks

    engine = the_engine()
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
    loaded, errors = load_files(cases)
    answer = answer_question(question, pairs, engine, loaded, Checks(engine))
    errors += answer.left_out
    if as_json:
        from kg.export.contract import errors_json, law_json

        print_json(
            {
                "format": "kg-ask/1",
                "law": law_json(engine),
                "errors": errors_json(errors),
                "question": answer.question.id,
                "columns": list(answer.columns),
                "names": list(answer.names),
                "rows": [screen.row_json(answer.columns, row) for row in answer.rows],
                "nothing": "" if answer.rows else answer.nothing,
            }
        )
    elif as_csv:
        click.echo(answer.csv(), nl=False)
    else:
        screen.show_answer(answer)
    finish(errors)


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
    loaded, errors = load_files(cases)
    click.echo(run(text, the_engine(), loaded, format=format_), nl=False)
    finish(errors)
