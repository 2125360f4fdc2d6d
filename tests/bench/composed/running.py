"""Whether a composed program does what it is said to do: its own values against the reference."""

import contextlib
import io
import random
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from tests.bench.composed.assembly import Composition
from tests.bench.composed.data import given_of
from tests.bench.composed.expected import predicted, right_answers
from tests.bench.composed.plan import Half, Truth

_HARMLESS = ("undefined_thing", "trying assert", "torch.ones(2, 3) @")
_CLOSE = {"rtol": 2e-4, "atol": 2e-5}


@dataclass
class Told:
    """What a program told while it ran, by library."""

    values: dict[str, list[dict[str, np.ndarray]]] = field(default_factory=dict)
    draws: list[tuple[str, np.ndarray]] = field(default_factory=list)
    start: dict[str, np.ndarray] = field(default_factory=dict)
    bias: dict[str, np.ndarray] = field(default_factory=dict)
    stream: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def result(self, task: str, **parts: Any) -> None:
        """Take down a result."""
        found = {name: _array(value) for name, value in parts.items()}
        if task == "start":
            self.start, self.draws = found, []
        elif task == "bias":
            self.bias = found
        else:
            self.values.setdefault(task, []).append(found)
        if task == "dropout":
            self.stream = (
                np.concatenate([flags.ravel() for _, flags in self.draws])
                if self.draws
                else self.stream
            )

    def draw(self, flags: Any, turned: bool) -> Any:
        """Take down keep flags; hand them on."""
        seen = _array(flags)
        if self.draws and self.draws[-1][0] == "layer" and self.draws[-1][1].size == seen.size:
            self.draws.pop()
        self.draws.append(("drawn", (seen.T if turned else seen).astype(float)))
        return flags


def _array(value: Any) -> np.ndarray:
    return np.array(value.detach() if isinstance(value, torch.Tensor) else value, dtype=np.float64)


def prove(composition: Composition) -> list[str]:
    """Run a program on one thread and say where it does other than what it is said to do."""
    torch.set_num_threads(1)
    try:
        told = run(composition)
    except Exception as error:
        return [f"{composition.name}: {type(error).__name__}: {error}"]
    return [f"{composition.name} {said}" for said in faults(composition, told)]


def run(composition: Composition, seed: int = 0) -> dict[str, Told]:
    """Run the telling program; return what each half told.

    Raises:
        Exception: what a cell raises that is not meant to.
    """
    np.random.seed(seed)
    random.seed(seed)
    torch.manual_seed(seed)
    told = {"numpy": Told(), "torch": Told()}
    space: dict[str, Any] = {"__name__": "__main__", "display": lambda *shown: None}
    with _dropout_seen(told), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for source in composition.telling:
            _run_cell(source, space, told)
    return told


def _run_cell(source: str, space: dict[str, Any], told: Mapping[str, Told]) -> None:
    if source.startswith("%") or any(word in source and "\n\n" not in source for word in _HARMLESS):
        return
    source = "\n".join(
        line
        for line in source.split("\n")
        if not line.startswith("%") and not any(word in line for word in _HARMLESS)
    )
    space["_told_"] = lambda question, **parts: told[question.split("-")[1]].result(
        question.split("-")[0], **parts
    )
    space["_drawn_"] = lambda flags, turned, library: told[library].draw(flags, turned)
    exec(compile(source, "<composed>", "exec"), space)


@contextlib.contextmanager
def _dropout_seen(told: Mapping[str, Told]) -> Iterator[None]:
    """Have the masks of PyTorch's own dropout told."""
    plain = torch.nn.functional.dropout

    def dropout(
        value: torch.Tensor, p: float = 0.5, training: bool = True, inplace: bool = False
    ) -> torch.Tensor:
        if not training or p == 0:
            return value
        factor = plain(torch.ones_like(value), p, True)
        told["torch"].draws.append(("layer", _array(factor != 0)))
        return value * factor

    native = torch.dropout
    torch.nn.functional.dropout = dropout
    torch.dropout = dropout
    try:
        yield
    finally:
        torch.nn.functional.dropout, torch.dropout = plain, native


def faults(composition: Composition, told: Mapping[str, Told]) -> list[str]:
    """Say where a program does other than what it is said to do."""
    return [
        f"{task}-{half.library} ({truth.deed}, {half.style}): {said}"
        for half in composition.halves
        for task, truth in _truths(composition, half).items()
        if task not in half.typed and (said := _fault(half, task, truth, told[half.library]))
    ]


def _truths(composition: Composition, half: Half) -> dict[str, Truth]:
    return {
        name.split("-")[0]: truth
        for name, truth in composition.truths.items()
        if name.endswith(half.library)
    }


def _fault(half: Half, task: str, truth: Truth, told: Told) -> str:
    seen = told.values.get(task)
    if not seen:
        return "told nothing"
    right = any(_distance(seen, one) < 1 for one in right_answers(half, task, told.stream))
    if truth.odd is not None:
        return "the value is right" if right else ""
    wanted = predicted(half, task, _given(half, task, told), told.stream)
    if wanted is None:
        return "the reference has no such setting"
    worst = _distance(seen, wanted) / (10 if half.single else 1)
    if not worst < 1 and len(set(told.stream)) != 1:  # one unlucky mask, that drops nothing
        return f"not the reference's value ({worst:.3g} times the tolerance)"
    if task == "dropout" and not _drawn_as_said(half, told.stream):
        return f"kept {told.stream.mean():.2f} of the units"
    # Keep and drop swapped shows in how often units are kept, not in what follows from it.
    seen_in_values = truth.mistakes - {"no-rescaling", "keep-drop-swapped"}
    return "the mistake shows nowhere" if seen_in_values and right else ""


def _drawn_as_said(half: Half, stream: np.ndarray) -> bool:
    """Say whether units are kept as often as they are said to be, within five deviations."""
    if half.draws != "fresh" or not len(stream):
        return True
    kept = 0.6 if half.keep == "as_asked" else 0.4
    return bool(abs(stream.mean() - kept) < 5 * np.sqrt(0.24 / len(stream)))


def _given(half: Half, task: str, told: Told) -> dict[str, Any]:
    given = given_of(half)
    if task == "dropout":
        start = {
            name: _upright(name, value, given[name].shape) for name, value in told.start.items()
        }
        if half.reset and any(not np.allclose(start[n], given[n], atol=1e-5) for n in ("w1", "w2")):
            return given | {"w1": np.full((3, 4), np.nan)}
        return given | start
    return given | told.bias


def _upright(name: str, value: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return value if value.shape == shape else value.T


def _distance(seen: list[dict[str, np.ndarray]], wanted: Mapping[str, np.ndarray]) -> float:
    """Return the largest difference between told and wanted values, in tolerances."""
    values = [np.squeeze(value) for parts in seen for value in parts.values()]
    targets = [np.squeeze(value) for value in wanted.values()]
    if len(targets) == 2 and len(values) == 1 and targets[0].shape == targets[1].shape:
        targets = [np.stack(targets)]
    if len(values) != len(targets):
        return np.inf
    return max(_apart(value, target) for value, target in zip(values, targets, strict=True))


def _apart(value: np.ndarray, target: np.ndarray) -> float:
    if value.shape != target.shape:
        value = value.T
    if value.shape != target.shape or not np.isfinite(value).all():
        return np.inf
    return float(
        np.max(np.abs(value - target) / (_CLOSE["atol"] + _CLOSE["rtol"] * np.abs(target)))
    )
