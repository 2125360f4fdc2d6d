"""Where given constants stand in a notebook's process: variables, attributes, parameters."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import GetSetDescriptorType
from typing import Any

import numpy as np

from .named_constants import NamedConstants
from .numbers_in import Numbers, read_numbers
from .tensors import Tensors
from .types_of import class_entries, is_students, lineage

SIZE_LIMIT = 1024 * 1024  # bytes of an array that is looked at
DEPTH = 5  # of modules in modules
MOST = 200  # entries looked at in one object


@dataclass(frozen=True)
class Place:
    """An entry of a dictionary that holds a constant, perhaps transposed."""

    holder: dict[str, Any]
    key: str
    constant: str
    transposed: bool

    def put(self, array: np.ndarray) -> None:
        """Put other numbers there, in an object of the kind that stood there."""
        new = array.T if self.transposed else array
        self.holder[self.key] = _like(self.holder[self.key], new)


class ConstantPlaces:
    """Finds the places in which the constants stand that a function reads."""

    def __init__(
        self, namespace: dict[str, Any], named: NamedConstants, tensors: Tensors | None
    ) -> None:
        self._namespace = namespace
        self._named = named
        self._tensors = tensors

    def of(self, names: Iterable[str], owner: tuple[object, ...]) -> list[Place]:
        """Find the places among some variables, and in the objects they and `owner` are."""
        found = []
        objects = list(owner)
        for name in sorted(names):
            value = self._namespace[name]
            array = self.read(value)
            constant = None if array is None else self._by_name_or_value(name, array)
            if array is not None and constant is not None:
                found.append(self._place(self._namespace, name, constant, array))
            elif array is None and self._is_object(value):
                objects.append(value)
        unique = list({id(one): one for one in objects}.values())
        return found + [place for one in unique for place in self._in_object(one)]

    def read(self, value: object) -> np.ndarray | None:
        """Read an object as an array of real numbers; None where it is none."""
        if self._tensors is not None and self._tensors.tensor in lineage(value):
            found = self._tensors.read(value, SIZE_LIMIT)
        else:
            found = read_numbers(value, SIZE_LIMIT)  # type: ignore[assignment]
        if not isinstance(found, Numbers) or found.array.dtype.kind not in "iuf":
            return None
        return found.array

    def _by_name_or_value(self, name: str, array: np.ndarray) -> str | None:
        """Say which constant a variable is."""
        single = self._named.single(name)
        if single is not None and _may_be(array, self._named.given[single]):
            return single
        same = (known for known, given in self._named.given.items() if _is_equal(array, given))
        return next(same, None)

    def _in_object(self, value: object) -> Iterator[Place]:
        """Yield the places in an object: by their names, else as the only ones of a shape."""
        entries = [
            (holder, key, array)
            for holder, key in self._entries(value, DEPTH)
            if (array := self.read(holder[key])) is not None
        ]
        taken = set()
        for place, (holder, key, array) in enumerate(entries):
            constant = self._by_name_or_value(key, array)
            if constant is not None:
                taken.add(constant)
                entries[place] = (holder, key, np.empty(0))
                yield self._place(holder, key, constant, array)
        for constant, given in self._named.given.items():
            fits = [entry for entry in entries if given.ndim > 1 and _may_be(entry[2], given)]
            if constant not in taken and len(fits) == 1:
                [(holder, key, array)] = fits
                yield self._place(holder, key, constant, array)

    def _entries(self, value: object, depth: int) -> Iterator[tuple[dict[str, Any], str]]:
        """Yield the attributes of an object, and the parameters of a module and those in it."""
        stored = own_dict(value)
        if self._is_module(value) and depth:
            parameters, modules = stored.get("_parameters"), stored.get("_modules")
            if type(parameters) is dict:
                yield from ((parameters, key) for key in list(parameters)[:MOST])
            for part in list(modules.values())[:MOST] if type(modules) is dict else ():
                yield from self._entries(part, depth - 1)
        elif is_students(type(value)):
            yield from ((stored, key) for key in list(stored)[:MOST] if type(key) is str)

    def _is_module(self, value: object) -> bool:
        return self._tensors is not None and self._tensors.module in lineage(value)

    def _is_object(self, value: object) -> bool:
        return self._is_module(value) or is_students(type(value))

    def _place(self, holder: dict[str, Any], key: str, constant: str, array: np.ndarray) -> Place:
        given = self._named.given[constant]
        return Place(holder, key, constant, transposed=array.shape != given.shape)


def own_dict(value: object) -> dict[str, Any]:
    """Give an object's own dictionary itself; an empty one where that cannot be had."""
    for kind in lineage(value):
        entry = class_entries(kind).get("__dict__")
        if type(entry) is GetSetDescriptorType:
            own = entry.__get__(value)
            return own if type(own) is dict else {}
    return {}


def _may_be(array: np.ndarray, given: np.ndarray) -> bool:
    """Say whether an array has the shape of a constant, or the transposed one."""
    return given.ndim > 0 and array.shape in (given.shape, given.shape[::-1])


def _is_equal(array: np.ndarray, given: np.ndarray) -> bool:
    """Say whether an array holds a constant, perhaps transposed; 0s and 1s prove nothing."""
    if not _may_be(array, given) or given.size < 2 or not (np.abs(given) % 1).any():
        return False
    turned = array if array.shape == given.shape else array.T
    return bool(np.allclose(turned, given, rtol=1e-6, atol=1e-8))


def _like(old: Any, array: np.ndarray) -> Any:
    """Make an object of the kind of another, in double precision."""
    torch = sys.modules.get("torch")
    if torch is not None and type(old) is torch.nn.Parameter:
        return torch.nn.Parameter(torch.tensor(array), requires_grad=old.requires_grad)
    if torch is not None and type(old) is torch.Tensor:
        return torch.tensor(array, requires_grad=old.requires_grad)
    return array.tolist() if type(old) in (list, tuple) else array.copy()
