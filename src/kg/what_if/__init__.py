"""What would change: facts supposed otherwise, or the law of another day. Nothing is saved.

Source: design section 6 (``kg what-if``); case-model section 5 (the feedback loop).
"""

from kg.what_if.differences import compare
from kg.what_if.supposing import read_changes, suppose

__all__ = ["compare", "read_changes", "suppose"]
