"""The sample classes, checked live: never a pass or a fail where the grade says otherwise."""

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.grades import SAMPLES, contradictions, sample, state_of
from tests.live.kernels import ROOT, Kernel, kernel

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """One kernel for all, as to start one and to import torch takes longer than most notebooks."""
    with kernel(tmp_path_factory.mktemp("class")) as started:
        yield started


def checked_live(
    session: Kernel, assignment: str, one: dict[str, Any], folder: Path
) -> dict[str, Any]:
    """Run a sample's notebook cell by cell, and check it in the end."""
    place = ROOT / "submissions" / assignment / one["file"]
    own = place.parent.name == one["id"]
    for file in place.parent.iterdir() if own else [place]:
        shutil.copy(file, folder)
    (folder / "gradmark.toml").write_text(f'rubric = "{assignment}"\n')
    session.begin_again(folder)
    session.run_notebook(folder / place.name, seconds=20)
    session.run("import grader\n_result = grader.check()")
    data = session.value("_result.data")
    assert not data["fault"], data["fault"]
    return {check["question"]: check for check in data["checks"]}


@pytest.mark.parametrize(
    ("assignment", "name"),
    [
        (assignment, one["id"])
        for assignment, samples in SAMPLES.items()
        for one in samples
        if one.get("questions") and one["status"] != "ungraded"  # that a front end cannot open
    ],
)
def test_no_check_contradicts_the_grade(
    session: Kernel, assignment: str, name: str, tmp_path: Path
) -> None:
    one = sample(assignment, name)

    found = checked_live(session, assignment, one, tmp_path)

    assert contradictions(found, one["questions"]) == []


def test_most_right_values_pass_in_the_session_that_computed_them(
    session: Kernel, tmp_path: Path
) -> None:
    counted: Counter[str] = Counter()
    for one in SAMPLES["hw1"][:6]:
        folder = tmp_path / one["id"]
        folder.mkdir()
        for name, check in checked_live(session, "hw1", one, folder).items():
            if not name.startswith("dropout") and one["questions"][name]["outcome"] == "correct":
                counted[state_of(check)] += 1

    assert counted["fails"] == 0
    assert counted["passes"] > 4 * counted["waits"]
