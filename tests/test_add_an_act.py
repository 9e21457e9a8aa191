"""The how-to “Add an Act” works as it is written: copy, fill, check, ask; a broken Act is refused."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg import paths
from kg.assess import Engine
from kg.check import check
from kg.check.placeholders import NAMES
from kg.cli import base, main
from kg.errors import BrokenGraph
from kg.load import load_law

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ("legislation", "guidance")
#: What a lawyer writes in place of the template's names and addresses.
OURS = {
    "act2000": "coa2019", "example-act-2000": "care-of-others-act-2019", "ukpga/2000/0": "ukpga/2019/98",
    "example2026": "others2026", "example-guidance-2026": "others-2026", "//example.org/": "//www.gov.uk/",
}  # fmt: skip
CASE = """\
case: new-act
parties:
  charity: {kind: charity}
  force: {kind: police-force}
people:
  child: {age: 9}
information:
  report: {description: what was seen, topic: ordinary, about: child, confidential: no}
disclosure:
  from: charity
  to: force
  items: report
  subjects: child
  purpose: {kind: s47-enquiry, words: an enquiry}
  date: 2015-06-01
"""


def template(folder: str) -> str:
    return (paths.ONTOLOGY / folder / "_template.ttl").read_text(encoding="utf-8")


def filled(text: str) -> str:
    """Return a template in which every placeholder is replaced."""
    for old, new in OURS.items():
        text = text.replace(old, new)
    return re.sub(r'"\[([^"]*)\]"', r'"\1 (of others)"', text)


@pytest.fixture
def ontology(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a copy of the ontology folder that the program uses for the time of a test."""
    folder = tmp_path / "ontology"
    shutil.copytree(paths.ONTOLOGY, folder)
    monkeypatch.setattr(paths, "ONTOLOGY", folder)
    base.the_engine.cache_clear()
    yield folder
    base.the_engine.cache_clear()


def assess(tmp_path: Path, *more: str) -> Result:
    case = tmp_path / "new-act.yaml"
    case.write_text(CASE, encoding="utf-8")
    return CliRunner().invoke(main, ["assess", str(case), *more])


@pytest.mark.parametrize("folder", TEMPLATES)
def test_the_check_reports_exactly_the_placeholders(folder: str, tmp_path: Path) -> None:
    """A copied template has no problem but its placeholders, each of them at its line."""
    text = template(folder)
    path = tmp_path / "copied.ttl"
    path.write_text(text, encoding="utf-8")
    problems = check([path])
    brackets = {
        (number, word)
        for number, line in enumerate(text.split("\n"), 1)
        for word in re.findall(r'"(\[[^"]*\])"', line)
    }
    names = {part.strip("/") for part in NAMES if folder in part or part.strip("/") in text}
    names |= {"law/act2000"} if folder == "legislation" else {"law/guide/example2026"}
    assert {(p.line, w) for p in problems for w in re.findall(r"“(\[.*\])”", p.what)} == brackets
    rest = {w for p in problems for w in re.findall(r"“([^\[”]*)” is the template's", p.what)}
    assert rest == names
    assert len(problems) == len(brackets) + len(names)
    assert len(brackets) >= 5
    assert all(p.line and p.why and p.fix for p in problems)


@pytest.mark.parametrize("folder", TEMPLATES)
def test_nothing_is_left_when_it_is_filled(folder: str, tmp_path: Path) -> None:
    """A filled template has no problem."""
    path = tmp_path / "filled.ttl"
    path.write_text(filled(template(folder)), encoding="utf-8")
    assert [str(problem) for problem in check([path])] == []


def test_the_new_act_answers(ontology: Path, tmp_path: Path) -> None:
    """A file in the folder is all it takes: the next answer holds its norms, dated."""
    act = ontology / "legislation" / "care-of-others-act-2019.ttl"
    act.write_text(filled(template("legislation")), encoding="utf-8")
    result = assess(tmp_path, "--json")
    assert result.exit_code == 0, result.output
    assert '"coa2019:s5-1"' in result.stdout
    engine = Engine.of(load_law())
    assert {"coa2019:s5-1", "coa2019:s5-3"} <= set(engine.table.norms)
    why = CliRunner().invoke(main, ["why", str(tmp_path / "new-act.yaml"), "coa2019:s5-1"])
    assert "what it lets somebody do" in why.stdout
    assert "Applies, if" in why.stdout or "judge" in why.stdout


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("coa2019:s5-1.recipient .", "coa2019:s5-1.recipient", "cannot be read"),
        ("owl:someValuesFrom coa2019:s5-2 ]", "owl:allValuesFrom coa2019:s5-2 ]", "owl:allValuesFrom"),
        ("kg:defeats coa2019:s5-1", "kg:defeats coa2019:s5-9", "coa2019:s5-9, which is no norm"),
        ("a kg:PowerToShare ;", "a kg:PowerToShare, kg:DutyToShare ;", "2 kinds of norm"),
    ],
)  # fmt: skip
def test_a_broken_act_is_refused(
    old: str, new: str, says: str, ontology: Path, tmp_path: Path
) -> None:
    """No case is assessed on a broken graph: exit code 2, and what is wrong in which file."""
    text = filled(template("legislation"))
    assert old in text
    act = ontology / "legislation" / "care-of-others-act-2019.ttl"
    act.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BrokenGraph):
        Engine.of(load_law())
    result = assess(tmp_path)
    assert result.exit_code == 2
    assert says in " ".join(result.stderr.split())
    assert "care-of-others-act-2019.ttl" in result.stderr
    assert "established" not in result.stdout


def test_a_copied_template_is_never_loaded(ontology: Path) -> None:
    """A file that begins with _ is work in progress: it is not loaded."""
    (ontology / "legislation" / "_draft.ttl").write_text("no turtle", encoding="utf-8")
    assert Engine.of(load_law()).table.norms


def test_the_how_to_names_the_steps() -> None:
    """The how-to says what to copy, what the check reports, and where a draft is safe."""
    page = (ROOT / "docs" / "how-to" / "add-an-act.md").read_text(encoding="utf-8")
    for words in (
        "_template.ttl",
        "[brackets]",
        "kg check",
        "register.ttl",
        "kg coverage",
        "_draft",
    ):
        assert words in page, words
