"""A `predict` that counts on the sizes an assignment has is right for that assignment."""

from typing import Any

import pytest

from tests.scoring.probed.conftest import Judge
from tests.scoring.probed.test_network import BUILD, HEAD, NETWORK, PART

SIZED: dict[str, Any] = {
    **PART,
    "inputs": "prediction_inputs",
    "build": BUILD.replace("(5, 4)", "(784, 4)").replace("(4, 3)", "(4, 10)"),
}
PREDICT = """
    def predict(self, x, y=None):
        out = np.zeros((len(x), 10))
        for n, one in enumerate(x.reshape(-1, 28 * 28)):
            for layer in self.layers:
                one = layer.forward_propagation(one.reshape(1, -1))
            out[n] = one[0]
        if y is None:
            return out
        return out, self.scores(out[:, None], y)[0], np.mean(HITS)
"""
LARGEST = "out.argmax(axis=1) == y.argmax(axis=1)"


@pytest.mark.parametrize("seed", range(3))
def test_sizes_typed_in_are_right_for_networks_of_these_sizes(judge: Judge, seed: int) -> None:
    source = NETWORK + PREDICT.replace("HITS", LARGEST)

    verdict = judge(HEAD, source, seed=seed, **SIZED)

    assert (verdict.points, verdict.mistakes) == (10, ())


@pytest.mark.parametrize("seed", range(3))
def test_another_rule_of_counting_still_shows(judge: Judge, seed: int) -> None:
    source = NETWORK + PREDICT.replace("HITS", "(np.round(out) == y).all(axis=1)")

    assert judge(HEAD, source, seed=seed, **SIZED).points < 10
