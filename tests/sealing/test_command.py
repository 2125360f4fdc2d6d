from pathlib import Path

from typer.testing import CliRunner

from grader.cli import app
from grader.faults import UsageFault
from tests.sealing.editions import ASSIGNMENTS, LAYERS


def publishing(rubric: Path, out: Path) -> tuple[int, str]:
    run = CliRunner().invoke(app, ["rubric", "publish", str(rubric), "--out", str(out)])
    return run.exit_code, run.output


def test_publishing_tells_of_every_question_how_it_is_checked(tmp_path: Path) -> None:
    code, output = publishing(LAYERS, tmp_path / "out")

    assert code == 0
    for question in ("chances", "chances-torch", "slope", "halves", "loss"):
        assert question in output
    assert "1%" in output
    assert (tmp_path / "out" / "edition.json").is_file()


def test_what_cannot_be_sealed_is_a_warning_and_no_failure(tmp_path: Path) -> None:
    code, output = publishing(ASSIGNMENTS / "linear" / "linear.toml", tmp_path / "out")

    assert code == 0
    assert 'Question "line" is not sealed' in output
    assert "34 are needed" in output


def test_a_folder_in_use_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    run = CliRunner().invoke(app, ["rubric", "publish", str(LAYERS), "--out", str(tmp_path)])

    assert isinstance(run.exception, UsageFault)
    assert "notes.txt" in str(run.exception)
    assert not (tmp_path / "edition.json").exists()


def test_the_edition_of_another_assignment_is_not_replaced(tmp_path: Path) -> None:
    publishing(LAYERS, tmp_path / "out")
    before = (tmp_path / "out" / "edition.json").read_bytes()

    linear = ASSIGNMENTS / "linear" / "linear.toml"
    run = CliRunner().invoke(app, ["rubric", "publish", str(linear), "--out", f"{tmp_path}/out"])

    assert isinstance(run.exception, UsageFault)
    assert "another assignment, layers" in str(run.exception)
    assert (tmp_path / "out" / "edition.json").read_bytes() == before
