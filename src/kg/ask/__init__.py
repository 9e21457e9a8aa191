"""Stored competency questions (``ask``), and free read-only SPARQL (``kg.ask.sparql``)."""

from kg.ask.answers import Answer, ask
from kg.ask.checks import Checks
from kg.ask.questions import Parameter, Question, catalogue, with_rules
from kg.ask.results import Cell

__all__ = ["Answer", "Cell", "Checks", "Parameter", "Question", "ask", "catalogue", "with_rules"]
