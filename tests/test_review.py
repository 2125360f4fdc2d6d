"""Reviewing from the command line: on a class of the tests' own assignment with an essay."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader import review_commands
from grader.batch import deciding, score
from grader.recording.model import Recording
from grader.recording.store import save
from grader.recording.workspace import ClassList, recording_path, save_class
from tests.batch.in_process import in_this_process
from tests.conftest import Run
from tests.recordings import recording, value

FOLDER = Path(__file__).parent / "assignments" / "essay"
ESSAY = FOLDER / "essay.toml"
PROMPT = b"q, ?] "
HEADING = "# 2. Written answer"
ANSWERS = {"ada": "It tells the middle.", "bob": "", "eve": "Not the spread."}


def run_of(name: str, answer: str, mean: float = 4.09475) -> Recording:
    made = recording(value("mean", mean), sources=["mean = u.mean()"])
    texts = [HEADING, answer] if answer else [HEADING]
    cells = [*made.handed_in.cells, *map(nbformat.v4.new_markdown_cell, texts)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    return Recording(
        submission=name,
        file=f"{name}.ipynb",
        key="k",
        cells=made.cells,
        values=made.values,
        handed_in=notebook,
        executed=notebook,
    )


def keep(out: Path, name: str, *more: Any, **other: Any) -> None:
    save(run_of(name, *more, **other), recording_path(out / "workspace", name))


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "slow" not in request.keywords:
        monkeypatch.setattr(score, "in_parallel", in_this_process)
        monkeypatch.setattr(deciding, "in_parallel", in_this_process)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    for name, answer in ANSWERS.items():
        keep(tmp_path, name, answer)
    save_class(ClassList("essay", tuple(ANSWERS)), tmp_path / "workspace")
    return tmp_path


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make what a person types at the dialogue."""

    def typing(*lines: str) -> None:
        waiting: Iterator[str] = iter(lines)

        def ask(screen: object, prompt: str) -> str:
            try:
                return next(waiting)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr(review_commands.Screen, "ask", ask)
        monkeypatch.setattr(sys.stdin, "isatty", lambda: True)

    return typing


def graded(out: Path) -> dict[str, tuple[float, str]]:
    grades = json.loads((out / "grades.json").read_text())["submissions"]
    return {entry["id"]: (entry["points"], entry["status"]) for entry in grades}


def page(out: Path, name: str) -> str:
    text = (out / "students" / f"{name}.html").read_text()
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


def rescore(run: Run, out: Path) -> None:
    code, _, err = run("score", ESSAY, out / "workspace", "--out", out, "--jobs", 1)
    assert (code, err) == (0, err)


def test_what_is_written_waits_and_nothing_written_does_not(run: Run, out: Path) -> None:
    rescore(run, out)

    assert graded(out) == {
        "ada": (4, "needs_review"),
        "bob": (4, "graded"),
        "eve": (4, "needs_review"),
    }
    assert "nothing is written yet" in page(out, "bob")
    assert "It tells the middle." in page(out, "ada")
    assert "2 answers wait for a person" in re.sub(r"\s+", " ", (out / "index.html").read_text())


def test_a_review_writes_grades_and_reports_anew(
    run: Run, out: Path, typed: Callable[..., None]
) -> None:
    typed("f", "1 No example.", "n", "f")

    code, shown, _ = run("review", ESSAY, out, "--jobs", 1, "--as", "Prof. T")

    assert code == 0
    assert "0 answers still open" in shown
    assert graded(out) == {"ada": (7, "graded"), "bob": (4, "graded"), "eve": (8, "graded")}
    assert "No example." in page(out, "ada")
    assert "Read by your teacher: 3 of 6 points" in page(out, "ada")
    assert "why,why" not in (out / "grades.csv").read_text("utf-8-sig")
    assert ",why,," in (out / "grades.csv").read_text("utf-8-sig")


def test_decisions_survive_scoring_and_a_changed_answer_asks_again(
    run: Run, out: Path, typed: Callable[..., None]
) -> None:
    typed("f", "f", "f", "f")
    run("review", ESSAY, out, "--jobs", 1)
    decided = (out / "decisions.json").read_bytes()
    keep(out, "eve", "Something else.")

    rescore(run, out)

    assert graded(out)["ada"] == (10, "graded")
    assert graded(out)["eve"] == (4, "needs_review")
    assert (out / "decisions.json").read_bytes() == decided
    _, shown, _ = run("review", ESSAY, out, "--jobs", 1, "--list")
    assert "eve why.tells what the mean tells" in " ".join(shown.split())
    assert "about something that has changed since: 2 points" in shown
    assert "1 answer, 2 decisions to make" in shown


@pytest.mark.slow
def test_an_overruled_verdict_survives_scoring_until_the_grader_says_something_else(
    run: Run, out: Path
) -> None:
    keep(out, "ada", "It tells the middle.", 2.5)
    code, shown, _ = run(
        "review", ESSAY, out, "--set", "ada", "mean", "3", "--reason", "A slip of the pen."
    )
    assert code == 0
    assert "grader score" in shown

    rescore(run, out)
    before = graded(out)["ada"], page(out, "ada")
    keep(out, "ada", "It tells the middle.")
    rescore(run, out)

    assert before[0] == (3, "needs_review")
    assert "Set to 3 of 4 by your teacher: A slip of the pen." in before[1]
    assert graded(out)["ada"] == (4, "needs_review")
    assert "slip" not in page(out, "ada")


def test_scripts_decide_criteria_comment_and_undo(run: Run, out: Path) -> None:
    run("review", ESSAY, out, "--set", "ada", "why.tells", "2")
    run("review", ESSAY, out, "--set", "ada", "why.hides", "2,5")
    run("review", ESSAY, out, "--comment", "ada", "why", "Read chapter 2.")
    rescore(run, out)
    assert graded(out)["ada"] == (8.5, "graded")
    assert "Your teacher adds: Read chapter 2." in page(out, "ada")

    run("review", ESSAY, out, "--undo", "ada", "why.hides")
    rescore(run, out)

    assert graded(out)["ada"] == (6, "needs_review")


def test_decisions_can_be_kept_elsewhere(run: Run, out: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept" / "mine.json"
    decide = ("--set", "bob", "why", "1", "--reason", "Oral.")
    _, shown, _ = run("review", ESSAY, out, "--decisions", kept, *decide)

    run("score", ESSAY, out / "workspace", "--out", out, "--jobs", 1, "--decisions", kept)

    assert f"--decisions {kept}" in "".join(shown.split("\n"))
    assert not (out / "decisions.json").exists()
    assert graded(out)["bob"] == (5, "graded")


def test_a_damaged_file_of_decisions_stops_everything_and_stays(run: Run, out: Path) -> None:
    path = out / "decisions.json"
    path.write_text('{"format": "gradmark/decisions/1", "decis')

    for command in (
        ["score", ESSAY, out / "workspace", "--out", out],
        ["run", ESSAY, out / "nowhere", "--out", out],
        ["review", ESSAY, out, "--list"],
        ["review", ESSAY, out, "--set", "ada", "why", "1", "--reason", "x"],
    ):
        code, _, err = run(*command)
        assert code == 2
        assert f"{path} is damaged, and is not written over" in err

    assert path.read_text().endswith("decis")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "a dialogue needs a terminal"),
        (["--list", "--only", "adah"], 'no submission "adah"; did you mean "ada"'),
        (["--list", "--question", "wy"], 'no question "wy"; did you mean "why"'),
        (["--set", "ada", "why.tels", "1"], 'no criterion "tels"'),
        (["--set", "ada", "why.tells", "3"], "points from 0 to 2"),
        (["--set", "ada", "why.tells", "nan"], "points from 0 to 2"),
        (["--set", "ada", "why", "3"], "needs a --reason"),
        (["--comment", "ada", "why", " "], "needs words"),
        (["--undo", "ada", "why"], 'nothing is decided about "why" of "ada"'),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    run: Run, out: Path, arguments: list[str], says: str
) -> None:
    code, _, err = run("review", ESSAY, out, "--jobs", 1, *arguments)

    assert code == 2
    assert says in err
    assert len(err.strip().splitlines()) == 1
    assert not (out / "decisions.json").exists()


@pytest.mark.proof
def test_a_review_killed_in_between_keeps_what_was_decided(run: Run, out: Path) -> None:
    ours, theirs = pty.openpty()
    begin = "from grader.cli import main; main()"
    command = [sys.executable, "-c", begin, "review", str(ESSAY), str(out), "--jobs", "1"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        for line in (b"2\n", b"1.5 No example.\n", b""):
            until_asked(ours)
            os.write(ours, line)
        process.kill()
    os.close(theirs)
    os.close(ours)

    rescore(run, out)

    assert graded(out)["ada"] == (7.5, "graded")
    assert graded(out)["eve"] == (4, "needs_review")


def until_asked(terminal: int) -> None:
    shown = b""
    while not shown.endswith(PROMPT):
        shown += os.read(terminal, 4096)
        shown = re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]", b"", shown)


def test_where_nothing_waits_the_review_ends(
    run: Run, out: Path, typed: Callable[..., None]
) -> None:
    typed()

    code, shown, _ = run("review", ESSAY, out, "--jobs", 1, "--only", "bob")

    assert code == 0
    assert "Nothing needs a person" in shown


def test_a_folder_without_reports_is_one_sentence(run: Run, tmp_path: Path) -> None:
    code, _, err = run("review", ESSAY, tmp_path / "nowhere")

    assert code == 2
    assert "is no folder of reports" in err
