"""PyTorch halves on plain tensors: gradients by autograd or torch.func."""

from tests.bench.composed import torch_core
from tests.bench.composed.numpy_rows import Cells, shown_outputs
from tests.bench.composed.pen import Pen, indented
from tests.bench.composed.plan import Half
from tests.bench.composed.showing import show
from tests.bench.composed.torch_training import one_pass, training_cells


def tensors(pen: Pen, half: Half, data: list[str]) -> dict[str, Cells]:
    """Write plain tensors; gradients by autograd."""
    calls = pen.habit("calls", [True, False])
    define = _function(pen, half)
    task1 = [
        *(
            ["v_z2, v_p = v_forward(v_X, v_w1, v_w2)"]
            if calls
            else one_pass(pen, half, "v_X", "v_w1", "v_w2")
        ),
        *_shown(pen, half),
    ]
    asked = _asked(half)
    if asked != "v_h":
        data = [*data, *_requiring(pen, half)]
    return {
        "data": [data, *([define] if calls else [])],
        "forward": [_without_grad(pen, task1)],
        "gradient": [_gradient(pen, half, calls=calls)],
        "dropout": training_cells(pen, half),
    }


def _requiring(pen: Pen, half: Half) -> list[str]:
    names = (
        ["v_w2"]
        if half.quantity == "w2"
        else ["v_w1", "v_w2"]
        if pen.habit("both", [True, False])
        else ["v_w1"]
    )
    form = pen.habit(
        "require",
        [
            "{}.requires_grad_(True)",
            "{0} = {0}.clone().detach().requires_grad_()",
            "{}.requires_grad = True",
        ],
    )
    return [form.format(name) for name in names]


def _asked(half: Half) -> str:
    return {"w1": "v_w1", "w2": "v_w2", "hidden": "v_h"}[half.quantity]


def _without_grad(pen: Pen, lines: list[str]) -> list[str]:
    return lines


def _shown(pen: Pen, half: Half) -> list[str]:
    value = "v_p"
    if half.shown_passes == 2:
        value = torch_core.softmax(pen, half, "v_p")
    return shown_outputs(pen, half, value)


def _function(pen: Pen, half: Half) -> list[str]:
    hint = pen.one("v_X, v_w1, v_w2", "v_X: torch.Tensor, v_w1: torch.Tensor, v_w2: torch.Tensor")
    return [
        f"def v_forward({hint}):",
        *indented([*one_pass(pen, half, "v_X", "v_w1", "v_w2"), "return v_z2, v_p"]),
    ]


def _gradient(pen: Pen, half: Half, *, calls: bool) -> list[str]:
    asked = _asked(half)
    how = pen.habit("how", ["backward", "backward", "autograd", "func", "jacobian"])
    if half.is_odd("backward-twice") or (how in {"func", "jacobian"} and half.quantity != "w1"):
        how = "backward"

    def of(x: str, y: str, c: str, one: bool) -> tuple[list[str], str]:
        lines = (
            ["v_z2, v_p = v_forward(" + x + ", v_w1, v_w2)"]
            if calls and asked != "v_h"
            else one_pass(pen, half, x, "v_w1", "v_w2")
        )
        loss = torch_core.loss(pen, half, "v_z2", "v_p", y, c, one=one)
        if how == "autograd" or asked == "v_h":
            if asked == "v_h":
                needs = ["v_w1.requires_grad_()"]
                lines = [*needs, *lines]
            return [
                *lines,
                f"v_loss = {loss}",
                f"v_g = torch.autograd.grad(v_loss, {asked})[0]",
            ], "v_g"
        if how == "backward":
            clear = ["v_w1.grad = None", "v_w2.grad = None"] if one else []
            twice = ["v_loss.backward(retain_graph=True)"] if half.is_odd("backward-twice") else []
            return [
                *clear,
                *lines,
                f"v_loss = {loss}",
                *twice,
                "v_loss.backward()",
            ], f"{asked}.grad"
        inner = [*one_pass(pen, half, x, "v_w1", "v_w2"), f"return {loss}"]
        make = (
            "torch.func.grad(v_criterion)(v_w1.detach())"
            if how == "func"
            else "torch.autograd.functional.jacobian(v_criterion, v_w1.detach())"
        )
        return ["def v_criterion(v_w1):", *indented(inner), f"v_g = {make}"], "v_g"

    if half.batch == "together":
        lines, value = of("v_X", "v_Y", "v_cls", False)
        return [
            *lines,
            *pen.told("gradient", {"whole": value}),
            *show(pen, "gradient", {"": value}),
        ]
    lines, value = of("v_xb", "v_yb", "v_cb", True)
    picks = ["v_xb, v_yb, v_cb = v_X[k:k + 1], v_Y[k:k + 1], v_cls[k:k + 1]"]
    count = 1 if half.is_odd("one-example") else 2
    shown = [*pen.told("gradient", {"one": value}), *show(pen, "gradient", {"": value}, top=False)]
    return [f"for k in range({count}):", *indented([*picks, *lines, *shown])]
