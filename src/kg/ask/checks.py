"""What validation says, as triples: rules, reports of records, what is asked of a record.

Validation comes after this stage, so whoever asks a question hands its results in: ``Checks`` says
what is wanted, ``kg.validate.requirements`` has it. Terms in ``ontology/answers.ttl``, which is
closed. The rules are one named graph, GRAPH_OF_RULES; of each case the reports are one,
``case:<case>/reports``, and the joins of its records stand with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple, Protocol

from kg.assess import Engine, citation_of
from kg.load import Law
from kg.model import FALSE, TRUE, Case, Lit, RecordReport, Triple
from kg.namespaces import BASE
from kg.prepare import Facts, disclosures

GRAPH_OF_RULES = BASE + "rules"
#: Heaviest first.
SEVERITIES = ("violation", "warning", "info")


class RuleText(NamedTuple):
    """One part of a record rule, in general words.

    ``shape`` is its name, ``rule`` the R-id; ``presence``: it asks that something be stated, not
    that two statements agree; ``only`` is ``shared`` or ``not-shared`` where it is never asked of
    other decisions, else empty.
    """

    shape: str
    rule: str
    severity: Literal["violation", "warning", "info"]
    message: str
    why: str
    applies: str
    sources: tuple[str, ...]
    presence: bool
    only: str = ""


class RequiredField(NamedTuple):
    """A part of a rule that is asked of a record, at one node: where its answer stands, or is missing."""

    record: str
    shape: str
    focus: str
    path: str
    line: int


class Checks(Protocol):
    """What validation says of the rules and of a case."""

    @property
    def rules(self) -> Sequence[RuleText]:
        """Every part of every rule."""

    def reports(self, case: Case) -> Sequence[RecordReport]:
        """Return the completeness of each record of the case; KgError when there is none."""

    def requirements(self, case: Case) -> Sequence[RequiredField]:
        """Return what is asked of each record of the case; KgError when there is none."""


# --- Rules ----------------------------------------------------------------------------------------


def rule_triples(rules: Iterable[RuleText], engine: Engine) -> Iterator[Triple]:
    """Yield each part of each rule, with the provisions and documents behind it.

    A pointer (``S3:Q21.b3``) begins with the code of its document, which is the document's
    ``skos:notation``.
    """
    law = engine.law
    documents = {law.text(name, "skos:notation"): name for name in law.instances("kg:Instrument")}
    norms = _norms_of(engine)
    for rule in rules:
        node = rule.shape
        yield node, "rdf:type", "kg:RecordRule"
        yield node, "rdfs:label", Lit(rule.message, "en")
        yield node, "kg:ruleId", Lit(rule.rule, "string")
        yield node, "kg:severity", Lit(rule.severity, "string")
        yield node, "kg:position", Lit(str(SEVERITIES.index(rule.severity) + 1), "integer")
        yield node, "kg:why", Lit(rule.why, "en")
        yield node, "kg:appliesWhen", Lit(rule.applies, "en")
        yield node, "kg:asksForFact", TRUE if rule.presence else FALSE
        yield node, "kg:askedWhen", Lit(rule.only or "always", "string")
        yield node, "kg:pointers", Lit("; ".join(rule.sources), "string")
        named = dict.fromkeys(citation_of(norm, law) for norm in norms.get(rule.rule, ()))
        for position, pointer in enumerate(rule.sources, 1):
            part = f"{node}/source/{position}"
            yield node, "kg:ruleSource", part
            yield part, "rdf:type", "kg:RuleSource"
            yield part, "kg:position", Lit(str(position), "integer")
            yield part, "kg:pointers", Lit(pointer, "string")
            if document := documents.get(pointer.partition(":")[0]):
                yield part, "dcterms:isPartOf", document
                named[law.label(document)] = None
        yield node, "kg:citationText", Lit("; ".join(named) or f"record rule {rule.rule}", "en")


def _norms_of(engine: Engine) -> dict[str, list[str]]:
    """Return the norms that have a condition which a rule watches over, by the rule."""
    found: dict[str, list[str]] = {}
    for norm in engine.table.norms.values():
        for condition in norm.conditions:
            for shape in engine.law.names(condition, "kg:recordRule"):
                found.setdefault(shape.partition(":")[2].partition(".")[0], []).append(norm.id)
    return found


# --- One case -------------------------------------------------------------------------------------


def record_triples(case: Case, law: Law) -> Iterator[Triple]:
    """Yield what each record decides, and for whom: what the file leaves to be understood.

    A record decides the disclosures it names, else the only one; it is made for the party it names,
    else for those who disclose (case-model section 2).
    """
    facts = Facts(case, law)
    every = disclosures(case)
    for record in facts.names(facts.base, "kg:record"):
        decided = facts.names(record, "kg:decides") or (every if len(every) == 1 else [])
        parties = facts.names(record, "kg:decidedFor") or [
            giver for disclosure in decided for giver in facts.names(disclosure, "kg:discloser")
        ]
        for disclosure in dict.fromkeys(decided):
            yield record, "kg:decidesDisclosure", disclosure
        for party in dict.fromkeys(parties):
            yield record, "kg:madeFor", party


def report_triples(reports: Iterable[RecordReport]) -> Iterator[Triple]:
    """Yield each report (``case:<case>/<record>/report``) with its results."""
    for report in reports:
        base = f"case:{report.case}/"
        node = f"{base}{report.id}/report"
        yield node, "rdf:type", "kg:RecordReport"
        yield node, "kg:ofRecord", f"{base}{report.id}"
        yield node, "kg:complete", TRUE if report.complete else FALSE
        if report.body:
            yield node, "kg:bodyInWords", Lit(report.body, "string")
        for position, result in enumerate(report.results, 1):
            part = f"{node}/result/{position}"
            yield node, "kg:ruleResult", part
            yield part, "rdf:type", "kg:RuleResult"
            yield part, "kg:ofRule", result.shape
            yield part, "kg:focus", result.focus
            yield part, "kg:message", Lit(result.message, "en")
            yield part, "kg:place", Lit(result.path, "string")
            yield part, "kg:line", Lit(str(result.line), "integer")
            for term, name in (
                ("kg:aboutSubject", result.subject), ("kg:aboutItem", result.item),
                ("kg:aboutRecipient", result.recipient),
            ):  # fmt: skip
                if name:
                    yield part, term, Lit(name, "string")


def requirement_triples(case: Case, asked: Iterable[RequiredField]) -> Iterator[Triple]:
    """Yield every part of a rule that is asked of a record, at the node it looks at."""
    for position, one in enumerate(asked, 1):
        record = f"case:{case.name}/{one.record}"
        node = f"{record}/report/asked/{position}"
        yield f"{record}/report", "kg:requiredField", node
        yield node, "rdf:type", "kg:RequiredField"
        yield node, "kg:ofRule", one.shape
        yield node, "kg:focus", one.focus
        yield node, "kg:place", Lit(one.path, "string")
        yield node, "kg:line", Lit(str(one.line), "integer")
