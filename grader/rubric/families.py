"""The functions of a reference, and the settings they understand."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, get_args, get_origin, get_type_hints

import numpy as np

from grader.faults import ReferenceFault
from grader.rubric.table import Setting
from grader.rubric.wording import close_match, quote

DRAWN = ("masks", "kept")
"""Keywords by which a family of random training is handed recorded draws."""


class Rows(Protocol):
    """Rows predicted together, each under one setting, from one set of constants and one stream.

    The first three hold the indices of these, shape (R,); the parts have shape (R, ...).
    """

    @property
    def settings(self) -> np.ndarray:
        """Which of the settings each row was predicted under."""

    @property
    def givens(self) -> np.ndarray:
        """Which set of constants each row was predicted from."""

    @property
    def streams(self) -> np.ndarray:
        """Which stream of keep flags each row was predicted from."""

    @property
    def parts(self) -> Mapping[str, np.ndarray]:
        """The parts of the answer."""


Streams = Mapping[int, tuple[np.ndarray, np.ndarray]]  # keep flags and their chances, by length
Together = Callable[[Sequence[Mapping[str, Any]], Streams], Sequence[Rows]]


@dataclass(frozen=True)
class Family:
    """A function that predicts an answer under each of its settings."""

    name: str
    function: Callable[..., Any]
    settings: Mapping[str, tuple[Setting, ...]]  # the values each may have, as the Literal lists
    defaults: Mapping[str, Setting]
    takes_masks: bool
    at_once: Callable[[Sequence[Mapping[str, Setting]]], Together] | None = None
    """Prepares settings to be predicted together, where the family can; `reference.at_once`."""


@dataclass(frozen=True)
class Reference:
    """The given constants of an assignment and the functions that predict its answers."""

    name: str  # as the rubric names it
    given: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]]  # those whose first argument is `given`
    perturbed: Mapping[str, Any] = field(default_factory=dict)  # other values for some of `given`
    makers: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    """Functions whose first argument is `seed`: they make the inputs of probes."""

    def function(self, name: str) -> Callable[..., Any]:
        """Return a function by name.

        Raises:
            ReferenceFault: there is none of that name that takes `given`.
        """
        if name not in self.functions:
            match = close_match(name, self.functions)
            hint = f"; did you mean {quote(match)}?" if match else ""
            raise ReferenceFault(f"{self.name} has no function {quote(name)}{hint}")
        return self.functions[name]

    def inputs(self, name: str) -> Callable[..., Any]:
        """Return a function that makes inputs, by name.

        Raises:
            ReferenceFault: there is none of that name that takes `seed`.
        """
        if name not in self.makers:
            match = close_match(name, self.makers)
            hint = f"; did you mean {quote(match)}?" if match else ""
            raise ReferenceFault(f"{self.name} has no function {quote(name)} of a seed{hint}")
        return self.makers[name]

    def family(self, name: str) -> Family:
        """Return a function with the settings it understands.

        Raises:
            ReferenceFault: there is none, or its settings cannot be told from its signature.
        """
        return read_family(name, self.function(name), self.name)

    @property
    def families(self) -> list[str]:
        """The names of the functions that predict answers, as far as their signatures tell."""
        return [name for name, function in self.functions.items() if _is_family(function)]


def takes(value: object, first: str) -> bool:
    """Tell a function of a reference, by its first argument, from everything else in a module."""
    if not callable(value) or isinstance(value, type):
        return False
    try:
        parameters = list(inspect.signature(value).parameters.values())
    except (TypeError, ValueError):
        return False
    return bool(parameters) and parameters[0].name == first


def read_family(name: str, function: Callable[..., Any], reference: str) -> Family:
    """Read the settings off a function's signature."""
    whose = f"{reference}, function {quote(name)}"
    _, *options = inspect.signature(function).parameters.values()
    hints = _hints(function, whose)
    settings, defaults = {}, {}
    for option in options:
        if option.kind is not inspect.Parameter.KEYWORD_ONLY:
            must = "its settings must be keywords after a *, each by its own name"
            raise ReferenceFault(f"{whose}: {must}; found {quote(str(option))}")
        if option.name not in DRAWN:
            settings[option.name] = _values(option, hints.get(option.name), whose)
            defaults[option.name] = option.default
    takes_masks = any(option.name == "masks" for option in options)
    prepare = getattr(function, "at_once", None)
    return Family(name, function, settings, defaults, takes_masks, prepare)


def is_among(value: object, values: Iterable[object]) -> bool:
    """Look a value up without taking 1 for true, as == does."""
    return any(type(value) is type(known) and value == known for known in values)


def _is_family(function: Callable[..., Any]) -> bool:
    _, *options = inspect.signature(function).parameters.values()
    return all(option.kind is inspect.Parameter.KEYWORD_ONLY for option in options)


def _hints(function: Callable[..., Any], whose: str) -> dict[str, Any]:
    try:
        return get_type_hints(function)
    except Exception as error:  # an annotation is evaluated, and may do anything
        raise ReferenceFault(f"{whose}: an annotation cannot be read: {error}") from error


def _values(option: inspect.Parameter, hint: Any, whose: str) -> tuple[Setting, ...]:
    hint = bool if hint is bool else getattr(hint, "__value__", hint)
    values = (True, False) if hint is bool else get_args(hint)
    setting = f"{whose}: the setting {quote(option.name)}"
    if hint is not bool and get_origin(hint) is not Literal:
        raise ReferenceFault(f"{setting} must list its values in a Literal[...]")
    if not all(isinstance(value, str | bool | int) for value in values):
        raise ReferenceFault(f"{setting} may only have texts, whole numbers and True or False")
    if not is_among(option.default, values):
        raise ReferenceFault(f"{setting} must have one of its values as default")
    return values
