"""The network's mathematics as NumPy statements on a batch of rows, each written in many ways."""

from tests.bench.composed.masks import draw
from tests.bench.composed.pen import Pen
from tests.bench.composed.plan import Half

_SOFTMAX = {
    "row": (
        [
            "e = np.exp(z - np.max(z, axis=1, keepdims=True))",
            "return e / e.sum(axis=1, keepdims=True)",
        ],
        ["return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)"],
        ["s = np.exp(z)", "return s / np.sum(s, axis=1)[:, None]"],
        ["return (np.exp(z).T / np.exp(z).sum(axis=1)).T"],
        ["return np.apply_along_axis(lambda r: np.exp(r) / np.sum(np.exp(r)), 1, z)"],
        ["return np.array([np.exp(r - r.max()) / np.exp(r - r.max()).sum() for r in z])"],
        ["return np.exp(z - np.log(np.exp(z).sum(axis=1, keepdims=True)))"],
        [
            "s = z - z.max(axis=-1, keepdims=True)",
            "n = np.exp(s)",
            "d = np.einsum('ij->i', n)",
            "return n / d.reshape(-1, 1)",
        ],
        [
            "out = np.empty_like(z)",
            "for i, r in enumerate(z):",
            "    out[i] = np.exp(r) / sum(np.exp(r))",
            "return out",
        ],
    ),
    "batch": (
        ["return np.exp(z) / np.sum(np.exp(z))"],
        ["e = np.exp(z - z.max())", "return e / e.sum()"],
    ),
    "column": (
        ["e = np.exp(z)", "return e / np.sum(e, axis=0)"],
        ["return np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=0, keepdims=True)"],
    ),
}
_RELU = (
    "np.maximum(0, z)",
    "np.maximum(z, 0.0)",
    "z * (z > 0)",
    "np.where(z > 0, z, 0)",
    "np.clip(z, 0, None)",
    "(np.abs(z) + z) / 2",
    "np.maximum(z, np.zeros_like(z))",
)
_SLOPES = (
    "(v_z1 > 0)",
    "(v_z1 > 0).astype(float)",
    "np.where(v_z1 > 0, 1, 0)",
    "(v_h > 0)",
    "np.heaviside(v_z1, 0)",
    "np.sign(v_h)",
    "1.0",
)


def definitions(pen: Pen, half: Half) -> list[str]:
    """Define v_relu and v_softmax."""
    ways = _SOFTMAX[half.softmax_axis]
    if half.logit_gradient == "shortcut":
        ways = tuple(way for way in ways if "max(" in " ".join(way))  # the others overflow
    body = pen.one(*ways)
    if half.is_odd("base-two"):
        body = ["return 2 ** z / (2 ** z).sum(axis=1, keepdims=True)"]
    if half.is_odd("sigmoid-output"):
        body = ["return 1 / (1 + np.exp(-z))"]
    relu = pen.one(*_RELU)
    if half.is_odd("tanh"):
        relu = "np.tanh(z)"
    if half.is_odd("sigmoid-hidden"):
        relu = "1 / (1 + np.exp(-z))"
    hint = ": np.ndarray) -> np.ndarray" if pen.often(0.2) else ")"
    lines = (
        [f"v_relu = lambda z: {relu}"]
        if pen.often(0.3)
        else [f"def v_relu(z{hint}:", f"    return {relu}"]
    )
    return [*lines, "", f"def v_softmax(z{hint}:", *("    " + line for line in body)]


def times(pen: Pen, left: str, right: str) -> str:
    """Write a matrix product."""
    form = pen.habit(
        "product",
        ["{} @ {}"] * 3
        + [
            "{}.dot({})",
            "np.dot({}, {})",
            "np.matmul({}, {})",
            "np.einsum('ij,jk->ik', {}, {})",
            "np.tensordot({}, {}, axes=1)",
        ],
    )
    return form.format(left, right)


def forward(pen: Pen, half: Half, x: str, w1: str, w2: str, *, masked: bool = False) -> list[str]:
    """Write the forward pass down to v_p; `masked`, with dropout by v_mask."""
    factor = _factor(half) if masked else ""
    lines = []
    inputs, hidden = x, "v_h"
    if factor and half.dropout == "input":
        lines.append(f"v_Xd = {x} * {factor}")
        inputs = "v_Xd"
    bias = half.bias != "none"
    lines.append(f"v_z1 = {times(pen, inputs, w1)}" + (" + v_b1" if bias else ""))
    lines.append("v_h = v_relu(v_z1)")
    if factor and half.dropout != "input":
        if half.dropout == "none":
            lines.append(f"v_hd = v_h * {factor}")
        else:
            hidden = "v_hd"
            applied = pen.habit("apply", ["v_h * {}", "np.multiply(v_h, {})", "{} * v_h"])
            lines.append(f"v_hd = {applied.format(factor)}")
            if half.is_odd("scaled-twice"):
                lines.append("v_hd = v_hd / v_keep")
    lines.append(f"v_z2 = {times(pen, hidden, w2)}" + (" + v_b2" if bias else ""))
    shown = "v_softmax(v_z2)" if half.shown_passes == 1 else "v_softmax(v_softmax(v_z2))"
    return [*lines, f"v_p = {shown}"]


def _factor(half: Half) -> str:
    if half.dropout == "none" and half.scale == "none":
        return ""
    return "v_mask"


def mask(pen: Pen, half: Half, *, rows: int) -> list[str]:
    """Write the draw of v_mask and its scaling, for a step on `rows` examples."""
    units = 3 if half.dropout == "input" else 4
    own = rows if half.mask_per == "example" or rows == 1 else pen.habit("shared", [0, 1])
    if rows == 1:
        own = pen.habit("one row", [0, 1])
    if half.dropout == "none":
        return (
            []
            if half.scale == "none"
            else [f"v_mask = {draw(pen, half, own, units, like='')} / v_keep"]
        )
    drawn = draw(pen, half, own, units, like="")
    return [f"v_mask = {drawn}{scaling(half)}"]


def scaling(half: Half) -> str:
    """Write what a mask is divided by."""
    if half.scale == "none":
        return ""
    if half.is_odd("scaled-by-rate") or half.keep == "swapped_throughout":
        return " / v_rate"
    return " / v_keep"


def slope(pen: Pen, half: Half) -> str:
    """Write ReLU's derivative, or what stands for it."""
    if half.relu_derivative == "activation":
        return "v_relu(v_z1)"
    if half.is_odd("tanh"):
        return "(1 - v_h ** 2)"
    if half.is_odd("sigmoid-hidden"):
        return "v_h * (1 - v_h)"
    # Without inputs the sums are 0, or less than 0: there a missing derivative shows.
    return pen.habit("slope", _SLOPES[:-1] if half.dropout == "input" else _SLOPES)


def at_logits(pen: Pen, half: Half, y: str, rows: int) -> list[str]:
    """Write the gradient at the logits, v_dz2, divided as the reduction asks."""
    lines = []
    probs = "v_p"
    if half.softmax_passes == 2 and half.shown_passes == 1:
        lines.append("v_q2 = v_softmax(v_p)")
        probs = "v_q2"
    if half.target == "label":
        difference = f"{probs} - {y}"
    else:
        index = 0 if half.target == "first" else 1
        lines += [f"v_err = {probs}.copy()", f"v_err[:, {index}] -= 1"]
        difference = "v_err"
    difference = _odd_difference(half, difference, y)
    divided = _divided(pen, half, f"({difference})", rows)
    exact = half.softmax_passes == 2 and half.logit_gradient == "exact"
    lines.append(f"v_dz2 = {divided}")
    if exact:
        lines.append("v_dz2 = v_p * (v_dz2 - (v_p * v_dz2).sum(axis=1, keepdims=True))")
    return lines


def _odd_difference(half: Half, difference: str, y: str) -> str:
    if half.is_odd("sign"):
        return f"{y} - v_p"
    if half.is_odd("log-two"):
        return f"({difference}) / np.log(2)"
    if half.is_odd("squared-loss"):
        return f"(v_p - {y}) * v_p * (1 - v_p)"
    if half.is_odd("doubled"):
        return f"2 * ({difference})"
    return difference


def _divided(pen: Pen, half: Half, difference: str, rows: int) -> str:
    if half.reduction == "mean" and rows > 1:
        return difference + pen.habit("mean", [" / 2", " / len(v_X)", " / v_X.shape[0]", " * 0.5"])
    if half.reduction == "entries":
        return difference + (" / 4" if rows > 1 else " / 2")
    return difference


def behind(pen: Pen, half: Half, x: str, w2: str, *, masked: bool = False) -> list[str]:
    """Write the gradients v_dw2 and v_dw1 from v_dz2 on."""
    live = masked and half.dropout in {"hidden", "input"}
    factor = "v_mask" if live else ""
    hidden = (
        "v_hd" if live and half.dropout == "hidden" and half.mask_in_backward != "no" else "v_h"
    )
    inputs = "v_Xd" if live and half.dropout == "input" and half.mask_in_backward != "no" else x
    lines = [
        f"v_dw2 = {times(pen, f'{hidden}.T', 'v_dz2')}",
        f"v_dh = {times(pen, 'v_dz2', f'{w2}.T')}",
    ]
    if factor and half.dropout == "hidden" and half.mask_in_backward == "yes":
        lines.append(pen.habit("mask back", ["v_dh = v_dh * v_mask", "v_dh *= v_mask"]))
        if half.is_odd("scaled-twice"):
            lines.append("v_dh = v_dh / v_keep")
    lines.append(f"v_dz1 = v_dh * {slope(pen, half)}")
    return [*lines, f"v_dw1 = {times(pen, f'{inputs}.T', 'v_dz1')}"]
