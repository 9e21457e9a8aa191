"""The wheel holds every file the program needs, and works away from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel once."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


def wanted() -> set[str]:
    """Return the files that must be in the wheel, as they are named there."""
    found = {
        f"kg/{p.relative_to(ROOT / 'src' / 'kg').as_posix()}"
        for kind in ("*.py", "*.html")
        for p in (ROOT / "src" / "kg").rglob(kind)
    }
    for folder in ("ontology", "shapes"):
        found |= {
            f"kg/{p.relative_to(ROOT).as_posix()}"
            for p in (ROOT / folder).rglob("*")
            if p.is_file()
        }
    cases = ROOT / "tests" / "shapes" / "cases"
    found |= {
        f"kg/shapes/examples/{p.relative_to(cases).as_posix()}" for p in cases.rglob("*.yaml")
    }
    for folder in ("web/templates", "web/static"):
        found |= {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file()}
    found |= {
        p.relative_to(ROOT).as_posix()
        for p in (ROOT / "web").rglob("*.py")
        if "node_modules" not in p.parts and p.name != "vendor.py"
    }
    return {name for name in found if "__pycache__" not in name}


def test_wheel_holds_every_file(wheel: Path) -> None:
    """Nothing is left behind, and nothing of the workshop comes along."""
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert len(names) >= 60
    assert wanted() - names == set()
    assert names - wanted() == set()


def test_wheel_carries_the_licences(wheel: Path) -> None:
    """Licence and notice travel with the wheel."""
    names = zipfile.ZipFile(wheel).namelist()
    assert {Path(name).name for name in names if "/licenses/" in name} == {"LICENSE", "NOTICE"}


def test_wheel_works_elsewhere(wheel: Path, tmp_path: Path) -> None:
    """Installed into a folder of its own, the program answers a case from another directory."""
    target = tmp_path / "site"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-compile",
        "--disable-pip-version-check",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(install, check=True)
    case = tmp_path / "case.yaml"
    case.write_text(
        (ROOT / "examples" / "section-47-request.yaml").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(target)}
    origin = subprocess.run(
        [sys.executable, "-c", "import kg, web; print(kg.__file__, web.__file__)"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert origin.stdout.count(str(target)) == 2
    answer = subprocess.run(
        [sys.executable, "-m", "kg", "assess", case.name, "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    assert found["format"] == "kg-assess/1"
    assert any(p["id"] == "ca1989:s47-9" for p in found["disclosures"][0]["provisions"])
