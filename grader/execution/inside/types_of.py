"""What an object is, told without running any code of the object's class."""

import os
import sys
from types import GetSetDescriptorType, MemberDescriptorType, SimpleNamespace
from typing import Any

import numpy as np

# Read from `type` itself: a metaclass may define attributes of these names.
_lineage: Any = vars(type)["__mro__"].__get__
_class_dict: Any = vars(type)["__dict__"].__get__

PYTHON_SCALARS = frozenset({bool, int, float, complex})
NUMPY_SCALARS = frozenset(
    kind for kind in np.sctypeDict.values() if issubclass(kind, np.number)
) | {np.bool_}
SCALARS = PYTHON_SCALARS | NUMPY_SCALARS
FOLDER = os.getcwd() + os.sep  # noqa: PTH109


def lineage(value: object) -> tuple[type, ...]:
    """Give the class of an object and all it inherits from."""
    found: tuple[type, ...] = _lineage(type(value))
    return found


def class_entries(kind: type) -> dict[str, Any]:
    """Give what a class itself defines."""
    return dict(_class_dict(kind))


def is_students(kind: type) -> bool:
    """Say whether a class was defined in the notebook, or in a module beside it."""
    module = _class_dict(kind).get("__module__")
    if kind is SimpleNamespace or module == "__main__":
        return True
    source = sys.modules.get(module) if type(module) is str else None
    file = vars(source).get("__file__") if type(source) is type(sys) else None
    return type(file) is str and file.startswith(FOLDER) and "site-packages" not in file


def attributes(value: object) -> dict[str, Any]:
    """Read the attributes stored in an object: no property runs, no `__getattr__`."""
    found: dict[str, Any] = {}
    for kind in reversed(lineage(value)):
        if is_students(kind):
            found.update(_slots(value, kind))
    found.update(instance_dict(value))
    return found


def instance_dict(value: object) -> dict[str, Any]:
    """Copy an object's own dictionary; empty where it has none."""
    for kind in lineage(value):
        entry = _class_dict(kind).get("__dict__")
        if type(entry) is GetSetDescriptorType or (entry and kind is SimpleNamespace):
            return {k: v for k, v in entry.__get__(value).items() if type(k) is str}
    return {}


def _slots(value: object, kind: type) -> dict[str, Any]:
    """Read the slots a class declares, as far as they are filled."""
    found = {}
    for name, entry in class_entries(kind).items():
        if type(entry) is MemberDescriptorType:
            try:
                found[name] = entry.__get__(value)
            except AttributeError:
                continue
    return found
