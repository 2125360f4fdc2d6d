"""The answers of a grade: one for each value and each part, and none where a person judges."""

from dataclasses import replace

import numpy as np

from grader.recording.model import Recording, Returned
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.trial.answers import answers_of
from grader.trial.summary import machine_points
from tests.trial.asked import WRITTEN, solved


def test_every_part_is_an_answer_and_what_a_person_judges_is_none() -> None:
    rubric, reference = open_rubric(WRITTEN / "written.toml")
    recording = solved()

    found = answers_of(Scorer(rubric, reference).grade(recording), rubric, recording)

    assert [one.name for one in found] == ["square, square", "square, square_grad", "step, step"]
    assert [one.key for one in found] == ["square.0", "square.1", "step.0"]
    assert [one.points for one in found] == [2.0, 0.0, 2.0]
    assert [one.needs_review for one in found] == [False, True, False]
    assert sum(one.max_points for one in found) == machine_points(rubric) == 8


def test_a_part_rests_on_the_numbers_its_probes_gave() -> None:
    rubric, reference = open_rubric(WRITTEN / "written.toml")
    recording = solved()

    first, second, _ = answers_of(Scorer(rubric, reference).grade(recording), rubric, recording)

    np.testing.assert_array_equal(first.values[0], [4.0, 0.25, 2.25])
    assert second.values == ()


def test_in_which_order_an_object_got_its_attributes_is_no_difference() -> None:
    rubric, reference = open_rubric(WRITTEN / "written.toml")
    kept = {".bias": Returned(np.zeros(2), "numpy"), ".weights": Returned(np.ones(3), "numpy")}
    one, other = _giving(kept), _giving(dict(reversed(kept.items())))

    first = answers_of(Scorer(rubric, reference).grade(one), rubric, one)[0]
    second = answers_of(Scorer(rubric, reference).grade(other), rubric, other)[0]

    assert [value.tolist() for value in first.values] == [[0, 0], [1, 1, 1]]
    assert [value.tolist() for value in second.values] == [[0, 0], [1, 1, 1]]


def _giving(values: dict[str, Returned]) -> Recording:
    """What the first probe's first step came back with replaced."""
    recording = solved()
    probe = recording.probes[0]
    step = replace(probe.steps[0], values=values)
    return replace(recording, probes=(replace(probe, steps=(step,)),))
