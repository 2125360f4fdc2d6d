"""NumPy halves on batches of rows: as a script, as functions, as a class."""

from tests.bench.composed import numpy_core as core
from tests.bench.composed.constants import constants, loops, seeding
from tests.bench.composed.data import numpy_data
from tests.bench.composed.masks import sources
from tests.bench.composed.numpy_steps import bias_gradients, update
from tests.bench.composed.pen import Pen, indented
from tests.bench.composed.plan import Half
from tests.bench.composed.showing import show

Cells = list[list[str]]
_ASKED = {"w1": "v_dw1", "w2": "v_dw2", "hidden": "v_dh"}


def script(pen: Pen, half: Half) -> dict[str, Cells]:
    """Write every task as statements, one after the other."""
    pass_forward = core.forward(pen, half, "v_X", "v_w1", "v_w2")
    return {
        "data": [
            [*numpy_data(pen, half), *biases(half), *told_biases(pen, half)],
            core.definitions(pen, half),
        ],
        "forward": [[*pass_forward, *shown_outputs(pen, half)]],
        "gradient": [_gradient(pen, half)],
        "dropout": training_cells(pen, half),
    }


def biases(half: Half) -> list[str]:
    """Write the biases."""
    if half.bias == "zero":
        return ["v_b1, v_b2 = np.zeros(4), np.zeros(2)"]
    return (
        ["v_b1 = np.random.randn(4) * 0.1", "v_b2 = np.random.randn(2) * 0.1"]
        if half.bias == "random"
        else []
    )


def told_biases(pen: Pen, half: Half) -> list[str]:
    """Tell random biases to whoever runs the program."""
    return pen.told("bias", {"b1": "v_b1", "b2": "v_b2"}) if half.bias == "random" else []


def shown_outputs(pen: Pen, half: Half, value: str = "v_p", logits: str = "v_z2") -> list[str]:
    """Show the outputs, both rows of `value`."""
    value = logits if half.is_odd("logits-shown") else value
    told = pen.told("forward", {"both": value})
    if pen.habit("rows apart", [True, False]):
        parts = {"x1": f"{value}[0]", "x2": f"{value}[1]"}
        if pen.habit("keep rows", [True, False, False]):
            parts = {"x1": f"{value}[:1]", "x2": f"{value}[1:]"}
        return [*told, *show(pen, "forward", parts)]
    return [*told, *show(pen, "forward", {"both": value})]


def asked_of(half: Half) -> str:
    """Name the value that is shown as the gradient."""
    return _ASKED[half.quantity]


def needed(half: Half, lines: list[str]) -> list[str]:
    """Leave out statements behind the quantity that is shown."""
    last = {"w1": "v_dw1 =", "w2": "v_dw2 =", "hidden": "v_dh ="}[half.quantity]
    place = next(i for i, line in enumerate(lines) if line.startswith(last))
    return lines[: place + 1]


def _gradient(pen: Pen, half: Half) -> list[str]:
    if half.batch == "together":
        lines = [
            *core.at_logits(pen, half, "v_Y", 2),
            *needed(half, core.behind(pen, half, "v_X", "v_w2")),
        ]
        shown = asked_of(half)
        return [
            *lines,
            *pen.told("gradient", {"whole": shown}),
            *show(pen, "gradient", {"": shown}),
        ]
    count = 1 if half.is_odd("one-example") else 2
    body = [
        "v_xb, v_yb = v_X[k:k + 1], v_Y[k:k + 1]",
        *core.forward(pen, half, "v_xb", "v_w1", "v_w2"),
        *core.at_logits(pen, half, "v_yb", 1),
        *needed(half, core.behind(pen, half, "v_xb", "v_w2")),
    ]
    if pen.often(0.5):
        shown = show(pen, "gradient", {"": asked_of(half)}, top=False)
        return [
            f"for k in range({count}):",
            *indented([*body, *pen.told("gradient", {"one": asked_of(half)}), *shown]),
        ]
    parts = {f"x{k + 1}": f"v_collected[{k}]" for k in range(count)}
    told = [line for part in parts.values() for line in pen.told("gradient", {"one": part})]
    loop = [
        f"for k in range({count}):",
        *indented([*body, f"v_collected.append({asked_of(half)})"]),
    ]
    return ["v_collected = []", *loop, *told, *show(pen, "gradient", parts)]


def training_cells(pen: Pen, half: Half) -> Cells:
    """Write the training as a script."""
    if not half.reset:
        before = [
            "# first without dropout",
            "v_u1, v_u2 = v_w1, v_w2",
            *constants(pen, half),
            *_plain_training(pen, half),
        ]
        start: Cells = [before]
        copies = ["v_u1, v_u2 = v_w1, v_w2"]
    else:
        start, copies = (
            [],
            [
                pen.one(
                    "v_u1, v_u2 = v_w1.copy(), v_w2.copy()",
                    "v_u1 = np.array(v_w1)\nv_u2 = np.array(v_w2)",
                    "v_u1 = v_w1 * 1.0\nv_u2 = v_w2 * 1.0",
                )
            ],
        )
    return [*start, [*constants(pen, half), *copies, *training(pen, half), *shown_weights(pen)]]


def _plain_training(pen: Pen, half: Half) -> list[str]:
    step = [
        *core.forward(pen, half, "v_X", "v_u1", "v_u2"),
        *core.at_logits(pen, half, "v_Y", 2),
        *core.behind(pen, half, "v_X", "v_u2"),
        "v_u1 -= v_lr * v_dw1",
        "v_u2 -= v_lr * v_dw2",
    ]
    return ["for v_epoch in range(30):", *indented(step)]


def training(pen: Pen, half: Half) -> list[str]:
    """Write the loops of the training on v_u1 and v_u2."""
    drawn = core.mask(pen, half, rows=1 if half.steps != "together" else 2)
    once: list[str] = []
    every: list[str] = []
    if half.draws == "same":
        once, drawn = drawn_once(pen, half)
    elif half.draws == "repeated":
        every = [seeding(half, str(pen.habits["draw"]))]
    speeds = ["v_speed1 = v_speed2 = 0"] if half.is_odd("momentum") else []
    told = pen.told("start", start_parts(half))

    def step(x: str, y: str, rows: int) -> list[str]:
        logits = core.at_logits(pen, half, y, rows)
        behind = core.behind(pen, half, x, "v_u2", masked=True)
        updates = update(pen, half, "v_u1", "v_u2")
        if half.is_odd("order"):
            behind, updates = ordered(behind, updates)
        return [
            *drawn,
            *core.forward(pen, half, x, "v_u1", "v_u2", masked=True),
            *logits,
            *behind,
            *bias_gradients(half),
            *updates,
            *history(pen, y),
        ]

    lost = ["v_losses = []"] if pen.habit("history", [False, False, True]) else []
    return [*sources(half, pen), *told, *once, *speeds, *lost, *loops(pen, half, step, every)]


def history(pen: Pen, y: str) -> list[str]:
    """Write down the loss of every step, as some do."""
    if not pen.habit("history", [False, False, True]):
        return []
    return [f"v_losses.append(-np.sum({y} * np.log(v_p + 1e-12)))"]


def start_parts(half: Half) -> dict[str, str]:
    """Name what a training starts from."""
    parts = {"w1": "v_u1", "w2": "v_u2"}
    return parts | ({"b1": "v_b1", "b2": "v_b2"} if half.bias != "none" else {})


def drawn_once(pen: Pen, half: Half) -> tuple[list[str], list[str]]:
    """Draw all masks before the loop; return that, and how a step takes its own."""
    if half.steps == "together":
        return core.mask(pen, half, rows=2), []
    [line] = core.mask(pen, half, rows=2)
    return [line.replace("v_mask =", "v_masks =", 1)], ["v_mask = v_masks[k:k + 1]"]


def ordered(behind: list[str], updates: list[str]) -> tuple[list[str], list[str]]:
    """Change w2 before the gradient passes through it: a mistake."""
    first = [line for line in updates if "v_dw2" in line]
    rest = [line for line in updates if "v_dw2" not in line]
    return [behind[0], *first, *behind[1:]], rest


def shown_weights(pen: Pen, w1: str = "v_u1", w2: str = "v_u2") -> list[str]:
    """Show the trained weights."""
    return [*pen.told("dropout", {"w1": w1, "w2": w2}), *show(pen, "dropout", {"w1": w1, "w2": w2})]
