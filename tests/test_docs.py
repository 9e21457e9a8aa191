"""The documentation is proved: commands run, links lead somewhere, generated pages are current."""

from __future__ import annotations

import re
import shlex
import shutil
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.assess import Engine
from kg.cli import main
from kg.explain import CONDITION_WORDS, LAYER_WORDS, OUTCOME_WORDS, PROVISION_WORDS
from kg.export.provisions import INPUTS
from kg.export.reference import reference_files
from kg.load import load_law

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *DOCS.rglob("*.md"),
        *(ROOT / "examples").glob("*.md"),
        *(ROOT / "ontology").rglob("*.md"),
        *(ROOT / "shapes").rglob("*.md"),
    ]
)
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!`)\[[^\]]+\]\(([^)\s]+)\)")
GENERATED = (
    "case-file.md",
    "provisions.md",
    "questions.md",
    "assessment-graph.md",
    "context.jsonld",
    "case.schema.json",
    "picture.svg",
)


@cache
def engine() -> Engine:
    return Engine.of(load_law())


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(path: Path, language: str) -> list[str]:
    return [body for found, body in BLOCK.findall(text_of(path)) if found == language]


WITH_COMMANDS = [path for path in PAGES if blocks(path, "console")]


def test_collected() -> None:
    """The pages and their commands are found."""
    assert len(PAGES) >= 20
    assert sum(len(blocks(path, "console")) for path in WITH_COMMANDS) >= 12


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=where)
def test_commands_run(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command of a page succeeds, in page order, and prints the lines that the page shows."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    for language, body in BLOCK.findall(text_of(path)):
        if language in {"yaml", "sparql", "csv"} and body.startswith("# "):
            name = body.partition("\n")[0].removeprefix("# ")
            Path(name).write_text(body, encoding="utf-8")
        elif language == "console":
            _run(body)


def _run(body: str) -> None:
    """Run each ``$ kg …`` line; the lines below it must appear in its output, in order."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        program, *arguments = shlex.split(command, comments=True)
        assert program == "kg", f"a console block runs kg only, not: {command}"
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        wanted = 1 if "# exit 1" in command else 0
        assert result.exit_code == wanted, f"{command}\n{result.output}"
        lines = iter(line.rstrip() for line in result.output.splitlines())
        for line in shown.splitlines():
            if line.strip() and line.strip() != "…":
                assert any(line.rstrip() == real for real in lines), (
                    f"{command} does not print: {line}\n{result.output}"
                )


@pytest.mark.parametrize("name", GENERATED)
def test_generated_pages_are_current(name: str) -> None:
    """A generated file in the repository is what `make reference` would write now."""
    current = text_of(DOCS / "reference" / name) == reference_files(engine())[name]
    assert current, "type: make reference"


def test_every_command_is_documented() -> None:
    """Every command has a section in commands.md that names each of its options."""
    page = text_of(DOCS / "reference" / "commands.md")
    sections = dict(
        re.findall(r"^## `kg ([a-z-]+)`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    )
    assert set(sections) == set(main.commands)
    for name, command in main.commands.items():
        for parameter in command.params:
            for option in parameter.opts if parameter.param_type_name == "option" else ():
                assert not option.startswith("--") or f"`{option}" in sections[name], (
                    f"kg {name} {option}"
                )


def test_every_state_is_explained() -> None:
    """Every state and its fixed wording stands in answers.md."""
    page = text_of(DOCS / "reference" / "answers.md")
    for words in (OUTCOME_WORDS, LAYER_WORDS, PROVISION_WORDS, CONDITION_WORDS):
        for state, wording in words.items():
            assert f"| `{state}` | {wording} |" in page, state


def test_every_error_is_explained() -> None:
    """Every class of error that a user can meet stands in errors.md."""
    import kg.errors

    page = text_of(DOCS / "reference" / "errors.md")
    for name, found in vars(kg.errors).items():
        if (
            isinstance(found, type)
            and issubclass(found, kg.errors.KgError)
            and found is not kg.errors.KgError
        ):
            assert f"`{name}`" in page, name


def test_every_computed_class_is_explained() -> None:
    """The page of provisions says from which keys each computed class is worked out."""
    law = engine().law
    vocabularies = {"kg:Body", "kg:Purpose", "kg:Concern", "kg:Topic"}
    assert set(law.instances("kg:Dimension")) - vocabularies == set(INPUTS)


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page: explicit ones, and one for each heading as GitHub makes it."""
    found = set(re.findall(r'<a id="([^"]+)"', text_of(path)))
    for heading in re.findall(r"^#+ (.+)$", text_of(path), re.MULTILINE):
        plain = re.sub(r"<[^>]+>", "", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", plain).strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("path", PAGES, ids=where)
def test_links_lead_somewhere(path: Path) -> None:
    """Every link inside the repository leads to a file, and to an anchor that is there."""
    text = BLOCK.sub("", text_of(path))
    broken = []
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in anchors(target)
        ):
            broken.append(link)
    assert broken == []


def test_pages_are_reachable() -> None:
    """Every page of the documentation is linked from docs/index.md or a page linked there."""
    seen: set[Path] = set()
    todo = [DOCS / "index.md"]
    while todo:
        page = todo.pop()
        if page in seen or not page.exists():
            continue
        seen.add(page)
        todo.extend(
            (page.parent / link.partition("#")[0]).resolve()
            for link in LINK.findall(text_of(page))
            if link.partition("#")[0].endswith(".md") and not re.match(r"[a-z]+:", link)
        )
    assert [where(path) for path in DOCS.rglob("*.md") if path.resolve() not in seen] == []
