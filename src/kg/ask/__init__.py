"""Stored competency questions (``ask``), and free read-only SPARQL (``kg.ask.sparql``)."""

from kg.ask.answers import Answer, ask
from kg.ask.questions import Parameter, Question, catalogue
from kg.ask.results import Cell

__all__ = ["Answer", "Cell", "Parameter", "Question", "ask", "catalogue"]
