"""The student's statements and nothing else, by `exec` in a process that has imported all."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import numpy  # noqa: F401  imported before the clock starts
import torch
import torch._dynamo

from tests.bench.workers.serving import Facts, serve


def warm_up() -> None:
    """Take an optimizer's first step, until which torch leaves much of itself aside."""
    torch.set_num_threads(1)
    weight = torch.zeros(2, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=0.1)
    torch.autograd.backward(weight.sum())
    optimizer.step()


def run(path: str) -> Facts:
    """Execute the code of a notebook, cell by cell, in a namespace of its own."""
    torch.set_default_dtype(torch.float32)  # one of the notebooks sets another, for all to come
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in json.loads(Path(path).read_bytes())["cells"]:
            if cell["cell_type"] == "code":
                exec(compile("".join(cell["source"]), "cell", "exec"), namespace)
    return {}


if __name__ == "__main__":
    warm_up()
    serve(run)
