"""One notebook run and judged, with a rubric and with a student's edition of it."""

import shutil
from pathlib import Path

import pytest

from grader.checking.judge import Judge
from grader.checking.run import TOO_MUCH, check_notebook
from grader.faults import UsageFault
from grader.results.model import CheckResult
from grader.sealing.publish import publish
from tests.checking.conftest import WriteNotebook
from tests.recordings import recording, value

ASSIGNMENTS = Path(__file__).parents[1] / "assignments"
LINEAR = ASSIGNMENTS / "linear" / "linear.toml"
DATA = "import numpy as np\nt = np.arange(4.0)\nu = np.array([1.137, 2.941, 5.218, 7.083])"
RIGHT = [DATA, "line = np.polyfit(t, u, 1)\nprint(line)", "left = u - np.polyval(line, t)"]
ORIGIN = [DATA, "line = np.array([(t @ u) / (t @ t), 0.0])\nprint(line)", "left = u - line[0] * t"]

pytestmark = pytest.mark.usefixtures("quick")


def outcomes(result: CheckResult) -> dict[str, str]:
    return {check.question: check.outcome for check in result.checks}


def test_an_edition_that_is_cut_off_is_said_to_be_none(tmp_path: Path) -> None:
    cut = tmp_path / "edition.json"
    cut.write_text('{"format": "gradmark/edition/1", "rub')

    with pytest.raises(UsageFault, match="is no student's edition: Invalid JSON"):
        Judge(cut)


def test_a_right_notebook_passes(write_notebook: WriteNotebook) -> None:
    told: list[str] = []

    checked = check_notebook(write_notebook(RIGHT), LINEAR, progress=told.append)

    assert outcomes(checked.result) == {"line": "correct", "residuals": "correct"}
    assert checked.result.passes
    assert checked.result.notebook == "line.ipynb"
    assert checked.grade is not None
    assert (checked.grade.points, checked.grade.max_points) == (6, 6)
    assert told == ["running line.ipynb", "looking at its answers"]


def test_a_mistake_is_named(write_notebook: WriteNotebook) -> None:
    checked = check_notebook(write_notebook(ORIGIN), Judge(LINEAR))

    line = checked.result.checks[0]
    assert (line.outcome, line.explained_by) == ("partial", ("through origin",))
    assert not checked.result.passes


def test_what_lies_beside_a_notebook_is_there_for_it(write_notebook: WriteNotebook) -> None:
    path = write_notebook([DATA, "from mine import fit\nline = fit(t, u)\nprint(line)"])
    (path.parent / "mine.py").write_text(
        "import numpy as np\ndef fit(t, u):\n    return np.polyfit(t, u, 1)\n"
    )

    checked = check_notebook(path, LINEAR)

    assert outcomes(checked.result)["line"] == "correct"


def test_the_answers_are_not_there_for_it(write_notebook: WriteNotebook) -> None:
    path = write_notebook(["import linear\nline = linear.line(linear.GIVEN)['line']\nprint(line)"])
    for file in ("linear.toml", "linear.py", "linear_solution.py"):
        shutil.copy(LINEAR.parent / file, path.parent)

    checked = check_notebook(path, path.parent / "linear.toml")

    assert outcomes(checked.result)["line"] == "missing"
    assert "ModuleNotFoundError" in checked.result.checks[0].sentence


def test_a_notebook_that_loops_is_told_in_its_sentences(
    write_notebook: WriteNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = Judge(LINEAR)
    limits = judge.rubric.limits.model_copy(update={"cell_seconds": 1.0})
    judge.rubric = judge.rubric.model_copy(update={"limits": limits})

    checked = check_notebook(write_notebook([DATA, "while True:\n    pass"]), judge)

    assert not checked.result.fault
    assert "did not finish within 1 second" in checked.result.checks[0].sentence


def test_a_kernel_that_dies_is_told_in_its_sentences(write_notebook: WriteNotebook) -> None:
    checked = check_notebook(write_notebook([DATA, "import os\nos._exit(1)"]), LINEAR)

    assert "cell 2 ended the kernel" in checked.result.checks[0].sentence


def test_a_file_that_is_no_notebook_is_a_fault_of_the_submission(tmp_path: Path) -> None:
    path = tmp_path / "cut.ipynb"
    path.write_text('{"cells": [')

    result = check_notebook(path, LINEAR).result

    assert result.fault_of == "submission"
    assert "cut.ipynb" in result.fault
    assert not result.passes


def test_no_notebook_is_a_fault_of_use(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="there is no notebook"):
        check_notebook(tmp_path / "none.ipynb", LINEAR)


def test_data_nobody_supplied_are_a_fault_of_use(
    write_notebook: WriteNotebook, tmp_path: Path
) -> None:
    with pytest.raises(UsageFault, match="no data"):
        check_notebook(write_notebook(RIGHT), LINEAR, supply={"mnist": tmp_path})


def test_where_files_are_too_many_the_result_says_so(
    write_notebook: WriteNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.checking.surroundings.FILES_LIMIT", 0)

    result = check_notebook(write_notebook(RIGHT), LINEAR).result

    assert TOO_MUCH in result.notes
    assert result.passes


def test_a_students_edition_is_checked_with_and_tells_no_grade(
    write_notebook: WriteNotebook, tmp_path: Path
) -> None:
    publish(LINEAR, tmp_path / "edition")

    right = check_notebook(write_notebook(RIGHT), tmp_path / "edition")

    assert right.grade is None
    assert right.result.assignment == "linear"
    assert not any(check.fails for check in right.result.checks)


def test_a_students_edition_may_lie_beside_the_notebook(
    write_notebook: WriteNotebook, tmp_path: Path
) -> None:
    publish(LINEAR, tmp_path / "edition")
    beside = tmp_path / "edition" / "nb.ipynb"
    beside.write_bytes(write_notebook(RIGHT).read_bytes())

    checked = check_notebook(beside, tmp_path / "edition")

    assert not checked.result.fault
    assert not any(check.fails for check in checked.result.checks)


def test_a_judge_knows_the_questions_by_id() -> None:
    assert Judge(LINEAR).questions == ("line", "residuals")


def test_a_recording_the_grader_failed_to_make_is_its_own_fault() -> None:
    lost = recording(value("line", [1.0]), fault="The process died.")
    ours = type(lost)(submission="a", file="a.ipynb", key="", fault="The process died.")

    judge = Judge(LINEAR)

    assert judge.result(lost, "a.ipynb").fault_of == "submission"
    assert judge.result(ours, "a.ipynb").fault_of == "grader"
