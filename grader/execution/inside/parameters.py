"""The numbers a random function was called with, as far as they are plain numbers."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .numbers_in import Numbers, read_numbers

SMALL = 4096  # bytes; a longer list of choices or chances is not looked at

Bound = dict[str, Any]
Parameters = tuple[tuple[str, float], ...]
Describe = Callable[[tuple[Any, ...], dict[str, Any]], Parameters]


def named(**arguments: tuple[str, float | None]) -> Describe:
    """Describe a call by its first arguments, in order: each with the name to tell it by.

    Beside that name stands what it is where it is not given.
    """

    def describe(args: tuple[Any, ...], kwargs: Bound) -> Parameters:
        given = bind(tuple(arguments), args, kwargs)
        return _told({told: given.get(name, usual) for name, (told, usual) in arguments.items()})

    return describe


def unit(args: tuple[Any, ...], kwargs: Bound) -> Parameters:
    """Describe uniform draws from [0, 1), whatever the arguments; they are a shape."""
    return (("low", 0.0), ("high", 1.0))


def standard(args: tuple[Any, ...], kwargs: Bound) -> Parameters:
    """Describe standard normal draws."""
    return (("mean", 0.0), ("std", 1.0))


def integers(args: tuple[Any, ...], kwargs: Bound) -> Parameters:
    """Describe NumPy's integers from [low, high), where a single bound is the upper one."""
    given = bind(("low", "high"), args, kwargs)
    if given.get("high") is None:
        return _told({"low": 0, "high": given.get("low")})
    return _told({"low": given.get("low"), "high": given["high"]})


def choice(*names: str) -> Describe:
    """Describe a choice of 0 and 1 by the probability of 1; `names` are the arguments in order.

    The first is what is chosen from; the chances are called "p" or "weights".
    """

    def describe(args: tuple[Any, ...], kwargs: Bound) -> Parameters:
        given = bind(names, args, kwargs)
        options = _two_options(given.get(names[0]))
        if options is None or given.get("cum_weights") is not None:
            return ()
        chances = given.get("p", given.get("weights"))
        weights = [1.0, 1.0] if chances is None else _two(chances)
        if weights is None or not sum(weights) > 0:
            return ()
        return (("p", weights[options.index(1.0)] / sum(weights)),)

    return describe


def bind(names: tuple[str, ...], args: tuple[Any, ...], kwargs: Bound) -> Bound:
    """Give arguments by name."""
    return {**dict(zip(names, args, strict=False)), **kwargs}


def number(value: Any) -> float | None:
    """Read a number, or an array of which all entries are the same number."""
    if type(value) in (float, int, bool):
        return float(value)
    read = read_numbers(value, SMALL)
    if not isinstance(read, Numbers) or read.array.size == 0 or read.array.dtype.kind == "c":
        return None
    entries = read.array.ravel()
    return float(entries[0]) if np.all(entries == entries[0]) else None


def _told(found: Bound) -> Parameters:
    """Keep what are finite numbers."""
    numbers = {name: number(value) for name, value in found.items()}
    return tuple((k, v) for k, v in numbers.items() if v is not None and math.isfinite(v))


def _two_options(value: Any) -> list[float] | None:
    """Read [0, 1] or [1, 0], also where they stand as the single number 2."""
    if type(value) is int and value == 2:
        return [0.0, 1.0]
    options = _two(value)
    return options if options in ([0.0, 1.0], [1.0, 0.0]) else None


def _two(value: Any) -> list[float] | None:
    """Read a list or array of two numbers."""
    read = read_numbers(value, SMALL)
    if not isinstance(read, Numbers) or read.array.shape != (2,) or read.array.dtype.kind == "c":
        return None
    return [float(entry) for entry in read.array]
