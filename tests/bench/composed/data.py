"""Ways to write down what HW-1 hands out, right or with a typing mistake."""

from typing import Any

import numpy as np

from reference.hw1_given import GIVEN
from tests.bench.composed.pen import Pen
from tests.bench.composed.plan import Half

EXAMPLES = ("x1", "x2", "y1", "y2")


def given_of(half: Half) -> dict[str, Any]:
    """Return the constants this half works with."""
    given = {**GIVEN}
    if half.typo:
        given |= _MISTYPED[half.typo]
    return given


def _changed(name: str, index: Any, value: float | list[float]) -> dict[str, Any]:
    matrix = np.array(GIVEN[name])
    matrix[index] = value
    return {name: matrix}


_MISTYPED: dict[str, dict[str, Any]] = {
    "w1": _changed("w1", (1, 2), 0.6),
    "w1-row": _changed("w1", 2, [0.9, 0.1, 0.11, 0.12]),
    "w2": _changed("w2", (1, 1), 0.3),
    "w2-row": _changed("w2", 2, [0.7, 0.6]),
    "x": _changed("x2", 2, 7.0),
    "x1": _changed("x1", 0, 0.0),
    "y": {"y1": GIVEN["y2"], "y2": GIVEN["y1"]},
    "w1-turned": {"w1": np.arange(1, 13).reshape(4, 3).T / 10},
}
TYPOS = tuple(_MISTYPED)
_WEIGHT_TYPOS = ("w1", "w1-row", "w2", "w2-row", "w1-turned")


def matrix_of(pen: Pen, name: str, half: Half, *, call: str) -> str:
    """Write a weight matrix; `call` makes an array of nested lists."""
    given = given_of(half)
    if half.typo == "w1-turned" and name == "w1":
        library = call.split(".", maxsplit=1)[0]
        return f"{library}.arange(1, 13).reshape(4, 3).T / 10"
    if half.typo.startswith(name) and half.typo in _WEIGHT_TYPOS:
        return _typed(pen, given[name], call)
    options = [_typed(pen, given[name], call)] * 3
    if call.startswith("np"):
        options += _NUMPY_RANGES[name]
    elif call.startswith("torch.tensor"):
        options += _TORCH_RANGES[name]
    return pen.one(*options)


_NUMPY_RANGES = {
    "w1": [
        "np.arange(1, 13).reshape(3, 4) / 10",
        "np.linspace(0.1, 1.2, 12).reshape(3, 4)",
        "np.arange(0.1, 1.25, 0.1).reshape((3, 4))",
        "np.array([0.1 * k for k in range(1, 13)]).reshape(3, -1)",
        "np.array([[(4 * i + j + 1) / 10 for j in range(4)] for i in range(3)])",
        "np.vstack([np.linspace(.1, .4, 4), np.linspace(.5, .8, 4), np.linspace(.9, 1.2, 4)])",
        "np.fromfunction(lambda i, j: (4 * i + j + 1) / 10, (3, 4))",
    ],
    "w2": [
        "np.arange(2, 10).reshape(4, 2) / 10",
        "np.linspace(0.2, 0.9, 8).reshape(4, 2)",
        "np.column_stack(([.2, .4, .6, .8], [.3, .5, .7, .9]))",
        "np.array([0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]).reshape(4, 2)",
        "np.c_[np.arange(2, 9, 2), np.arange(3, 10, 2)] / 10.0",
    ],
}
_TORCH_RANGES = {
    "w1": [
        "torch.arange(1, 13).reshape(3, 4) / 10",
        "torch.linspace(0.1, 1.2, 12).view(3, 4)",
        "torch.arange(1., 13.).view(3, 4) * 0.1",
    ],
    "w2": [
        "torch.arange(2, 10).reshape(4, 2) / 10",
        "torch.linspace(0.2, 0.9, 8).view(4, 2)",
        "torch.stack([torch.tensor([.2, .4, .6, .8]), torch.tensor([.3, .5, .7, .9])], dim=1)",
    ],
}


def _typed(pen: Pen, values: Any, call: str) -> str:
    rows = [[str(round(float(value), 2)) for value in row] for row in values]
    if pen.habit("no leading zero", [False, False, True]):
        rows = [[value.removeprefix("0") for value in row] for row in rows]
    gap = pen.habit("row gap", [", ", ",\n      "])
    text = gap.join("[" + ", ".join(row) + "]" for row in rows)
    return f"{call}([{text}])"


def vector_of(name: str, half: Half, *, whole: bool = False) -> str:
    """Write an example's input or target as a list."""
    values = given_of(half)[name]
    return str([int(value) if whole else float(value) for value in values])


def numpy_data(pen: Pen, half: Half) -> list[str]:
    """Write the NumPy half's data: v_X, v_Y, v_x1, v_x2, v_y1, v_y2, v_w1 and v_w2."""
    kind = ", dtype=np.float32" if half.single else ""
    lines = _examples(pen, half, kind)
    for name in ("w1", "w2"):
        written = matrix_of(pen, name, half, call="np.array")
        if half.single:
            written = (
                f"({written}).astype(np.float32)" if pen.often(0.5) else f"np.float32({written})"
            )
        lines.append(f"v_{name} = {written}")
    return lines


def _examples(pen: Pen, half: Half, kind: str) -> list[str]:
    whole = pen.often(0.3)
    typed = {name: vector_of(name, half, whole=whole) for name in EXAMPLES}
    if pen.often(0.5):
        stack = pen.one("np.stack([{}, {}])", "np.vstack(({}, {}))", "np.array([{}, {}])")
        lines = [f"v_{name} = np.array({typed[name]}{kind})" for name in EXAMPLES]
        lines += [f"v_X = {stack.format('v_x1', 'v_x2')}", f"v_Y = {stack.format('v_y1', 'v_y2')}"]
        return lines
    lines = [f"v_X = np.array([{typed['x1']}, {typed['x2']}]{kind})"]
    if pen.often(0.25) and half.typo != "y":
        lines.append(f"v_Y = np.eye(2{kind})[[1, 0]]")
    else:
        lines.append(f"v_Y = np.array([{typed['y1']}, {typed['y2']}]{kind})")
    return [*lines, "v_x1, v_x2 = v_X", "v_y1, v_y2 = v_Y"]


def torch_data(pen: Pen, half: Half, *, converted: bool) -> list[str]:
    """Write the PyTorch half's data; converted from the NumPy half's, or written anew.

    It makes v_X, v_Y, v_w1, v_w2, and class indices v_cls.
    """
    double = pen.habit("double", [False, False, True])
    if converted:
        return _converted(pen, double)
    kind = ", dtype=torch.float64" if double else ""
    typed = {name: vector_of(name, half) for name in EXAMPLES}
    if pen.often(0.4):
        lines = [f"v_{name} = torch.tensor({typed[name]}{kind})" for name in EXAMPLES]
        lines += ["v_X = torch.stack([v_x1, v_x2])", "v_Y = torch.stack((v_y1, v_y2))"]
    else:
        made = (
            pen.one("torch.tensor", "torch.tensor", "torch.FloatTensor")
            if not double
            else "torch.tensor"
        )
        lines = [
            f"v_X = {made}([{typed['x1']}, {typed['x2']}]{kind})",
            f"v_Y = {made}([{typed['y1']}, {typed['y2']}]{kind})",
        ]
    for name in ("w1", "w2"):
        written = matrix_of(pen, name, half, call="torch.tensor")
        lines.append(f"v_{name} = ({written}).double()" if double else f"v_{name} = {written}")
    return [*lines, *_classes(pen, half)]


def _converted(pen: Pen, double: bool) -> list[str]:
    kind = "torch.float64" if double else "torch.float32"
    made = pen.one(
        "torch.tensor({}, dtype=" + kind + ")",
        "torch.from_numpy(np.array({})).to(" + kind + ")",
        "torch.as_tensor(np.asarray({}).copy(), dtype=" + kind + ")",
        "torch.tensor(np.asarray({}).tolist(), dtype=" + kind + ")",
    )
    lines = [f"v_{name} = {made.format('u_' + name)}" for name in ("X", "Y", "w1", "w2")]
    return [*lines, "v_cls = v_Y.argmax(dim=1)"]


def _classes(pen: Pen, half: Half) -> list[str]:
    given = given_of(half)
    indices = [int(np.argmax(given[name])) for name in ("y1", "y2")]
    return [pen.one("v_cls = v_Y.argmax(dim=1)", f"v_cls = torch.tensor({indices})")]
