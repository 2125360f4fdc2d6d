"""Whether what a module of torch's gives can teach its layers anything.

Runs within the notebook: of the grader's, only what travels along is there.
"""

import contextlib
import io
import sys
from typing import Any


def idle(module: Any, entered: Any, weights: list[Any]) -> list[int] | None:
    """Count the affine maps, from 1, that no gradient of the outputs reaches; None if unknown.

    Only weights that are parameters are looked at: a step of an optimiser changes no others.
    """
    torch = sys.modules["torch"]
    parameters = {one.data_ptr(): one for one in module.parameters()}
    own = {n: parameters.get(weight.data_ptr()) for n, weight in enumerate(weights, 1)}
    asked = [one for one in parameters.values() if any(one is other for other in own.values())]
    try:
        with torch.enable_grad(), contextlib.redirect_stdout(io.StringIO()):
            output = output_of(module(entered), len(entered))
            gradients = gradients_of(torch, output, asked)
    except Exception:
        return None
    return [n for n, one in own.items() if one is not None and not gradients.get(one.data_ptr())]


def gradients_of(torch: Any, output: Any, asked: list[Any]) -> dict[int, bool]:
    """Say of parameters, by where they lie, whether a gradient reaches them."""
    if not output.requires_grad:
        return {}
    # Not all alike: the sum of probabilities teaches nothing.
    ways = torch.linspace(1, 2, output.numel(), dtype=output.dtype).reshape(output.shape) ** 2
    found = torch.autograd.grad((output * ways).sum(), asked, allow_unused=True)
    pairs = zip(asked, found, strict=True)
    return {one.data_ptr(): g is not None and bool((g != 0).any()) for one, g in pairs}


def output_of(value: Any, count: int) -> Any:
    """Find the outputs in what a module returned: the first tensor with a row for each example."""
    torch = sys.modules["torch"]
    values = list(value.values()) if isinstance(value, dict) else value
    if isinstance(values, tuple | list) and values:
        fitting = [one for one in values if isinstance(one, torch.Tensor) and len(one) == count]
        return fitting[0] if fitting else values[0]
    return value
