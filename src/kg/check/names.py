"""The name of a provision gives its address, and the address its name.

Problem: kg:source of a norm or list entry is not the address that follows from its local name.
Why:     a wrong link sends a lawyer to another provision; names are cited in records.
Fix:     ca1989:s47-9 is …/id/ukpga/1989/41/section/47/9, sch1-para18 is schedule/1/paragraph/18.
         Components: s art sch para reg r annex, then bare numbers and letters.
         A norm that has not begun and whose section is not known yet takes the address of the Act.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.check.material import Material
    from kg.errors import Problem

#: Sources that are no legislation: named freely, with kg:source to the judgment or document.
NOT_LEGISLATION = frozenset({"echr", "cl", "guide"})
#: Rule numbers with a dot are written with a hyphen (design section 3).
DOTTED_RULES = frozenset({"fpr1991", "fpr2010"})

_WORDS = {
    "s": "section", "art": "article", "sch": "schedule", "para": "paragraph", "reg": "regulation",
    "r": "rule", "annex": "annex",
}  # fmt: skip
_COMPONENT = re.compile(r"(annex|sch|art|para|reg|s|r)(\d[\dA-Za-z]*)?\Z")
_BARE = re.compile(r"[0-9A-Za-z]+\Z")
_HOST = "legislation.gov.uk/"


def provision_path(name: str) -> str:
    """Return the path of a provision below its instrument, or an empty string if it has none.

    ``ca1989:s47-9`` gives ``section/47/9``; what follows a dot is not part of the provision.
    """
    prefix, _, local = name.partition(":")
    local = local.partition(".")[0]
    if prefix in DOTTED_RULES:
        local = re.sub(r"\Ar(\d+)-(\d+)", r"r\1.\2", local)
        return "rule/" + local[1:].replace("-", "/") if local.startswith("r") else ""
    out: list[str] = []
    for part in local.split("-"):
        found = _COMPONENT.match(part)
        if found and (found[2] or part in {"sch", "annex"}):
            out += [_WORDS[found[1]], *([found[2]] if found[2] else [])]
        elif out and _BARE.match(part):
            out.append(part)
        else:
            return ""
    return "/".join(out)


def problems(material: Material) -> Iterator[Problem]:
    """Yield each norm, list and entry whose source is not the address of its name."""
    law = material.law
    norms = frozenset(law.norms)
    for name in [*law.norms, *material.kinds("kg:StatutoryList"), *material.kinds("kg:ListEntry")]:
        # A list that no single provision holds (purposes of an Act) has a free name.
        if name not in norms and not provision_path(name):
            continue
        prefix = name.partition(":")[0]
        source = law.name(name, "kg:source") or law.text(name, "kg:source")
        if prefix in NOT_LEGISLATION or not source:
            continue
        act = f"{prefix}:act"
        instrument = law.name(act, "kg:source") or law.text(act, "kg:source")
        if not instrument:
            yield material.problem(
                name,
                f"{name} belongs to no instrument: {prefix}:act has no source",
                "the address of a provision follows from that of its instrument",
                f"declare {prefix}:act a kg:Instrument with kg:source",
            )
        elif source == instrument and not law.text(name, "kg:inForceFrom"):
            continue  # a new Act: which section it is has not been established
        elif _HOST in instrument:
            yield from _compare(material, name, source, instrument)


def _compare(material: Material, name: str, source: str, instrument: str) -> Iterator[Problem]:
    path = provision_path(name)
    expected = f"{instrument}/{path}"
    # A word after a dot names an entry inside the provision: its source may go deeper.
    inside = "." in name.partition(":")[2] and source.startswith(f"{expected}/")
    if path and (source == expected or inside):
        return
    yield material.problem(
        name,
        f"the source of {name} is not the address of its name: <{source}>",
        "names and addresses are derived from each other",
        f"expected <{expected}>" if path else "name it after its provision: s47-9, sch1-para18",
    )
