"""NumPy halves that know one example at a time: vectors, columns, and plain lists with loops."""

from tests.bench.composed.constants import constants, seeding
from tests.bench.composed.data import numpy_data
from tests.bench.composed.masks import draw, sources
from tests.bench.composed.numpy_core import scaling
from tests.bench.composed.numpy_rows import Cells, asked_of, shown_weights
from tests.bench.composed.numpy_steps import update
from tests.bench.composed.pen import Pen, indented
from tests.bench.composed.plan import Half
from tests.bench.composed.showing import show

_VECTOR = {
    "outer": (
        "np.outer({}, {})",
        "{}[:, None] * {}[None, :]",
        "np.einsum('i,j->ij', {}, {})",
        "np.multiply.outer({}, {})",
        "np.kron({}.reshape(-1, 1), {})",
    ),
    "softmax": (
        "np.exp({z}) / np.exp({z}).sum()",
        "np.exp({z} - max({z})) / sum(np.exp({z} - max({z})))",
        "np.array([np.exp(v) for v in {z}]) / np.sum([np.exp(v) for v in {z}])",
    ),
    "left": (
        "{v} @ {m}",
        "np.dot({v}, {m})",
        "{m}.T @ {v}",
        "{m}.T.dot({v})",
        "np.matmul({v}, {m})",
        "sum({v}[i] * {m}[i] for i in range(len({v})))",
    ),
}


def vectors(pen: Pen, half: Half) -> dict[str, Cells]:
    """Write everything for one vector, in a function that returns all there is."""
    define = _pass(pen, half, columns=False)
    return _half(pen, half, define, columns=False)


def columns(pen: Pen, half: Half) -> dict[str, Cells]:
    """Write everything for one column, with weights turned to (out, in)."""
    return _half(pen, half, _pass(pen, half, columns=True), columns=True)


def _pass(pen: Pen, half: Half, *, columns: bool) -> list[str]:
    """Write a function of one example that returns its output and its gradients."""
    activation, slope = _activation(pen, half)
    left, outer = pen.one(*_VECTOR["left"]), pen.one(*_VECTOR["outer"])
    softmax = pen.one(*_VECTOR["softmax"])
    if columns:
        outer, left = "({} @ {}.T).T", "{m} @ {v}"
        softmax = pen.one(*_COLUMN_SOFTMAX)
    if half.is_odd("base-two"):
        softmax = "2 ** {z} / (2 ** {z}).sum()"
    live = half.dropout == "hidden"
    lines = [
        f"v_xd = v_x{' * v_mask' if half.dropout == 'input' else ''}",
        f"v_z1 = {left.format(v='v_xd', m='v_w1')}",
        f"v_h = {activation}",
        f"v_hd = v_h{' * v_mask' if live else ''}",
        f"v_z2 = {left.format(v='v_hd', m='v_w2')}",
        f"v_p = {softmax.format(z='v_z2')}",
        *([f"v_q = {softmax.format(z='v_p')}"] if half.softmax_passes == 2 else []),
        *_at_output(half, columns=columns),
    ]
    hidden, inputs = ("v_h", "v_x") if half.mask_in_backward == "no" else ("v_hd", "v_xd")
    back = pen.one("v_w2 @ v_dz2", "v_dz2 @ v_w2.T", "np.dot(v_w2, v_dz2)")
    lines += [
        f"v_dw2 = {outer.format(hidden, 'v_dz2')}",
        f"v_dh = {'v_w2.T @ v_dz2' if columns else back}",
        *(["v_dh = v_dh * v_mask"] if live and half.mask_in_backward == "yes" else []),
        f"v_dz1 = v_dh * {slope}",
        f"v_dw1 = {outer.format(inputs, 'v_dz1')}",
    ]
    shown = "v_q" if half.shown_passes == 2 else "v_z2" if half.is_odd("logits-shown") else "v_p"
    returned = f"return {shown}, v_dw1, v_dw2, v_dh"
    return ["def v_forward(v_x, v_y, v_w1, v_w2, v_mask=1.0):", *indented([*lines, returned])]


_COLUMN_SOFTMAX = (
    "np.exp({z}) / np.exp({z}).sum()",
    "np.exp({z} - {z}.max()) / np.sum(np.exp({z} - {z}.max()))",
)


def _activation(pen: Pen, half: Half) -> tuple[str, str]:
    """Write the hidden layer's activation and its derivative."""
    slope = pen.one("(v_z1 > 0)", "np.where(v_z1 > 0, 1.0, 0.0)", "(v_z1 > 0) * 1")
    if half.is_odd("tanh"):
        return "np.tanh(v_z1)", "(1 - np.tanh(v_z1) ** 2)"
    relu = "np.maximum(0, v_z1)"
    return relu, relu if half.relu_derivative == "activation" else slope


def _at_output(half: Half, *, columns: bool) -> list[str]:
    """Write the gradient at the logits, v_dz2."""
    probs = "v_q" if half.softmax_passes == 2 else "v_p"
    coded = {"first": "np.array([1.0, 0.0])", "last": "np.array([0.0, 1.0])"}
    y = (
        coded[half.target] + (".reshape(2, 1)" if columns else "")
        if half.target in coded
        else "v_y"
    )
    written = {
        "sign": f"{y} - {probs}",
        "squared-loss": f"({probs} - {y}) * {probs} * (1 - {probs})",
        "log-two": f"({probs} - {y}) / np.log(2)",
        "doubled": f"2 * ({probs} - {y})",
    }
    lines = [f"v_dz2 = {written.get(half.odd.name if half.odd else '', f'{probs} - {y}')}"]
    if half.softmax_passes == 2 and half.logit_gradient == "exact":
        lines.append("v_dz2 = v_p * (v_dz2 - np.sum(v_p * v_dz2))")
    return lines


def _half(pen: Pen, half: Half, define: list[str], *, columns: bool) -> dict[str, Cells]:
    data = numpy_data(pen, half)
    pair = "[(v_X[0], v_Y[0]), (v_X[1], v_Y[1])]"
    if columns:
        turn = pen.one(".reshape(-1, 1)", "[:, None]", "[:, np.newaxis]")
        data += ["v_w1 = v_w1.T.copy()", "v_w2 = v_w2.T.copy()"]
        pair = f"[(v_X[0]{turn}, v_Y[0]{turn}), (v_X[1]{turn}, v_Y[1]{turn})]"
    data.append(f"v_pairs = {pair}")
    outputs = ["for v_x, v_y in v_pairs:", *indented(_output(pen, columns))]
    if pen.often(0.4):
        calls = {f"x{k + 1}": f"v_forward(*v_pairs[{k}], v_w1, v_w2)[0]" for k in (0, 1)}
        outputs = [
            *[line for c in calls.values() for line in pen.told("forward", {"one": c})],
            *show(pen, "forward", calls),
        ]
    return {
        "data": [data, define],
        "forward": [outputs],
        "gradient": [_gradient(pen, half, columns)],
        "dropout": [[*constants(pen, half), *_training(pen, half, columns)]],
    }


def _output(pen: Pen, columns: bool) -> list[str]:
    value = "v_p.ravel()" if columns and pen.often(0.5) else "v_p"
    return [
        "v_p, *v_rest = v_forward(v_x, v_y, v_w1, v_w2)",
        *pen.told("forward", {"one": "v_p"}),
        *show(pen, "forward", {"": value}, top=False),
    ]


def _share(half: Half) -> str:
    return {"sum": "", "mean": " / 2", "entries": " / 4"}[half.reduction]


def _gradient(pen: Pen, half: Half, columns: bool) -> list[str]:
    place = {"v_dw1": 1, "v_dw2": 2, "v_dh": 3}[asked_of(half)]
    asked = "v_g"
    if half.batch == "apart":
        count = "[:1]" if half.is_odd("one-example") else ""
        share = " / 2" if half.reduction == "entries" else ""
        body = [
            f"{asked} = v_forward(v_x, v_y, v_w1, v_w2)[{place}]{share}",
            *pen.told("gradient", {"one": asked}),
        ]
        return [
            f"for v_x, v_y in v_pairs{count}:",
            *indented([*body, *show(pen, "gradient", {"": asked}, top=False)]),
        ]
    of_one = f"v_forward(*v_one, v_w1, v_w2)[{place}]"
    if half.quantity == "hidden":
        total = [f"v_total = np.array([{of_one}.ravel() for v_one in v_pairs]){_share(half)}"]
    elif pen.often(0.5):
        total = [f"v_total = sum({of_one} for v_one in v_pairs){_share(half)}"]
    else:
        total = [
            "v_total = 0",
            "for v_x, v_y in v_pairs:",
            f"    v_total = v_total + v_forward(v_x, v_y, v_w1, v_w2)[{place}]{_share(half)}",
        ]
    return [
        *total,
        *pen.told("gradient", {"whole": "v_total"}),
        *show(pen, "gradient", {"": "v_total"}),
    ]


def _training(pen: Pen, half: Half, columns: bool) -> list[str]:
    units = 3 if half.dropout == "input" else 4
    shape_rows = 1 if columns else 0
    drawn = draw(pen, half, shape_rows, units, turned=columns, like="") + scaling(half)
    factor = [] if half.dropout == "none" else [f"v_mask = {drawn}"]
    given = ", v_mask" if half.dropout != "none" else ""
    once, every = [], []
    if half.draws == "same":
        once = (
            [f"v_kept = [{drawn}, {drawn}]"]
            if half.mask_per == "example" or half.steps != "together"
            else factor
        )
        factor = ["v_mask = v_kept[k]"] if once != factor else []
    elif half.draws == "repeated":
        every = [seeding(half, str(pen.habits["draw"]))]
    shared = half.mask_per == "batch" and half.steps == "together" and half.draws != "same"
    call = f"_p, v_d1, v_d2, _h = v_forward(v_x, v_y, v_u1, v_u2{given})"
    copies = ["v_u1, v_u2 = v_w1.copy(), v_w2.copy()"]
    if not half.reset:
        copies = [
            "v_u1, v_u2 = v_w1, v_w2",
            "for v_x, v_y in v_pairs * 15:",
            "    _p, v_d1, v_d2, _h = v_forward(v_x, v_y, v_u1, v_u2)",
            "    v_u1 -= v_lr * v_d1",
            "    v_u2 -= v_lr * v_d2",
        ]
    if columns and half.reset:
        copies = ["v_u1 = v_w1 + 0", "v_u2 = v_w2 + 0"]
    speeds = ["v_speed1 = v_speed2 = 0"] if half.is_odd("momentum") else []
    step = update(pen, half, "v_u1", "v_u2")
    if half.steps == "together":
        body = [*(factor if shared else []), "v_dw1 = v_dw2 = 0", "for k in range(2):"]
        body += indented(["v_x, v_y = v_pairs[k]", *([] if shared else factor), call])
        body += indented(
            [f"v_dw1 = v_dw1 + v_d1{_share(half)}", f"v_dw2 = v_dw2 + v_d2{_share(half)}"]
        )
        lines = ["for v_epoch in range(v_epochs):", *indented([*every, *body, *step])]
    else:
        share = " / 2" if half.reduction == "entries" else ""
        body = [*factor, call, f"v_dw1, v_dw2 = v_d1{share}, v_d2{share}", *step]
        examples = "for k, (v_x, v_y) in enumerate(v_pairs):"
        if half.steps == "apart":
            lines = [
                "for v_epoch in range(v_epochs):",
                *indented([*every, examples, *indented(body)]),
            ]
        else:
            lines = [examples, "    for v_epoch in range(v_epochs):", *indented([*every, *body], 2)]
    start = pen.told("start", {"w1": "v_u1", "w2": "v_u2"})
    shown = shown_weights(pen)
    return [*copies, *sources(half, pen), *start, *once, *speeds, *lines, *shown]
