"""The conventions and mistakes of PS1 that belong to no topic of their own, by name."""

from typing import Literal

Activation = Literal["tanh", "relu", "sigmoid"]
Argument = Literal["input", "output"]
Order = Literal["prediction_minus_label", "label_minus_prediction"]
