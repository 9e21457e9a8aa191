"""The profile of an organisation: what never changes, said once instead of in every case file.

Source: case-model section 2, "How big is a routine record?". The same key table checks it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.errors import CaseNotLoaded, Problem
from kg.load import Law, read_text_of
from kg.load.case import read_case
from kg.load.tree import Mapping, Scalar, Sequence, Tree, read_yaml
from kg.model import Term

#: What a profile may say: keys of the discloser, and where records are kept.
_RECORD_KEYS = {"stored"}
Fact = tuple[str, Term]


@dataclass(frozen=True, slots=True)
class Profile:
    """Facts a case need not repeat: of the discloser (``party``) and of records (``record``)."""

    party: tuple[Fact, ...]
    record: tuple[Fact, ...]


def load_profile(path: Path, law: Law) -> Profile:
    """Read a profile: ``party:`` with keys of a party, ``record:`` with ``stored``.

    Raises: FileNotReadable, FileNotUnderstood, CaseNotLoaded; with file and line.
    """
    where = str(path)
    tree = read_yaml(read_text_of(path), where)
    if not isinstance(tree, Mapping):
        raise CaseNotLoaded(
            Problem(
                "a profile is a list of keys with values", where, tree.line, "", "start with party:"
            )
        )
    party, record = tree.entries.get("party"), tree.entries.get("record")
    _check(tree, {"party", "record"}, "a profile", where)
    if isinstance(record, Mapping):
        _check(record, _RECORD_KEYS, "record in a profile", where)
    if isinstance(party, Mapping):
        references = {"part-of", "acts-for"} & set(party.entries)
        if references:
            name = min(references)
            raise CaseNotLoaded(
                Problem(
                    f"“{name}” cannot stand in a profile",
                    where,
                    party.lines[name],
                    "it names another party, and a profile knows of none",
                    "state it in the case",
                )
            )
    line = tree.line
    entries: dict[str, Tree] = {"case": Scalar("profile", line)}
    if party is not None:
        entries["parties"] = Mapping(line, {"party": party}, {"party": line})
    if record is not None:
        entries["record"] = (
            record if not isinstance(record, Sequence) else Scalar("record", record.line)
        )
    case = read_case(
        Mapping(line, entries, dict.fromkeys(entries, line)), law, where, short_forms=True
    )
    return Profile(
        tuple((p, o) for s, p, o in case.triples if s == "case:profile/party" and o != "kg:Body"),
        tuple(
            (p, o)
            for s, p, o in case.triples
            if s == "case:profile/record" and o != "kg:DecisionRecord"
        ),
    )


def _check(tree: Mapping, allowed: set[str], what: str, where: str) -> None:
    for name in tree.entries:
        if name not in allowed:
            raise CaseNotLoaded(
                Problem(
                    f"“{name}” is not a key of {what}",
                    where,
                    tree.lines[name],
                    "a profile supplies only what is the same in every case of the organisation",
                    f"keys: {', '.join(sorted(allowed))}",
                )
            )
