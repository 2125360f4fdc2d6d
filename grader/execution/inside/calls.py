"""A function of the notebook's, called as a function of one given constant alone."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from .arguments import Form, Manner, Source, arguments
from .constant_places import Place
from .own_functions import OwnFunction

ITEMS = 20  # of a returned container

Read = Callable[[object], np.ndarray | None]


@dataclass(frozen=True)
class Candidate:
    """A function that depends on a constant: by its arguments, or by what it reads."""

    one: OwnFunction
    sources: list[Source]
    places: list[Place]
    forms: tuple[Form, ...]


class Call:
    """One manner of calling a candidate; `answered` says that it did not always raise."""

    def __init__(
        self,
        candidate: Candidate,
        constant: str,
        manner: Manner,
        given: Mapping[str, np.ndarray],
        read: Read,
    ) -> None:
        """Prepare; `read` gives the numbers in an object of an exactly known type."""
        self.answered = False
        self._candidate = candidate
        self._constant = constant
        self._manner = manner
        self._given = given
        self._read = read

    def __call__(self, array: np.ndarray) -> float | None:
        """Return the number that follows from a value of the constant; None where there is none."""
        constants = {**self._given, self._constant: array}
        for place in self._candidate.places:
            place.put(constants[place.constant])
        keywords = arguments(self._candidate.sources, constants, self._manner)
        one = self._candidate.one
        try:
            result = one.function(*one.owner, **keywords)
        except Exception:  # a student's function may raise anything
            return None
        self.answered = True
        return self._number(result)

    def _number(self, result: object) -> float | None:
        """Read the finite number a function returned, alone or as the only one among others."""
        items: list[object] = [result]
        if type(result) is dict:
            items = list(result.values())
        elif type(result) in (tuple, list):
            items = list(result)  # type: ignore[call-overload]
        numbers = [n for n in map(self._scalar, items[:ITEMS]) if n is not None]
        return numbers[0] if len(numbers) == 1 else None

    def _scalar(self, value: object) -> float | None:
        """Read an object as a finite number."""
        array = self._read(value) if type(value) not in (list, tuple) else None
        if array is None or array.size != 1:
            return None
        number = float(array.reshape(()))
        return number if math.isfinite(number) else None
