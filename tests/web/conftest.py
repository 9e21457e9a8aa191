"""What the tests of the pages share: an application with cases of its own, and a real browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from waitress.server import create_server
from werkzeug.test import TestResponse

from kg.assess import Engine
from kg.load import Case, load_case, load_law
from web import assets_ready, create_app

CHROMIUM = os.environ.get("KG_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: Words that must never reach an address or a log; they stand in titles, names, texts and reasons.
CANARY = "Canary-Wren"
HOSTILE = """<script>alert(1)</script><img src=x onerror=alert(2)> "' {{ 7*7 }} {% raw %} &amp;"""

_PARTIES = """
parties:
  trust:
    kind: nhs-foundation-trust
    name: Canary-Wren Hospital
  council:
    kind: local-authority
    function: childrens-social-care
  school:
    kind: maintained-school
people:
  infant:
    age: 0
information:
  notes:
    description: injury findings of Canary-Wren
    topic: health
    identifies: yes
    about: infant
    confidential: yes
disclosure:
"""
_DISCLOSURE = """
  - id: {name}
    from: trust
    items: notes
    subjects: infant
    purpose: {{kind: s47-enquiry}}
    trigger: request
    request: {{by: council, enquiry-open: yes, on: 2023-03-14}}
    concern: {{level: reasonable-cause-to-suspect-significant-harm}}
    to: {to}
"""
_RECORD = """
record:
  outcome: shared
  date: 2023-03-14
  decided-by: Canary-Wren
  reasons: the infant is not safe
"""
_JUDGEMENT = """
    judgements:
      - question: necessary-for-the-purpose
        answer: yes
        by: Canary-Wren
        on: 2023-03-14
        reasons: less would not protect the infant
"""
_SPARSE = """
title: Hardly anything is stated
parties:
  someone: {}
  council:
    kind: local-authority
disclosure:
  from: someone
  to: council
"""


def _case(name: str, title: str, *disclosures: str, parties: str = _PARTIES) -> str:
    return f"case: {name}\ntitle: {title}\n{parties}{''.join(disclosures)}"


def _disclosure(name: str, to: str, day: str = "") -> str:
    dated = f"    date: {day}\n" if day else ""
    return _DISCLOSURE.format(name=name, to=to).lstrip("\n") + dated


_QUOTED = HOSTILE.replace("'", "''")
_HOSTILE_PARTIES = _PARTIES.replace("injury findings of Canary-Wren", f"'{_QUOTED}'")

#: One case per thing a page can show: a record with gaps; two disclosures and no record; strands
#: that differ and a judgement made; text that attacks and no date; hardly any fact.
CASES = {
    "with-record": _case(
        "with-record",
        "The trust tells the council",
        _disclosure("told", "council", "2023-03-14"),
        _RECORD,
    ),
    "two-disclosures": _case(
        "two-disclosures",
        "First the council, once also the school",
        _disclosure("first", "council", "2023-03-14"),
        _disclosure("second", "school", "2010-05-01"),
    ),
    "strands-differ": _case(
        "strands-differ",
        "Council and school at once",
        _disclosure("both", "[council, school]", "2023-03-14"),
        _JUDGEMENT.lstrip("\n"),
    ),
    "hostile": _case(
        "hostile",
        f"'{_QUOTED} Canary-Wren'",
        _disclosure("told", "council"),
        parties=_HOSTILE_PARTIES,
    ),
    "sparse": f"case: sparse{_SPARSE}",
}


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the bundled law, compiled."""
    return Engine.of(load_law())


@pytest.fixture(scope="session")
def cases(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """Return the cases of these tests, read from files as a service reads them."""
    folder = tmp_path_factory.mktemp("cases")
    found = []
    for name, text in CASES.items():
        path = folder / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        found.append(load_case(path, engine.law))
    return found


@pytest.fixture(scope="session")
def app(engine: Engine, cases: list[Case]) -> Flask:
    """Return the application with these cases."""
    return create_app(engine, cases)


class Remembering(FlaskClient):
    """Fetches a page once: an answer depends on its address alone, and many tests read every page."""

    seen: ClassVar[dict[str, TestResponse]] = {}

    def get(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Return the answer for an address; anything but a plain address is asked again."""
        if kwargs or len(args) != 1 or not isinstance(args[0], str):
            return super().get(*args, **kwargs)
        if args[0] not in self.seen:
            self.seen[args[0]] = super().get(args[0])
        return self.seen[args[0]]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client that follows no redirect and keeps no cookie."""
    return Remembering(app, use_cookies=False)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of the system; its absence is a failure, not a reason to pass."""
    if not CHROMIUM:
        pytest.fail(
            "There is no Chromium. Type: apt-get update && "
            "apt-get install -y --no-install-recommends chromium"
        )
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def base_url(app: Flask) -> Iterator[str]:
    """Serve the application on a free port of this computer."""
    if not assets_ready():
        pytest.fail("The page style is not built. Type: python web/vendor.py")
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(5)
