"""The style sheet of the design system: pinned, patched, and never with a foreign address."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from web import assets_ready, vendor

WEB = Path(vendor.__file__).parent


def test_the_lock_names_no_registry() -> None:
    """The lock pins by content, and by no address of a registry."""
    text = (WEB / "package-lock.json").read_text(encoding="utf-8")
    lock = json.loads(text)["packages"]["node_modules/govuk-frontend"]
    pinned = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["dependencies"]

    assert lock["version"] == pinned["govuk-frontend"]
    assert lock["integrity"].startswith("sha512-")
    assert "resolved" not in text
    assert "http" not in text


def test_fonts_crest_and_root_addresses_go() -> None:
    """What belongs to GOV.UK alone, or would be asked for at the root, is taken out."""
    css = (
        "/*! Rights */@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}"
        "@font-face{src:url(/assets/b.woff)}"
        ".a{font-family:GDS Transport,arial,sans-serif}"
        ".b{background:url(/assets/images/govuk-crest.svg) 0}"
    )

    assert vendor.patched(css) == ".a{font-family:Arial,Helvetica,sans-serif}.b{background:none 0}"


@pytest.mark.parametrize(
    "css",
    ["a{font-family:'GDS Transport'}", "a{src:'/assets/x'}", "@import 'https://example.org/a.css'"],
)
def test_a_new_layout_is_an_error(css: str) -> None:
    """What the patch does not reach stops the build."""
    with pytest.raises(ValueError, match="still holds"):
        vendor.patched(css)


@pytest.mark.browser
def test_the_built_files_are_those_of_the_manifest() -> None:
    """The manifest's name, version and sums fit the files beside it, a licence among them."""
    assert assets_ready(), "The page style is not built. Type: python web/vendor.py"
    manifest = json.loads((vendor.TARGET / "manifest.json").read_text(encoding="utf-8"))
    pinned = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["dependencies"]

    assert manifest["version"] == pinned[manifest["name"]]
    assert {path.name for path in vendor.TARGET.iterdir()} == {*manifest["sha256"], "manifest.json"}
    for name, digest in manifest["sha256"].items():
        assert hashlib.sha256((vendor.TARGET / name).read_bytes()).hexdigest() == digest
