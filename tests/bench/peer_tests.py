"""What another grader asks of a notebook: four tests that find values under any name."""

from dataclasses import dataclass

import numpy as np

from reference.hw1 import GIVEN, gradient_w1, outputs

FINDER = """\
def has(names, *expected):
    import numpy
    for value in list(names.values()):
        value = value.detach().numpy() if hasattr(value, "grad_fn") else value
        if isinstance(value, numpy.ndarray) and value.dtype.kind == "f":
            for one in map(numpy.array, expected):
                if value.shape == one.shape and numpy.allclose(value, one, atol=1e-3):
                    return True
    return False
"""


@dataclass(frozen=True)
class PeerTest:
    """An expression that is true of a right notebook's variables, and what it is worth."""

    name: str
    points: int
    expression: str
    hidden: bool = False


def peer_tests() -> tuple[PeerTest, ...]:
    """Ask for the imports, which everybody has, for the outputs, the gradient and the weights."""
    out, summed = _only(outputs(GIVEN)), _only(gradient_w1(GIVEN))
    gradients = [summed, summed / 2, summed.T, summed.T / 2]
    w1 = np.asarray(GIVEN["w1"])
    return (
        PeerTest("imports", 10, '"torch" in globals() and "np" in globals()'),
        PeerTest("outputs", 30, f"has(globals(), {_literal(out)})"),
        PeerTest("gradient", 30, f"has(globals(), {', '.join(map(_literal, gradients))})"),
        PeerTest("weights", 30, f"has(globals(), {', '.join(map(_literal, (w1, w1.T)))})", True),
    )


def _only(parts: dict[str, np.ndarray] | None) -> np.ndarray:
    """Join the parts of an answer: one row an example, or the one matrix there is."""
    if parts is None:
        raise ValueError("the reference gives no answer")
    arrays = list(parts.values())
    return np.stack(arrays) if len(arrays) > 1 else arrays[0]


def _literal(array: np.ndarray) -> str:
    return str(np.round(array, 5).tolist())
