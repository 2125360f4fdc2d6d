"""NumPy's and Python's random functions, watched: same numbers, same looks."""

import random
from functools import wraps
from typing import Any

import numpy as np

from .parameters import Describe, choice, integers, named, standard, unit
from .stand_in import drop_own_frames, stand_in
from .tape import Tape

NORMAL = named(loc=("mean", 0.0), scale=("std", 1.0))
GAUSS = named(mu=("mean", 0.0), sigma=("std", 1.0))
UNIFORM = named(low=("low", 0.0), high=("high", 1.0))
BETWEEN = named(a=("low", None), b=("high", None))
BINOMIAL = named(n=("n", None), p=("p", None))
CHOICE = choice("a", "size", "replace", "p")
NOTHING = named()

LEGACY: dict[str, Describe] = {
    **dict.fromkeys(("rand", "random", "random_sample", "ranf", "sample"), unit),
    "uniform": UNIFORM,
    "binomial": BINOMIAL,
    "randint": integers,
    "choice": CHOICE,
    **dict.fromkeys(("randn", "standard_normal"), standard),
    "normal": NORMAL,
    "permutation": NOTHING,
}
MODERN: dict[str, Describe] = {
    "random": unit,
    "uniform": UNIFORM,
    "binomial": BINOMIAL,
    "integers": integers,
    "choice": CHOICE,
    "standard_normal": standard,
    "normal": NORMAL,
    "permutation": NOTHING,
}
PYTHON: dict[str, Describe] = {
    "random": unit,
    "uniform": BETWEEN,
    "randint": BETWEEN,
    "randrange": NOTHING,
    "choice": choice("seq"),
    "choices": choice("population", "weights"),
    "sample": NOTHING,
    **dict.fromkeys(("gauss", "normalvariate"), GAUSS),
}


def watch_numpy(tape: Tape) -> None:
    """Watch the functions of `numpy.random` and the generators made from now on."""
    for name, describe in LEGACY.items():
        _watch(np.random, name, "numpy", describe, tape)
    for name, describes in (("Generator", MODERN), ("RandomState", LEGACY)):
        setattr(np.random, name, _watched_class(getattr(np.random, name), describes, tape))
    np.random.default_rng = stand_in(np.random.default_rng, _default_rng(np.random.default_rng))


def watch_python(tape: Tape) -> None:
    """Watch the functions of the module `random`."""
    for name, describe in PYTHON.items():
        _watch(random, name, "python", describe, tape)


def _watch(module: Any, name: str, generator: str, describe: Describe, tape: Tape) -> None:
    """Watch one function of a module."""
    original = getattr(module, name)
    setattr(module, name, stand_in(original, tape.watched(generator, name, original, describe)))


def _default_rng(original: Any) -> Any:
    """Make a function that gives a watched generator of the same stream."""
    watched: Any = np.random.Generator
    plain = watched.__mro__[1]

    def default_rng(*args: Any, **kwargs: Any) -> Any:
        try:
            rng = original(*args, **kwargs)
        except BaseException as raised:
            drop_own_frames(raised)
            raise
        if type(rng) is not plain or any(rng is given for given in (*args, *kwargs.values())):
            return rng
        return watched(rng.bit_generator)

    return default_rng


def _watched_class(base: Any, describes: dict[str, Describe], tape: Tape) -> Any:
    """Derive a class of generators that passes for its base, and whose methods are watched."""

    class Watched(type(base)):  # type: ignore[misc]
        """Counts the base's own instances as instances, as if the two were one class."""

        def __instancecheck__(cls, instance: object) -> bool:
            return (
                isinstance(instance, base) if cls is made else super().__instancecheck__(instance)
            )

        def __subclasscheck__(cls, subclass: type) -> bool:
            return (
                issubclass(subclass, base) if cls is made else super().__subclasscheck__(subclass)
            )

    entries = {
        "__module__": base.__module__,
        "__qualname__": base.__qualname__,
        "__doc__": base.__doc__,
    }
    for name in describes.keys() & set(dir(base)):
        method = getattr(base, name)
        entries[name] = wraps(method)(_method(tape, name, method, describes[name]))
    made: Any = Watched(base.__name__, (base,), entries)
    return made


def _method(tape: Tape, name: str, method: Any, describe: Describe) -> Any:
    """Watch a method; its first argument is the generator itself."""
    return tape.watched("numpy", name, method, lambda args, kwargs: describe(args[1:], kwargs))
