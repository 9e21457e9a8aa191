"""Which statute authorises a disclosure, and is the decision completely recorded.

The public API; everything else may change::

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

_NAMES_OF = {
    "kg.assess": {"Engine", "assess_case"},
    "kg.errors": {"KgError"},
    "kg.load": {"load_case", "load_case_text", "load_law"},
    "kg.validate": {"load_shapes", "validate_case"},
}


def __getattr__(name: str) -> Any:
    """Import a name of the API when it is first asked for: some libraries are slow to load."""
    for module, names in _NAMES_OF.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")
