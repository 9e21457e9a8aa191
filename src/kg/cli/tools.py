"""Commands for policy authors and for the browser: check, coverage and serve."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli import screen
from kg.cli.base import JSON, load_files, main, print_json, the_engine
from kg.errors import BadRequest, Problem


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

        print_json({"format": "kg-check/1", "problems": problems_json(problems)})
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
@JSON
def coverage(*, as_json: bool) -> None:
    """Show what of the sources is modelled, what is named only and why, and what awaits confirmation.

    \b
      kg coverage
      kg coverage --json
    """
    from kg.coverage import coverage as coverage_of
    from kg.coverage import coverage_json
    from kg.load import load_law
    from kg.validate import load_shapes

    law = load_law()
    found = coverage_of(law, load_shapes())
    if as_json:
        print_json(coverage_json(found, law))
    else:
        screen.show_coverage(found)


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

    cases, errors = load_files(files)
    screen.show_errors(errors)
    if not assets_ready():
        click.echo(
            "The page style is not built yet: run “make install” (or python web/vendor.py). Pages work without it.",
            err=True,
        )
    try:
        server = create_server(create_app(the_engine(), cases), host=host, port=port, threads=4)
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
