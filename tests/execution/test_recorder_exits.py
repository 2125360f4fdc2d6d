"""What the recorder keeps of the numbers that leave torch."""

from typing import Any

import numpy as np
import pytest


@pytest.fixture(scope="module")
def kernel(start_recorded: Any) -> Any:
    kernel = start_recorded(preload_torch=True)
    kernel.run("import numpy as np\nimport torch\np = torch.tensor([0.25, 0.75])")
    return kernel


def departed(kernel: Any, source: str) -> list[list[float]]:
    ran = kernel.run(source)
    arrays = [array for header, array in ran.frames if header.get("origin") == "returned"]
    return [array.tolist() for array in arrays]


@pytest.mark.parametrize(
    "source",
    [
        "_ = (p * 2).tolist()",
        "_ = (p * 2).numpy()",
        "_ = (p * 2).detach().numpy().astype(float)",
        "_ = np.asarray(p * 2)",
        "_ = np.round((p * 2).numpy(), 4)",
    ],
)
def test_an_array_that_leaves_torch_is_kept(kernel: Any, source: str) -> None:
    assert departed(kernel, source) == [[0.5, 1.5]]


@pytest.mark.parametrize(
    "source",
    [
        "_ = f'{p[0]:.2f} {p[1]:.2f}'",
        "_ = [p[0].item(), p[1].item()]",
        "_ = [float(x) for x in p]",
    ],
)
def test_single_numbers_that_leave_torch_are_kept_in_a_row(kernel: Any, source: str) -> None:
    assert departed(kernel, source) == [[0.25, 0.75]]


def test_an_array_that_leaves_torch_again_is_kept_once(kernel: Any) -> None:
    assert departed(kernel, "for _ in range(9): p.tolist()") == [[0.25, 0.75]]


def test_what_torch_itself_reads_for_a_repr_is_not_kept_number_by_number(kernel: Any) -> None:
    assert departed(kernel, "_ = repr(p)") == [[0.25, 0.75]]


def test_numbers_that_stay_in_torch_are_not_kept(kernel: Any) -> None:
    assert departed(kernel, "q = torch.softmax(p, 0)") == []


def test_a_long_loop_of_losses_is_kept_up_to_a_bound(kernel: Any) -> None:
    [losses] = departed(kernel, "for i in range(5000): (p[0] * i).item()")

    assert len(losses) == 1000
    assert np.allclose(losses[:3], [0.0, 0.25, 0.5])
