"""The sample classes, checked live: never a pass or a fail where the grade says otherwise."""

import shutil
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.live.kernels import ROOT, kernel

SAMPLES = {
    name: tomllib.loads((ROOT / "tests" / f"samples_{name}.toml").read_text())["submission"]
    for name in ("hw1", "ps1")
}
# In every run of the suite: one notebook of mistakes.
ALWAYS = ("hw1", "student-05")


def checked_live(assignment: str, sample: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run a sample's notebook cell by cell, and check it in the end."""
    place = ROOT / "submissions" / assignment / sample["file"]
    own = place.parent.name == sample["id"]
    for file in place.parent.iterdir() if own else [place]:
        shutil.copy(file, folder)
    (folder / "gradmark.toml").write_text(f'rubric = "{assignment}"\n')
    with kernel(folder) as one:
        one.run_notebook(folder / place.name, seconds=20)
        one.run("import grader\n_result = grader.check()")
        data = one.value("_result.data")
    assert not data["fault"], data["fault"]
    return {check["question"]: check for check in data["checks"]}


def states_of(check: dict[str, Any]) -> str:
    if check["scope"] != "public" or check["outcome"] == "ungraded":
        return "waits"
    return "passes" if check["outcome"] == "correct" else "fails"


def disagreements(assignment: str, sample: dict[str, Any], folder: Path) -> list[str]:
    """Name the questions that pass or fail against the grade; a live check may always wait."""
    graded = sample.get("questions", {})
    if not graded:
        return []
    found = checked_live(assignment, sample, folder)
    wrong = {"passes": ("partial", "wrong", "missing"), "fails": ("correct",), "waits": ()}
    return [
        f"{name}: {states_of(check)}, graded {graded[name]['outcome']}: {check['sentence']}"
        for name, check in found.items()
        if graded[name]["outcome"] in wrong[states_of(check)]
    ]


@pytest.mark.slow
def test_one_notebook_of_mistakes_is_checked_as_it_is_graded(tmp_path: Path) -> None:
    [sample] = [one for one in SAMPLES[ALWAYS[0]] if one["id"] == ALWAYS[1]]

    assert disagreements(ALWAYS[0], sample, tmp_path) == []


@pytest.mark.proof
@pytest.mark.parametrize(
    ("assignment", "name"),
    [(assignment, one["id"]) for assignment, samples in SAMPLES.items() for one in samples],
)
def test_no_check_contradicts_the_grade(assignment: str, name: str, tmp_path: Path) -> None:
    [sample] = [one for one in SAMPLES[assignment] if one["id"] == name]

    assert disagreements(assignment, sample, tmp_path) == []


@pytest.mark.proof
def test_most_right_values_pass_in_the_session_that_computed_them(tmp_path: Path) -> None:
    counted: Counter[str] = Counter()
    for sample in SAMPLES["hw1"][:6]:
        folder = tmp_path / sample["id"]
        folder.mkdir()
        for name, check in checked_live("hw1", sample, folder).items():
            if not name.startswith("dropout") and sample["questions"][name]["outcome"] == "correct":
                counted[states_of(check)] += 1

    assert counted["fails"] == 0
    assert counted["passes"] > 4 * counted["waits"]
