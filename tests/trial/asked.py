"""A rubric with parts, in few words, and what the solution of one gave when it was asked."""

from pathlib import Path
from typing import Any

import numpy as np

from grader.execution.asking.about import about
from grader.recording.model import ProbeResult, Recording, Returned, StepResult
from grader.rubric.model import Rubric
from grader.rubric.parts import Part
from grader.rubric.reference import open_rubric
from tests.recordings import recording

WRITTEN = Path(__file__).parents[1] / "assignments" / "written"


def rubric_of(*parts: dict[str, Any], mistakes: tuple[dict[str, Any], ...] = ()) -> Rubric:
    question = {
        "id": "q",
        "title": "Q",
        "points": float(len(parts)),
        "parts": [{"points": 1.0, **part} for part in parts],
        "mistake": list(mistakes),
    }
    top = {"format": "gradmark/rubric/1", "assignment": "a", "title": "A", "reference": "a.py"}
    return Rubric.model_validate({**top, "question": [question]})


def asked(part: Part, *values: tuple[np.ndarray, np.ndarray]) -> ProbeResult:
    """A function that was asked of each input, and gave a value."""
    steps = (
        StepResult(f"case{n}", "ndarray", values={"": Returned(value, "numpy")})
        for n, (_, value) in enumerate(values)
    )
    return ProbeResult(
        about=about(part),
        found=part.name,
        after=None,
        labels=tuple(f"input {n}" for n in range(len(values))),
        inputs={f"case{n}_x": x for n, (x, _) in enumerate(values)},
        steps=tuple(steps),
    )


def solved() -> Recording:
    """The solution of the tests' written assignment, as far as its functions go."""
    x = np.array([-2.0, -0.5, 1.5])
    made = recording(sources=("def square(x): return x * x",))
    rubric, _ = open_rubric(WRITTEN / "written.toml")
    square, step = (question.parts[0] for question in rubric.question[:2])
    stepped = asked(step, (x, np.heaviside(x, 0.0)), (np.zeros(2), np.zeros(2)))
    fields = {**vars(made), "probes": (asked(square, (x, x * x)), stepped)}
    return Recording(**fields)
