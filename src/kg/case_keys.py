"""The key table of the case file: the source of context, JSON Schema, reference page and checks.

Source: case-model section 2. A block is a group of keys that describe one kind of thing; every
key says which property it states, what may be written, how often, and who uses it.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Types of a key: what may be written as its value.
TYPES = {
    "text": "words in English",
    "note": "words, or a date written as words (2024-05-31)",
    "name": "a plain string, never read as a number",
    "date": "a date, year-month-day (2024-05-31), that exists",
    "yes/no": "yes or no",
    "number": "a whole number",
    "ref": "the name of a thing in this file",
    "kind": "a kind from the named vocabulary",
    "value": "a value from the named list",
    "norm": "a provision by its name (ca1989:s47-9)",
    "block": "the keys of another table",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the case file.

    Attributes: name as written; term is the local name in kg: (``type`` for rdf:type); type one of
    TYPES; card ``1 ? * +`` when the rule applies (nothing is obligatory for loading except the
    case name); used_by names the rules; listed is ``namespace:Class`` for kinds (the root of the
    vocabulary) and values (the class of the list); block names the block of a nested thing, or of
    what a ref names (empty: anything in a register); what describes the key for the reference page;
    unstated says what nothing stated means.
    """

    name: str
    term: str
    type: str
    card: str
    used_by: str
    what: str
    listed: str = ""
    block: str = ""
    unstated: str = ""

    @property
    def many(self) -> bool:
        """Whether the key takes a list."""
        return self.card in "*+"


@dataclass(frozen=True, slots=True)
class Block:
    """A group of keys. ``node_class`` is the class (local name in kg:) that the loader stamps.

    ``short`` is the key for which a bare name stands (a participation list), or empty.
    """

    name: str
    node_class: str
    title: str
    keys: tuple[Key, ...]
    short: str = ""

    def key(self, name: str) -> Key | None:
        """Return the key of that name, or None."""
        return _INDEX[self.name].get(name)


def _block(name: str, node_class: str, title: str, *keys: Key, short: str = "") -> Block:
    return Block(name, node_class, title, keys, short)


# fmt: off
BLOCKS: dict[str, Block] = {
    block.name: block
    for block in (
        _block(
            "case",
            "Case",
            "Top of the file",
            Key("case", "reference", "name", "1", "", "short name of the case, [a-z0-9-]+"),
            Key("title", "title", "text", "?", "", "what the case is about, without names"),
            Key("parties", "party", "block", "*", "R-010", "register: organisations or individuals "
                "who give, get or ask", block="party"),
            Key("people", "personInCase", "block", "*", "R-008", "register: whom the information "
                "is about, or who consent", block="person"),
            Key("information", "itemInCase", "block", "*", "R-012", "register: the items of "
                "information", block="item"),
            Key("disclosure", "disclosure", "block", "+", "", "one disclosure, made or only "
                "considered; or a list, each with an id", block="disclosure"),
            Key("record", "record", "block", "*", "R-001", "one decision record, or a list, each "
                "with an id", block="record"),
        ),
        _block(
            "party",
            "Body",
            "A party",
            Key("kind", "type", "kind", "+", "R-010, all lists", "the legal kind, not the "
                "function; several are allowed", listed="body:Body"),
            Key("name", "name", "name", "?", "", "what it is called"),
            Key("function", "function", "value", "*", "Art 6(1)(e), R-138", "the part of the body "
                "that acts", listed="function:FunctionValue"),
            Key("part-of", "legalPerson", "ref", "?", "same-person test", "the legal person it "
                "belongs to", unstated="it is a legal person of its own", block="party"),
            Key("acts-for", "actsFor", "ref", "?", "s115 recipient, R-157", "on whose behalf it "
                "acts", unstated="it acts for nobody", block="party"),
            Key("profession", "profession", "value", "?", "R-060, R-148", "profession of those who "
                "decide", listed="value:ProfessionValue"),
            Key("listed-in", "listedIn", "norm", "*", "lists", "list under which it is authorised "
                "one by one (ca1989:s47-11-e)", unstated="it is not authorised one by one"),
            Key("policy-document", "policyDocument", "yes/no", "?", "R-149, Sch 1 Part 2",
                "an appropriate policy document is in place"),
            Key("lead-officer", "leadOfficer", "yes/no", "?", "G-189", "a lead officer for "
                "information sharing is named"),
            Key("training", "training", "yes/no", "?", "G-190", "staff are trained"),
            Key("public-policy", "publicPolicy", "yes/no", "?", "G-191", "its policy is public"),
            Key("area", "area", "name", "?", "s17 PCSC Act", "the area it serves"),
        ),
        _block(
            "person",
            "Person",
            "A person",
            Key("age", "age", "number", "?", "R-009, R-073, para 18", "age in whole years at the "
                "decision; a baby is 0 (state one of age, born, age-band)"),
            Key("born", "born", "date", "?", "R-009", "date of birth: stays true over several "
                "decisions"),
            Key("age-band", "ageBand", "value", "?", "R-009", "when the age is not known exactly",
                listed="value:AgeBandValue"),
            Key("alive", "alive", "yes/no", "?", "R-140, R-141", "no, if the person has died",
                unstated="living; the answer says so"),
            Key("at-risk", "atRisk", "yes/no", "?", "R-128", "an adult at risk; needs the "
                "judgement adult-at-risk behind it"),
            Key("parental-responsibility-for", "parentalResponsibilityFor", "ref", "*", "R-078",
                "children for whom the person holds parental responsibility", block="person"),
            Key("care-order", "careOrder", "yes/no", "?", "R-080", "a care order is in force",
                unstated="none"),
            Key("protection-order", "protectionOrder", "value", "?", "R-154", "emergency "
                "protection order or police protection in force",
                listed="value:ProtectionOrderValue", unstated="none"),
            Key("managed-child-sex-offender", "managedChildSexOffender", "yes/no", "?", "s327A CJA 2003, "
                "R-209, R-215", "a child sex offender whom the responsible authority manages under "
                "the public protection arrangements"),
            Key("victim", "victim", "yes/no", "?", "R-225", "a victim, or somebody at risk of being "
                "one, of the crime that the police look into"),
            Key("lives-with", "livesWith", "ref", "?", "R-081", "the parent the child lives with",
                block="person"),
            Key("is-staff", "isStaff", "yes/no", "?", "R-049", "a member of staff"),
            Key("is-service-user", "isServiceUser", "yes/no", "?", "R-049", "another service user"),
            Key("convicted-contact", "convictedContact", "yes/no", "?", "R-063", "convicted of an "
                "offence against a child, and in contact with children", unstated="not known"),
        ),
        _block(
            "item",
            "Item",
            "An item of information",
            Key("description", "description", "text", "1", "R-012", "what it is, without names"),
            Key("topic", "type", "kind", "+", "R-013, R-122, R-125, bars", "what it says: all that "
                "apply", listed="info:Topic"),
            Key("identifies", "identifies", "value", "1", "R-013, R-142", "whether it identifies "
                "somebody", listed="value:IdentifiesValue",
                unstated="yes, if it is about somebody"),
            Key("identifiers", "identifierKept", "name", "*", "R-142", "identifiers left in it"),
            Key("about", "about", "ref", "*", "strands", "the people it is about",
                unstated="all subjects of the disclosure", block="person"),
            Key("confidential", "confidential", "yes/no", "1", "R-014, R-144", "whether it is "
                "confidential (a person's judgement, J10)"),
            Key("why-confidential", "confidentialBecause", "text", "?", "R-014", "why, or why not"),
            Key("confided-by", "confidedBy", "ref", "?", "R-097", "who confided it"),
            Key("from-source", "origin", "ref", "?", "R-040, R-169", "who told or gave it",
                unstated="the discloser's own"),
            Key("originator-consulted", "originatorConsulted", "note", "?", "R-040", "when the one "
                "it came from was asked before it was passed on, or why not"),
            Key("gathered-for", "gatheredFor", "kind", "?", "R-047, purpose limitation", "the "
                "purpose it was gathered for", listed="purpose:Purpose"),
            Key("received-under", "receivedUnder", "text", "*", "onward use", "condition or "
                "undertaking under which it was received", unstated="none"),
            Key("obtained-under", "obtainedUnder", "norm", "?", "use limits, R-222", "the "
                "provision under which the discloser asked for and got it (ca2004:s16H-1)",
                unstated="none"),
            Key("held-for-functions", "heldForFunctions", "yes/no", "?", "s16, s17 PCSC Act, "
                "implied power", "the discloser holds it for the purposes of its functions; "
                "no, for an individual: outside the work for which he or she could have it",
                unstated="yes; the answer says so"),
            Key("court-permission", "courtPermission", "yes/no", "?", "R-169, rules of court",
                "the court has given permission to pass it on", unstated="none"),
            Key("obtained-in-licensed-capacity", "obtainedInLicensedCapacity", "yes/no", "?",
                "s33A HFE Act", "it was obtained in a capacity that the fertility legislation "
                "lists: as licence holder, as the Authority, or as somebody who works for one"),
            Key("access-authorised", "accessAuthorised", "yes/no", "?", "R-231, s1 Computer Misuse "
                "Act", "whoever took it from the computer was allowed to; no: he or she was not "
                "and knew it", unstated="yes"),
            Key("controller-agreed", "controllerAgreed", "yes/no", "?", "R-231, s55 DPA 1998, s170 "
                "DPA 2018", "the body whose information it is agreed that this individual took or "
                "told it; stated only where an individual acts for himself or herself"),
            Key("prescribed-under", "prescribedUnder", "norm", "*", "s17A CDA 1998", "the provision "
                "under which regulations name this set of information (cda1998:s17A)"),
            Key("fact-or-opinion", "nature", "value", "1", "R-038", "fact, opinion or both",
                listed="value:NatureValue"),
            Key("marked", "natureMarked", "yes/no", "?", "R-038", "fact and opinion are marked"),
            Key("made-public", "madePublic", "yes/no", "?", "Art 9(2)(e)", "the person it is about has "
                "made it public", unstated="no"),
            Key("accuracy", "accuracyCheck", "text", "?", "R-039", "how it was checked"),
            Key("as-of", "asOf", "date", "?", "R-039", "the day it was true"),
            Key("reporters-comments", "reportersComments", "yes/no", "?", "R-170", "it holds "
                "comments of a children and family reporter", unstated="no"),
            Key("reporter-consulted", "reporterConsulted", "note", "?", "R-170", "when the "
                "reporter, or a manager of Cafcass, was asked about passing the comments on"),
        ),
        _block(
            "disclosure",
            "Disclosure",
            "A disclosure",
            Key("from", "discloser", "ref", "+", "R-010", "the party that gives; a list for a "
                "meeting: one strand each", block="party"),
            Key("to", "receipt", "block", "+", "R-025", "the recipients", block="receipt"),
            Key("items", "content", "block", "+", "R-012, R-030", "the items", block="content"),
            Key("subjects", "involvement", "block", "+", "R-008", "whom it is about",
                block="involvement"),
            Key("purpose", "purpose", "block", "1", "R-015, R-127", "one purpose; a second purpose "
                "is a second disclosure", block="purpose"),
            Key("trigger", "trigger", "value", "1", "R-011", "what set it off",
                listed="value:TriggerValue"),
            Key("request", "request", "block", "?", "R-114 to R-118", "the request",
                block="request", unstated="none, if the trigger is own-initiative, meeting or "
                "referral-received; otherwise not known"),
            Key("date", "date", "date", "1", "R-029, law date", "the day it was made"),
            Key("time", "time", "name", "?", "R-029, R-113", "the time of day, hh:mm"),
            Key("channel", "channel", "value", "1", "R-034, R-041, R-106", "how it was sent or "
                "said", listed="value:ChannelValue"),
            Key("security", "security", "text", "?", "R-035", "how it was kept safe on its way"),
            Key("place", "place", "value", "?", "R-112", "where it was said",
                listed="value:PlaceValue"),
            Key("urgent", "urgent", "yes/no", "?", "R-104, R-105", "it could not wait",
                unstated="no"),
            Key("written-confirmation", "confirmedInWriting", "note", "?", "R-105, R-106", "date of the "
                "confirmation, or why impossible"),
            Key("concern", "concern", "block", "1", "R-018, R-048, R-099, R-154", "the concern",
                block="concern"),
            Key("protects", "protects", "ref", "*", "R-127, R-128, para 18", "whom it protects: a "
                "person, or children-generally", listed="value:ProtectedValue", block="person"),
            Key("judgements", "judgement", "block", "*", "judgement conditions, R-032, R-205",
                "judgements that a person has made", block="judgement"),
            Key("routine", "routine", "yes/no", "?", "Art 35", "part of regular sharing, not a single "
                "disclosure", unstated="no"),
            Key("automated", "automated", "yes/no", "?", "Art 22, 22A to 22C", "decided by a program "
                "without meaningful human involvement", unstated="no"),
            Key("meeting-kind", "meetingKind", "value", "?", "R-195", "kind of meeting",
                listed="value:MeetingKindValue"),
            Key("risk-plan", "riskPlan", "text", "?", "R-049", "plan where sharing may endanger"),
            Key("endangers", "endangers", "ref", "*", "R-049", "whom sharing may put in danger",
                unstated="nobody", block="person"),
            Key("late-because", "lateBecause", "text", "?", "R-048", "why it was not shared sooner"),
            Key("identities", "identityProtection", "text", "?", "R-045", "how identities are "
                "protected"),
            Key("keep-from-subject", "keepFromSubject", "text", "?", "R-046", "whether to keep it "
                "from the subject"),
            Key("scheme", "scheme", "block", "?", "R-172 to R-180", "steps of a disclosure scheme",
                block="scheme"),
        ),
        _block(
            "receipt",
            "Receipt",
            "A recipient (under to)",
            Key("party", "recipient", "ref", "1", "R-025", "the body or person that receives",
                block="party"),
            Key("person", "recipientName", "name", "1", "R-026", "name of the person who receives"),
            Key("job-title", "jobTitle", "name", "1", "R-027", "job title"),
            Key("contact", "contact", "name", "1", "R-028", "contact details"),
            Key("need", "needToKnow", "text", "?", "R-031", "why this recipient needs it"),
            Key("identity-check", "identityCheck", "text", "?", "R-036", "how it was checked that "
                "this is the right person"),
            Key("told-confidential", "toldConfidential", "yes/no", "?", "R-037", "told that it is "
                "confidential"),
            Key("will-do", "intendedUse", "text", "?", "R-037", "what the recipient will do with "
                "it"),
            Key("forewarned", "forewarned", "yes/no", "?", "R-042", "told that it was coming"),
            Key("acknowledged", "acknowledged", "date", "?", "R-042", "day of acknowledgement"),
            Key("address", "address", "name", "?", "R-213", "the address of the recipient"),
            Key("onward-limited", "onwardLimited", "yes/no", "?", "R-212", "whether conditions on "
                "passing it on were imposed"),
            Key("onward-conditions", "onwardConditions", "text", "?", "R-212", "the conditions on "
                "passing it on"),
            short="party",
        ),
        _block(
            "content",
            "Content",
            "An item shared (under items)",
            Key("item", "item", "ref", "1", "R-030", "the item", block="item"),
            Key("confidence", "confidenceAnswer", "value", "*", "R-144", "the answer to "
                "confidentiality", listed="value:ConfidenceAnswerValue"),
            Key("extent", "extent", "value", "?", "R-043, R-044", "extract or whole file",
                listed="value:ExtentValue"),
            Key("why-whole-file", "wholeFileReason", "text", "?", "R-043", "why less would not do"),
            Key("private-marking", "privateMarking", "yes/no", "?", "R-041", "marked private and "
                "confidential"),
            short="item",
        ),
        _block(
            "involvement",
            "Involvement",
            "A subject (under subjects)",
            Key("person", "person", "ref", "1", "R-008", "the person", block="person"),
            Key("consent", "consent", "block", "*", "R-065 to R-099", "how consent stood; a list "
                "if there were several", block="consent"),
            Key("told", "telling", "block", "?", "R-185 to R-189", "whether the person was told",
                block="telling"),
            Key("override", "override", "block", "?", "R-100 to R-103", "why a refusal was "
                "overridden", block="override"),
            Key("wishes", "wishes", "text", "?", "R-017", "the person's wishes and their weight"),
            Key("first-contact", "firstContact", "yes/no", "?", "R-190", "the person's first contact "
                "with the service", unstated="no"),
            short="person",
        ),
        _block(
            "purpose",
            "Purpose",
            "The purpose",
            Key("kind", "type", "kind", "1", "R-015, R-127, R-158, R-164", "the kind of purpose",
                listed="purpose:Purpose"),
            Key("words", "words", "text", "1", "R-015", "the purpose in words"),
            short="kind",
        ),
        _block(
            "concern",
            "Concern",
            "The concern",
            Key("level", "type", "kind", "1", "R-018, R-154", "how sure you were",
                listed="concern:Concern"),
            Key("harm", "harm", "value", "*", "R-018", "kind of harm", listed="value:HarmValue"),
            Key("words", "words", "text", "?", "R-018", "what the concern is"),
            Key("on", "on", "date", "?", "R-048", "when it arose"),
            Key("by", "by", "name", "?", "J4", "who judged the level"),
            short="level",
        ),
        _block(
            "consent",
            "Consent",
            "Consent (inside a subject)",
            Key("state", "consentState", "value", "1", "R-065, R-095, para 18", "how consent stood",
                listed="consent:ConsentState"),
            Key("reason", "noConsentReason", "value", "*", "R-066, R-068 to R-070, R-129", "why "
                "consent was not sought or not relied on", listed="consent:NoConsentReason"),
            Key("backed-by", "backedBy", "text", "?", "R-067", "the fact behind the reason"),
            Key("given-by", "givenBy", "ref", "?", "R-072, R-078", "who gave or refused it"),
            Key("capacity", "capacity", "value", "?", "R-072, R-079", "by what right",
                listed="consent:CapacityValue"),
            Key("competence", "competence", "block", "?", "R-073 to R-076, R-098", "assessment of "
                "a child's competence", block="competence"),
            Key("cannot-decide-because", "incapacityReason", "text", "?", "R-077", "why a person "
                "of 16 or over was held unable"),
            Key("form", "form", "value", "?", "R-083 to R-085", "written, oral or implied",
                listed="consent:FormValue"),
            Key("on", "on", "date", "?", "R-087", "day it was given or refused"),
            Key("ended", "ended", "date", "?", "R-089", "day it ended or was withdrawn"),
            Key("reviewed", "reviewed", "date", "?", "R-090", "day it was checked again"),
            Key("explained", "explained", "value", "*", "R-082", "what was explained",
                listed="consent:ExplainedValue"),
            Key("covers", "coversItem", "ref", "*", "R-093", "items it covers",
                unstated="not limited", block="item"),
            Key("recipients", "coversParty", "ref", "*", "R-094", "recipients it covers",
                unstated="not limited", block="party"),
            Key("purposes", "coversPurpose", "kind", "*", "R-089", "purposes it covers",
                listed="purpose:Purpose", unstated="not limited"),
            Key("limits", "limits", "text", "*", "R-092", "limits the person set"),
            Key("for", "consentFor", "value", "+", "R-132", "what the consent is for: the four are "
                "different consents", listed="consent:ConsentUse"),
            Key("free", "freelyGiven", "note", "?", "R-086", "whether the person was free to "
                "refuse"),
            Key("on-file", "formOnFile", "note", "?", "R-088", "form in the record, or why none"),
            Key("general", "generalConsent", "yes/no", "?", "R-091", "general advance consent, not for "
                "this sharing alone", unstated="no"),
            Key("long-term", "longTermCase", "yes/no", "?", "R-091", "given for long-term services that "
                "work together", unstated="no"),
            Key("continuing", "continuing", "yes/no", "?", "R-090", "meant to go on from one review to "
                "the next", unstated="no"),
            Key("last-review", "lastReview", "date", "?", "R-090", "day of the last review meeting",
                unstated="there has been none"),
            Key("why-this-parent", "whyThisParent", "text", "?", "R-081", "why this parent was asked and "
                "not the one the child lives with"),
            Key("disagreement", "disagreement", "text", "?", "R-098", "how a disagreement between child "
                "and parent was handled"),
            Key("asked-authority", "authorityAsked", "note", "?", "R-080", "whether the local "
                "authority was asked"),
            short="state",
        ),
        _block(
            "competence",
            "Competence",
            "Competence of a child (inside consent)",
            Key("by", "by", "name", "1", "R-075", "who assessed it"),
            Key("on", "on", "date", "1", "R-075", "when"),
            Key("test", "test", "value", "?", "R-076", "which test was used",
                listed="consent:CompetenceTestValue"),
            Key("heads", "head", "value", "*", "R-074", "the seven heads that were considered",
                listed="consent:CompetenceHead"),
            Key("result", "result", "yes/no", "1", "R-073, R-079", "yes: competent to decide this"),
            Key("disagreement", "disagreement", "text", "?", "R-098", "how a disagreement with a "
                "parent was handled"),
        ),
        _block(
            "telling",
            "Telling",
            "Telling the person (inside a subject)",
            Key("state", "toldState", "value", "1", "R-185 to R-189", "whether the person was told",
                listed="consent:ToldState"),
            Key("on", "on", "date", "?", "R-185", "when"),
            Key("by", "by", "name", "?", "R-185", "by whom"),
            Key("reason", "notToldReason", "value", "*", "R-186, R-187", "why not before",
                listed="consent:NoConsentReason"),
            Key("still-not-because", "stillNotTold", "text", "?", "R-187", "why not even later"),
            Key("look-again", "lookAgain", "date", "?", "R-188", "when telling is looked at again"),
            Key("what", "what", "text", "?", "R-189", "what the person was told"),
            short="state",
        ),
        _block(
            "override",
            "Override",
            "Override of a refusal (inside a subject)",
            Key("ground", "ground", "value", "+", "R-100", "the ground",
                listed="consent:OverrideGround"),
            Key("harms", "harms", "text", "1", "R-101", "comparison of the two harms"),
            Key("discussed", "discussed", "note", "?", "R-102", "whether it was talked through "
                "first, or why not"),
            Key("told", "overrideTold", "note", "1", "R-103", "whether the person was told, or why "
                "not"),
        ),
        _block(
            "request",
            "Request",
            "A request",
            Key("by", "requester", "ref", "1", "R-114, R-151, R-168", "the party that asks; may be "
                "described in place", block="party"),
            Key("person", "requesterName", "name", "1", "R-107, R-114", "name of the person who "
                "asks"),
            Key("job-title", "jobTitle", "name", "?", "R-107", "job title"),
            Key("department", "department", "name", "?", "R-107", "department"),
            Key("organisation", "organisation", "name", "?", "R-107", "organisation as given"),
            Key("on", "askedOn", "date", "1", "R-114", "when it was asked"),
            Key("time", "time", "name", "?", "R-113", "the time of the call, hh:mm"),
            Key("items", "askedItem", "ref", "*", "R-118", "the items asked for or ordered",
                unstated="everything in the disclosure", block="item"),
            Key("channel", "channel", "value", "?", "R-107 to R-113", "how it was asked",
                listed="value:ChannelValue"),
            Key("purpose", "statedPurpose", "text", "1", "R-108, R-115", "the purpose the requester gave"),
            Key("basis", "statedBasis", "norm", "*", "R-115, R-116",
                "the provision the requester gave"),
            Key("section", "sectionNamed", "name", "?", "R-115, R-116", "the section named, as text: "
                "47(9), 47.10"),
            Key("reason", "reason", "text", "?", "R-108", "why the caller wants it"),
            Key("enquiry-open", "enquiryOpen", "yes/no", "?", "R-223", "the request states that a "
                "section 47 enquiry is being conducted"),
            Key("give-to", "askedFor", "ref", "*", "CA 2004 s16H, s14B", "whom the request names "
                "as the one to be told", unstated="the requester", block="party"),
            Key("switchboard", "switchboard", "name", "?", "R-109", "main switchboard number"),
            Key("proceedings", "proceedings", "text", "?", "R-171", "the court proceedings for "
                "which it is asked"),
            Key("statutory-form", "statutoryForm", "yes/no", "?", "R-225", "a police request about "
                "a victim: in writing, with reasons, and for a reasonable line of enquiry"),
            Key("called-back", "calledBack", "yes/no", "?", "R-110", "called back"),
            Key("in-doubt", "inDoubt", "yes/no", "?", "R-110", "there was doubt about the caller"),
            Key("order", "order", "block", "?", "R-117", "the court order behind it",
                block="order", unstated="none"),
            Key("new-information", "newInformation", "date", "?", "R-053", "day on which the "
                "requester brought new information"),
        ),
        _block(
            "order",
            "CourtOrder",
            "A court order (inside a request)",
            Key("court", "court", "name", "1", "R-117", "which court"),
            Key("on", "on", "date", "1", "R-117", "its date"),
            Key("terms", "terms", "text", "1", "R-117", "what it orders"),
            Key("under", "madeUnder", "norm", "?", "CA 1989 s48, s50", "the provision under which "
                "it was made (ca1989:s48-1)"),
            Key("seen", "seen", "yes/no", "1", "R-117", "the discloser has seen it"),
        ),
        _block(
            "scheme",
            "Scheme",
            "Steps of a disclosure scheme",
            Key("route", "route", "value", "1", "R-172, R-178", "right to ask or right to know",
                listed="value:SchemeRouteValue"),
            Key("in-person", "inPerson", "yes/no", "1", "R-174", "told in person"),
            Key("warnings", "warning", "value", "*", "R-175", "the warnings given",
                listed="value:SchemeWarningValue"),
            Key("undertaking", "undertaking", "value", "1", "R-176",
                "undertaking signed or refused",
                listed="value:UndertakingValue"),
            Key("without-undertaking-reason", "withoutUndertakingReason", "text", "?", "R-176",
                "why it was told without an undertaking"),
        ),
        _block(
            "judgement",
            "Judgement",
            "A judgement",
            Key("question", "question", "value", "1", "R-032, R-047, R-205",
                "the question that was judged",
                listed="question:Question"),
            Key("answer", "answer", "yes/no", "1", "R-205", "the answer"),
            Key("for", "forNorm", "norm", "*", "", "the provision it answers for",
                unstated="every condition that asks the same question in this disclosure"),
            Key("about", "aboutPerson", "ref", "*", "", "the people, items or parties it is about",
                unstated="the whole disclosure"),
            Key("by", "by", "name", "1", "R-205", "who judged: a person",
                unstated="the decision maker of the record"),
            Key("on", "on", "date", "1", "R-205", "when",
                unstated="the date of the record"),
            Key("reasons", "reasons", "text", "1", "R-205", "why; without reasons it does not "
                "count"),
        ),
        _block(
            "record",
            "DecisionRecord",
            "A decision record",
            Key("decides", "decides", "ref", "+", "", "the disclosure it decides",
                unstated="the only one", block="disclosure"),
            Key("outcome", "outcome", "value", "1", "R-001", "what was decided",
                listed="value:OutcomeValue"),
            Key("date", "date", "date", "1", "R-002, R-005, R-104", "day of the decision"),
            Key("recorded", "recordedOn", "date", "1", "R-005", "day the record was made"),
            Key("recorded-late", "recordedLate", "note", "?", "R-005, R-104", "that and why the "
                "record was made or completed afterwards"),
            Key("decided-by", "decidedBy", "name", "1", "R-003", "who decided"),
            Key("role", "role", "name", "1", "R-003", "in what role"),
            Key("party", "decidedFor", "ref", "?", "R-003", "for which body",
                unstated="the discloser", block="party"),
            Key("signed", "signed", "yes/no", "1", "R-004", "signed or attested"),
            Key("reasons", "reasons", "text", "+", "R-006, R-007, R-050", "the reasons in words"),
            Key("reason-code", "reasonCode", "value", "*", "R-007, R-054 to R-057", "reasons as "
                "codes", listed="value:ReasonCodeValue"),
            Key("cites", "citation", "block", "+", "R-023, R-119 to R-138, R-150 to R-184",
                "the provisions relied on or considered", block="citation"),
            Key("considered", "considered", "value", "*", "R-024, R-054", "what was considered",
                listed="value:ConsideredValue"),
            Key("public-interest", "publicInterest", "block", "?", "R-054, R-145, R-146", "weighing of "
                "the public interest", block="balance"),
            Key("health-balance", "healthBalance", "text", "?", "R-148", "balance with open access "
                "to health services; code followed"),
            Key("interests-balance", "interestsBalance", "text", "?", "R-137", "balance for "
                "legitimate interests"),
            Key("statutory-function", "statutoryFunction", "norm", "*", "R-138", "the statutory "
                "function"),
            Key("article-8-aim", "article8Aim", "value", "*", "R-147", "the aim under Article 8(2)",
                listed="value:Article8AimValue"),
            Key("welfare", "welfare", "text", "?", "R-016", "how the child's welfare was "
                "considered"),
            Key("amount", "amountReason", "text", "?", "R-033", "why this much and not less"),
            Key("harm-if-not-shared", "harmIfNotShared", "text", "?", "R-051", "what may happen if "
                "nothing is shared"),
            Key("statutory-ground", "statutoryGround", "value", "*", "R-061", "statutory ground of "
                "a refusal", listed="value:StatutoryGroundValue"),
            Key("statutory-ground-reason", "statutoryGroundReason", "text", "?", "R-061", "why "
                "that ground is made out"),
            Key("explained-to-requester", "explainedToRequester", "note", "?", "R-052", "when and "
                "how the refusal was explained"),
            Key("reconsidered", "reconsidered", "note", "?", "R-053", "reconsideration after new "
                "information"),
            Key("other-steps", "otherSteps", "note", "?", "R-062", "what else was done"),
            Key("alerted", "alerted", "note", "?", "R-063", "who was alerted"),
            Key("police-not-told", "policeNotTold", "note", "?", "R-059", "why the police were not "
                "told"),
            Key("code-relied-on", "codeReliedOn", "note", "?", "R-060", "professional code relied "
                "on"),
            Key("advice", "advice", "block", "*", "R-058, R-060, R-146, R-201 to R-203",
                "advice taken",
                block="advice"),
            Key("doubt", "doubt", "value", "*", "R-058, R-201", "what was in doubt",
                listed="value:DoubtValue"),
            Key("guidance", "guidanceUsed", "block", "*", "R-022", "guidance followed",
                block="guidance"),
            Key("local-protocol", "localProtocol", "name", "*", "R-184", "local protocol or "
                "agreement relied on"),
            Key("feedback", "feedback", "note", "?", "R-191", "feedback to the referrer"),
            Key("held-back", "heldBack", "note", "?", "R-193", "what was held back from a person who "
                "asked for access"),
            Key("held-back-because", "heldBackBecause", "text", "?", "R-193", "the reason, or from 25 May "
                "2018 the exemption"),
            Key("originators-asked", "originatorsAsked", "note", "?", "R-192", "how those from whom "
                "information came were told and asked before access"),
            Key("interpreter", "interpreterUsed", "yes/no", "?", "R-198", "an interpreter was used",
                unstated="no, unless a recipient is one"),
            Key("interpreter-briefed", "interpreterBriefed", "note", "?", "R-198", "interpreter "
                "briefed on confidentiality"),
            Key("new-area-told", "newAreaTold", "note", "?", "R-199", "the new area was told"),
            Key("team", "sharedInTeam", "yes/no", "?", "R-200", "shared within a team of several "
                "agencies", unstated="no"),
            Key("team-consent", "teamConsent", "note", "?", "R-200", "written consent to sharing within "
                "the team"),
            Key("contributors", "goesToContributors", "yes/no", "?", "R-197", "an assessment that goes to "
                "all who contributed", unstated="no"),
            Key("others-told", "othersTold", "note", "?", "R-195 to R-197", "who else was told: family, "
                "agencies at a meeting"),
            Key("controversial", "controversial", "yes/no", "?", "R-204", "the case is controversial",
                unstated="no"),
            Key("lead-officer-asked", "leadOfficerAsked", "note", "?", "R-204", "whether the lead officer "
                "for information sharing was asked"),
            Key("establishment-told", "establishmentTold", "note", "?", "R-226", "when the child's "
                "school or college was told under the force's arrangements, or which exception "
                "applied"),
            Key("case-file", "caseFile", "name", "1", "R-019", "reference of the case file"),
            Key("stored", "stored", "text", "1", "R-020", "where the record is kept securely"),
            Key("review", "review", "date", "?", "R-064", "when it is looked at again"),
            Key("retain-until", "retainUntil", "date", "?", "R-194", "retained until"),
            Key("policy-explained", "policyExplained", "note", "?", "R-190", "when and how it was "
                "explained at the outset how information may be shared"),
            Key("replaces", "replaces", "ref", "?", "R-021", "the earlier version of this record",
                block="record"),
            Key("change-reason", "changeReason", "text", "?", "R-021", "why it was changed"),
        ),
        _block(
            "citation",
            "Citation",
            "A provision cited (under cites)",
            Key("provision", "provision", "norm", "1", "R-023, R-150", "the provision"),
            Key("as", "citedAs", "value", "?", "R-153, R-159, R-165",
                "what the record takes it for",
                listed="value:CitedAsValue"),
            Key("for", "citedFor", "ref", "*", "", "the items or people it is cited for",
                unstated="everything shared"),
            Key("because", "because", "text", "?", "R-055, R-126", "why it fits"),
            short="provision",
        ),
        _block(
            "balance",
            "Balance",
            "The public interest (inside a record)",
            Key("for", "interestFor", "text", "1", "R-145", "the interest served"),
            Key("against", "interestAgainst", "text", "1", "R-145", "what speaks against it"),
            Key("by", "by", "name", "?", "R-146", "who with child-protection competence decided or "
                "advised"),
        ),
        _block(
            "advice",
            "Advice",
            "Advice (inside a record)",
            Key("by", "by", "name", "1", "R-202", "who advised"),
            Key("role", "role", "name", "?", "R-202", "in what role"),
            Key("on", "on", "date", "?", "R-202", "when"),
            Key("text", "words", "text", "?", "R-202", "what was advised"),
            Key("followed", "followed", "note", "?", "R-202", "whether it was followed, or why "
                "not"),
            Key("identified", "identified", "yes/no", "?", "R-203", "whether the family was "
                "identified to the adviser"),
            Key("outside", "fromOutside", "yes/no", "?", "R-203", "the adviser belongs to another "
                "organisation", unstated="no"),
            Key("identified-because", "identifiedBecause", "text", "?", "R-203", "why the adviser had to "
                "know who it was"),
        ),
        _block(
            "guidance",
            "GuidanceUse",
            "Guidance followed (inside a record)",
            Key("title", "title", "text", "1", "R-022", "title"),
            Key("edition", "edition", "name", "?", "R-022", "edition or date"),
        ),
    )
}
# fmt: on

_INDEX = {block.name: {key.name: key for key in block.keys} for block in BLOCKS.values()}

#: Blocks whose things stand in a register: a map from name to thing.
REGISTERS = ("parties", "people", "information")

#: Which key states a property of a thing of a structural class: (class, term) to key.
KEY_OF_TERM = {(block.node_class, key.term): key for block in BLOCKS.values() for key in block.keys}
