"""The order of keep flags, how many there are, and which streams fit which settings."""

import numpy as np
import pytest

from reference.keep_flags import Order, fill_rows
from reference.settings import training_settings

THREE_EPOCHS = {"learning_rate": 0.1, "epochs": 3, "rate": 0.4}


def order(**options):
    return Order(training_settings(THREE_EPOCHS, **options), examples=2, units=4)


@pytest.mark.parametrize(
    ("options", "length"),
    [
        ({}, 24),
        ({"batch": "apart"}, 24),
        ({"batch": "in_turn"}, 24),
        ({"mask_per": "batch"}, 12),
        ({"draws": "same"}, 8),
        ({"draws": "same", "mask_per": "batch"}, 4),
        ({"draws": "repeated"}, 24),
        ({"dropout": "none"}, 0),
        ({"batch": "apart", "reduction": "mean"}, 0),
    ],
)
def test_length_counts_the_flags_of_one_training(options, length):
    assert order(**options).length == length


def test_flags_of_a_step_on_all_examples_are_drawn_epoch_by_epoch():
    stream = np.arange(24.0)[None]

    found = order().by_step(stream)

    np.testing.assert_array_equal(found[0, 1], [[8, 9, 10, 11], [12, 13, 14, 15]])


@pytest.mark.parametrize("batch", ["apart", "in_turn"])
def test_flags_of_steps_on_single_examples_are_used_in_the_order_drawn(batch):
    stream = np.arange(24.0)[None]

    found = order(batch=batch).by_step(stream)

    assert found.shape == (1, 6, 1, 4)
    np.testing.assert_array_equal(found.ravel(), stream.ravel())


def test_in_turn_takes_all_epochs_of_the_first_example_first():
    assert order(batch="in_turn").examples_of_steps() == [slice(0, 1)] * 3 + [slice(1, 2)] * 3


@pytest.mark.parametrize(
    ("batch", "second_step"),
    [
        ("together", [[0, 1, 2, 3], [4, 5, 6, 7]]),
        ("apart", [[4, 5, 6, 7]]),
        ("in_turn", [[0, 1, 2, 3]]),
    ],
)
def test_masks_drawn_once_serve_all_epochs(batch, second_step):
    found = order(batch=batch, draws="same").by_step(np.arange(8.0)[None])

    np.testing.assert_array_equal(found[0, 1], second_step)


def test_a_mask_for_the_batch_is_one_for_all_examples():
    found = order(mask_per="batch").by_step(np.arange(12.0)[None])

    assert found.shape == (1, 3, 1, 4)
    np.testing.assert_array_equal(found[0, 2], [[8, 9, 10, 11]])


@pytest.mark.parametrize("batch", ["together", "apart", "in_turn"])
def test_a_stream_is_fresh_or_repeated_but_never_both(batch):
    varied = np.arange(24) % 5 == 0
    again = np.tile([1, 0, 1, 1], 6) if batch == "in_turn" else np.tile(np.arange(8) % 3 == 0, 3)
    masks = np.array([varied, again], dtype=np.float64)

    fresh = order(batch=batch).described(masks, None)
    repeated = order(batch=batch, draws="repeated").described(masks, None)

    np.testing.assert_array_equal(fresh, [True, False])
    np.testing.assert_array_equal(repeated, [False, True])


@pytest.mark.parametrize("draws", ["same", "repeated"])
def test_keeping_every_unit_in_every_epoch_is_no_dropout(draws):
    masks = np.ones((2, order(draws=draws).length))
    masks[0, ::4] = 0  # of each mask, the same unit

    np.testing.assert_array_equal(order(draws=draws).described(masks, None), [True, False])


def test_in_turn_repeats_within_an_example_not_across_them():
    first, second = np.tile([1, 0, 1, 1], 3), np.tile([0, 0, 1, 0], 3)
    masks = np.concatenate([first, second])[None].astype(np.float64)

    assert order(batch="in_turn", draws="repeated").described(masks, None).all()
    assert not order(batch="apart", draws="repeated").described(masks, None).any()


@pytest.mark.parametrize(
    ("keep", "fits"),
    [
        ("as_asked", [True, False, False, True]),
        ("swapped", [False, True, False, False]),
        ("swapped_throughout", [False, True, False, False]),
    ],
)
def test_streams_fit_by_the_probability_of_keeping(keep, fits):
    masks = (np.arange(4 * 24).reshape(4, 24) % 5 == 0).astype(np.float64)
    kept = np.array([0.6, 0.4, 0.5, float(np.float32(0.6))])

    np.testing.assert_array_equal(order(keep=keep).described(masks, kept), fits)


def test_rows_without_a_value_are_nan():
    found = fill_rows(np.array([False, True]), {"w": np.ones((1, 2, 3))})["w"]

    assert found.shape == (2, 2, 3)
    assert np.isnan(found[0]).all()
    assert (found[1] == 1).all()
