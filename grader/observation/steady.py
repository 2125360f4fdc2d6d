"""Printed text without what changes from run to run: timings, addresses, progress bars."""

import re

_MOST_CHARACTERS = 100_000  # of one output; what comes later is not compared
_UNIT = (
    r"(?:n|µ|μ|u|m|milli|micro)?s(?:ec(?:ond)?s?)?|min(?:ute)?s?|h(?:ours?|rs?)?"
    r"|it/s|s/it|[kKMG]i?B(?:/s)?"
)
_REWRITTEN = re.compile(r"[^\n]*\r(?!\n)")
_UNSTEADY_LINE = re.compile(
    r"^.*(?:\d%\||CPU times:|Wall time:|\bper loop\b|\bloops each\b|<Figure size |Warning:).*$",
    re.MULTILINE,
)
_UNSTEADY = re.compile(
    r"\b0x[0-9a-fA-F]+"
    rf"|(?<![\w.])\d[\d.,]*(?:e[+-]?\d+)?[ \t]*(?:{_UNIT})(?![\w/])"
    r"|\b(?:time|elapsed|took|duration|runtime|version|seconds)\b[^\d\n]{0,30}\d[\d.:]*"
    r"|(?<![\w.])\d{12,}(?![\w.])",  # an id() or a time since 1970
    re.IGNORECASE,
)
_WRAPPED = re.compile(r"\bnp\.(?:float|int|uint|bool|complex|str)\d*_?\(([^()\n]*)\)")


def steady_text(text: str) -> str:
    """Blank out what tells nothing of a result: how long it took, where it lay in memory.

    NumPy 2 writes `np.float64(0.5)` where NumPy 1 wrote `0.5`; both become the latter.
    """
    text = _REWRITTEN.sub("", text[:_MOST_CHARACTERS].replace("\r\n", "\n"))
    text = _UNSTEADY.sub(" ", _UNSTEADY_LINE.sub("", text))
    return _WRAPPED.sub(r"\1", text)
