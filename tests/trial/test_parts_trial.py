"""A rubric with parts on trial from end to end: the tests' own assignment of written code."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.trial.summary import as_data, summary
from grader.trial.trial import Trial, try_rubric
from tests.trial.asked import WRITTEN

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("trial")]

BLANK = "# %%\ndef square(x):\n    pass\n\n\ndef square_grad(x):\n    pass\n"
SLOW = """
# %%
import time

for number in range(3):
    time.sleep(0.3)
"""
Changed = Callable[..., Path]


@pytest.fixture(scope="module")
def trial() -> Trial:
    return try_rubric(WRITTEN / "written.toml", jobs=1)


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """Copy the assignment, with pieces of its files replaced."""

    def changing(rubric: tuple[str, str] = ("", ""), solution: str = "") -> Path:
        for name in ("written.toml", "written.py", "written_solution.py"):
            (tmp_path / name).write_text((WRITTEN / name).read_text())
        text = (tmp_path / "written.toml").read_text()
        assert rubric[0] in text
        (tmp_path / "written.toml").write_text(text.replace(*rubric, 1))
        with (tmp_path / "written_solution.py").open("a") as file:
            file.write(solution)
        return tmp_path / "written.toml"

    return changing


def test_a_sound_rubric_passes_without_what_a_person_gives(trial: Trial) -> None:
    assert trial.failed == []
    assert trial.solution is not None
    assert (trial.solution.points, trial.blank.points) == (8, 0)
    assert "  8 of 8 points; a person gives the other 4" in summary(trial)


def test_every_slip_in_a_part_costs_its_marks(trial: Trial) -> None:
    survivors = [(fate.mutant.original, fate.mutant.mutated) for fate in trial.of_kind("survivor")]

    assert survivors == []
    assert as_data(trial)["mutants"]["parts"] == {
        "square, square": 1.0,
        "square, square_grad": 1.0,
        "step, step": 1.0,
    }


def test_slips_in_code_that_no_part_rests_on_are_not_run(trial: Trial) -> None:
    untouched = {fate.mutant.original for fate in trial.of_kind("untouched")}

    assert "print(square(x), square_grad(x), step(x))" in untouched


def test_a_template_that_earns_points_fails(changed: Changed) -> None:
    path = changed(('solution = "written_solution.py"', 'template = "template.py"'))
    (path.parent / "template.py").write_text(BLANK)
    blank = try_rubric(path)
    (path.parent / "template.py").write_text(BLANK.replace("pass", "return x * x", 1))
    filled = try_rubric(path)

    assert blank.failed == []
    assert filled.failed == ["the template gets 2 points as it is handed out"]


@pytest.mark.proof
def test_mutants_of_functions_are_run_without_what_takes_long(changed: Changed) -> None:
    trial = try_rubric(changed(solution=SLOW), quick=True)

    assert trial.failed == []
    assert not trial.of_kind("untried", "fault", "survivor")
    assert trial.score == 1.0
