"""Which numbers stand in the source as they are."""

import math
import re
from collections.abc import Iterable

import numpy as np

_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?(?![\w.])")
_TELLING_DIGITS = 3  # 0.5 and 1.2 stand in every notebook; 0.132 does not by chance


class Literals:
    """The telling numbers of a notebook's source: those of at least three significant digits."""

    def __init__(self, sources: Iterable[str]) -> None:
        tokens = {token for source in sources for token in _NUMBER.findall(source)}
        self._values = {float(token) for token in tokens if _digits(token) >= _TELLING_DIGITS}
        self._values |= {float(np.float32(value)) for value in self._values}

    def hold(self, values: np.ndarray) -> bool:
        """Say whether every entry stands in the source, at least one of them tellingly.

        Entries with few digits (0, 1, 0.5) are passed over: they say nothing.
        """
        telling = False
        for entry in np.abs(np.ravel(values).real.astype(np.float64)).tolist():
            if not _is_short(entry):
                if entry not in self._values:
                    return False
                telling = True
        return telling


def _digits(token: str) -> int:
    mantissa = re.split("[eE]", token)[0].replace(".", "")
    return len(mantissa.lstrip("0"))


def _is_short(value: float) -> bool:
    return not math.isfinite(value) or _digits(repr(value)) < _TELLING_DIGITS
