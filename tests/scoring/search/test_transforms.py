"""What may have become of a value, one kind of slip at a time."""

from typing import get_args

import numpy as np
import pytest

from grader.rubric.table import Transform
from grader.scoring.search.recomputed import slips
from grader.scoring.search.transforms import (
    ALL,
    IT,
    Change,
    Changes,
    Constants,
    added_up,
    negated,
    permuted,
    rounded,
    scaled,
    scaled_by_any,
    transposed,
)

GIVEN = {
    "x": np.array([[1.1, 2.3], [3.7, 4.9], [5.3, 6.1]]),
    "y": np.array([0.3, 0.7, 0.9]),
    "rate": 0.4,
    "epochs": 100,
}
TABLE = np.array([[1.25, 2.5, 3.125], [4.0, 5.0625, 6.5]])


def changes(kind: Changes, **parts: np.ndarray) -> list[Change]:
    return list(kind(parts or {"table": TABLE}, Constants(GIVEN)))


def becomes(kind: Changes, wanted: np.ndarray, **parts: np.ndarray) -> list[str]:
    """The words for the changes that give a value."""
    found = changes(kind, **parts)
    alike = [c for c in found for p in c.parts.values() if p.shape == wanted.shape]
    return [c.says for c in alike if any(np.allclose(p, wanted) for p in c.parts.values())]


def test_every_kind_a_rubric_can_name_is_looked_for() -> None:
    of_values = {c.transform for kind in ALL for c in changes(kind, a=TABLE, b=TABLE * 2)}
    of_constants = {slip.transform for slip in slips(GIVEN)}

    elsewhere = {"shifted", "single_precision"}  # fitted to the student's own value
    assert of_values | of_constants | elsewhere == set(get_args(Transform))


@pytest.mark.parametrize("kind", ALL)
def test_what_changed_is_named_in_the_words(kind: Changes) -> None:
    assert all(IT in change.says for change in changes(kind, a=TABLE, b=TABLE * 2))


@pytest.mark.parametrize("kind", ALL)
def test_a_change_leaves_the_value_it_starts_from_as_it_is(kind: Changes) -> None:
    before = TABLE.copy()

    changes(kind, a=TABLE, b=TABLE)

    assert np.array_equal(TABLE, before)


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (2, "2 times {}"),
        (0.5, "1/2 of {}"),
        (3, "3 times {}"),
        (10, "10 times {}"),
        (0.4, "rate times {}"),
        (2.5, "1/rate times {}"),
        (0.6, "(1 - rate) times {}"),
        (1 / 0.6, "1/(1 - rate) times {}"),
        (0.01, "1/100 of {}"),
    ],
)
def test_likely_factors_are_in_the_constants_and_their_shapes(factor: float, says: str) -> None:
    assert says in becomes(scaled, factor * TABLE)


@pytest.mark.parametrize(
    ("factor", "says"),
    [(5 / 7, "5/7 of {}"), (-2, "minus 2 times {}"), (1 / np.log(2), "1/log(2) times {}")],
)
def test_any_simple_fraction_may_be_a_factor(factor: float, says: str) -> None:
    assert says in becomes(scaled_by_any, factor * TABLE)


def test_no_factor_leaves_a_value_as_it_is() -> None:
    assert becomes(scaled, TABLE) == becomes(scaled_by_any, TABLE) == []


def test_the_sign_is_turned_in_all_parts_at_once() -> None:
    [change] = changes(negated, a=TABLE, b=TABLE + 1)

    assert np.array_equal(change.parts["a"], -TABLE)
    assert np.array_equal(change.parts["b"], -TABLE - 1)


def test_a_vector_has_no_transpose() -> None:
    assert changes(transposed, a=TABLE[0]) == []
    assert becomes(transposed, TABLE.T.reshape(2, 3))


def test_rows_and_columns_take_other_orders_than_their_own() -> None:
    assert becomes(permuted, TABLE[::-1]) == ["{} with its rows reversed"]
    assert "{} with its columns in the order 2, 1, 3" in becomes(permuted, TABLE[:, [1, 0, 2]])
    assert becomes(permuted, TABLE[0, [1, 2, 0]], a=TABLE[0])[0] == (
        "{} with its entries moved by one"
    )


def test_long_axes_are_not_put_into_every_order() -> None:
    assert len(changes(permuted, a=np.arange(50.0))) < 10


def test_parts_are_added_up_with_one_missing_or_twice() -> None:
    one, other = TABLE, TABLE**2
    kinds = {c.says: c.transform for c in changes(added_up, a=one, b=other)}

    assert becomes(added_up, 2 * one + other, a=one, b=other)[0].startswith("2 times a + b")
    assert kinds["2 times a + b, added up from the parts of {}"] == "example_twice"
    assert kinds["2 times b, added up from the parts of {}"] == "example_missing"


def test_parts_of_different_shapes_are_not_added_up() -> None:
    assert changes(added_up, a=TABLE, b=TABLE[0]) == []


def test_decimals_are_rounded_or_cut_off() -> None:
    assert "{} rounded to 2 decimals" in becomes(rounded, np.round(TABLE, 2))
    assert "{} cut off after 1 decimal" in becomes(rounded, np.trunc(TABLE * 10) / 10)


def test_rows_are_left_out_of_all_constants_that_have_as_many() -> None:
    missing = [slip for slip in slips(GIVEN) if slip.transform == "example_missing"]

    assert len(missing) == 3
    assert missing[1].says == "{} with row 2 of x and y left out"
    assert np.array_equal(missing[1].given["y"], [0.3, 0.9])
    assert np.array_equal(missing[1].given["x"], GIVEN["x"][[0, 2]])  # type: ignore[index]
    assert missing[1].given["rate"] == 0.4


def test_only_whole_numbers_are_one_off() -> None:
    off = [slip for slip in slips(GIVEN) if slip.transform == "epoch_off"]

    assert [slip.given["epochs"] for slip in off] == [99, 101]
    assert GIVEN["epochs"] == 100
