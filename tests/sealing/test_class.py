"""The sample class, judged by an edition that seals what is too weak to be sealed."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.batch.record import record_class
from grader.recording.store import load
from grader.results.from_grade import result_of
from grader.results.model import Check
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.sealing import locks
from grader.sealing.cost import Search
from grader.sealing.judging import judge_edition
from grader.sealing.publish import make_edition
from tests.sealing.editions import HW1

CLASS = Path(__file__).parents[2] / "submissions" / "hw1"


def word(check: Check) -> str:
    return "passes" if check.passes else "fails" if check.fails else "waits"


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Check, Check]]:
    """Of every submission and question: what the full rubric and what the edition says."""
    workspace = tmp_path_factory.mktemp("class")
    rubric, reference = open_rubric(HW1)
    record_class(rubric, CLASS, workspace, jobs=2)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(locks, "affordable", lambda targets, bits: Search(targets, 16))
        edition, _ = make_edition(rubric, reference)
    scorer = Scorer(rubric, reference)

    def judged() -> Iterator[tuple[str, Check, Check]]:
        for file in sorted((workspace / "recordings").glob("*.zip")):
            recording = load(file)
            full = result_of(scorer.grade(recording), rubric, file.name).checks
            for one, other in zip(full, judge_edition(recording, edition), strict=True):
                yield file.stem, one, other

    return list(judged())


@pytest.mark.proof
def test_it_passes_nothing_that_the_full_rubric_does_not(
    pairs: list[tuple[str, Check, Check]],
) -> None:
    assert [one for one in pairs if one[2].passes and not one[1].passes] == []


@pytest.mark.proof
def test_it_fails_nothing_that_the_full_rubric_does_not(
    pairs: list[tuple[str, Check, Check]],
) -> None:
    assert [one for one in pairs if one[2].fails and not one[1].fails] == []


@pytest.mark.proof
def test_it_recognises_nearly_all_right_answers_of_the_sealed_questions(
    pairs: list[tuple[str, Check, Check]],
) -> None:
    sealed = [one for one in pairs if not one[1].question.startswith("dropout")]

    counted = Counter((word(full), word(edition)) for _, full, edition in sealed)

    assert counted["passes", "passes"] >= 0.9 * sum(
        count for (full, _), count in counted.items() if full == "passes"
    )
