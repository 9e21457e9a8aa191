"""A policy put into shapes: SHACL Core, each part under a trigger class of its own, in ``local:``.

Source: case-model section 7. The trigger classes are stamped by ``kg.validate.policy.stamped``; a
raised rule is its own shape with another severity. What is counted against values is a qualified
value shape, so that at least one of several stated values is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kg.load import Law
from kg.model import Lit, Term, Triple
from kg.validate.policy.limits import LIMITS
from kg.validate.policy.parts import WORDS, Limit, LocalRule, Need, PolicyText, Raised
from kg.validate.policy.ways import way_of
from kg.validate.shapes import SEVERITIES, Rule, Shapes

_TERM = {word: term for term, word in SEVERITIES.items()}


def part_name(text: PolicyText, part: str) -> str:
    """Return the name of the shape of a rule or limit; its trigger class adds ``.when``."""
    return f"local:{text.name}.{part}"


def trigger_name(text: PolicyText, part: str) -> str:
    """Return the name of the trigger class of a rule or limit."""
    return f"{part_name(text, part)}.when"


def days_name(limit: str) -> str:
    """Return the finding that holds the days measured for a limit."""
    return f"local:days-{limit}"


def shapes_under(text: PolicyText, shapes: Shapes, law: Law) -> Shapes:
    """Return the shapes with what the policy raises, limits and adds; the given ones stay as they are."""
    raised = {one.shape: one for one in text.raised}
    rules = {
        name: _raised(rule, raised[name], text) if name in raised else rule
        for name, rule in shapes.rules.items()
    }
    triples = [
        (s, p, _TERM[raised[s].to]) if p == "sh:severity" and s in raised else (s, p, o)
        for s, p, o in shapes.graph.triples
    ]
    for limit in text.limits:
        rule = _limit_rule(text, limit)
        rules[rule.shape] = rule
        triples += _node_shape(rule)
        triples += (
            (rule.shape, "sh:path", rule.path[0]),
            (rule.shape, "sh:maxInclusive", Lit(str(limit.days), "integer")),
        )
    for own in text.rules:
        rule = _own_rule(text, own)
        rules[rule.shape] = rule
        triples += _node_shape(rule)
        triples += _need(rule, own.need, law)
    return Shapes(Law(tuple(triples), shapes.graph.file_of, shapes.graph.hash), rules)


def _raised(rule: Rule, raised: Raised, text: PolicyText) -> Rule:
    words = (
        f"raised from {WORDS[raised.before]} to {WORDS[raised.to]} {text.cited(raised.source)}: "
    )
    return replace(rule, severity=raised.to, policy=words + raised.reason)


def _limit_rule(text: PolicyText, limit: Limit) -> Rule:
    measure = LIMITS[limit.name]
    end = way_of(measure.explained or measure.end, measure.on)
    allowed = f"{limit.days} day{'s' * (limit.days != 1)}"
    return Rule(
        part_name(text, limit.name), measure.rule, trigger_name(text, limit.name), limit.severity,
        (days_name(limit.name),),
        f"Days {measure.took}: {{days}}. The limit of your organisation is {limit.days}"
        + (f"; say why it was late, under {measure.explained}." if measure.explained else "."),
        limit.reason,
        f"both dates are recorded, and the decision was taken {_time(text)}",
        (limit.source,),
        "" if end.up else end.terms[0],
        f"limit of {allowed}, set {text.cited(limit.source)}",
    )  # fmt: skip


def _own_rule(text: PolicyText, own: LocalRule) -> Rule:
    return Rule(
        part_name(text, own.id), own.id, trigger_name(text, own.id), own.severity,
        own.need.way.terms, own.message, own.why, f"{own.applies}, and the decision was taken {_time(text)}",
        (own.source,), "", f"set {text.cited(own.source)}",
    )  # fmt: skip


def _time(text: PolicyText) -> str:
    """Return the days a policy governs, in words: from inclusive, until exclusive."""
    return f"from {text.start}" + (f" and before {text.end}" if text.end else " on")


def _node_shape(rule: Rule) -> Iterator[Triple]:
    node = f"{rule.shape}.shape"
    yield rule.target, "rdf:type", "kg:TriggerClass"
    yield node, "rdf:type", "sh:NodeShape"
    yield node, "sh:targetClass", rule.target
    yield node, "sh:property", rule.shape
    yield rule.shape, "sh:severity", _TERM[rule.severity]
    yield rule.shape, "sh:message", Lit(rule.message, "en")
    yield rule.shape, "kg:why", Lit(rule.why, "en")
    yield rule.shape, "kg:appliesWhen", Lit(rule.applies, "en")
    yield from ((rule.shape, "dcterms:source", Lit(source, "string")) for source in rule.sources)


def _need(rule: Rule, need: Need, law: Law) -> Iterator[Triple]:
    if len(rule.path) == 1:
        yield rule.shape, "sh:path", rule.path[0]
    else:
        yield from _list(rule.shape, "sh:path", rule.path)
    values = _values(need, law)
    least, most = "sh:minCount", "sh:maxCount"
    if values:
        least, most = "sh:qualifiedMinCount", "sh:qualifiedMaxCount"
        inner = f"_:{rule.shape.removeprefix('local:')}.value"
        yield rule.shape, "sh:qualifiedValueShape", inner
        yield from _list(inner, "sh:in", values)
    for count, term in ((need.least, least), (need.most, most)):
        if count is not None:
            yield rule.shape, term, Lit(str(count), "integer")


def _values(need: Need, law: Law) -> tuple[Term, ...]:
    """Return the terms that count; a kind stands for itself and every narrower one.

    A thing has its structural class beside its kinds, so that kinds are never counted bare.
    """
    key = need.way.key
    if key.type != "kind":
        return need.values
    wanted = need.values or tuple(law.vocabulary(key.listed).values())
    below = {n for value in wanted for n in law.subclasses.get(str(value), ())}
    return tuple(sorted({*map(str, wanted), *below}))


def _list(subject: str, predicate: str, members: tuple[Term, ...]) -> Iterator[Triple]:
    """Yield an RDF list; its nodes are named after the subject, so that two runs give the same."""
    name = subject.removeprefix("_:").removeprefix("local:")
    node = f"_:{name}.{predicate.partition(':')[2]}"
    yield subject, predicate, f"{node}.1"
    for number, member in enumerate(members, 1):
        here, last = f"{node}.{number}", number == len(members)
        yield here, "rdf:first", member
        yield here, "rdf:rest", "rdf:nil" if last else f"{node}.{number + 1}"
