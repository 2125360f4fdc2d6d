"""HW-1 computed otherwise: how far rounding alone moves its values.

Measured by `ALTERNATIVES`, bounded by `BOUNDS`; reference/hw1_rounding_bound.py derives the bound.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import numpy as np
import torch

from reference import hw1, hw1_torch
from reference.hw1_given import Parts
from reference.hw1_rounding_bound import trained_weights_bound

__all__ = ["ALTERNATIVES", "BOUNDS"]

_LAST = (-2, -1)
# What of the constants, and then of the answers, has an axis of the inputs or the hidden units.
_TURNED: Mapping[str, tuple[int, ...]] = {
    "x1": (0,),
    "x2": (0,),
    "w1": (0, 1),
    "w2": (0,),
    "b1": (0,),
}
_TURNED_BACK: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "outputs": {},
    "gradient_w1": {"w1": _LAST, "x1": _LAST, "x2": _LAST},
    "trained_weights": {"w1": _LAST, "w2": (-2,)},
}
Family = Callable[..., Parts | None]


def in_torch(name: str, threads: int) -> Family:
    """Compute a family by PyTorch, in double precision."""
    return _named(_with_threads(getattr(hw1_torch, name), threads), _threads("PyTorch", threads))


def in_single(name: str, threads: int) -> Family:
    """Compute a family by PyTorch, in single precision."""
    family: Family = getattr(hw1_torch, name)

    def single(given: Mapping[str, Any], **options: Any) -> Parts | None:
        parts = family({**given, "w1": np.asarray(given["w1"], dtype=np.float32)}, **options)
        return None if parts is None else {k: v.astype(np.float32) for k, v in parts.items()}

    return _named(_with_threads(single, threads), _threads("float32", threads))


def reversed_sums(name: str, family: Family, says: str) -> Family:
    """Compute a family with inputs and hidden units, and so all sums over them, reversed."""

    def turned(given: Mapping[str, Any], **options: Any) -> Parts | None:
        other = {k: np.flip(v, _TURNED[k]).copy() if k in _TURNED else v for k, v in given.items()}
        if options.get("masks") is not None:
            flags, units = options["masks"], np.shape(given["w1"])[1]
            by_unit = flags.reshape(len(flags), -1, units)
            options["masks"] = by_unit[..., ::-1].reshape(flags.shape)
        parts = family(other, **options)
        if parts is None:
            return None
        axes = _TURNED_BACK[name]
        return {k: np.flip(v, axes[k]).copy() if k in axes else v for k, v in parts.items()}

    return _named(turned, says)


def _with_threads(family: Family, threads: int) -> Family:
    @wraps(family, updated=())
    def threaded(given: Mapping[str, Any], **options: Any) -> Parts | None:
        before = torch.get_num_threads()
        torch.set_num_threads(threads)
        try:
            return family(given, **options)
        finally:
            torch.set_num_threads(before)

    return threaded


def _threads(how: str, count: int) -> str:
    return f"{how}, {count} thread{'' if count == 1 else 's'}"


def _named(family: Family, says: str) -> Family:
    family.__name__ = family.__qualname__ = says
    return family


def _alternatives(name: str) -> tuple[Family, ...]:
    return (
        reversed_sums(name, getattr(hw1, name), "NumPy, sums reversed"),
        in_torch(name, 1),
        in_torch(name, 2),
        reversed_sums(name, in_torch(name, 1), "PyTorch, sums reversed"),
        in_single(name, 1),
        in_single(name, 2),
        reversed_sums(name, in_single(name, 1), "float32, sums reversed"),
    )


ALTERNATIVES: Mapping[str, Sequence[Family]] = {name: _alternatives(name) for name in _TURNED_BACK}
"""By family: the same once more, another way; in single precision where it returns float32."""

BOUNDS: Mapping[str, Family] = {"trained_weights": trained_weights_bound}
"""By family: how far, at most, single precision moves its values."""
