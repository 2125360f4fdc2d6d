"""Second runs with other constants: made once, made up for, and never at the first one's cost."""

from pathlib import Path

import nbformat
import pytest

from grader.batch import record, record_class
from grader.batch.perturbing import NOT_FOUND, changes_asked
from grader.batch.recorder import FAILED_AGAIN
from grader.faults import UsageFault
from grader.intake.perturbation import Changes
from grader.recording.model import Recording
from grader.recording.store import load
from grader.recording.workspace import perturbed_path, recording_path
from grader.rubric.reference import Reference, open_rubric
from tests.batch.desks import trail_of
from tests.batch.in_process import in_this_process
from tests.batch.perturbed_recorders import TestedAgainDesk

RUBRIC, REFERENCE = open_rubric(
    Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"
)
CHANGES = changes_asked(RUBRIC, REFERENCE, asked=True)
GIVEN, CHANGED = "t = [0, 1, 2, 3]", "t = [0, 1, 3, 4]"

pytestmark = pytest.mark.usefixtures("temporary")


@pytest.fixture(autouse=True)
def tested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running costs nothing here."""
    monkeypatch.setattr(record, "RecordingDesk", TestedAgainDesk)
    monkeypatch.setattr(record, "in_parallel", in_this_process)


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    (tmp_path / "class").mkdir()
    for name in ("student-1", "student-2"):
        hand_in(tmp_path / "class", name)
    return tmp_path / "class"


def hand_in(folder: Path, name: str, does: str = "", last: str = GIVEN) -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"# {name} {does}\n{last}")])
    nbformat.write(book, folder / f"{name}.ipynb")


def ran(tmp_path: Path, name: str) -> list[str]:
    return trail_of(tmp_path / "trail", name)


def first(tmp_path: Path, name: str) -> Recording:
    return load(recording_path(tmp_path / "w", name))


def second(tmp_path: Path, name: str) -> Recording:
    return load(perturbed_path(tmp_path / "w", name))


def test_every_notebook_runs_twice_and_both_recordings_are_kept(
    submissions: Path, tmp_path: Path
) -> None:
    record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)

    assert ran(tmp_path, "student-1") == ran(tmp_path, "student-2") == [GIVEN, CHANGED]
    assert GIVEN in first(tmp_path, "student-1").handed_in.cells[0].source
    assert CHANGED in second(tmp_path, "student-1").handed_in.cells[0].source


def test_without_being_asked_nothing_runs_twice(submissions: Path, tmp_path: Path) -> None:
    record_class(RUBRIC, submissions, tmp_path / "w")

    assert ran(tmp_path, "student-1") == [GIVEN]
    assert not perturbed_path(tmp_path / "w", "student-1").exists()


def test_what_did_not_change_is_not_run_again(submissions: Path, tmp_path: Path) -> None:
    record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)

    again = record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)

    assert (again.run, ran(tmp_path, "student-1")) == ((), [GIVEN, CHANGED])


def test_a_second_run_is_made_up_for_alone(submissions: Path, tmp_path: Path) -> None:
    record_class(RUBRIC, submissions, tmp_path / "w")
    record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)
    perturbed_path(tmp_path / "w", "student-1").unlink()

    record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)

    assert ran(tmp_path, "student-1") == [GIVEN, CHANGED, CHANGED]
    assert ran(tmp_path, "student-2") == [GIVEN, CHANGED]


def test_other_changes_and_a_changed_notebook_run_again(submissions: Path, tmp_path: Path) -> None:
    record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)
    only_t: Changes = {"t": CHANGES["t"]}
    record_class(RUBRIC, submissions, tmp_path / "w", changes=only_t)
    hand_in(submissions, "student-2", "better")

    record_class(RUBRIC, submissions, tmp_path / "w", changes=only_t)

    assert ran(tmp_path, "student-1") == [GIVEN, CHANGED, CHANGED]
    assert ran(tmp_path, "student-2") == [GIVEN, CHANGED, CHANGED, GIVEN, CHANGED]


def test_where_no_constant_is_found_nothing_runs_and_that_is_noted(
    submissions: Path, tmp_path: Path
) -> None:
    hand_in(submissions, "student-2", last="t = read()")

    for _ in range(2):
        record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)

    assert (second(tmp_path, "student-2").fault, first(tmp_path, "student-2").fault) == (
        NOT_FOUND,
        "",
    )
    assert ran(tmp_path, "student-2") == ["t = read()"]


def test_a_file_that_cannot_be_read_costs_only_itself(submissions: Path, tmp_path: Path) -> None:
    (submissions / "student-2.ipynb").write_text("{")

    recorded = record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)

    assert recorded.faults == ()
    assert second(tmp_path, "student-2").fault == first(tmp_path, "student-2").fault != ""


def test_a_second_run_that_fails_leaves_the_first_and_is_tried_again(
    submissions: Path, tmp_path: Path, logged: list[str]
) -> None:
    (tmp_path / "trail").mkdir()
    (tmp_path / "trail" / "broken").touch()
    hand_in(submissions, "student-2", "breaks")

    recorded = record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)

    assert (recorded.faults, first(tmp_path, "student-2").fault) == ((), "")
    assert second(tmp_path, "student-2").fault == FAILED_AGAIN
    assert any("student-2 not run with other constants: no kernel" in line for line in logged)
    (tmp_path / "trail" / "broken").unlink()
    record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)
    assert second(tmp_path, "student-2").fault == ""
    assert ran(tmp_path, "student-2") == [GIVEN, CHANGED, CHANGED]


def test_a_second_run_that_kills_its_worker_leaves_the_first(
    submissions: Path, tmp_path: Path
) -> None:
    hand_in(submissions, "student-2", "kills")

    record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES, jobs=2)

    assert (first(tmp_path, "student-2").fault, first(tmp_path, "student-1").fault) == ("", "")
    assert second(tmp_path, "student-2").fault == FAILED_AGAIN
    assert second(tmp_path, "student-1").fault == ""


def test_a_batch_that_is_stopped_goes_on_with_what_is_missing(
    submissions: Path, tmp_path: Path
) -> None:
    def stop(done: int, total: int, submission: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES, progress=stop)
    record_class(RUBRIC, submissions, tmp_path / "w", changes=CHANGES)

    assert ran(tmp_path, "student-1") == [GIVEN, CHANGED]
    assert second(tmp_path, "student-2").fault == ""


def test_numbers_to_change_to_are_needed() -> None:
    bare = Reference(REFERENCE.name, REFERENCE.given, REFERENCE.functions)

    with pytest.raises(UsageFault, match=r"^--perturb needs the dict PERTURBED of other values"):
        changes_asked(RUBRIC, bare, asked=True)

    assert changes_asked(RUBRIC, bare, asked=False) == {}
    asking = RUBRIC.model_copy(update={"perturb": True})
    assert list(changes_asked(asking, REFERENCE, asked=False)) == ["t", "u"]
