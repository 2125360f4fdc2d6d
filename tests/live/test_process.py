"""A judge that dies is started again; one that is late or never comes is told of."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from grader.live import check as checking
from grader.live import process
from grader.live.check import DIED, LATE, NO_PROCESS, check
from grader.live.process import KEPT, JudgeDied, JudgeLate, JudgeProcess
from tests.live.kernels import ended_within

DIES = "import sys; sys.stdin.buffer.read(20)"
SLEEPS = "import sys, time; sys.stdin.buffer.read(20); time.sleep(600)"


@pytest.fixture(autouse=True)
def no_judge() -> Iterator[None]:
    KEPT.end()
    yield
    KEPT.end()


def test_a_judge_that_dies_twice_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "START", DIES)

    assert repr(check()) == DIED


def test_a_judge_that_is_late_is_ended_and_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "START", SLEEPS)
    monkeypatch.setattr(checking, "SECONDS", 0.2)
    judge = KEPT.ready()

    said = repr(check())

    assert said == LATE
    assert not judge.alive


def test_where_no_process_can_be_started_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("not here")

    monkeypatch.setattr(subprocess, "Popen", refuse)

    assert repr(check()) == NO_PROCESS


def test_a_judge_ends_when_nobody_can_ask_it_any_more() -> None:
    code = "from grader.live.process import JudgeProcess; print(JudgeProcess().pid)"
    run = subprocess.run(  # noqa: PLW1510
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60
    )

    pid = int(run.stdout)

    assert ended_within(pid, 60)


def test_the_judge_is_not_steered_by_variables_of_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PYTHONINSPECT", "1")
    monkeypatch.setattr(process, "START", "import os, sys; assert 'PYTHONPATH' not in os.environ")
    judge = JudgeProcess()

    with pytest.raises(JudgeDied):
        judge.ask({}, b"", 60)


def test_an_answer_that_does_not_come_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "START", "import time; time.sleep(600)")
    judge = JudgeProcess()

    with pytest.raises(JudgeLate):
        judge.ask({}, b"x" * 2**22, 0.2)  # more than a pipe holds
    judge.end()

    assert not judge.alive


def test_questions_that_are_no_text_are_told_of() -> None:
    assert "named by text" in repr(check(3))  # type: ignore[arg-type]
