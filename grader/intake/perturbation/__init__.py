"""The given constants of an assignment, found by value in a notebook's source and changed there."""

from grader.intake.perturbation.constants import Change, Changes, changes_between, find_change
from grader.intake.perturbation.rewriting import Perturbed, perturb

__all__ = ["Change", "Changes", "Perturbed", "changes_between", "find_change", "perturb"]
