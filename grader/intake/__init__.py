"""Submissions found and read, whatever their format, to one notebook each."""

from grader.intake.discovery import find_submissions
from grader.intake.notebook import read_notebook
from grader.intake.submission import Submission

__all__ = ["Submission", "find_submissions", "read_notebook"]
