"""From which libraries that parts of a network come which hold what it has learnt.

Runs within the notebook: of the grader's, only what travels along is there.
"""

import sys
from typing import Any

import numpy as np

from grader.execution.asking.within.answers import is_module, vars_of

MOST_LEVELS = 4
OWN = {"numpy", "__main__", *sys.stdlib_module_names}


def libraries_of(value: Any, depth: int = MOST_LEVELS, seen: Any = None) -> list[str]:
    """Name the libraries, beside NumPy, whose objects with weights lie below an object."""
    seen = set() if seen is None else seen
    if id(value) in seen or depth < 0 or isinstance(value, type) or callable_only(value):
        return []
    seen.add(id(value))
    library = type(value).__module__.split(".")[0]
    if library not in OWN and learns(value):
        return [library]
    items = value if isinstance(value, list | tuple) else list(vars_of(value).values())
    items = list(value.values()) if isinstance(value, dict) else items
    below = [one for item in items[:100] for one in libraries_of(item, depth - 1, seen)]
    return sorted(set(below))


def callable_only(value: Any) -> bool:
    """Say whether something is a function, whatever it remembers."""
    return type(value).__name__ in ("function", "method", "builtin_function_or_method")


def learns(value: Any) -> bool:
    """Say whether an object of a library's holds matrices."""
    if is_module(value):
        return any(one.ndim > 1 for one in value.parameters())
    return any(is_matrix(one) for one in (value, *vars_of(value).values()))


def is_matrix(value: Any) -> bool:
    """Tell a table of numbers from all else; a row of them is none."""
    shape = tuple(getattr(value, "shape", ()))
    return len(shape) == 2 and min(shape) > 1 and not isinstance(value, np.generic)
