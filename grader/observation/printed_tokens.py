"""The pieces printed text is cut into: numbers, brackets, words, what only looks like a number."""

import re
from collections.abc import Iterator

_DIGITS = r"(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][+-]?[0-9]{1,5}+)?+"
_UNSIGNED = rf"(?:{_DIGITS}|nan|NaN|[iI]nf(?:inity)?+)"

# No numbers: 3.11.7, 2024-01-05, 10:30, 1/100, and digits broken off by dots (0.13...).
_ENDS = r"(?!\w|\.\w|\.\.|…|[-/\\]\w|:[0-9]{2}(?![0-9]))"

# NumPy pads between the parts of complex numbers: "1. +2.j".
_NUMBER = rf"(?<![\w./\\#])[+-]?{_UNSIGNED}(?:[ \t]*+[+-]{_UNSIGNED}j|j)?+{_ENDS}"

_OPTION = (
    r"(?:,\s*+)?\b(?:dtype=(?P<dtype>[\w.]++|'[^'\n]{0,80}+')"
    r"|(?P<grad>grad_fn=<[^<>\n]{0,200}+>|requires_grad=True)"
    r"|(?:device|layout)=(?:'[^'\n]{0,80}+'|[\w.]++)|(?:size|shape)=\([0-9, ]{0,80}+\))"
)

_TOKEN = re.compile(
    r"(?P<scale>(?<![\w.])1\.0++e[+-][0-9]{2}[ ]\*(?=[ \t]*+[\n\[]))"
    rf"|(?P<number>{_NUMBER})"
    r"|(?P<open>[\[(])|(?P<close>[\])])"
    rf"|(?P<option>{_OPTION})"
    r"|(?P<ellipsis>\.\.\.|…)"
    r"|(?P<call>[^\W\d][\w.]*+\()"
    r"|(?P<word>cuda:[0-9]++|[^\W\d]\w*+(?:[.\-/\\]\w++)*+|[0-9][\w.]*+(?:[-+:/\\][\w.]++)*+"
    r"|[^\s\w\[\](),.+\-'\"…]++|[^\s,'\"])"
)

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*+[ -/]*+[@-~]|\][^\x07\x1b\n]*+(?:\x07|\x1b\\)?+|[@-Z\\^_])")


def plain_text(text: str) -> str:
    """Blank out terminal escapes and write every minus as '-', keeping all positions."""
    if "\x1b" in text:
        text = _ESCAPE.sub(lambda escape: " " * len(escape[0]), text)
    return text.replace("\N{MINUS SIGN}", "-")


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Cut text into tokens; the `lastgroup` of a match is its kind.

    Commas, quotes and white space are no tokens: nothing but the end of a one-item tuple
    depends on them.
    """
    return _TOKEN.finditer(text)
