"""Writes the generated reference files: ``python -m kg.export.reference`` (make reference)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from kg import paths
from kg.assess import Engine, assess_case
from kg.export.case_formats import context, json_schema
from kg.export.case_reference import reference_page
from kg.export.picture import picture_of
from kg.export.provisions import provisions_page
from kg.export.questions_page import assessment_graph_page, questions_page
from kg.export.svg import svg_file
from kg.load import load_case, load_law

FOLDER = Path("docs") / "reference"


def reference_files(engine: Engine) -> dict[str, str]:
    """Return the text of each generated file by its name in docs/reference."""
    return {
        "case-file.md": reference_page(engine.law),
        "provisions.md": provisions_page(engine),
        "questions.md": questions_page(engine.law),
        "assessment-graph.md": assessment_graph_page(engine.law),
        "context.jsonld": json.dumps(context(engine.law), indent=1) + "\n",
        "case.schema.json": json.dumps(json_schema(engine.law), ensure_ascii=False, indent=1)
        + "\n",
        "picture.svg": _example_picture(engine),
    }


def _example_picture(engine: Engine) -> str:
    """Return the picture of an example of the checkout, which the documentation shows."""
    path = paths.ONTOLOGY.parent / "examples" / "school-referral.yaml"
    (answer,) = assess_case(load_case(path, engine.law), engine)
    return svg_file(picture_of(answer))


def write_reference(folder: Path) -> list[Path]:
    """Write the generated files into a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in reference_files(Engine.of(load_law())).items():
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit("python -m kg.export.reference takes no options; it writes into docs/reference.")
    for done in write_reference(FOLDER):
        sys.stdout.write(f"{done}\n")
