"""The command line, used as a person does: on a class of the tests' own tiny assignment."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from grader import cli
from grader.batch import record, record_class, score, score_class
from grader.execution.isolation import Isolation
from grader.rubric.read import read_rubric
from tests.batch.in_process import in_this_process
from tests.batch.tiny import TinyDesk
from tests.conftest import Run

LINEAR = Path(__file__).parent / "assignments" / "linear" / "linear.toml"
DATA = "import numpy as np\nt = np.arange(4.0)\nu = np.array([1.137, 2.941, 5.218, 7.083])"
SOURCES = {
    "right": [DATA, "line = np.polyfit(t, u, 1)\nprint(line)", "u - np.polyval(line, t)"],
    "origin": [DATA, "slope = (t @ u) / (t @ t)\nprint(np.array([slope, 0.0]))"],
    "broken": [DATA, "line = np.polyfit(t, v, 1)", "residuals = u - np.polyval(line, t)"],
}


def write_notebook(path: Path, sources: list[str]) -> None:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    """No notebook here needs torch, and no scoring a process of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record, "RecordingDesk", TinyDesk)
        patch.setattr(score, "in_parallel", in_this_process)
        yield


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class")
    for name, sources in SOURCES.items():
        write_notebook(folder / f"{name}.ipynb", sources)
    (folder / "cut.ipynb").write_text('{"cells": [')
    return folder


@pytest.fixture(scope="module")
def graded(submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class, graded once."""
    out = tmp_path_factory.mktemp("reports")
    record_class(read_rubric(LINEAR), submissions, out / "workspace")
    score_class(LINEAR, out / "workspace", out)
    return out


def test_a_class_is_graded_and_summed_up(graded: Path) -> None:
    grades = json.loads((graded / "grades.json").read_text())

    assert {s["id"]: (s["points"], s["status"]) for s in grades["submissions"]} == {
        "broken": (0, "graded"),
        "cut": (0, "ungraded"),
        "origin": (2, "graded"),
        "right": (6, "graded"),
    }
    assert (graded / "index.html").exists()
    assert len(list((graded / "students").glob("*.html"))) == 4


def test_what_did_not_change_is_not_run_again(run: Run, submissions: Path, graded: Path) -> None:
    before = recordings(graded)

    code, out, _ = run("run", LINEAR, submissions, "--out", graded, "--jobs", 1)

    assert (code, recordings(graded)) == (0, before)
    assert "0 run, 4 unchanged since they last ran" in out
    assert "4 submissions: 3 graded, 0 need a person, 1 could not be read" in out


def test_a_changed_rubric_needs_no_notebook_to_run(run: Run, graded: Path, tmp_path: Path) -> None:
    before = recordings(graded)
    changed = LINEAR.read_text().replace(
        'worth = 0.5\nsays = "Your line', 'worth = 0.25\nsays = "Your line'
    )
    (tmp_path / "linear.toml").write_text(changed)
    (tmp_path / "linear.py").write_text((LINEAR.parent / "linear.py").read_text())

    handed = [tmp_path / "linear.toml", graded / "workspace", "--out", tmp_path / "r"]
    code, _, _ = run("score", *handed, "--jobs", 1)

    grades = json.loads((tmp_path / "r" / "grades.json").read_text())
    assert (code, recordings(graded)) == (0, before)
    assert {s["id"]: s["points"] for s in grades["submissions"]}["origin"] == 1


def test_recording_alone_grades_nothing(run: Run, submissions: Path, tmp_path: Path) -> None:
    code, out, _ = run("record", LINEAR, submissions, "--out", tmp_path, "--only", "cut")

    assert code == 0
    assert f"Recordings: {tmp_path}" in out
    assert not (tmp_path / "grades.json").exists()
    assert json.loads((tmp_path / "class.json").read_text())["submissions"] == ["cut"]


def test_a_fault_of_ours_is_counted_logged_and_told_by_the_exit_code(
    run: Run, graded: Path, tmp_path: Path
) -> None:
    (tmp_path / "linear.toml").write_text(LINEAR.read_text())
    source = (LINEAR.parent / "linear.py").read_text()
    broken = source.replace(
        "    slope, intercept = line(given)",
        "    1 / (sign != 'reversed')\n    slope, intercept = line(given)",
    )
    (tmp_path / "linear.py").write_text(broken)

    handed = [tmp_path / "linear.toml", graded / "workspace", "--out", tmp_path]
    code, out, err = run("score", *handed, "--jobs", 1)

    assert code == 1
    assert "3 questions ungraded by a fault of the grader" in out
    assert "The grader itself failed on 3 submissions" in err
    assert "ZeroDivisionError" in (tmp_path / "grader.log").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "nowhere.toml", "{class}", "--out", "{out}"], "nowhere.toml"),
        (["run", LINEAR, "{class}/nowhere", "--out", "{out}"], "nowhere"),
        (["run", LINEAR, "{empty}", "--out", "{out}"], "no submissions in"),
        (["run", LINEAR, "{class}", "--out", "{class}/right.ipynb"], "cannot be written"),
        (["run", LINEAR, "{class}", "--out", "{out}", "--only", "nobody"], "nobody"),
        (["run", LINEAR, "{class}", "--out", "{class}"], "results need another one"),
        (["run", LINEAR, "{class}", "--out", "{out}", "--jobs", "0"], "at least 1; found 0"),
        (["score", LINEAR, "{empty}", "--out", "{out}", "--jobs", "-3"], "at least 1; found -3"),
        (["record", LINEAR, "{class}", "--out", "{out}", "--data", "nowhere"], "nowhere"),
        (["run", LINEAR, "{class}", "--out", "{out}", "--data", "{class}"], "the class itself"),
        (["run", "{text}", "{class}", "--out", "{out}"], 'found the text "soon"'),
        (["score", LINEAR, "{empty}", "--out", "{out}"], "holds no recordings"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(
    run: Run, submissions: Path, tmp_path: Path, arguments: list[object], sentence: str
) -> None:
    (tmp_path / "empty").mkdir()
    text = tmp_path / "text.toml"
    text.write_text(LINEAR.read_text().replace("cell_seconds = 20", 'cell_seconds = "soon"'))
    (tmp_path / "linear.py").write_text((LINEAR.parent / "linear.py").read_text())
    places = {"class": submissions, "empty": tmp_path / "empty", "out": tmp_path / "out"}
    places["text"] = text

    code, _, err = run(*(str(argument).format(**places) for argument in arguments))

    assert code == 2
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err
    assert not (submissions / "workspace").exists()


def test_a_reference_that_raises_is_told_before_anything_is_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "linear.toml").write_text(LINEAR.read_text())
    source = (LINEAR.parent / "linear.py").read_text().replace('given["u"]', 'given["v"]')
    (tmp_path / "linear.py").write_text(source)

    for command in (["rubric", "check"], ["run"]):
        more = [tmp_path, "--out", tmp_path / "out"] if command == ["run"] else []
        code, _, err = run(*command, tmp_path / "linear.toml", *more)

        assert code == 2
        assert "the reference raised KeyError: 'v' (linear.py, line" in err
        assert "Traceback" not in err


def test_recordings_of_another_assignment_are_refused(
    run: Run, graded: Path, tmp_path: Path
) -> None:
    code, _, err = run("score", "hw1", graded / "workspace", "--out", tmp_path)

    assert code == 2
    assert 'holds recordings of "linear"' in err


def test_a_report_folder_in_place_of_its_workspace_is_pointed_out(
    run: Run, graded: Path, tmp_path: Path
) -> None:
    code, _, err = run("score", LINEAR, graded, "--out", tmp_path)

    assert code == 2
    assert f"did you mean {graded / 'workspace'}?" in err


def test_isolation_can_be_required(
    run: Run, submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Isolation(False, False, 0, ("no user namespaces",))
    monkeypatch.setattr("grader.batch.record.detect", lambda: bare)

    for command in ("run", "record"):
        code, _, err = run(command, LINEAR, submissions, "--out", tmp_path, "--require-isolation")

        assert code == 2
        assert "reduced: no user namespaces" in err


def test_data_lie_beside_notebooks_run_cold_and_warm(run: Run, tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "u.txt").write_text("1.137 2.941 5.218 7.083")
    reading = 'import numpy as np\nt = np.arange(4.0)\nu = np.loadtxt("u.txt")'
    write_notebook(tmp_path / "class" / "reads.ipynb", [reading, *SOURCES["right"][1:]])
    handed = [LINEAR, tmp_path / "class", "--out", tmp_path / "class" / "out"]

    for more in ([], ["--rerun", "--cold"]):
        code, _, _ = run("run", *handed, "--jobs", 1, "--data", tmp_path / "data", *more)

        grades = json.loads((tmp_path / "class" / "out" / "grades.json").read_text())
        assert code == 0
        assert [(s["id"], s["points"]) for s in grades["submissions"]] == [("reads", 6)]


def test_a_good_rubric_is_said_to_be_one(run: Run) -> None:
    code, out, _ = run("rubric", "check", LINEAR)

    assert (code, out) == (0, f"{LINEAR}: 2 questions, 6 points; no problem found\n")


def test_all_problems_of_a_rubric_are_told_at_once(run: Run, tmp_path: Path) -> None:
    (tmp_path / "linear.py").write_text((LINEAR.parent / "linear.py").read_text())
    wrong = LINEAR.read_text().replace("points = 4", "ponts = 4").replace('["line"]', '["lyne"]')
    (tmp_path / "linear.toml").write_text(wrong)

    code, _, err = run("rubric", "check", tmp_path / "linear.toml")

    assert code == 2
    assert 'did you mean "points"?' in err
    assert 'did you mean "line"?' in err


def test_the_version_is_told() -> None:
    assert re.match(r"gradmark \d", CliRunner().invoke(cli.app, ["--version"]).output)


def test_every_command_has_a_help_text() -> None:
    for command in ("run", "record", "score", "rubric", "rubric check"):
        result = CliRunner().invoke(cli.app, [*command.split(), "--help"])

        assert result.exit_code == 0


def recordings(out: Path) -> dict[str, int]:
    """When each recording was made."""
    made = (out / "workspace" / "recordings").iterdir()
    return {path.name: path.stat().st_mtime_ns for path in made}
