"""The forms of a result: HTML for notebooks, Markdown for pages of text, plain text for terminals.

All of them take any text for a student's: what could be markup or a terminal code is none.
"""

from grader.results.forms.html import html
from grader.results.forms.markdown import markdown
from grader.results.forms.plain import plain

__all__ = ["html", "markdown", "plain"]
