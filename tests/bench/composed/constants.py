"""The numbers of task 3, and the loops around a training's step."""

from collections.abc import Callable

from tests.bench.composed.pen import Pen, indented
from tests.bench.composed.plan import Half


def constants(pen: Pen, half: Half) -> list[str]:
    """Write v_rate, v_keep, v_lr and v_epochs."""
    rate = "0.5" if half.is_odd("rate-half") else pen.one("0.4", "0.4", ".4", "4 / 10")
    lr = pen.one("0.01", "1e-2", ".01")
    if half.is_odd("learning-rate"):
        lr = pen.one("0.1", "0.001")
    epochs = pen.one("50", "101", "99", "10") if half.is_odd("epochs") else "100"
    keep = pen.one("1 - v_rate", "1.0 - v_rate", "0.5" if half.is_odd("rate-half") else "0.6")
    lines = [f"v_rate = {rate}", f"v_keep = {keep}", f"v_lr = {lr}", f"v_epochs = {epochs}"]
    if pen.often(0.2):
        return [f"v_rate, v_lr, v_epochs = {rate}, {lr}, {epochs}", f"v_keep = {keep}"]
    return lines


def seeding(half: Half, way: str) -> str:
    """Write what makes the next draws repeat the former ones."""
    if half.library == "torch" and "np.random" not in way:
        return "torch.manual_seed(7)"
    if "rng." in way:
        return "rng = np.random.default_rng(7)"
    if "state." in way:
        return "state = np.random.RandomState(7)"
    return (
        "random.seed(7)"
        if "random.random()" in way or "random.uniform(0, 1) >" in way or "random.choices" in way
        else "np.random.seed(7)"
    )


def loops(
    pen: Pen,
    half: Half,
    step: Callable[[str, str, int], list[str]],
    each_epoch: list[str] | None = None,
) -> list[str]:
    """Write the loops of a training around its step, which is given x, y and the rows in them."""
    first = each_epoch or []
    count = pen.habit(
        "count",
        ["for v_epoch in range(v_epochs):", "for v_epoch in range(1, v_epochs + 1):", "while"],
    )
    every = "for v_epoch in range(v_epochs):" if count == "while" else count
    if half.steps == "together":
        if count == "while" and not half.is_odd("epochs"):
            return [
                "v_count = 0",
                "while v_count < v_epochs:",
                *indented([*first, *step("v_X", "v_Y", 2), "v_count += 1"]),
            ]
        return [every, *indented([*first, *step("v_X", "v_Y", 2)])]
    picks = ["v_xb, v_yb = v_X[k:k + 1], v_Y[k:k + 1]"]
    one = step("v_xb", "v_yb", 1)
    each = "for k in range(len(v_X)):" if pen.often(0.5) else "for k in (0, 1):"
    if half.is_odd("first-only"):
        each = "for k in range(1):"
    if half.steps == "apart":
        return [every, *indented([*first, each, *indented([*picks, *one])])]
    return [each, *indented([*picks, every, *indented([*first, *one])])]
