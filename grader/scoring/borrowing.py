"""The student's own values in place of given constants: which may stand for which."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import islice, product
from typing import Any

import numpy as np

from grader.observation.model import Observation
from grader.rubric.model import Mistake
from grader.scoring.views import views

Borrowed = Mapping[str, np.ndarray]

_MOST_FOR_A_NAME = 12
_TYPED_DIGITS = 4
_ALIKE = 0.5  # of the entries: a mistyped matrix is mostly right


class Choices:
    """Values of the student's to try in place of constants, and the constants that result."""

    def __init__(self, borrowed: Sequence[Borrowed], given: Mapping[str, Any]) -> None:
        self.borrowed = borrowed
        self.givens = [{**given, **chosen} for chosen in borrowed]


def borrowed_givens(
    given: Mapping[str, Any], mistake: Mistake, observations: Sequence[Observation]
) -> Iterator[dict[str, np.ndarray]]:
    """Yield values of the student's to put in place of given constants, the likeliest first.

    First all that carry a constant's own name, together; then values held at the same
    moment, together; then each alone.

    Args:
        given: the assignment's constants.
        mistake: says which constants may be replaced, and by values of which kind.
        observations: what the student's run produced.

    """
    found = {
        name: list(islice(_candidates(name, given, mistake, observations), _MOST_FOR_A_NAME))
        for name in mistake.given
    }
    seen: set[bytes] = set()
    for choice in _combinations(found):
        key = repr([(name, value.tobytes()) for name, value in sorted(choice.items())]).encode()
        if choice and key not in seen:
            seen.add(key)
            yield choice


Found = tuple[Observation, np.ndarray]


def _combinations(found: Mapping[str, Sequence[Found]]) -> Iterator[dict[str, np.ndarray]]:
    named = {
        name: next((v for o, v in values if _plain(o.path) == _plain(name)), None)
        for name, values in found.items()
    }
    yield {name: value for name, value in named.items() if value is not None}
    cells = sorted({o.cell for values in found.values() for o, _ in values})
    for cell in cells:
        held = {
            name: [value for o, value in values if o.cell == cell] for name, values in found.items()
        }
        present = {name: values for name, values in held.items() if values}
        if len(present) > 1:
            for chosen in product(*present.values()):
                yield dict(zip(present, chosen, strict=True))
    for name, values in found.items():
        for _, value in values:
            yield {name: value}


def _candidates(
    name: str, given: Mapping[str, Any], mistake: Mistake, observations: Sequence[Observation]
) -> Iterator[Found]:
    """Yield values of the constant's shape that are none of the assignment's constants."""
    shape = np.shape(given[name])
    constants = [np.asarray(v, dtype=float) for v in given.values() if np.shape(v) == shape]
    eligible = [o for o in observations if o.origin in ("variable", "attribute", "printed")]
    matching = [o for o in eligible if fnmatchcase(o.path, mistake.given[name])]
    seen: set[bytes] = set()
    for observation in sorted(matching, key=lambda o: (_strangeness(name, o), o.cell)):
        for suffix, values, _ in views(observation, shape):
            value = np.asarray(values, dtype=np.float64) if values.dtype.kind in "biuf" else None
            if value is None or suffix not in ("", ".T") or not np.isfinite(value).all():
                continue
            if not _is_of_kind(value, given[name], observation, name, mistake.values):
                continue
            if any(np.allclose(value, constant, rtol=1e-6, atol=1e-7) for constant in constants):
                continue
            if value.tobytes() not in seen:
                seen.add(value.tobytes())
                yield observation, value


def _is_of_kind(
    value: np.ndarray, constant: Any, observation: Observation, name: str, kind: str
) -> bool:
    """Say whether a value may stand for a constant, by the way it came to be."""
    if kind == "any":
        return True
    if not _is_entered(value):
        return kind == "computed"
    alike = float(np.mean(np.isclose(value, constant)))
    return kind == "entered" and (_strangeness(name, observation) < 2 or alike >= _ALIKE)


def _is_entered(values: np.ndarray) -> bool:
    """Say whether all numbers have as few digits as a person types."""
    entered = np.array([float(f"{value:.{_TYPED_DIGITS}g}") for value in values.ravel()])
    return bool(np.allclose(values.ravel(), entered, rtol=2e-7, atol=1e-12))


def _strangeness(name: str, observation: Observation) -> int:
    path = _plain(observation.path)
    if path == _plain(name):
        return 0
    if path.startswith(_plain(name)):
        return 1
    return 3 if path.endswith("grad") else 2


def _plain(path: str) -> str:
    return path.lower().replace("_", "")
