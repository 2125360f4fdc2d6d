import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from nbformat import v4

from grader.execution.asking.plan import Asking
from grader.rubric.model import Rubric

HERE = Path("rubrics/none.toml")
TANH = {"probe": "function", "name": "tanh", "inputs": "activation_inputs", "points": 1}


def asking(*parts: dict[str, Any]) -> Asking:
    question = {"id": "q", "title": "t", "points": len(parts), "parts": list(parts)}
    head = {"format": "gradmark/rubric/1", "assignment": "a", "title": "t"}
    rubric = Rubric.model_validate(head | {"reference": "reference.ps1", "question": [question]})
    return Asking(rubric, HERE)


def notebook(*cells: str) -> Any:
    return v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])


def test_a_part_is_asked_with_the_inputs_of_the_seed() -> None:
    asked = asking(TANH)

    [probe], [again], [other] = (asked.probes(notebook("1"), seed) for seed in (1, 1, 2))

    name = "case1_x"
    np.testing.assert_array_equal(probe.inputs[name], again.inputs[name])
    assert not np.array_equal(probe.inputs[name], other.inputs[name])
    assert probe.labels[1] == "a vector"


def test_no_expected_value_goes_along() -> None:
    [probe] = asking({**TANH, "expect": "tanh"}).probes(notebook("1"), 1)

    sent = np.concatenate([array.ravel() for array in probe.inputs.values()])
    assert not np.isin(np.tanh(sent[np.abs(sent) < 3]), sent[sent != 0]).any()
    assert probe.withheld == {}


@pytest.mark.parametrize(
    "other",
    [
        {**TANH, "name": "tan"},
        {**TANH, "inputs": "derivative_inputs"},
        {**TANH, "aliases": ["Tanh"]},
        {**TANH, "seconds": 3.0},
    ],
)
def test_a_recording_depends_on_what_is_asked(other: dict[str, Any]) -> None:
    assert asking(other).digest(1) != asking(TANH).digest(1)


def test_a_recording_depends_on_the_seed_and_on_nothing_that_only_judges() -> None:
    judged = {**TANH, "expect": "tanh", "points": 1, "worth": {"overflow": 0.5}}

    assert asking(judged).digest(1) == asking(TANH).digest(1)
    assert asking(TANH).digest(1) != asking(TANH).digest(2)


def test_where_nothing_is_asked_there_is_no_digest_and_no_probe() -> None:
    rubric = Rubric.model_validate(
        {
            "format": "gradmark/rubric/1",
            "assignment": "a",
            "title": "t",
            "reference": "reference.none",  # never loaded
            "question": [{"id": "q", "title": "t", "points": 1, "expect": "f"}],
        }
    )
    asked = Asking(rubric, HERE)

    assert (asked.digest(1), asked.probes(notebook("1"), 1)) == ("", ())


def test_it_can_be_handed_to_another_process() -> None:
    asked = asking(TANH)

    assert pickle.loads(pickle.dumps(asked)).digest(3) == asked.digest(3)


def test_what_a_rubric_builds_with_is_called_by_the_names_in_the_notebook() -> None:
    layer = {"probe": "layer", "name": "Affine_Layer", "inputs": "affine_inputs", "points": 1}
    build = "network = Net(); network.add(Affine_Layer(2, 3))"
    whole = {"probe": "network", "name": "Net", "points": 1, "build": build}
    source = (
        "class AffineLayer:\n"
        "    def forward_propagation(self, x): pass\n"
        "    def backward_propagation(self, g, r): pass\n"
        "class Net:\n    pass"
    )

    probes = asking(layer, whole).probes(notebook(source), 1)

    codes = " ".join(step.code for step in probes[-1].steps)
    assert "network.add(AffineLayer(2, 3))" in codes
