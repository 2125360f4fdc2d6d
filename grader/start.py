"""The command line's way in."""

from grader import spared  # noqa: F401  first of all
from grader.cli import main

__all__ = ["main"]
