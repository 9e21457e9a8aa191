"""The reference page of the case file: every block, key and list, written from the key table."""

from __future__ import annotations

from collections.abc import Iterator

from kg.case_keys import BLOCKS, TYPES, Block, Key
from kg.load import Law
from kg.model import Lit
from kg.namespaces import CONTEXT

_CARDS = {"1": "exactly one", "?": "at most one", "*": "any number", "+": "at least one"}
_TREE = {"body", "purpose", "info", "concern"}

_HEAD = """\
# The case file

One file is one case: three registers say who and what exists (`parties`, `people`,
`information`), one or more `disclosure`s say what is shared or might be, and `record`s say what
was decided and why. This page is generated from the key table of the program (`make reference`):
what is not here cannot be written, and what is here is read.

Never write names of real people into a case. Names of things (`infant`, `trust`) are labels that
you choose.

## The smallest case that gets an answer

```yaml
case: my-first-case
parties:
  trust: {kind: nhs-foundation-trust}
  council: {kind: local-authority}
people:
  infant: {age: 0}
information:
  notes: {description: injury findings, topic: health, about: infant, confidential: yes}
disclosure:
  from: trust
  to: [council]
  items: [notes]
  subjects: [infant]
  purpose: s47-enquiry
  trigger: own-initiative
  date: 2023-03-14
```

Nothing is obligatory except `case`. A fact that is not stated is *not stated*: the answer says
so, or a rule of the record asks for it. It is never guessed.

## How a file is read

- **Names.** The case, the things in the registers, and disclosures and records with an `id` have
  names of small letters, digits and hyphens. A name stands for one thing in the whole file.
- **Keys.** Words joined by hyphens; in YAML a space may stand for a hyphen. An unknown key, value
  or name is an error with file and line; nothing is skipped.
- **Lists.** Where “how many” says *any number* or *at least one*, one value or a list may stand.
- **Several disclosures or records.** `disclosure` and `record` take one thing, or a list of
  things each with an `id`. A record with several disclosures says which it `decides`.
- **Short forms (YAML only).** Where the table of a thing names a short form, a bare value stands
  for the whole thing: `to: [council]` is `to: [{party: council}]`.
- **Things described in place.** Where a key takes the name of a party, person, item, disclosure
  or record, the thing itself may stand there with its keys: `by: {kind: nhs-trust}`. Nothing
  else can then refer to it.
- **Values stay as written.** `section: 47.10` and `time: 15:20` are text, never numbers. Put a
  text into quotes if it contains `: ` or begins with `*`, `&`, `@`, `#`, `!` or `- `.
- **Refused:** a key that stands twice, anchors and aliases (`&`, `*`), tags (`!`), several
  documents, more than 20 levels, more than 2 MB, and text that is not UTF-8.

## One line of a disclosure: the strand

Every question of law is asked for one discloser, one recipient, one item and one subject: a
**strand**. Strands are worked out, never written. `subject` ranges over the `about` of the item
(all subjects of the disclosure, if the item has none); an item that identifies nobody has one
strand without a subject. A strand is written `from/to/item/subject`, such as
`trust/council/notes/infant`; a place that is not stated reads `unstated`, and `-` stands where
nobody is identified. The answer of a disclosure for a provision is the weakest over its strands
(for bars, the strongest); where strands differ, both are shown.

## Paths

Answers and errors name a place in the file by its keys, joined by `/`. Members of a list are
named by their place (1, 2, …), things in a register by their name, and disclosures and records
with an `id` by their `id`.

```text
disclosure/request/by
disclosure/to/1/need
people/infant/age
disclosure/judgements/1/answer
record/later/reasons
```

## Types of value

"""

_JUDGEMENTS = """\
## Judgements

What only a person may decide stands under `judgements` of the disclosure: a `question` from [the
list](#judgement-questions), an `answer` (yes or no), and `reasons`.

A judgement **counts** when it has reasons, an author (`by`) who is a person, and a date (`on`).
Author and date default to `decided-by` and `date` of the record that decides the disclosure; a
case without a record must state them. “The system”, a tool or a score is not a person.

- An answer serves every condition that asks the same question in that disclosure. `for` limits it
  to the provisions it names, `about` to the people, items or parties it names.
- Two counting answers that contradict each other about the same thing are an error that names
  both.
- A judgement that does not count changes no answer; the rules of the record report it.
- Exceptions are asked as the law has them (“would help be unreasonable?”): *yes* means that the
  exception stands, *no* that it does not.
- `concern/level`, `confidential` and `competence` are recorded judgements too, and are shown with
  their author.

"""

_TAIL_OF_KEYS = """\
## What “how many” means

*Exactly one* and *at least one* are what a complete record has **when the rule applies**; nothing
is obligatory for reading the file. A missing fact is a gap in the answer (`kg assess`) or a
result of a rule (`kg validate`).

## How a routine record stays short

A record is asked only for what applies. Counted are stated facts that a rule with severity
*violation* can demand; names of things and references are not counted. A share of counts only,
anonymised, needs about 20; ordinary information with a parent's consent about 27; health
information to social care without consent about 30. Three readings keep it there:

1. `items` of the disclosure is the list of what was shared; the record needs no second list.
2. A limb of a cited condition that follows from stated facts (age, reason for no consent,
   purpose) is not asked again in the record.
3. Author and date of a judgement default to those of the decision.

What never changes in an organisation (its kind, its policy document, where records are stored) may
stand in a profile: `kg validate CASE --profile FILE`. It is a file of its own, named on the command
line and never inside a case; what the case states comes first.

"""

_FORMATS = f"""\
## The same case in JSON-LD and Turtle

The ending decides: `.yaml`, `.yml`; `.json`, `.jsonld`; `.ttl`. All three give the same triples.

**JSON-LD** has the keys of this page under one `@context`, `{CONTEXT}`, which is never fetched:
the program knows it ([context.jsonld](context.jsonld)). No other key may begin with `@`. Kinds
and values are written as in YAML. Participations (`to`, `items`, `subjects`) are written in full.
A special value of a reference keeps its prefix: `"protects": "value:children-generally"`. Every
other JSON-LD processor needs the base `https://w3id.org/safeguarding-kg/case/<case>/`, and gives
no structural classes (`kg:Receipt` …): these follow from the key.

```json
{{
  "@context": "{CONTEXT}",
  "case": "my-first-case",
  "parties": {{"trust": {{"kind": "nhs-foundation-trust"}},
              "council": {{"kind": "local-authority"}}}},
  "information": {{"notes": {{"topic": "health", "confidential": true}}}},
  "disclosure": {{"id": "disclosure", "from": "trust", "to": [{{"party": "council"}}],
                 "items": [{{"item": "notes"}}], "purpose": {{"kind": "s47-enquiry"}}}}
}}
```

**Turtle** states every triple: the property of the key, and for each thing its structural class
(the column “class” above each table). A thing in a register is the base plus its name.

```turtle
@base <https://w3id.org/safeguarding-kg/case/my-first-case/> .
@prefix kg: <https://w3id.org/safeguarding-kg/ns#> .
@prefix body: <https://w3id.org/safeguarding-kg/body/> .

<> a kg:Case ; kg:reference "my-first-case" ; kg:party <trust> ; kg:disclosure <disclosure> .
<trust> a kg:Body, body:nhs-foundation-trust .
<disclosure> a kg:Disclosure ; kg:discloser <trust> .
```

Texts carry `@en`, names are plain strings, dates `xsd:date`, yes/no `true` and `false`, numbers
whole. A Turtle case may describe its own things only, with the properties of the key table;
axioms, kinds from another list and things of other cases are refused. Turtle has no lines: errors
name the thing.

Editors can check YAML and JSON against [case.schema.json](case.schema.json).

"""

_EXPECT = """\
## The `expect` block

A scenario is a case file with one more key at the top: `expect` says what the answer must be.
Every command accepts such a file and takes `expect` off before reading the case.

```yaml
expect:
  disclosures:
    - disclosure: disclosure            # its id
      outcome: established-if-judged    # see answers.md
      provisions:
        ca1989:s47-9: applies-if-judgement
        ca1989:s27-2: not-applicable
      fails-on:
        ca1989:s27-2: [function]        # all conditions not met or not stated, by their last word
      layers:
        authority: if-judged
      by-strand:
        trust/council/notes/infant:
          ca1989:s47-9: applies-if-judgement
      judgements: [help-would-be-unreasonable]    # at least these are listed
      corrected: why this differs from what was first expected
  records:
    record:                             # its id
      violations: [R-023]
      warnings: []
```

Provisions, layers and strands that are not named are not checked. The sets of conditions and of
rules are exact.

"""


_SILENCE = """\
## What a fact that is not stated means

Absent is not *no*. Only for these properties does the vocabulary (`ontology/core.ttl`) give silence
a meaning, and the answer shows it as assumed:
"""

_LISTS = """\
## Lists of kinds and values

A kind under another counts as that other too. Choose the most exact one that is certain; a wide one
reads *too general* wherever an exact one would decide.
"""


def reference_page(law: Law) -> str:
    """Return the Markdown reference of the case file: blocks, keys, forms, lists and meanings."""
    lines = [_HEAD.rstrip(), "", "| type | what may be written |", "|---|---|"]
    lines += [f"| {name} | {what} |" for name, what in TYPES.items()]
    lines += ["", "## The keys", ""]
    for block in BLOCKS.values():
        lines.extend(_block(block, law))
    text = (
        "\n".join(lines) + "\n" + _TAIL_OF_KEYS + _unstated(law) + _JUDGEMENTS + _FORMATS + _EXPECT
    )
    return text + "\n".join(_lists(law)).rstrip() + "\n"


def _block(block: Block, law: Law) -> Iterator[str]:
    yield f'### <a id="{block.name}"></a>{block.title}'
    yield ""
    short = f" Short form: the value of `{block.short}`." if block.short else ""
    yield f"Class `kg:{block.node_class}`. Stands under {_holders(block)}.{short}"
    yield ""
    yield "| key | type | how many | what it says | if not stated | used by | property |"
    yield "|---|---|---|---|---|---|---|"
    if block.name in {"disclosure", "record"}:
        what = f"the name of this {block.name}; needed where there are several"
        yield f"| `id` | name | at most one | {what} | `{block.name}` |  |  |"
    for key in block.keys:
        prop = "`rdf:type`" if key.term == "type" else f"`kg:{key.term}`"
        cells = (f"`{key.name}`", _type(key, law), _CARDS[key.card], key.what, key.unstated)
        yield f"| {' | '.join(cells)} | {key.used_by} | {prop} |"
    yield ""


def _holders(block: Block) -> str:
    if block.name == "case":
        return "the top of the file"
    found = [
        f"`{key.name}` of [{b.title[0].lower()}{b.title[1:]}](#{b.name})"
        for b in BLOCKS.values()
        for key in b.keys
        if key.block == block.name and key.type == "block"
    ]
    return ", ".join(found)


def _type(key: Key, law: Law) -> str:
    if key.type in {"kind", "value"}:
        root = key.listed.partition(":")[2]
        return f"{key.type}: [{law.label(f'kg:{root}')}](#{_list_anchor(key.listed)})"
    if key.type == "block":
        inner = BLOCKS[key.block]
        many = "register of things: " if key.name in {"parties", "people", "information"} else ""
        return f"{many}[{inner.title[0].lower()}{inner.title[1:]}](#{inner.name})"
    if key.type == "ref":
        inner_title = BLOCKS[key.block].title if key.block else "Anything in a register"
        text = f"name of: {inner_title[0].lower()}{inner_title[1:]}"
        return text + (f", or [a value](#{_list_anchor(key.listed)})" if key.listed else "")
    if key.type == "norm":
        return "[provision](provisions.md)"
    return key.type


def _unstated(law: Law) -> str:
    rows = [_SILENCE, "| property | means |", "|---|---|"]
    for name, properties in law.index.items():
        for value in properties.get("kg:whenUnstated", []):
            word = {"true": "yes", "false": "no"}[value.text] if isinstance(value, Lit) else "none"
            rows.append(f"| `{name}` | {word} |")
        absent = [f"`{str(v).partition(':')[2]}`" for v in properties.get("kg:absentWhen", [])]
        if absent:
            rows.append(f"| `{name}` | none, when the trigger is {', '.join(absent)} |")
    return "\n".join(rows) + "\n\n"


def _list_anchor(listed: str) -> str:
    return (
        "judgement-questions" if listed == "question:Question" else listed.replace(":", "-").lower()
    )


def _lists(law: Law) -> Iterator[str]:
    yield _LISTS
    used: dict[str, list[str]] = {}
    for block in BLOCKS.values():
        for key in block.keys:
            if key.listed:
                used.setdefault(key.listed, []).append(
                    f"`{key.name}` ({block.title.partition(' (')[0].lower()})"
                )
    for listed, users in used.items():
        root = f"kg:{listed.partition(':')[2]}"
        label = law.label(root)
        yield f'### <a id="{_list_anchor(listed)}"></a>{label[:1].upper()}{label[1:]}'
        yield ""
        yield f"Used by {', '.join(dict.fromkeys(users))}. Prefix `{listed.partition(':')[0]}:`."
        yield ""
        yield from _table(listed, law)
        yield ""


def _table(listed: str, law: Law) -> Iterator[str]:
    words = law.vocabulary(listed)
    questions, tree = listed == "question:Question", listed.partition(":")[0] in _TREE
    extra = "code | asked of | " if questions else "also counts as | " if tree else ""
    yield f"| write | label | {extra}meaning |"
    yield "|---|---|" + "---|" * (extra.count("|") + 1)
    for word, name in words.items():
        if questions:
            more = f"{law.text(name, 'kg:code')} | {law.text(name, 'kg:askedOf')} | "
        elif tree:
            above = [n for n in law.superclasses.get(name, ()) if n in words.values()]
            more = ", ".join(f"`{n.partition(':')[2]}`" for n in above) + " | "
        else:
            more = ""
        meaning = " ".join(
            filter(None, (law.text(name, "skos:definition"), law.text(name, "skos:scopeNote")))
        )
        yield f"| `{word}` | {law.label(name)} | {more}{meaning} |"
