"""What a composed notebook does: the conventions it follows and the mistakes it makes."""

from dataclasses import dataclass, field
from typing import Any, Literal

TASKS = ("forward", "gradient", "dropout")
LIBRARIES = ("numpy", "torch")
Library = Literal["numpy", "torch"]


@dataclass(frozen=True)
class Odd:
    """An undeclared mistake.

    Args:
        name: what was done.
        tasks: those it makes wrong.
        names: mistakes of a rubric that would describe it well enough.
        transforms: what may be said to have become of the expected value.
    """

    name: str
    tasks: tuple[str, ...]
    names: frozenset[str] = frozenset()
    transforms: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Half:
    """One library's half of a notebook; the settings mean what reference/settings.py says.

    Args:
        style: the way of writing.
        batch: how the gradient is taken; "together" or "apart".
        steps: what a training step is taken on.
        shown_passes: how often the softmax is applied to the outputs shown in task 1.
        typo: the constant that is not the assignment's.
        bias: "none", "zero" or "random".
        quantity: whose gradient is shown.
        typed: the tasks whose answers are typed in.
        reset: whether task 3 starts from the assignment's weights.
        odd: an undeclared mistake.
        mistakes: for each task, the declared mistakes that were made.
    """

    library: Library
    style: str
    batch: str = "together"
    steps: str = "together"
    reduction: str = "sum"
    scale: str = "inverted"
    mask_per: str = "example"
    mask_in_backward: str = "yes"
    dropout: str = "hidden"
    keep: str = "as_asked"
    draws: str = "fresh"
    softmax_axis: str = "row"
    softmax_passes: int = 1
    shown_passes: int = 1
    axis_shown_only: bool = False  # the loss is right, only what is shown is not
    logit_gradient: str = "exact"
    relu_derivative: str = "step"
    target: str = "label"
    typo: str = ""
    bias: str = "none"
    bias_trained: bool = False
    quantity: str = "w1"
    typed: frozenset[str] = frozenset()
    reset: bool = True
    single: bool = False  # single precision
    odd: Odd | None = None
    mistakes: dict[str, frozenset[str]] = field(default_factory=dict)

    def is_odd(self, name: str) -> bool:
        """Say whether this undeclared mistake is made."""
        return self.odd is not None and self.odd.name == name

    def of_loss(self) -> dict[str, Any]:
        """Return the settings of the loss."""
        return {
            "softmax_axis": "row" if self.axis_shown_only else self.softmax_axis,
            "softmax_passes": self.softmax_passes,
            "logit_gradient": self.logit_gradient,
            "relu_derivative": self.relu_derivative,
            "target": self.target,
        }

    def of_training(self) -> dict[str, Any]:
        """Return the settings of the training."""
        one_by_one = self.steps != "together"
        settings = {
            **self.of_loss(),
            "batch": self.steps,
            "reduction": "sum" if one_by_one and self.reduction == "mean" else self.reduction,
            "dropout": self.dropout,
            "bias": "trained" if self.bias_trained else "fixed",
        }
        if self.dropout != "none":
            settings |= {
                "scale": self.scale,
                "mask_in_backward": self.mask_in_backward,
                "mask_per": "example" if one_by_one else self.mask_per,
                "keep": self.keep,
                "draws": self.draws,
            }
        return settings


@dataclass(frozen=True)
class Truth:
    """What a careful person would find in one answer."""

    mistakes: frozenset[str] = frozenset()
    odd: Odd | None = None

    @property
    def deed(self) -> str:
        """Name what was done, as a row of the confusion matrix."""
        if self.odd is not None:
            return f"({self.odd.name})"
        return " + ".join(sorted(self.mistakes)) or "right"


def truths(half: Half) -> dict[str, Truth]:
    """Return what each task's answer is, by task."""
    found = {}
    for task in TASKS:
        odd = half.odd if half.odd is not None and task in half.odd.tasks else None
        found[task] = Truth(half.mistakes.get(task, frozenset()), odd)
    return found
