"""What the reference predicts, asked once where no value of a student enters."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.faults import ReferenceFault
from grader.rubric.families import Rows, Together
from grader.rubric.reference import Family, Reference
from grader.scoring.hypothesis import Hypothesis
from grader.scoring.replay import Streams

Parts = dict[str, np.ndarray]


class Predictions:
    """The reference, asked for hypotheses; remembers what does not depend on a submission."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self._families: dict[str, Family] = {}
        self._known: dict[tuple[object, ...], Parts | None] = {}
        self._counts: dict[tuple[object, ...], int] = {}
        self._batches: dict[tuple[tuple[object, ...], ...], Batch | None] = {}

    @property
    def given(self) -> Mapping[str, Any]:
        """The constants the assignment hands out."""
        return self.reference.given

    def same_numbers(self, given: Mapping[str, Any]) -> bool:
        """Say whether constants have the single numbers of the assignment's own."""
        single = (name for name, value in self.given.items() if np.ndim(value) == 0)
        return all(float(given[name]) == float(self.given[name]) for name in single)

    def of(self, hypothesis: Hypothesis) -> Parts | None:
        """Return the parts predicted from the assignment's own constants; None for none."""
        if hypothesis.key not in self._known:
            self._known[hypothesis.key] = self.ask(hypothesis, self.given)
        return self._known[hypothesis.key]

    def ask(
        self, hypothesis: Hypothesis, given: Mapping[str, Any], streams: Streams | None = None
    ) -> Parts | None:
        """Return the parts predicted from `given`; with streams, all of them along axis 0.

        Raises:
            ReferenceFault: a part is no numeric array, or holds a NaN or an infinity.

        """
        family = self._family(hypothesis.expect)
        settings = _settings(hypothesis, family)
        drawn = {} if streams is None else {"masks": streams.flags, "kept": streams.kept}
        try:
            with np.errstate(all="ignore"):  # what is not finite is looked for below
                predicted = family.function(given, **settings, **drawn)
        except SystemExit as ended:
            raise ReferenceFault(f"{hypothesis.expect} ended the program") from ended
        if predicted is None:
            return None
        parts = _parts(hypothesis.expect, predicted)
        self._require_finite(hypothesis, parts, streams is not None)
        return parts

    def together(self, hypotheses: Sequence[Hypothesis]) -> "Batch | None":
        """Return hypotheses to be asked together; None where their family cannot.

        Hypotheses that ask the same get the same batch, whatever question they are of.
        """
        keys = tuple(hypothesis.key for hypothesis in hypotheses)
        if keys not in self._batches:
            self._batches[keys] = self._batch(hypotheses)
        return self._batches[keys]

    def flags_needed(
        self, counter: str, hypothesis: Hypothesis, given: Mapping[str, Any] | None = None
    ) -> int:
        """Return how many keep flags one training consumes, by the reference's own count.

        Args:
            counter: the function of the reference that counts.
            hypothesis: how it was trained.
            given: other constants than the assignment's.

        """
        if given is not None and given is not self.given:
            return int(self.reference.function(counter)(given, **hypothesis.settings))
        key = (counter, *hypothesis.key)
        if key not in self._counts:
            count = self.reference.function(counter)(self.given, **hypothesis.settings)
            self._counts[key] = int(count)
        return self._counts[key]

    def all_flags_needed(
        self, counter: str, batch: "Batch", given: Mapping[str, Any] | None = None
    ) -> set[int]:
        """Return how many keep flags the trainings of a batch consume."""
        if given is not None and given is not self.given:
            return {self.flags_needed(counter, one, given) for one in batch.hypotheses}
        if counter not in batch.counts:
            needed = {self.flags_needed(counter, one) for one in batch.hypotheses}
            batch.counts[counter] = needed
        return batch.counts[counter]

    def _batch(self, hypotheses: Sequence[Hypothesis]) -> "Batch | None":
        families = {hypothesis.expect: hypothesis for hypothesis in hypotheses}
        if len(families) != 1:
            return None
        family = self._family(next(iter(families)))
        if family.at_once is None:
            return None
        together = family.at_once([_settings(hypothesis, family) for hypothesis in hypotheses])
        return Batch(hypotheses, together)

    def _family(self, name: str) -> Family:
        if name not in self._families:
            self._families[name] = self.reference.family(name)
        return self._families[name]

    def _require_finite(self, hypothesis: Hypothesis, parts: Parts, replayed: bool) -> None:
        for value in parts.values():
            # A replayed row of NaN says that the setting does not describe those draws.
            if not replayed and not np.isfinite(value).all():
                where = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
                raise ReferenceFault(f"{hypothesis.expect} returned {value[where]} at {where}")


class Batch:
    """Hypotheses of one family that are predicted together."""

    def __init__(self, hypotheses: Sequence[Hypothesis], together: Together) -> None:
        self.hypotheses = tuple(hypotheses)
        self.counts: dict[str, set[int]] = {}  # of keep flags, as the reference counts them
        self._together = together
        self._places = {hypothesis.key: n for n, hypothesis in enumerate(hypotheses)}

    def place(self, hypothesis: Hypothesis) -> int:
        """Return the index that the rows of a hypothesis bear."""
        return self._places[hypothesis.key]

    def ask(
        self, givens: Sequence[Mapping[str, Any]], streams: Mapping[int, Streams]
    ) -> Sequence[Rows] | None:
        """Return all rows of all hypotheses; None where they have to be asked one by one."""
        drawn = {count: (some.flags, some.kept) for count, some in streams.items()}
        try:
            with np.errstate(all="ignore"):
                return self._together(givens, drawn)
        except Exception:  # asked one by one, the family says which of them it cannot do
            return None


def _settings(hypothesis: Hypothesis, family: Family) -> dict[str, Any]:
    return {name: v for name, v in hypothesis.settings.items() if name in family.settings}


def _parts(family: str, predicted: object) -> Parts:
    """Read what a family returned as named arrays of real numbers."""
    if not isinstance(predicted, Mapping) or not predicted:
        raise ReferenceFault(f"{family} must return a dict of parts, or None")
    parts = {name: np.asarray(value) for name, value in predicted.items()}
    for name, value in parts.items():
        if not isinstance(name, str) or value.dtype.kind not in "biuf" or not value.size:
            raise ReferenceFault(f"{family} returned no real numbers for {name!r}")
    return parts
