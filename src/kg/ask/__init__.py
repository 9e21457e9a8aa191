"""Stored competency questions (``ask``), and free read-only SPARQL (``kg.ask.sparql``)."""

from kg.ask.questions import Answer, Parameter, Question, ask, catalogue
from kg.ask.results import Cell

__all__ = ["Answer", "Cell", "Parameter", "Question", "ask", "catalogue"]
