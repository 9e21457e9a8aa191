"""The pages for people: each view parses the address, calls kg and renders one context."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from flask import Blueprint, Response, abort, current_app, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from kg.errors import KgError
from kg.export.picture import picture_of
from kg.export.svg import svg_file
from kg.model import Case
from web import forms
from web.contexts import (
    AboutPage,
    CasePage,
    CasesPage,
    HomePage,
    Page,
    ProblemPage,
    QuestionPage,
    QuestionsPage,
    page_count,
)
from web.loaded import Loaded

blueprint = Blueprint("pages", __name__)

_ADVICE = {
    400: (
        "This page cannot be shown for the address you used.",
        "Check the address, or start again.",
    ),
    404: (
        "If you typed the address, check it.",
        "If you followed a link, the case or question may not be loaded in this session.",
    ),
    405: ("Pages here can only be read.",),
}


def loaded() -> Loaded:
    """Return what this application works with."""
    return cast("Loaded", current_app.extensions["kg"])


def find_case(name: str) -> Case:
    """Return a loaded case by its name.

    Raises: NotFound.
    """
    return loaded().by_name.get(name) or abort(404)


def render(page: Page, status: int = 200) -> Response:
    """Return the page as HTML; the template sees the context alone."""
    template = current_app.jinja_env.get_template(page.template)
    return make_response(template.render(page=page), status)


def _see_other(endpoint: str, values: dict[str, Any]) -> AnyResponse:
    """Send the browser to the one address of what was asked, with each date as one parameter."""
    return redirect(url_for(endpoint, **values), 303)


@blueprint.get("/")
def home() -> Response:
    """Show what this is and where to begin."""
    return render(HomePage.of(loaded(), date.today()))  # noqa: DTZ011 - the user's own calendar day


@blueprint.get("/about")
def about() -> Response:
    """Show what this is not, sources, licence, privacy and accessibility."""
    return render(AboutPage.of(loaded()))


@blueprint.get("/cases")
def cases() -> Response:
    """List the loaded cases."""
    return render(CasesPage.of(loaded(), forms.read_page(request.args, page_count(loaded()))))


@blueprint.get("/cases/<name>")
def case(name: str) -> AnyResponse:
    """Show the answer for a case, by the law of its own day or of ``as-at``."""
    found, entry = find_case(name), forms.read_date(request.args, "as-at", "The date of the law")
    if entry.error:
        return render(CasePage.wrong_date(loaded(), found, entry), 400)
    if entry.split and entry.value:
        return _see_other(".case", {"name": name, "as-at": entry.value.isoformat()})
    assessments, reports = loaded().assess_with_holds(found, entry.value), loaded().reports(found)
    nearest = loaded().nearest(found, entry.value)
    return render(CasePage.of(loaded(), found, entry, assessments, reports, nearest))


@blueprint.get("/cases/<name>/<disclosure>/picture.svg")
def picture(name: str, disclosure: str) -> Response:
    """Return the picture of one disclosure's answer, by the law of its own day or of ``as-at``."""
    found, entry = find_case(name), forms.read_date(request.args, "as-at", "The date of the law")
    answers = [] if entry.error else loaded().assess(found, entry.value)
    answer = next((one for one in answers if one.id == disclosure), None)
    if answer is None:
        abort(400 if entry.error else 404)
    return Response(svg_file(picture_of(answer)), mimetype="image/svg+xml")


@blueprint.get("/questions")
def questions() -> Response:
    """List the competency questions."""
    return render(QuestionsPage.of(loaded()))


@blueprint.get("/questions/<identifier>")
def question(identifier: str) -> AnyResponse:
    """Show one question: its form, and its answer once the form is filled in."""
    found = next((q for q in loaded().questions if q.id == identifier), None) or abort(404)
    entry = forms.read_question(request.args, found, loaded().cases)
    if entry.errors:
        return render(QuestionPage.of(loaded(), found, entry, None), 400)
    if entry.split:
        return _see_other(".question", {"identifier": identifier, **entry.values})
    can = entry.complete and (loaded().cases or not found.case_needed)
    answer = loaded().ask(found.id, entry.values) if can else None
    return render(QuestionPage.of(loaded(), found, entry, answer))


def http_error(error: HTTPException) -> AnyResponse:
    """Return the page for a wrong address; redirects pass through."""
    code = error.code or 500
    if code < 400:  # noqa: PLR2004 - redirects are exceptions here
        return error.get_response()
    if code >= 500:  # noqa: PLR2004
        return fault()
    title = "Page not found" if code == 404 else "This request cannot be answered"  # noqa: PLR2004
    return render(ProblemPage.of(loaded(), title, _ADVICE.get(code, _ADVICE[400])), code)


def kg_error(error: KgError) -> AnyResponse:
    """Return the page for a case or question that cannot be answered as it stands."""
    title, advice = "This cannot be answered as it stands", ("Put right what is named below.",)
    return render(ProblemPage.of(loaded(), title, advice, error.problems), 422)


def fault() -> AnyResponse:
    """Return the page for a fault of the program; it names nothing of the case."""
    title, advice = (
        "Sorry, there is a problem with this service",
        (
            "The program has a fault. Nothing you did was wrong, and nothing was saved or sent.",
            "Do not wait for this tool in an emergency: protect first, record afterwards.",
        ),
    )
    return render(ProblemPage.of(loaded(), title, advice), 500)
