"""What trained weights look like when nobody seeded: each way of training, told by its results."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pytest

from grader.scoring.random.closeness import Distribution
from grader.scoring.random.distribution import Listed, spread_of
from reference import hw1

GIVEN = hw1.GIVEN
S = 10_000
ATOL = 6e-5


@dataclass(frozen=True)
class Row:
    """A row of the published table: settings, and w1[0, :] as it comes out."""

    settings: Mapping[str, str]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    rank: int


ROWS = {
    "inverted, summed": Row({}, (0.025, 0.111, 0.194, 0.277), (0.031, 0.027, 0.024, 0.022), 12),
    "inverted, averaged": Row(
        {"reduction": "mean"}, (0.086, 0.183, 0.280, 0.376), (0.009, 0.008, 0.007, 0.007), 12
    ),
    "not scaled": Row(
        {"scale": "none"}, (0.089, 0.186, 0.282, 0.378), (0.014, 0.012, 0.011, 0.010), 12
    ),
    "forward only, not scaled": Row(
        {"scale": "none", "mask_in_backward": "no"},
        (0.055, 0.183, 0.312, 0.441),
        (0.003, 0.002, 0.003, 0.004),
        6,
    ),
    "no dropout": Row({"dropout": "none"}, (0.052, 0.178, 0.304, 0.431), (0, 0, 0, 0), 0),
}

# A result of the first may also be one of the second: alike, but one of them narrower. It is
# told by how much likelier it is under the one, and both are worth the same.
ALSO = {
    "inverted, averaged": {"not scaled"},
    "not scaled": {"inverted, averaged"},
    "no dropout": {"forward only, not scaled"},
}


def trained(settings: Mapping[str, str], streams: int, seed: int) -> np.ndarray:
    count = hw1.trained_weights_draws(GIVEN, **settings)
    flags = np.random.default_rng(seed).random((streams, count)) >= GIVEN["rate"]
    kept = np.full(streams, 1 - GIVEN["rate"])
    parts = hw1.trained_weights(GIVEN, masks=flags.astype(float), kept=kept, **settings)
    assert parts is not None
    return np.concatenate([parts[name].reshape(len(parts[name]), -1) for name in parts], axis=1)


@pytest.fixture(scope="module")
def results() -> dict[str, np.ndarray]:
    return {name: trained(row.settings, S, seed=1) for name, row in ROWS.items()}


@pytest.fixture(scope="module")
def known(results: Mapping[str, np.ndarray]) -> dict[str, Distribution]:
    return {name: spread_of(r) if len(r) > 1 else Listed(r) for name, r in results.items()}


@pytest.mark.parametrize("name", ROWS)
def test_the_published_figures_come_out(
    name: str, results: Mapping[str, np.ndarray], known: Mapping[str, Distribution]
) -> None:
    first_row = results[name][:, :4]
    row = ROWS[name]

    # Those are from 10,000 trainings, to three decimals.
    sampling = 4 * np.array(row.std) * np.sqrt(1 / 10_000 + 1 / S)
    assert (np.abs(first_row.mean(axis=0) - row.mean) <= 0.0005 + sampling).all()
    assert (np.abs(first_row.std(axis=0) - row.std) <= 0.0005 + sampling).all()
    assert known[name].degrees == row.rank


@pytest.mark.parametrize("decimals", [None, 4], ids=["all digits", "four decimals"])
@pytest.mark.parametrize("name", ROWS)
def test_a_result_is_attributed_to_the_way_it_was_trained(
    name: str, decimals: int | None, known: Mapping[str, Distribution]
) -> None:
    found = trained(ROWS[name].settings, 300, seed=2)
    rounding = 0.0 if decimals is None else 0.5 * 10.0**-decimals
    seen = found if decimals is None else np.round(found, decimals)

    slack = np.full(20, rounding + ATOL)
    tested = {other: distribution.test(seen, slack) for other, distribution in known.items()}
    likelihood = [
        np.where(tested[other].fits, distribution.likelihood(seen, slack), -np.inf)
        for other, distribution in known.items()
    ]

    assert tested[name].fits.all()
    fitting = {other for other in ROWS if tested[other].fits.any()} - {name}
    assert fitting == ALSO.get(name, set())
    likeliest = np.argmax(likelihood, axis=0)
    assert np.mean(likeliest == list(ROWS).index(name)) > 0.99


def test_other_ways_are_far_off(known: Mapping[str, Distribution]) -> None:
    slack = np.full(20, ATOL)
    summed = trained(ROWS["inverted, summed"].settings, 300, seed=3)
    forward_only = trained(ROWS["forward only, not scaled"].settings, 300, seed=3)

    def median(name: str, found: np.ndarray) -> float:
        return float(np.median(known[name].test(found, slack).distance))

    assert median("inverted, summed", summed) == pytest.approx(11.3, abs=1.5)  # of 12 degrees
    assert min(median(name, summed) for name in ROWS if name != "inverted, summed") > 2000
    assert median("forward only, not scaled", forward_only) == pytest.approx(5.3, abs=1.0)
    others = [name for name in ROWS if name != "forward only, not scaled"]
    assert min(median(name, forward_only) for name in others) > 220


def test_means_overlap_and_covariances_do_not(results: Mapping[str, np.ndarray]) -> None:
    averaged, unscaled = results["inverted, averaged"], results["not scaled"]

    beside = np.abs(averaged.mean(axis=0) - unscaled.mean(axis=0))[:4]
    spreads = np.log(averaged.std(axis=0) / unscaled.std(axis=0))[:4]

    assert (beside < 0.5 * averaged.std(axis=0)[:4]).all()
    assert (np.abs(spreads) > 0.3).all()
