"""A class recorded: kept, resumed, and run again where something changed."""

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader.batch import record, record_class
from grader.execution.isolation import Isolation
from grader.faults import UsageFault
from grader.recording import files
from grader.recording.files import sole_use
from grader.recording.store import load
from grader.recording.workspace import load_class, recording_path
from grader.rubric.model import Rubric
from grader.rubric.read import read_rubric
from tests.batch.desks import trail_of
from tests.batch.in_process import in_this_process
from tests.batch.recorders import TestedRecordingDesk

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"
NAMES = tuple(f"student-{number}" for number in range(1, 7))

pytestmark = pytest.mark.usefixtures("temporary", "tested")


@pytest.fixture
def tested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running costs nothing here."""
    monkeypatch.setattr(record, "RecordingDesk", TestedRecordingDesk)
    monkeypatch.setattr(record, "in_parallel", in_this_process)


@pytest.fixture
def rubric() -> Rubric:
    return read_rubric(LINEAR)


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    for name in NAMES:
        hand_in(folder, name)
    return folder


def hand_in(folder: Path, name: str, does: str = "") -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"# {name} {does}")])
    nbformat.write(book, folder / f"{name}.ipynb")


def ran(workspace: Path) -> dict[str, int]:
    """How often each notebook was run."""
    trail = workspace.parent / "trail"
    names = [path.name for path in sorted(trail.glob("student-*"))]
    return {name: len(trail_of(trail, name)) for name in names}


def test_every_submission_is_run_once(rubric: Rubric, submissions: Path, tmp_path: Path) -> None:
    first = record_class(rubric, submissions, tmp_path / "w", jobs=2)
    second = record_class(rubric, submissions, tmp_path / "w", jobs=2)

    assert (first.run, second.run, second.reused) == (NAMES, (), NAMES)
    assert ran(tmp_path / "w") == dict.fromkeys(NAMES, 1)
    trail = tmp_path / "trail"
    assert len(trail_of(trail, "runners")) == len(trail_of(trail, "closed")) == 2


def test_only_what_changed_is_run_again(rubric: Rubric, submissions: Path, tmp_path: Path) -> None:
    record_class(rubric, submissions, tmp_path / "w")
    hand_in(submissions, "student-3", "better")

    assert record_class(rubric, submissions, tmp_path / "w").run == ("student-3",)


def test_changed_limits_run_everything_again_and_so_does_rerun(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    record_class(rubric, submissions, tmp_path / "w")
    slower = rubric.limits.model_copy(update={"cell_seconds": 21.0})

    changed = record_class(
        rubric.model_copy(update={"limits": slower}), submissions, tmp_path / "w"
    )
    again = record_class(rubric, submissions, tmp_path / "w", rerun=True)

    assert (changed.run, again.run) == (NAMES, NAMES)


def test_running_one_keeps_the_others_in_the_class(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    record_class(rubric, submissions, tmp_path / "w")

    one = record_class(rubric, submissions, tmp_path / "w", only=["student-2"], rerun=True)

    assert one.run == ("student-2",)
    assert load_class(tmp_path / "w").submissions == NAMES


def test_who_left_the_folder_leaves_the_class(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    record_class(rubric, submissions, tmp_path / "w")
    (submissions / "student-5.ipynb").unlink()

    record_class(rubric, submissions, tmp_path / "w")

    assert "student-5" not in load_class(tmp_path / "w").submissions


def test_a_notebook_the_grader_failed_to_run_is_told_and_tried_again(
    rubric: Rubric, submissions: Path, tmp_path: Path, logged: list[str]
) -> None:
    (tmp_path / "trail").mkdir()
    (tmp_path / "trail" / "broken").touch()
    hand_in(submissions, "student-4", "breaks")

    first = record_class(rubric, submissions, tmp_path / "w")
    (tmp_path / "trail" / "broken").unlink()
    second = record_class(rubric, submissions, tmp_path / "w")

    assert (first.faults, second.run, second.faults) == (("student-4",), ("student-4",), ())
    assert any("student-4 could not be run: no kernel" in line for line in logged)
    assert len(trail_of(tmp_path / "trail", "runners")) == 3  # a new one after the fault


def test_a_notebook_that_kills_its_worker_twice_is_a_fault_of_ours_alone(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    hand_in(submissions, "student-2", "kills")

    recorded = record_class(rubric, submissions, tmp_path / "w", jobs=2)

    kept = load(recording_path(tmp_path / "w", "student-2"))
    assert (recorded.run, recorded.faults) == (NAMES, ("student-2",))
    assert (kept.key, kept.fault) == (
        "",
        "The grader's process died each time it ran this notebook.",
    )
    assert ran(tmp_path / "w") == {**dict.fromkeys(NAMES, 1), "student-2": 2}


def test_a_kernel_killed_from_outside_is_no_news_of_the_notebook(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    hand_in(submissions, "student-2", "killed once")

    record_class(rubric, submissions, tmp_path / "w")

    kept = load(recording_path(tmp_path / "w", "student-2"))
    assert [cell.status for cell in kept.cells] == ["ok"]


def test_an_incomplete_recording_is_made_anew(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    hand_in(submissions, "student-1", "cut")

    record_class(rubric, submissions, tmp_path / "w", only=["student-1"])

    kept = load(recording_path(tmp_path / "w", "student-1"))
    assert (kept.incomplete, kept.key) == ((1,), "")


def test_a_batch_that_is_stopped_keeps_what_is_finished(
    rubric: Rubric, submissions: Path, tmp_path: Path, temporary: Path
) -> None:
    def stop(done: int, total: int, submission: str) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        record_class(rubric, submissions, tmp_path / "w", jobs=2, progress=stop)
    rest = record_class(rubric, submissions, tmp_path / "w")

    assert len(rest.reused) >= 3
    assert len(rest.run) + len(rest.reused) == len(NAMES)
    assert list(temporary.iterdir()) == []


def test_a_workspace_of_another_assignment_is_refused(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    record_class(rubric, submissions, tmp_path / "w", only=["student-1"])

    with pytest.raises(UsageFault, match='holds recordings of "linear"'):
        record_class(rubric.model_copy(update={"assignment": "other"}), submissions, tmp_path / "w")


def test_two_batches_do_not_share_a_workspace(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    with (
        sole_use(tmp_path / "w"),
        pytest.raises(UsageFault, match="another grader is at work in"),
    ):
        record_class(rubric, submissions, tmp_path / "w")


def test_drafts_of_a_killed_batch_are_removed(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    drafts = [tmp_path / "w" / ".gradmark-1.tmp", tmp_path / "w" / "recordings" / ".gradmark-2.tmp"]
    drafts[1].parent.mkdir(parents=True)
    for draft in drafts:
        draft.touch()

    record_class(rubric, submissions, tmp_path / "w", only=["student-1"])

    assert not any(draft.exists() for draft in drafts)


def test_results_within_the_class_are_no_students(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    out = submissions / "reports"
    for folder in (out / "workspace", out / "students", submissions / "data"):
        folder.mkdir(parents=True)
        hand_in(folder, "stray")

    record_class(rubric, submissions, out / "workspace", apart=[out], data=submissions / "data")

    assert load_class(out / "workspace").submissions == NAMES


def test_results_do_not_go_between_the_submissions(rubric: Rubric, submissions: Path) -> None:
    with pytest.raises(UsageFault, match="is the folder of the class; results need another one"):
        record_class(rubric, submissions, submissions)


def test_data_for_all_lie_beside_every_notebook_and_a_students_own_files_win(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "a.csv").write_text("ours")
    (data / "b.csv").write_text("ours")
    (submissions / "student-7").mkdir()
    hand_in(submissions / "student-7", "student-7")
    (submissions / "student-7" / "b.csv").write_text("own")

    record_class(rubric, submissions, tmp_path / "w", data=data)

    without = trail_of(tmp_path / "trail", "beside-student-1")
    (both,) = trail_of(tmp_path / "trail", "beside-student-7")
    assert without == ["{'a.csv': 'ours', 'b.csv': 'ours'}"]
    assert "'a.csv': 'ours', 'b.csv': 'own', 'student-7.ipynb'" in both


def test_changed_data_run_everything_again(
    rubric: Rubric, submissions: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.csv").write_text("1")

    runs = [record_class(rubric, submissions, tmp_path / "w", data=tmp_path / "data").run]
    runs += [record_class(rubric, submissions, tmp_path / "w", data=tmp_path / "data").run]
    (tmp_path / "data" / "a.csv").write_text("2")
    runs += [record_class(rubric, submissions, tmp_path / "w", data=tmp_path / "data").run]
    runs += [record_class(rubric, submissions, tmp_path / "w").run]

    assert runs == [NAMES, (), NAMES, NAMES]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("nowhere", "there is no such folder"),
        ("class/student-1.ipynb", "it is a file, not a folder"),
        ("class", "holds the class itself"),
        (".", "holds the class itself"),
    ],
)
def test_data_that_cannot_be_handed_out_are_refused(
    rubric: Rubric, submissions: Path, tmp_path: Path, data: str, sentence: str
) -> None:
    with pytest.raises(UsageFault, match=sentence):
        record_class(rubric, submissions, tmp_path / "w", data=tmp_path / data)


def test_nothing_runs_without_isolation_where_it_is_required(
    rubric: Rubric, submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Isolation(False, False, 0, ("no user namespaces",))
    monkeypatch.setattr(record, "detect", lambda: bare)

    with pytest.raises(UsageFault, match="reduced: no user namespaces"):
        record_class(rubric, submissions, tmp_path / "w", require_isolation=True)

    assert not (tmp_path / "w").exists()


def test_a_disk_too_full_for_the_list_is_one_sentence(
    rubric: Rubric, submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(files.os, "fsync", full)

    with pytest.raises(UsageFault, match=r"class\.json cannot be written: No space left"):
        record_class(rubric, submissions, tmp_path / "w")

    assert list((tmp_path / "w").iterdir()) == []


@pytest.mark.skipif(
    os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("mount"),
    reason="a small disk can be made by root only",
)
def test_a_full_disk_is_one_sentence_and_the_batch_resumes(
    submissions: Path, tmp_path: Path
) -> None:
    (tmp_path / "w").mkdir()
    code = """
import grader.spared
import sys
from pathlib import Path
from grader.batch import record, record_class
from grader.faults import UsageFault
from grader.rubric.read import read_rubric
from tests.batch.recorders import TestedRecordingDesk
record.RecordingDesk = TestedRecordingDesk
try:
    recorded = record_class(read_rubric(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3]))
    print(len(recorded.reused), len(recorded.run))
except UsageFault as fault:
    print(fault)
"""
    script = """
mount -t tmpfs -o size=24k none "$4" && df "$4" >/dev/null || exit 77
"$0" -c "$1" "$2" "$3" "$4"
ls -A "$4"/recordings | wc -l
mount -o remount,size=10m "$4"
"$0" -c "$1" "$2" "$3" "$4"
"""
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, sys.executable, code]
        + [str(path) for path in (LINEAR, submissions, tmp_path / "w")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 77:
        pytest.skip("no disk can be mounted here")

    sentence, kept, rest = done.stdout.splitlines()
    assert "cannot be written: No space left on device" in sentence
    assert 0 < int(kept) < len(NAMES)
    assert rest == f"{kept} {len(NAMES) - int(kept)}"
    assert done.stderr == ""
