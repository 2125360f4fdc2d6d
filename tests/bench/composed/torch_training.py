"""The forward pass and the training of PyTorch halves on plain tensors."""

from tests.bench.composed import torch_core
from tests.bench.composed.constants import constants, loops, seeding
from tests.bench.composed.masks import draw
from tests.bench.composed.numpy_core import scaling
from tests.bench.composed.numpy_rows import Cells
from tests.bench.composed.pen import Pen, indented
from tests.bench.composed.plan import Half
from tests.bench.composed.showing import show


def one_pass(pen: Pen, half: Half, x: str, w1: str, w2: str, *, dropped: str = "") -> list[str]:
    """Write the forward pass; `dropped` is what the hidden layer becomes."""
    product = pen.habit(
        "torch product",
        [
            "{} @ {}",
            "{} @ {}",
            "torch.matmul({}, {})",
            "torch.mm({}, {})",
            "{}.mm({})",
            "torch.einsum('ij,jk->ik', {}, {})",
            "F.linear({}, {}.T)",
        ],
    )
    inputs = f"({x}{dropped})" if half.dropout == "input" and dropped else x
    lines = [
        f"v_z1 = {product.format(inputs, w1)}",
        f"v_h = {torch_core.activation(pen, half, 'v_z1')}",
    ]
    hidden = "v_h"
    if dropped and half.dropout == "hidden":
        lines.append(f"v_hd = {dropped.format('v_h') if '{}' in dropped else 'v_h' + dropped}")
        hidden = "v_hd"
    return [
        *lines,
        f"v_z2 = {product.format(hidden, w2)}",
        f"v_p = {torch_core.softmax(pen, half, 'v_z2')}",
    ]


def dropping(pen: Pen, half: Half, rows: int) -> tuple[list[str], str]:
    """Write how a step drops units: lines before the pass, and a suffix or a call on the layer."""
    if half.dropout == "none":
        return [], pen.habit("unused", ["", ""])
    plain = (
        half.scale == "inverted"
        and half.keep != "swapped"
        and (rows == 1 or half.mask_per == "example")
        and half.draws != "same"
        and not half.is_odd("scaled-by-rate")
    )
    if plain and half.dropout == "hidden" and pen.habit("built in", [True, False]):
        rate = torch_core.dropout_rate(half)
        call = pen.habit(
            "call",
            [
                "F.dropout({{}}, p={})",
                "F.dropout({{}}, {}, training=True)",
                "nn.functional.dropout({{}}, {})",
                "nn.Dropout({})({{}})",
                "torch.dropout({{}}, {}, True)",
            ],
        )
        return [], call.format(rate)
    units = 3 if half.dropout == "input" else 4
    own = rows if half.mask_per == "example" or rows == 1 else pen.habit("shared", [0, 1])
    return [f"v_mask = {draw(pen, half, own, units, like='')}{scaling(half)}"], " * v_mask"


def training_cells(pen: Pen, half: Half) -> Cells:
    numbers, start, lines = constants(pen, half), _start(pen, half), _training(pen, half)
    if not half.reset and pen.often(0.5):
        return [[*numbers, *start], lines]
    return [[*numbers, *start, *lines]]


def _training(pen: Pen, half: Half) -> list[str]:
    before, dropped = dropping(pen, half, 2 if half.steps == "together" else 1)
    once: list[str] = []
    every: list[str] = []
    if half.draws == "same":
        [line], _ = dropping(pen, half, 2)
        once, before = [line], []
        if half.steps != "together":
            once, before = [line.replace("v_mask =", "v_masks =", 1)], ["v_mask = v_masks[k:k + 1]"]
    elif half.draws == "repeated":
        every = [seeding(half, str(pen.habits.get("draw", "")))]
    by_optimiser = half.is_odd("adam") or pen.habit("optimiser", [True, False])

    def step(x: str, y: str, rows: int) -> list[str]:
        c = "v_cls" if rows == 2 else f"{y}.argmax(dim=1)"
        loss = torch_core.loss(pen, half, "v_z2", "v_p", y, c, one=rows == 1)
        lines = [
            *before,
            *one_pass(pen, half, x, "v_u1", "v_u2", dropped=dropped),
            f"v_loss = {loss}",
        ]
        return [*lines, *(_by_optimiser(pen, half) if by_optimiser else _by_hand(pen, half))]

    made = [torch_core.optimiser(pen, half, "[v_u1, v_u2]")] if by_optimiser else []
    speeds = ["v_speed1 = v_speed2 = 0"] if half.is_odd("momentum") else []
    told = pen.told("start", {"w1": "v_u1", "w2": "v_u2"})
    lines = [*told, *once, *made, *speeds, *loops(pen, half, step, every)]
    return [*lines, *shown_tensors(pen)]


def shown_tensors(pen: Pen, w1: str = "v_u1", w2: str = "v_u2") -> list[str]:
    """Show trained tensors."""
    ending = pen.habit("ending", ["", ".detach()", ".data"])
    parts = {"w1": w1 + ending, "w2": w2 + ending}
    return [*pen.told("dropout", parts), *show(pen, "dropout", parts)]


def _start(pen: Pen, half: Half) -> list[str]:
    if half.reset:
        form = pen.one(
            "{}.clone().detach().requires_grad_(True)",
            "{}.detach().clone().requires_grad_()",
            "torch.tensor({}.tolist(), dtype={}.dtype, requires_grad=True)",
            "nn.Parameter({}.detach().clone())",
        )
        return [f"v_{u} = {form.replace('{}', 'v_' + w)}" for u, w in (("u1", "w1"), ("u2", "w2"))]
    lines = [
        "v_u1, v_u2 = v_w1.detach(), v_w2.detach()",
        "v_u1.requires_grad_()",
        "v_u2.requires_grad_()",
    ]
    fixed = one_pass(pen, half, "v_X", "v_u1", "v_u2")
    loss = torch_core.loss(pen, half, "v_z2", "v_p", "v_Y", "v_cls")
    plain = [
        "with torch.no_grad():",
        "    v_u1 -= v_lr * v_u1.grad",
        "    v_u2 -= v_lr * v_u2.grad",
        "v_u1.grad, v_u2.grad = None, None",
    ]
    return [
        *lines,
        "for v_epoch in range(25):",
        *indented([*fixed, f"v_loss = {loss}", "v_loss.backward()", *plain]),
    ]


def _by_optimiser(pen: Pen, half: Half) -> list[str]:
    zero = "v_opt.zero_grad()"
    if half.is_odd("no-zero-grad"):
        return ["v_loss.backward()", "v_opt.step()"]
    return pen.habit(
        "zero",
        [[zero, "v_loss.backward()", "v_opt.step()"], ["v_loss.backward()", "v_opt.step()", zero]],
    )


def _by_hand(pen: Pen, half: Half) -> list[str]:
    sign = "+" if half.is_odd("ascent") else "-"
    gradients = {"v_u1": "v_u1.grad", "v_u2": "v_u2.grad"}
    lines: list[str] = []
    for name, own in gradients.items():
        used = own
        if half.is_odd("momentum"):
            speed = "v_speed" + name[-1]
            lines.append(f"{speed} = 0.9 * {speed} + {own}.clone()")
            used = speed
        if half.is_odd("decay"):
            used = f"({own} + 0.01 * {name})"
        form = pen.habit(
            "by hand",
            [
                "{w} {s}= v_lr * {d}",
                "{w}.data = {w}.data {s} v_lr * {d}",
                "{w}.data.add_({d}, alpha={s}v_lr)",
                "{w}.copy_({w} {s} v_lr * {d})",
            ],
        )
        lines.append(form.format(w=name, s=sign, d=used).replace("alpha=+", "alpha="))
    clear = (
        ["v_u1.grad.zero_()", "v_u2.grad.zero_()"]
        if pen.habit("clear", [True, False])
        else ["v_u1.grad = None", "v_u2.grad = None"]
    )
    if half.is_odd("no-zero-grad"):
        clear = []
    if half.is_odd("only-w1"):
        lines = [line for line in lines if "v_u2" not in line]
    return ["v_loss.backward()", "with torch.no_grad():", *indented([*lines, *clear])]
