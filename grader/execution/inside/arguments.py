"""The arguments a notebook's function may be called with, as its parameters' names tell."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from types import FunctionType, ModuleType
from typing import Any, Literal

import numpy as np

from .named_constants import NamedConstants
from .own_functions import Parameter
from .types_of import class_entries, lineage

Form = Literal["numpy", "torch", "torch leaf"]
ALL = -1  # of the examples


@dataclass(frozen=True)
class Source:
    """Where an argument comes from: given constants, or a variable of the notebook."""

    parameter: str
    constants: tuple[str, ...] = ()  # several: of a series of examples
    variable: Any = None


@dataclass(frozen=True)
class Manner:
    """One way to hand constants over.

    Attributes:
        example: the index of the one example, or `ALL`.
        indices: whether one-hot rows are handed over as the index of their 1.
        form: what arrays are handed over as; a leaf is a tensor that collects its gradient.

    """

    example: int
    indices: bool
    form: Form


def sources(
    parameters: Sequence[Parameter], named: NamedConstants, namespace: dict[str, Any]
) -> list[Source] | None:
    """Say what each parameter is to be; None where one of them stands for nothing known."""
    found = []
    for parameter in parameters:
        name = parameter.name
        single, series = named.single(name), named.series(name)
        if single is not None or series:
            found.append(Source(name, (single,) if single is not None else series))
        elif not parameter.optional:
            if name not in namespace:
                return None
            found.append(Source(name, variable=namespace[name]))
    return found


def manners(
    found: Sequence[Source], named: NamedConstants, forms: Sequence[Form]
) -> Iterator[Manner]:
    """Yield the ways to call that make sense, the likeliest first."""
    series = [source.constants for source in found if len(source.constants) > 1]
    one_hot = any(_is_one_hot(named, names) for names in series)
    handed = forms if any(source.constants for source in found) else forms[:1]
    examples = (ALL, *range(min(map(len, series)))) if series else (ALL,)
    for form, indices in product(handed, (False, True) if one_hot else (False,)):
        yield from (Manner(example, indices, form) for example in examples)


def arguments(
    found: Sequence[Source], constants: dict[str, np.ndarray], manner: Manner
) -> dict[str, Any]:
    """Make the arguments of one call, anew, as the call may change them."""
    return {source.parameter: _value(source, constants, manner) for source in found}


def likely_forms(names: set[str], namespace: dict[str, Any]) -> tuple[Form, ...]:
    """Order the forms of arrays by what a function that reads some variables is likely to take."""
    if any(_of_torch(namespace.get(name)) for name in names):
        return "torch", "torch leaf", "numpy"
    if any(map(_of_torch, namespace.values())):
        return "numpy", "torch", "torch leaf"
    return ("numpy",)


def _of_torch(value: object) -> bool:
    """Say whether an object is torch, a part or a function of it, or of one of its classes."""
    if type(value) is ModuleType:
        names = [vars(value).get("__name__")]
    elif type(value) is FunctionType:
        names = [value.__globals__.get("__name__")]
    else:
        names = [class_entries(kind).get("__module__") for kind in lineage(value)]
    return any(type(name) is str and name.partition(".")[0] == "torch" for name in names)


def _value(source: Source, constants: dict[str, np.ndarray], manner: Manner) -> Any:
    if not source.constants:
        return _copied(source.variable)
    arrays = [constants[name] for name in source.constants]
    if len(arrays) > 1 and manner.example != ALL:
        arrays = [arrays[manner.example]]
    series = len(source.constants) > 1
    array = np.stack(arrays) if len(arrays) > 1 else arrays[0]
    if series and manner.indices and _has_one_hot_rows(array):
        return _formed(array.argmax(axis=-1), manner.form)
    return _formed(array, manner.form)


def _formed(array: Any, form: Form) -> Any:
    """Hand an array over in a form; a number as a number of Python's."""
    array = np.asarray(array)
    torch = sys.modules.get("torch")
    if form == "numpy" or torch is None:
        return _number(array) if array.ndim == 0 else array.copy()
    if array.ndim == 0 and array.dtype.kind == "f":
        return _number(array)
    return torch.tensor(array, requires_grad=form == "torch leaf" and array.dtype.kind == "f")


def _number(array: np.ndarray) -> int | float:
    number = array.item()
    return int(number) if float(number).is_integer() else float(number)


def _copied(value: Any) -> Any:
    """Copy an array a call might change; everything else is handed over as it is."""
    return value.copy() if type(value) is np.ndarray else value


def _is_one_hot(named: NamedConstants, names: tuple[str, ...]) -> bool:
    return all(_has_one_hot_rows(named.given[name]) for name in names)


def _has_one_hot_rows(array: np.ndarray) -> bool:
    """Say whether each row has a single 1 among 0s."""
    if array.ndim == 0 or array.shape[-1] < 2:
        return False
    return bool(np.isin(array, (0, 1)).all() and (array.sum(axis=-1) == 1).all())
