"""Which numbers stand in the source as they are."""

import ast
import math
import re
from collections.abc import Iterable, Iterator

import numpy as np

from grader.observation.syntax import parsed

_COMPARING = frozenset({"allclose", "isclose", "array_equal", "equal"})
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?(?![\w.])")
_ESCAPE = re.compile(r"\\[nrt]")  # within a text, right before a number
_ROUNDED = 1 + 1e-6
_TELLING_DIGITS = 3  # 0.5 and 1.2 stand in every notebook; 0.132 does not by chance


class Literals:
    """The telling numbers of a notebook's source: those of at least three significant digits."""

    def __init__(self, sources: Iterable[str]) -> None:
        tokens = {token for source in sources for token in _tokens(source)}
        self._values = {float(token) for token in tokens if _digits(token) >= _TELLING_DIGITS}
        self._values |= {float(np.float32(value)) for value in self._values}
        self._ascending = np.sort(np.array(list(self._values)))

    def hold(self, values: np.ndarray, resolution: np.ndarray | float = 0.0) -> bool:
        """Say whether every entry stands in the source, at least one of them tellingly.

        Entries with few digits (0, 1, 0.5) are passed over: they say nothing. Digits that were
        rounded away in printing may be anything: 0.1324 is printed of 0.13238887.

        Args:
            values: the entries.
            resolution: the largest error of each by its rounding.

        """
        entries = np.abs(np.ravel(values).real.astype(np.float64))
        errors = np.broadcast_to(resolution, np.shape(values)).ravel()
        telling = False
        for entry, error in zip(entries.tolist(), errors.tolist(), strict=True):
            if not _is_short(entry):
                if not self._has(entry, error):
                    return False
                telling = True
        return telling

    def _has(self, entry: float, error: float) -> bool:
        if entry in self._values:
            return True
        if not 0 < error < entry / 100:
            return False
        first = np.searchsorted(self._ascending, entry - error * _ROUNDED)
        near = self._ascending[first : first + 1]
        return bool(near.size and near[0] <= entry + error * _ROUNDED)


def _tokens(source: str) -> Iterator[str]:
    """Yield the numbers of code and of its texts; what it only remarks or compares is left out."""
    tree = parsed(source)
    if tree is None:
        yield from _NUMBER.findall(_ESCAPE.sub("  ", source))
        return
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant):
            if isinstance(node.value, int | float) and not isinstance(node.value, bool):
                yield repr(node.value)
            elif isinstance(node.value, str):
                yield from _NUMBER.findall(node.value)
        elif not _only_tells(node):
            waiting += ast.iter_child_nodes(node)


def _only_tells(node: ast.AST) -> bool:
    """Say whether code is a docstring, an assertion, or a comparison with what is expected."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name.startswith("assert_") or name in _COMPARING
    return isinstance(node, ast.Assert | ast.Compare)


def _digits(token: str) -> int:
    mantissa = re.split("[eE]", token)[0].replace(".", "")
    return len(mantissa.lstrip("0"))


def _is_short(value: float) -> bool:
    return not math.isfinite(value) or _digits(repr(value)) < _TELLING_DIGITS
