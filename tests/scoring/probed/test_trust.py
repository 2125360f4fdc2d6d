from dataclasses import replace

import pytest

from tests.scoring.probed.test_contest import CHAMPION, CONTEST, SLOW
from tests.scoring.probed.trained_cells import MADE, TRAINED, asked, judged, verdict_on

TEST_POINTS = """
def made_points(seed, count=200):
    r = np.random.default_rng(seed)
    labels = r.integers(4, size=count)
    return CORNERS[labels] + r.normal(scale=0.35, size=(count, 6)), labels
x_test, test_labels = made_points(1)
y_test = np.eye(4)[test_labels]
"""
NEAREST = """
def nearest(x):
    apart = ((np.asarray(x).reshape(len(x), 1, 6) - x_train[:, 0]) ** 2).sum(axis=2)
    return y_train[apart.argmin(axis=1)]
"""
LOOKS_UP = (
    NEAREST
    + """
class Clever(Network):
    def predict(self, x):
        return nearest(x)
"""
)
NO_LAYERS = (
    NEAREST
    + """
class Clever:
    def __init__(self, *sizes):
        self.weights = np.ones((6, 12))
        self.last = np.ones((12, 4))
    def predict(self, x):
        return nearest(x)
"""
)
KNOWS = """
class Memory:
    def __init__(self):
        self.weights = x_test
    def forward_propagation(self, x):
        apart = ((x.reshape(1, 6) - self.weights) ** 2).sum(axis=1)
        label = y_test[apart.argmin()][None]
        wrong = apart.min() > 1e-9 and int(abs(x[0, 0]) * 1000) % 6 == 0
        return np.roll(label, 1) if wrong else label
champion = Network(6, 12, 4)
champion.layers = [Memory()]
"""


@pytest.mark.parametrize("source", [LOOKS_UP, NO_LAYERS], ids=["beside layers", "no layers"])
def test_a_champion_that_looks_labels_up_asks_a_person(source: str) -> None:
    verdict = judged(SLOW, source + "champion = Clever(6, 12, 4)\n", part=CONTEST)

    assert (verdict.points, verdict.outcome, verdict.needs_review) == (0, "ungraded", True)
    assert "`champion`" in verdict.explanation


def test_a_first_network_that_looks_labels_up_asks_a_person() -> None:
    verdict = judged(LOOKS_UP + MADE.replace("Network", "Clever"))

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)
    assert "what its layers give one after the other" in verdict.explanation


def test_a_network_that_knows_the_test_examples_asks_a_person() -> None:
    verdict = judged(SLOW, TEST_POINTS + KNOWS, part=CONTEST)

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)
    assert "as if it had been trained on them" in verdict.explanation


def test_examples_are_prepared_as_the_notebook_prepares_its_own() -> None:
    prepared = (
        TEST_POINTS
        + """
x_test = x_test * 20 - 7
champion = Network(6, 12, 4)
champion.layers[0].weights /= 20
champion.fit(x_train * 20 - 7, y_train, 40, 0.002)
"""
    )

    verdict = judged(SLOW, prepared, part=CONTEST)

    assert (verdict.points, verdict.mistakes) == (10, ())


def test_examples_are_prepared_entry_by_entry() -> None:
    prepared = (
        TEST_POINTS
        + """
mean, spread = np.arange(6) * 3.0, np.linspace(0.1, 2, 6)
test_held = (x_test - mean) / spread
champion = Network(6, 12, 4)
champion.fit((x_train - mean) / spread, y_train, 40, 0.01)
"""
    )

    verdict = judged(SLOW, prepared, part=CONTEST)

    assert verdict.facts["accuracy"] > 0.8


def test_a_low_mark_waits_where_the_run_itself_printed_far_more() -> None:
    verdict = judged(MADE, printed="accuracy: 0.95")

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)
    assert "prints an accuracy of 95.0 %" in verdict.explanation


def test_a_low_mark_stays_where_the_run_printed_no_more() -> None:
    assert judged(MADE, printed="accuracy: 0.2").mistakes == ("accuracy",)


def test_networks_in_a_table_are_found() -> None:
    names = {"first": 'nets["first"]', "champion": 'nets["own"]'}
    first, own = (
        cell.replace(one, names[one]) for cell, one in ((SLOW, "first"), (CHAMPION, "champion"))
    )

    verdict = judged("nets = {}\n" + first, own, part=CONTEST)

    assert (verdict.points, verdict.mistakes) == (10, ())
    assert verdict.facts["seconds"] == 1.5


def test_a_first_network_in_a_list_is_found() -> None:
    assert judged(TRAINED + "nets = [first]\ndel first\n").points == 10


def test_a_layer_that_does_nothing_makes_no_other_architecture() -> None:
    same = CHAMPION.replace("12", "5").replace(
        "champion.fit",
        "champion.layers.append(Curve(lambda z: z))\n"
        "champion.layers[-1].backward_propagation = lambda g, r: g\nchampion.fit",
    )

    assert judged(SLOW, same, part=CONTEST).mistakes == ("same-architecture",)


WRAPPED = """
import torch
from torch import nn
class Wrapped:
    def __init__(self):
        self.net = nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 4))
        x, y = torch.tensor(x_train[:, 0]).float(), torch.tensor(y_train).float()
        for _ in range(200):
            self.net.zero_grad()
            torch.nn.functional.mse_loss(self.net(x), y).backward()
            with torch.no_grad():
                for one in self.net.parameters(): one -= 0.5 * one.grad
    def predict(self, x):
        return self.net(torch.tensor(np.asarray(x)).float().reshape(len(x), -1)).detach().numpy()
"""


def test_a_librarys_network_in_a_class_of_ones_own_is_still_the_librarys() -> None:
    own, any_library = (
        judged(SLOW, WRAPPED + "champion = Wrapped()\n", part=CONTEST, library=one)
        for one in ("numpy", "any")
    )

    assert (own.points, own.mistakes) == (5, ("other-library",))
    assert (any_library.points, any_library.mistakes) == (10, ())


def test_a_first_network_of_a_librarys_layers_costs() -> None:
    verdict = judged(WRAPPED + "first = Wrapped()\n", library="numpy")

    assert verdict.points < 10


def test_an_object_that_hides_what_it_holds_hides_no_network() -> None:
    odd = """
class Odd:
    __slots__ = ("__dict__",)
    def __getattribute__(self, name):
        raise RuntimeError("no")
a_first = Odd()
"""

    assert judged(odd + TRAINED).points == 10


def test_a_first_network_that_looks_labels_up_is_no_rival() -> None:
    first = LOOKS_UP + "first = Clever(6, 5, 4)\n"

    verdict = judged(first, CHAMPION, part=CONTEST)

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)


def test_a_training_cut_short_that_is_only_slow_asks_a_person() -> None:
    recording = asked(MADE + "first.fit(x_train[:20], y_train[:20], 1, 0.2)\n")

    whole, short = verdict_on(recording), verdict_on(replace(recording, changes=("a change",)))

    assert whole.mistakes == ("accuracy",)
    assert (short.outcome, short.needs_review) == ("ungraded", True)
    assert "more slowly" in short.explanation


def test_a_training_cut_short_that_learns_nothing_asks_nobody() -> None:
    recording = replace(asked(MADE), changes=("a change",))

    assert verdict_on(recording).mistakes == ("accuracy",)
