"""What no hypothesis explains: slips and combinations named, never priced by the grader itself."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import rubrics
from grader.rubric.reference import open_rubric
from grader.scoring.verdict import Verdict
from tests.recordings import recording, value
from tests.scoring.blend import Ground, blend
from tests.scoring.conftest import LINEAR
from tests.scoring.test_replay import UNIFORM, trained, training

SCALED = '[[question.mistake]]\nid = "thrice"\ntransform = "scaled"\nworth = {}\nsays = "Once."\n\n'
BEFORE = '[[question.mistake]]\nid = "squares"'


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return blend(tmp_path_factory.mktemp("blend"))


@pytest.fixture(scope="module")
def linear() -> Ground:
    """The straight line, through points whose results are no short decimals."""
    rubric, reference = open_rubric(LINEAR)
    points = np.sqrt([1.3, 8.7, 27.2, 50.1])
    return Ground(rubric, replace(reference, given={**reference.given, "u": points}))


@pytest.fixture(scope="module")
def hw1() -> Ground:
    return Ground(*open_rubric(Path(rubrics.__file__).parent / "hw1.toml"))


def found_in(ground: Ground, question: str, *arrays: np.ndarray) -> Verdict:
    named = (value(f"answer_{n}", array) for n, array in enumerate(arrays))
    verdict = ground.search(question, recording(*named))
    assert verdict is not None
    return verdict


def line_of(ground: Ground, *, weights: list[float] | None = None) -> np.ndarray:
    return np.polyfit(ground.given["t"], ground.given["u"], 1, w=weights)


def test_a_multiple_is_named_with_its_factor(linear: Ground) -> None:
    verdict = found_in(linear, "line", 3 * line_of(linear))

    assert verdict.mistakes == ("scaled",)
    assert "3 times the expected value" in verdict.explanation
    assert "found among" in verdict.explanation


@pytest.mark.parametrize(
    ("factor", "says"),
    [(2, "2 times"), (0.5, "1/2 of"), (1 / 0.63, "1/(1 - rate) times"), (5 / 7, "5/7 of")],
)
def test_factors_are_those_the_assignment_offers_or_simple(
    ground: Ground, factor: float, says: str
) -> None:
    verdict = found_in(ground, "squashed", factor * ground.expected("squashed")["squashed"])

    assert verdict.mistakes == ("scaled",)
    assert f"explained by {says} the expected value" in verdict.explanation


def test_a_value_of_the_opposite_sign_is_named(ground: Ground) -> None:
    verdict = found_in(ground, "squashed", -ground.expected("squashed")["squashed"])

    assert verdict.mistakes == ("negated",)
    assert "with the opposite sign" in verdict.explanation


def test_entries_in_the_order_of_the_transpose_are_named(ground: Ground) -> None:
    right = ground.expected("squashed")["squashed"]

    verdict = found_in(ground, "squashed", right.T.reshape(right.shape))

    assert verdict.mistakes == ("transposed",)


@pytest.mark.parametrize("order", [[3, 2, 1, 0], [1, 0, 2, 3], [1, 2, 3, 0]])
def test_rows_in_another_order_are_named(ground: Ground, order: list[int]) -> None:
    verdict = found_in(ground, "squashed", ground.expected("squashed")["squashed"][order])

    assert verdict.mistakes == ("permuted",)
    assert "with its rows" in verdict.explanation


def test_columns_in_another_order_are_named(ground: Ground) -> None:
    verdict = found_in(ground, "squashed", ground.expected("squashed")["squashed"][:, [1, 0, 2]])

    assert verdict.mistakes == ("permuted",)
    assert "with its columns in the order 2, 1, 3" in verdict.explanation


def test_an_example_left_out_is_named_by_its_row(linear: Ground) -> None:
    verdict = found_in(linear, "line", line_of(linear, weights=[1, 0, 1, 1]))

    assert verdict.mistakes == ("example-missing",)
    assert "row 2 of t and u left out" in verdict.explanation


def test_an_example_counted_twice_is_named_by_its_row(linear: Ground) -> None:
    verdict = found_in(linear, "line", line_of(linear, weights=[1, 1, np.sqrt(2), 1]))

    assert verdict.mistakes == ("example-twice",)
    assert "row 3 of t and u counted twice" in verdict.explanation


def test_parts_added_up_wrongly_are_named(hw1: Ground) -> None:
    apart = hw1.expected("gradient-numpy", batch="apart")

    verdict = found_in(hw1, "gradient-numpy", 2 * apart["x1"] + apart["x2"])

    assert verdict.mistakes == ("example-twice",)
    assert "2 times x1 + x2" in verdict.explanation


def test_digits_lost_to_half_precision_are_named(ground: Ground) -> None:
    verdict = found_in(
        ground, "squashed", ground.expected("squashed")["squashed"].astype(np.float16)
    )

    assert verdict.mistakes == ("single-precision",)
    assert "float16" in verdict.explanation


def test_digits_cut_off_are_named(ground: Ground) -> None:
    right = ground.expected("squashed")["squashed"]

    rounded = found_in(ground, "squashed", np.round(right, 2))
    cut = found_in(ground, "squashed", np.trunc(right * 1000) / 1000)

    assert (rounded.mistakes, cut.mistakes) == (("rounded",), ("rounded",))
    assert "rounded to 2 decimals" in rounded.explanation
    assert "cut off after 3 decimals" in cut.explanation


def test_a_number_added_to_every_entry_is_named(ground: Ground) -> None:
    verdict = found_in(ground, "squashed", ground.expected("squashed")["squashed"] + 0.0123)

    assert verdict.mistakes == ("shifted",)
    assert "0.0123 added to every entry" in verdict.explanation


def test_a_bias_added_to_every_row_is_named(ground: Ground) -> None:
    bias = np.sqrt([0.2, 0.3, 0.5])

    verdict = found_in(ground, "squashed", ground.expected("squashed")["squashed"] + bias)

    assert verdict.mistakes == ("shifted",)
    assert "the same row added to every row" in verdict.explanation


@pytest.mark.parametrize("steps", [4, 6])
def test_one_step_too_many_or_too_few_is_named(ground: Ground, steps: int) -> None:
    reference = ground._predictions.reference.functions["squashed"]

    verdict = found_in(ground, "squashed", reference({**ground.given, "steps": steps})["squashed"])

    assert verdict.mistakes == ("epoch-off",)
    assert f"steps = {steps}, not 5" in verdict.explanation


def test_one_epoch_too_few_is_named_from_the_draws(
    hw1: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.scoring.test_replay.EPOCHS", 99)

    verdict = hw1.search("dropout-numpy", training(UNIFORM, trained(UNIFORM.__getitem__)))

    assert verdict is not None
    assert (verdict.mistakes, verdict.points) == (("epoch-off",), 0)
    assert "epochs = 99, not 100" in verdict.explanation


def test_mistakes_combined_beyond_the_rubric_cost_what_both_do_and_are_looked_at(
    ground: Ground,
) -> None:
    both = ground.expected("squashed", offset="no", power=2)["squashed"]

    verdict = found_in(ground, "squashed", both)

    assert (verdict.outcome, verdict.points) == ("partial", pytest.approx(10 * 0.5 * 0.4))
    assert verdict.mistakes == ("no-offset", "squares")
    assert verdict.needs_review
    assert verdict.remarks == ("The offset is missing.", "The entries are squared.")


def test_a_setting_the_rubric_does_not_speak_of_is_named_and_worth_nothing(ground: Ground) -> None:
    verdict = found_in(ground, "squashed", ground.expected("squashed", tilted="yes")["squashed"])

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("wrong", 0, True)
    assert verdict.mistakes == ("tilted-yes",)


def test_a_slip_on_top_of_a_known_mistake_names_both(ground: Ground) -> None:
    verdict = found_in(ground, "squashed", -ground.expected("squashed", power=2)["squashed"])

    assert (verdict.mistakes, verdict.points) == (("squares", "negated"), 0)
    assert verdict.needs_review


def test_an_undeclared_slip_is_worth_nothing_and_is_looked_at(ground: Ground) -> None:
    verdict = found_in(ground, "squashed", 2 * ground.expected("squashed")["squashed"])

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("wrong", 0, True)
    assert verdict.evidence[0].fits
    assert verdict.evidence[0].expected == pytest.approx(verdict.evidence[0].actual)
    assert "a person decides" in verdict.explanation


@pytest.mark.parametrize(("worth", "outcome"), [(0, "wrong"), (0.6, "partial"), (1, "correct")])
def test_a_declared_slip_is_worth_what_the_rubric_says(
    tmp_path: Path, worth: float, outcome: str
) -> None:
    ground = blend(tmp_path, (BEFORE, SCALED.format(worth) + BEFORE))

    verdict = found_in(ground, "squashed", 3 * ground.expected("squashed")["squashed"])

    assert (verdict.outcome, verdict.points) == (outcome, 10 * worth)
    assert (verdict.mistakes, verdict.remarks) == (("thrice",), ("Once.",))
    assert not verdict.needs_review


def test_a_declared_slip_on_a_known_mistake_is_looked_at(tmp_path: Path) -> None:
    ground = blend(tmp_path, (BEFORE, SCALED.format(0.6) + BEFORE))

    verdict = found_in(ground, "squashed", 3 * ground.expected("squashed", power=2)["squashed"])

    assert verdict.points == pytest.approx(10 * 0.6 * 0.4)
    assert verdict.needs_review


def test_a_hidden_question_gives_no_figure_away(ground: Ground) -> None:
    right = ground.expected("halves")

    verdict = found_in(ground, "halves", 2 * right["above"], 2 * right["below"])

    assert not verdict.show_expected
    assert "explained by a known kind of slip" in verdict.explanation
    assert "2 times" not in verdict.explanation
    assert "the expected value" not in verdict.explanation


def test_a_slip_explains_nothing_unless_all_parts_have_it(ground: Ground) -> None:
    right = ground.expected("halves")

    assert ground.search("halves", recording(value("a", 3 * right["above"]))) is None


def test_single_precision_of_the_students_is_no_hindrance(hw1: Ground) -> None:
    right = hw1.expected("gradient-numpy")["w1"]

    verdict = found_in(hw1, "gradient-numpy", np.float32(3 * right))

    assert verdict.mistakes == ("scaled",)


def test_digits_too_few_to_rule_chance_out_explain_nothing(hw1: Ground) -> None:
    right = hw1.expected("gradient-numpy")["w1"]

    assert hw1.search("gradient-numpy", recording(value("g", np.round(3 * right, 4)))) is None


@pytest.mark.parametrize(
    "answer",
    [
        np.zeros((4, 3)),
        np.full((4, 3), np.nan),
        np.full((4, 3), np.inf),
        np.ones((4, 3)),
        np.arange(12.0).reshape(4, 3),
        np.ones(5),
        np.array(3.0),
    ],
    ids=["zeros", "nan", "infinite", "ones", "whole", "of another shape", "a single number"],
)
def test_what_says_nothing_is_explained_by_nothing(ground: Ground, answer: np.ndarray) -> None:
    assert ground.search("squashed", recording(value("answer", answer))) is None


def test_a_run_without_values_is_explained_by_nothing(ground: Ground) -> None:
    assert ground.search("squashed", recording()) is None


def test_a_right_value_is_no_slip(ground: Ground) -> None:
    right = ground.expected("squashed")["squashed"]

    assert ground.search("squashed", recording(value("right", right))) is None
    assert ground.search("squashed", recording(value("near", right * (1 + 4e-6)))) is None


def test_values_that_answer_something_else_are_passed_over(ground: Ground) -> None:
    text = np.round(2 * ground.expected("squashed")["squashed"], 7)
    typed = recording(value("typed", text), sources=[f"typed = np.array({text.tolist()})"])

    assert ground.search("squashed", typed) is None


def test_random_values_are_explained_by_nothing(ground: Ground) -> None:
    draw = np.random.default_rng(23)
    wrong = [draw.normal(size=(4, 3)) * 10.0 ** draw.integers(-2, 2) for _ in range(1500)]
    wrong += [np.round(array, 4) for array in wrong[:300]]
    wrong += [array.astype(np.float32) for array in wrong[:300]]

    for start in range(0, len(wrong), 300):
        some = recording(*(value(f"v{n}", a) for n, a in enumerate(wrong[start : start + 300])))
        assert ground.search("squashed", some) is None


@pytest.mark.parametrize("finish", [np.float64, np.float32, partial(np.round, decimals=4)])
def test_random_values_of_the_structure_all_answers_have_are_explained_by_nothing(
    hw1: Ground, finish: Callable[[np.ndarray], np.ndarray]
) -> None:
    draw = np.random.default_rng(29)
    inputs = np.stack([hw1.given["x1"], hw1.given["x2"]])
    wrong = [finish(np.outer(w @ inputs, np.ones(4))) for w in draw.normal(size=(300, 2))]

    found = recording(*(value(f"v{n}", array) for n, array in enumerate(wrong)))

    assert hw1.search("gradient-numpy", found) is None


def test_saturated_probabilities_are_explained_by_nothing(hw1: Ground) -> None:
    tiny = 10.0 ** -np.random.default_rng(31).uniform(1, 9, size=(300, 2))
    wrong = [np.array([[a, 1 - a], [1 - b, b]]) for a, b in tiny]

    found = recording(*(value(f"v{n}", array) for n, array in enumerate(wrong)))

    assert hw1.search("forward-numpy", found) is None
