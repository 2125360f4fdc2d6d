"""What PyTorch halves do with a module they have made: the three tasks."""

from tests.bench.composed import torch_core
from tests.bench.composed.constants import constants, loops, seeding
from tests.bench.composed.numpy_rows import Cells, shown_outputs
from tests.bench.composed.pen import Pen, indented
from tests.bench.composed.plan import Half
from tests.bench.composed.showing import show


def around(
    pen: Pen,
    half: Half,
    data: list[str],
    define: list[str],
    made: str,
    weights: tuple[str, ...],
    *,
    turned: bool,
    drop: tuple[str, tuple[str, ...]] | None = None,
) -> dict[str, Cells]:
    new, trained = drop or (f"v_Net({torch_core.dropout_rate(half)})", weights)
    plain = made if drop else "v_Net()"
    first = weights[0].format(net="v_net")
    bias = {
        name: w.format(net="v_net").replace(".weight", ".bias")
        for name, w in zip(("b1", "b2"), weights, strict=True)
    }
    told = pen.told("bias", bias) if half.bias == "random" else []
    probabilities = "v_p" if half.softmax_passes == 2 else torch_core.softmax(pen, half, "v_z2")
    task1 = [
        f"v_net = {plain}",
        *told,
        *([] if half.softmax_passes == 2 else ["v_z2 = v_net(v_X)"]),
    ]
    if half.softmax_passes == 2:
        task1.append("v_p = v_net(v_X)")
        if half.shown_passes == 2:
            probabilities = torch_core.softmax(pen, half, "v_p")
    elif pen.often(0.5):
        task1.append(f"v_p = {probabilities}")
        probabilities = "v_p"
    return {
        "data": [data, define],
        "forward": [[*task1, *shown_outputs(pen, half, probabilities)]],
        "gradient": [_gradient(pen, half, weights, first, turned=turned)],
        "dropout": _training(pen, half, new, plain, trained, turned=turned),
    }


def _gradient(
    pen: Pen, half: Half, weights: tuple[str, ...], first: str, *, turned: bool
) -> list[str]:
    asked = weights[1].format(net="v_net") if half.quantity == "w2" else first
    value = f"{asked}.grad" + (pen.one("", ".T", ".t()") if turned else "")

    def of(x: str, y: str, c: str, one: bool) -> list[str]:
        frozen = [f"{first}.requires_grad_(False)"] if half.quantity == "w2" else []
        lines = [
            *frozen,
            "v_net.zero_grad()",
            *_logits(pen, half, "v_net", x),
            f"v_loss = {torch_core.loss(pen, half, 'v_z2', 'v_p', y, c, one=one)}",
        ]
        twice = ["v_loss.backward(retain_graph=True)"] if half.is_odd("backward-twice") else []
        return [*lines, *twice, "v_loss.backward()"]

    if half.batch == "together":
        return [
            *of("v_X", "v_Y", "v_cls", False),
            *pen.told("gradient", {"whole": value}),
            *show(pen, "gradient", {"": value}),
        ]
    picks = ["v_xb, v_yb, v_cb = v_X[k:k + 1], v_Y[k:k + 1], v_cls[k:k + 1]"]
    count = 1 if half.is_odd("one-example") else 2
    shown = [*pen.told("gradient", {"one": value}), *show(pen, "gradient", {"": value}, top=False)]
    return [
        f"for k in range({count}):",
        *indented([*picks, *of("v_xb", "v_yb", "v_cb", True), *shown]),
    ]


def _logits(pen: Pen, half: Half, net: str, x: str) -> list[str]:
    if half.softmax_passes == 2:
        return [f"v_p = {net}({x})"]
    return [f"v_z2 = {net}({x})", f"v_p = {torch_core.softmax(pen, half, 'v_z2')}"]


def _training(
    pen: Pen, half: Half, new: str, plain: str, weights: tuple[str, ...], *, turned: bool
) -> Cells:
    net = "v_drop_net"
    made = [f"{net} = {new}"]
    if half.dropout == "none":
        # The wrong model is trained, or the right one in eval mode.
        made.append(f"{net}.eval()")
    elif pen.often(0.5):
        made.append(f"{net}.train()")
    first = constants(pen, half)
    if not half.reset:
        layers = (
            [w.format(net=net) for w in weights],
            [w.format(net="v_net") for w in _plain_places(weights)],
        )
        shared = [f"{a}.data = {b}.data" for a, b in zip(*layers, strict=True)]
        before = [
            "v_opt = torch.optim.SGD(v_net.parameters(), lr=v_lr)",
            "for v_epoch in range(40):",
            *indented(
                [
                    *_logits(pen, half, "v_net", "v_X"),
                    "v_opt.zero_grad()",
                    f"v_loss = {torch_core.loss(pen, half, 'v_z2', 'v_p', 'v_Y', 'v_cls')}",
                    "v_loss.backward()",
                    "v_opt.step()",
                ]
            ),
        ]
        first += [f"v_net = {plain}", *before]
        made += shared
    every = [seeding(half, str(pen.habits.get("draw", "")))] if half.draws == "repeated" else []

    def step(x: str, y: str, rows: int) -> list[str]:
        c = "v_cls" if rows == 2 else f"{y}.argmax(dim=1)"
        loss = torch_core.loss(pen, half, "v_z2", "v_p", y, c, one=rows == 1)
        change = ["v_loss.backward()", "v_opt.step()"]
        zero = (
            []
            if half.is_odd("no-zero-grad")
            else [
                pen.habit(
                    "clear grads",
                    [
                        "v_opt.zero_grad()",
                        f"{net}.zero_grad()",
                        "v_opt.zero_grad(set_to_none=True)",
                    ],
                )
            ]
        )
        return [*zero, *_logits(pen, half, net, x), f"v_loss = {loss}", *change]

    start = {name: w.format(net=net) for name, w in zip(("w1", "w2"), weights, strict=True)}
    told_start = start | (
        {f"b{k + 1}": w.format(net=net).replace(".weight", ".bias") for k, w in enumerate(weights)}
        if half.bias == "random"
        else {}
    )
    parameters = f"[{start['w1']}]" if half.is_odd("only-w1") else f"{net}.parameters()"
    lines = [
        *made,
        torch_core.optimiser(pen, half, parameters),
        *pen.told("start", told_start),
        *loops(pen, half, step, every),
    ]
    ending = (
        pen.habit("module ending", ["", ".T", ".data", ".detach().T", ".data.t()"])
        if turned
        else pen.habit("own ending", ["", ".data", ".detach()"])
    )
    parts = {name: value + ending for name, value in start.items()}
    lines += [*pen.told("dropout", parts), *show(pen, "dropout", parts)]
    return [first, lines] if pen.often(0.5) else [[*first, *lines]]


def _plain_places(weights: tuple[str, ...]) -> tuple[str, ...]:
    if weights[0].startswith("{net}["):
        return ("{net}[0].weight", "{net}[2].weight")
    return weights
