"""Properties of the readers: YAML and JSON agree, and no text ever raises anything but our errors."""

from __future__ import annotations

import json
import string
from contextlib import suppress

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.load import Law, load_case_text
from kg.load.tree import plain, read_json, read_yaml

#: What both formats can write; control characters are refused by YAML as a whole.
TEXT = st.text(
    st.characters(
        min_codepoint=32,
        exclude_categories=("Cs", "Cc", "Zl", "Zp"),
        exclude_characters="\ufeff\ufffe\uffff",
    ),
    max_size=30,
)
KEYS = TEXT.filter(lambda text: text != "<<")
TREES = st.recursive(
    TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
#: Texts that look like a case now and then.
NEARLY = st.lists(
    st.sampled_from(
        [
            *string.punctuation, "\n", "  ", "\t", "case", "x", "parties", "kind", "school", "disclosure", "to",
            "@context", "@type", "kg:name", "a kg:Body", "<>", "@prefix kg: <https://w3id.org/safeguarding-kg/ns#> .",
            "kg:reference", '"x"', "- ", ": ", "null", "true", "\\u00e9", "\\", "\x00", "é", "\u2028", "😀",
        ]
    ),
    max_size=40,
).map("".join)  # fmt: skip
FUZZ = settings(max_examples=150, deadline=None)


@given(tree=st.dictionaries(KEYS, TREES, max_size=5))
@FUZZ
def test_yaml_and_json_agree(tree: dict[str, object]) -> None:
    """A tree of maps, lists and texts, dumped as YAML and as JSON, reads back as the same tree."""
    as_yaml = yaml.safe_dump(tree, default_style='"', allow_unicode=True, default_flow_style=False)
    # Dumping with a style writes tags for nothing but texts, which need none.
    assert plain(read_yaml(as_yaml, "a")) == tree
    for ascii_only in (True, False):
        assert plain(read_json(json.dumps(tree, ensure_ascii=ascii_only, indent=1), "a")) == tree


@given(text=st.text(max_size=200) | NEARLY)
@example(text="")
@example(text='{"a": "\\ud800"}')
@example(text="[" * 5000)
@example(text='{"a":' * 5000)
@example(text="&a [*a]")
@example(text="? ? ? a")
@example(text="%YAML 9.9\n---\na")
@example(text="%TAG ! tag:x,2000:\n---\n!a b")
@FUZZ
def test_readers_raise_only_our_errors(text: str) -> None:
    """Whatever the text, the YAML and JSON readers return a tree or raise an error of our tree."""
    for reader in (read_yaml, read_json):
        with suppress(KgError):
            reader(text, "a")


def test_case_readers_raise_only_our_errors(law: Law) -> None:
    """Whatever the text, loading it as a case returns a case or raises an error of our tree."""

    @given(text=st.text(max_size=200) | NEARLY)
    @example(text="case: x\ntitle: \ud800")
    @example(text='{"case": "x", "title": "\\ud800"}')
    @example(text="<> <a> <b> .")
    @example(text="@base <https://w3id.org/safeguarding-kg/case/x/> . <> <> <> .")
    @example(text="<<( <a> <b> <c> )>> <p> <o> .")
    @example(text="<a> <b> <<( " * 3000)
    @example(text='<a> <b> "c"@en--ltr .')
    @FUZZ
    def run(text: str) -> None:
        for format_ in ("yaml", "json", "turtle"):
            with suppress(KgError):
                load_case_text(text, format_, law, "a")

    run()


def test_mangled_cases_raise_only_our_errors(law: Law) -> None:
    """A good case with a piece cut out, doubled or replaced loads, or is refused by an error of ours."""
    good = "case: x\nparties:\n  t: {kind: school, part-of: u}\n  u: {kind: school}\npeople:\n  p: {age: 3}\ndisclosure:\n  from: t\n  to: [u]\n"

    @given(st.integers(0, len(good)), st.integers(0, 30), st.integers(0, 2), NEARLY)
    @FUZZ
    def run(start: int, length: int, times: int, put: str) -> None:
        text = good[:start] + good[start : start + length] * times + put + good[start + length :]
        with suppress(KgError):
            load_case_text(text, "yaml", law, "a")

    run()
