"""Parts of questions judged on real code, run in this process instead of a notebook's."""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.execution.asking.plan import Asking
from grader.execution.inside.frames import Stream
from grader.execution.inside.notes import Notes
from grader.execution.inside.steps import Steps
from grader.execution.inside.tensors import Tensors
from grader.execution.inside.walk import Walk
from grader.execution.outcome import Probe, ProbeRun
from grader.recording.model import ProbeResult, Recording
from grader.recording.probes import read_probes
from grader.rubric.loading import load
from grader.rubric.model import Rubric
from grader.rubric.reference import Reference
from grader.scoring.grade import Scorer
from grader.scoring.verdict import PartVerdict

SEED = 5
HERE = Path("rubrics/none.toml")
_LIMIT = 4 * 1024 * 1024  # bytes of one value, as in a run


@dataclass(frozen=True)
class Asked:
    """Cells that were asked what a rubric with one part asks."""

    rubric: Rubric
    probes: tuple[ProbeResult, ...]
    notebook: Any

    def until(self, name: str) -> "Asked":
        """The same, had the step of a name and all after it never come to an end."""
        return replace(self, probes=tuple(_cut(one, name) for one in self.probes))

    @property
    def verdict(self) -> PartVerdict:
        recording = Recording("s", "s.ipynb", "k", probes=self.probes, handed_in=self.notebook)
        grade = Scorer(self.rubric, reference_of(self.rubric.reference)).grade(recording)
        return grade.verdicts[0].parts[0]


Ask = Callable[..., Asked]
Judge = Callable[..., PartVerdict]


@pytest.fixture(scope="session")
def ask() -> Ask:
    """Ask cells of code for a part: `ask("def f(x): ...", probe="function", name="f", ...)`.

    `question` has further keys of the question, `mistake` or `library`; `seed` makes other
    inputs; `reference` names another module.
    """
    return ask_cells


@pytest.fixture(scope="session")
def judge() -> Judge:
    """The verdict on what `ask` asks."""
    return lambda *cells, **part: ask_cells(*cells, **part).verdict


def ask_cells(
    *cells: str,
    question: dict[str, Any] | None = None,
    seed: int = SEED,
    reference: str = "reference.ps1",
    data: dict[str, Any] | None = None,
    **part: Any,
) -> Asked:
    made = rubric_of(part, question or {}, reference)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    probes = Asking(made, HERE, data or {}).probes(notebook, seed)
    results = read_probes(probes, [take(probe, cells) for probe in probes])
    return Asked(made, results, notebook)


def rubric_of(part: dict[str, Any], question: dict[str, Any], reference: str) -> Rubric:
    asked = {"id": "q", "title": "t", "points": 10, "library": "numpy"} | question
    whole = asked | {"parts": [{"points": asked["points"]} | part]}
    head = {"format": "gradmark/rubric/1", "assignment": "a", "title": "t"}
    return Rubric.model_validate(head | {"reference": reference, "question": [whole]})


def take(probe: Probe, cells: tuple[str, ...]) -> ProbeRun:
    """Run the cells up to the state a probe is about, and its steps as they run in a fork."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells[: probe.after]:
        exec(cell, names)
    with tempfile.TemporaryFile() as file:
        stream, notes = Stream(), Notes()
        stream.begin(file.fileno(), values_limit=64 * 1024 * 1024)
        inputs = {name: array.copy() for name, array in probe.inputs.items()}
        steps = Steps(names, inputs, stream, notes, lambda: Walk(notes, _tensors(), limit=_LIMIT))
        steps.take([[step.code, step.name] for step in probe.steps])
        return ProbeRun(os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0))


@cache
def reference_of(name: str) -> Reference:
    return load(name, HERE)


def _tensors() -> Tensors | None:
    """PyTorch as the recorder sees it, once a cell has imported it."""
    return Tensors(sys.modules["torch"]) if "torch" in sys.modules else None


def _cut(probe: ProbeResult, name: str) -> ProbeResult:
    names = [step.name for step in probe.steps]
    late = "it did not finish within 10 seconds, or its process died"
    return replace(probe, steps=probe.steps[: names.index(name)], fault=late)
