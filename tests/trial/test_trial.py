"""A rubric on trial from end to end: the tests' own tiny assignment, whole and spoilt."""

import json

import pytest

from grader import cli
from grader.trial.summary import as_data, summary
from grader.trial.trial import Trial, try_rubric
from tests.trial.conftest import LINEAR, Spoil

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("trial")]


@pytest.fixture(scope="module")
def trial() -> Trial:
    return try_rubric(LINEAR / "linear.toml", jobs=1)


def test_a_sound_rubric_passes(trial: Trial) -> None:
    assert trial.failed == []
    assert trial.solution is not None
    assert (trial.solution.points, trial.blank.points) == (6, 0)


def test_mutants_are_killed_accepted_or_change_nothing(trial: Trial) -> None:
    survivors = [(fate.mutant.original, fate.mutant.mutated) for fate in trial.of_kind("survivor")]

    assert survivors == []
    assert len(trial.of_kind("named", "lost", "person")) > 20


def test_the_summary_tells_every_section_and_the_result(trial: Trial) -> None:
    lines = summary(trial)

    heads = [line for line in lines if not line.startswith(" ")]
    assert heads[:6] == ["solution", "blank", "conventions", "mistakes", "mutants", "calibration"]
    assert heads[6:] == ["everything that must hold does"]
    assert "  6 of 6 points" in lines
    assert json.loads(json.dumps(as_data(trial)))["failed"] == []


def test_without_a_solution_nothing_is_said_to_have_passed(spoil: Spoil) -> None:
    path = spoil(linear_toml=('solution = "linear_solution.py"\n', ""))

    trial = try_rubric(path)

    assert trial.solution is None
    assert (trial.fates, trial.score) == ((), None)
    assert sum("no solution named" in line for line in summary(trial)) == 2


def test_a_wrong_solution_fails_and_is_not_mutated(spoil: Spoil) -> None:
    path = spoil(linear_solution_py=("residuals = u - (slope * t + intercept)", "residuals = None"))

    trial = try_rubric(path)

    assert "the solution does not get full marks" in trial.failed
    assert trial.fates == ()
    assert any(line.startswith("  residuals: 0 of 2; ") for line in summary(trial))


def test_the_command_ends_with_1_where_a_price_is_wrong(
    spoil: Spoil, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = spoil(
        linear_py=('left = left if sign == "observed_minus_fitted" else -left', "left = left")
    )
    written = path.parent / "found.json"
    command = ["grader", "rubric", "test", str(path), "--jobs", "1", "--json", str(written)]
    monkeypatch.setattr("sys.argv", command)

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 1
    assert "FAILED: 1 mistakes are not named and priced as said" in capfd.readouterr().out
    assert json.loads(written.read_text())["claims"]["failing"][0]["mistake"] == "sign-reversed"


def test_a_missing_solution_is_one_sentence(
    spoil: Spoil, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = spoil()
    (path.parent / "linear_solution.py").unlink()
    monkeypatch.setattr("sys.argv", ["grader", "rubric", "test", str(path)])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 2
    assert 'names a file that does not exist: "linear_solution.py"' in capfd.readouterr().err
