"""Right for the student's own numbers: found, named, and not taken for another mistake."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rubrics
from grader.recording.model import RecordedValue
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import Verdict
from reference.hw1 import GIVEN, gradient_w1, outputs
from tests.recordings import recording, value

MISTYPED = {**GIVEN, "w2": np.array([[0.2, 0.3], [0.4, 0.3], [0.6, 0.7], [0.8, 0.9]])}
EXCHANGED = {**GIVEN, "y1": GIVEN["y2"], "y2": GIVEN["y1"]}


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer(*open_rubric(Path(rubrics.__file__).parent / "hw1.toml"))


def judged(scorer: Scorer, *values: RecordedValue) -> dict[str, Verdict]:
    cells = max(one.cell for one in values)
    torch_cells = {one.cell: ("float32",) for one in values if one.library == "torch"}
    found = recording(*values, sources=["pass"] * cells, torch_cells=torch_cells)
    return {verdict.question: verdict for verdict in scorer.grade(found).verdicts}


def rows(parts: dict[str, np.ndarray] | None) -> np.ndarray:
    assert parts
    return np.stack([parts["x1"], parts["x2"]])


def test_a_mistyped_matrix_is_named_with_the_row_that_differs(scorer: Scorer) -> None:
    found = judged(scorer, value("w2", MISTYPED["w2"]), value("p", rows(outputs(MISTYPED))))

    assert found["forward-numpy"].mistakes == ("wrong-data",)
    assert "row 2 is [0.4, 0.3], not [0.4, 0.5]" in found["forward-numpy"].explanation


def test_numbers_entered_anew_for_the_other_library_are_looked_at_anew(scorer: Scorer) -> None:
    def torchs(name: str, array: Any) -> RecordedValue:
        return value(name, np.float32(array), cell=2, library="torch")

    right = value("p", rows(outputs(GIVEN)))

    found = judged(
        scorer, right, torchs("w2_t", MISTYPED["w2"]), torchs("p_t", rows(outputs(MISTYPED)))
    )

    assert found["forward-numpy"].outcome == "correct"
    assert found["forward-torch"].mistakes == ("wrong-data",)


def test_exchanged_labels_are_no_ignored_labels(scorer: Scorer) -> None:
    apart = gradient_w1(EXCHANGED, batch="apart")
    assert apart
    labels = np.stack([EXCHANGED["y1"], EXCHANGED["y2"]])

    found = judged(scorer, value("Y", labels), value("g1", apart["x1"]), value("g2", apart["x2"]))

    assert found["gradient-numpy"].mistakes == ("wrong-data",)


def test_one_story_is_told_of_all_parts(scorer: Scorer) -> None:
    first = gradient_w1(GIVEN, batch="apart", target="first")
    last = gradient_w1(GIVEN, batch="apart", target="last")
    assert first
    assert last

    found = judged(scorer, value("g1", first["x1"]), value("g2", last["x2"]))

    assert found["gradient-numpy"].points < 7.5


def test_a_row_of_the_gradient_is_no_gradient_of_another_quantity(scorer: Scorer) -> None:
    apart = gradient_w1(GIVEN, batch="apart")
    assert apart

    found = judged(scorer, value("row", apart["x1"][0]), value("g", apart["x2"]))

    assert "wrong-shape" not in found["gradient-numpy"].mistakes


def test_what_was_set_to_zero_is_right_for_no_data(scorer: Scorer) -> None:
    found = judged(scorer, value("w2_grad", np.zeros((4, 2))), value("w1_grad", np.zeros((3, 4))))

    assert found["gradient-numpy"].points == 0
