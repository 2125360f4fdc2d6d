"""Recordings made without a notebook: what a run would leave behind under one hypothesis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

import numpy as np

from grader.execution.outcome import CellRun
from grader.faults import ReferenceFault
from grader.recording.model import Draws, Library, RecordedValue, Recording
from grader.rubric.model import Mistake, Question
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.predictions import Parts, Predictions
from grader.trial.solution import notebook_of
from grader.trial.streams import draw

_SEED = 7


@dataclass(frozen=True)
class Predicted:
    """The parts of an answer, and the numbers drawn for it."""

    parts: Parts
    numbers: np.ndarray | None = None


def predict(
    hypothesis: Hypothesis,
    question: Question,
    predictions: Predictions,
    changed: Mapping[str, np.ndarray],
) -> Predicted | None:
    """Predict an answer from the given constants, some of them changed; None for none."""
    given = {**predictions.given, **changed}
    parts = predictions.ask(hypothesis, given)
    if parts and question.draws:
        parts = {name: part[0] for name, part in parts.items()}
    if parts:
        return Predicted(parts)
    drawn = draw(hypothesis, question, predictions, given)
    return Predicted(drawn.parts, drawn.numbers) if drawn else None


def changed_constants(
    mistake: Mistake, names: Sequence[str], given: Mapping[str, Any], question: Question
) -> dict[str, np.ndarray]:
    """Make up other values for given constants, of the kind a mistake allows.

    Entered ones have one entry mistyped; computed ones have moved everywhere. Tensors hold
    them in single precision, and the answer is what follows from what is held.
    """
    rng = np.random.default_rng(_SEED)
    changed = {}
    for name in names:
        constant = np.asarray(given[name], dtype=np.float64)
        other = _moved(constant, rng) if mistake.values == "computed" else _mistyped(constant)
        single = question.library == "torch" and other.ndim
        changed[name] = other.astype(np.float32).astype(np.float64) if single else other
    return changed


def record(
    predicted: Predicted,
    question: Question,
    given: Mapping[str, Any],
    changed: Mapping[str, tuple[str, np.ndarray]],
    *,
    literal: bool = False,
) -> Recording:
    """Put down a run that held the constants and then the answer, and drew the numbers.

    Args:
        predicted: the answer.
        question: says which library it is computed by.
        given: the assignment's constants.
        changed: the student's own in place of some of them, each with its path.
        literal: the answer stands in the source as it is.
    """
    library: Library = "torch" if question.library == "torch" else "numpy"
    held = {name: (name, np.asarray(value)) for name, value in given.items() if np.ndim(value)}
    held |= {name: (path, value) for name, (path, value) in changed.items()}
    answer = {f"answer_{name}": part for name, part in predicted.parts.items()}
    values = [_value(path, value, 1, library) for path, value in held.values() if value.ndim]
    values += [_value(path, value, 2, library) for path, value in answer.items()]
    typed = "\n".join(f"{path} = {value.tolist()}" for path, value in answer.items())
    sources = (_single_numbers(given, changed), typed if literal else "pass")
    notebook = notebook_of(sources)
    return Recording(
        submission="trial",
        file="trial.ipynb",
        key="trial",
        cells=tuple(CellRun(n, source, "ok") for n, source in enumerate(sources, start=1)),
        values=tuple(values),
        draws=_draws(predicted.numbers, library),
        torch_cells={1: ("float32",), 2: ("float32",)} if library == "torch" else {},
        handed_in=notebook,
        executed=notebook,
    )


def _single_numbers(given: Mapping[str, Any], changed: Mapping[str, tuple[str, np.ndarray]]) -> str:
    """Write down the single numbers as source: there they are read, not among the values."""
    lines = []
    for name, constant in given.items():
        if not np.ndim(constant):
            path, value = changed.get(name, (name, np.asarray(constant)))
            whole = np.asarray(constant).dtype.kind in "iu"
            lines.append(f"{path} = {int(value) if whole else float(value)!r}")
    return "\n".join(lines) or "pass"


def path_for(name: str, pattern: str) -> str:
    """Return a name that a student's value for a constant may have, matching a pattern.

    Raises:
        ReferenceFault: none that could be made up does.
    """
    for path in (name, pattern.replace("*", name, 1).replace("*", "").replace("?", "x")):
        if fnmatchcase(path, pattern):
            return path
    raise ReferenceFault(f"no name was found for {name} that matches {pattern!r}")


def _value(path: str, array: np.ndarray, cell: int, library: Library) -> RecordedValue:
    if library == "torch":
        array = array.astype(np.float32)
    return RecordedValue(
        array=array, origin="variable", cell=cell, last_cell=2, path=path, library=library
    )


def _draws(numbers: np.ndarray | None, library: Library) -> tuple[Draws, ...]:
    if numbers is None:
        return ()
    generator: Literal["numpy", "torch"] = "torch" if library == "torch" else "numpy"
    call = "rand" if generator == "torch" else "random"
    return (Draws(array=numbers, cell=2, generator=generator, call=call),)


def _mistyped(constant: np.ndarray) -> np.ndarray:
    """Change one entry, the one in the middle, by about a tenth of the largest."""
    flat = constant.ravel().copy()
    step = float(f"{0.1 * (np.max(np.abs(flat), initial=0.0) or 1.0):.1g}")
    place = len(flat) // 2
    flat[place] = float(f"{flat[place] + step:.4g}")
    return flat.reshape(constant.shape)


def _moved(constant: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Move every entry by up to a fifth of the largest; by up to one half where all are 0."""
    scale = 0.2 * float(np.max(np.abs(constant), initial=0.0)) or 0.5
    moved: np.ndarray = constant + scale * rng.uniform(-1, 1, constant.shape)
    return moved
