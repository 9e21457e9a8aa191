"""What the tests of the shapes share: the law, the shapes, and the modules that are no tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.assess import Engine
from kg.load import load_law
from kg.validate import Shapes, load_shapes


def module(name: str) -> ModuleType:
    """Return a module of this folder."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found  # dataclasses look their module up
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Return the engine of the bundled law."""
    return Engine.of(load_law())


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    """Return the bundled shapes."""
    return load_shapes()


@pytest.fixture(scope="session")
def second() -> ModuleType:
    """Return the module that asks the second engine."""
    return module("second_engine")


@pytest.fixture(scope="session")
def second_engine(second: ModuleType, shapes: Shapes) -> Any:
    """Return the second engine with the bundled shapes."""
    return second.SecondEngine(shapes)


@pytest.fixture(scope="session")
def mutations() -> ModuleType:
    """Return the module that changes records at random."""
    return module("mutations")


@pytest.fixture(scope="session")
def suite() -> ModuleType:
    """Return the module that reads the test suite of the SHACL specification."""
    return module("w3c_suite")
