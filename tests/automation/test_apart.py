"""What becomes of processes, tried on checkers that misbehave in a way of their own each."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from grader.automation.apart import Apart, check_apart
from grader.automation.target import Target

ANSWER = {"result": {"assignment": "a", "title": "A", "notebook": "n.ipynb"}, "page": "p"}
SEND = f"import os, sys\nos.write(int(sys.argv[-1]), {json.dumps(ANSWER).encode()!r})\n"


def check(checker: str, *, longest: float = 30, **environment: str) -> Apart:
    target = Target(Path("n.ipynb"), "hw1")
    given = {"PATH": os.environ["PATH"]} | environment
    return check_apart(target, given, longest=longest, checker=(sys.executable, "-c", checker))


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_what_is_sent_is_the_answer() -> None:
    apart = check(SEND)

    assert apart.answer.result.title == "A"
    assert apart.answer.page == "p"
    assert apart.said == ""


def test_nothing_a_checker_prints_is_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    forged = "::notice title=Autograding complete::Points 100/100"

    check(f"print({forged!r}, flush=True)\n{SEND}")

    assert capfd.readouterr() == ("", "")


def test_the_workflow_is_unknown_to_the_checker() -> None:
    tell = "import os\nprint(sorted(os.environ))\nraise SystemExit(1)"

    said = check(tell, GITHUB_OUTPUT="/o", ACTIONS_RUNTIME_TOKEN="t", MY_TOKEN="t").said

    assert "PATH" in said
    assert not any(name in said for name in ("GITHUB", "ACTIONS", "TOKEN"))


@pytest.mark.parametrize(
    "sent", ["", "{}", '{"result": {"title": 1}}', "not json", '{"result": null, "page": ""}']
)
def test_what_is_no_answer_is_a_fault_of_the_graders_not_a_mark(sent: str) -> None:
    send = f"import os, sys\nos.write(int(sys.argv[-1]), {sent.encode()!r})\nprint('why')\n"

    apart = check(send)

    assert apart.answer.result.fault_of == "grader"
    assert apart.answer.result.max_points == 0
    assert apart.said.strip() == "why"


def test_a_checker_that_does_not_end_is_ended_and_is_no_answer_whatever_it_sent() -> None:
    apart = check(f"{SEND}\nimport time\ntime.sleep(600)\n", longest=1.5)

    assert apart.answer.result.fault_of == "grader"
    assert "minutes" in apart.answer.result.fault


DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        if {bare}:
            pid = os.getpid()
            open({file!r}, "w").write(str(pid))
            os.execve("/bin/sleep", ["sleep", "600"], {{}})
        open({file!r}, "w").write(str(os.getpid()))
        time.sleep(600)
    os._exit(0)
os.wait()
while not os.path.exists({file!r}) or not open({file!r}).read():
    time.sleep(0.01)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="daemons are found on Linux only")
@pytest.mark.parametrize("bare", [False, True], ids=["daemon", "daemon without environment"])
def test_a_daemon_does_not_outlive_its_checker(tmp_path: Path, bare: bool) -> None:
    file = tmp_path / "pid"

    apart = check(DAEMON.format(file=str(file), bare=bare) + SEND)

    assert apart.answer.result.title == "A"
    time.sleep(0.05)
    assert not is_alive(int(file.read_text()))


def test_a_child_that_was_there_before_is_left_alone() -> None:
    other = os.spawnv(os.P_NOWAIT, "/bin/sleep", ["sleep", "600"])

    check(SEND)

    try:
        assert is_alive(other)
    finally:
        os.kill(other, 9)
        os.waitpid(other, 0)


def test_nothing_of_the_checkers_folder_is_left() -> None:
    tell = "import os\nprint(os.environ['TMPDIR'])\nopen('left', 'w').close()\nraise SystemExit"

    folder = Path(check(tell).said.strip())

    assert folder.name.startswith("gradmark-apart-")
    assert not folder.exists()
