from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from grader.recording.model import OwnSlope, RecordedValue
from grader.results.from_grade import result_of
from grader.results.model import Check
from grader.scoring.grade import Scorer
from grader.sealing.judging import judge_edition
from tests.recordings import recording, value
from tests.sealing.editions import HW1, edition_of, layers, opened, predicted, right


def judged(*values: RecordedValue, **more: object) -> Mapping[str, Check]:
    checks = judge_edition(recording(*values, **more), layers())  # type: ignore[arg-type]
    return {check.question: check for check in checks}


@cache
def full_scorer() -> Scorer:
    return Scorer(*opened())


def in_full(*values: RecordedValue) -> Mapping[str, Check]:
    grade = full_scorer().grade(recording(*values))
    return {check.question: check for check in result_of(grade, opened()[0], "x.ipynb").checks}


def test_a_right_value_opens_its_answer() -> None:
    check = judged(value("p", right("chances")))["chances"]

    assert check.passes
    assert check.points == 4
    assert check.place == "`p` (cell 1)"


def test_a_value_rounded_to_single_precision_opens_it_too() -> None:
    rounded = right("chances").astype(np.float32)

    checks = judged(value("p", rounded, library="torch"))

    assert checks["chances-torch"].passes


def test_an_answer_of_several_parts_opens_with_all_of_them() -> None:
    whole = np.concatenate(list(predicted("halves").values()))

    assert judged(value("h", whole))["halves"].passes


def test_one_part_alone_does_not_open_it() -> None:
    parts = predicted("halves")

    assert not judged(value("h", parts["early"]))["halves"].passes


def test_every_convention_is_accepted() -> None:
    check = judged(value("g", right("slope") / 4))["slope"]

    assert check.passes
    assert "mean" in check.sentence


def test_a_transposed_value_is_read() -> None:
    assert judged(value("g", right("slope").T))["slope"].passes


def test_a_public_mistake_is_named() -> None:
    [mistaken] = predicted("chances", over="examples").values()
    values = (value("p", mistaken),)

    check = judged(*values)["chances"]

    assert check.fails
    assert check.explained_by == ("over examples",)
    assert check.points == in_full(*values)["chances"].points == 2


def test_of_a_hidden_mistake_nothing_is_said() -> None:
    [mistaken] = predicted("chances", passes=2).values()

    check = judged(value("p", mistaken))["chances"]

    assert not check.passes
    assert not check.explained_by
    assert "secret" not in check.sentence


def test_the_library_is_held_to() -> None:
    checks = judged(value("p", right("chances"), library="numpy"))

    assert checks["chances"].passes
    assert not checks["chances-torch"].passes


def test_numbers_typed_in_wait_for_a_person() -> None:
    source = f"p = np.array({right('chances').tolist()})"

    check = judged(value("p", right("chances")), sources=[source])["chances"]

    assert check.outcome == "ungraded"


def test_printed_digits_count_beside_a_value_that_opened() -> None:
    text = str(np.round(right("chances"), 6))
    both = judged(value("q", right("slope")), value("p", right("chances")), printed={1: text})

    assert both["chances"].passes


def test_printed_digits_alone_are_not_recognised_and_fail_nothing() -> None:
    check = judged(value("q", 3.5), printed={1: str(np.round(right("chances"), 4))})["chances"]

    assert check.waits


@pytest.mark.parametrize("tolerances", [0.9, -0.9])
def test_within_the_tolerance_it_passes_as_in_the_full_rubric(tolerances: float) -> None:
    values = (value("p", right("chances") * (1 + tolerances * 1e-5)),)

    assert judged(*values)["chances"].passes
    assert in_full(*values)["chances"].passes


@pytest.mark.parametrize("tolerances", [2.0, 5.0, -8.0, 12.0, -20.0, 100.0])
def test_beyond_the_tolerance_it_does_not_though_its_cell_may_open(tolerances: float) -> None:
    values = (value("p", right("chances") * (1 + tolerances * 1e-5)),)

    assert not judged(*values)["chances"].passes
    assert not in_full(*values)["chances"].passes


def test_where_nothing_has_the_shape_the_answer_is_missing() -> None:
    check = judged(value("z", np.arange(3.5)))["chances"]

    assert check.fails
    assert "(4, 4)" in check.sentence


def test_an_answer_that_is_not_sealed_never_passes() -> None:
    check = judged(value("l", right("loss")))["loss"]

    assert check.scope == "later"
    assert not check.passes
    assert not check.fails


def test_a_gradient_of_the_own_loss_is_told_but_does_not_pass() -> None:
    edition, _ = edition_of(HW1)
    gradient = np.linspace(-1.37, 2.11, 12).reshape(3, 4)
    slope = OwnSlope(gradient, "loss", "w1", 0.5)
    one = replace(recording(value("g", gradient)), own_slopes=(slope,))

    checks = {check.question: check for check in judge_edition(one, edition)}

    check = checks["gradient-numpy"]
    assert "gradient of your own loss `loss`" in check.sentence
    assert check.scope == "later"
    assert not check.passes


def test_hidden_questions_are_named_where_they_stand_and_no_more() -> None:
    checks = judge_edition(recording(value("p", right("chances"))), layers())

    assert checks[-1].title == "6: what is asked later"
    assert checks[-1].scope == "hidden"
    assert checks[-1].max_points == 0


def test_a_recording_with_a_fault_is_not_judged() -> None:
    checks = judge_edition(recording(fault="the notebook could not be read"), layers())

    assert all(check.outcome == "ungraded" for check in checks)
    assert not any(check.passes or check.fails for check in checks)


def test_values_that_are_not_finite_or_too_large_open_nothing() -> None:
    odd = [np.full((4, 4), bad) for bad in (np.nan, np.inf, 1e280, -1e280)]

    checks = judged(*(value(f"v{n}", array) for n, array in enumerate(odd)))

    assert not any(check.passes for check in checks.values())


def test_complex_values_and_whole_numbers_are_no_answer() -> None:
    checks = judged(value("c", right("chances") + 1j), value("i", np.eye(4, dtype=int)))

    assert not any(check.passes for check in checks.values())


def test_no_expected_number_is_ever_said() -> None:
    wrong = value("p", right("chances") * 1.01)

    sentences = " ".join(f"{c.sentence} {c.difference}" for c in judged(wrong).values())

    for number in np.ravel(right("chances")):
        assert f"{number:.4f}" not in sentences
