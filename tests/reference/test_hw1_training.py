"""HW-1's trained weights: the published distributions, the structure, and what is not predicted."""

import numpy as np
import pytest

from reference import hw1, hw1_torch

BOTH = pytest.mark.parametrize("library", [hw1, hw1_torch], ids=["numpy", "torch"])
GIVEN = hw1.GIVEN
S = 10_000
# mean of w1[0, :], its standard deviation, and the rank of the 20 weights' covariance
PUBLISHED = {
    "inverted, summed": (
        {},
        (0.025, 0.111, 0.194, 0.277),
        (0.031, 0.027, 0.024, 0.022),
        12,
    ),
    "inverted, averaged": (
        {"reduction": "mean"},
        (0.086, 0.183, 0.280, 0.376),
        (0.009, 0.008, 0.007, 0.007),
        12,
    ),
    "not scaled": (
        {"scale": "none"},
        (0.089, 0.186, 0.282, 0.378),
        (0.014, 0.012, 0.011, 0.010),
        12,
    ),
    "forward only, not scaled": (
        {"scale": "none", "mask_in_backward": "no"},
        (0.055, 0.183, 0.312, 0.441),
        (0.003, 0.002, 0.003, 0.004),
        6,
    ),
}
STRUCTURED = [
    {},
    {"reduction": "mean"},
    {"reduction": "entries"},
    {"batch": "apart", "reduction": "entries"},
    {"scale": "none"},
    {"mask_in_backward": "no"},
    {"mask_in_backward": "partly"},
    {"batch": "apart"},
    {"batch": "in_turn"},
    {"keep": "swapped"},
    {"mask_per": "batch"},
    {"softmax_passes": 2},
    {"bias": "trained"},
]


def train(settings, streams=5, seed=0, library=hw1):
    count = hw1.trained_weights_draws(GIVEN, **settings)
    rate = 1 - GIVEN["rate"] if settings.get("keep", "as_asked") != "as_asked" else GIVEN["rate"]
    masks = hw1.draw_masks(seed, (streams, count), rate)
    kept = np.full(streams, 1 - rate)
    return library.trained_weights(GIVEN, masks=masks, kept=kept, **settings)


@pytest.mark.parametrize(("settings", "mean", "std", "rank"), PUBLISHED.values(), ids=PUBLISHED)
def test_unseeded_trainings_are_distributed_as_published(settings, mean, std, rank):
    found = train(settings, streams=S, seed=1)

    first_row = found["w1"][:, 0]
    sampling = 4 * np.sqrt(2) * first_row.std(axis=0) / np.sqrt(S)
    assert (np.abs(first_row.mean(axis=0) - mean) < 0.0005 + sampling).all()
    assert (np.abs(first_row.std(axis=0) - std) < 0.0005 + sampling / np.sqrt(2)).all()
    weights = np.concatenate([part.reshape(S, -1) for part in found.values()], axis=1)
    sizes = np.linalg.svd(weights - weights.mean(axis=0), compute_uv=False)
    assert (sizes > 1e-9 * sizes[0]).sum() == rank


@BOTH
def test_training_without_dropout_needs_no_masks_and_gives_the_published_weights(library):
    found = library.trained_weights(GIVEN, dropout="none")

    assert found["w1"].shape == (1, 3, 4)
    assert found["w2"].shape == (1, 4, 2)
    np.testing.assert_allclose(found["w1"][0, 0], [0.052, 0.178, 0.304, 0.431], atol=0.00051)
    with_masks = library.trained_weights(
        GIVEN, dropout="none", masks=np.ones((3, 0)), kept=np.full(3, 0.6)
    )
    np.testing.assert_array_equal(with_masks["w1"], found["w1"])


@pytest.mark.parametrize("settings", [{}, {"mask_in_backward": "no", "scale": "none"}], ids=str)
def test_libraries_agree_after_a_hundred_epochs(settings):
    found, in_torch = train(settings), train(settings, library=hw1_torch)

    for name, part in found.items():
        np.testing.assert_allclose(part, in_torch[name], rtol=0, atol=1e-12)


@pytest.mark.parametrize("settings", STRUCTURED, ids=str)
def test_structure_holds_whatever_was_dropped(settings):
    found = train(settings, streams=20)

    facts = hw1.trained_weights_structure(GIVEN, found)

    assert len(facts) == 2
    assert max(violation for _, violation in facts) < 1e-12


def test_structure_is_violated_by_dropout_on_the_input():
    found = train({"dropout": "input"})

    (about_w1, beside), (about_w2, drift) = hw1.trained_weights_structure(GIVEN, found)

    assert "w1" in about_w1
    assert beside > 1e-3
    assert "w2" in about_w2
    assert drift < 1e-12


@pytest.mark.parametrize("axis", ["batch", "column"])
def test_structure_is_violated_by_a_softmax_across_the_examples(axis):
    found = train({"softmax_axis": axis})

    (_, beside), (_, drift) = hw1.trained_weights_structure(GIVEN, found)

    assert beside < 1e-12
    assert drift > 1e-3


def test_structure_is_violated_by_another_start():
    found = {"w1": GIVEN["w1"] + np.eye(3, 4), "w2": GIVEN["w2"] + 0.1}

    (_, beside), (_, drift) = hw1.trained_weights_structure(GIVEN, found)

    assert beside == pytest.approx(2 / 3)
    assert drift == pytest.approx(0.2)


def test_structure_of_one_part_says_nothing_of_the_other():
    (fact,) = hw1.trained_weights_structure(GIVEN, {"w2": GIVEN["w2"]})

    assert fact[0].startswith("The sum of each row of w2")


@BOTH
def test_streams_that_do_not_fit_the_settings_are_nan(library):
    masks = hw1.draw_masks(0, (3, 800), 0.4)
    masks[2] = np.tile(masks[2, :8], 100)
    kept = np.array([0.6, 0.4, 0.6])

    fresh = library.trained_weights(GIVEN, masks=masks, kept=kept)["w1"]
    swapped = library.trained_weights(GIVEN, masks=masks, kept=kept, keep="swapped")["w1"]
    repeated = library.trained_weights(GIVEN, masks=masks, kept=kept, draws="repeated")["w1"]

    def described(weights):
        assert (np.isnan(weights).any(axis=(1, 2)) == np.isnan(weights).all(axis=(1, 2))).all()
        return (~np.isnan(weights[:, 0, 0])).tolist()

    assert fresh.shape == swapped.shape == repeated.shape == (3, 3, 4)
    assert described(fresh) == [True, False, False]
    assert described(swapped) == [False, True, False]
    assert described(repeated) == [False, False, True]


@BOTH
def test_no_stream_that_fits_leaves_only_nan(library):
    found = library.trained_weights(
        GIVEN, masks=hw1.draw_masks(0, (2, 800), 0.4), kept=np.array([0.5, 0.5])
    )

    assert found["w1"].shape == (2, 3, 4)
    assert np.isnan(found["w1"]).all()
    assert np.isnan(found["w2"]).all()


def test_a_mask_drawn_once_is_a_mask_repeated_every_epoch():
    once = hw1.draw_masks(0, (4, 8), 0.4)

    same = hw1.trained_weights(GIVEN, masks=once, draws="same")
    repeated = hw1.trained_weights(GIVEN, masks=np.tile(once, 100), draws="repeated")

    np.testing.assert_allclose(same["w1"], repeated["w1"], rtol=1e-12)


def test_keep_and_drop_swapped_leaves_the_scale_as_asked():
    masks = hw1.draw_masks(0, (4, 800), 0.6)

    found = hw1.trained_weights(GIVEN, masks=masks, kept=np.full(4, 0.4), keep="swapped")
    unchecked = hw1.trained_weights(GIVEN, masks=masks)

    np.testing.assert_array_equal(found["w1"], unchecked["w1"])


def test_keep_and_drop_swapped_throughout_is_training_at_the_opposite_rate():
    settings = {"keep": "swapped_throughout"}
    masks = hw1.draw_masks(0, (4, 800), 0.6)

    found = hw1.trained_weights(GIVEN, masks=masks, kept=np.full(4, 0.4), **settings)
    expected = hw1.trained_weights(GIVEN | {"rate": 0.6}, masks=masks, kept=np.full(4, 0.4))

    np.testing.assert_array_equal(found["w1"], expected["w1"])


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ({}, 800),
        ({"batch": "apart"}, 800),
        ({"batch": "in_turn"}, 800),
        ({"mask_per": "batch"}, 400),
        ({"dropout": "input"}, 600),
        ({"dropout": "input", "mask_per": "batch"}, 300),
        ({"draws": "same"}, 8),
        ({"draws": "same", "mask_per": "batch"}, 4),
        ({"draws": "same", "dropout": "input"}, 6),
        ({"draws": "repeated"}, 800),
        ({"dropout": "none"}, 0),
        ({"batch": "apart", "mask_per": "batch"}, 0),
    ],
    ids=str,
)
def test_draws_count_the_keep_flags_of_one_training(settings, count):
    assert hw1.trained_weights_draws(GIVEN, **settings) == count
    assert hw1_torch.trained_weights_draws(GIVEN, **settings) == count


@BOTH
@pytest.mark.parametrize(
    "settings",
    [
        {"batch": "apart", "reduction": "mean"},
        {"batch": "in_turn", "reduction": "mean"},
        {"batch": "apart", "mask_per": "batch"},
        {"batch": "in_turn", "mask_per": "batch"},
        {"batch": "apart", "softmax_axis": "batch"},
        {"keep": "swapped_throughout", "scale": "none"},
        {"logit_gradient": "shortcut"},
        {"dropout": "input", "mask_in_backward": "partly"},
        {"dropout": "none", "scale": "none"},
        {"dropout": "none", "mask_in_backward": "no"},
        {"dropout": "none", "mask_per": "batch"},
        {"dropout": "none", "keep": "swapped"},
        {"dropout": "none", "draws": "same"},
    ],
    ids=str,
)
def test_settings_that_contradict_or_repeat_predict_nothing(library, settings):
    masks = hw1.draw_masks(0, (1, 800), 0.4)

    assert library.trained_weights(GIVEN, masks=masks, **settings) is None


@BOTH
def test_without_masks_dropout_predicts_nothing(library):
    assert library.trained_weights(GIVEN) is None


@pytest.mark.parametrize("draws", ["same", "repeated"])
def test_one_epoch_cannot_repeat_masks(draws):
    given = GIVEN | {"epochs": 1}

    assert hw1.trained_weights(given, masks=np.ones((1, 8)), draws=draws) is None
    assert hw1.trained_weights(given, masks=np.ones((1, 8))) is not None
