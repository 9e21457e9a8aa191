"""Preparation: every computed dimension, the strands, and the judgements that count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from kg.errors import Contradiction
from kg.load import Case, Law
from kg.prepare import Prepared, disclosures, is_person, law_date, prepare, regime_on
from kg.prepare.existence import existed_on
from kg.prepare.facts import Facts

Load = Callable[..., Case]

BASE = """\
case: x
parties:
  trust: {kind: nhs-trust}
  council: {kind: local-authority}
  school: {kind: maintained-school}
  social-care: {kind: local-authority, part-of: council}
  housing: {kind: local-authority, part-of: council}
  contractor: {kind: charity, acts-for: council}
people:
  child: {age: 9}
  parent: {age: 40, parental-responsibility-for: child}
  stranger: {age: 40}
information:
  notes: {topic: health, about: child}
"""


def prepared(load: Load, law: Law, disclosure: str, base: str = BASE, **dates: date) -> Prepared:
    """Prepare the one disclosure whose keys are given as flow YAML."""
    case = load(f"{base}disclosure: {{{disclosure}}}\n")
    return prepare(
        case, law, disclosures(case)[0], dates.get("as_at"), dates.get("today", date(2024, 6, 1))
    )


def computed(one: Prepared, dimension: str) -> set[str]:
    """Return the classes of a dimension over all strands."""
    return {
        one.computed[s.node, dimension].cls
        for s in one.strands
        if (s.node, dimension) in one.computed
    }


# --- same person, requester, area -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("giver", "taker", "cls"),
    [
        ("trust", "council", "kg:BetweenPersons"),
        ("social-care", "housing", "kg:WithinOnePerson"),
        ("social-care", "council", "kg:WithinOnePerson"),
        ("contractor", "council", "kg:BetweenPersons"),
    ],
)
def test_same_person(giver: str, taker: str, cls: str, load: Load, vocabularies: Law) -> None:
    """Parts of one legal person are one; who acts for another remains a person of its own."""
    one = prepared(load, vocabularies, f"from: {giver}, to: {taker}")
    assert computed(one, "kg:SamePersonTest") == {cls}


def test_same_person_needs_both(load: Load, vocabularies: Law) -> None:
    """Without a recipient nothing is computed, and the gap is named."""
    one = prepared(load, vocabularies, "from: trust")
    assert computed(one, "kg:SamePersonTest") == {""}
    assert [m.path for m in one.computed[one.strands[0].node, "kg:SamePersonTest"].missing] == [
        "disclosure/to"
    ]


@pytest.mark.parametrize(
    ("disclosure", "cls"),
    [
        ("to: council, trigger: request, request: {by: council}", "kg:RecipientAsked"),
        ("to: housing, trigger: request, request: {by: social-care}", "kg:RecipientAsked"),
        ("to: council, trigger: request, request: {by: contractor}", "kg:RecipientAsked"),
        ("to: contractor, trigger: request, request: {by: council}", "kg:RecipientAsked"),
        ("to: school, trigger: request, request: {by: council}", "kg:RecipientDidNotAsk"),
        (
            "to: school, trigger: request, request: {by: council, give-to: school}",
            "kg:RecipientNamed",
        ),
        (
            "to: school, trigger: request, request: {by: council, give-to: trust}",
            "kg:RecipientDidNotAsk",
        ),
        ("to: council, trigger: own-initiative", "kg:RecipientDidNotAsk"),
        ("to: council, trigger: own-initiative, request: {by: council}", "kg:RecipientDidNotAsk"),
        ("to: council, trigger: request", ""),
        ("to: council, request: {by: council}", "kg:RecipientAsked"),
        ("to: council, trigger: request, request: {section: 47(9)}", ""),
        ("to: council", ""),
    ],
)
def test_requester(disclosure: str, cls: str, load: Load, vocabularies: Law) -> None:
    """The recipient asked when it, its legal person, or one acting for it did; the trigger decides."""
    assert computed(
        prepared(load, vocabularies, f"from: trust, {disclosure}"), "kg:RequesterTest"
    ) == {cls}


def test_copied_in_recipient_did_not_ask(load: Load, vocabularies: Law) -> None:
    """Each recipient is compared on its own strand: who is copied in did not ask."""
    one = prepared(
        load,
        vocabularies,
        "from: trust, to: [council, school], trigger: request, request: {by: council}",
    )
    found = {s.recipient: one.computed[s.node, "kg:RequesterTest"].cls for s in one.strands}
    assert found == {
        "case:x/council": "kg:RecipientAsked",
        "case:x/school": "kg:RecipientDidNotAsk",
    }


@pytest.mark.parametrize(
    ("one", "other", "cls"),
    [("Leeds", "leeds", "kg:SameArea"), ("Leeds", "York", "kg:OtherArea"), ("Leeds", "", "")],
)
def test_area(one: str, other: str, cls: str, load: Load, vocabularies: Law) -> None:
    """Areas are compared by name, whatever the capitals; one not stated leaves it open."""
    second = f", area: {other}" if other else ""
    base = f"case: x\nparties:\n  a: {{kind: police-force, area: {one}}}\n  b: {{kind: police-force{second}}}\n"
    assert computed(prepared(load, vocabularies, "from: a, to: b", base), "kg:AreaTest") == {cls}


def test_contradiction_of_trigger_and_request_is_said(load: Load, vocabularies: Law) -> None:
    """A request beside the trigger own-initiative is a warning: the trigger counts."""
    one = prepared(
        load,
        vocabularies,
        "from: trust, to: council, trigger: own-initiative, request: {by: council}",
    )
    assert any("request is described" in warning for warning in one.warnings)


# --- kinds that did not exist ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "day", "says"),
    [
        ("primary-care-trust", "2013-03-31", ""),
        ("primary-care-trust", "2013-04-01", "its work passed to clinical commissioning group and NHS England"),
        ("primary-care-trust", "2024-03-02", "such a body did not exist on 2 March 2024; its work passed to NHS England and integrated care board"),
        ("primary-care-trust", "2000-03-31", "did not yet exist on 31 March 2000; its work was then done by Health Authority"),
        ("police-authority", "2012-11-21", ""),
        ("police-authority", "2012-11-22", "its work passed to local policing body"),
        ("local-policing-body", "2012-11-21", "its work was then done by police authority"),
        ("local-policing-body", "2012-11-22", ""),
        ("integrated-care-board", "2022-06-30", "its work was then done by clinical commissioning group"),
        ("integrated-care-board", "2022-07-01", ""),
        ("probation-committee", "2001-04-01", "its work passed to local probation board"),
        ("probation-committee", "2011-01-01", "its work passed to probation trust"),
        ("local-education-authority", "2010-05-05", "its work passed to local authority"),
        ("national-crime-agency", "2013-10-06", "did not yet exist on 6 October 2013. Correct"),
        ("local-authority", "1992-01-01", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", ["from", "to", "asks", "acts-for"])
def test_kind_that_did_not_exist(
    kind: str, day: str, says: str, place: str, load: Load, vocabularies: Law
) -> None:
    """A party of a kind that did not exist on the law date is warned of, with who did its work."""
    base = (
        f"case: x\nparties:\n  old: {{kind: {kind}}}\n  firm: {{kind: private-company, acts-for: old}}\n"
        "  a: {kind: charity}\n  b: {kind: charity}\n"
    )
    giver = {"from": "old", "acts-for": "firm"}.get(place, "a")
    taker = "old" if place == "to" else "b"
    asked = "old" if place == "asks" else "b"
    one = prepared(
        load,
        vocabularies,
        f"from: {giver}, to: {taker}, request: {{by: {asked}}}, date: {day}",
        base,
    )
    found = [warning for warning in one.warnings if "exist on" in warning]
    assert len(found) == bool(says), found
    assert not says or says in found[0]
    assert not says or found[0].startswith("parties/old is stated as")


@pytest.mark.parametrize(
    ("kind", "country"),
    [
        ("welsh-local-authority", "Wales"), ("local-health-board", "Wales"),
        ("scottish-local-authority", "Scotland"), ("police-scotland", "Scotland"),
        ("local-authority", ""), ("nhs-trust", ""),
    ],
)  # fmt: skip
def test_body_of_another_country(kind: str, country: str, load: Load, vocabularies: Law) -> None:
    """A party that acts under law not held here is warned of (domain law-3 section 10, J28)."""
    base = f"case: x\nparties:\n  a: {{kind: charity}}\n  b: {{kind: {kind}}}\n"
    one = prepared(load, vocabularies, "from: a, to: b, date: 2024-01-01", base)
    said = [warning for warning in one.warnings if "is not held here" in warning]
    assert len(said) == bool(country)
    assert not country or f"the law of {country}" in said[0]


def test_party_outside_the_disclosure_is_not_warned_of(load: Load, vocabularies: Law) -> None:
    """A former body that only stands in the register of parties is no matter of this disclosure."""
    base = "case: x\nparties:\n  old: {kind: police-authority}\n  a: {kind: charity}\n  b: {kind: charity}\n"
    one = prepared(load, vocabularies, "from: a, to: b, date: 2024-01-01", base)
    assert one.warnings == ()


def test_dates_of_kinds_fit_their_succession(vocabularies: Law) -> None:
    """A kind that passed its work on has ended, and whoever took it over existed by then."""
    for kind in vocabularies.vocabulary("body:Body").values():
        end = vocabularies.text(kind, "kg:existsUntil")
        heirs = vocabularies.names(kind, "kg:succeededBy")
        assert bool(end) == bool(heirs), kind
        assert any(existed_on(vocabularies, heir, end) for heir in heirs) or not heirs, kind


# --- age -------------------------------------------------------------------------------------------


def age(load: Load, law: Law, person: str, day: str = "2024-06-01") -> str:
    one = prepared(load, law, f"date: {day}", f"case: x\npeople:\n  p: {{{person}}}\n")
    return one.computed["case:x/p", "kg:AgeTest"].cls


@pytest.mark.parametrize(
    ("stated", "cls"),
    [
        ("age: 0", "kg:Under16"),
        ("age: 15", "kg:Under16"),
        ("age: 16", "kg:SixteenOrSeventeen"),
        ("age: 17", "kg:SixteenOrSeventeen"),
        ("age: 18", "kg:Adult"),
        ("age-band: under-16", "kg:Under16"),
        ("age-band: 16-or-17", "kg:SixteenOrSeventeen"),
        ("age-band: adult", "kg:Adult"),
        ("alive: yes", ""),
    ],
)
def test_age(stated: str, cls: str, load: Load, vocabularies: Law) -> None:
    """The age class follows from years or band; with neither stated there is none."""
    assert age(load, vocabularies, stated) == cls


@pytest.mark.parametrize(
    ("born", "day", "cls"),
    [
        ("2008-06-02", "2024-06-01", "kg:Under16"),
        ("2008-06-01", "2024-06-01", "kg:SixteenOrSeventeen"),
        ("2008-05-31", "2024-06-01", "kg:SixteenOrSeventeen"),
        ("2006-06-02", "2024-06-01", "kg:SixteenOrSeventeen"),
        ("2006-06-01", "2024-06-01", "kg:Adult"),
        ("2008-02-29", "2024-02-28", "kg:Under16"),
        ("2008-02-29", "2024-02-29", "kg:SixteenOrSeventeen"),
        ("2004-02-29", "2022-02-28", "kg:SixteenOrSeventeen"),
        ("2004-02-29", "2022-03-01", "kg:Adult"),
        ("2024-06-01", "2024-06-01", "kg:Under16"),
    ],
)
def test_birthdays(born: str, day: str, cls: str, load: Load, vocabularies: Law) -> None:
    """A person is a year older from the birthday on; born on 29 February, from 1 March in other years."""
    assert age(load, vocabularies, f"born: {born}", day) == cls


def test_age_ignores_the_as_at_day(load: Load, vocabularies: Law) -> None:
    """Asking for the law of another day does not make anybody older."""
    base = "case: x\npeople:\n  p: {born: 2010-01-01}\n"
    one = prepared(load, vocabularies, "date: 2024-01-01", base, as_at=date(2040, 1, 1))
    assert one.computed["case:x/p", "kg:AgeTest"].cls == "kg:Under16"


@pytest.mark.parametrize(
    ("stated", "cls"),
    [("at-risk: yes", "kg:AdultAtRisk"), ("at-risk: no", "kg:NotAtRisk"), ("age: 40", "")],
)
def test_risk(stated: str, cls: str, load: Load, vocabularies: Law) -> None:
    """Being at risk is stated, never guessed."""
    one = prepared(load, vocabularies, "date: 2024-01-01", f"case: x\npeople:\n  p: {{{stated}}}\n")
    assert one.computed["case:x/p", "kg:RiskStatus"].cls == cls


# --- data status, regime, purpose ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "person", "cls", "strands"),
    [
        ("about: p", "age: 3", "kg:PersonalData", 1),
        ("about: p, identifies: yes", "age: 3, alive: yes", "kg:PersonalData", 1),
        ("about: p, identifies: pseudonymised", "age: 3", "kg:PersonalData", 1),
        ("about: p", "age: 3, alive: no", "kg:AboutTheDead", 1),
        ("about: p, identifies: no", "age: 3", "kg:Anonymous", 1),
        ("topic: ordinary", "age: 3", "", 1),
    ],
)
def test_data_status(
    item: str, person: str, cls: str, strands: int, load: Load, vocabularies: Law
) -> None:
    """Information identifies a living person, a dead one or nobody; unstated with a subject means it does."""
    base = f"case: x\nparties:\n  a: {{kind: nhs-trust}}\npeople:\n  p: {{{person}}}\ninformation:\n  i: {{{item}}}\n"
    one = prepared(load, vocabularies, "from: a, items: i", base)
    assert computed(one, "kg:DataStatus") == {cls}
    assert len(one.strands) == strands


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        ("2000-02-29", "kg:Before2000"),
        ("2000-03-01", "kg:RegimeA"),
        ("2018-05-24", "kg:RegimeA"),
        ("2018-05-25", "kg:RegimeB1"),
        ("2020-12-30", "kg:RegimeB1"),
        ("2020-12-31", "kg:RegimeB2"),
        ("2026-02-04", "kg:RegimeB2"),
        ("2026-02-05", "kg:RegimeC"),
    ],
)
def test_regime(day: str, regime: str, load: Load, vocabularies: Law) -> None:
    """Each data-protection regime begins on its first day and ends on the day before the next."""
    assert regime_on(date.fromisoformat(day)) == regime
    one = prepared(load, vocabularies, f"from: trust, to: council, items: notes, date: {day}")
    assert computed(one, "kg:Regime") == {regime}


@pytest.mark.parametrize(
    ("gathered", "purpose", "cls"),
    [
        ("gathered-for: direct-care, ", "direct-care", "kg:SamePurpose"),
        ("gathered-for: direct-care, ", "s47-enquiry", "kg:OtherPurpose"),
        ("", "s47-enquiry", ""),
    ],
)
def test_purpose(gathered: str, purpose: str, cls: str, load: Load, vocabularies: Law) -> None:
    """The purpose is the one it was gathered for, another one, or not known."""
    base = f"case: x\nparties:\n  a: {{kind: nhs-trust}}\npeople:\n  p: {{age: 3}}\ninformation:\n  i: {{{gathered}about: p}}\n"
    assert computed(
        prepared(load, vocabularies, f"from: a, items: i, purpose: {purpose}", base),
        "kg:PurposeTest",
    ) == {cls}


# --- the law date ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("disclosure", "record", "as_at", "expected"),
    [
        ("date: 2020-01-01", "date: 2019-01-01", date(2018, 1, 1), (date(2018, 1, 1), "as-at")),
        ("date: 2020-01-01", "date: 2019-01-01", None, (date(2020, 1, 1), "disclosure")),
        ("from: trust", "date: 2019-01-01", None, (date(2019, 1, 1), "decision")),
        ("from: trust", "outcome: shared", None, (date(2024, 6, 1), "today")),
    ],
)
def test_law_date(
    disclosure: str,
    record: str,
    as_at: date | None,
    expected: tuple[date, str],
    load: Load,
    vocabularies: Law,
) -> None:
    """The law is that of --as-at, else of the disclosure, else of the decision, else of today."""
    case = load(f"{BASE}disclosure: {{{disclosure}}}\nrecord: {{{record}}}\n")
    assert (
        law_date(Facts(case, vocabularies), "case:x/disclosure", as_at, date(2024, 6, 1))
        == expected
    )


# --- consent -----------------------------------------------------------------------------------------


def consent(
    load: Load,
    law: Law,
    stated: str,
    person: str = "child",
    dimension: str = "kg:ConsentTest",
    more: str = "",
) -> str:
    base = BASE.replace("about: child", f"about: {person}")
    one = prepared(
        load,
        law,
        f"from: trust, to: council, items: notes, purpose: s47-enquiry, date: 2024-06-01,"
        f" subjects: [{{person: {person}, consent: {stated}}}]{more}",
        base,
    )
    (found,) = computed(one, dimension)
    return found.removeprefix("kg:")


GIVEN = "state: given"


@pytest.mark.parametrize(
    ("person", "stated", "cls"),
    [
        ("parent", "{state: given}", "ConsentCovers"),
        ("parent", "{state: given-with-limits}", "ConsentCovers"),
        *[
            ("parent", f"{{state: {state}}}", "ConsentDoesNotCover")
            for state in (
                "refused", "refused-in-part", "withdrawn", "not-sought", "cannot-be-given", "not-reasonably-obtainable",
                "not-applicable",
            )
        ],
        ("parent", "{form: written}", ""),
        ("parent", f"{{{GIVEN}, covers: notes}}", "ConsentCovers"),
        ("parent", f"{{{GIVEN}, recipients: council}}", "ConsentCovers"),
        ("parent", f"{{{GIVEN}, recipients: school}}", "ConsentDoesNotCover"),
        ("parent", f"{{{GIVEN}, purposes: s47-enquiry}}", "ConsentCovers"),
        ("parent", f"{{{GIVEN}, purposes: direct-care}}", "ConsentDoesNotCover"),
        ("parent", f"{{{GIVEN}, on: 2024-06-01}}", "ConsentCovers"),
        ("parent", f"{{{GIVEN}, on: 2024-06-02}}", "ConsentDoesNotCover"),
        ("parent", f"{{{GIVEN}, ended: 2024-06-01}}", "ConsentDoesNotCover"),
        ("parent", f"{{{GIVEN}, ended: 2024-06-02}}", "ConsentCovers"),
        ("parent", "[{state: refused}, {state: given}]", "ConsentCovers"),
        ("parent", "[{state: refused}, {form: written}]", ""),
        # a child under 16 gives consent when found competent, not before
        ("child", "{state: given}", ""),
        ("child", "{state: given, competence: {by: Dr A}}", ""),
        ("child", "{state: given, competence: {by: Dr A, result: yes}}", "ConsentCovers"),
        ("child", "{state: given, competence: {by: Dr A, result: no}}", "ConsentDoesNotCover"),
        ("child", "{state: given, given-by: child, competence: {by: Dr A, result: yes}}", "ConsentCovers"),
        # or a holder of parental responsibility gives it
        ("child", "{state: given, given-by: parent}", "ConsentCovers"),
        ("child", "{state: given, given-by: parent, capacity: parental-responsibility}", "ConsentCovers"),
        ("child", "{state: given, given-by: stranger}", ""),
        ("child", "{state: given, capacity: parental-responsibility}", ""),
        ("child", "{state: given, capacity: local-authority}", "ConsentCovers"),
    ],
)  # fmt: skip
def test_consent(person: str, stated: str, cls: str, load: Load, vocabularies: Law) -> None:
    """A consent covers a strand when it was given, reaches it, and who gave it could give it."""
    assert consent(load, vocabularies, stated, person) == cls


@pytest.mark.parametrize(
    ("dimension", "use"),
    [
        ("kg:ConfidenceConsentTest", "confidence"),
        ("kg:DataProtectionConsentTest", "data-protection"),
        ("kg:ExplicitConsentTest", "special-category"),
    ],
)
@pytest.mark.parametrize(
    "given_for", ["confidence", "data-protection", "special-category", "service"]
)
def test_consents_are_different(
    dimension: str, use: str, given_for: str, load: Load, vocabularies: Law
) -> None:
    """Consent for one use is none for another."""
    found = consent(
        load,
        vocabularies,
        f"{{state: given, for: {given_for}, form: written}}",
        "parent",
        dimension,
    )
    stem = dimension.removeprefix("kg:").removesuffix("Test")
    assert found == (f"{stem}Covers" if use == given_for else f"{stem}DoesNotCover")


def test_use_not_stated(load: Load, vocabularies: Law) -> None:
    """A consent that does not say what it is for leaves each use open."""
    assert consent(load, vocabularies, "{state: given}", "parent", "kg:ConfidenceConsentTest") == ""


@pytest.mark.parametrize(
    ("form", "cls"),
    [("written", "Covers"), ("oral", "Covers"), ("implied", "DoesNotCover"), ("", None)],
)
def test_explicit_consent(form: str, cls: str | None, load: Load, vocabularies: Law) -> None:
    """Explicit consent is expressed: implied consent is not enough, and without a form it is open."""
    stated = "{state: given, for: special-category" + (f", form: {form}" if form else "") + "}"
    found = consent(load, vocabularies, stated, "parent", "kg:ExplicitConsentTest")
    assert found == (f"ExplicitConsent{cls}" if cls else "")


@pytest.mark.parametrize(
    ("stated", "cls"),
    [
        ("{state: cannot-be-given}", "ConsentCannotBeGiven"),
        ("{state: not-reasonably-obtainable}", "ConsentNotReasonablyObtainable"),
        ("{state: not-sought, reason: interference-with-investigation}", "AskingWouldPrejudice"),
        ("{state: not-sought}", ""),
        ("{state: refused}", "NoListedReason"),
        ("{state: given}", "NoListedReason"),
    ],
)
def test_no_consent_reason(stated: str, cls: str, load: Load, vocabularies: Law) -> None:
    """The reason for acting without consent is one of the listed ones, none of them, or not stated."""
    assert consent(load, vocabularies, stated, "parent", "kg:NoConsentReasonTest") == cls


def test_no_involvement(load: Load, vocabularies: Law) -> None:
    """Where a subject does not appear in the disclosure, how consent stood is missing, not refused."""
    one = prepared(load, vocabularies, "from: trust, to: council, items: notes")
    assert computed(one, "kg:ConsentTest") == {""}


# --- strands -------------------------------------------------------------------------------------------


def ids(one: Prepared) -> list[str]:
    return [strand.id for strand in one.strands]


def test_strands_are_the_product(load: Load, vocabularies: Law) -> None:
    """There is one strand for each giver, recipient, item and person the item is about."""
    base = BASE + "  both: {topic: ordinary, about: [child, parent]}\n"
    one = prepared(
        load, vocabularies, "from: [trust, school], to: [council], items: [notes, both]", base
    )
    assert ids(one) == [
        f"{giver}/council/{rest}"
        for giver in ("trust", "school")
        for rest in ("notes/child", "both/child", "both/parent")
    ]


def test_item_without_about(load: Load, vocabularies: Law) -> None:
    """An item that does not say whom it is about is about all subjects of the disclosure."""
    base = BASE + "  other: {topic: ordinary}\n"
    one = prepared(
        load,
        vocabularies,
        "from: trust, to: council, items: other, subjects: [child, parent]",
        base,
    )
    assert ids(one) == ["trust/council/other/child", "trust/council/other/parent"]


def test_anonymous_item(load: Load, vocabularies: Law) -> None:
    """Anonymous information makes one strand without a subject."""
    base = BASE.replace("about: child}", "about: [child, parent], identifies: no}")
    one = prepared(
        load,
        vocabularies,
        "from: trust, to: council, items: notes, subjects: [child, parent]",
        base,
    )
    assert ids(one) == ["trust/council/notes/-"]
    assert one.strands[0].subject == ""


def test_nobody_tells_himself(load: Load, vocabularies: Law) -> None:
    """At a meeting nobody discloses to himself."""
    one = prepared(load, vocabularies, "from: [trust, school], to: [trust, school], items: notes")
    assert ids(one) == ["trust/school/notes/child", "school/trust/notes/child"]


def test_only_to_itself_still_has_a_strand(load: Load, vocabularies: Law) -> None:
    """A disclosure in which giver and recipient are the same party still gets an answer."""
    assert prepared(load, vocabularies, "from: trust, to: trust, items: notes").strands


def test_empty_disclosure(load: Load, vocabularies: Law) -> None:
    """A disclosure of which nothing is stated has one strand of unstated parts."""
    assert ids(prepared(load, vocabularies, "urgent: no")) == ["unstated/unstated/unstated/-"]


def test_consented_and_unconsented_item(load: Load, vocabularies: Law) -> None:
    """A consent that covers one item of a package covers that strand alone."""
    base = (
        BASE
        + "  more: {topic: ordinary, about: parent}\n  rest: {topic: ordinary, about: parent}\n"
    )
    one = prepared(
        load,
        vocabularies,
        "from: trust, to: council, items: [more, rest], subjects: [{person: parent, consent: {state: given, covers: more}}]",
        base,
    )
    found = {s.item: one.computed[s.node, "kg:ConsentTest"].cls for s in one.strands}
    assert found == {"case:x/more": "kg:ConsentCovers", "case:x/rest": "kg:ConsentDoesNotCover"}


def test_strand_carries_the_disclosure(load: Load, vocabularies: Law) -> None:
    """A strand carries its parts and what the disclosure says of all of them, and nothing of other strands."""
    one = prepared(
        load,
        vocabularies,
        "from: trust, to: [council, school], items: notes, trigger: meeting, channel: telephone, protects: child,"
        " purpose: s47-enquiry, concern: reasonable-cause-to-suspect-significant-harm",
    )
    node = one.strands[0].node
    facts = {(p, o) for s, p, o in one.triples if s == node}
    assert {
        ("rdf:type", "kg:Strand"), ("kg:discloser", "case:x/trust"), ("kg:recipient", "case:x/council"),
        ("kg:item", "case:x/notes"), ("kg:subject", "case:x/child"), ("kg:trigger", "value:meeting"),
        ("kg:channel", "value:telephone"), ("kg:protects", "case:x/child"), ("kg:purpose", "case:x/disclosure/purpose"),
        ("kg:concern", "case:x/disclosure/concern"),
    } <= facts  # fmt: skip
    assert ("kg:recipient", "case:x/school") not in facts
    assert ("value:telephone", "rdf:type", "kg:Oral") in one.triples


def test_unstated_facts_mean_what_the_vocabulary_says(load: Load, vocabularies: Law) -> None:
    """An unstated yes/no fact with a meaning is added as assumed, and a stated one is left alone."""
    one = prepared(
        load,
        vocabularies,
        "from: trust, urgent: yes",
        BASE.replace("{age: 9}", "{age: 9, alive: no}"),
    )
    assumed = {(s, p) for s, p, _ in one.assumed}
    assert ("case:x/parent", "kg:alive") in assumed
    assert ("case:x/child", "kg:alive") not in assumed
    assert ("case:x/disclosure", "kg:urgent") not in assumed
    assert not [s for s, p in assumed if p == "kg:alive" and s in {"case:x/trust", "case:x/notes"}]


# --- judgements ------------------------------------------------------------------------------------------

ACT = """
ta:s1 a kg:PowerToShare ; kg:layer kg:authority ; kg:inForceFrom "2000-01-01"^^xsd:date .
ta:s1.needed rdfs:subClassOf ta:s1 .
ta:s1.needed a kg:JudgementCondition ; kg:question question:proportionate .
ta:s1.needed.yes rdfs:subClassOf ta:s1.needed .
ta:s2 a kg:PowerToShare ; kg:layer kg:authority ; kg:inForceFrom "2000-01-01"^^xsd:date .
ta:s2.needed rdfs:subClassOf ta:s2 .
ta:s2.needed a kg:JudgementCondition ; kg:question question:proportionate .
ta:s2.needed.yes rdfs:subClassOf ta:s2.needed .
"""
COUNTS = "question: proportionate, answer: yes, by: A. Person, on: 2024-01-02, reasons: weighed"


def judged(
    load: Load, law: Law, *judgements: str, record: str = "", base: str = BASE, items: str = "notes"
) -> Prepared:
    listed = ", ".join(f"{{{one}}}" for one in judgements)
    text = (
        f"{base}disclosure: {{from: trust, to: council, items: {items}, judgements: [{listed}]}}\n"
    )
    case = load(text + (f"record: {{{record}}}\n" if record else ""), law)
    return prepare(case, law, "case:x/disclosure", None, date(2024, 6, 1))


@pytest.mark.parametrize(
    ("judgement", "record", "counts"),
    [
        (COUNTS, "", True),
        (COUNTS.replace(", reasons: weighed", ""), "", False),
        (COUNTS.replace("by: A. Person, ", ""), "", False),
        (COUNTS.replace("by: A. Person, ", ""), "decided-by: B. Person", True),
        (COUNTS.replace("on: 2024-01-02, ", ""), "", False),
        (COUNTS.replace("on: 2024-01-02, ", ""), "date: 2024-01-03", True),
        (COUNTS.replace("A. Person", "risk scoring system"), "", False),
        (COUNTS.replace("A. Person", "an AI model"), "", False),
        (COUNTS.replace("A. Person", "Mrs Toolan"), "", True),
        (COUNTS.replace("answer: yes, ", ""), "", False),
        (COUNTS.replace("question: proportionate, ", ""), "", False),
    ],
)
def test_what_counts(
    judgement: str, record: str, counts: bool, load: Load, make_law: Callable[..., Law]
) -> None:
    """A judgement counts with answer, reasons, date and an author who is a person; the record may supply two of them."""
    one = judged(load, make_law(ACT), judgement, record=record)
    assert bool(one.answers) is counts
    typed = {o for _, p, o in one.triples if p == "rdf:type" and str(o).startswith("ta:")}
    assert typed == ({"ta:s1.needed.yes", "ta:s2.needed.yes"} if counts else set())


def test_answer_for_one_norm(load: Load, make_law: Callable[..., Law]) -> None:
    """A judgement for one provision answers no other one that asks the same question."""
    one = judged(load, make_law(ACT), COUNTS + ", for: ta:s1")
    assert {condition for _, condition in one.answers} == {"ta:s1.needed"}


def test_answer_about_one_item(load: Load, make_law: Callable[..., Law]) -> None:
    """A judgement about one item answers for the strands of that item."""
    base = BASE + "  more: {topic: ordinary, about: parent}\n"
    one = judged(load, make_law(ACT), COUNTS + ", about: more", base=base, items="[notes, more]")
    assert {node.split("/")[-2] for node, _ in one.answers} == {"more"}


def test_opposite_answers(load: Load, make_law: Callable[..., Law]) -> None:
    """Two counting answers that contradict each other are an error that names both authors."""
    with pytest.raises(Contradiction) as caught:
        judged(
            load,
            make_law(ACT),
            COUNTS,
            COUNTS.replace("yes", "no").replace("A. Person", "B. Person"),
        )
    assert "A. Person" in str(caught.value)
    assert "B. Person" in str(caught.value)
    assert caught.value.problems[0].line > 0


@pytest.mark.parametrize(
    "other",
    [
        COUNTS.replace("yes", "no") + ", for: ta:s2",
        COUNTS.replace("yes", "no").replace(", reasons: weighed", ""),
        COUNTS.replace("yes", "no").replace("proportionate", "help-would-be-unreasonable"),
    ],
)
def test_no_contradiction(other: str, load: Load, make_law: Callable[..., Law]) -> None:
    """Opposite answers for different provisions, to different questions, or that do not count, may stand together."""
    first = COUNTS + ", for: ta:s1" if "ta:s2" in other else COUNTS
    judged(load, make_law(ACT), first, other)


@pytest.mark.parametrize(
    "author", ["", "  ", "Risk Tool", "automated decision", "the algorithm", "chat bot"]
)
def test_machines_are_no_persons(author: str) -> None:
    """An author who says it is a machine, or nobody, is no person."""
    assert not is_person(author)


@pytest.mark.parametrize(
    "author", ["named doctor", "A. Systemer", "Aisha Botham", "duty social worker"]
)
def test_persons(author: str) -> None:
    """A name or a role is a person."""
    assert is_person(author)
