"""What the reference predicts, asked once where no value of a student enters."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.faults import ReferenceFault
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

    @property
    def given(self) -> Mapping[str, Any]:
        """The constants the assignment hands out."""
        return self.reference.given

    def of(self, hypothesis: Hypothesis) -> Parts | None:
        """Return the parts predicted from the assignment's own constants; None for none."""
        key = (hypothesis.expect, *sorted(hypothesis.settings.items()))
        if key not in self._known:
            self._known[key] = self.ask(hypothesis, self.given)
        return self._known[key]

    def ask(
        self, hypothesis: Hypothesis, given: Mapping[str, Any], streams: Streams | None = None
    ) -> Parts | None:
        """Return the parts predicted from `given`; with streams, all of them along axis 0.

        Raises:
            ReferenceFault: a part is no numeric array, or holds a NaN or an infinity.

        """
        family = self._family(hypothesis.expect)
        settings = {k: v for k, v in hypothesis.settings.items() if k in family.settings}
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

    def flags_needed(self, counter: str, hypothesis: Hypothesis) -> int:
        """Return how many keep flags one training consumes, by the reference's own count."""
        return int(self.reference.function(counter)(self.given, **hypothesis.settings))

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


def _parts(family: str, predicted: object) -> Parts:
    """Read what a family returned as named arrays of real numbers."""
    if not isinstance(predicted, Mapping) or not predicted:
        raise ReferenceFault(f"{family} must return a dict of parts, or None")
    parts = {name: np.asarray(value) for name, value in predicted.items()}
    for name, value in parts.items():
        if not isinstance(name, str) or value.dtype.kind not in "biuf" or not value.size:
            raise ReferenceFault(f"{family} returned no real numbers for {name!r}")
    return parts
