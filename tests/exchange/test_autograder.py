import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat.v4 as nb
import pytest
from typer.testing import CliRunner

from grader.automation.gradescope import main
from grader.exchange.autograder import Autograder, autograder_zip
from grader.export_commands import export_app
from grader.faults import UsageFault

EXAMPLE = Path(__file__).parents[2] / "examples" / "gradescope"
ANSWER = """import numpy as np
x, y = np.array([1.0, 3.5]), np.array([2.25, 9.5])
slope = (y[1] - y[0]) / (x[1] - x[0])
"""


@pytest.fixture
def rubric() -> Path:
    return EXAMPLE / "lines.toml"


def exported(rubric: Path | str, tmp_path: Path, *options: str) -> zipfile.ZipFile:
    out = tmp_path / "autograder.zip"
    done = CliRunner().invoke(
        export_app, ["gradescope", str(rubric), "--out", str(out), *options], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return zipfile.ZipFile(out)


def unpacked(archive: zipfile.ZipFile, home: Path) -> Path:
    """Unpack as `unzip` does, which keeps what may be executed."""
    for entry in archive.infolist():
        path = Path(archive.extract(entry, home / "source"))
        path.chmod(entry.external_attr >> 16 & 0o777)
    for name in ("submission", "results"):
        (home / name).mkdir(parents=True)
    return home


def hand_in(home: Path, source: str, name: str = "mine.ipynb") -> None:
    notebook = nb.new_notebook(cells=[nb.new_code_cell(source)])
    (home / "submission" / name).write_text(json.dumps(notebook))


def run(home: Path) -> dict[str, object]:
    environment = {
        **os.environ,
        "GRADMARK_AUTOGRADER": str(home),
        "GRADMARK_PYTHON": sys.executable,
    }
    done = subprocess.run(
        [home / "source" / "run_autograder"],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    data: dict[str, object] = json.loads((home / "results" / "results.json").read_text())
    return data


def test_an_export_says_how_long_a_submission_may_take(rubric: Path, tmp_path: Path) -> None:
    own = tmp_path / "lines.toml"
    shutil.copy(rubric.with_name("lines.py"), tmp_path)
    own.write_text(f"{rubric.read_text()}\n[limits]\nnotebook_seconds = 90\n")
    asked = ["gradescope", str(own), "--out", str(tmp_path / "autograder.zip")]

    done = CliRunner().invoke(export_app, asked, catch_exceptions=False)

    assert "may take 5 minutes" in done.output


def test_the_zip_holds_what_gradescope_needs_at_its_root(rubric: Path, tmp_path: Path) -> None:
    archive = exported(rubric, tmp_path)

    assert set(archive.namelist()) == {
        "setup.sh",
        "run_autograder",
        "gradmark.toml",
        "requirements.txt",
        "assignment/lines.toml",
        "assignment/lines.py",
    }
    for name in ("setup.sh", "run_autograder"):
        entry = archive.getinfo(name)
        assert entry.external_attr >> 16 == stat.S_IFREG | 0o755
        assert entry.create_system == 3
        assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")
        assert b"\r" not in archive.read(name)


def test_the_scripts_are_bash(rubric: Path, tmp_path: Path) -> None:
    archive = exported(rubric, tmp_path)

    for name in ("setup.sh", "run_autograder"):
        done = subprocess.run(["bash", "-n"], input=archive.read(name), check=False)
        assert done.returncode == 0


def test_everything_is_pinned(rubric: Path, tmp_path: Path) -> None:
    lines = exported(rubric, tmp_path).read("requirements.txt").decode().splitlines()

    assert lines[0].startswith("gradmark==")
    assert {"numpy", "torch", "nbclient"} <= {line.partition("==")[0] for line in lines}
    assert all("==" in line and "+" not in line for line in lines)


def test_a_wheel_can_be_brought(rubric: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "gradmark-0.1.0-py3-none-any.whl"
    wheel.write_bytes(b"PK")

    archive = exported(rubric, tmp_path, "--wheel", str(wheel))

    assert archive.read(f"wheels/{wheel.name}") == b"PK"
    assert archive.read("requirements.txt").startswith(f"./wheels/{wheel.name}\n".encode())


def test_a_shipped_rubric_goes_by_its_name(tmp_path: Path) -> None:
    archive = exported("hw1", tmp_path)

    assert tomllib.loads(archive.read("gradmark.toml").decode()) == {"rubric": "hw1"}
    assert not any(name.startswith("assignment/") for name in archive.namelist())


def test_data_goes_with_it() -> None:
    made = Autograder("lines.toml", ("gradmark==1",), data={"points": ('a "b".npz', b"1")})

    archive = zipfile.ZipFile(io.BytesIO(autograder_zip(made)))

    project = tomllib.loads(archive.read("gradmark.toml").decode())
    assert archive.read(project["supply"]["points"]) == b"1"


def test_the_same_parts_make_the_same_zip() -> None:
    made = Autograder("lines", ("gradmark==1",))

    assert autograder_zip(made) == autograder_zip(made)


def test_data_that_is_missing_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    with pytest.raises(UsageFault, match="--supply mnist=PATH"):
        exported("ps1", tmp_path)


@pytest.mark.parametrize("python", ["2.7", "3.12; rm -rf /", "3.10", "3"])
def test_only_a_version_of_python_is_one(rubric: Path, tmp_path: Path, python: str) -> None:
    with pytest.raises(UsageFault, match="--python takes a version"):
        exported(rubric, tmp_path, "--python", python)


@pytest.mark.proof
def test_what_is_exported_grades_a_submission(rubric: Path, tmp_path: Path) -> None:
    home = unpacked(exported(rubric, tmp_path), tmp_path / "autograder")
    hand_in(home, ANSWER)

    slope, offset = run(home)["tests"]  # type: ignore[misc]

    assert (slope["score"], slope["max_score"], slope["status"]) == (4, 4, "passed")
    assert (offset["score"], offset["visibility"]) == (0, "after_published")


@pytest.mark.proof
def test_the_example_grades_as_its_page_says(rubric: Path, tmp_path: Path) -> None:
    home = unpacked(exported(rubric, tmp_path), tmp_path / "autograder")
    shutil.copy(EXAMPLE / "submission" / "lines.ipynb", home / "submission")

    data = run(home)

    assert [test["score"] for test in data["tests"]] == [4, 0]  # type: ignore[attr-defined]
    assert str(data["output"]).startswith("1 of 1 public checks passed")


def test_there_is_a_file_without_a_score_where_nothing_can_be_read(tmp_path: Path) -> None:
    assert main(tmp_path) == 0

    text = (tmp_path / "results" / "results.json").read_text()

    assert "no points are set" in text
    assert '"score"' not in text


@pytest.mark.proof
def test_without_a_notebook_it_says_so(rubric: Path, tmp_path: Path) -> None:
    home = unpacked(exported(rubric, tmp_path), tmp_path / "autograder")
    (home / "submission" / "essay.pdf").write_bytes(b"%PDF")

    data = run(home)

    assert "no notebook found" in str(data["output"])
    assert data["score"] == 0


@pytest.mark.proof
def test_a_fault_of_the_graders_still_gives_a_file_but_no_score(
    rubric: Path, tmp_path: Path
) -> None:
    home = unpacked(exported(rubric, tmp_path), tmp_path / "autograder")
    hand_in(home, ANSWER)
    (home / "source" / "assignment" / "lines.py").write_text("GIVEN = {")

    text = json.dumps(run(home))

    assert "no points are set" in text
    assert '"score"' not in text


def test_a_notebook_the_project_names_may_not_be_a_link_that_leads_out(tmp_path: Path) -> None:
    for name in ("source", "submission", "results"):
        (tmp_path / name).mkdir()
    (tmp_path / "source" / "gradmark.toml").write_text('rubric = "hw1"\nnotebook = "a.ipynb"\n')
    (tmp_path / "source" / "other.ipynb").write_text("{}")
    (tmp_path / "submission" / "a.ipynb").symlink_to(tmp_path / "source" / "other.ipynb")

    main(tmp_path)

    said = json.loads((tmp_path / "results" / "results.json").read_text())
    assert "leads out of the folder" in said["output"]
    assert said["score"] == 0
