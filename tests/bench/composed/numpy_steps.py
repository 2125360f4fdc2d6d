"""A step of gradient descent as NumPy statements, right or wrong."""

from tests.bench.composed.pen import Pen
from tests.bench.composed.plan import Half


def bias_gradients(half: Half) -> list[str]:
    """Write the gradients of biases that are trained."""
    return ["v_db1 = v_dz1.sum(axis=0)", "v_db2 = v_dz2.sum(axis=0)"] if half.bias_trained else []


def update(pen: Pen, half: Half, w1: str, w2: str) -> list[str]:
    """Write a step of gradient descent."""
    sign = "+" if half.is_odd("ascent") else "-"
    form = pen.habit(
        "update", ["{w} {s}= v_lr * {d}", "{w} = {w} {s} v_lr * {d}", "{w} = {w} {s} {d} * v_lr"]
    )
    steps = [(w1, "v_dw1"), (w2, "v_dw2")]
    if half.is_odd("only-w1"):
        steps = steps[:1]
    lines = []
    for weight, gradient in steps:
        if half.is_odd("momentum"):
            speed = "v_speed1" if weight == w1 else "v_speed2"
            lines += [
                f"{speed} = 0.9 * {speed} + {gradient}",
                form.format(w=weight, d=speed, s=sign),
            ]
        elif half.is_odd("decay"):
            lines.append(form.format(w=weight, d=f"({gradient} + 0.01 * {weight})", s=sign))
        else:
            lines.append(form.format(w=weight, d=gradient, s=sign))
    if half.bias_trained:
        lines += ["v_b1 = v_b1 - v_lr * v_db1", "v_b2 = v_b2 - v_lr * v_db2"]
    return lines
