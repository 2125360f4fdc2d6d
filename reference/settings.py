"""The conventions an assignment leaves open and the mistakes that are known, by name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

Batch = Literal["together", "apart"]
Steps = Literal["together", "apart", "in_turn"]
Reduction = Literal["sum", "mean", "entries"]
SoftmaxAxis = Literal["row", "column", "batch"]
SoftmaxPasses = Literal[1, 2]
LogitGradient = Literal["exact", "shortcut"]
ReluDerivative = Literal["step", "missing", "activation"]
Target = Literal["label", "first", "last"]
Scale = Literal["inverted", "none"]
MaskInBackward = Literal["yes", "partly", "no"]
Dropout = Literal["hidden", "input", "none"]
MaskPer = Literal["example", "batch"]
Keep = Literal["as_asked", "swapped", "swapped_throughout"]
Draws = Literal["fresh", "same", "repeated"]
Bias = Literal["fixed", "trained"]
Decimals = Literal["all", "four"]


@dataclass(frozen=True, kw_only=True)
class LossSettings:
    """How the loss is formed from the logits, and how its gradient is taken.

    Args:
        softmax_axis: what sums to 1: each example ("row"), each class over the examples
            ("column"), or all entries ("batch").
        softmax_passes: how often the softmax is applied.
        logit_gradient: "exact", or the "shortcut" p - y whatever p is. The shortcut is
            exact for one softmax over each row, and a mistake otherwise.
        relu_derivative: "step" is right; "missing" is 1 everywhere; "activation" puts
            relu(z) in the derivative's place.
        target: the label, or one hard-coded class index for all examples.
    """

    softmax_axis: SoftmaxAxis = "row"
    softmax_passes: SoftmaxPasses = 1
    logit_gradient: LogitGradient = "exact"
    relu_derivative: ReluDerivative = "step"
    target: Target = "label"

    @property
    def repeats_another(self) -> bool:
        """Whether these settings only say in other words what the defaults say."""
        once = self.softmax_axis == "row" and self.softmax_passes == 1
        return once and self.logit_gradient == "shortcut"


@dataclass(frozen=True, kw_only=True)
class TrainingSettings:
    """How a network with dropout is trained by gradient descent.

    Args:
        rate: the probability with which a unit is dropped, in [0, 1).
        batch: one step an epoch on all examples ("together"), a step for each example in
            every epoch ("apart"), or all epochs of one example before the next ("in_turn").
        reduction: the loss of a step, summed or averaged over its examples; "entries" is the
            mean over all entries of y log p, examples times classes.
        scale: "inverted" divides what is kept by the probability of keeping.
        mask_in_backward: "partly": the gradient of w2 has the masked activations, but the
            gradient reaches the hidden layer unmasked; "no": the backward pass knows
            nothing of the mask or the scale.
        dropout: the layer that dropout is applied to.
        mask_per: each example has a mask, or a step's examples share one.
        keep: "swapped": units are kept with probability `rate`, and scaled as if by
            1 - `rate`; "swapped_throughout": scaled by 1 / `rate` as well.
        draws: masks drawn afresh, drawn once before the first epoch ("same"), or drawn
            in every epoch with the same result ("repeated").
        bias: both held at their start, or trained like the weights.
        decimals: whether each gradient is rounded to four decimals before the step.
    """

    learning_rate: float
    epochs: int
    rate: float
    loss: LossSettings = LossSettings()
    batch: Steps = "together"
    reduction: Reduction = "sum"
    scale: Scale = "inverted"
    mask_in_backward: MaskInBackward = "yes"
    dropout: Dropout = "hidden"
    mask_per: MaskPer = "example"
    keep: Keep = "as_asked"
    draws: Draws = "fresh"
    bias: Bias = "fixed"
    decimals: Decimals = "all"

    @property
    def factor(self) -> float:
        """What a kept unit is multiplied by."""
        if self.scale == "none" or self.dropout == "none":
            return 1.0
        return 1 / self.rate if self.keep == "swapped_throughout" else 1 / (1 - self.rate)

    @property
    def repeats_another(self) -> bool:
        """Whether these settings contradict each other, or repeat simpler ones."""
        one_by_one = self.batch != "together"
        masks = (self.scale, self.mask_in_backward, self.mask_per, self.keep, self.draws)
        return (
            self.loss.repeats_another
            or (one_by_one and (self.reduction == "mean" or self.loss.softmax_axis != "row"))
            or (one_by_one and self.mask_per == "batch")
            or (self.keep == "swapped_throughout" and self.scale == "none")
            or (self.draws != "fresh" and self.epochs == 1)
            or (self.dropout == "input" and self.mask_in_backward == "partly")
            or (
                self.dropout == "none"
                and masks != ("inverted", "yes", "example", "as_asked", "fresh")
            )
        )


def training_settings(given: Mapping[str, Any], **options: Any) -> TrainingSettings:
    """Collect the constants and the settings of a training, by their names."""
    of_loss = {field.name for field in fields(LossSettings)}
    loss = {name: option for name, option in options.items() if name in of_loss}
    others = {name: option for name, option in options.items() if name not in of_loss}
    return TrainingSettings(
        learning_rate=float(given["learning_rate"]),
        epochs=int(given["epochs"]),
        rate=float(given["rate"]),
        loss=LossSettings(**loss),
        **others,
    )
