"""Where ontology and shapes are: inside the package in a wheel, at the root in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE if (_PACKAGE / "ontology").is_dir() else _PACKAGE.parents[1]

ONTOLOGY = _ROOT / "ontology"
SHAPES = _ROOT / "shapes"
#: Examples of the record rules: in a wheel beside the shapes, in a checkout with the tests.
EXAMPLES = SHAPES / "examples" if _ROOT == _PACKAGE else _ROOT / "tests" / "shapes" / "cases"
