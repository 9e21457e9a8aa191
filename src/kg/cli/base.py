"""What the commands share: options, loading, errors, and the group itself."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from kg.cli import screen
from kg.errors import BadRequest, KgError, Problem
from kg.load import VERSION, Case, load_law
from kg.load.case import real_date
from kg.load.many import Sources

if TYPE_CHECKING:
    from kg.assess import Engine

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
def the_engine() -> Engine:
    """Return the ontology, compiled once per run."""
    from kg.assess import Engine

    gc.disable()  # nothing of the law is ever thrown away, so looking for rubbish in it is lost time
    engine = Engine.of(load_law())
    gc.freeze()
    gc.set_threshold(50_000)  # an assessment makes many small records and no circles
    gc.enable()
    return engine


def _stop(error: KgError) -> NoReturn:
    screen.show_errors([error])
    sys.exit(BAD_INPUT)


def parse_day(text: str | None) -> date | None:
    """Return the day of an option, or None.

    Raises: BadRequest for a date that does not exist.
    """
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


def load_files(files: Iterable[Path]) -> tuple[list[Case], list[KgError]]:
    """Load every case that can be loaded from files, folders and tables; a bad one never stops the rest."""
    cases: list[Case] = []
    errors: list[KgError] = []
    for source in Sources(files):
        if isinstance(source, KgError):
            errors.append(source)
            continue
        try:
            cases.append(source.load(the_engine().law))
        except KgError as error:
            errors.append(error)
    return cases, errors


def for_each(
    cases: list[Case], errors: list[KgError], work: Callable[[Case], list[Result]]
) -> list[Result]:
    """Run a piece of work on each case; an error of one never stops the rest."""
    found: list[Result] = []
    for case in cases:
        try:
            found.extend(work(case))
        except KgError as error:
            errors.append(error)
    return found


def print_json(document: Any) -> None:
    """Print a document of a JSON contract."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def finish(errors: list[KgError], code: int = 0, *, quiet: bool = False) -> NoReturn:
    """Print the errors and leave with the exit code: 2 with errors, else ``code``."""
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
      kg what-if CASE --set …   what would change under other facts, or another date
      kg validate CASE          what the record of the decision lacks
      kg ask                    the questions that can be asked
      kg serve                  the same in a browser, on this computer only

    A case file describes one case; docs/reference/case-file.md shows how to write one. Nothing here
    is legal advice, nothing decides what a person must decide, and nothing may hold up emergency
    action.
    """
