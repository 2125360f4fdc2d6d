"""The sample classes, told what students may read before the grade: and no answer is among it."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.batch import record_class
from grader.checking.judge import Judge
from grader.execution.asking.about import about
from grader.recording.model import Recording
from grader.recording.store import load
from grader.recording.workspace import recording_path
from grader.results.forms import html, markdown, plain
from grader.results.model import CheckResult
from grader.scoring.hypothesis import hypotheses
from grader.scoring.predictions import Predictions
from grader.scoring.probed.code import Code
from grader.scoring.probed.view import View
from tests.digits import digits, write_npz

ROOT = Path(__file__).parents[1]
SEVERAL = ("student-03", "student-04", "student-06", "student-15")  # of the class that trains
NUMBER = re.compile(r"\d*\.\d+(?:e[-+]?\d+)?")
DIGITS = 4  # significant ones by which a number is known again
CALLED = {"function", "derivative", "loss"}  # kinds whose reference needs nothing of a student

pytestmark = [pytest.mark.proof, pytest.mark.xdist_group("samples-checked")]


@dataclass(frozen=True)
class Class:
    """A class, recorded and judged."""

    judge: Judge
    recordings: Mapping[str, Recording]
    results: Mapping[str, CheckResult]


def checked_class(name: str, out: Path, **options: Any) -> Class:
    judge = Judge(ROOT / "rubrics" / f"{name}.toml")
    limits = judge.rubric.limits.model_copy(update={"cell_seconds": 30.0})  # two use them up
    rubric = judge.rubric.model_copy(update={"limits": limits})
    recorded = record_class(
        rubric, ROOT / "submissions" / name, out, jobs=2, asking=judge.asking, **options
    )
    found = {one: load(recording_path(out, one)) for one in recorded.run}
    results = {one: judge.result(recording, f"{one}.ipynb") for one, recording in found.items()}
    return Class(judge, found, results)


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """The class whose answers are values."""
    return checked_class("hw1", tmp_path_factory.mktemp("hw1"))


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """Some of the class whose answers are code."""
    data = tmp_path_factory.mktemp("data") / "digits.npz"
    write_npz(data, digits())
    out = tmp_path_factory.mktemp("ps1")
    return checked_class("ps1", out, only=SEVERAL, supply={"mnist": data})


def samples(name: str) -> dict[str, Any]:
    table = tomllib.loads((ROOT / "tests" / f"samples_{name}.toml").read_text())
    return {one["id"]: one for one in table["submission"]}


def test_values_pass_and_fail_as_the_grade_says(values: Class) -> None:
    for name, sample in samples("hw1").items():
        found = {check.question: check for check in values.results[name].checks}
        for question, expected in sample["questions"].items():
            # What is typed in and stays the same with other numbers is settled by a second run.
            settled = expected["outcome"] if expected.get("mistakes") != ["typed-in"] else None
            if settled is not None:
                assert found[question].outcome == settled, (name, question)


def test_mistakes_are_named_as_the_grade_names_them(values: Class) -> None:
    for name, sample in samples("hw1").items():
        found = {check.question: check for check in values.results[name].checks}
        for question, expected in sample["questions"].items():
            words = sorted(one.replace("-", " ") for one in expected.get("mistakes", []))
            assert sorted(found[question].explained_by) == words, (name, question)


def test_code_passes_and_fails_as_the_grade_says(code: Class) -> None:
    table = samples("ps1")
    for name, result in code.results.items():
        for check in result.public:
            expected = table[name]["questions"][check.question]
            assert (check.outcome, check.points) == (expected["outcome"], expected["points"])


def test_written_answers_are_judged_later(code: Class) -> None:
    for result in code.results.values():
        [later] = [check for check in result.checks if check.scope == "later"]
        assert later.question == "comparison"


def test_no_value_of_an_answer_is_told(values: Class) -> None:
    predicted = set(_predicted(values.judge))

    for name, result in values.results.items():
        assert not _told(result) & predicted - _own(values.recordings[name]), name


def test_no_result_that_code_was_asked_for_is_told(code: Class) -> None:
    for name, result in code.results.items():
        recording = code.recordings[name]
        assert not _told(result) & set(_asked(code.judge, recording)) - _own(recording), name


def test_a_number_that_is_told_would_be_seen(values: Class) -> None:
    """The two tests above look for what they are to find."""
    predicted = set(_predicted(values.judge))
    one = next(iter(sorted(predicted)))

    assert len(predicted) > 100
    assert set(_numbers(f"expected {one}, found 0.5")) & predicted


def _told(result: CheckResult) -> set[str]:
    return {one for form in (html, markdown, plain) for one in _numbers(form(result))}


def _numbers(text: str) -> Iterator[str]:
    """Yield the numbers of a text that have digits enough to be known again."""
    for found in NUMBER.findall(text.replace("\\", "")):
        if len(found.split("e")[0].replace(".", "").lstrip("0")) >= DIGITS:
            yield _plain(float(found))


def _plain(number: float) -> str:
    return f"{abs(number):.{DIGITS - 1}e}"


def _own(recording: Recording) -> set[str]:
    """Give what the student's own code computed."""
    return {number for value in recording.values for number in _entries(value.array)}


def _entries(array: Any) -> Iterator[str]:
    entries = np.asarray(array)
    if entries.dtype.kind == "f":
        yield from (_plain(one) for one in entries.ravel().tolist() if np.isfinite(one))


def _predicted(judge: Judge) -> Iterator[str]:
    """Yield the entries of all predictions, of right answers and of known mistakes."""
    predictions = Predictions(judge.reference)
    for question in judge.rubric.valued:
        for hypothesis in hypotheses(question):
            for part in (predictions.of(hypothesis) or {}).values():
                yield from _entries(part)


def _asked(judge: Judge, recording: Recording) -> Iterator[str]:
    """Yield the entries of what the reference gives for all that a notebook's code was asked."""
    predictions, source = Predictions(judge.reference), Code(recording.handed_in)
    for question in judge.rubric.question:
        tolerance = question.tolerance or judge.rubric.tolerance
        for part in question.parts:
            for result in (one for one in recording.probes if one.about == about(part)):
                view = View(question, part, result, recording, source, predictions, tolerance)
                for hypothesis in view.hypotheses if part.probe in CALLED else ():
                    for case in view.cases:
                        for array in (view.predicted(hypothesis, case) or {}).values():
                            yield from _entries(array)
