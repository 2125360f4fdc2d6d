"""Hostile notebooks: each ends as it should, and nobody else notices."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.execution.isolation import detect
from grader.execution.outcome import Execution
from grader.execution.run import Runner
from grader.recording.assemble import assemble
from grader.recording.model import Recording
from grader.recording.store import load, save
from grader.reporting import write_student
from grader.rubric.model import Limits
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from tests.attacks.attack import (
    AFTERWARDS,
    LIMITS,
    Attack,
    all_text,
    build_notebook,
    deviations,
    filled_in,
    read_containments,
    read_themes,
)
from tests.attacks.ground import Ground
from tests.attacks.witness import STATUSES, Facts, Neighbour, run_witness

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there is no sandbox elsewhere")

ATTACKS = [attack for theme in read_themes() for attack in theme.attacks]
# Of each kind a few are tried in every run of the suite; the others are tried by `make prove`.
ALWAYS = {
    "opens-the-rubric",
    "searches-its-memory",
    "overwrites-files",
    "swaps-its-folder",
    "connects-to-this-machine",
    "forks-without-end",
    "takes-ten-gigabytes",
    "nests-without-end",
    "ignores-signals",
    "kills-everybody",
    "closes-its-descriptors",
    "replaces-comparisons",
    "hands-on-pickles",
    "takes-off-the-hooks",
    "forges-frames",
    "forges-messages",
    "writes-to-the-terminal",
    "writes-html",
    "leaves-files",
    "hands-in-modules",
    "makes-forbidden-calls",
    "becomes-root",
}
NEVER_ON_A_PAGE = (
    "\x1b",
    "\x00",
    "\x07",
    "<script>attack",
    "<img src=x",
    '"javascript:',
    "1234000",
)


def tried() -> Iterator[Any]:
    for attack in ATTACKS:
        yield pytest.param(attack, marks=[] if attack.id in ALWAYS else pytest.mark.proof)


@pytest.fixture(scope="module")
def scorer(ground: Ground) -> Scorer:
    return Scorer(*open_rubric(Path(ground.places["RUBRIC"])))


def test_the_witness_is_what_it_is_meant_to_be(undisturbed: Facts) -> None:
    assert tuple(status for _, status, _ in undisturbed["statuses"]) == STATUSES
    assert "the shell works" in undisturbed["outputs"][5]
    assert len(undisturbed["values"]) > 10
    assert len(undisturbed["draws"]) >= 5


@pytest.mark.parametrize("name", [one.name for one in read_containments() if one.part_of_full])
def test_full_isolation_is_all_of_it(containments: dict[str, str], name: str) -> None:
    if not detect().full:
        pytest.skip(detect().text)

    assert containments[name] == "holds"


def test_some_attacks_of_each_kind_are_always_tried() -> None:
    kinds = [{attack.id for attack in theme.attacks} for theme in read_themes()]

    assert set.union(*kinds) >= ALWAYS
    assert all(kind & ALWAYS for kind in kinds)


@pytest.mark.parametrize("attack", list(tried()), ids=lambda attack: attack.id)
def test_an_attack_ends_as_it_should_and_nobody_notices(
    attack: Attack,
    runner: Runner,
    *,
    neighbour: Neighbour,
    undisturbed: Facts,
    containments: dict[str, str],
    ground: Ground,
    scorer: Scorer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for need in attack.needs:
        if containments[need] != "holds":
            pytest.skip(f"{need}: {containments[need]}")
    attack, before = filled_in(attack, ground.places), ground.state()
    monkeypatch.setattr("grader.execution.session.GRACE_SECONDS", attack.grace_seconds)

    execution, beside = run_attack(attack, runner, neighbour, tmp_path)
    recording = assemble("attack", "attack.ipynb", "key", execution.notebook, execution)
    page = report(recording, scorer, tmp_path)

    assert deviations(attack, execution, recording) == []
    assert ground.leaks(execution) == []
    assert run_witness(runner, ground.witness_files) == undisturbed
    assert [found for found in beside if found != undisturbed] == []
    assert what_the_next_sees(attack, runner) == ""
    assert ground.state() == before
    assert ground.processes_left() == []
    assert [text for text in (*NEVER_ON_A_PAGE, ground.answer) if text in page] == []


def run_attack(
    attack: Attack, runner: Runner, neighbour: Neighbour, folder: Path
) -> tuple[Execution, list[Facts]]:
    """Run an attack, and the witness beside it where that is asked for."""
    notebook = build_notebook(attack.notebook, AFTERWARDS)
    files = hand_in(attack, folder / "handed-in")
    over = threading.Event()
    beside = neighbour.run_until(over) if attack.beside else None
    try:
        execution = runner.execute(notebook, limits=attack.run_limits, seed=1, files=files)
    finally:
        over.set()
    return execution, beside.result() if beside else []


def hand_in(attack: Attack, folder: Path) -> Path | None:
    """Write the files that are handed in beside the notebook."""
    if not attack.files and not attack.links:
        return None
    folder.mkdir()
    for name, text in attack.files.items():
        (folder / name).write_text(text)
    for name, target in attack.links.items():
        (folder / name).symlink_to(target)
    return folder


def report(recording: Recording, scorer: Scorer, folder: Path) -> str:
    """Store, load, grade and report a recording, as a class is."""
    save(recording, folder / "recording")
    loaded = load(folder / "recording")
    return write_student(scorer.grade(loaded), loaded, "Title", folder).read_text()


def what_the_next_sees(attack: Attack, runner: Runner) -> str:
    """Run the notebook that comes after an attack; give what it says if that is not right."""
    if not attack.after:
        return ""
    notebook = build_notebook(attack.after)
    execution = runner.execute(notebook, limits=Limits(**LIMITS), seed=1)
    text = all_text(execution).replace("\r\n", "\n").strip()
    return "" if text == attack.after_shows else text
