import json
import re
from pathlib import Path

import numpy as np
import pytest

from grader.faults import UsageFault
from grader.observation.observe import Observations
from grader.rubric.model import Tolerance
from grader.rubric.reference import open_rubric
from grader.scoring.hypothesis import hypotheses
from grader.scoring.predictions import Predictions
from grader.sealing.answer import Answer
from grader.sealing.edition import is_edition, read_edition
from grader.sealing.judging import judge_edition
from grader.sealing.opening import open_locks
from grader.sealing.publish import publish, sealed_together
from tests.recordings import recording, value
from tests.sealing.editions import ASSIGNMENTS, HW1, LAYERS, edition_of, predicted, right


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("class") / "layers-student"
    publish(LAYERS, folder)
    return folder


def all_text(folder: Path) -> str:
    return "\n".join(file.read_text() for file in sorted(folder.rglob("*")) if file.is_file())


def numbers_in(text: str) -> np.ndarray:
    found = re.findall(r"(?<![\w.])-?\d+\.\d+(?:e[+-]?\d+)?", text)
    return np.array([abs(float(number)) for number in found])


def test_exactly_three_files_are_handed_out(handed_out: Path) -> None:
    names = {file.name for file in handed_out.iterdir()}

    assert names == {"edition.json", "gradmark.toml", "README.md"}
    assert (handed_out / "gradmark.toml").read_text() == 'rubric = "edition.json"\n'


@pytest.mark.parametrize("path", [LAYERS, ASSIGNMENTS / "linear" / "linear.toml", HW1])
def test_no_predicted_number_stands_in_any_file(path: Path, tmp_path: Path) -> None:
    """Of any hypothesis, public or hidden, to four significant digits."""
    publish(path, tmp_path / "out")
    rubric, reference = open_rubric(path)
    told = numbers_in(all_text(tmp_path / "out"))
    given = [np.ravel(v) for v in reference.given.values() if np.asarray(v).dtype.kind in "fi"]
    told = np.setdiff1d(told, np.abs(np.concatenate(given)))
    rest = [one.points for one in rubric.question]
    rest += [mistake.worth for one in rubric.question for mistake in one.mistake]
    told = np.setdiff1d(told, rest)  # marks are no answers

    predictions = Predictions(reference)

    for question in (one for one in rubric.valued if not one.draws):
        for hypothesis in hypotheses(question):
            parts = {} if hypothesis.borrowed else predictions.of(hypothesis) or {}
            for part in parts.values():
                expected = np.abs(np.ravel(part))
                expected = expected[expected > 1e-6]
                near = np.abs(expected[:, None] - told) <= 5e-4 * expected[:, None]
                assert not near.any()


def test_nothing_hidden_is_told_beyond_the_title(handed_out: Path) -> None:
    text = all_text(handed_out)

    assert "6: what is asked later" in text
    assert "secret" not in text
    assert "applied-twice" not in text
    assert "passes" not in text


def test_no_path_and_no_reference_is_told(handed_out: Path) -> None:
    text = all_text(handed_out)

    assert str(LAYERS.parent) not in text
    assert "layers.py" not in text
    assert not (handed_out / "layers.py").exists()


def test_two_editions_differ_and_both_open(handed_out: Path, tmp_path: Path) -> None:
    publish(LAYERS, tmp_path / "again")
    files = [handed_out / "edition.json", tmp_path / "again" / "edition.json"]
    editions = [read_edition(file) for file in files]
    answer = recording(value("p", right("chances")))

    checks = [judge_edition(answer, edition)[0] for edition in editions]

    assert [check.outcome for check in checks] == ["correct", "correct"]
    salts = [{lock.salt for lock in edition.locks} for edition in editions]
    assert not salts[0] & salts[1]
    seals = [{seal.name for lock in e.locks for seal in lock.seals} for e in editions]
    assert not seals[0] & seals[1]


def test_publishing_into_the_same_folder_again_replaces_the_edition(tmp_path: Path) -> None:
    publish(LAYERS, tmp_path / "out")
    first = (tmp_path / "out" / "edition.json").read_text()

    publish(LAYERS, tmp_path / "out")

    assert (tmp_path / "out" / "edition.json").read_text() != first
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "solution.ipynb").write_text("{}")

    with pytest.raises(UsageFault, match=r"solution\.ipynb"):
        publish(LAYERS, tmp_path)

    assert not (tmp_path / "edition.json").exists()


def test_the_rubrics_own_folder_is_refused() -> None:
    with pytest.raises(UsageFault, match="own folder"):
        publish(LAYERS, LAYERS.parent)


def test_an_edition_is_told_from_a_rubric(handed_out: Path, tmp_path: Path) -> None:
    assert is_edition(handed_out / "edition.json")
    assert not is_edition(LAYERS)
    assert not is_edition(tmp_path / "none.json")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": "gradmark/edition/2"}'])
def test_what_is_no_edition_is_refused_in_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "edition.json").write_text(text)

    with pytest.raises(UsageFault, match="no student's edition"):
        read_edition(tmp_path / "edition.json")


def test_an_edition_has_nothing_it_does_not_know(handed_out: Path, tmp_path: Path) -> None:
    data = json.loads((handed_out / "edition.json").read_text())
    (tmp_path / "edition.json").write_text(json.dumps({**data, "answers": []}))

    with pytest.raises(UsageFault, match="answers"):
        read_edition(tmp_path / "edition.json")


def test_a_question_that_follows_from_a_weak_one_is_as_weak() -> None:
    """The gradient has twelve entries; who has the four probabilities can compute it."""
    _, told = edition_of(HW1)
    bits = {one.question: one.bits for one in told}

    assert bits["gradient-numpy"] <= bits["forward-numpy"] < 20


def test_every_question_that_is_not_sealed_says_why_and_what_is_done() -> None:
    _, told = edition_of(HW1)

    for one in told:
        assert one.question in one.warning
        assert "not sealed" in one.warning
    assert "random draws" in told[-1].warning
    assert "sums to 1" in told[0].warning
    assert "own loss" in told[2].warning


def test_a_mistake_opens_itself_and_nothing_else() -> None:
    edition, _ = edition_of(LAYERS)
    [mistaken] = predicted("chances", over="examples").values()
    seen = Observations(recording(value("p", mistaken)))

    opened = open_locks(edition.locks, seen).predictions

    assert [dict(key[1:]) for key in opened] == [{"over": "examples"}]  # type: ignore[call-overload]


def test_a_right_answer_opens_the_other_forms_of_it() -> None:
    edition, _ = edition_of(LAYERS)
    seen = Observations(recording(value("g", right("slope"))))

    opened = open_locks(edition.locks, seen).predictions

    assert {dict(key[1:])["reduction"] for key in opened} == {"sum", "mean"}  # type: ignore[call-overload]


def test_mistakes_are_not_sealed_where_no_right_answer_is() -> None:
    """A mistake is told by its numbers as the right answer is by its own."""
    one = Answer({"a": np.array([0.731829])}, (("f",),), True, (0.731829,))
    numbers = np.random.default_rng(1).normal(size=12)
    other = Answer({"a": numbers}, (("f", ("m", 1)),), False, tuple(numbers))

    assert sealed_together("f", [one, other], Tolerance(), most=500.0) == []
