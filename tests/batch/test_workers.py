"""Tasks shared out among processes that die, refuse, and are told to stop."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from grader.batch.workers import LOST, in_parallel
from grader.faults import UsageFault
from tests.batch.conftest import comes_true, processes_of
from tests.batch.desks import ToyDesk, trail_of

pytestmark = pytest.mark.usefixtures("temporary")


def done(trail: Path, *tasks: str, jobs: int = 2, opening: str = "") -> dict[str, object]:
    desk = partial(ToyDesk, trail, opening)
    with closing(in_parallel(desk, tasks, jobs=jobs, named=str)) as results:
        return dict(results)


@pytest.mark.parametrize("jobs", [1, 3])
def test_every_task_is_done_once_at_desks_opened_once(tmp_path: Path, jobs: int) -> None:
    tasks = [f"task-{number}" for number in range(7)]

    results = done(tmp_path / "trail", *tasks, jobs=jobs)

    trail = {name: len(trail_of(tmp_path / "trail", name)) for name in ("opened", "closed")}
    assert results == {task: task.upper() for task in tasks}
    assert trail == {"opened": jobs, "closed": jobs}
    assert len(trail_of(tmp_path / "trail", "begun")) == len(tasks)


def test_there_is_no_worker_without_a_task(tmp_path: Path) -> None:
    assert done(tmp_path / "trail") == {}
    assert done(tmp_path / "trail", "a", jobs=8) == {"a": "A"}
    assert len(trail_of(tmp_path / "trail", "opened")) == 1


def test_no_more_tasks_are_handed_out_than_there_are_workers(tmp_path: Path) -> None:
    tasks = [f"task-{number}" for number in range(40)]
    ahead = []
    with closing(
        in_parallel(partial(ToyDesk, tmp_path / "trail"), tasks, jobs=2, named=str)
    ) as results:
        for finished, _ in enumerate(results, start=1):
            ahead.append(len(trail_of(tmp_path / "trail", "begun")) - finished)

    assert len(ahead) == 40
    assert max(ahead) <= 2


def test_a_worker_that_dies_costs_the_others_nothing(tmp_path: Path, logged: list[str]) -> None:
    results = done(tmp_path / "trail", "a", "once-b", "c", "d")

    attempts = [len(trail_of(tmp_path / "trail", name)) for name in ("a", "once-b", "c", "d")]
    assert results == {"a": "A", "c": "C", "d": "D", "once-b": "ONCE-B"}
    assert attempts == [1, 2, 1, 1]
    assert logged == ["once-b: its worker process died; it is tried again"]


def test_a_task_that_kills_twice_is_given_up(tmp_path: Path) -> None:
    results = done(tmp_path / "trail", "dies-a", "b", "dies-c", "d", "e")

    attempts = [len(trail_of(tmp_path / "trail", name)) for name in ("dies-a", "dies-c", "e")]
    assert results == {"b": "B", "d": "D", "e": "E", "dies-a": LOST, "dies-c": LOST}
    assert attempts == [2, 2, 1]


def test_a_death_is_noticed_though_a_forked_process_lives_on(
    tmp_path: Path, temporary: Path
) -> None:
    results = done(tmp_path / "trail", "dies-forked", "b")

    assert results == {"b": "B", "dies-forked": LOST}
    assert processes_of(temporary) == []


def test_what_is_tried_again_is_alone(tmp_path: Path) -> None:
    results = list(done(tmp_path / "trail", "dies-a", "dies-b", "c", "d", jobs=4))

    assert results[:2] in (["c", "d"], ["d", "c"])


def test_an_unforeseen_exception_ends_one_worker_and_is_logged(
    tmp_path: Path, logged: list[str]
) -> None:
    results = done(tmp_path / "trail", "raises-a", "b")

    assert results == {"b": "B", "raises-a": LOST}
    assert any("what nobody thought of" in line and "Traceback" in line for line in logged)


def test_a_refusal_ends_the_batch_with_its_sentence(tmp_path: Path, temporary: Path) -> None:
    with pytest.raises(UsageFault, match="the disk is full"):
        done(tmp_path / "trail", "waits-a", "refuses-b", "c")

    assert processes_of(temporary) == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("opening", "sentence"),
    [
        ("dies", "worker processes end as soon as they are started"),
        ("raises", "worker processes end as soon as they are started"),
        ("refuses", "the disk is full"),
    ],
)
def test_desks_that_do_not_open_end_the_batch(tmp_path: Path, opening: str, sentence: str) -> None:
    with pytest.raises(UsageFault, match=sentence):
        done(tmp_path / "trail", "a", "b", opening=opening)


def test_no_jobs_are_too_few(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match="at least 1; found 0"):
        done(tmp_path / "trail", "a", jobs=0)


def test_closing_breaks_off_what_is_being_done(tmp_path: Path, temporary: Path) -> None:
    tasks = ["a", "waits-b", "waits-c"]
    desk = partial(ToyDesk, tmp_path / "trail")
    with closing(in_parallel(desk, tasks, jobs=2, named=str)) as results:
        next(results)

    assert len(trail_of(tmp_path / "trail", "closed")) == 2
    assert (processes_of(temporary), list(temporary.iterdir())) == ([], [])


def test_a_worker_told_to_end_closes_its_desk(tmp_path: Path) -> None:
    results = done(tmp_path / "trail", "ended-a", "b", jobs=1)

    assert results == {"b": "B", "ended-a": LOST}
    trail = [len(trail_of(tmp_path / "trail", name)) for name in ("opened", "closed")]
    assert trail[0] == trail[1] == 3


def test_temporary_files_of_a_dead_worker_are_removed(tmp_path: Path, temporary: Path) -> None:
    done(tmp_path / "trail", "litters-a", "b")

    assert list(temporary.iterdir()) == []


def test_workers_of_a_killed_batch_end_in_order(tmp_path: Path, temporary: Path) -> None:
    code = """
import sys
from functools import partial
from pathlib import Path
from grader.batch.workers import in_parallel
from tests.batch.desks import ToyDesk
desk = partial(ToyDesk, Path(sys.argv[1]))
list(in_parallel(desk, ["waits-a", "waits-b"], jobs=2, named=str))
"""
    batch = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "trail")],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    trail = tmp_path / "trail"

    assert comes_true(lambda: len(trail_of(trail, "begun")) == 2)
    batch.send_signal(signal.SIGKILL)
    batch.wait()

    assert comes_true(lambda: processes_of(temporary) == [])
    assert len(trail_of(trail, "closed")) == 2
    assert done(trail, "c") == {"c": "C"}
    assert list(temporary.iterdir()) == []
