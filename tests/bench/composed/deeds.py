"""What may be done wrong in a half, which ways of writing can do it, and what it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.bench.composed.data import TYPOS
from tests.bench.composed.plan import Odd

ALL = ("forward", "gradient", "dropout")
LATER = ("gradient", "dropout")
ROWS = ("script", "functions", "class")
SINGLY = ("vectors", "columns")
NUMPY = (*ROWS, "layers", "lists", *SINGLY)
BUILT = ("module", "sequential")
TORCH = ("tensors", "manual", *BUILT)


@dataclass(frozen=True)
class Deed:
    """One mistake, as changes to a half.

    Args:
        mistake: its name in the rubric; "" for an undeclared one.
        tasks: those whose answers it changes.
        styles: the ways of writing that can make it.
        changes: the fields of a half it sets; a list means any of them.
        needs: conventions without which it is another mistake, or none.
        odd: what is not declared.
    """

    mistake: str
    tasks: tuple[str, ...]
    styles: tuple[str, ...]
    changes: Mapping[str, Any] = field(default_factory=dict)
    needs: Mapping[str, Any] = field(default_factory=dict)
    odd: Odd | None = None


_TOGETHER = {"batch": "together", "steps": "together"}
_SHORT = {"logit_gradient": "shortcut"}
DECLARED = (
    Deed(
        "softmax-over-batch",
        ALL,
        (*ROWS, "layers", "manual"),
        {"softmax_axis": ["batch", "column"], **_SHORT},
        _TOGETHER,
    ),
    Deed(
        "softmax-over-batch",
        ALL,
        ("tensors", *BUILT),
        {"softmax_axis": ["batch", "column"]},
        _TOGETHER,
    ),
    Deed(
        "softmax-over-batch",
        ("forward",),
        ("tensors", *BUILT),
        {"softmax_axis": "column", "axis_shown_only": True},
    ),
    Deed(
        "softmax-twice",
        LATER,
        (*ROWS, "layers", *SINGLY, "manual"),
        {"softmax_passes": 2, "logit_gradient": ["exact", "shortcut"]},
    ),
    Deed(
        "softmax-twice",
        ALL,
        (*ROWS, "layers", *SINGLY, "manual"),
        {"softmax_passes": 2, "shown_passes": 2, **_SHORT},
    ),
    Deed("softmax-twice", LATER, ("tensors", *BUILT), {"softmax_passes": 2}),
    Deed("softmax-twice", ALL, ("tensors", *BUILT), {"softmax_passes": 2, "shown_passes": 2}),
    Deed(
        "relu-derivative-missing",
        LATER,
        (*ROWS, *SINGLY, "lists", "manual"),
        {"relu_derivative": "activation"},
    ),
    Deed("label-ignored", LATER, (*ROWS, "layers", *SINGLY, *TORCH), {"target": ["first", "last"]}),
    Deed(
        "wrong-shape",
        ("gradient",),
        ("script", "manual", "tensors", "module", "functions", "class"),
        {"quantity": "w2"},
    ),
    Deed("wrong-shape", ("gradient",), ("script", "manual", "tensors"), {"quantity": "hidden"}),
    Deed("random-bias", ALL, ROWS, {"bias": "random", "bias_trained": [True, False]}),
    Deed("random-bias", ALL, BUILT, {"bias": "random", "bias_trained": True}),
    Deed("wrong-data", ALL, (*NUMPY, *TORCH), {"typo": [one for one in TYPOS if one != "y"]}),
    Deed("wrong-data", LATER, (*NUMPY, *TORCH), {"typo": "y"}),
    Deed("typed-in", ("gradient",), (*NUMPY, *TORCH), {"typed": frozenset({"gradient"})}),
    Deed(
        "typed-in",
        ("forward", "gradient"),
        (*NUMPY, *TORCH),
        {"typed": frozenset({"forward", "gradient"})},
    ),
    Deed("no-rescaling", ("dropout",), (*NUMPY, "tensors", "manual", "module"), {"scale": "none"}),
    Deed(
        "mask-not-in-backward",
        ("dropout",),
        (*ROWS, *SINGLY, "lists", "manual"),
        {"mask_in_backward": ["no", "partly"]},
    ),
    Deed("mask-not-in-backward", ("dropout",), ("layers",), {"mask_in_backward": "partly"}),
    Deed(
        "dropout-on-input", ("dropout",), (*ROWS, *SINGLY, "layers", *TORCH), {"dropout": "input"}
    ),
    Deed(
        "keep-drop-swapped",
        ("dropout",),
        (*NUMPY, "tensors", "manual", "module"),
        {"keep": ["swapped", "swapped_throughout"]},
    ),
    Deed("keep-drop-swapped", ("dropout",), ("sequential",), {"keep": "swapped_throughout"}),
    Deed(
        "same-mask-every-epoch",
        ("dropout",),
        (*ROWS, *SINGLY, "tensors"),
        {"draws": ["same", "repeated"]},
    ),
    Deed("same-mask-every-epoch", ("dropout",), ("layers", "lists", *BUILT), {"draws": "repeated"}),
    Deed(
        "no-dropout",
        ("dropout",),
        (*ROWS, *SINGLY, "layers", "lists", *TORCH),
        {"dropout": "none", "scale": ["inverted", "none"]},
    ),
    Deed("weights-not-reset", ("dropout",), (*ROWS, *SINGLY, "tensors", *BUILT), {"reset": False}),
)


def _odd(
    name: str,
    tasks: tuple[str, ...],
    styles: tuple[str, ...],
    transforms: str = "",
    names: str = "",
    **needs: Any,
) -> Deed:
    odd = Odd(name, tasks, frozenset(names.split()), frozenset(transforms.split()))
    return Deed("", tasks, styles, {}, needs, odd)


_UPDATED = (*ROWS, *SINGLY)
UNDECLARED = (
    _odd("tanh", ALL, (*ROWS, "layers", *SINGLY, "tensors", *BUILT)),
    _odd("sigmoid-hidden", ALL, (*ROWS, "tensors", *BUILT)),
    _odd("sigmoid-output", ALL, ROWS),
    _odd("base-two", ALL, (*_UPDATED, "tensors")),
    _odd("logits-shown", ("forward",), (*_UPDATED, *TORCH)),
    _odd("sign", LATER, (*ROWS, "layers", *SINGLY, "tensors", *BUILT), "negated scaled"),
    _odd("log-two", LATER, (*_UPDATED, "tensors", *BUILT), "scaled"),
    _odd("squared-loss", LATER, (*_UPDATED, "tensors", *BUILT)),
    _odd("doubled", LATER, (*_UPDATED, "tensors", *BUILT), "scaled", reduction="sum"),
    _odd(
        "one-example", ("gradient",), (*NUMPY, "tensors", *BUILT), "example_missing", batch="apart"
    ),
    _odd("ascent", ("dropout",), (*_UPDATED, "manual", "tensors", *BUILT), "negated"),
    _odd("momentum", ("dropout",), (*_UPDATED, "manual", "tensors", *BUILT)),
    _odd("decay", ("dropout",), (*_UPDATED, "manual", "tensors", *BUILT)),
    _odd("learning-rate", ("dropout",), (*NUMPY, *TORCH), "scaled", "wrong-data"),
    _odd("epochs", ("dropout",), (*NUMPY, *TORCH), "epoch_off", "wrong-data"),
    _odd("rate-half", ("dropout",), (*NUMPY, *TORCH), "", "wrong-data"),
    _odd("order", ("dropout",), ("script",)),
    _odd("only-w1", ("dropout",), (*_UPDATED, "module", "sequential")),
    _odd("first-only", ("dropout",), (*ROWS, "tensors", *BUILT), "example_missing", steps="apart"),
    _odd("scaled-by-rate", ("dropout",), (*ROWS, *SINGLY, "manual", "tensors", "module")),
    _odd("scaled-twice", ("dropout",), ROWS),
    _odd("adam", ("dropout",), ("tensors", *BUILT)),
    _odd("no-zero-grad", ("dropout",), ("tensors", *BUILT)),
    _odd(
        "backward-twice",
        ("gradient",),
        ("tensors", *BUILT),
        "scaled",
        batch="together",
        reduction="sum",
    ),
)
