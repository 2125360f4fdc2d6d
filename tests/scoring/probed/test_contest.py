from dataclasses import replace
from typing import Any

import pytest

from tests.scoring.probed.trained_cells import TRAINED, asked, judged, verdict_on

CONTEST: dict[str, Any] = {
    "probe": "contest",
    "name": "champion",
    "of": "first",
    "sizes": [6, 5, 4],
    "inputs": "unseen_points",
}
SLOW = "first = Network(6, 5, 4)\nfirst.fit(x_train[:12], y_train[:12], 1, 0.2)\n"
CHAMPION = (
    "np.random.seed(41)\nchampion = Network(6, 12, 4)\nchampion.fit(x_train, y_train, 5, 0.3)\n"
)


def test_a_network_that_beats_the_first_beyond_noise_earns_all_points() -> None:
    verdict = judged(SLOW, CHAMPION, part=CONTEST)

    assert (verdict.points, verdict.outcome, verdict.mistakes) == (10, "correct", ())
    assert "McNemar" in verdict.explanation
    assert verdict.facts["p"] < 0.05


def test_what_a_leaderboard_shows_is_among_the_facts() -> None:
    facts = judged(SLOW, CHAMPION, part=CONTEST).facts

    assert facts["low"] < facts["accuracy"] <= facts["high"]
    assert facts["parameters"] == 6 * 12 + 12 + 12 * 4 + 4
    assert facts["seed"] == 41
    assert facts["seconds"] == 1.5  # of the third cell
    assert facts["contest"] == 1


def test_a_network_ahead_by_no_more_than_noise_earns_part() -> None:
    same = "import copy\nchampion = copy.deepcopy(first)\n"
    same += "champion.layers.insert(2, Curve(np.arcsinh))\n"
    worse = "first.layers[2].bias[0, 0] += 0.12\n"

    verdict = judged(TRAINED, same, worse, part=CONTEST)

    assert verdict.mistakes in (("not-significant",), ("not-better",))
    assert 0 < verdict.points < 10


def test_the_very_same_answers_do_not_beat_the_first() -> None:
    verdict = judged(
        TRAINED, "champion = Network(6, 5, 4)\nchampion.layers = list(first.layers)\n", part=CONTEST
    )

    assert verdict.mistakes == ("same-architecture", "not-better")
    assert verdict.points == 0


def test_the_architecture_of_the_first_is_no_other_one() -> None:
    verdict = judged(SLOW, CHAMPION.replace("12", "5"), part=CONTEST)

    assert (verdict.points, verdict.mistakes) == (5, ("same-architecture",))


def test_other_activations_are_another_architecture() -> None:
    other = CHAMPION.replace("12", "5").replace(
        "champion.fit", "champion.layers[1].function = lambda z: z / (1 + abs(z))\nchampion.fit"
    )

    assert judged(SLOW, other, part=CONTEST).points == 10


def test_a_network_that_only_guesses_earns_next_to_nothing() -> None:
    untrained = "champion = Network(6, 12, 4)\nchampion.layers[-2].weights[:] = 0\n"

    verdict = judged(TRAINED, untrained, part=CONTEST)

    assert (verdict.points, verdict.mistakes) == (1, ("untrained",))


def test_a_network_of_a_cell_that_raised_asks_a_person() -> None:
    untrained = "champion = Network(6, 12, 4)\nchampion.layers[-2].weights[:] = 0\n"
    recording = asked(TRAINED, untrained, part=CONTEST)
    error = "NameError: name 'Curve' is not defined"
    raised = replace(recording.cells[-1], status="raised", error=error)

    verdict = verdict_on(replace(recording, cells=(*recording.cells[:-1], raised)), CONTEST)

    assert (verdict.outcome, verdict.cause) == ("ungraded", "raised")


def test_no_second_network_is_missing() -> None:
    assert judged(TRAINED, part=CONTEST).outcome == "missing"


def test_a_second_network_of_another_name_is_found() -> None:
    verdict = judged(SLOW, CHAMPION.replace("champion", "mine"), part=CONTEST)

    assert verdict.points == 10
    assert "`mine`" in verdict.explanation


def test_numbers_that_are_not_finite_are_named() -> None:
    verdict = judged(
        TRAINED, CHAMPION + "champion.layers[0].bias[:] = np.inf - np.inf\n", part=CONTEST
    )

    assert (verdict.points, verdict.mistakes) == (2.5, ("not-finite",))


@pytest.mark.parametrize("body", ["raise ValueError('broken')", "return np.zeros(3)"])
def test_a_network_that_gives_no_outputs_earns_nothing(body: str) -> None:
    broken = f"class Mine(Network):\n    def predict(self, x):\n        {body}\n"
    made = "champion = Mine(6, 12, 4)\nchampion.layers = [Affine(6, 4)]\n"
    made += "champion.layers[0].weights = np.zeros((2, 2))\n"

    verdict = judged(TRAINED, broken + made, part=CONTEST)

    assert (verdict.points, verdict.mistakes) == (0, ("no-outputs",))


def test_without_a_first_network_a_person_decides() -> None:
    verdict = judged(CHAMPION, part=CONTEST)

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)


def test_layers_of_torch_are_not_the_students_own() -> None:
    module = (
        "import torch\nchampion = torch.nn.Sequential(torch.nn.Linear(6, 12), torch.nn.Tanh(), "
        "torch.nn.Linear(12, 4))\n\n"
        "x, y = torch.tensor(x_train[:, 0]).float(), torch.tensor(y_train).float()\n"
        "for _ in range(200):\n    champion.zero_grad()\n"
        "    torch.nn.functional.mse_loss(champion(x), y).backward()\n"
        "    with torch.no_grad():\n"
        "        for one in champion.parameters(): one -= 0.5 * one.grad\n"
    )

    own, any_library = (judged(SLOW, module, part=CONTEST, library=one) for one in ("numpy", "any"))

    assert (own.points, own.mistakes) == (5, ("other-library",))
    assert any_library.points == 10


def test_a_contest_that_hangs_says_so() -> None:
    recording = asked(SLOW, CHAMPION, part=CONTEST)
    late = "it did not finish within 10 seconds, or its process died"
    hung = replace(recording.probes[0], steps=recording.probes[0].steps[:1], fault=late)

    verdict = verdict_on(replace(recording, probes=(hung,)), CONTEST)

    assert (verdict.points, verdict.cause) == (0, "timed_out")
