from dataclasses import replace

import nbformat
import numpy as np
import pytest

from grader.execution.asking.plan import Asking
from grader.recording.model import Recording, Returned
from tests.scoring.probed.conftest import rubric_of
from tests.scoring.probed.trained_cells import (
    HERE,
    MADE,
    TRAINED,
    TRAINING,
    asked,
    judged,
    verdict_on,
)


def test_a_network_that_learnt_earns_all_points() -> None:
    verdict = judged(TRAINED)

    assert (verdict.points, verdict.outcome, verdict.mistakes) == (10, "correct", ())
    assert "80.0 % to 99.0 % over 20 seeds" in verdict.explanation


def test_the_accuracy_is_told_with_its_interval_and_the_parameters() -> None:
    facts = judged(TRAINED).facts

    assert facts["low"] < facts["accuracy"] < facts["high"]
    assert facts["parameters"] == 6 * 5 + 5 + 5 * 4 + 4


def test_labels_never_reach_the_notebook() -> None:
    rubric = rubric_of(TRAINING, {}, "blobs.py")
    (probe,) = Asking(rubric, HERE).probes(nbformat.v4.new_notebook(), 7)

    assert set(probe.inputs) == {"case0_x", "case1_x", "case2_x"}
    assert set(probe.withheld) == {"case0_labels", "case1_labels", "case2_labels"}


def test_a_network_that_was_never_trained_earns_half() -> None:
    verdict = judged(MADE)

    assert (verdict.points, verdict.mistakes) == (5, ("accuracy",))
    assert "hardly ever stay below 70.0 %" in verdict.explanation


def test_what_an_untrained_network_is_worth_is_the_rubrics() -> None:
    assert judged(MADE, part=TRAINING | {"worth": {"accuracy": 0.2}}).points == 2


def test_no_network_is_missing() -> None:
    verdict = judged("pass")

    assert (verdict.points, verdict.outcome) == (0, "missing")


def test_a_network_without_layers_is_missing() -> None:
    verdict = judged("first = Network()")

    assert verdict.outcome == "missing"


def test_a_network_of_another_name_is_found_by_its_layers() -> None:
    verdict = judged(TRAINED.replace("first", "model") + "wide = Network(6, 9, 4)\n")

    assert (verdict.points, verdict.outcome) == (10, "correct")
    assert "`model` recognises" in verdict.explanation


def test_a_network_may_be_asked_for_by_its_class() -> None:
    verdict = judged(TRAINED.replace("first", "model"), part=TRAINING | {"name": "Network"})

    assert verdict.points == 10


def test_other_layers_than_asked_for_are_named_and_halved() -> None:
    verdict = judged(TRAINED.replace("6, 5, 4", "6, 7, 4"))

    assert (verdict.points, verdict.mistakes) == (5, ("sizes",))
    assert "6-7-4; 6-5-4 was asked for" in verdict.explanation


def test_a_missing_activation_is_named() -> None:
    verdict = judged(MADE + "del first.layers[3]\nfirst.fit(x_train, y_train, 5, 0.2)\n")

    assert (verdict.points, verdict.mistakes) == (7.5, ("activation-missing",))


def test_a_network_that_diverged_is_named() -> None:
    verdict = judged(TRAINED + "first.layers[0].weights[:] = np.nan\n")

    assert (verdict.points, verdict.mistakes) == (2.5, ("not-finite",))


def test_layers_are_asked_where_predict_is_wrong() -> None:
    verdict = judged(TRAINED + "Network.predict = lambda self, x: 1 / 0\n")

    assert (verdict.points, verdict.outcome) == (10, "correct")


def test_a_predict_that_needs_labels_and_gives_several_things_is_understood() -> None:
    predict = "Network.predict = lambda self, x, y=None: (old(self, x), 0.1, 0.9)\n"

    assert judged(TRAINED + "old = Network.predict\n" + predict).points == 10


def test_outputs_of_the_wrong_shape_are_no_outputs() -> None:
    broken = "Network.predict = lambda self, x: np.zeros(3)\nfirst.layers = [np.ones((6, 4))]\n"

    verdict = judged(TRAINED + broken)

    assert (verdict.points, verdict.mistakes) == (0, ("no-outputs",))


def test_a_network_that_raises_is_named_with_its_error() -> None:
    broken = (
        "def raises(self, x): raise ValueError('no such layer')\n"
        "Network.predict = raises\nCurve.forward_propagation = raises\n"
    )

    verdict = judged(TRAINED + broken)

    assert verdict.points == 0
    assert "ValueError: no such layer" in verdict.explanation


def test_a_network_that_hangs_is_told_apart_from_a_missing_one() -> None:
    recording = asked(TRAINED)
    late = "it did not finish within 10 seconds, or its process died"
    hung = replace(recording.probes[0], steps=recording.probes[0].steps[:1], fault=late)

    verdict = verdict_on(replace(recording, probes=(hung,)))

    assert (verdict.points, verdict.cause) == (0, "timed_out")
    assert late in verdict.explanation


def test_data_without_a_calibration_ask_a_person_and_never_give_a_mark() -> None:
    verdict = judged(TRAINED, data="other points")

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)
    assert "was never measured" in verdict.explanation


def test_an_accuracy_the_run_prints_is_held_against_what_is_found() -> None:
    print_it = TRAINED + "print('accuracy')\n"

    wrong, right = (judged(print_it, printed=f"accuracy: {one}\n") for one in (0.31, 0.95))

    assert "prints an accuracy of 31.0 %" in wrong.remarks[0]
    assert right.remarks == ()
    assert wrong.points == right.points == 10


@pytest.mark.parametrize("text", ["train accuracy: 0.31", "accuracy of nothing", "loss 0.31"])
def test_other_numbers_are_no_claims(text: str) -> None:
    assert judged(TRAINED, printed=text).remarks == ()


def test_the_accuracy_of_the_file_is_shown_beside_what_the_whole_training_reaches() -> None:
    verdict = judged(TRAINED, stored="test accuracy: 94 %")

    assert "claims an accuracy of 94.0 %" in verdict.remarks[0]
    assert "90.0 % to 95.0 %" in verdict.remarks[0]
    assert verdict.points == 10


def test_an_accuracy_nobody_reaches_asks_a_person() -> None:
    verdict = judged(TRAINED, stored="test accuracy: 99.9 %")

    assert (verdict.outcome, verdict.needs_review) == ("ungraded", True)


def test_numbers_in_what_was_told_may_be_anything() -> None:
    recording = asked(TRAINED)

    for array in (np.zeros(3, dtype=np.uint8), np.array(1.0), np.full((2, 2), 200, dtype=np.uint8)):
        assert verdict_on(_retold(recording, array)).points == 0


def test_it_is_no_network_that_only_has_its_name() -> None:
    assert judged("first = 3").outcome == "missing"


def test_an_unfinished_network_of_a_cell_that_raised_asks_a_person() -> None:
    recording = asked(MADE.replace("6, 5, 4", "6, 5"))
    error = "NameError: name 'Curve' is not defined"
    raised = replace(recording.cells[1], status="raised", error=error)

    verdict = verdict_on(replace(recording, cells=(recording.cells[0], raised)))

    assert (verdict.outcome, verdict.cause) == ("ungraded", "raised")
    assert error in verdict.explanation


def _retold(recording: Recording, array: np.ndarray) -> Recording:
    """Have every network tell an array that is no text."""
    probe = recording.probes[0]
    steps = tuple(
        replace(step, values={**step.values, "['told']": Returned(array, "numpy")})
        for step in probe.steps
    )
    return replace(recording, probes=(replace(probe, steps=steps),))
