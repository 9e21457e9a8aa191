"""Files to triples: the ontology to a Law, a case file to a Case; all is checked first."""

from __future__ import annotations

from collections.abc import Mapping as Settings
from pathlib import Path

from kg.errors import BadRequest, FileNotReadable, Problem
from kg.load.case import read_case
from kg.load.change import changed
from kg.load.law import ALIGNMENT, VERSION, Law, load_law, ontology_files, parse_turtle
from kg.load.tree import Tree, read_json, read_yaml
from kg.load.turtle_case import read_turtle_case
from kg.model import Case

__all__ = [
    "ALIGNMENT",
    "VERSION",
    "Case",
    "Law",
    "load_case",
    "load_law",
    "ontology_files",
    "parse_turtle",
    "read_case_file",
    "read_text_of",
]

MAX_BYTES = 2_000_000

_FORMATS = {
    ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".jsonld": "json", ".ttl": "turtle",
}  # fmt: skip


def read_text_of(path: Path, where: str = "") -> str:
    """Return the text of a file.

    Raises: FileNotReadable for a missing file, a folder, an empty file, one over 2 MB, or bytes
    that are not UTF-8.
    """
    name = where or str(path)
    try:
        if path.is_dir():
            raise FileNotReadable(
                Problem("this is a folder, not a case file", name, 0, "", "name a file in it")
            )
        if path.stat().st_size > MAX_BYTES:
            raise FileNotReadable(
                Problem(
                    "this file is larger than 2 MB",
                    name,
                    0,
                    "no case file is",
                    "check that it is the right file",
                )
            )
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise FileNotReadable(
            Problem("there is no such file", name, 0, "", "check the name and the folder")
        ) from None
    except UnicodeDecodeError:
        raise FileNotReadable(
            Problem("this file is not text in UTF-8", name, 0, "", "save it as UTF-8 text")
        ) from None
    except OSError:
        raise FileNotReadable(
            Problem("this file cannot be opened", name, 0, "", "check its permissions")
        ) from None
    if not text.strip():
        raise FileNotReadable(
            Problem("this file is empty", name, 0, "", "start with the line “case: <name>”")
        )
    return text


def load_case(path: Path, law: Law) -> Case:
    """Return the case of one file: YAML, JSON-LD or Turtle, by its ending.

    Raises: FileNotReadable, FileNotUnderstood, CaseNotLoaded; all with file and line.
    """
    return load_case_text(*read_case_file(path), law, str(path))


def read_case_file(path: Path) -> tuple[str, str]:
    """Return the text of a case file, and its format by its ending: yaml, json or turtle.

    Raises: FileNotReadable.
    """
    where = str(path)
    format_ = _FORMATS.get(path.suffix.lower())
    if format_ is None and not path.is_dir() and path.exists():
        raise FileNotReadable(
            Problem(
                f"“{path.suffix or path.name}” is not an ending of case files",
                where,
                0,
                "",
                "use .yaml, .json, .jsonld or .ttl",
            )
        )
    return read_text_of(path), format_ or "yaml"


def load_case_text(
    text: str,
    format_: str,
    law: Law,
    where: str,
    settings: Settings[str, Tree | None] | None = None,
) -> Case:
    """Return the case of a text: ``yaml``, ``json`` or ``turtle``; ``where`` names it in errors.

    ``settings`` changes the tree before it is checked (``kg.load.change``): paths to values, None
    removes. Raises: BadRequest for a path that means nothing, or settings for a case in Turtle.
    """
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise FileNotReadable(
            Problem(
                "this text is not text in UTF-8",
                where,
                0,
                "it holds half of a character",
                "save it as UTF-8 text",
            )
        )
    if format_ == "turtle" and settings:
        raise BadRequest(
            Problem(
                "facts of a case in Turtle cannot be changed by path",
                where,
                0,
                "such a file has no paths, only names",
                "write the case as YAML or JSON-LD",
            )
        )
    if format_ == "turtle":
        return read_turtle_case(text, law, where)
    tree = read_json(text, where) if format_ == "json" else read_yaml(text, where)
    if settings:
        tree = changed(tree, settings, where)
    return read_case(tree, law, where, short_forms=format_ == "yaml")
