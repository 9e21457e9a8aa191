"""What every page shows, and the small things pages are made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from kg.errors import Problem
from kg.explain import day_words
from kg.load import VERSION
from web.forms import DateEntry

if TYPE_CHECKING:
    from web.loaded import Loaded

#: A link in the ontology is followed only to these places; any other address is shown as text.
KNOWN_HOSTS = frozenset({
    "www.legislation.gov.uk",
    "www.gov.uk",
    "assets.publishing.service.gov.uk",
    "caselaw.nationalarchives.gov.uk",
    "www.nationalarchives.gov.uk",
    "www.judiciary.uk",
    "www.supremecourt.uk",
    "www.bailii.org",
    "publications.parliament.uk",
    "hudoc.echr.coe.int",
    "www.echr.coe.int",
    "ico.org.uk",
    "www.gmc-uk.org",
    "www.england.nhs.uk",
})  # fmt: skip

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def safe_url(address: str) -> str:
    """Return an address that may stand in a link, with https; an empty string for any other."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or parts.netloc not in KNOWN_HOSTS:
        return ""
    return parts._replace(scheme="https").geturl()


def written_out(words: str) -> str:
    """Return words, a lone ISO date among them written as a day in words."""
    return day_words(words) if _ISO_DATE.match(words) else words


def anchor(*names: str) -> str:
    """Return a stable id for a place on a page: ``ca1989:s47-9`` gives ``ca1989-s47-9``."""
    return re.sub(r"[^A-Za-z0-9]+", "-", "-".join(filter(None, names))).strip("-")


@dataclass(frozen=True, slots=True)
class Tag:
    """A state in words; the colour only repeats it."""

    text: str
    colour: str = "grey"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One mistake in a form: what to do, and the id of the field it is about."""

    text: str
    field: str


@dataclass(frozen=True, slots=True)
class DateField:
    """Three inputs for a date: name of the parameter, question, hint, what was typed, mistake."""

    kind: ClassVar[str] = "date"

    name: str
    label: str
    hint: str
    parts: tuple[str, str, str] = ("", "", "")
    error: str = ""

    @classmethod
    def of(cls, name: str, label: str, hint: str, entry: DateEntry) -> DateField:
        """Return the field for what was typed."""
        return cls(name, label, hint, entry.parts, entry.error)

    @property
    def errors(self) -> tuple[FieldError, ...]:
        """The mistake for the error summary; it leads to the first of the three inputs."""
        return (FieldError(self.error, f"{self.name}-day"),) if self.error else ()


@dataclass(frozen=True, slots=True)
class Site:
    """What the frame of every page shows.

    ``norms`` counts the legal effects in the graph, ``provisions`` the places they come from;
    ``styled`` says whether the design system's style sheet is there.
    """

    law_version: str
    law_hash: str
    norms: int
    styled: bool

    @classmethod
    def of(cls, loaded: Loaded) -> Site:
        """Return the frame for what is loaded."""
        law = loaded.engine.law
        return cls(VERSION, law.hash, len(loaded.engine.table.norms), loaded.styled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has: frame, title, part of the site, mistakes in its form."""

    template: ClassVar[str]

    site: Site
    title: str
    part: str = ""
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    """``/``: law as at ``today`` in words, and how much there is to see."""

    template: ClassVar[str] = "pages/home.html"

    today: str
    questions: int
    cases: int

    @classmethod
    def of(cls, loaded: Loaded, today: date) -> HomePage:
        """Return the home page."""
        return cls(
            site=Site.of(loaded),
            title="Start",
            part="home",
            today=day_words(today),
            questions=len(loaded.questions),
            cases=len(loaded.cases),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPage(Page):
    """``/about``: instruments are those of the graph, by title."""

    template: ClassVar[str] = "pages/about.html"

    instruments: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, loaded: Loaded) -> AboutPage:
        """Return the page with every instrument and document of the graph and its address."""
        law = loaded.engine.law
        found = {
            law.label(name): safe_url(law.name(name, "kg:source"))
            for name in law.instances("kg:Instrument")
        }
        return cls(
            site=Site.of(loaded),
            title="About",
            part="about",
            instruments=tuple(sorted(found.items())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage(Page):
    """A page for what went wrong: heading, what to do, and the problems with file and line."""

    template: ClassVar[str] = "errors/problem.html"

    advice: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    @classmethod
    def of(
        cls, loaded: Loaded, title: str, advice: Sequence[str], problems: Sequence[Problem] = ()
    ) -> ProblemPage:
        """Return the page."""
        return cls(
            site=Site.of(loaded), title=title, advice=tuple(advice), problems=tuple(problems)
        )
