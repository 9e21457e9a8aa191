"""Assessments, cases and the law as RDF.

The code stands in ``kg.ask``, because stored questions read it and come before this stage.
"""

from kg.ask.assessment import assessment_triples
from kg.ask.graph import GRAPH_OF_LAW, as_nquads, case_quads, law_quads, to_quads

__all__ = [
    "GRAPH_OF_LAW",
    "as_nquads",
    "assessment_triples",
    "case_quads",
    "law_quads",
    "to_quads",
]
