"""NumPy halves written as a class that keeps everything as attributes."""

import re

from tests.bench.composed import numpy_core as core
from tests.bench.composed.constants import constants, loops, seeding
from tests.bench.composed.data import numpy_data
from tests.bench.composed.masks import sources
from tests.bench.composed.numpy_functions import returning, stand_ins
from tests.bench.composed.numpy_rows import (
    Cells,
    asked_of,
    biases,
    drawn_once,
    shown_outputs,
    shown_weights,
)
from tests.bench.composed.numpy_steps import update
from tests.bench.composed.pen import Pen, indented
from tests.bench.composed.plan import Half
from tests.bench.composed.showing import show


def network_class(pen: Pen, half: Half) -> dict[str, Cells]:
    """Write a class that keeps the weights and everything computed as attributes."""

    def own(lines: list[str]) -> list[str]:
        kept = (
            "w1",
            "w2",
            "z1",
            "h",
            "hd",
            "Xd",
            "z2",
            "p",
            "q2",
            "dz2",
            "dh",
            "dz1",
            "dw1",
            "dw2",
            "mask",
            "masks",
            "b1",
            "b2",
            "db1",
            "db2",
            "err",
            "speed1",
            "speed2",
        )
        for name in kept:
            lines = [_word(line, f"v_{name}") for line in lines]
        return lines

    forward = own(core.forward(pen, half, "v_X", "v_w1", "v_w2"))
    dropped = own(core.forward(pen, half, "v_X", "v_w1", "v_w2", masked=True))
    logits = own(returning(pen, half, asked="v_dw1"))[:-1]
    init = own(["v_w1 = np.array(v_a)", "v_w2 = np.array(v_b)", *biases(half)])
    lines = [
        "class v_Net:",
        "    def __init__(self, v_a, v_b):",
        *indented(init, 2),
        "        self.v_mask = None",
    ]
    lines += [*(["        self.v_speed1 = self.v_speed2 = 0"] if half.is_odd("momentum") else [])]
    lines += ["", "    def v_forward(self, v_X):"]
    if forward == dropped:
        lines += indented(forward, 2)
    else:
        stand = own(stand_ins(half))
        lines += [
            "        if self.v_mask is None:",
            *indented([*forward, *stand], 3),
            "        else:",
            *indented(dropped, 3),
        ]
    lines += [
        "        return self.v_p",
        "",
        "    def v_backward(self, v_X, v_Y):",
        *indented(logits),
        f"        return self.{asked_of(half)}",
    ]
    lines += [
        "",
        "    def v_step(self, v_lr):",
        *indented(own(update(pen, half, "v_w1", "v_w2")), 2),
    ]
    made = "v_Net(v_w1, v_w2)"
    told = (
        pen.told("bias", {"b1": "v_net.v_b1", "b2": "v_net.v_b2"}) if half.bias == "random" else []
    )
    task1 = [f"v_net = {made}", *told, "v_p = v_net.v_forward(v_X)"]
    parts = shown_outputs(pen, half, "v_p", "v_net.v_z2")
    return {
        "data": [numpy_data(pen, half), core.definitions(pen, half), lines],
        "forward": [[*task1, *parts]],
        "gradient": [_class_gradient(pen, half)],
        "dropout": [[*constants(pen, half), *_class_training(pen, half, made)]],
    }


def _word(line: str, name: str) -> str:
    return re.sub(rf"(?<![\w.]){name}\b", f"self.{name}", line)


def _class_gradient(pen: Pen, half: Half) -> list[str]:
    shown = f"v_net.{asked_of(half)}"
    if half.batch == "together":
        return [
            "v_net.v_forward(v_X)",
            "v_net.v_backward(v_X, v_Y)",
            *pen.told("gradient", {"whole": shown}),
            *show(pen, "gradient", {"": shown}),
        ]
    count = 1 if half.is_odd("one-example") else 2
    body = [
        "v_net.v_forward(v_X[k:k + 1])",
        "v_net.v_backward(v_X[k:k + 1], v_Y[k:k + 1])",
        *pen.told("gradient", {"one": shown}),
    ]
    return [
        f"for k in range({count}):",
        *indented([*body, *show(pen, "gradient", {"": shown}, top=False)]),
    ]


def _class_training(pen: Pen, half: Half, made: str) -> list[str]:
    once, drawn, every = [], core.mask(pen, half, rows=1 if half.steps != "together" else 2), []
    if half.draws == "same":
        once, drawn = drawn_once(pen, half)
    elif half.draws == "repeated":
        every = [seeding(half, str(pen.habits["draw"]))]
    live = half.dropout in {"hidden", "input"} or half.scale != "none"

    def step(x: str, y: str, rows: int) -> list[str]:
        hand = ["v_net.v_mask = v_mask"] if live else []
        return [
            *drawn,
            *hand,
            f"v_net.v_forward({x})",
            f"v_net.v_backward({x}, {y})",
            "v_net.v_step(v_lr)",
        ]

    new = [f"v_net = {made}"]
    if not half.reset:
        new = [
            "for v_epoch in range(20):",
            "    v_net.v_forward(v_X)",
            "    v_net.v_backward(v_X, v_Y)",
            "    v_net.v_step(v_lr)",
        ]
    start = {"w1": "v_net.v_w1", "w2": "v_net.v_w2"}
    start |= {"b1": "v_net.v_b1", "b2": "v_net.v_b2"} if half.bias != "none" else {}
    told = pen.told("start", start)
    return [
        *new,
        *sources(half, pen),
        *told,
        *once,
        *loops(pen, half, step, every),
        *shown_weights(pen, "v_net.v_w1", "v_net.v_w2"),
    ]
