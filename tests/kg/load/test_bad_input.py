"""Bad files: one clear error each, with file, line and remedy, in our own words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from kg.errors import CaseNotLoaded, FileNotReadable, FileNotUnderstood, KgError
from kg.load import Law, load_case
from kg.namespaces import CONTEXT

#: Words of parsers and of Python that no user should have to read.
LIBRARY_WORDS = (
    "Traceback", "yaml.", "pyoxigraph", "SyntaxError", "ScannerError", "ParserError", "found unexpected",
    "while parsing", "while scanning", "expected <block", "did not find", "could not find",
    "codec", "Expecting", "column", "oxttl", "rdflib", "0x", "Errno", "Invalid IRI",
)  # fmt: skip

HEAD = "case: x\n"
PARTY = HEAD + "parties:\n  trust:\n    kind: nhs-foundation-trust\n"
PREFIXES = """\
@prefix kg: <https://w3id.org/safeguarding-kg/ns#> .
@prefix body: <https://w3id.org/safeguarding-kg/body/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ca1989: <https://w3id.org/safeguarding-kg/law/ca1989/> .
@prefix : <https://w3id.org/safeguarding-kg/case/x/> .
@base <https://w3id.org/safeguarding-kg/case/x/> .
<> a kg:Case ; kg:reference "x" ; kg:party :trust .
:trust a kg:Body, body:nhs-foundation-trust .
"""
TURTLE_LINES = PREFIXES.count("\n")


class Bad(NamedTuple):
    """A bad file: what is wrong, its name and content, the class of error, the line (0: no lines), words said."""

    name: str
    file: str
    content: str | bytes
    error: type[KgError]
    line: int
    says: str


def nested_json(depth: int) -> str:
    return '{"case": "x", "parties": ' + '{"a": ' * depth + '"b"' + "}" * depth + "}"


BAD = [
    # --- the file itself
    Bad("empty", "a.yaml", "", FileNotReadable, 0, "empty"),
    Bad("only-space", "a.json", " \n\n", FileNotReadable, 0, "empty"),
    Bad("only-comments", "a.yaml", "# nothing\n", FileNotUnderstood, 1, "no case"),
    Bad("over-2-MB", "a.yaml", HEAD + "title: " + "a" * 2_000_001, FileNotReadable, 0, "2 MB"),
    Bad("not-utf-8", "a.yaml", b"case: x\ntitle: caf\xe9\n", FileNotReadable, 0, "UTF-8"),
    Bad("unknown-ending", "a.docx", HEAD, FileNotReadable, 0, ".docx"),
    Bad("no-ending", "case", HEAD, FileNotReadable, 0, "ending"),
    # --- broken grammar
    Bad("broken-yaml-quote", "a.yaml", HEAD + 'title: "open\nparties: {}\n', FileNotUnderstood, -1, "cannot be read"),
    Bad("broken-yaml-indent", "a.yaml", HEAD + "parties:\n  a:\n    kind: x\n   name: y\n", FileNotUnderstood, 5, "cannot be read"),
    Bad("broken-yaml-tab", "a.yaml", HEAD + "parties:\n\ta: b\n", FileNotUnderstood, 3, "cannot be read"),
    Bad("broken-yaml-colon", "a.yaml", HEAD + "title: a: b\n", FileNotUnderstood, 2, "cannot be read"),
    Bad("broken-yaml-control", "a.yaml", HEAD + "title: a\x01b\n", FileNotUnderstood, -1, "cannot be read"),
    Bad("broken-json", "a.json", '{\n "case": "x"\n "title": "y"}', FileNotUnderstood, 3, "cannot be read"),
    Bad("broken-json-ends", "a.json", '{"case": "x"', FileNotUnderstood, 1, "cannot be read"),
    Bad("broken-json-more", "a.jsonld", '{"case": "x"}\n{}', FileNotUnderstood, 2, "cannot be read"),
    Bad("broken-json-comma", "a.json", '{"case": "x",\n}', FileNotUnderstood, 2, "cannot be read"),
    Bad("broken-json-nan", "a.json", '{"case": "x",\n "title": NaN}', FileNotUnderstood, 2, "cannot be read"),
    Bad("broken-turtle", "a.ttl", PREFIXES + ":trust kg:name ;\n", FileNotUnderstood, TURTLE_LINES + 1, "cannot be read"),
    Bad("broken-turtle-prefix", "a.ttl", PREFIXES + "nope:a a kg:Body .\n", FileNotUnderstood, TURTLE_LINES + 1, "cannot be read"),
    Bad("trig", "a.ttl", PREFIXES + ":g { :trust a kg:Body . }\n", FileNotUnderstood, TURTLE_LINES + 1, "cannot be read"),
    # --- what YAML and JSON may hold and a case may not
    Bad("duplicate-key", "a.yaml", HEAD + "title: a\ntitle: b\n", FileNotUnderstood, 3, "twice"),
    Bad("duplicate-key-inside", "a.yaml", PARTY + "    kind: school\n", FileNotUnderstood, 5, "twice"),
    Bad("duplicate-key-by-space", "a.yaml", PARTY + "    part-of: trust\n    part of: trust\n", CaseNotLoaded, 6, "twice"),
    Bad("duplicate-json-key", "a.json", '{"case": "x",\n "title": "a",\n "title": "b"}', FileNotUnderstood, 3, "twice"),
    Bad("anchor", "a.yaml", HEAD + "title: &a text\n", FileNotUnderstood, 2, "anchors"),
    Bad("alias", "a.yaml", HEAD + "title: *a\n", FileNotUnderstood, 2, ""),
    Bad("merge-key", "a.yaml", HEAD + "parties:\n  a:\n    <<: b\n", FileNotUnderstood, 4, "merge"),
    Bad("tag", "a.yaml", HEAD + "title: !!str text\n", FileNotUnderstood, 2, "tags"),
    Bad("own-tag", "a.yaml", HEAD + "title: !python/object:os.system text\n", FileNotUnderstood, 2, "tags"),
    Bad("second-document", "a.yaml", HEAD + "---\ncase: y\n", FileNotUnderstood, 2, "more than one document"),
    Bad("complex-key", "a.yaml", HEAD + "? [a, b]\n: c\n", FileNotUnderstood, 2, "key must be a word"),
    Bad("null", "a.json", '{"case": "x",\n "title": null}', FileNotUnderstood, 2, "null"),
    Bad("deep-yaml", "a.yaml", HEAD + "parties: " + "[" * 30 + "]" * 30 + "\n", FileNotUnderstood, 2, "deep"),
    Bad("deep-json", "a.json", nested_json(30), FileNotUnderstood, 1, "deep"),
    Bad("very-deep-json", "a.json", nested_json(50_000), FileNotUnderstood, 1, "deep"),
    Bad("very-deep-yaml", "a.yaml", HEAD + "parties: " + "[" * 90_000, FileNotUnderstood, 2, "deep"),
    Bad("deep-turtle", "a.ttl", PREFIXES + ":trust kg:actsFor " + "[ kg:actsFor " * 30 + ":trust" + "]" * 30 + " .\n", FileNotUnderstood, TURTLE_LINES + 1, "deep"),
    Bad("very-deep-turtle", "a.ttl", PREFIXES + ":trust kg:actsFor " + "(" * 90_000, FileNotUnderstood, TURTLE_LINES + 1, "deep"),
    # --- shape of a case
    Bad("not-a-map", "a.yaml", "- case\n- x\n", CaseNotLoaded, 1, "keys"),
    Bad("only-a-word", "a.yaml", "hello\n", CaseNotLoaded, 1, "keys"),
    Bad("no-case-name", "a.yaml", "title: t\n", CaseNotLoaded, 1, "does not name its case"),
    Bad("case-name-capital", "a.yaml", "case: X\n", CaseNotLoaded, 1, "not a name"),
    Bad("case-name-path", "a.yaml", "case: ../y\n", CaseNotLoaded, 1, "not a name"),
    Bad("unknown-key", "a.yaml", PARTY + "    nmae: y\n", CaseNotLoaded, 5, "“nmae” is not a key"),
    Bad("unknown-key-json", "a.json", '{"case": "x",\n "partys": {}}', CaseNotLoaded, 2, "“partys” is not a key"),
    Bad("key-of-another-thing", "a.yaml", PARTY + "    age: 3\n", CaseNotLoaded, 5, "“age” is not a key"),
    Bad("key-with-space-in-json", "a.json", '{"case": "x", "parties": {"t": {"kind": "school",\n "policy document": "yes"}}}', CaseNotLoaded, 2, "not a key"),
    Bad("unknown-kind", "a.yaml", HEAD + "parties:\n  t:\n    kind: nhs-fondation-trust\n", CaseNotLoaded, 4, "not a value"),
    Bad("unknown-value", "a.yaml", PARTY + "    profession: helth\n", CaseNotLoaded, 5, "not a value"),
    Bad("unknown-norm", "a.yaml", PARTY + "    listed-in: ca1989:s99\n", CaseNotLoaded, 5, "not a provision"),
    Bad("text-for-yes-no", "a.yaml", PARTY + "    training: maybe\n", CaseNotLoaded, 5, "yes or no"),
    Bad("list-for-single", "a.yaml", PARTY + "    name: [a, b]\n", CaseNotLoaded, 5, "one value"),
    Bad("list-in-list", "a.yaml", PARTY + "    function: [[housing]]\n", CaseNotLoaded, 5, "list"),
    Bad("map-for-text", "a.yaml", PARTY + "    name: {a: b}\n", CaseNotLoaded, 5, "not keys"),
    Bad("text-for-block", "a.yaml", HEAD + "disclosure: soon\n", CaseNotLoaded, 2, "needs the keys"),
    Bad("text-for-register", "a.yaml", HEAD + "parties: trust\n", CaseNotLoaded, 2, "register"),
    Bad("list-for-register", "a.yaml", HEAD + "parties: [trust]\n", CaseNotLoaded, 2, "register"),
    Bad("number", "a.yaml", HEAD + "people:\n  p:\n    age: seven\n", CaseNotLoaded, 4, "whole number"),
    Bad("fraction", "a.yaml", HEAD + "people:\n  p:\n    age: 7.5\n", CaseNotLoaded, 4, "whole number"),
    Bad("months", "a.yaml", HEAD + "people:\n  p:\n    age: 7 months\n", CaseNotLoaded, 4, "whole number"),
    Bad("negative", "a.yaml", HEAD + "people:\n  p:\n    age: -1\n", CaseNotLoaded, 4, "whole number"),
    Bad("impossible-date", "a.yaml", HEAD + "people:\n  p:\n    born: 2023-02-30\n", CaseNotLoaded, 4, "not a date that exists"),
    Bad("date-words", "a.yaml", HEAD + "people:\n  p:\n    born: 3 May 2020\n", CaseNotLoaded, 4, "not a date that exists"),
    Bad("date-time", "a.yaml", HEAD + "people:\n  p:\n    born: 2020-05-03T10:00:00\n", CaseNotLoaded, 4, "not a date that exists"),
    Bad("date-other-digits", "a.yaml", HEAD + "people:\n  p:\n    born: ٢٠٢٠-٠٥-٠٣\n", CaseNotLoaded, 4, "not a date that exists"),
    Bad("empty-value", "a.yaml", PARTY + "    name:\n", CaseNotLoaded, 5, "empty"),
    Bad("reference-to-nobody", "a.yaml", PARTY + "    part-of: council\n", CaseNotLoaded, 5, "nothing in this file is named"),
    Bad("reference-to-wrong-kind", "a.yaml", PARTY + "    part-of: p\npeople:\n  p: {age: 3}\n", CaseNotLoaded, 5, "needs a party"),
    Bad("name-with-space", "a.yaml", HEAD + "parties:\n  the trust:\n    kind: school\n", CaseNotLoaded, 3, "not a name"),
    Bad("name-with-colon", "a.yaml", HEAD + "parties:\n  nhs:trust:\n    kind: school\n", CaseNotLoaded, 3, "not a name"),
    Bad("name-as-address", "a.json", '{"case": "x", "parties": {\n"https://example.org/a": {"kind": "school"}}}', CaseNotLoaded, 2, "not a name"),
    Bad("name-with-capital", "a.yaml", HEAD + "parties:\n  Trust:\n    kind: school\n", CaseNotLoaded, 3, "not a name"),
    Bad("name-twice", "a.yaml", PARTY + "people:\n  trust: {age: 3}\n", CaseNotLoaded, 6, "two things"),
    Bad("several-without-id", "a.yaml", HEAD + "disclosure:\n  - date: 2024-01-01\n  - date: 2024-01-02\n", CaseNotLoaded, 3, "needs an id"),
    # --- attempts to change the meaning
    Bad("other-context", "a.json", '{"@context": "https://example.org/c",\n "case": "x"}', CaseNotLoaded, 1, "@context"),
    Bad("context-object", "a.json", json.dumps({"@context": {"case": "https://example.org/"}, "case": "x"}), CaseNotLoaded, 1, "@context"),
    Bad("context-list", "a.json", json.dumps({"@context": [CONTEXT, {"kind": "https://e.org/"}], "case": "x"}), CaseNotLoaded, 1, "@context"),
    Bad("remote-import", "a.json", json.dumps({"@context": {"@import": CONTEXT}, "case": "x"}), CaseNotLoaded, 1, "@context"),
    *(
        Bad(f"nested-{word}", "a.json", '{"case": "x", "parties": {"t": {"kind": "school",\n "@' + word + '": "https://e.org/"}}}', CaseNotLoaded, 2, f"@{word}")
        for word in ("context", "graph", "id", "type", "import", "reverse", "value")
    ),
    *(
        Bad(f"top-{word}", "a.json", '{"case": "x",\n "@' + word + '": "https://e.org/"}', CaseNotLoaded, 2, f"@{word}")
        for word in ("graph", "id", "type")
    ),
    Bad("at-key-yaml", "a.yaml", PARTY + '    "@type": ca1989:s47-9\n', CaseNotLoaded, 5, "@type"),
    Bad("norm-as-kind", "a.yaml", HEAD + "parties:\n  t:\n    kind: ca1989:s47-9\n", CaseNotLoaded, 4, "not a value"),
    Bad("class-as-kind", "a.yaml", HEAD + "parties:\n  t:\n    kind: kg:PublicBody\n", CaseNotLoaded, 4, "not a value"),
    Bad("address-as-kind", "a.yaml", HEAD + "parties:\n  t:\n    kind: https://w3id.org/safeguarding-kg/body/school\n", CaseNotLoaded, 4, "not a value"),
    Bad("turtle-norm-as-type", "a.ttl", PREFIXES + ":trust a ca1989:s47-9 .\n", CaseNotLoaded, 0, "cannot be typed"),
    Bad("turtle-condition-as-type", "a.ttl", PREFIXES + ":trust a ca1989:s47-9.called-on .\n", CaseNotLoaded, 0, "cannot be typed"),
    Bad("turtle-strand", "a.ttl", PREFIXES + ":s a kg:Strand .\n", CaseNotLoaded, 0, "class of the case model"),
    Bad("turtle-strand-name", "a.ttl", PREFIXES + "<disclosure/strand/a/b/c/d> a kg:Request ; kg:enquiryOpen true .\n", CaseNotLoaded, 0, "strand"),
    Bad("turtle-import", "a.ttl", PREFIXES + "<> <http://www.w3.org/2002/07/owl#imports> <https://example.org/o> .\n", CaseNotLoaded, 0, "owl:imports"),
    Bad("turtle-axiom-own", "a.ttl", PREFIXES + ":trust rdfs:subClassOf ca1989:s47-11 .\n", CaseNotLoaded, 0, "rdfs:subClassOf"),
    Bad("turtle-axiom-law", "a.ttl", PREFIXES + "body:school rdfs:subClassOf ca1989:s47-11 .\n", CaseNotLoaded, 0, "not a thing of this case"),
    Bad("turtle-same-as", "a.ttl", PREFIXES + ":trust owl:sameAs body:school .\n", CaseNotLoaded, 0, "owl:sameAs"),
    Bad("turtle-foreign-subject", "a.ttl", PREFIXES + "<https://example.org/a> a kg:Body .\n", CaseNotLoaded, 0, "not a thing of this case"),
    Bad("turtle-other-case", "a.ttl", PREFIXES + "<../y/trust> a kg:Body .\n", CaseNotLoaded, 0, "not a thing of this case"),
    Bad("turtle-unknown-term", "a.ttl", PREFIXES + ':trust kg:nmae "T" .\n', CaseNotLoaded, 0, "kg:nmae"),
    Bad("turtle-unknown-kind", "a.ttl", PREFIXES + ":trust a body:shcool .\n", CaseNotLoaded, 0, "body:shcool"),
    Bad("turtle-no-class", "a.ttl", PREFIXES + ':b kg:name "T" .\n', CaseNotLoaded, 0, "class of the case model"),
    Bad("turtle-wrong-literal", "a.ttl", PREFIXES + ':trust kg:training "yes" .\n', CaseNotLoaded, 0, "boolean"),
    Bad("turtle-odd-boolean", "a.ttl", PREFIXES + ':trust kg:training "1"^^xsd:boolean .\n', CaseNotLoaded, 0, "boolean"),
    Bad("turtle-list-for-single", "a.ttl", PREFIXES + ':trust kg:name "A", "B" .\n', CaseNotLoaded, 0, "one value"),
    Bad("turtle-impossible-date", "a.ttl", PREFIXES + ':p a kg:Person ; kg:born "2023-02-30"^^xsd:date .\n', CaseNotLoaded, 0, "2023-02-30"),
    Bad("turtle-number", "a.ttl", PREFIXES + ":p a kg:Person ; kg:age 7.5 .\n", CaseNotLoaded, 0, "integer"),
    Bad("turtle-nobody", "a.ttl", PREFIXES + ":trust kg:actsFor :council .\n", CaseNotLoaded, 0, "nothing in this file"),
    Bad("turtle-no-case", "a.ttl", PREFIXES.replace('kg:reference "x" ;', ""), CaseNotLoaded, 0, "does not name its case"),
    Bad("turtle-two-cases", "a.ttl", PREFIXES + '<> kg:reference "y" .\n', CaseNotLoaded, 0, "does not name its case"),
    Bad("turtle-name-with-space", "a.ttl", PREFIXES + "<a%20b> a kg:Body .\n", CaseNotLoaded, 0, "not a name"),
    Bad("turtle-name-with-capital", "a.ttl", PREFIXES + ":Trust a kg:Body .\n", CaseNotLoaded, 0, "not a name"),
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_one_clear_error(bad: Bad, tmp_path: Path, law: Law) -> None:
    """A bad file raises one error of our tree, with file, line and remedy, and no parser's words."""
    path = tmp_path / bad.file
    path.write_bytes(bad.content if isinstance(bad.content, bytes) else bad.content.encode())
    with pytest.raises(bad.error) as caught:
        load_case(path, law)
    problems = caught.value.problems
    assert any(bad.says in problem.what for problem in problems), str(caught.value)
    for problem in problems:
        assert problem.file == str(path)
        assert problem.fix, f"no remedy: {problem}"
    if bad.line >= 0:
        assert bad.line in {problem.line for problem in problems}, str(caught.value)
    else:
        assert problems[0].line > 0
    said = str(caught.value).replace(str(tmp_path), "")
    assert not [word for word in LIBRARY_WORDS if word in said], said
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_directory(tmp_path: Path, law: Law) -> None:
    """A folder in place of a file is an error that says so."""
    with pytest.raises(FileNotReadable, match="folder"):
        load_case(tmp_path, law)


def test_missing_file(tmp_path: Path, law: Law) -> None:
    """A file that is not there is an error that says so."""
    with pytest.raises(FileNotReadable, match="no such file"):
        load_case(tmp_path / "nope.yaml", law)


@pytest.mark.parametrize(
    ("written", "suggested"),
    [
        (PARTY + "    nmae: y\n", "name"),
        (PARTY + "    profession: helth\n", "health"),
        (PARTY + "    part-of: trsut\n", "trust"),
        (HEAD + "parties:\n  t: {kind: nhs-fondation-trust}\n", "nhs-foundation-trust"),
        (PARTY + "    listed-in: ca1989:s47-11-f\n", "ca1989:s47-11-e"),
        ("case: The Case!\n", "the-case"),
    ],
)  # fmt: skip
def test_suggestion(written: str, suggested: str, tmp_path: Path, law: Law) -> None:
    """A misspelt key, value, name or provision is answered with the one that was probably meant."""
    path = tmp_path / "a.yaml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(CaseNotLoaded) as caught:
        load_case(path, law)
    assert suggested in caught.value.problems[0].fix


def test_all_problems_together(tmp_path: Path, law: Law) -> None:
    """All that is wrong with a file is reported at once, in the order of its lines."""
    path = tmp_path / "a.yaml"
    path.write_text(PARTY + "    nmae: y\n    training: maybe\npeople:\n  p: {age: x}\n")
    with pytest.raises(CaseNotLoaded) as caught:
        load_case(path, law)
    assert [problem.line for problem in caught.value.problems] == [5, 6, 8]
