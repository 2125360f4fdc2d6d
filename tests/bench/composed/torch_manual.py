"""PyTorch halves on plain tensors without autograd."""

from tests.bench.composed import numpy_core, torch_core
from tests.bench.composed.constants import constants, loops, seeding
from tests.bench.composed.numpy_rows import Cells, asked_of, shown_outputs
from tests.bench.composed.numpy_steps import update
from tests.bench.composed.pen import Pen
from tests.bench.composed.plan import Half
from tests.bench.composed.showing import show
from tests.bench.composed.torch_training import shown_tensors


def manual(pen: Pen, half: Half, data: list[str]) -> dict[str, Cells]:
    """Write tensors without autograd, the gradients by hand."""
    pen.habits |= {
        "product": pen.one(
            "{} @ {}",
            "torch.matmul({}, {})",
            "torch.mm({}, {})",
            "torch.einsum('ij,jk->ik', {}, {})",
        ),
        "slope": pen.one(
            "(v_z1 > 0)",
            "(v_z1 > 0).to(v_X.dtype)",
            "torch.where(v_z1 > 0, 1.0, 0.0)",
            "torch.sign(v_h)",
        ),
        "apply": pen.one("v_h * {}", "torch.mul(v_h, {})"),
    }
    relu = torch_core.activation(pen, half, "z")
    softmax = torch_core.softmax(pen, half, "z")
    define = [f"def v_relu(z):\n    return {relu}", f"def v_softmax(z):\n    return {softmax}"]
    behind = _cloned(numpy_core.behind(pen, half, "v_X", "v_w2"))
    gradient = [*_cloned(numpy_core.at_logits(pen, half, "v_Y", 2)), *behind]
    cut = next(i for i, line in enumerate(gradient) if line.startswith(f"{asked_of(half)} ="))
    shown = [
        *pen.told("gradient", {"whole": asked_of(half)}),
        *show(pen, "gradient", {"": asked_of(half)}),
    ]
    return {
        "data": [data, define],
        "forward": [
            [*numpy_core.forward(pen, half, "v_X", "v_w1", "v_w2"), *shown_outputs(pen, half)]
        ],
        "gradient": [[*gradient[: cut + 1], *shown]],
        "dropout": [[*constants(pen, half), *_manual_training(pen, half)]],
    }


def _cloned(lines: list[str]) -> list[str]:
    return [
        line.replace(".copy()", ".clone()")
        .replace("keepdims=True", "keepdim=True")
        .replace("np.log(2)", "torch.log(torch.tensor(2.0))")
        for line in lines
    ]


def _manual_training(pen: Pen, half: Half) -> list[str]:
    drawn = numpy_core.mask(pen, half, rows=2 if half.steps == "together" else 1)
    once: list[str] = []
    if half.draws == "same":
        once, drawn = drawn, []
    every = [seeding(half, str(pen.habits["draw"]))] if half.draws == "repeated" else []

    def step(x: str, y: str, rows: int) -> list[str]:
        forward = numpy_core.forward(pen, half, x, "v_u1", "v_u2", masked=True)
        logits = _cloned(numpy_core.at_logits(pen, half, y, rows))
        return [
            *drawn,
            *forward,
            *logits,
            *numpy_core.behind(pen, half, x, "v_u2", masked=True),
            *update(pen, half, "v_u1", "v_u2"),
        ]

    copies = ["v_u1, v_u2 = v_w1.clone(), v_w2.clone()"]
    speeds = ["v_speed1 = v_speed2 = 0"] if half.is_odd("momentum") else []
    told = pen.told("start", {"w1": "v_u1", "w2": "v_u2"})
    return [*copies, *told, *once, *speeds, *loops(pen, half, step, every), *shown_tensors(pen)]
