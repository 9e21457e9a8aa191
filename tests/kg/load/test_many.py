"""Cases as they are kept: folders, JSON Lines and tables, one at a time and with every place named."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.load import Law
from kg.load.many import Sources
from kg.load.table import ColumnMap

YAML = "case: {0}\ntitle: about {0}\n"


def read(law: Law, *paths: Path, columns: ColumnMap | None = None) -> tuple[list[str], list[str]]:
    """Return the names of the cases, and what was wrong, both in the order of the sources."""
    names, wrong = [], []
    for source in Sources(paths, columns):
        try:
            if isinstance(source, KgError):
                raise source
            names.append(source.load(law).name)
        except KgError as error:
            wrong += [f"{problem.where}: {problem.what}" for problem in error.problems]
    return names, wrong


def test_a_folder_is_read_by_name(tmp_path: Path, law: Law) -> None:
    """Folders are read with their folders, sorted; hidden files never; unknown endings are named once."""
    (tmp_path / "inner").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b.yaml", "a.yml", "inner/d.yaml", ".hidden.yaml", ".git/x.yaml"):
        (tmp_path / name).write_text(YAML.format(Path(name).stem.strip(".")), encoding="utf-8")
    (tmp_path / "c.json").write_text('{"case": "c"}', encoding="utf-8")
    (tmp_path / "inner" / "e.csv").write_text("case,title\ne,x\nf,y\n", encoding="utf-8")
    (tmp_path / "inner" / "g.jsonl").write_text(
        '{"case": "g"}\n\n{"case": "h"}\n', encoding="utf-8"
    )
    (tmp_path / "~$b.xlsx").write_bytes(b"lock file of a spreadsheet program")
    for name in ("x.md", "y.md", "z.pdf", "README"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert read(law, tmp_path) == (["a", "b", "c", "d", "e", "f", "g", "h"], [])
    sources = Sources([tmp_path])
    assert len(list(sources)) == 8
    assert [note.partition(":")[0] for note in sources.notes] == [
        f"Not read, because no case is kept in {ending} files"
        for ending in ("README", ".md", ".pdf")
    ]
    assert sources.notes[1].endswith("x.md and 1 more")
    assert len(read(law, tmp_path, tmp_path / "a.yml", tmp_path)[0]) == 8


@pytest.mark.parametrize("name", ["empty", "only-notes", "empty.jsonl", "blank.jsonl"])
def test_nothing_to_validate(tmp_path: Path, law: Law, name: str) -> None:
    """An empty folder or file is an error, never a pass."""
    path = tmp_path / name
    if path.suffix:
        path.write_text("" if name == "empty.jsonl" else "\n \n", encoding="utf-8")
    else:
        path.mkdir()
        (path / "x.md").write_text("x", encoding="utf-8")
    assert read(law, path) == (
        [],
        [f"{path}: there is nothing to validate in this {'file' if path.suffix else 'folder'}"],
    )


@pytest.mark.parametrize("ending", [".xlsm", ".xls", ".xlsb", ".ods", ".tsv", ".doc", ""])
def test_other_endings(tmp_path: Path, law: Law, ending: str) -> None:
    """A file that is named and cannot be read is an error with what to do."""
    path = tmp_path / f"a{ending}"
    path.write_text("x", encoding="utf-8")
    (error,) = Sources([path])
    assert isinstance(error, KgError)
    assert error.problems[0].fix
    missing = tmp_path / "no" / "such.csv"
    assert "no such file" in read(law, missing)[1][0]


def test_json_lines(tmp_path: Path, law: Law) -> None:
    """Each line is a case; what is wrong with one names its line and never stops the next."""
    path = tmp_path / "a.jsonl"
    lines = [
        '\ufeff{"case": "a"}'.encode(), b"", b'{"case": "b", "titel": "x"}', b'{"case": "c"', b'{"case": "d", "title": "caf\xe9"}',
        b'{"case": "e", "x": "' + b"y" * 2_000_001 + b'"}', b'{"case": "f"} {"case": "g"}', b"[1]", b'{"case": "h"}',
    ]  # fmt: skip
    path.write_bytes(b"\n".join(lines))
    names, wrong = read(law, path)
    assert names == ["a", "h"]
    assert [words.removeprefix(f"{path}:").partition(":")[0] for words in wrong] == [
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
    ]
    path.write_bytes('{"case": "a"}\n'.encode("utf-16"))
    assert "UTF-16" in read(law, path)[1][0]


def test_lines_of_facts(tmp_path: Path, law: Law) -> None:
    """Every fact of a case on line 2 stands on line 2."""
    path = tmp_path / "a.jsonl"
    case = {"case": "b", "parties": {"x": {"kind": "school"}}, "disclosure": {"from": "x"}}
    path.write_text('{"case": "a"}\n' + json.dumps(case), encoding="utf-8")
    second = list(Sources([path]))[1]
    assert not isinstance(second, KgError)
    assert {place.line for place in second.load(law).places.values()} <= {1, 2}
    assert second.load(law).lines[("case:b/disclosure", "kg:discloser", "case:b/x")] == 2


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_memory_is_flat(tmp_path: Path, ending: str) -> None:
    """Ten times as many cases take no more memory."""
    peaks = []
    for count in (2_000, 20_000):
        path = tmp_path / f"a{count}{ending}"
        with path.open("w", encoding="utf-8") as out:
            out.write("case,title,parties/1,parties/1/kind\n" if ending == ".csv" else "")
            for number in range(count):
                name = f"case-{number:06}"
                out.write(
                    f"{name},about it,x,school\n" if ending == ".csv" else f'{{"case": "{name}"}}\n'
                )
        tracemalloc.start()
        assert sum(not isinstance(one, KgError) for one in Sources([path])) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # Only the names of the cases are kept, to find one that stands twice.
    assert peaks[1] < peaks[0] + 20_000 * 200
