"""``kg template``: a table to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.base import main, the_engine
from kg.errors import BadRequest, Problem


@main.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "xlsx"]),
    help="Form of the table; by the ending of FILE if not given.",
)
@click.option("--sample", is_flag=True, help="With rows that are complete records.")
def template(file: Path, format_: str | None, *, sample: bool) -> None:
    """Write a table for many records to FILE: a column for each key that a rule asks for.

    \b
      kg template records.xlsx
      kg template sample.csv --sample

    Fill in a row for each case (further recipients, people and items in further rows), then type
    kg validate FILE.
    """
    from kg.export.template import write_template
    from kg.validate import load_shapes

    ending = file.suffix.lower().removeprefix(".")
    if ending not in {"csv", "xlsx"} or format_ not in {None, ending}:
        raise BadRequest(
            Problem(
                f"a table of this form cannot be named “{file.name}”", "", 0,
                "the ending says how it is read back", f"use the ending .{format_ or 'csv or .xlsx'}",
            )
        )  # fmt: skip
    write_template(file, ending, the_engine().law, load_shapes(), sample=sample)
    click.echo(f"Written: {file}. Fill in a row for each case, then type: kg validate {file}")
