"""The page of one checked notebook, for whoever handed it in."""

from html import escape

from grader.checking.run import Checked
from grader.reporting.text import one_line
from grader.results.forms import html

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="font-family: system-ui; max-width: 60rem; margin: 2rem auto; padding: 0 1rem">
<h1 style="font-size: 1.4rem; overflow-wrap: anywhere">{notebook}</h1>
{result}
</body>
</html>
"""


def page_of(checked: Checked) -> str:
    """Put the result on a page of its own."""
    result = checked.result
    notebook = escape(one_line(result.notebook))
    return _PAGE.format(title=escape(result.title), notebook=notebook, result=html(result))
