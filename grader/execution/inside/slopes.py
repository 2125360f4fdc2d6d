"""The notebook's own functions of a given constant, differentiated numerically."""

import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .arguments import Form, likely_forms, manners, sources
from .calls import Call, Candidate
from .central_differences import differentiate
from .constant_places import ConstantPlaces, own_dict
from .frames import Stream, encode_array
from .named_constants import NamedConstants
from .own_functions import OwnFunction, names_read, own_functions
from .tensors import Tensors
from .types_of import is_students, lineage

MOST_FUNCTIONS = 8  # differentiated
MOST_ENTRIES = 400  # of a constant
CALL_SECONDS = 1.0  # wall time of all that is done with one function
NAME_LENGTH = 100


class _TooLong(BaseException):
    """A function took longer than it may."""


@dataclass(frozen=True)
class Slope:
    """The central differences of what a function returns."""

    function: str
    constant: str
    array: np.ndarray
    result: float


class Slopes:
    """Differentiates the functions of a notebook."""

    def __init__(
        self, namespace: dict[str, Any], given: Mapping[str, np.ndarray], tensors: Tensors | None
    ) -> None:
        self._namespace = namespace
        self._named = NamedConstants(given)
        self._tensors = tensors
        self._places = ConstantPlaces(namespace, self._named, tensors)

    def are_any(self, wanted: Iterable[str]) -> bool:
        """Say whether there is a function to be tried; this runs none, and changes nothing."""
        functions = own_functions(self._namespace)
        return any(self._candidate(one, constant) for constant in wanted for one in functions)

    def write(self, wanted: Iterable[str], descriptor: int) -> None:
        """Write slopes with respect to some constants into an open file, as they are found.

        To be called in a process that was forked for it, and ends afterwards.
        """
        stream = Stream()
        stream.begin(descriptor, values_limit=0)
        _compute_in_double(self._namespace, self._tensors)
        signal.signal(signal.SIGALRM, _stop)
        for constant in wanted:
            for slope in self._find(constant):
                header = {
                    "kind": "slope",
                    "function": slope.function[:NAME_LENGTH],
                    "constant": slope.constant,
                    "result": slope.result,
                }
                stream.write(header, encode_array(slope.array))
        stream.write({"kind": "ended"})

    def _find(self, constant: str) -> Iterator[Slope]:
        """Yield the slopes of the functions that depend on a constant."""
        left = MOST_FUNCTIONS
        for one in own_functions(self._namespace):
            if left:
                found = _within(CALL_SECONDS, partial(self._slopes_of, one, constant))
                left -= bool(found)
                yield from found

    def _slopes_of(self, one: OwnFunction, constant: str) -> list[Slope]:
        """List the slopes of a function: for all examples, and for each where it takes one."""
        candidate = self._candidate(one, constant)
        if candidate is None:
            return []
        found: list[Slope] = []
        answered: tuple[Form, bool] | None = None  # the way in which it did not raise
        for manner in manners(candidate.sources, self._named, candidate.forms):
            if answered not in (None, (manner.form, manner.indices)):
                break
            call = Call(candidate, constant, manner, self._named.given, self._places.read)
            slope = differentiate(call, self._named.given[constant])
            if slope is not None:
                found.append(Slope(one.name, constant, *slope))
            if call.answered:
                answered = manner.form, manner.indices
        return found

    def _candidate(self, one: OwnFunction, constant: str) -> Candidate | None:
        """Find out how a function depends on a constant; None where it does not."""
        found = sources(one.parameters, self._named, self._namespace)
        if found is None or self._named.given[constant].size > MOST_ENTRIES:
            return None
        names = names_read(one, self._namespace)
        places = self._places.of(names, one.owner)
        takes = any(source.constants == (constant,) for source in found)
        if not takes and all(place.constant != constant for place in places):
            return None
        return Candidate(one, found, places, likely_forms(names, self._namespace))


def _within(seconds: float, action: Callable[[], list[Slope]]) -> list[Slope]:
    """Do something with a function of the student's, for so long; nothing where it takes longer."""
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            return action()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except BaseException:  # what it ends with concerns this function alone
        return []


def _stop(number: int, frame: object) -> None:
    raise _TooLong


def _compute_in_double(namespace: dict[str, Any], tensors: Tensors | None) -> None:
    """Make what torch holds in single precision double: differences need the digits."""
    torch = sys.modules.get("torch")
    if torch is None or tensors is None:
        return
    torch.set_default_dtype(torch.float64)
    objects = [value for value in namespace.values() if is_students(type(value))]
    for holder in [namespace, *map(own_dict, objects)]:
        for name, value in list(holder.items()):
            if type(value) is torch.Tensor and value.dtype == torch.float32:
                double = value.detach().double()
                holder[name] = double.requires_grad_(value.requires_grad)
            elif tensors.module in lineage(value):
                torch.nn.Module.double(value)
