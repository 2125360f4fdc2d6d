"""Text put into Markdown on GitHub so that it shows as it is, and nothing in it is structure."""

import re
from collections.abc import Sequence

from grader.exchange.commands import plain
from grader.results.forms.markdown import escaped as as_markdown

_BACKTICKS = re.compile(r"`+")
_NO_MENTION = "@\u2060"  # a joiner that shows nothing keeps "@name" from calling somebody


def escaped(text: str) -> str:
    """Give a text as one line of Markdown that shows just it, in a table's cell, too."""
    return as_markdown(plain(text).replace("@", _NO_MENTION))


def fenced(lines: Sequence[str]) -> str:
    """Give lines as a block of code, between fences longer than any row of backticks in it."""
    text = "\n".join(map(plain, lines))
    longest = max((len(found) for found in _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"
