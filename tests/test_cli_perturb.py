"""`--perturb`, as a person uses it: asked for in vain, by an option and by the rubric."""

import json
import re
from pathlib import Path

import nbformat
import pytest

from grader import cli
from grader.batch import record
from tests.batch.tiny import TinyDesk

LINEAR = Path(__file__).parent / "assignments" / "linear"
DATA = "import numpy as np\nt = np.arange(4.0)\nu = np.array([1.137, 2.941, 5.218, 7.083])"


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    for name, line in (("right", "np.polyfit(t, u, 1)"), ("typed", "np.arange(2) * 1.0")):
        cells = [nbformat.v4.new_code_cell(source) for source in (DATA, f"line = {line}")]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / f"{name}.ipynb")
    return folder


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["grader", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("command", ["run", "record"])
@pytest.mark.parametrize("asks", ["option", "rubric"])
def test_a_reference_without_other_numbers_is_one_sentence_and_exit_code_2(
    command: str,
    asks: str,
    submissions: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    source = (LINEAR / "linear.py").read_text()
    (tmp_path / "linear.py").write_text(source.replace("PERTURBED =", "_OTHERS ="))
    text = (LINEAR / "linear.toml").read_text()
    wanted = text.replace("[limits]", "perturb = true\n[limits]", 1)
    (tmp_path / "linear.toml").write_text(wanted if asks == "rubric" else text)
    option = ["--perturb"] if asks == "option" else []

    code = run(
        monkeypatch,
        command,
        tmp_path / "linear.toml",
        submissions,
        "--out",
        tmp_path / "o",
        *option,
    )

    said = capfd.readouterr().err
    assert code == 2
    assert "needs the dict PERTURBED of other values for constants of GIVEN, in linear.py" in said
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "o").exists()


def test_a_class_is_run_twice_and_graded(
    submissions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "RecordingDesk", TinyDesk)
    out = tmp_path / "out"

    code = run(
        monkeypatch, "run", LINEAR / "linear.toml", submissions, "--out", out, "--perturb", "-j", 1
    )

    grades = json.loads((out / "grades.json").read_text())["submissions"]
    assert (code, {one["id"]: one["points"] for one in grades}) == (0, {"right": 4, "typed": 0})
    page = (out / "students" / "right.html").read_text()
    assert re.search("answer moved\\s+as it should", page)
    assert len(list((out / "workspace" / "perturbed").iterdir())) == 2
