"""Many records: in order, side by side, nothing lost, nothing kept, and no case stops another."""

from __future__ import annotations

import csv
import gc
import io
import json
import os
import pickle
import signal
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg import errors
from kg.assess import Engine
from kg.cli import main
from kg.cli import validate as validate_command
from kg.errors import KgError, Problem
from kg.export.template import template
from kg.load.many import Source, Sources
from kg.validate import Shapes, load_shapes, validate_case
from kg.validate.many import validate_all

EXAMPLES = Path(__file__).parents[2] / "examples"
RECORD = "case: {0}\nparties:\n  x: {{kind: school}}\ndisclosure:\n  from: x\nrecord:\n  outcome: not-shared\n"


@pytest.fixture(scope="module")
def shapes() -> Shapes:
    return load_shapes()


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def folder(tmp_path: Path, count: int) -> Path:
    """Return a folder of small records, of which the fourth cannot be read."""
    path = tmp_path / "records"
    path.mkdir()
    for number in range(count):
        text = RECORD.format(f"c-{number:04}") if number != 3 else "case: [\n"
        (path / f"{number:04}.yaml").write_text(text, encoding="utf-8")
    return path


def test_errors_travel_between_processes() -> None:
    """Every error comes out of a process as it went in."""
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, KgError)]
    assert len(kinds) > 8
    for kind in kinds:
        error = kind([Problem("a", "b", 1, "c", "d"), Problem("e")])
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.problems, str(again)) == (kind, error.problems, str(error))


def test_side_by_side_is_the_same(tmp_path: Path, engine: Engine, shapes: Shapes) -> None:
    """Two processes find what one finds, in the same order; a bad case stays in its place."""
    path = folder(tmp_path, 23)
    alone = list(validate_all(Sources([path]), engine, shapes))
    both = list(validate_all(Sources([path]), engine, shapes, processes=2, chunk=4, many=5))
    assert [(one.name, one.reports, str(one.error)) for one in both] == [
        (one.name, one.reports, str(one.error)) for one in alone
    ]
    assert [one.error is not None for one in both].index(True) == 3
    assert sum(len(one.reports) for one in both) == 22
    assert list(both[0].reports) == validate_case(
        next(iter(Sources([path]))).load(engine.law), engine, shapes
    )  # type: ignore[union-attr]


def test_nothing_is_read_ahead(tmp_path: Path, engine: Engine, shapes: Shapes) -> None:
    """In one process the next case is read when the last one has been told."""
    taken = 0

    def counting() -> Iterator[Source | KgError]:
        nonlocal taken
        for source in Sources([folder(tmp_path, 9)]):
            taken += 1
            yield source

    found = validate_all(counting(), engine, shapes)
    next(found)
    assert taken == 1


def test_stopping_early_ends_the_processes(tmp_path: Path, engine: Engine, shapes: Shapes) -> None:
    """Who stops listening does not wait for the rest."""
    import multiprocessing

    path = folder(tmp_path, 200)
    found = validate_all(Sources([path]), engine, shapes, processes=2, chunk=20, many=5)
    next(found)
    start = time.monotonic()
    found.close()
    assert time.monotonic() - start < 8
    assert multiprocessing.active_children() == []


def test_two_cases_of_one_name(tmp_path: Path) -> None:
    """The second case of a name is an error that names both places; the first is reported."""
    one, two = tmp_path / "one.yaml", tmp_path / "two.csv"
    one.write_text(RECORD.format("same"), encoding="utf-8")
    two.write_text(
        "case,parties/1,parties/1/kind,disclosure/from,record/outcome\nother,x,school,x,not-shared\nsame,x,school,x,shared\n",
        encoding="utf-8",
    )
    result = run("validate", one, two, "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 2
    assert [record["case"] for record in document["records"]] == ["same", "other"]
    (error,) = document["errors"]
    assert (error["file"], error["line"], str(one) in error["what"]) == (str(two), 3, True)


def test_rows_and_columns_of_results(tmp_path: Path) -> None:
    """What a record in a table lacks is told with row, column letter and header, or that no column has it."""
    path = tmp_path / "a.csv"
    path.write_text(
        "case,parties/1,parties/1/kind,parties/2,parties/2/kind,people/1,people/1/age,information/1,information/1/topic,"
        "information/1/description,disclosure/from,disclosure/to/1/party,disclosure/to/1/job-title,disclosure/items/1,record/outcome\n"
        "a,x,school,y,local-authority,child,9,notes,health,marks,x,y,teacher,notes,shared\n"
        "a,,,z,nhs-trust,,,,,,,z,,,\n"
        "b,x,school,,,,,,,,x,,,,\n",
        encoding="utf-8",
    )
    result = run("validate", path, "--json")
    document = json.loads(result.stdout)
    (record,) = document["records"]
    title = next(r for r in record["results"] if r["path"].endswith("job-title"))
    assert title["line"] == 3
    assert "(column M “disclosure/to/1/job-title”)" in title["message"]
    contact = next(r for r in record["results"] if r["path"] == "disclosure/to/1/contact")
    assert contact["line"] == 2
    assert "(no column states disclosure/to/1/contact)" in contact["message"]
    assert all(2 <= r["line"] <= 3 for r in record["results"])
    assert (
        document["errors"][0]["line"],
        "no decision record" in document["errors"][0]["what"],
    ) == (4, True)
    assert result.exit_code == 2


def test_exit_codes(tmp_path: Path) -> None:
    """0 complete, 1 something to add, 2 something unreadable or nothing there; the rest is reported."""
    good = EXAMPLES / "section-47-request.yaml"
    assert run("validate", good).exit_code == 0
    lacking = tmp_path / "lacking.jsonl"
    lacking.write_text(
        '{"case": "a", "disclosure": {"date": "2024-05-31"}, "record": {"outcome": "shared"}}\n'
    )
    assert run("validate", good, lacking).exit_code == 1
    (tmp_path / "empty").mkdir()
    result = run("validate", good, tmp_path / "empty")
    assert result.exit_code == 2
    assert "nothing to validate" in result.stderr
    assert "complete" in result.stdout
    assert run("validate").exit_code == 2


NOTHING = {
    "folder": None,
    "empty.yaml": b"",
    "blank.yaml": b"\n# later\n",
    "empty.json": b"",
    "list.json": b"[]",
    "empty.jsonl": b"",
    "blank.jsonl": b"\n \n",
    "no-record.jsonl": b'{"case": "a", "disclosure": {"date": "2024-05-31"}}\n',
    "no-record.yaml": b"case: a\ndisclosure:\n  date: 2024-05-31\n",
    "no-records.json": b'{"case": "a", "disclosure": {}, "record": []}',
    "empty.csv": b"",
    "head-only.csv": b"case,record/outcome\n",
    "blank-rows.csv": b"case,record/outcome\n,\n,\n",
    "no-record.csv": b"case,disclosure/date\na,2024-05-31\n",
    "empty.ttl": b"",
}


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("name", NOTHING)
def test_nothing_to_validate_is_an_error(tmp_path: Path, name: str, format_: str) -> None:
    """Whatever holds no record is exit 2 with the name of what was given, and nothing passes."""
    path = tmp_path / name
    content = NOTHING[name]
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    result = run("validate", path, "--format", format_)
    assert result.exit_code == 2
    assert name in "".join(result.stderr.split())
    if format_ == "json":
        document = json.loads(result.stdout)
        assert document["records"] == []
        (error,) = document["errors"]
        assert error["fix"]
    else:
        assert "complete" not in result.stdout


def test_text_ends_with_a_summary(tmp_path: Path) -> None:
    """With several records the text ends with how many are complete and what they lack most often."""
    path = folder(tmp_path, 7)
    (path / "notes.md").write_text("x", encoding="utf-8")
    result = run("validate", path)
    assert result.exit_code == 2
    assert "6 records: 0 complete, 6 not complete" in result.stdout
    assert "in 6 of 6" in result.stdout
    assert "notes.md" in result.stderr
    assert "records:" not in run("validate", path / "0000.yaml").stdout


@pytest.mark.parametrize("format_", [f for f in validate_command.FORMATS if f != "text"])
def test_every_format_of_many(tmp_path: Path, format_: str) -> None:
    """Every format takes what came of a folder."""
    result = run("validate", folder(tmp_path, 5), "--format", format_)
    assert result.exit_code == 2
    assert "c-0004" in result.stdout
    assert "0003.yaml" in result.stderr


def test_assess_reads_tables_and_folders(tmp_path: Path) -> None:
    """What can be validated can be assessed."""
    result = run("assess", folder(tmp_path, 5), "--json")
    assert [d["case"] for d in json.loads(result.stdout)["disclosures"]] == [
        "c-0000",
        "c-0001",
        "c-0002",
        "c-0004",
    ]


class Terminal(io.StringIO):
    """A text that says it is a terminal."""

    def isatty(self) -> bool:  # noqa: D102
        return True


@pytest.mark.parametrize(("long", "terminal"), [(-1.0, True), (60.0, True), (-1.0, False)])
def test_progress(monkeypatch: pytest.MonkeyPatch, long: float, *, terminal: bool) -> None:
    """A long run on a terminal says how many records are checked; a short one, or a file, says nothing."""
    screen = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(validate_command, "_LONG", long)
    counter = validate_command._Counter(shown=True)
    for more in (5, 7):
        counter(more)
    counter.end()
    assert ("12 records checked" in screen.getvalue()) == (terminal and long < 0)


@pytest.mark.slow
def test_nothing_is_kept(tmp_path: Path, engine: Engine, shapes: Shapes) -> None:
    """After sixty cases the process holds no more than after twenty: reports are all that comes out."""
    found = validate_all(Sources([folder(tmp_path, 61)]), engine, shapes)
    for _ in range(20):
        next(found)
    gc.collect()
    tracemalloc.start()
    sizes = []
    for number, _ in enumerate(found):
        if number in {10, 39}:
            gc.collect()
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    # A case takes more than 500 KB while it is checked: thirty kept ones would be 15 MB. What grows a
    # little is what the law says of kinds seen for the first time, and the names of the cases.
    assert sizes[1] - sizes[0] < 1_000_000


@pytest.mark.skipif(os.name != "posix", reason="sends a signal to a group of processes")
def test_ctrl_c_leaves_cleanly(tmp_path: Path) -> None:
    """Ctrl-C stops a long run with one sentence, exit code 130, no traceback and no process left."""
    path = folder(tmp_path, 1200)
    command = [sys.executable, "-m", "kg", "validate", str(path), "--format", "csv"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        time.sleep(6)
        assert running.poll() is None
        os.killpg(running.pid, signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in out + err
    assert "were checked before that" in err
    for _ in range(50):  # the last helper of the pool notices a moment later
        try:
            os.killpg(running.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.2)
    pytest.fail("a process was left behind")


@pytest.mark.slow
def test_three_thousand_rows(tmp_path: Path, engine: Engine, shapes: Shapes) -> None:
    """A table of 3,000 rows with a bad one in the middle: every other record is reported, in order."""
    rows = list(
        csv.reader(
            template("csv", engine.law, shapes, sample=True).decode("utf-8-sig").splitlines()
        )
    )
    one = [row for row in rows if row[0] == "section-47-request"]
    count = 3_000 // len(one) + 1
    path = tmp_path / "log.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(rows[0])
        for number in range(count):
            own = [[f"case-{number:04}", *row[1:]] for row in one]
            if number == count // 2:
                own[0][rows[0].index("record/date")] = "1/2/2024"
            writer.writerows(own)
    assert count * len(one) >= 3_000
    found = list(validate_all(Sources([path]), engine, shapes, processes=2, chunk=50, many=100))
    assert [one.name for one in found if one.reports] == [
        f"case-{n:04}" for n in range(count) if n != count // 2
    ]
    assert all(report.complete for one in found for report in one.reports)
    (bad,) = [one for one in found if one.error]
    assert bad.error is not None
    assert bad.error.problems[0].line == 2 + count // 2 * len(one)
    assert "several days" in bad.error.problems[0].what
