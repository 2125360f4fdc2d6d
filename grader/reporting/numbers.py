"""Numbers as people read them."""

import math

import numpy as np

_DIGITS = 7  # significant digits of the largest entry, as much as float32 carries


def points_text(points: float) -> str:
    """Write points without a needless fraction: 15, 7.5, 0.25."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def seconds_text(seconds: float) -> str:
    """Write a duration: 0.4 s, 12 s, 2 min 5 s."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def bytes_text(count: int) -> str:
    """Write a size in MiB, or in GiB from 1 GiB."""
    return f"{count / 2**30:.1f} GiB" if count >= 2**30 else f"{count / 2**20:.0f} MiB"


def count_text(count: int, one: str, many: str = "") -> str:
    """Write a count and its noun: "1 line", "2,000 lines"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def error_text(error: float) -> str:
    """Write the size of a difference with two digits: 2e-09, 0.13."""
    return "not a finite number" if not math.isfinite(error) else f"{error:.2g}"


def entry_texts(array: np.ndarray) -> list[str]:
    """Write every entry of an array, in C order, to a precision they share."""
    entries = array.ravel().tolist()
    if array.dtype.kind == "f":
        style = _float_style(array.astype(np.float64))
        return [format(entry, style) for entry in entries]
    if array.dtype.kind == "c":
        return [format(entry, ".4g") for entry in entries]
    return [str(entry) for entry in entries]


def _float_style(array: np.ndarray) -> str:
    sizes = np.abs(array[np.isfinite(array)])
    largest = float(sizes.max(initial=0.0))
    if largest == 0:
        return ".1f"
    power = math.floor(math.log10(largest))
    if not -3 <= power < _DIGITS:
        return ".4e"
    return f".{_DIGITS - 1 - max(power, -1)}f"
