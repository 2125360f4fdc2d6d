"""What an object holds: items of containers, parts of modules, attributes of student objects."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .tensors import Tensors
from .types_of import attributes, class_entries, instance_dict, is_students, lineage

ITEMS = 100  # of one container: as many of its first, and as many of its last
KEYS = frozenset({str, int, float, bool})
KEY_LENGTH = 60
PLACE = re.compile(r"\d+")

Step = tuple[str, object]


class Children:
    """The steps that lead from an object to what it holds: "[0]", "['k']", ".weight"."""

    def __init__(self, tensors: Tensors | None, cut: Callable[[str, int], None]) -> None:
        """Prepare; `cut(path, count)` is told of a container with too many items."""
        self._tensors = tensors
        self._cut = cut

    def of(self, value: object, path: str) -> Iterator[Step]:
        """Give the steps from an object found at `path`."""
        classes = lineage(value)
        tensors = self._tensors
        if tensors is not None and tensors.tensor in classes:
            yield from _grad(tensors, value)
        elif dict in classes:
            yield from self._entries(value, path)
        elif list in classes or tuple in classes or deque in classes:
            yield from self._items(value, classes, path)
        elif tensors is not None and tensors.module in classes:
            yield from _parts(value)
        elif type in classes and is_students(value):  # type: ignore[arg-type]
            yield from _public(class_entries(value))  # type: ignore[arg-type]
        if is_students(type(value)) and (tensors is None or tensors.module not in classes):
            yield from _public(attributes(value))

    def _items(self, value: Any, classes: tuple[type, ...], path: str) -> Iterator[Step]:
        """Give the first and last items of a sequence."""
        base: Any = next(kind for kind in (list, tuple, deque) if kind in classes)
        count = base.__len__(value)
        if count > 2 * ITEMS:
            self._cut(path, count)
        for place, item in enumerate(list(base.__iter__(value))):
            if place < ITEMS or place >= count - ITEMS:
                yield f"[{place}]", item

    def _entries(self, value: Any, path: str) -> Iterator[Step]:
        """Give the first entries of a dictionary, as far as their keys are plain."""
        count = dict.__len__(value)
        if count > 2 * ITEMS:
            self._cut(path, count)
        for key, item in list(islice(dict.items(value), 2 * ITEMS)):
            if type(key) in KEYS and len(repr(key)) <= KEY_LENGTH:
                yield f"[{key!r}]", item


def _grad(tensors: Tensors, value: object) -> Iterator[Step]:
    """Give the gradient of a tensor."""
    grad = tensors.grad(value)
    if grad is not None:
        yield ".grad", grad


def _parts(module: object) -> Iterator[Step]:
    """Give parameters, buffers, submodules and the student's own attributes of an `nn.Module`."""
    stored = instance_dict(module)
    for table in ("_parameters", "_buffers", "_modules"):
        entries = stored.get(table)
        if dict in lineage(entries):
            for name, part in list(dict.items(entries)):  # type: ignore[arg-type]
                if type(name) is str:
                    yield f"[{name}]" if PLACE.fullmatch(name) else f".{name}", part
    if is_students(type(module)):
        yield from ((f".{k}", v) for k, v in stored.items() if k[0] != "_" and k != "training")


def _public(stored: dict[str, Any]) -> Iterator[Step]:
    """Give attributes whose names do not belong to Python."""
    for name, item in stored.items():
        if not name.startswith("__"):
            yield f".{name}", item
