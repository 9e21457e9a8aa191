"""What the tests of the pages share: an application with cases made for them, and a real browser."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from waitress.server import create_server

from kg.assess import Engine
from kg.load import Case, load_case_text, load_law
from web import assets_ready, create_app

CHROMIUM = os.environ.get("KG_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

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
"""
_DISCLOSURE = """
    from: trust
    items: notes
    subjects: infant
    purpose: {kind: s47-enquiry}
    trigger: request
    request: {by: council, enquiry-open: yes, on: 2023-03-14}
    concern: {level: reasonable-cause-to-suspect-significant-harm}
"""

#: One case per thing a page can show: a record with gaps, no record and two disclosures, strands
#: that differ, a judgement made, text that attacks, a law date of today, missing facts.
CASES = {
    "with-record": f"case: with-record\ntitle: The trust tells the council\n{_PARTIES}\ndisclosure:\n"
    f"  - id: told{_DISCLOSURE}    to: council\n    date: 2023-03-14\n"
    "record:\n  outcome: shared\n  date: 2023-03-14\n  decided-by: Canary-Wren\n  reasons: the infant is not safe\n",
    "two-disclosures": f"case: two-disclosures\n{_PARTIES}\ndisclosure:\n"
    f"  - id: first{_DISCLOSURE}    to: council\n    date: 2023-03-14\n"
    f"  - id: second{_DISCLOSURE}    to: school\n    date: 2010-05-01\n",
    "strands-differ": f"case: strands-differ\n{_PARTIES}\ndisclosure:\n"
    f"  - id: both{_DISCLOSURE}    to: [council, school]\n    date: 2023-03-14\n"
    "    judgements:\n      - question: necessary-for-the-purpose\n        answer: yes\n"
    "        by: Canary-Wren\n        on: 2023-03-14\n        reasons: the findings are in the file already\n",
    "hostile": f"case: hostile\ntitle: '{HOSTILE.replace(chr(39), chr(39) * 2)} Canary-Wren'\n"
    + _PARTIES.replace("injury findings of Canary-Wren", f"'{HOSTILE.replace(chr(39), chr(39) * 2)}'")
    + f"\ndisclosure:\n  - id: told{_DISCLOSURE}    to: council\n",
    "sparse": "case: sparse\ntitle: Hardly anything is stated\nparties:\n  someone: {}\n  council:\n"
    "    kind: local-authority\ndisclosure:\n  from: someone\n  to: council\n",
}  # fmt: skip


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the bundled law, compiled."""
    return Engine.of(load_law())


@pytest.fixture(scope="session")
def cases(engine: Engine) -> list[Case]:
    """Return the cases of these tests."""
    return [
        load_case_text(text, "yaml", engine.law, f"{name}.yaml") for name, text in CASES.items()
    ]


@pytest.fixture(scope="session")
def app(engine: Engine, cases: list[Case]) -> Flask:
    """Return the application with these cases."""
    return create_app(engine, cases)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a client that follows no redirect."""
    return app.test_client()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the Chromium of the system; its absence is a failure, not a reason to pass."""
    if not CHROMIUM:
        pytest.fail(
            "There is no Chromium. Type: apt-get update && apt-get install -y --no-install-recommends chromium"
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
