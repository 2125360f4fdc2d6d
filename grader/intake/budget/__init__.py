"""A notebook's training kept short, by rewriting the syntax tree of its cells in few places."""

from grader.intake.budget.model import Budgeted, Change, Limits
from grader.intake.budget.rewriting import REWRITING, within_budget

__all__ = ["REWRITING", "Budgeted", "Change", "Limits", "within_budget"]
