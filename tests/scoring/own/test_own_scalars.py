import numpy as np
import pytest

from grader.observation.scalars import Scalar, scalars
from grader.rubric.model import Mistake
from grader.scoring.own.borrowing import borrowed_givens
from grader.scoring.own.own_scalars import numbers_for

GIVEN = {"learning_rate": 0.01, "epochs": 100, "rate": 0.4}


def numbers(name: str, source: str) -> list[float]:
    return list(numbers_for(name, GIVEN[name], scalars([source])))


def chosen(source: str, values: str = "entered") -> list[dict[str, float]]:
    given = dict.fromkeys(GIVEN, "*")
    mistake = Mistake(id="other-settings", given=given, values=values, says="Yours.")  # type: ignore[arg-type]
    found = borrowed_givens(GIVEN, mistake, (), scalars([source]))
    return [{name: float(value) for name, value in choice.items()} for choice in found]


def test_a_number_written_for_a_constant_stands_in_for_it() -> None:
    assert numbers("learning_rate", "lr = 0.1")[0] == 0.1


def test_the_constant_itself_is_no_other_number() -> None:
    assert numbers("epochs", "for epoch in range(100): pass") == []


def test_a_number_of_the_constants_own_name_comes_first() -> None:
    assert numbers("epochs", "n = 7\nfor e in range(50): pass\nnum_epochs = 20")[0] == 20


def test_initials_are_a_name_too() -> None:
    assert numbers("learning_rate", "momentum = 0.9\nlr = 0.05")[0] == 0.05


def test_a_count_is_whole_and_not_endless() -> None:
    assert numbers("epochs", "a = 0.5; b = 0; c = 100_000; d = 300") == [300]


def test_either_part_of_a_share_may_be_written() -> None:
    assert numbers("rate", "keep_prob = 0.7") == pytest.approx([0.7, 0.3])


def test_two_constants_may_be_others_at_once() -> None:
    source = "lr = 0.1\nepochs = 50"

    assert {"learning_rate": 0.1, "epochs": 50.0} in chosen(source)
    assert {"learning_rate": 0.1} in chosen(source)


def test_where_only_computed_values_may_stand_in_no_number_of_the_source_does() -> None:
    assert chosen("lr = 0.1", values="computed") == []


def test_numbers_inside_brackets_are_entries_and_left_out() -> None:
    assert scalars(["w = [[0.1, 0.2], [0.3, 0.4]]\nd = {'a': 5}\nx[3]"]) == ()


def test_a_number_is_called_as_what_it_is_given_to() -> None:
    source = "def train(lr=0.5, *, n=3): ...\nDropout(p=0.25)\nrange(7)\nfor i in range(8): pass"

    assert set(scalars([source])) == {
        Scalar(0.5, False, "lr"),
        Scalar(3.0, True, "n"),
        Scalar(0.25, False, "p"),
        Scalar(7.0, True, "range"),
        Scalar(8.0, True, "range"),
    }


def test_what_is_no_python_has_no_numbers() -> None:
    assert scalars(["def f(:", "%matplotlib inline\na = 4"]) == (Scalar(4.0, True, "a"),)


def test_true_is_no_number() -> None:
    assert scalars(["flag = True"]) == ()


def test_a_deep_expression_is_walked() -> None:
    assert scalars(["a = " + "-" * 50 + "2"]) == (Scalar(2.0, True, "a"),)


def test_what_may_stand_in_is_a_plain_number() -> None:
    [first, *_] = borrowed_givens(
        GIVEN, Mistake(id="m", given={"rate": "*"}, says="S."), (), scalars(["p = 0.5"])
    )

    assert np.ndim(first["rate"]) == 0
