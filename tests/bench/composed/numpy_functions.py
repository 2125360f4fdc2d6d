"""NumPy halves written as functions with a cache between them."""

from tests.bench.composed import numpy_core as core
from tests.bench.composed.constants import constants, loops, seeding
from tests.bench.composed.data import numpy_data
from tests.bench.composed.masks import sources
from tests.bench.composed.numpy_rows import (
    Cells,
    asked_of,
    biases,
    drawn_once,
    shown_outputs,
    shown_weights,
    start_parts,
    told_biases,
)
from tests.bench.composed.numpy_steps import bias_gradients, update
from tests.bench.composed.pen import Pen, indented
from tests.bench.composed.plan import Half
from tests.bench.composed.showing import show

_HINTS = "v_X: np.ndarray, v_w1: np.ndarray, v_w2: np.ndarray, v_mask=None"


def functions(pen: Pen, half: Half) -> dict[str, Cells]:
    """Write forward, backward and train as functions; a cache is passed between them."""
    doc = pen.one('    """One pass through the network."""', "    # forward pass", "")
    head = f"def v_forward({_HINTS if pen.often(0.3) else 'v_X, v_w1, v_w2, v_mask=None'}):"
    masked = core.forward(pen, half, "v_X", "v_w1", "v_w2", masked=True)
    plain = core.forward(pen, half, "v_X", "v_w1", "v_w2")
    cache = "v_z1, v_h, v_z2, v_p"
    if masked == plain:
        body = plain
    else:
        first = pen.one("if v_mask is None:", "if v_mask is None:")
        body = [first, *indented([*plain, *stand_ins(half)]), "else:", *indented(masked)]
        cache += (
            ", v_hd" if half.dropout == "hidden" else ", v_Xd" if half.dropout == "input" else ""
        )
    define = [line for line in [head, doc, *indented(body), f"    return {cache}"] if line]
    back = ["def v_backward(v_X, v_Y, v_w2, v_cache, v_mask=None):", f"    {cache} = v_cache"]
    back += returning(pen, half, asked=asked_of(half))
    call = f"{cache} = v_forward(v_X, v_w1, v_w2)"
    only = pen.one(True, False) and not half.is_odd("logits-shown")
    place = cache.split(", ").index("v_p")
    outputs = (
        shown_outputs(pen, half, f"v_forward(v_X, v_w1, v_w2)[{place}]")
        if only
        else [call, *shown_outputs(pen, half)]
    )
    return {
        "data": [
            [*numpy_data(pen, half), *biases(half), *told_biases(pen, half)],
            [*core.definitions(pen, half), "", *define],
            back,
        ],
        "forward": [outputs],
        "gradient": [_gradient(pen, half)],
        "dropout": [[*constants(pen, half), *_train(pen, half)], _trained(pen, half)],
    }


def stand_ins(half: Half) -> list[str]:
    return {"hidden": ["v_hd = v_h"], "input": ["v_Xd = v_X"]}.get(half.dropout, [])


def returning(pen: Pen, half: Half, asked: str) -> list[str]:
    body = core.at_logits(pen, half, "v_Y", 2)
    body = [
        line.replace(" / 2", " / len(v_Y)")
        .replace(" * 0.5", " / len(v_Y)")
        .replace("len(v_X)", "len(v_Y)")
        .replace(" / 4", " / v_Y.size")
        for line in body
    ]
    back = core.behind(pen, half, "v_X", "v_w2", masked=True)
    lines = []
    for line in back:
        if "v_mask" in line or "v_dh / v_keep" in line:
            lines += ["if v_mask is not None:", "    " + line]
        else:
            lines.append(line)
    return indented([*body, *lines, *bias_gradients(half), f"return {_given_back(half, asked)}"])


def _given_back(half: Half, asked: str) -> str:
    more = ", v_db1, v_db2" if half.bias_trained else ""
    return "v_dw1, v_dw2, v_dh" + more if asked == "v_dh" else "v_dw1, v_dw2" + more


def _gradient(pen: Pen, half: Half) -> list[str]:
    asked = asked_of(half)
    place = {"v_dw1": 0, "v_dw2": 1, "v_dh": 2}[asked]
    if half.batch == "together":
        value = "v_backward(v_X, v_Y, v_w2, v_forward(v_X, v_w1, v_w2))" + f"[{place}]"
        if pen.often(0.6):
            return [
                f"{asked} = {value}",
                *pen.told("gradient", {"whole": asked}),
                *show(pen, "gradient", {"": asked}),
            ]
        return [*pen.told("gradient", {"whole": value}), *show(pen, "gradient", {"": value})]
    count = 1 if half.is_odd("one-example") else 2
    parts = {
        f"x{k + 1}": f"v_backward(v_X[{k}:{k + 1}], v_Y[{k}:{k + 1}], v_w2, "
        f"v_forward(v_X[{k}:{k + 1}], v_w1, v_w2))[{place}]"
        for k in range(count)
    }
    told = [line for part in parts.values() for line in pen.told("gradient", {"one": part})]
    return [*told, *show(pen, "gradient", parts)]


def _train(pen: Pen, half: Half) -> list[str]:
    once, drawn, every = [], core.mask(pen, half, rows=1 if half.steps != "together" else 2), []
    if half.draws == "same":
        once, drawn = drawn_once(pen, half)
    elif half.draws == "repeated":
        every = [seeding(half, str(pen.habits["draw"]))]
    live = ", v_mask" if half.dropout in {"hidden", "input"} or half.scale != "none" else ""
    caught = "v_dw1, v_dw2" + (", v_dh" if half.quantity == "hidden" else "")
    caught += ", v_db1, v_db2" if half.bias_trained else ""

    def step(x: str, y: str, rows: int) -> list[str]:
        return [
            *drawn,
            f"v_cache = v_forward({x}, v_u1, v_u2{live})",
            f"{caught} = v_backward({x}, {y}, v_u2, v_cache{live})",
            *update(pen, half, "v_u1", "v_u2"),
        ]

    copies = (
        ["v_u1, v_u2 = v_w1.copy(), v_w2.copy()"] if half.reset else ["v_u1, v_u2 = v_w1, v_w2"]
    )
    shared = ["global v_b1, v_b2"] if half.bias_trained else []
    speeds = ["v_speed1 = v_speed2 = 0"] if half.is_odd("momentum") else []
    told = pen.told("start", start_parts(half))
    made = sources(half, pen)
    every_seeded = [
        *(["global rng"] if any("rng" in line for line in every) else []),
        *(["global state"] if any("state" in line for line in every) else []),
    ]
    body = [
        *every_seeded,
        *shared,
        *copies,
        *([] if every_seeded else made),
        *told,
        *once,
        *speeds,
        *loops(pen, half, step, every),
        "return v_u1, v_u2",
    ]
    outside = made if every_seeded else []
    return [*outside, "def v_train(v_X, v_Y, v_w1, v_w2):", *indented(body)]


def _trained(pen: Pen, half: Half) -> list[str]:
    before = [] if half.reset else ["# a first try", "v_train(v_X, v_Y, v_w1, v_w2)"]
    if pen.often(0.3):
        call = "v_result_pair = v_train(v_X, v_Y, v_w1, v_w2)"
        return [*before, call, *shown_weights(pen, "v_result_pair[0]", "v_result_pair[1]")]
    return [*before, "v_u1, v_u2 = v_train(v_X, v_Y, v_w1, v_w2)", *shown_weights(pen)]
