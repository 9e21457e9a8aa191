"""Tables: each way in which a file could mislead, exhaust or lose something is refused by name."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kg.cli import main
from kg.errors import CaseNotLoaded, KgError, Problem
from kg.load import Case, Law, load_case
from kg.load.table import ColumnMap, TableCase, load_columns, resolve, table_cases
from kg.load.table.cells import MAX_CELL, letter, row_and_column, spot
from kg.model import Lit

#: A moment as a workbook knows it: without a zone.
MOMENT = datetime.fromisoformat("2024-05-31T10:40")
HEAD = "case,title,parties/1,parties/1/kind,people/1,people/1/age,disclosure/from,disclosure/date,disclosure/request/section"
GOOD = "a,about a,school,school,child,9,school,2024-05-31,47.10"


def table(tmp_path: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def workbook(tmp_path: Path, *rows: list[object], name: str = "t.xlsx") -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def read(path: Path, law: Law, map_: ColumnMap | None = None) -> tuple[list[Case], list[Problem]]:
    """Return the cases of a table, and everything that was wrong."""
    cases, problems = [], []
    for source in table_cases(path, map_):
        try:
            if isinstance(source, KgError):
                raise source
            cases.append(source.load(law))
        except KgError as error:
            problems += error.problems
    return cases, problems


def only(path: Path, law: Law, map_: ColumnMap | None = None) -> Problem:
    """Return the one problem; it says what, where and how to fix it."""
    _, problems = read(path, law, map_)
    assert len(problems) == 1, problems
    assert problems[0].file == str(path)
    assert problems[0].fix
    return problems[0]


def said(case: Case, term: str) -> list[str]:
    return [v.text if isinstance(v, Lit) else v for _, p, v in case.triples if p == f"kg:{term}"]


# --- What a table says ----------------------------------------------------------------------------


def test_same_triples_as_yaml(tmp_path: Path, law: Law) -> None:
    """A case kept in a table states exactly what the same case states as YAML, row by row."""
    path = table(
        tmp_path,
        "case;parties/1;parties/1/kind;parties/2;parties/2/kind;parties/2/function;people/1;people/1/age;information/1;"
        "information/1/topic;information/1/about;information/1/received-under;disclosure/from;disclosure/to/1/party;disclosure/to/1/person;"
        "disclosure/items/1;disclosure/subjects/1;disclosure/subjects/1/consent/1/state;"
        "disclosure/subjects/1/consent/2/state;disclosure/purpose;disclosure/date\n"
        "a;trust;nhs trust;council;local-authority;childrens-social-care;child;3;notes;health, ordinary;child;in trust;trust;"
        "council;A;notes;child;given;withdrawn;s47-enquiry;2024-05-31\n"
        "a;;;trust;nhs trust;;mother;31;letter;ordinary;;;;council;B;letter;mother;refused;;;\n",
    )
    yaml = table(
        tmp_path,
        """\
case: a
disclosure:
  from: trust
  purpose: s47-enquiry
  date: 2024-05-31
  to: [{party: council, person: A}, {party: council, person: B}]
  items: [notes, letter]
  subjects:
    - {person: child, consent: [{state: given}, {state: withdrawn}]}
    - {person: mother, consent: {state: refused}}
parties: {trust: {kind: nhs-trust}, council: {kind: local-authority, function: childrens-social-care}}
people: {child: {age: 3}, mother: {age: 31}}
information:
  notes: {topic: [health, ordinary], about: child, received-under: in trust}
  letter: {topic: ordinary}
""",
        "a.yaml",
    )
    cases, problems = read(path, law)
    assert problems == []
    assert set(cases[0].triples) == set(load_case(yaml, law).triples)
    places = {place.path: place.line for place in cases[0].places.values()}
    assert (places["disclosure/to/1"], places["disclosure/to/2"], places["people/mother"]) == (
        2,
        3,
        3,
    )


def test_every_problem_names_row_and_column(tmp_path: Path, law: Law) -> None:
    """Values that no case could have are refused with row, column letter, header and remedy."""
    path = table(
        tmp_path, f"{HEAD}\n{GOOD}\nb,t,school,scool,chi ld,9,child,2024-02-30,1\nc{GOOD[1:]}\n"
    )
    cases, problems = read(path, law)
    assert [case.name for case in cases] == ["a", "c"]
    assert {p.where for p in problems} == {f"{path}:3"}
    for words in ("column D “parties/1/kind”", "column E “people/1”",
                  "column G “disclosure/from”", "column H “disclosure/date”"):  # fmt: skip
        assert sum(words in p.what for p in problems) == 1, words
    assert next(p for p in problems if "scool" in p.what).fix == "did you mean school?"


def test_single_values_are_stated_once(tmp_path: Path, law: Law) -> None:
    """A further row may repeat a single value; another value is an error that names both rows."""
    again, other = GOOD.replace("about a", ""), GOOD.replace("2024-05-31", "2024-06-01")
    assert len(read(table(tmp_path, f"{HEAD}\n{GOOD}\n{again}\n"), law)[0]) == 1
    problem = only(table(tmp_path, f"{HEAD}\n{GOOD}\n{other}\n"), law)
    assert problem.line == 3
    assert "column H" in problem.what
    assert "in row 2" in problem.what


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("a,again,,,,,,,", "stands in row 2 already"),
        (",no name,,,,,,,", "“case” is empty, but B is not"),
    ],
)
def test_rows_without_a_case_of_their_own(tmp_path: Path, law: Law, row: str, what: str) -> None:
    """Rows of one case stand together, and every row names its case."""
    path = table(tmp_path, f"{HEAD}\n{GOOD}\nb{GOOD[1:]}\n{row}\nc{GOOD[1:]}\n")
    problem = only(path, law)
    assert (problem.line, what in problem.what) == (4, True)
    assert len(read(path, law)[0]) == 3


def test_a_described_thing_needs_a_name(tmp_path: Path, law: Law) -> None:
    """Facts about a thing that no cell names are refused, not lost."""
    problem = only(table(tmp_path, f"{HEAD}\na,t,,school,,,,,\n"), law)
    assert "column D" in problem.what
    assert "parties/1" in problem.fix


def test_notes_and_empty_rows(tmp_path: Path, law: Law) -> None:
    """Empty rows count but say nothing; a row whose case begins with # is a note."""
    path = table(tmp_path, f"\n# above; all\n{HEAD}\n# a note,x\n,,\n{GOOD}\n")
    assert next(iter(read(path, law)[0][0].places.values())).line == 6


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("title,title", "has the header of column"), ("people/1/agee", "“agee” is not a key of a person"),
        ("disclosure/to/1,disclosure/to/1/party", "both state disclosure/to/1/party"), ("title2", "“title2” is not a key"),
        ("record/2/outcome", "“2” is not a key of a decision record"), ("disclosure/to/1/party/kind", "no keys or places"),
        ("people", "needs a place or a name"), ("people/child", "needs a key"), ("record/cites/1/provision/x/y", "no keys"),
        ("disclosure/request", "needs a key of"),
    ],
)  # fmt: skip
def test_headers_that_mean_nothing(tmp_path: Path, law: Law, header: str, what: str) -> None:
    """Headers are checked before any row is read."""
    path = table(tmp_path, f"case,{header}\na,x,y\n")
    problem = only(path, law)
    assert what in problem.what
    assert "column " in problem.what


def test_a_table_needs_its_case_column(tmp_path: Path, law: Law) -> None:
    """Without the column of cases nothing could be told apart."""
    assert "no column says which case" in only(table(tmp_path, "title\nx\n"), law).what


def test_paths() -> None:
    """Places may be left out where there is only one; words may be several; texts are members."""
    assert resolve("disclosure/to/person").path == "disclosure/to/1/person"
    assert resolve("disclosure/purpose").path == "disclosure/purpose/kind"
    assert resolve("record/reasons").path == "record/reasons/1"
    assert resolve("information/1/topic").words
    assert not resolve("record/reasons").words
    assert [letter(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert row_and_column(spot(200_000, 16_383)) == (200_000, 16_383)


# --- Encoding and dialect -------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_dialects(tmp_path: Path, law: Law, mark: str, start: str) -> None:
    """Comma, semicolon and tab are told apart, with and without a byte order mark."""
    path = table(tmp_path, f"{start}{HEAD}\r\n{GOOD}\r\n".replace(",", mark))
    assert said(read(path, law)[0][0], "sectionNamed") == ["47.10"]


@pytest.mark.parametrize(
    ("content", "what", "line"),
    [
        (f"{HEAD}\n{GOOD}\n".encode("utf-16"), "UTF-16", 0),
        (f"{HEAD}\n{GOOD}\n".encode("utf-16-le"), "NUL", 1),
        (f"{HEAD}\n{GOOD}\nb,caf\u00e9\n".encode("latin-1"), "not text in UTF-8", 3),
        (f"{HEAD}\n{GOOD}\nb,caf\u00e9".encode()[:-1], "not text in UTF-8", 3),
        (f"{HEAD}\n{GOOD}\nb,\0\n".encode(), "NUL", 3),
        (b"PK\x03\x04", "Excel workbook named .csv", 0),
        (b"\xef\xbb\xbf \r\n,,\r\n", "nothing to validate", 0),
        (b"", "nothing to validate", 0),
        (f"{HEAD}\n".encode(), "nothing to validate", 0),
    ],
)
def test_other_encodings(tmp_path: Path, law: Law, content: bytes, what: str, line: int) -> None:
    """A table in another encoding is refused as a whole, with how to save it."""
    path = table(tmp_path, content)
    problem = only(path, law)
    assert what in problem.what
    assert problem.line == line
    assert read(path, law)[0] == []


@pytest.mark.parametrize(
    "row", ['b,"never closed', 'b,"closed" too early', 'b,"' + "x" * 140_000 + '"']
)
def test_broken_quotes(tmp_path: Path, law: Law, row: str) -> None:
    """What stands before a broken quote is read; nobody can say where the rest begins."""
    path = table(tmp_path, f"{HEAD}\n{GOOD}\n{row}\nc{GOOD[1:]}\n")
    problem = only(path, law)
    assert problem.line == 3
    assert len(read(path, law)[0]) == 1


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
@pytest.mark.parametrize(
    ("text", "what"), [("x" * (MAX_CELL + 1), "32,768 characters"), ("a\x01b", "U+0001")]
)
def test_cells_that_hold_too_much(
    tmp_path: Path, law: Law, name: str, text: str, what: str
) -> None:
    """A huge cell, or one with an invisible character, is refused; the next row is read."""
    if name == "t.csv":
        path = table(tmp_path, f"case,title\na,{text}\nb,x\n")
    elif len(text) > MAX_CELL:
        return  # no workbook can hold such a cell
    else:
        path = workbook(tmp_path, ["case", "title"], ["a", "a_x0001_b"], ["b", "x"])
    problem = only(path, law)
    assert what in problem.what
    assert "column B “title”" in problem.what
    assert len(read(path, law)[0]) == 1


# --- Dates, numbers, formulas ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "formats"),
    [
        ("31/05/2024", {"day/month/year"}), ("05/31/2024", {"month/day/year"}), ("31.05.2024", {"day.month.year"}),
        ("31-05-2024", {"day-month-year"}), ("31 May 2024", {"day month-name year"}), ("2024/05/31", {"year/month/day"}),
        ("05/06/2024", {"day/month/year", "month/day/year"}),
    ],
)  # fmt: skip
def test_dates_are_never_guessed(tmp_path: Path, law: Law, written: str, formats: set[str]) -> None:
    """A format is taken only when stated; the error names what could be meant."""
    path = table(tmp_path, f"case,disclosure/date\na,{written}\nb,2024-05-31\n")
    problem = only(path, law)
    assert all(name in problem.what for name in formats)
    assert ("several days" in problem.what) == (len(formats) > 1)
    for name in formats:
        cases, problems = read(path, law, ColumnMap("m.yaml", dates=name))
        assert problems == []
        assert said(cases[0], "date")[0] in {"2024-05-31", "2024-06-05", "2024-05-06"}
        assert said(cases[1], "date") == ["2024-05-31"]


@pytest.mark.parametrize("written", ["31/02/2024", "1/1/24", "yesterday", "45000", "2024-5-1"])
def test_dates_that_do_not_exist(tmp_path: Path, law: Law, written: str) -> None:
    """What is no date is refused whatever format is stated."""
    path = table(tmp_path, f"case,disclosure/date\na,{written}\n")
    assert (
        f"“{written}” is not a date" in only(path, law, ColumnMap("m", dates="day/month/year")).what
    )


@pytest.mark.parametrize(
    ("header", "value", "term", "stated"),
    [
        ("disclosure/date", date(2024, 5, 31), "date", "2024-05-31"),
        ("disclosure/date", MOMENT.replace(hour=0, minute=0), "date", "2024-05-31"),
        ("disclosure/date", "2024-05-31", "date", "2024-05-31"),
        ("disclosure/time", time(10, 40), "time", "10:40"),
        ("people/child/age", 3, "age", "3"),
        ("people/child/alive", False, "alive", "false"),
        ("record/feedback", date(2024, 5, 31), "feedback", "2024-05-31"),
        ("disclosure/request/section", "47.10", "sectionNamed", "47.10"),
        ("title", "=1+1 as text", "title", "=1+1 as text"),
    ],
)
def test_workbook_values(
    tmp_path: Path, law: Law, header: str, value: object, term: str, stated: str
) -> None:
    """Real dates, times, numbers and truth values are taken where the key takes them."""
    path = workbook(tmp_path, ["case", header], ["a", ""])
    book = openpyxl.load_workbook(path)
    book.active["B2"] = value
    if isinstance(value, str):
        book.active["B2"].data_type = "s"
    book.save(path)
    cases, problems = read(path, law)
    assert problems == []
    assert said(cases[0], term) == [stated]


@pytest.mark.parametrize(
    ("header", "value", "what"),
    [
        ("disclosure/request/section", 47.10, "the number 47.1, not text"), ("title", 12, "the number 12, not text"),
        ("title", date(2024, 5, 31), "the date 2024-05-31, not text"), ("title", True, "the yes/no true, not text"),
        ("disclosure/date", 45000, "the number 45000, not a date"), ("people/child/alive", 1, "the number 1"),
        ("disclosure/date", MOMENT, "the date and time 2024-05-31 10:40"),
        ("people/child/age", 3.5, "takes a whole number, not “3.5”"), ("title", "=1+1", "holds a formula"),
        ("disclosure/date", "=TODAY()", "holds a formula"), ("title", "=NA()", "holds a formula"),
        ("title", "#N/A", "shows the error #N/A"),
    ],
)  # fmt: skip
def test_workbook_values_that_lost_something(
    tmp_path: Path, law: Law, header: str, value: object, what: str
) -> None:
    """A number in a text column, a formula or an error is refused with cell and remedy."""
    path = workbook(tmp_path, ["case", header], ["a", value], ["b", None])
    problem = only(path, law)
    assert what in problem.what
    assert f"column B “{header}”" in problem.what
    assert problem.line == 2
    assert len(read(path, law)[0]) == 1


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_data_and_never_leave(tmp_path: Path, start: str) -> None:
    """What looks like a formula is kept as data, and no cell of a report begins with it."""
    words = f'{start}HYPERLINK("http://127.0.0.1")'
    out = io.StringIO()
    csv.writer(out).writerows(
        [
            ["case", "parties/1", "parties/1/name", "disclosure/from", "record/outcome"],
            ["a", "x", words, "x", "shared"],
        ]
    )
    path = table(tmp_path, out.getvalue())
    result = run("validate", path, "--format", "csv")
    assert result.exit_code == 1, result.output
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {row["body"] for row in rows} == {"'" + words}
    assert (
        json.loads(run("validate", path, "--json").stdout)["summary"]["bodies"][0]["name"] == words
    )


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


# --- Workbooks that could do harm -----------------------------------------------------------------


def test_merged_cells(tmp_path: Path, law: Law) -> None:
    """Merged cells are refused with their range."""
    path = workbook(tmp_path, ["case", "title"], ["a", "x"], ["b", "y"])
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B2:B3")
    book.create_sheet("Other").merge_cells("A1:A9")
    book.save(path)
    problem = only(path, law)
    assert "B2:B3" in problem.what
    assert problem.line == 2


def test_sheets(tmp_path: Path, law: Law) -> None:
    """The first sheet is read, or the one that the map names; an unknown one is refused."""
    path = workbook(tmp_path, ["case"], ["a"])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Log").append(["case"])
    book["Log"].append(["b"])
    book.save(path)
    assert [case.name for case in read(path, law)[0]] == ["a"]
    assert [case.name for case in read(path, law, ColumnMap("m", sheet="Log"))[0]] == ["b"]
    assert "sheets: Sheet, Log" in only(path, law, ColumnMap("m", sheet="Lok")).fix


def changed(
    path: Path, *, add: dict[str, bytes] | None = None, **change: tuple[bytes, bytes]
) -> Path:
    """Rewrite a workbook with parts added, and a text replaced in parts by the stem of their name."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for stem, (before, after) in change.items():
        name = next(name for name in parts if Path(name).stem == stem)
        assert before in parts[name]
        parts[name] = parts[name].replace(before, after, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (parts | (add or {})).items():
            new.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("add", "what"),
    [
        ({"xl/media/a.bin": b"\0" * 10_000_000}, "more than 200 times"),
        ({f"xl/media/{n}.bin": bytes(range(256)) * 40_000 for n in range(6)}, "more than 50 MB"),
        ({f"xl/{n}.bin": b"" for n in range(2_001)}, "parts"),
        ({"xl/externalLinks/externalLink1.xml": b"<a/>"}, "not only a table"),
        ({"xl/vbaProject.bin": b"x"}, "not only a table"),
        ({"xl/embeddings/a.docx": b"x"}, "not only a table"),
        ({"../evil.xml": b"<a/>"}, "leads outside"),
        ({"/evil.xml": b"<a/>"}, "leads outside"),
        ({"xl/evil.xml": b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "entities"),
        ({"xl/evil.bin": b" " * 1_048_570 + b"<!DOCTYPE a>"}, ""),
        ({"xl/evil.xml": '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")}, "not text in UTF-8"),
        ({"xl/evil.xml": b'<?xml version="1.0" encoding="utf-7"?><a/>'}, "not text in UTF-8"),
    ],
)  # fmt: skip
def test_harmful_workbooks(tmp_path: Path, law: Law, add: dict[str, bytes], what: str) -> None:
    """Bombs, links, macros, foreign names and entities are refused before anything is parsed."""
    path = changed(workbook(tmp_path, ["case"], ["a"]), add=add)
    cases, problems = read(path, law)
    assert cases == []
    assert what in problems[0].what


def test_far_away_cell(tmp_path: Path, law: Law) -> None:
    """A cell at the far corner of the sheet is refused, without reading a thousand million cells."""
    path = workbook(tmp_path, ["case"], ["a"])
    far = (
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    )
    changed(path, sheet1=(b"</sheetData>", far))
    cases, problems = read(path, law)
    assert len(cases) <= 1
    assert "larger than" in problems[0].what


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "encrypted"),
        (b"no archive", "cannot be read"),
        (b"PK\x03\x04rest", "cannot be read"),
    ],
)
def test_no_workbook(tmp_path: Path, law: Law, content: bytes, what: str) -> None:
    """Encrypted, old and damaged workbooks are told apart from good ones."""
    assert what in only(table(tmp_path, content, "t.xlsx"), law).what


@pytest.mark.parametrize("cut", [60, 400, 1200, 3000])
def test_damaged_workbooks(tmp_path: Path, law: Law, cut: int) -> None:
    """Wherever bytes are damaged, the end is an error of ours or the same table."""
    path = workbook(tmp_path, ["case"], ["a"])
    content = bytearray(path.read_bytes())
    for place in range(cut, len(content), 700):
        content[place] ^= 0xFF
    path.write_bytes(content)
    cases, problems = read(path, law)
    assert problems or [case.name for case in cases] == ["a"]


def test_without_openpyxl(tmp_path: Path, law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the error says what to install, for reading and for writing."""
    path = workbook(tmp_path, ["case"], ["a"])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert "safeguarding-kg[xlsx]" in only(path, law).fix
    result = run("template", tmp_path / "new.xlsx")
    assert result.exit_code == 2
    assert "safeguarding-kg[xlsx]" in result.stderr


# --- The column map -------------------------------------------------------------------------------


def test_column_map(tmp_path: Path, law: Law) -> None:
    """Headers of an organisation's own, constants, ignored columns and one format of dates."""
    map_ = load_columns(
        table(
            tmp_path,
            "columns:\n  Our ref: case\n  Who: disclosure/to/1/person\n  Day: disclosure/date\n"
            "every-row:\n  parties/trust/kind: nhs-trust\n  disclosure/from: trust\n  disclosure/to/1/told-confidential: yes\n"
            "  disclosure/subjects/1/consent/1/state: given\nignore: [Ward]\ndates: day/month/year\n",
            "m.yaml",
        )
    )
    path = table(
        tmp_path,
        "Our ref,Who,Day,Ward,people/1,disclosure/subjects/1\na,A,1/6/2024,W4,child,child\na,B,,,,\nb,,1/6/2024,,,\n",
    )
    (one, two), problems = read(path, law, map_)
    assert problems == []
    assert said(one, "date") == ["2024-06-01"]
    assert said(one, "recipientName") == ["A", "B"]
    assert said(one, "toldConfidential") == ["true", "true"]
    assert said(one, "discloser") == ["case:a/trust"]
    assert len(said(one, "consentState")) == 1
    assert said(two, "toldConfidential") == said(two, "involvement") == []


def test_an_unmapped_header_is_refused(tmp_path: Path, law: Law) -> None:
    """A header that the map does not know, or knows and does not find, is an error."""
    map_ = load_columns(
        table(tmp_path, "columns:\n  Ref: case\n  Day: disclosure/date\n", "m.yaml")
    )
    problems = read(table(tmp_path, "Ref,Dai\na,2024-05-31\n"), law, map_)[1]
    assert [
        "column B “Dai” is not in the column map" in problems[0].what,
        "“Day”" in problems[1].what,
    ] == [True, True]
    assert "Day" in problems[0].fix


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("colums:\n  A: case\n", "“colums” is not a key"), ("columns:\n  A: case\n  B: disclosure/dat\n", "“dat” is not a key"),
        ("dates: dd/mm\n", "“dd/mm” is not a format"), ("columns: [a]\n", "takes lines"), ("- a\n", "list of keys"),
        ("sheet: [a]\n", "takes one value"), ("ignore: {a: b}\n", "list of headers"),
        ("every-row:\n  people/1: x\n  parties/a: x\n", "needs a key"),
    ],
)  # fmt: skip
def test_column_maps_that_mean_nothing(tmp_path: Path, text: str, what: str) -> None:
    """A column map is checked as strictly as a case."""
    with pytest.raises(KgError) as caught:
        load_columns(table(tmp_path, text, "m.yaml"))
    assert what in str(caught.value)


def test_a_constant_beside_its_column(tmp_path: Path, law: Law) -> None:
    """A constant for what a column states is refused: only one of them could count."""
    map_ = ColumnMap("m.yaml", every_row={"title": "x"})
    assert "is a column too" in read(table(tmp_path, "case,title\na,y\n"), law, map_)[1][0].what


# --- Properties -----------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40).filter(
    str.strip
)
QUICK = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
@example(texts=["=1+1"])
@example(texts=["a\r\nb", "a\rb", '"', "47.10", "'=x"])
@example(texts=["_x0041_", "\ufeffx", "a\x85b", "a\u2028b"])
@QUICK
def test_any_text_survives_csv_or_is_refused(tmp_path: Path, law: Law, texts: list[str]) -> None:
    """Whatever a cell of a CSV file holds is read as it is or refused; it is never altered."""
    out = io.StringIO()
    csv.writer(out).writerows(
        [["case", "title"], *([f"c-{n}", text] for n, text in enumerate(texts))]
    )
    path = table(tmp_path, out.getvalue())
    cases, problems = read(path, law)
    kept = {case.name: case.title for case in cases}
    assert all(kept[name] == texts[int(name[2:])] for name in kept)
    if not any(
        (character < " " and character not in "\t\n\r") or character == "\x7f"
        for text in texts
        for character in text
    ):
        assert len(kept) == len(texts), problems


@given(text=TEXTS)
@example(text="=1+1")
@example(text="47.10")
@example(text="2024-05-31")
@QUICK
def test_any_text_survives_a_workbook_or_is_refused(tmp_path: Path, law: Law, text: str) -> None:
    """Whatever a text cell of a workbook holds is read as it is or refused; it is never altered."""
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = openpyxl.Workbook()
    book.active.append(["case", "title"])
    book.active["A2"] = "a"
    with suppress(IllegalCharacterError):
        book.active["B2"] = text.replace("\r", " ")
        book.active["B2"].data_type = "s"
        book.save(tmp_path / "p.xlsx")
        cases, problems = read(tmp_path / "p.xlsx", law)
        assert problems or [case.title for case in cases] == [text.replace("\r", " ")]


@given(
    content=st.binary(max_size=300)
    | st.text(alphabet='case,;"\n\r=/1\x00é', max_size=80).map(str.encode)
)
@QUICK
def test_tables_raise_only_our_errors(tmp_path: Path, law: Law, content: bytes) -> None:
    """Whatever the bytes, the end is a case or an error of our tree."""
    for name in ("f.csv", "f.xlsx"):
        read(table(tmp_path, content, name), law)


def test_endless_cases_and_headers(tmp_path: Path, law: Law) -> None:
    """One case over thousands of rows, and thousands of unknown headers, end soon with one message."""
    path = table(tmp_path, f"{HEAD}\n" + f"{GOOD}\n" * 5_000 + f"b{GOOD[1:]}\n")
    problem = only(path, law)
    assert (problem.line, "more than 1,000 rows" in problem.what) == (1_002, True)
    assert [case.name for case in read(path, law)[0]] == ["b"]
    many = table(tmp_path, "case," + ",".join(f"x{n}" for n in range(9_000)) + "\na\n")
    assert len(read(many, law)[1]) == 30
    more = table(tmp_path, "case" + "," * 20_000 + "\na\n")
    assert "more than 16,383 columns" in only(more, law).what


def test_rows_are_read_one_at_a_time(tmp_path: Path) -> None:
    """The first case is at hand before the last row is read, and errors come in their place."""
    path = table(
        tmp_path,
        f"{HEAD}\n{GOOD}\nb,\x01{GOOD[1:]}\n" + "".join(f"c-{n}{GOOD[1:]}\n" for n in range(50)),
    )
    found = list(islice(table_cases(path), 3))
    assert [one.name for one in found if isinstance(one, TableCase)] == ["a", "b", "c-0"]
    with pytest.raises(CaseNotLoaded):
        found[1].load(Law(()))
