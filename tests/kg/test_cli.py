"""The command contract of design section 6: output, exit codes, errors."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import main

SCENARIOS = Path(__file__).parents[1] / "scenarios"
ONE, TWO = SCENARIOS / "SC-001.yaml", SCENARIOS / "SC-002.yaml"

#: A case with two disclosures.
SEVERAL = SCENARIOS / "SC-054.yaml"

ASSESSMENT_KEYS = {
    "case", "file", "id", "lawDate", "regime", "outcome", "holds", "strands", "layers", "provisions",
    "missing", "judgements", "conflicts", "disagreements", "awaitingConfirmation", "warnings",
}  # fmt: skip
PROVISION_KEYS = {
    "id", "kind", "effect", "layer", "state", "partly", "fallback", "byStrand", "citation", "url",
    "inForce", "reviewStatus", "blockedBy", "defeats", "nearest", "conditions",
}  # fmt: skip


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def assessed(*words: str | Path) -> dict:
    result = run("assess", *words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def provision(document: dict, name: str) -> dict:
    return next(p for p in document["disclosures"][0]["provisions"] if p["id"] == name)


def test_json_contract() -> None:
    """The JSON of assess holds every key of the contract."""
    document = assessed(ONE)
    assert document["format"] == "kg-assess/1"
    assert set(document["law"]) == {"version", "hash"}
    disclosure = document["disclosures"][0]
    assert set(disclosure) >= ASSESSMENT_KEYS
    assert list(disclosure["layers"]) == [
        "authority", "bars", "purpose", "article6", "article9", "article10", "confidence", "article8",
    ]  # fmt: skip
    for found in disclosure["provisions"]:
        assert set(found) >= PROVISION_KEYS
        for condition in found["conditions"]:
            assert set(condition) >= {
                "id",
                "label",
                "kind",
                "state",
                "because",
                "missing",
                "source",
                "rule",
            }
    assert disclosure["strands"][0] == {
        "id": "trust/council/notes/infant", "from": "trust", "to": "council", "item": "notes", "subject": "infant",
    }  # fmt: skip


def test_formats_of_an_answer() -> None:
    """--format json is --json; Markdown and picture are printed whole; --disclosure chooses one."""
    assert run("assess", ONE, "--format", "json").stdout == run("assess", ONE, "--json").stdout
    markdown = run("assess", ONE, "--format", "markdown").stdout
    assert markdown.startswith("# ")
    assert "Children Act 1989, s 47(9)" in markdown
    why = run("why", ONE, "ca1989:s47-9", "--format", "markdown").stdout
    assert why.startswith("# Children Act 1989, s 47(9)")
    as_json = run("why", ONE, "ca1989:s47-9", "--format", "json").stdout
    assert as_json == run("why", ONE, "ca1989:s47-9", "--json").stdout
    picture = run("assess", ONE, "--format", "svg")
    assert picture.stdout.startswith("<?xml")
    assert picture.stdout.endswith("</svg>\n")
    assert picture.stderr == ""


def test_one_disclosure_of_several() -> None:
    """--disclosure shows that one only; a picture without it shows the first, and says so."""
    both = assessed(SEVERAL)
    first, second = [d["id"] for d in both["disclosures"]][:2]
    assert assessed(SEVERAL, "--disclosure", second)["disclosures"] == [both["disclosures"][1]]
    picture = run("assess", SEVERAL, "--format", "svg")
    assert f"“{first}”" in picture.stdout
    assert f"“{first}”" in picture.stderr
    assert second in picture.stderr
    other = run("assess", SEVERAL, "--format", "svg", "--disclosure", second)
    assert f"“{second}”" in other.stdout
    assert other.stderr == ""


def test_pictures_of_nothing() -> None:
    """An unknown disclosure, and a picture of several cases, are bad input that says what would do."""
    unknown = run("assess", ONE, "--disclosure", "none")
    assert unknown.exit_code == 2
    assert "its disclosures: disclosure" in unknown.stderr
    several = run("assess", ONE, TWO, "--format", "svg")
    assert several.exit_code == 2
    assert "name one case" in several.stderr
    assert several.stdout == ""


def test_section_47_duty() -> None:
    """SC-001 shows the duty of section 47(9), waiting for the judgement of section 47(10)."""
    found = provision(assessed(ONE), "ca1989:s47-9")
    assert found["effect"] == "duty"
    assert found["state"] in {"applies", "applies-if-judgement"}
    assert found["url"].endswith("/section/47/9")


def test_nobody_asked() -> None:
    """SC-002 has the duty not applicable and names the request condition."""
    found = provision(assessed(TWO), "ca1989:s47-9")
    assert found["state"] == "not-applicable"
    failed = {c["id"] for c in found["conditions"] if c["state"] == "not-met"}
    assert "ca1989:s47-9.called-on" in failed


def test_school_is_not_listed() -> None:
    """SC-013 has section 115 not applicable and names the recipient list."""
    found = provision(assessed(SCENARIOS / "SC-013.yaml"), "cda1998:s115-1")
    assert found["state"] == "not-applicable"
    failed = [c for c in found["conditions"] if c["state"] == "not-met"]
    assert [c["id"] for c in failed] == ["cda1998:s115-1.recipient"]
    assert "115(2)" in failed[0]["label"]


def test_section_16_too_early() -> None:
    """SC-021 has section 16 not in force."""
    assert (
        provision(assessed(SCENARIOS / "SC-021.yaml"), "pcsca2022:s16-1")["state"] == "not-in-force"
    )


@pytest.mark.parametrize(
    ("day", "regime", "in_force", "gone"),
    [
        ("2018-05-24", "A", "dpa1998:sch2-para5", "ukgdpr:art6-1-e"),
        ("2018-05-25", "B1", "ukgdpr:art6-1-e", "dpa1998:sch2-para5"),
    ],
)
def test_as_at_switches_the_regime(day: str, regime: str, in_force: str, gone: str) -> None:
    """The last day of the 1998 Act and the first of the GDPR switch the regime and its provisions."""
    document = assessed(ONE, "--as-at", day)
    assert document["disclosures"][0]["regime"]["code"] == regime
    assert document["disclosures"][0]["lawDate"] == {"date": day, "from": "as-at"}
    assert provision(document, in_force)["state"] != "not-in-force"
    assert provision(document, gone)["state"] == "not-in-force"


def test_bad_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    """A file that cannot be read is reported with exit code 2; the others are still answered."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("case: bad\ndisclosure:\n  trigger: own-initative\n", encoding="utf-8")
    result = run("assess", bad, ONE, "--json")
    assert result.exit_code == 2
    document = json.loads(result.stdout)
    assert [d["case"] for d in document["disclosures"]] == ["sc-001"]
    assert document["errors"][0]["line"] == 3
    assert "own-initiative" in document["errors"][0]["fix"]
    assert f"{bad}:3" in result.stderr


def test_text_answer() -> None:
    """The text answer begins with a sentence that cites, and says what it is not."""
    result = run("assess", ONE)
    assert "Children Act 1989, s 47(9)" in result.stdout
    assert "emergency" in result.stdout
    assert "Traceback" not in result.output


@pytest.mark.parametrize("day", ["2023-02-30", "yesterday", "20230314"])
def test_impossible_as_at(day: str) -> None:
    """A date that does not exist is refused with exit code 2."""
    result = run("assess", ONE, "--as-at", day)
    assert result.exit_code == 2
    assert day in result.stderr


def test_why_shows_conditions_and_lines() -> None:
    """Why shows each condition with the fact and the line behind it."""
    result = run("why", ONE, "ca1989:s47-9")
    assert result.exit_code == 0
    assert "Met: The discloser is on the section 47(11) list." in result.stdout
    assert "line" in result.stdout


def test_why_unknown_provision() -> None:
    """An unknown provision is refused with the nearest names."""
    result = run("why", ONE, "ca1989:s47-99")
    assert result.exit_code == 2
    assert "ca1989:s47-9" in result.stderr


def test_why_provision_by_its_number() -> None:
    """A provision written as people cite it is refused with its name in the graph."""
    for written in ("section 47(9)", "47.9", "s 47(9)"):
        assert "did you mean ca1989:s47-9?" in run("why", ONE, written).stderr
    assert "ca1989:s47-1" in run("why", ONE, "s47").stderr


def test_why_json() -> None:
    """The JSON of why holds the conditions of every strand."""
    document = json.loads(run("why", ONE, "ca1989:s47-9", "--json").stdout)
    found = document["disclosures"][0]
    assert found["provision"]["id"] == "ca1989:s47-9"
    assert set(found["conditionsByStrand"]) == set(found["provision"]["byStrand"])


def test_validate_exit_codes(tmp_path: Path) -> None:
    """Validate exits 0 when complete, 1 when something is missing, 2 without a record."""
    assert run("validate", ONE).exit_code == 0
    lacking = tmp_path / "lacking.yaml"
    text = ONE.read_text(encoding="utf-8").replace("      job-title: senior social worker\n", "")
    lacking.write_text(text, encoding="utf-8")
    result = run("validate", lacking, "--json")
    assert result.exit_code == 1
    record = json.loads(result.stdout)["records"][0]
    assert not record["complete"]
    assert [r["rule"] for r in record["results"] if r["severity"] == "violation"] == ["R-027"]
    assert record["results"][0]["line"] > 0
    without = tmp_path / "without.yaml"
    without.write_text(text[: text.index("\nrecord:")], encoding="utf-8")
    result = run("validate", without)
    assert result.exit_code == 2
    assert "record" in result.stderr


def test_validate_counts_agree(tmp_path: Path) -> None:
    """Text, JSON and CSV report the same results."""
    lacking = tmp_path / "lacking.yaml"
    lacking.write_text(
        "case: lacking\ndisclosure:\n  date: 2023-03-14\nrecord:\n  outcome: shared\n",
        encoding="utf-8",
    )
    results = json.loads(run("validate", lacking, "--format", "json").stdout)["records"][0][
        "results"
    ]
    rows = list(csv.DictReader(io.StringIO(run("validate", lacking, "--format", "csv").stdout)))
    assert len(rows) == len(results) > 5
    text = run("validate", lacking).stdout
    assert all(result["rule"] in text for result in results)


def test_explain_a_rule() -> None:
    """Explain says when a rule applies and shows a passing example."""
    result = run("validate", "--explain", "R-027")
    assert result.exit_code == 0
    assert "job-title" in result.stdout


def test_unknown_rule() -> None:
    """An unknown rule is refused with the nearest one."""
    result = run("validate", "--explain", "R-999")
    assert result.exit_code == 2


def test_ask_lists_the_questions() -> None:
    """Ask without a question prints the catalogue."""
    result = run("ask")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in ("Q-01", "Q-05", "Q-07"))


def test_ask_bad_parameter() -> None:
    """A wrong value is refused with the allowed ones."""
    result = run("ask", "Q-05", "recipient=scool", "date=2012-08-08")
    assert result.exit_code == 2
    assert "school" in result.stderr


def test_ask_about_many_cases() -> None:
    """A case without a record is an error beside the answer; the others are still counted."""
    cases = [
        "--case",
        "examples/section-47-request.yaml",
        "--case",
        "examples/school-referral.yaml",
    ]
    result = run("ask", "Q-75", "--csv", *cases)
    assert result.exit_code == 2
    assert "section-47-request/record" in result.stdout
    assert "school-referral.yaml: this case has no decision record" in result.stderr


def test_sparql_reads() -> None:
    """SPARQL reads the law and the assessments of given cases."""
    result = run(
        "sparql",
        "SELECT ?n WHERE { ?n a <https://w3id.org/safeguarding-kg/ns#DutyToComply> }",
        "--format",
        "csv",
    )
    assert result.exit_code == 0
    assert "ca1989/s47-9" in result.stdout


@pytest.mark.parametrize(
    "query", ["DROP ALL", "SELECT * WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "SELECT"]
)
def test_sparql_refuses(query: str) -> None:
    """Updates, calls to other servers and broken queries are refused with exit code 2."""
    result = run("sparql", query)
    assert result.exit_code == 2
    assert result.stderr.strip()
    assert "Traceback" not in result.output


def test_serve_refuses_other_addresses() -> None:
    """Serve refuses every address but this computer's own."""
    result = run("serve", "--host", "0.0.0.0")
    assert result.exit_code == 2
    assert "sensitive" in result.stderr


def test_check_is_clean() -> None:
    """The ontology and the shapes pass their own checks."""
    result = run("check")
    assert result.exit_code == 0, result.stdout
