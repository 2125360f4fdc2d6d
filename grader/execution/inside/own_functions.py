"""The functions and methods a notebook defines, and what of its variables they read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any

from .types_of import class_entries, is_students, lineage

MOST = 40  # functions looked at
MOST_CODES = 200  # blocks of code looked into for one of them
_LIKELY = re.compile(
    r".*(loss|cost|entropy|error|objective|criterion|nll|mse|energy).*|(.*\.)?[JL]", re.IGNORECASE
)
_COMPUTES_LOSS = re.compile(
    r"log(1p|2|10|sumexp|_.+)?|.*(loss|entropy|criterion|nll).*", re.IGNORECASE
)
# Such a function moves weights by itself, takes long, and is no loss.
_TRAINS = re.compile(r"train|fit|epoch|update|optimi[sz]e|learn|plot", re.IGNORECASE)
_TRAINING_PARAMETERS = re.compile(r"lr|eta|.*(epoch|learning_?rate|iterations|n_?steps).*", re.I)


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function; one with a default can be left out."""

    name: str
    optional: bool


@dataclass(frozen=True)
class OwnFunction:
    """A function of the notebook's, or a method together with its object."""

    name: str  # as it is called: "loss", "net.loss"
    function: FunctionType
    owner: tuple[object, ...] = ()  # empty, or the object that the first parameter is

    @property
    def parameters(self) -> list[Parameter]:
        """The parameters a caller fills."""
        code, defaults = self.function.__code__, self.function.__defaults__ or ()
        first = code.co_argcount - len(defaults)
        plain = [
            Parameter(name, place >= first)
            for place, name in enumerate(code.co_varnames[: code.co_argcount])
        ]
        end = code.co_argcount + code.co_kwonlyargcount
        optional = self.function.__kwdefaults__ or {}
        named = code.co_varnames[code.co_argcount : end]
        keywords = [Parameter(name, name in optional) for name in named]
        return plain[len(self.owner) :] + keywords

    @property
    def may_be_loss(self) -> bool:
        """Whether it has the name of a loss, or computes what losses are made of; no training."""
        computes = any(map(_COMPUTES_LOSS.fullmatch, self.function.__code__.co_names))
        trains = _TRAINS.search(self.name.rpartition(".")[2]) is not None and not self.is_named_loss
        parameters = (parameter.name for parameter in self.parameters)
        return (
            (self.is_named_loss or computes)
            and not trains
            and not any(map(_TRAINING_PARAMETERS.fullmatch, parameters))
        )

    @property
    def is_named_loss(self) -> bool:
        """Whether it has the name of a loss."""
        return _LIKELY.fullmatch(self.name) is not None


def own_functions(namespace: dict[str, Any]) -> list[OwnFunction]:
    """List the functions of the notebook that may be losses, those so named first."""
    found: dict[tuple[object, ...], OwnFunction] = {}
    for name, value in list(namespace.items()):
        if type(name) is str and not name.startswith("_"):
            for one in _functions_of(name, value, namespace):
                found.setdefault((one.function, tuple(map(id, one.owner))), one)
    wanted = [one for one in found.values() if one.may_be_loss]
    return sorted(wanted, key=lambda one: not one.is_named_loss)[:MOST]


def names_read(one: OwnFunction, namespace: dict[str, Any]) -> set[str]:
    """Name the variables of the notebook that a function may read, itself or by others it calls."""
    waiting = [one.function.__code__]
    for kind in {kind for owner in one.owner for kind in lineage(owner)}:
        if is_students(kind):
            waiting += [f.__code__ for f in class_entries(kind).values() if type(f) is FunctionType]
    seen: set[CodeType] = set()
    names: set[str] = set()
    while waiting and len(seen) < MOST_CODES:
        code = waiting.pop()
        if code not in seen:
            seen.add(code)
            new = [name for name in code.co_names if name in namespace and name not in names]
            names.update(new)
            waiting += [const for const in code.co_consts if type(const) is CodeType]
            waiting += [c for name in new for c in _codes(namespace[name])]
    return names


def _functions_of(name: str, value: Any, namespace: dict[str, Any]) -> Iterator[OwnFunction]:
    """Yield a function, or the methods of an object of a class of the notebook's."""
    if type(value) is FunctionType:
        if value.__globals__ is namespace:
            yield OwnFunction(name, value)
        return
    for kind in lineage(value):
        if is_students(kind):
            for method, entry in class_entries(kind).items():
                fixed = type(entry) is staticmethod
                function = entry.__func__ if fixed else entry
                if type(function) is FunctionType and not method.startswith("__"):
                    owner = () if fixed else (value,)
                    yield OwnFunction(f"{name}.{method}", function, owner)


def _codes(value: Any) -> list[CodeType]:
    """Give the code of a function, or of the methods of an object's class, or of a class."""
    if type(value) is FunctionType:
        return [value.__code__]
    kinds = lineage(value)
    own = [kind for kind in kinds if is_students(kind)]
    if type in kinds and is_students(value):
        own.append(value)
    entries = [entry for kind in own for entry in class_entries(kind).values()]
    return [entry.__code__ for entry in entries if type(entry) is FunctionType]
