"""An innocent submission that runs beside and after the attacks, and must not notice them."""

import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from grader.execution.outcome import Execution
from grader.execution.run import Runner
from grader.recording.assemble import assemble
from grader.rubric.model import Limits
from tests.attacks.attack import build_notebook

NOTEBOOK = """
import os, random, tempfile, threading
import numpy as np
import torch
x = np.linspace(0, 1, 5)
# %%
drawn = np.random.rand(3)
picked = random.random()
mask = torch.rand(4) < 0.6
noise = np.random.default_rng(5).normal(size=2)
# %%
torch.manual_seed(3)
layer = torch.nn.Linear(3, 2)
out = torch.nn.functional.dropout(layer(torch.ones(4, 3)), 0.4)
loss = (out**2).mean()
loss.backward()
print(loss.item(), layer.weight.grad)
# %%
print(np.pi, len("four"), 5 + 0, np.allclose(1, 2), x.sum())
x @ x
# %%
1 / 0
# %%
!echo the shell works
# %%
threads = [threading.Thread(target=print, args=(n,)) for n in range(3)]
for thread in threads:
    thread.start()
    thread.join()
# %%
with open("own", "wb") as file:
    file.write(bytes(2**20))
table = np.loadtxt("data.csv", delimiter=",")
print(sorted(os.listdir(".")), sorted(os.listdir(tempfile.gettempdir())))
"""
STATUSES = ("ok", "ok", "ok", "ok", "raised", "ok", "ok", "ok")
LIMITS = Limits(cell_seconds=20, notebook_seconds=60, memory_mib=2048)
SEED = 11

Facts = dict[str, Any]


def run_witness(runner: Runner, files: Path) -> Facts:
    """Run the witness, and give all of its recording that the same run would repeat."""
    return facts(runner.execute(build_notebook(NOTEBOOK), limits=LIMITS, seed=SEED, files=files))


def facts(execution: Execution) -> Facts:
    """Give what a repeated run of the same notebook must repeat."""
    recording = assemble("witness", "witness.ipynb", "key", None, execution)
    return {
        "statuses": [(cell.number, cell.status, cell.error) for cell in execution.cells],
        "outputs": [json.dumps(cell.get("outputs")) for cell in execution.notebook.cells],
        "values": [
            (v.origin, v.cell, v.last_cell, v.path, v.library, v.span, *_entries(v.array))
            for v in recording.values
        ],
        "draws": [
            (d.cell, d.generator, d.call, sorted(d.parameters.items()), *_entries(d.array))
            for d in recording.draws
        ],
        "torch": recording.torch_cells,
        "left out": (recording.left_out, recording.incomplete),
        "isolation": execution.isolation,
    }


class Neighbour:
    """A second runner, in a thread of its own."""

    def __init__(self, files: Path) -> None:
        self._files = files
        self._thread = ThreadPoolExecutor(1)
        self._runner = self._thread.submit(lambda: Runner().__enter__()).result()

    def run(self) -> Facts:
        """Run the witness once."""
        return self._thread.submit(run_witness, self._runner, self._files).result()

    def run_until(self, stop: threading.Event) -> "Future[list[Facts]]":
        """Run the witness again and again, and at least once."""
        return self._thread.submit(self._repeat, stop)

    def close(self) -> None:
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    def _repeat(self, stop: threading.Event) -> list[Facts]:
        found = [run_witness(self._runner, self._files)]
        while not stop.is_set():
            found.append(run_witness(self._runner, self._files))
        return found


def _entries(array: Any) -> tuple[str, tuple[int, ...], bytes]:
    return str(array.dtype), array.shape, array.tobytes()
