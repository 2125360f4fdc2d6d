"""HW-1's families: the published numbers, the parts, and the settings that predict nothing."""

import inspect
from typing import Literal, get_args, get_origin

import numpy as np
import pytest

from reference import hw1, hw1_torch
from reference.settings import LossSettings, TrainingSettings

BOTH = pytest.mark.parametrize("library", [hw1, hw1_torch], ids=["numpy", "torch"])
FAMILIES = [
    "outputs",
    "gradient_w1",
    "gradient_w2",
    "gradient_hidden",
    "gradient_logits",
    "gradient_input",
    "trained_weights",
]
PRINTED = {"rtol": 0, "atol": 0.51e-8}
SUMMED = np.array([0.38096682, 0.46627936, 0.55159190])


@BOTH
def test_outputs_are_the_published_ones(library):
    found = library.outputs(library.GIVEN)

    np.testing.assert_allclose(found["x1"], [0.13238887, 0.86761113], **PRINTED)
    np.testing.assert_allclose(found["x2"], [0.01448572, 0.98551428], **PRINTED)


@BOTH
@pytest.mark.parametrize(
    ("settings", "columns"),
    [
        ({}, {"w1": SUMMED}),
        ({"reduction": "mean"}, {"w1": SUMMED / 2}),
        ({"reduction": "entries"}, {"w1": SUMMED / 4}),
        (
            {"batch": "apart"},
            {
                "x1": [-0.01323889, -0.02647777, -0.03971666],
                "x2": [0.39420571, 0.49275714, 0.59130857],
            },
        ),
        (
            {"batch": "apart", "softmax_passes": 2},
            {
                "x1": [-0.00744421, -0.01488841, -0.02233262],
                "x2": [0.00828372, 0.01035465, 0.01242558],
            },
        ),
    ],
    ids=str,
)
def test_gradients_of_w1_are_the_published_ones(library, settings, columns):
    found = library.gradient_w1(library.GIVEN, **settings)

    assert found.keys() == columns.keys()
    for name, column in columns.items():
        assert found[name].shape == (3, 4)
        np.testing.assert_allclose(found[name], np.outer(column, np.ones(4)), **PRINTED)


@BOTH
@pytest.mark.parametrize(
    ("family", "together", "apart"),
    [
        ("gradient_w1", {"w1": (3, 4)}, (3, 4)),
        ("gradient_w2", {"w2": (4, 2)}, (4, 2)),
        ("gradient_hidden", {"hidden": (2, 4)}, (4,)),
        ("gradient_logits", {"logits": (2, 2)}, (2,)),
        ("gradient_input", {"input": (2, 3)}, (3,)),
    ],
)
def test_a_gradient_is_one_array_or_one_per_example(library, family, together, apart):
    gradient = getattr(library, family)

    whole = gradient(library.GIVEN)
    halved = gradient(library.GIVEN, reduction="mean")
    terms = gradient(library.GIVEN, batch="apart")

    assert {name: array.shape for name, array in whole.items()} == together
    assert {name: array.shape for name, array in terms.items()} == {"x1": apart, "x2": apart}
    for name in whole:
        np.testing.assert_allclose(halved[name], whole[name] / 2, rtol=1e-12)
        stacked = np.stack([terms["x1"], terms["x2"]])
        rebuilt = stacked.sum(axis=0) if name in {"w1", "w2"} else stacked
        np.testing.assert_allclose(rebuilt, whole[name], rtol=1e-12)


@BOTH
def test_a_softmax_over_the_batch_sums_to_one_over_both_examples(library):
    batch = library.outputs(library.GIVEN, softmax_axis="batch")
    column = library.outputs(library.GIVEN, softmax_axis="column")

    assert sum(part.sum() for part in batch.values()) == pytest.approx(1)
    np.testing.assert_allclose(column["x1"] + column["x2"], [1, 1])


@BOTH
def test_biases_that_are_given_are_used(library):
    bias = {"b1": np.array([1.0, -9, 0, 2]), "b2": np.array([0.5, -0.5])}
    given = library.GIVEN | bias
    hidden = np.maximum(given["x1"] @ given["w1"] + bias["b1"], 0)
    powers = np.exp(hidden @ given["w2"] + bias["b2"])

    found = library.outputs(given)

    np.testing.assert_allclose(found["x1"], powers / powers.sum(), rtol=1e-12)


@BOTH
@pytest.mark.parametrize(
    "settings",
    [{"batch": "apart", "reduction": "mean"}, {"logit_gradient": "shortcut"}],
    ids=str,
)
def test_gradients_predict_nothing_where_settings_say_nothing_new(library, settings):
    for family in FAMILIES[1:-1]:
        assert getattr(library, family)(library.GIVEN, **settings) is None


@pytest.mark.parametrize("family", FAMILIES)
def test_both_libraries_offer_the_same_settings(family):
    assert inspect.signature(getattr(hw1, family)) == inspect.signature(getattr(hw1_torch, family))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_setting_is_a_keyword_with_named_values_and_the_right_default(family):
    parameters = list(inspect.signature(getattr(hw1, family)).parameters.values())[1:]
    defaults = vars(LossSettings()) | vars(TrainingSettings(learning_rate=1, epochs=1, rate=0.4))

    settings = [one for one in parameters if one.name not in {"masks", "kept"}]

    assert settings
    for setting in settings:
        assert setting.kind is inspect.Parameter.KEYWORD_ONLY
        assert get_origin(setting.annotation) is Literal
        assert setting.default in get_args(setting.annotation)
        assert setting.default == defaults[setting.name]


def test_given_constants_are_plain_float64_data():
    arrays = {name: value for name, value in hw1.GIVEN.items() if isinstance(value, np.ndarray)}

    shapes = {name: array.shape for name, array in arrays.items()}
    assert shapes == {
        "x1": (3,),
        "x2": (3,),
        "y1": (2,),
        "y2": (2,),
        "w1": (3, 4),
        "w2": (4, 2),
        "b1": (4,),
        "b2": (2,),
    }
    assert all(array.dtype == np.float64 for array in arrays.values())
    rest = {name: value for name, value in hw1.GIVEN.items() if name not in arrays}
    assert rest == {"rate": 0.4, "learning_rate": 0.01, "epochs": 100}
