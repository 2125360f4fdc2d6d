"""Which of an assignment's given constants a student's name stands for."""

import re
from collections.abc import Mapping

import numpy as np

ALIASES = {
    "x": {"xs", "input", "inputs", "inp", "feature", "features", "data", "sample", "samples"},
    "y": {"ys", "t", "target", "targets", "label", "labels", "onehot"},
    "w": {"weight", "weights", "wt", "wts"},
    "b": {"bias", "biases"},
    "learningrate": {"lr", "eta", "alpha"},
}
_STEMS = {alias: stem for stem, aliases in ALIASES.items() for alias in aliases}
# What is put behind a name without making another quantity of it.
_DECORATION = frozenset({"np", "numpy", "torch", "t", "tensor", "array", "mat", "matrix"})
_DECORATION |= {"init", "initial", "start", "copy", "batch", "data", "train", "all"}
_DECORATION |= {"true", "one", "hot", "onehot"}
_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]*|\d+")


class NamedConstants:
    """Given constants, found by the names students give them: x_1, X1, inputs1; x_train, X."""

    def __init__(self, given: Mapping[str, np.ndarray]) -> None:
        self.given = {name: np.asarray(array, dtype=np.float64) for name, array in given.items()}
        self._by_plain = {"".join(_words(name)): name for name in self.given}
        self._groups = _groups(self.given)

    @property
    def examples(self) -> int:
        """How many examples there are, as numbered constants of one shape tell."""
        return max((len(names) for names in self._groups.values()), default=0)

    def single(self, name: str) -> str | None:
        """Return the constant a name stands for; None where it is none, or several."""
        return next((self._by_plain[n] for n in _readings(name) if n in self._by_plain), None)

    def series(self, name: str) -> tuple[str, ...]:
        """Return the constants that a name without a number stands for: x1, x2 ... of x."""
        if self.single(name) is not None:
            return ()
        return next((self._groups[n] for n in _readings(name) if n in self._groups), ())


def _readings(name: str) -> tuple[str, str]:
    """Reduce a name to what a constant's may be: "X_1_np" to "x1np", and to "x1"."""
    words = _words(name)
    kept = [words[0], *(word for word in words[1:] if word not in _DECORATION)] if words else []
    numbers = [word for word in kept if word.isdigit()]
    stem = "".join(word for word in kept if not word.isdigit())
    return "".join(words), _STEMS.get(stem, stem) + "".join(numbers)


def _words(name: str) -> list[str]:
    """Split a name into its words and numbers."""
    parts = [name] if name.isupper() else _WORDS.findall(name)
    if parts == [name]:
        parts = re.findall(r"[A-Za-z]+|\d+", name)
    return [part.lower() for part in parts]


def _groups(given: Mapping[str, np.ndarray]) -> dict[str, tuple[str, ...]]:
    """Put constants together that differ in a number only and have one shape: examples."""
    found: dict[str, list[str]] = {}
    for name in given:
        *stem, number = _words(name) or [""]
        if stem and number.isdigit():
            found.setdefault("".join(stem), []).append(name)
    return {
        stem: tuple(sorted(names, key=lambda name: int(_words(name)[-1])))
        for stem, names in found.items()
        if len(names) > 1 and len({given[name].shape for name in names}) == 1
    }
