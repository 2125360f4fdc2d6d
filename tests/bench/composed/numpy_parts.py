"""NumPy halves made of layer objects, and halves in plain loops over numbers."""

from tests.bench.composed import numpy_core as core
from tests.bench.composed.constants import constants, loops, seeding
from tests.bench.composed.data import matrix_of, numpy_data, vector_of
from tests.bench.composed.masks import draw, sources
from tests.bench.composed.numpy_core import scaling
from tests.bench.composed.numpy_rows import Cells, shown_outputs, shown_weights
from tests.bench.composed.pen import Pen, indented
from tests.bench.composed.plan import Half
from tests.bench.composed.showing import show

_LAYERS = """\
class Dense:
    def __init__(self, weight):
        self.weight = np.array(weight)
    def forward(self, x):
        self.x = x
        return {forward}
    def backward(self, grad):
        self.grad = {weight}
        return {back}
    def update(self, lr):
        self.weight = self.weight - lr * self.grad

class Relu:
    def forward(self, x):
        self.on = x > 0
        return np.where(self.on, x, 0)
    def backward(self, grad):
        return {relu_back}
    def update(self, lr):
        pass

class Dropout:
    def __init__(self):
        self.active = True
        self.fixed = None
    def forward(self, x):
        if not self.active:
            self.mask = 1.0
            return x
{mask}
        return x * self.mask
    def backward(self, grad):
        return {drop_back}
    def update(self, lr):
        pass"""


def layers(pen: Pen, half: Half) -> dict[str, Cells]:
    """Write layer objects with forward and backward, run through in a list."""
    units = 3 if half.dropout == "input" else 4
    one = half.steps != "together" or half.mask_per == "batch"
    drawn = draw(pen, half, 1 if one else 2, units, like="") + scaling(half)
    text = _LAYERS.format(
        forward=core.times(pen, "x", "self.weight"),
        weight=core.times(pen, "self.x.T", "grad"),
        back=core.times(pen, "grad", "self.weight.T"),
        relu_back=pen.one(
            "grad * self.on", "np.where(self.on, grad, 0)", "grad.copy() * self.on.astype(float)"
        ),
        mask=f"        self.mask = {drawn}",
        drop_back="grad * self.mask" if half.mask_in_backward == "yes" else "grad",
    )
    if half.is_odd("tanh"):
        text = text.replace(
            "self.on = x > 0\n        return np.where(self.on, x, 0)",
            "self.on = 1 - np.tanh(x) ** 2\n        return np.tanh(x)",
        )
        text = text.replace("np.where(self.on, grad, 0)", "grad * self.on").replace(
            ".astype(float)", ""
        )
    chain = [
        "def run(stack, x):",
        "    for part in stack:",
        "        x = part.forward(x)",
        "    return x",
        "",
        "def run_back(stack, grad):",
        "    for part in reversed(stack):",
        "        grad = part.backward(grad)",
        "    return grad",
    ]
    chain_shown = [
        "v_net = [Dense(v_w1), Relu(), Dense(v_w2)]",
        "v_z2 = run(v_net, v_X)",
        f"v_p = {'v_softmax(v_z2)' if half.shown_passes == 1 else 'v_softmax(v_softmax(v_z2))'}",
    ]
    return {
        "data": [
            numpy_data(pen, half),
            core.definitions(pen, half),
            [*text.split("\n"), "", *chain],
        ],
        "forward": [[*chain_shown, *shown_outputs(pen, half)]],
        "gradient": [_layer_gradient(pen, half)],
        "dropout": [[*constants(pen, half), *_layer_training(pen, half)]],
    }


def _layer_step(pen: Pen, half: Half, x: str, y: str, rows: int, net: str) -> list[str]:
    passes = "v_softmax(v_z2)" if half.shown_passes == 1 else "v_softmax(v_softmax(v_z2))"
    return [
        f"v_z2 = run({net}, {x})",
        f"v_p = {passes}",
        *core.at_logits(pen, half, y, rows),
        f"run_back({net}, v_dz2)",
    ]


def _layer_gradient(pen: Pen, half: Half) -> list[str]:
    shown = "v_net[2].grad" if half.quantity == "w2" else "v_net[0].grad"
    if half.batch == "together":
        return [
            *_layer_step(pen, half, "v_X", "v_Y", 2, "v_net"),
            *pen.told("gradient", {"whole": shown}),
            *show(pen, "gradient", {"": shown}),
        ]
    body = _layer_step(pen, half, "v_X[k:k + 1]", "v_Y[k:k + 1]", 1, "v_net")
    count = 1 if half.is_odd("one-example") else 2
    return [
        f"for k in range({count}):",
        *indented(
            [
                *body,
                *pen.told("gradient", {"one": shown}),
                *show(pen, "gradient", {"": shown}, top=False),
            ]
        ),
    ]


def _layer_training(pen: Pen, half: Half) -> list[str]:
    stack = {
        "input": "[Dropout(), Dense(v_w1), Relu(), Dense(v_w2)]",
        "none": "[Dense(v_w1), Relu(), Dropout(), Dense(v_w2)]",
    }.get(half.dropout, "[Dense(v_w1), Relu(), Dropout(), Dense(v_w2)]")
    lines = [f"v_drop_net = {stack}"]
    if half.dropout == "none":
        lines.append("v_drop_net[2].active = False")
    first, last = ("1", "3") if half.dropout == "input" else ("0", "3")
    parts = {"w1": f"v_drop_net[{first}].weight", "w2": f"v_drop_net[{last}].weight"}
    every = [seeding(half, str(pen.habits["draw"]))] if half.draws == "repeated" else []

    def step(x: str, y: str, rows: int) -> list[str]:
        body = _layer_step(pen, half, x, y, rows, "v_drop_net")
        return [*body, "for part in v_drop_net:", "    part.update(v_lr)"]

    told = pen.told("start", parts)
    return [
        *lines,
        *sources(half, pen),
        *told,
        *loops(pen, half, step, every),
        *shown_weights(pen, *parts.values()),
    ]


def lists(pen: Pen, half: Half) -> dict[str, Cells]:
    """Write nested lists and loops over numbers, NumPy only where it cannot be helped."""
    rows = [
        f"v_X = [{vector_of('x1', half)}, {vector_of('x2', half)}]",
        f"v_Y = [{vector_of('y1', half)}, {vector_of('y2', half)}]",
    ]
    rows += [f"v_{name} = {matrix_of(pen, name, half, call='')}" for name in ("w1", "w2")]
    drop = "v_mask[n][j]" if half.dropout == "hidden" else "1.0"
    back = drop if half.mask_in_backward == "yes" else "1.0"
    outer = drop if half.mask_in_backward != "no" else "1.0"
    passes = ["s = sum(math.exp(v) for v in z)", "y = [math.exp(v) / s for v in z]"]
    exp = pen.one("math.exp", "np.exp")
    passes = [line.replace("math.exp", exp) for line in passes]
    slope = "h[j]" if half.relu_derivative == "activation" else "(1.0 if a[j] > 0 else 0.0)"
    sign = "t[c] - y[c]" if half.is_odd("sign") else "y[c] - t[c]"
    body = [
        "v_g1, v_g2, v_p = np.zeros((3, 4)), np.zeros((4, 2)), []",
        "for n in range(len(xs)):",
        "    x, t = xs[n], ts[n]",
        "    a = [sum(x[i] * v_w1[i][j] for i in range(3)) for j in range(4)]",
        "    h = [max(0.0, v) for v in a]",
        f"    hd = [h[j] * {drop} for j in range(4)]",
        "    z = [sum(hd[j] * v_w2[j][c] for j in range(4)) for c in range(2)]",
        *indented(passes),
        "    v_p.append(y)",
        f"    d = [({sign}){_part(half)} for c in range(2)]",
        "    for j in range(4):",
        "        for c in range(2):",
        f"            v_g2[j][c] += h[j] * {outer} * d[c]",
        f"        b = sum(d[c] * v_w2[j][c] for c in range(2)) * {back}",
        f"        b *= {slope}",
        "        for i in range(3):",
        "            v_g1[i][j] += x[i] * b",
    ]
    define = [
        "def v_forward(xs, ts, v_w1, v_w2, v_mask=((1.0,) * 4, (1.0,) * 4)):",
        *indented([*body, "return v_p, v_g1, v_g2"]),
    ]
    return {
        "data": [rows, define],
        "forward": [
            [
                "v_p, v_dw1, v_dw2 = v_forward(v_X, v_Y, v_w1, v_w2)",
                "v_p = np.array(v_p)",
                *shown_outputs(pen, half),
            ]
        ],
        "gradient": [_list_gradient(pen, half)],
        "dropout": [[*constants(pen, half), *_list_training(pen, half)]],
    }


def _part(half: Half) -> str:
    return {"sum": "", "mean": " / len(xs)", "entries": " / (2 * len(xs))"}[half.reduction]


def _list_gradient(pen: Pen, half: Half) -> list[str]:
    asked = "v_dw2" if half.quantity == "w2" else "v_dw1"
    if half.batch == "together":
        call = "v_p, v_dw1, v_dw2 = v_forward(v_X, v_Y, v_w1, v_w2)"
        return [call, *pen.told("gradient", {"whole": asked}), *show(pen, "gradient", {"": asked})]
    count = 1 if half.is_odd("one-example") else 2
    body = [
        "v_p, v_dw1, v_dw2 = v_forward([v_X[k]], [v_Y[k]], v_w1, v_w2)",
        *pen.told("gradient", {"one": asked}),
        *show(pen, "gradient", {"": asked}, top=False),
    ]
    return [f"for k in range({count}):", *indented(body)]


def _list_training(pen: Pen, half: Half) -> list[str]:
    single = half.steps != "together"
    drawn = draw(pen, half, 1 if single else 2, 4, like="") + scaling(half)
    lines = ["v_u1 = [list(row) for row in v_w1]", "v_u2 = [list(row) for row in v_w2]"]
    every = [seeding(half, str(pen.habits["draw"]))] if half.draws == "repeated" else []
    change = [
        "for i in range(3):",
        "    for j in range(4):",
        "        v_u1[i][j] -= v_lr * v_dw1[i][j]",
        "for j in range(4):",
        "    for c in range(2):",
        "        v_u2[j][c] -= v_lr * v_dw2[j][c]",
    ]

    def step(x: str, y: str, rows: int) -> list[str]:
        mask = [f"v_mask = {drawn}"] if half.dropout != "none" else []
        given = ", v_mask" if mask else ""
        return [*mask, f"_p, v_dw1, v_dw2 = v_forward({x}, {y}, v_u1, v_u2{given})", *change]

    told = pen.told("start", {"w1": "np.array(v_u1)", "w2": "np.array(v_u2)"})
    body = [*lines, *sources(half, pen), *told, *loops(pen, half, step, every)]
    return [*body, "v_u1, v_u2 = np.array(v_u1), np.array(v_u2)", *shown_weights(pen)]
