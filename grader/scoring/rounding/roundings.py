"""How far single precision may move the result of a training, from how its constants move it.

Let u = 2^-24 and w_t the values a training has after t steps. Computed in single precision they
obey v_{t+1} = G_t(v_t) + r_t: each step rounds every value to the nearest, by at most u |v|, and
without preference, so that an entry of r_t has a variance of at most (u v)^2 / 3. What goes into a
step is rounded too, but is multiplied by a small rate before it counts. To first order the
result is off by e = sum over t of P_t r_t, P_t carrying a change of v_t to the end, and

    cov(e) <= sum over t of P_t D_t P_t^T u^2 / 3,    D_t = diag(v_t^2).

P_0 D_0 P_0^T can be measured without knowing the steps: train again, each starting constant
changed by a share of +d or -d at random, and take C, the mean of the outer products of how the
result moved. Where what is rounded later moves the result no more than what is rounded first,
T steps give cov(e) <= T u^2 / (3 d^2) C. With d = u sqrt(N) for any N >= T, that is at most C / 3.
N is the most draws a training of the question consumes: a step with a mask draws at least one.
As most draw several, the C that results is several times larger than it need be, which is what
makes up for trainings that at first damp a change and amplify it later.

So e^T C^-1 e has a mean of at most n / 3 over n entries, and were e normal, it would be above n
with a chance of 1e-5 for 20 of them, and hardly an entry above four of its standard deviations.
That is no proof: a kink that only the roundings cross is seen by few of the changed trainings, or
by none, and then a right result is not explained. The first condition says far more than the
second: roundings grow along few directions, and along all others the result is as exact as ever,
while a training that was another one is off along those as well. Where too few directions are
left in which the result is exact, it decides nothing.

Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), sections 1.5, 1.17 and 2.8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

CHANGES = 64
"""How often a training is repeated to see what its constants do to its result."""

_UNIT = 2.0**-24
_DEVIATIONS = 4
_EXACT = 1e-3  # of the way the training went
_DECIDING = 2 / 3  # of all directions


def changed(given: Mapping[str, Any], draws: int) -> list[dict[str, Any]]:
    """Change constants as much as single precision does in a training, `CHANGES` times.

    Single numbers stay, as they say how long a training is, and so do whole numbers, which single
    precision holds exactly, and which may be labels.

    Args:
        given: the constants.
        draws: at least as many as the training has steps.

    """
    random = np.random.default_rng(0)
    size = _UNIT * float(np.sqrt(draws))
    rounded = [name for name, value in given.items() if _is_rounded(value)]

    def once() -> dict[str, Any]:
        signs = {name: random.choice((-1.0, 1.0), np.shape(given[name])) for name in rounded}
        return {**given, **{name: given[name] * (1 + size * sign) for name, sign in signs.items()}}

    return [once() for _ in range(CHANGES)]


def _is_rounded(value: object) -> bool:
    array = np.asarray(value)
    return array.ndim > 0 and array.dtype.kind == "f" and bool((array != np.round(array)).any())


@dataclass(frozen=True)
class Roundings:
    """What single precision does to one result of n entries.

    Args:
        moved: how changed constants moved the result, (CHANGES, n).
        precision: how exactly each entry was observed, (n,).
        way: how far the training moved what each entry belongs to, (n,).

    """

    moved: np.ndarray
    precision: np.ndarray
    way: np.ndarray

    @cached_property
    def bounds(self) -> np.ndarray:
        """How far each entry may be off, (n,)."""
        variances = np.mean(self.moved**2, axis=0) / 3 + self.precision**2
        return np.asarray(_DEVIATIONS * np.sqrt(variances))

    def explain(self, off: np.ndarray) -> bool:
        """Say whether roundings account for a result that is off by (n,)."""
        share = off / self.way
        likely = float(share @ np.linalg.solve(self._spread, share)) <= off.size
        return likely and bool((np.abs(off) <= self.bounds).all())

    @property
    def decide(self) -> bool:
        """Whether enough directions are left in which roundings hide nothing."""
        deviations = np.sqrt(np.maximum(np.linalg.eigvalsh(self._spread), 0))
        return float(np.mean(deviations <= _EXACT)) >= _DECIDING

    @cached_property
    def _spread(self) -> np.ndarray:
        """C, with the precision of what was observed, in units of the way; (n, n)."""
        shares = self.moved / self.way
        spread = shares.T @ shares / len(shares)
        return np.asarray(spread + np.diag((self.precision / self.way) ** 2))


def way_of(parts: Mapping[str, np.ndarray], given: Mapping[str, Any]) -> np.ndarray:
    """Return how far each part moved at most from the constant of its name, for each entry.

    What starts from no constant starts from 0.
    """
    return joined(
        {name: np.full(part.shape, _way(name, part, given)) for name, part in parts.items()}
    )


def _way(name: str, part: np.ndarray, given: Mapping[str, Any]) -> float:
    start = given.get(name, 0.0)
    moved = part - start if np.shape(start) == part.shape else part
    return float(np.max(np.abs(moved))) or 1.0


def joined(parts: Mapping[str, np.ndarray], names: Sequence[str] = ()) -> np.ndarray:
    """Lay the entries of all parts one after the other, by the parts' names."""
    return np.concatenate([np.ravel(parts[name]) for name in names or sorted(parts)])
