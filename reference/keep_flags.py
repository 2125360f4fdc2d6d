"""The order in which a training consumes its keep flags, and which streams fit a setting.

A stream is the row of K keep flags (1 keep, 0 drop) one training consumes, in the order
drawn. Axes: S streams, E epochs, N examples, U units of the layer dropout is applied to,
T gradient steps of G examples each.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from reference.settings import TrainingSettings


@dataclass(frozen=True)
class Order:
    """How many examples and units there are to mask, and when."""

    settings: TrainingSettings
    examples: int
    units: int

    @property
    def masks_an_epoch(self) -> int:
        """How many masks the examples need in an epoch."""
        return 1 if self.settings.mask_per == "batch" else self.examples

    @property
    def epochs_drawn(self) -> int:
        """For how many epochs masks are drawn."""
        return 1 if self.settings.draws == "same" else self.settings.epochs

    @property
    def steps(self) -> int:
        """T, the number of gradient steps of one training."""
        return self.settings.epochs * (1 if self.settings.batch == "together" else self.examples)

    @property
    def length(self) -> int:
        """K, the number of keep flags one training consumes."""
        if self.settings.dropout == "none" or self.settings.repeats_another:
            return 0
        return self.epochs_drawn * self.masks_an_epoch * self.units

    def by_epoch(self, masks: np.ndarray) -> np.ndarray:
        """Arrange streams (S, K) as (S, E, N, U); with E or N of 1 where masks are shared."""
        epochs, examples = self.epochs_drawn, self.masks_an_epoch
        if self.settings.batch == "in_turn":
            return masks.reshape(-1, examples, epochs, self.units).swapaxes(1, 2)
        return masks.reshape(-1, epochs, examples, self.units)

    def by_step(self, masks: np.ndarray) -> np.ndarray:
        """Arrange streams (S, K) as (S, T, G, U), repeating masks that are drawn once."""
        streams, _, examples, units = (flags := self.by_epoch(masks)).shape
        flags = np.broadcast_to(flags, (streams, self.settings.epochs, examples, units))
        if self.settings.batch == "together":
            return flags
        if self.settings.batch == "in_turn":
            flags = flags.swapaxes(1, 2)
        return flags.reshape(streams, self.steps, 1, units)

    def examples_of_steps(self) -> list[slice]:
        """Say which examples each of the T steps is taken on."""
        singly = [slice(n, n + 1) for n in range(self.examples)]
        if self.settings.batch == "apart":
            return singly * self.settings.epochs
        if self.settings.batch == "in_turn":
            return [one for one in singly for _ in range(self.settings.epochs)]
        return [slice(None)] * self.settings.epochs

    def described(self, masks: np.ndarray, kept: np.ndarray | None) -> np.ndarray:
        """Say which streams may have come about as the settings say, shape (S,).

        Args:
            masks: keep flags in the order drawn, shape (S, K).
            kept: the probability with which each stream's flags are 1, shape (S,); None
                where it is known to be the one the settings ask for.
        """
        settings = self.settings
        fits = np.ones(len(masks), dtype=bool)
        if kept is not None:
            asked = 1 - settings.rate if settings.keep == "as_asked" else settings.rate
            fits &= np.abs(np.asarray(kept) - asked) < 1e-6
        if settings.epochs > 1 and settings.draws != "same":
            flags = self.by_epoch(masks)
            repeated = (flags == flags[:, :1]).all(axis=(1, 2, 3))
            fits &= repeated if settings.draws == "repeated" else ~repeated
        if settings.draws != "fresh":
            # Keeping all units in all epochs is no dropout, and keeping none no training.
            fits &= (masks == 0).any(axis=1) & (masks == 1).any(axis=1)
        return fits


def fill_rows(rows: np.ndarray, parts: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Spread values of some streams over all of them, NaN where a stream has none.

    Args:
        rows: which streams the values belong to, shape (S,), bool.
        parts: arrays with a leading axis of rows.sum().
    """
    filled = {name: np.full((len(rows), *part.shape[1:]), np.nan) for name, part in parts.items()}
    for name, part in parts.items():
        filled[name][rows] = part
    return filled
