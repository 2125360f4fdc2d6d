"""The page of one checked notebook, for whoever handed it in."""

from html import escape

from grader.checking.run import Checked
from grader.results.forms import html

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body style="font-family: system-ui, sans-serif; max-width: 60rem; margin: 2rem auto">
<h1>{title}</h1>
{result}
</body>
</html>
"""


def page_of(checked: Checked) -> str:
    """Put the result on a page of its own."""
    result = checked.result
    return _PAGE.format(title=escape(result.title), result=html(result))
