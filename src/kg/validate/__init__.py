"""Whether each decision record is complete.

What is validated: asserted facts, taxonomy, trigger types and findings; never the closure.

Source: design section 2, case-model section 7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kg.assess import Engine, assess_case
from kg.errors import BrokenGraph, CaseNotLoaded, NoRecord, Problem
from kg.findings import SHARED, Findings, decided_by, findings, provision_words
from kg.model import Case, DisclosureAssessment, Lit, RecordReport, RuleResult, Triple
from kg.prepare import Facts
from kg.reason import Rules
from kg.validate.graph import Raw, run_shacl
from kg.validate.lint import lint_shapes
from kg.validate.policy import Policy, load_policy, stamped
from kg.validate.profile import Profile, load_profile
from kg.validate.shapes import UNNAMED, Rule, RuleInfo, Shapes, explain_rule, load_shapes

__all__ = [
    "Policy",
    "Profile",
    "Rule",
    "RuleInfo",
    "Shapes",
    "data_graph",
    "explain_rule",
    "lint_shapes",
    "load_policy",
    "load_profile",
    "load_shapes",
    "place_of",
    "validate_case",
]

#: Every record and what it decides must be looked at; otherwise silence would mean "complete".
OBLIGATORY = ("kg:DecisionRecord", "kg:Disclosure")
_OUTCOMES = {
    "value:shared": "share",
    "value:shared-in-part": "share in part",
    "value:not-shared": "keep it back",
    "value:request-refused": "refuse the request",
}
#: Findings whose value stands in the message of their rule.
_SAID_OF_FINDINGS = {
    "kg:daysToRecord": "days",
    "kg:daysToDisclosure": "days",
    "kg:newInformationUnanswered": "date",
}
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class RecordGraph:
    """What is validated for one record: the triples, and what the messages need."""

    record: str
    facts: Facts
    triples: tuple[Triple, ...]
    parents: dict[str, str]
    found: Findings


def validate_case(
    case: Case,
    engine: Engine,
    shapes: Shapes,
    profile: Profile | None = None,
    policy: Policy | None = None,
) -> list[RecordReport]:
    """Return one report for each decision record of the case, in file order.

    ``profile`` supplies what never changes in an organisation where the case does not state it.
    ``policy`` is applied to the records decided while it holds.

    Raises: NoRecord when the case has no decision record; CaseNotLoaded when a record does not say
    which disclosure it decides; BrokenGraph when a record would not be looked at; Contradiction.
    """
    reports = []
    for graph in data_graph(case, engine, shapes, profile, policy):
        decided = graph.facts.text(graph.record, "kg:date")
        held = policy.shapes if policy and policy.text.holds(decided) else shapes
        _check_focus(graph, held)
        raw = run_shacl(graph.triples, held.rdf_for(graph.triples))
        results = sorted(
            dict.fromkeys(_result(graph, one, held, engine) for one in raw),
            key=lambda r: (r.line, r.path, r.rule, r.message),
        )
        complete = not any(result.severity == "violation" for result in results)
        reports.append(
            RecordReport(
                case.name, case.file, graph.facts.local(graph.record), complete, tuple(results),
                *_who_and_when(graph), policy.says_of(decided) if policy else "",
            )
        )  # fmt: skip
    return reports


def _who_and_when(graph: RecordGraph) -> tuple[str, str, str]:
    """Return the body that decided, the part of it that acted, and the day, in words of the case."""
    facts = graph.facts
    parties = facts.names(graph.record, "kg:decidedFor") or [
        giver
        for disclosure in decided_by(facts, graph.record)
        for giver in facts.names(disclosure, "kg:discloser")
    ]
    law = facts.law
    bodies: dict[str, None] = {}
    teams: dict[str, None] = {}
    for party in parties:
        kinds = [law.label(kind) for kind in facts.types(party) if kind.startswith("body:")]
        bodies[facts.text(party, "kg:name") or ", ".join(kinds) or facts.local(party)] = None
        teams.update((law.label(name), None) for name in facts.names(party, "kg:function"))
    return "; ".join(bodies), "; ".join(teams), facts.text(graph.record, "kg:date")


# --- The graph ----------------------------------------------------------------------------------


def data_graph(
    case: Case,
    engine: Engine,
    shapes: Shapes,
    profile: Profile | None = None,
    policy: Policy | None = None,
) -> Iterator[RecordGraph]:
    """Yield for each record: the facts that belong to it, taxonomy, trigger types and findings.

    Other records, and disclosures the record does not decide, are left out: what was shared under
    one record is no fault of another.

    Raises: NoRecord, CaseNotLoaded, Contradiction.
    """
    facts = Facts(case, engine.law)
    records = [
        node
        for node in facts.names(facts.base, "kg:record")
        if "kg:DecisionRecord" in facts.types(node)
    ]
    if not records:
        raise NoRecord(
            Problem(
                "this case has no decision record",
                case.file,
                0,
                "only a record can be complete or not; silence is not a pass",
                "add a “record:” with outcome, date, decided-by and reasons; "
                "for the law alone use kg assess",
            )
        )
    if profile is not None:
        case = _with_profile(case, facts, records, profile)
        facts = Facts(case, engine.law)
    assessments: dict[str, DisclosureAssessment] = {}
    if any(
        facts.names(record, "kg:citation")
        or facts.name(record, "kg:outcome") in SHARED | {"value:request-refused"}
        for record in records
    ):
        assessments = {f"{facts.base}{one.id}": one for one in assess_case(case, engine)}
    every = {
        node
        for node, stated in facts.index.items()
        if "kg:Disclosure" in stated.get("rdf:type", ())
    }
    rules = Rules(shapes.triggers, "")
    for record in records:
        decided = decided_by(facts, record)
        if not decided:
            raise CaseNotLoaded(_undecided(facts, record))
        parents: dict[str, str] = {}
        own = {node for root in (record, *decided) for node in _owned(facts, root, parents)}
        others = (every | set(records)) - {record, *decided}
        foreign = {node for root in others for node in _owned(facts, root, {})} - own
        found = findings(facts, record, assessments, engine)
        found.triples += stamped(policy, facts, record, decided) if policy else []
        asserted = [triple for triple in case.triples if triple[0] not in foreign]
        base = list(dict.fromkeys([*asserted, *found.triples]))
        taxonomy = list(_taxonomy(base, engine))
        closure = rules.close([*base, *taxonomy, *_wider(base, taxonomy)])
        triggers = [
            (node, "rdf:type", name)
            for node, types in closure.types.items()
            if node.startswith(facts.base)
            for name in types
            if name in shapes.trigger_classes
        ]
        yield RecordGraph(
            record, facts, tuple(dict.fromkeys([*base, *taxonomy, *triggers])), parents, found
        )


def _undecided(facts: Facts, record: str) -> Problem:
    place = facts.case.places.get(record)
    return Problem(
        f"the record “{facts.local(record)}” does not say which disclosure it decides",
        facts.case.file,
        place.line if place else 0,
        "the case holds several, and a record is checked against the disclosure it decides",
        "add “decides:” with the id of the disclosure",
    )


def _owned(facts: Facts, root: str, parents: dict[str, str]) -> Iterator[str]:
    """Yield a thing and everything described inside it; ``parents`` is filled on the way."""
    todo = [root]
    seen: set[str] = set()
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        yield node
        for predicate in facts.index.get(node, {}):
            key = facts.key(node, predicate)
            if key and key.type == "block":
                for child in facts.names(node, predicate):
                    parents.setdefault(child, node)
                    todo.append(child)


def _taxonomy(triples: Iterable[Triple], engine: Engine) -> Iterator[Triple]:
    """Yield the subclass axioms above every kind that occurs, and the types of every value."""
    law = engine.law
    seen: set[str] = set()
    todo: list[str] = []
    for _, predicate, value in triples:
        if not isinstance(value, str) or value.startswith("case:"):
            continue
        if predicate == "rdf:type":
            todo.append(value)
        elif predicate != "kg:provision":
            for cls in law.names(value, "rdf:type"):
                if cls.startswith("kg:"):
                    yield value, "rdf:type", cls
                    todo.append(cls)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for wide in law.names(name, "rdfs:subClassOf"):
            yield name, "rdfs:subClassOf", wide
            todo.append(wide)


def _wider(triples: Iterable[Triple], taxonomy: Iterable[Triple]) -> Iterator[Triple]:
    """Yield the wider kinds of each thing: trigger classes may name a kind or one above it."""
    above: dict[str, list[str]] = {}
    for kind, predicate, wide in taxonomy:
        if predicate == "rdfs:subClassOf":
            above.setdefault(kind, []).append(str(wide))
    for node, predicate, value in triples:
        if predicate != "rdf:type":
            continue
        todo, seen = [str(value)], {str(value)}
        while todo:
            for wide in above.get(todo.pop(), ()):
                if wide not in seen:
                    seen.add(wide)
                    todo.append(wide)
                    yield node, "rdf:type", wide


def _check_focus(graph: RecordGraph, shapes: Shapes) -> None:
    types: dict[str, set[str]] = {}
    for node, predicate, value in graph.triples:
        if predicate == "rdf:type":
            types.setdefault(str(value), set()).add(node)
    targets = {rule.target for rule in shapes.rules.values()}
    wanted = {"kg:DecisionRecord": graph.record, "kg:Disclosure": ""}
    for cls in OBLIGATORY:
        nodes = types.get(cls, set())
        if cls not in targets or not nodes or (wanted[cls] and wanted[cls] not in nodes):
            raise BrokenGraph(
                Problem(
                    f"no shape looks at the {cls[3:]} of “{graph.facts.local(graph.record)}”",
                    graph.facts.case.file,
                    0,
                    "a record that nothing looks at would pass, whatever it lacks",
                    f"shapes/decision.ttl needs a node shape with sh:targetClass {cls}",
                )
            )


def _with_profile(case: Case, facts: Facts, records: list[str], profile: Profile) -> Case:
    """Return the case with the facts of the profile where the case states none for that key."""
    extra: list[Triple] = []
    for record in records:
        extra += [
            (record, predicate, value)
            for predicate, value in profile.record
            if not facts.values(record, predicate)
        ]
        for disclosure in decided_by(facts, record):
            givers = facts.names(disclosure, "kg:discloser")
            if len(givers) != 1:
                continue
            stated = facts.index.get(givers[0], {})
            for predicate, value in profile.party:
                kinds = [t for t in facts.types(givers[0]) if t.startswith("body:")]
                if not kinds if predicate == "rdf:type" else predicate not in stated:
                    extra.append((givers[0], predicate, value))
    return replace(case, triples=(*case.triples, *dict.fromkeys(extra)))


# --- Results ------------------------------------------------------------------------------------


def _result(graph: RecordGraph, raw: Raw, shapes: Shapes, engine: Engine) -> RuleResult:
    rule = shapes.rules.get(raw.shape)
    if rule is None:
        raise BrokenGraph(
            Problem(
                f"a result comes from {raw.shape}, which is no rule",
                "shapes",
                0,
                "it could not be explained",
                "put the constraint on a property shape named kgsh:R-nnn",
            )
        )
    names = _names(graph, raw, engine)
    path, line = place_of(graph.facts, raw.focus, rule)
    message = _SLOT.sub(lambda slot: names.get(slot[1]) or UNNAMED[slot[1]], rule.message)
    return RuleResult(
        rule.rule,
        rule.severity,
        path,
        line,
        message[0].upper() + message[1:],
        names.get("subject", ""),
        names.get("item", ""),
        names.get("recipient", ""),
        rule.sources,
        raw.focus,
        raw.shape,
        rule.policy,
    )


def place_of(facts: Facts, focus: str, rule: Rule) -> tuple[str, int]:
    """Return path and line of what has to be put right: a missing key, or the thing at fault."""
    node, missing = focus, ""
    for predicate in (rule.answered_by,) if rule.answered_by else rule.path:
        if facts.key(node, predicate) is None:
            break
        missing = predicate
        following = [v for v in facts.names(node, predicate) if v.startswith(facts.base)]
        if rule.answered_by or predicate == rule.path[-1] or not following:
            break
        node, missing = following[0], ""
    place = facts.case.places.get(node)
    return facts.path(node, missing), place.line if place else 0


def _names(graph: RecordGraph, raw: Raw, engine: Engine) -> dict[str, str]:
    """Return the words for the slots: who and what it is about, as named in the case file."""
    facts = graph.facts
    names = {"outcome": _OUTCOMES.get(facts.name(graph.record, "kg:outcome"), "")}
    node = raw.focus
    while node:
        for predicate, slot in (
            ("kg:person", "subject"),
            ("kg:item", "item"),
            ("kg:recipient", "recipient"),
        ):
            value = facts.name(node, predicate)
            if value and slot not in names and facts.key(node, predicate):
                names[slot] = facts.local(value)
        if "kg:Disclosure" in facts.types(node):
            names["body"] = ", ".join(facts.local(n) for n in facts.names(node, "kg:discloser"))
        node = graph.parents.get(node, "")
    if raw.value.startswith(facts.base) and "kg:Person" in facts.types(raw.value):
        names["subject"] = facts.local(raw.value)
    if raw.value.startswith(facts.base) and "kg:Request" in facts.types(raw.value):
        caller = facts.text(raw.value, "kg:requesterName")
        names["requester"] = caller or facts.local(facts.name(raw.value, "kg:requester"))
    for subject, predicate, said in graph.found.triples:
        if subject == raw.focus and isinstance(said, Lit) and predicate in _SAID_OF_FINDINGS:
            names[_SAID_OF_FINDINGS[predicate]] = said.text
    if raw.value.isdecimal():
        names["days"] = raw.value
    names |= _citation_names(graph, raw, engine)
    return names


def _citation_names(graph: RecordGraph, raw: Raw, engine: Engine) -> dict[str, str]:
    """Return the words for a citation: provision, date, and what the failing strands share."""
    facts = graph.facts
    if "kg:Citation" not in facts.types(raw.focus):
        return {}
    names = {"provision": provision_words(facts, raw.focus, engine)}
    failures = graph.found.failures.get((raw.focus, raw.value), [])
    if not failures:
        return names
    names["date"] = failures[0].day
    names["condition"] = failures[0].condition
    strands = [failure.strand for failure in failures if failure.strand]
    for slot, field in (
        ("recipient", "recipient"),
        ("item", "item"),
        ("subject", "subject"),
        ("body", "discloser"),
    ):
        values = dict.fromkeys(facts.local(v) for s in strands if (v := getattr(s, field)))
        if len(values) == 1 or (slot in {"recipient", "body"} and values):
            names[slot] = ", ".join(values)
    return names
