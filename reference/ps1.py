"""PS1: activations, loss, affine layer and network, and the conventions they leave open.

Each family reads the inputs of one case off `given`, under the names its inputs function
gives them, and returns the named parts of what a right answer returns or becomes.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference import activations, affine, squared_error
from reference.accuracy import Hit, Unit, accuracy
from reference.activations import AtZero
from reference.affine import BiasGradient, InputGradient, Layer, Pooling, Rate, StepSettings
from reference.ps1_calibration import trained_network
from reference.ps1_inputs import (
    activation_inputs,
    affine_inputs,
    derivative_inputs,
    loss_inputs,
    network_inputs,
    unseen_digits,
)
from reference.ps1_settings import Activation, Argument, Order
from reference.ps1_training import prediction_inputs, training_inputs
from reference.squared_error import Factor, Reduction

__all__ = [
    "GIVEN",
    "activation_inputs",
    "affine_backward",
    "affine_forward",
    "affine_inputs",
    "derivative_inputs",
    "loss_inputs",
    "mse",
    "mse_grad",
    "network_inputs",
    "network_outputs",
    "network_scores",
    "prediction_inputs",
    "relu",
    "relu_grad",
    "sigmoid",
    "sigmoid_grad",
    "tanh",
    "tanh_grad",
    "trained_network",
    "training_inputs",
    "unseen_digits",
]

Parts = dict[str, np.ndarray]

GIVEN: dict[str, np.ndarray | float | int] = {
    "sizes": np.array([784, 128, 64, 10]),
    "epoch_num": 20,
    "learning_rate": 0.1,
}


def tanh(given: Mapping[str, Any]) -> Parts:
    """Return the hyperbolic tangent of x."""
    return {"result": activations.tanh(_array(given, "x"))}


def tanh_grad(given: Mapping[str, Any], *, of: Argument = "input") -> Parts:
    """Return the derivative of tanh, x being its input, or taken for its output."""
    x = _array(given, "x")
    return {"result": activations.tanh_slope(x) if of == "input" else 1 - x**2}


def relu(given: Mapping[str, Any]) -> Parts:
    """Return x where it is positive, else 0."""
    return {"result": activations.relu(_array(given, "x"))}


def relu_grad(given: Mapping[str, Any], *, at_zero: AtZero = "zero") -> Parts:
    """Return the derivative of relu, with a convention for x = 0."""
    return {"result": activations.relu_slope(_array(given, "x"), at_zero)}


def sigmoid(given: Mapping[str, Any]) -> Parts:
    """Return the logistic function of x."""
    return {"result": activations.sigmoid(_array(given, "x"))}


def sigmoid_grad(given: Mapping[str, Any], *, of: Argument = "input") -> Parts:
    """Return the derivative of sigmoid, x being its input, or taken for its output."""
    x = _array(given, "x")
    return {"result": activations.sigmoid_slope(x) if of == "input" else x * (1 - x)}


def mse(
    given: Mapping[str, Any], *, reduction: Reduction = "mean", factor: Factor = "one"
) -> Parts:
    """Return the squared error of y_pred; "mean" over all entries is what the name says."""
    y_true, y_pred = _array(given, "y_true"), _array(given, "y_pred")
    loss = squared_error.squared_error(y_true, y_pred, reduction=reduction, factor=factor)
    return {"result": loss}


def mse_grad(
    given: Mapping[str, Any],
    *,
    reduction: Reduction = "mean",
    factor: Factor = "one",
    order: Order = "prediction_minus_label",
) -> Parts:
    """Return the gradient of mse with respect to y_pred; the other order has its sign wrong."""
    y_true, y_pred = _array(given, "y_true"), _array(given, "y_pred")
    if order == "label_minus_prediction":
        y_true, y_pred = y_pred, y_true
    gradient = squared_error.squared_error_gradient(
        y_true, y_pred, reduction=reduction, factor=factor
    )
    return {"result": gradient}


def affine_forward(given: Mapping[str, Any]) -> Parts:
    """Return the layer's output for x, from weights (D, H) and a bias of H entries."""
    return {"output": affine.forward(_array(given, "x"), _layer(given))}


def affine_backward(
    given: Mapping[str, Any],
    *,
    batch: Pooling = "sum",
    bias_gradient: BiasGradient = "as_weights",
    input_gradient: InputGradient = "before_update",
    descent: bool = True,
    rate: Rate = "applied",
) -> Parts | None:
    """Return the gradient of the input, and the weights and the bias after the step.

    What the settings mean: `reference.affine.StepSettings`.
    """
    settings = StepSettings(
        batch=batch,
        bias_gradient=bias_gradient,
        input_gradient=input_gradient,
        descent=descent,
        rate=rate,
    )
    if settings.repeats_another:
        return None
    x, grad = _array(given, "x"), _array(given, "output_grad")
    learning_rate = float(given["learning_rate"])
    input_grad, after = affine.backward(x, _layer(given), grad, learning_rate, settings)
    return {"input_grad": input_grad, "weights": after.weights, "bias": after.bias}


def network_outputs(given: Mapping[str, Any], *, activation: Activation = "tanh") -> Parts:
    """Return the outputs of affine layers, each followed by the activation.

    The layers are weights_1 (D, H), bias_1, weights_2, ... of `given`, as many as there are.
    """
    curve = {"tanh": activations.tanh, "relu": activations.relu, "sigmoid": activations.sigmoid}
    outputs, number = _array(given, "x"), 1
    while f"weights_{number}" in given:
        layer = _layer(given, f"_{number}")
        outputs, number = curve[activation](affine.forward(outputs, layer)), number + 1
    return {"outputs": outputs}


def network_scores(
    given: Mapping[str, Any],
    *,
    reduction: Reduction = "mean",
    factor: Factor = "one",
    hit: Hit = "argmax",
    unit: Unit = "fraction",
) -> Parts:
    """Return the mean loss and the accuracy of `outputs`, given labels y (N, C).

    The loss is taken of each example by itself and averaged over the examples, so that
    "mean" and "outputs" are one, and so are "examples", "length" and "sum".
    """
    y = _array(given, "y")
    outputs = _array(given, "outputs").reshape(y.shape)
    of_each = squared_error.squared_error(y, outputs, reduction="examples", factor=factor)
    loss = of_each / squared_error.divisor((1, y.shape[-1]), reduction)
    return {"loss": loss, "accuracy": accuracy(outputs, y, hit=hit, unit=unit)}


def _array(given: Mapping[str, Any], name: str) -> np.ndarray:
    return np.asarray(given[name], dtype=np.float64)


def _layer(given: Mapping[str, Any], end: str = "") -> Layer:
    """Read a layer; its bias is laid along the outputs, whichever way it was kept."""
    return Layer(_array(given, f"weights{end}"), _array(given, f"bias{end}").reshape(1, -1))
