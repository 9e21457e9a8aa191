"""What templates see: one frozen record per page, and nothing else."""

from __future__ import annotations

from web.contexts.case import CasePage, CasesPage, page_count
from web.contexts.common import AboutPage, HomePage, Page, ProblemPage
from web.contexts.question import QuestionPage, QuestionsPage

__all__ = [
    "AboutPage",
    "CasePage",
    "CasesPage",
    "HomePage",
    "Page",
    "ProblemPage",
    "QuestionPage",
    "QuestionsPage",
    "page_count",
]
