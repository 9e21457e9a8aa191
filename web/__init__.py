"""The web front end: server-rendered pages over kg, for one computer, without JavaScript.

Nothing leaves the machine: no third-party request, no personal data in addresses or logs, nothing
of a case kept by the browser.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from dataclasses import is_dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, Undefined
from jinja2.exceptions import UndefinedError
from werkzeug.exceptions import HTTPException

from kg.assess import Engine
from kg.errors import KgError
from kg.load import load_law
from kg.model import Case
from web import api, pages
from web.loaded import Loaded, example_cases

__all__ = ["assets_ready", "create_app"]

_STYLE_SHEET = Path(__file__).resolve().parent / "static" / "vendor" / "govuk-frontend.min.css"

_OWN_NAMES = {"127.0.0.1", "localhost", "::1"}

#: Pages hold no script at all, so none is allowed; frames, plug-ins and foreign forms neither.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def assets_ready() -> bool:
    """Return whether the style sheet of the design system is built (``python web/vendor.py``)."""
    return _STYLE_SHEET.is_file()


def create_app(engine: Engine | None = None, cases: Sequence[Case] = ()) -> Flask:
    """Return the application for an engine and the cases it shows.

    Without an engine the whole ontology is loaded; without cases the example folder of a checkout
    is shown, and in an installed package nothing but help on how to name a case.

    Raises: BrokenGraph; BadRequest when two cases have the same name.
    """
    app = _App(__name__)
    app.config.update(MAX_CONTENT_LENGTH=64_000, SEND_FILE_MAX_AGE_DEFAULT=3600)
    app.json.sort_keys = False  # type: ignore[attr-defined] # the contract has an order
    engine = engine or Engine.of(load_law())
    found, unread = (tuple(cases), ()) if cases else example_cases(engine.law)
    app.extensions["kg"] = Loaded(engine, found, unread, styled=assets_ready())
    _set_up_templates(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(KgError, _show_kg_error)
    app.register_error_handler(500, _show_fault)
    app.before_request(_refuse_foreign_names)
    app.after_request(_protect)
    return app


class _App(Flask):
    """A Flask that writes no data of a request or a case into its log."""

    def log_exception(
        self,
        exc_info: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> None:
        """Log the kind of fault and the places in the code; its message may quote a case."""
        kind, _, trace = exc_info
        places = [f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(trace)]
        name = kind.__name__ if kind else "fault"
        rule = request.url_rule.rule if request.url_rule else "no page"
        logging.getLogger("web").error("%s on %s at %s", name, rule, " < ".join(places[:-6:-1]))


class _Undefined(Undefined):
    """An error on our own contexts; lenient inside the macros, which count on it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_dataclass(self._undefined_obj):
            raise UndefinedError(f"no “{self._undefined_name}” in the context of this page")


def _set_up_templates(app: Flask) -> None:
    environment = app.jinja_env
    environment.undefined = _Undefined
    environment.trim_blocks = environment.lstrip_blocks = True
    assert environment.loader is not None
    macros = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    environment.loader = ChoiceLoader([environment.loader, macros])
    # Templates see the context of their page and url_for, nothing else.
    for name in ("config", "request", "session", "g", "get_flashed_messages"):
        environment.globals.pop(name, None)


def _refuse_foreign_names() -> Response | None:
    """Answer under names of this computer only: a site elsewhere may point its own name here."""
    try:
        name = urlsplit(f"//{request.host}").hostname
    except ValueError:
        name = None
    if name in _OWN_NAMES:
        return None
    return Response("Use the address that “kg serve” prints.\n", 400, mimetype="text/plain")


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response


def _wants_json() -> bool:
    return request.path == "/health" or request.path.startswith("/api/")


def _show_http_error(error: HTTPException) -> Any:
    return api.problem(error.code or 500, error.name) if _wants_json() else pages.http_error(error)


def _show_kg_error(error: KgError) -> Any:
    return api.kg_problem(error) if _wants_json() else pages.kg_error(error)


def _show_fault(_error: Exception) -> Any:
    return api.problem(500, "Internal Server Error") if _wants_json() else pages.fault()
