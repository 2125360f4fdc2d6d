"""A whole class, with us alone: time, memory over time, and whether equal work gets equal marks."""

import json
import shutil
import sys
import time
import tomllib
from pathlib import Path
from typing import Any

from grader.recording.workspace import recording_path
from tests.bench.crew import Crew, WayFault
from tests.bench.environments import BUILD
from tests.bench.figures import ClassRun, MemoryCourse
from tests.bench.notebooks import ROOT, write_class
from tests.bench.progress import tell
from tests.bench.ways import worker_command
from tests.bench.whole import Batch, run_batch

WORKERS = 2
FEWEST_LOOKS = 5
EXPECTED = ROOT / "tests" / "samples_hw1.toml"
PLACE = BUILD / "class"


def measure_class(count: int) -> ClassRun:
    """Record, score and score again a class of copies of the samples, timed; then once watched.

    Raises:
        WayFault: a process did not come to its end.

    """
    made = write_class(PLACE / "submissions", count)
    record, score = _pass("timed", watched=False)
    deviating = _deviating(PLACE / "timed" / "reports", made)
    tell(f"class: {record.seconds:.1f} s to record, {score.seconds:.1f} s to score and report")
    rescore = _score("timed", watched=False)
    judged = _judge(PLACE / "timed" / "workspace", list(made))
    tell(f"class: scored again in {rescore.seconds:.1f} s, judged only in {judged:.1f} s")
    watched_record, watched_score = _pass("watched", watched=True)
    deviating += _deviating(PLACE / "watched" / "reports", made)
    return ClassRun(
        notebooks=count,
        samples=len(set(made.values())),
        record=record.seconds,
        score=score.seconds,
        rescore=rescore.seconds,
        judge=judged,
        recording=_memory(watched_record),
        scoring=_memory(watched_score),
        deviating=sorted(set(deviating)),
        faults=record.faults + watched_record.faults,
    )


def _pass(name: str, *, watched: bool) -> tuple[Batch, Batch]:
    """Record and score a class from nothing."""
    tell(f"class: recording and scoring, {name}")
    shutil.rmtree(PLACE / name, ignore_errors=True)
    source, target = PLACE / "submissions", PLACE / name / "workspace"
    record = run_batch("record", source, target, WORKERS, watched=watched)
    return record, _score(name, watched=watched)


def _score(name: str, *, watched: bool) -> Batch:
    place = PLACE / name
    shutil.rmtree(place / "reports", ignore_errors=True)
    return run_batch("score", place / "workspace", place / "reports", WORKERS, watched=watched)


def _judge(workspace: Path, students: list[str]) -> float:
    """Score without pages; seconds, from when the workers have read the rubric."""
    recordings = [str(recording_path(workspace, student)) for student in students]
    command = worker_command(Path(sys.executable), "scoring")
    with Crew([command] * WORKERS, BUILD / "scratch" / "scoring") as crew:
        begun = time.perf_counter()
        answers = crew.run(recordings)
        seconds = time.perf_counter() - begun
    errors = [answer["error"] for answer in answers if "error" in answer]
    if errors:
        raise WayFault(f"scoring failed: {errors[0]}")
    return seconds


def _memory(batch: Batch) -> MemoryCourse:
    """Set the most memory of the first tenth after the warm-up against that of the last tenth.

    The warm-up is over when a twentieth of the submissions is done.

    Raises:
        WayFault: it was too short to look at it often enough.

    """
    watch = batch.watch
    sizes = watch.sizes_between(batch.when(0.05), batch.when(1.0)) if watch else []
    if watch is None or len(sizes) < FEWEST_LOOKS:
        raise WayFault("the class is too small to see whether its memory grows")
    tenth = max(1, len(sizes) // 10)
    return MemoryCourse(
        peak=watch.peak,
        early=max(sizes[:tenth]),
        late=max(sizes[-tenth:]),
        looks=len(sizes),
        unseen=watch.unseen,
    )


def _deviating(reports: Path, made: dict[str, str]) -> list[str]:
    """Name the copies that did not get what their sample must get."""
    samples = tomllib.loads(EXPECTED.read_text())["submission"]
    expected = {sample["id"]: _told(sample) for sample in samples}
    graded = json.loads((reports / "grades.json").read_text())["submissions"]
    return [
        f"{one['id']}, a copy of {made[one['id']]}"
        for one in graded
        if _told({**one, "questions": {q["id"]: q for q in one["questions"]}})
        != expected[made[one["id"]]]
    ]


def _told(submission: dict[str, Any]) -> tuple[Any, ...]:
    """Reduce a result to what has to be equal: status, points, outcomes, causes and mistakes."""
    questions = sorted(
        (name, one["points"], one["outcome"], one.get("cause"), sorted(one.get("mistakes", ())))
        for name, one in submission["questions"].items()
    )
    return submission["status"], submission["points"], questions
