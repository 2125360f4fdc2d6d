"""Distributions of simulated trainings, made once and kept on disk for the next run."""

import hashlib
import inspect
import logging
import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from grader.recording.arrays import load_arrays, save_arrays
from grader.rubric.model import Question
from grader.rubric.reference import Reference
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.predictions import Predictions
from grader.scoring.random.closeness import Distribution
from grader.scoring.random.distribution import Listed, distribution_from, spread_of
from grader.scoring.random.simulation import simulate

TRAININGS = 20_000
"""How many trainings a verdict rests on."""

SCREENED = 400
"""How many tell that a hypothesis is out of the question."""

_FORMAT = 1  # counted up when what is kept, or how it is simulated, changes
_SEED = 4
_REMEMBERED = 8  # fresh simulations, 3 MB each
_NOTHING = {"nothing": np.zeros(1)}  # kept for hypotheses that describe no training

log = logging.getLogger("grader")


class Simulations:
    """What trainings lead to under the hypotheses of a reference."""

    def __init__(self, predictions: Predictions, folder: Path | None = None) -> None:
        """Take the folder to keep distributions in, or the user's own for such things."""
        self._predictions = predictions
        self._folder = folder or cache_folder()
        self._known: dict[tuple[object, ...], Distribution | None] = {}
        self._fresh: dict[tuple[object, ...], np.ndarray] = {}
        self._others: dict[tuple[object, ...], Mapping[str, np.ndarray]] = {}

    def of(
        self, question: Question, hypothesis: Hypothesis, trainings: int = TRAININGS
    ) -> Distribution | None:
        """Return the distribution of so many trainings; None where there are none."""
        key = (question.draws, question.rate, trainings, *hypothesis.key)
        if key not in self._known:
            self._known[key] = self._kept(key, question, hypothesis, trainings)
        return self._known[key]

    def fresh(self, question: Question, hypothesis: Hypothesis, seed: int) -> np.ndarray:
        """Return results of trainings other than those of its distribution, (TRAININGS, D).

        Raises:
            ValueError: the hypothesis describes no training.

        """
        key = (question.draws, question.rate, seed, *hypothesis.key)
        if key not in self._fresh:
            found = simulate(self._predictions, question, hypothesis, TRAININGS, seed)
            if found is None:
                raise ValueError(f"no training: {hypothesis.key}")
            while len(self._fresh) >= _REMEMBERED:
                del self._fresh[next(iter(self._fresh))]
            results = found.results
            if found.complete:  # each as often as any other
                chosen = np.random.default_rng(seed).integers(len(results), size=TRAININGS)
                results = results[chosen]
            self._fresh[key] = results
        return self._fresh[key]

    def kept(self, question: Question, key: tuple[object, ...]) -> Mapping[str, np.ndarray]:
        """Return what was kept of a question's simulations under a key; nothing for nothing."""
        whole = (question.draws, question.rate, TRAININGS, *key)
        if whole not in self._others:
            path = self._path(whole)
            self._others[whole] = (load_arrays(path) if path else None) or {}
        return self._others[whole]

    def keep(
        self, question: Question, key: tuple[object, ...], arrays: Mapping[str, np.ndarray]
    ) -> None:
        """Keep what follows from a question's simulations, for the next run as well."""
        whole = (question.draws, question.rate, TRAININGS, *key)
        self._others[whole] = arrays
        _keep(self._path(whole), arrays)

    def _kept(
        self, key: tuple[object, ...], question: Question, hypothesis: Hypothesis, trainings: int
    ) -> Distribution | None:
        path = self._path(key)
        arrays = load_arrays(path) if path else None
        if arrays is not None and set(arrays) == set(_NOTHING):
            return None
        found = distribution_from(arrays) if arrays else None
        if found is None:
            found = self._simulated(question, hypothesis, trainings)
            _keep(path, found.arrays() if found else _NOTHING)
        return found

    def _simulated(
        self, question: Question, hypothesis: Hypothesis, trainings: int
    ) -> Distribution | None:
        found = simulate(self._predictions, question, hypothesis, trainings, _SEED)
        if found is None:
            return None
        return Listed(found.results) if found.complete else spread_of(found.results)

    def _path(self, key: tuple[object, ...]) -> Path | None:
        if self._folder is None or not self._digest:
            return None
        name = hashlib.sha256(repr((self._digest, *key)).encode()).hexdigest()
        return self._folder / name[:2] / f"{name[2:34]}.npz"

    @cached_property
    def _digest(self) -> str:
        """A digest of all that distributions depend on; empty where that cannot be told."""
        sources = reference_sources(self._predictions.reference)
        if not sources:
            return ""
        numpy = np.__version__.split(".", maxsplit=1)[0]
        whole = hashlib.sha256(repr((_FORMAT, _SEED, numpy)).encode())
        for name, constant in sorted(self._predictions.given.items()):
            array = np.asarray(constant)
            if array.dtype.kind not in "biufcUS":
                return ""
            whole.update(repr((name, array.dtype.str, array.shape)).encode() + array.tobytes())
        for source in sources:
            whole.update(hashlib.sha256(source).digest())
        return whole.hexdigest()


def reference_sources(reference: Reference) -> list[bytes]:
    """Return the sources a reference may be made of: the files in its functions' folders.

    Returns:
        Their contents in a fixed order; none where a function's source is not known.

    """
    try:
        files = [inspect.getsourcefile(function) for function in reference.functions.values()]
        folders = {Path(file).parent for file in files if file}
        if not folders or None in files:
            return []
        found = sorted(path for folder in folders for path in folder.glob("*.py"))
        return [path.name.encode() + b"\n" + path.read_bytes() for path in found]
    except (OSError, TypeError):
        return []


def cache_folder() -> Path | None:
    """Return where this user's programs keep what can be made again; None for nowhere."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    try:
        folder = Path(named) if Path(named).is_absolute() else Path.home() / ".cache"
    except RuntimeError:  # a user without a home
        return None
    return folder / "gradmark" / "simulations"


def _keep(path: Path | None, arrays: Mapping[str, np.ndarray]) -> None:
    if path is None:
        return
    try:
        save_arrays(path, arrays)
    except OSError as error:  # simulated again, then
        log.debug("nothing kept in %s: %s", path, error)
