"""kg: which statute authorises a disclosure, and is the decision completely recorded?

The public API. Everything else may change::

    from kg import Engine, assess_case, load_case, load_law

    engine = Engine.of(load_law())
    answers = assess_case(load_case(path, engine.law), engine)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.assess import Engine, assess_case
    from kg.errors import KgError
    from kg.load import load_case, load_case_text, load_law
    from kg.validate import load_shapes, validate_case

__all__ = [
    "Engine",
    "KgError",
    "assess_case",
    "load_case",
    "load_case_text",
    "load_law",
    "load_shapes",
    "validate_case",
]

_HOME = {
    "Engine": "kg.assess", "KgError": "kg.errors", "assess_case": "kg.assess", "load_case": "kg.load",
    "load_case_text": "kg.load", "load_law": "kg.load", "load_shapes": "kg.validate",
    "validate_case": "kg.validate",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a name of the API when it is first asked for: the validator's libraries are slow to load."""
    if name not in _HOME:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
