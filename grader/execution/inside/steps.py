"""Steps of a probe: expressions and statements over the notebook's names, each seen by itself."""

import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .frames import Stream, encode_array
from .notes import Notes
from .variables import value_header
from .walk import Walk

ERROR_LIMIT = 500  # characters
WARNINGS = 5  # told of one step
SOURCE = "<probe>"


class Steps:
    """Takes steps, and writes down after each what came of it, before the next can change it."""

    def __init__(
        self,
        namespace: dict[str, Any],
        inputs: dict[str, np.ndarray],
        stream: Stream,
        notes: Notes,
        walk: Callable[[], Walk],
    ) -> None:
        """Prepare; the notebook's own functions keep the namespace they were defined in."""
        self._names = {**namespace, **inputs}
        self._inputs = inputs
        self._plain = {name: array.copy() for name, array in inputs.items()}
        self._stream = stream
        self._notes = notes
        self._walk = walk

    def take(self, steps: list[list[str]]) -> None:
        """Take steps, whatever becomes of those before."""
        for number, (code, name) in enumerate(steps):
            self._take(number, code, name)

    def _take(self, number: int, code: str, name: str) -> None:
        """Take one step, and write what it gave and did."""
        error, said, value = "", [], None
        begun = time.perf_counter()
        try:
            with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn"):
                warnings.simplefilter("always")
                value = self._run(code, name)
            said = caught
        except BaseException as raised:  # SystemExit and its like are no way out
            error = _word(raised)
        seconds = time.perf_counter() - begun
        if name and not error:
            self._names[name] = value
            self._write(name, value)
        self._stream.write(
            {
                "kind": "step",
                "step": number,
                "name": name,
                "type": _type_name(value),
                "error": error,
                "warnings": [_word(one.message) for one in said[:WARNINGS]],
                "seconds": seconds,
                "changed": self._restore(),
            }
        )

    def _run(self, code: str, name: str) -> Any:
        """Evaluate an expression, or run statements."""
        if name:
            return eval(compile(code, SOURCE, "eval"), self._names)  # noqa: S307
        exec(compile(code, SOURCE, "exec"), self._names)  # noqa: S102
        return None

    def _write(self, name: str, value: object) -> None:
        """Write the numbers in a value."""
        for found in self._walk().find(value, name):
            header = value_header(found, 0, "returned")
            self._stream.write_value(header, encode_array(found.numbers.array))

    def _restore(self) -> list[str]:
        """Name the inputs that were changed, and give them back what they held."""
        changed = [
            name
            for name, array in self._inputs.items()
            if array.shape != self._plain[name].shape
            or not np.array_equal(array, self._plain[name], equal_nan=array.dtype.kind in "fc")
        ]
        for name in changed:
            self._inputs[name] = self._plain[name].copy()
        self._names.update(self._inputs)
        return changed


def _type_name(value: object) -> str:
    """Name the type of a value, past anything its class says about itself."""
    name = type.__dict__["__name__"].__get__(type(value))
    return str(name)[:60]


def _word(raised: object) -> str:
    """Word an error or a warning in a line."""
    name = _type_name(raised)
    try:
        said = str(raised)
    except BaseException:  # it is the student's own, and may do anything
        said = ""
    return f"{name}: {said}"[:ERROR_LIMIT] if said else name
