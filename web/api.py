"""The same answers as JSON: health, and the answer for a case in the kg-assess/1 contract."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from kg.errors import KgError
from kg.export import assessment_json
from kg.export.contract import law_json, problems_json
from web import forms
from web.pages import find_case, loaded

blueprint = Blueprint("api", __name__)


@blueprint.get("/health")
def health() -> Response:
    """Say that the service answers, by which law, and how much of it."""
    engine = loaded().engine
    return jsonify(
        status="ok", law=law_json(engine), norms=len(engine.table.norms), cases=len(loaded().cases)
    )


@blueprint.get("/api/cases/<name>.json")
def case(name: str) -> Response:
    """Return the answer for a case, by the law of its own day or of ``as-at`` (YYYY-MM-DD)."""
    found, entry = find_case(name), forms.read_date(request.args, "as-at", "as-at")
    if entry.error:
        return problem(400, entry.error)
    answers, nearest = (
        loaded().assess_with_holds(found, entry.value),
        loaded().nearest(found, entry.value),
    )
    return jsonify(assessment_json(answers, loaded().engine, nearest=nearest))


def problem(code: int, title: str) -> Response:
    """Return an error in the form of RFC 9457."""
    return _problem(code, {"title": title})


def kg_problem(error: KgError) -> Response:
    """Return what cannot be answered as it stands: what, file, line, why, fix of each problem."""
    return _problem(422, {"title": "cannot be answered", "problems": problems_json(error.problems)})


def _problem(code: int, content: dict[str, object]) -> Response:
    response = jsonify(type="about:blank", status=code, **content)
    response.status_code = HTTPStatus(code)
    response.mimetype = "application/problem+json"
    return response
