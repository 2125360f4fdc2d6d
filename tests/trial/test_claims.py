"""What a rubric claims, judged on recordings made up for it."""

from pathlib import Path

import numpy as np
import pytest

from grader.rubric.model import Mistake, Question
from grader.rubric.reference import open_rubric
from grader.trial.claims import Bench, claims_of, failing, never_predicted, untried_mistakes
from grader.trial.model import Claim, Judged
from grader.trial.synthesis import changed_constants, path_for
from tests.trial.conftest import LINEAR, Spoil


def judged(path: Path) -> list[Judged]:
    rubric, reference = open_rubric(path)
    bench = Bench(rubric, reference)
    return [bench.judge(claim) for claim in claims_of(rubric)]


def test_a_rubric_that_keeps_its_word_fails_in_nothing() -> None:
    found = judged(LINEAR / "linear.toml")

    assert failing(found) == []
    assert never_predicted(found) == []
    assert {(one.question, one.mistake, one.wanted) for one in found} == {
        ("line", "", 4),
        ("line", "through-origin", 2),
        ("line", "wrong-data", 3),
        ("residuals", "", 2),
        ("residuals", "sign-reversed", 1),
    }


def test_a_constant_of_the_students_own_is_changed_one_at_a_time() -> None:
    found = [one for one in judged(LINEAR / "linear.toml") if one.mistake == "wrong-data"]

    assert {one.claim.changed for one in found} == {("t",), ("u",)}


COINCIDING = """[[question.mistake]]
id = "no-intercept"
when = { through_origin = "forced" }
worth = 0.25
says = "There is no intercept."

[[question.mistake]]
id = "wrong-data"
"""


@pytest.fixture
def wordy(spoil: Spoil) -> Path:
    """The tiny assignment, whose reference has two more words: "forced" is yes, "never" no."""
    path = spoil()
    reference = path.parent / "linear.py"
    text = reference.read_text().replace(
        '["no", "yes"] = "no"', '["no", "yes", "forced", "never"] = "no"', 1
    )
    reference.write_text(
        text.replace('if through_origin == "no"', 'if through_origin in ("no", "never")')
    )
    return path


def test_of_two_mistakes_that_coincide_the_wrong_price_is_seen(wordy: Path) -> None:
    text = wordy.read_text()
    wordy.write_text(text.replace('[[question.mistake]]\nid = "wrong-data"\n', COINCIDING))

    broken = failing(judged(wordy))

    assert {(one.mistake, one.wanted, one.got, one.named) for one in broken} == {
        ("no-intercept", 1, 2, ("through-origin",))
    }


def test_a_mistake_that_is_right_everywhere_fails(wordy: Path) -> None:
    wordy.write_text(wordy.read_text().replace('origin = "yes"', 'origin = "never"'))

    broken = failing(judged(wordy))

    assert {(one.mistake, one.coincides, one.got) for one in broken} == {
        ("through-origin", True, 4)
    }


def test_a_mistake_that_is_right_under_one_setting_is_told_by_another(wordy: Path) -> None:
    wordy.write_text(wordy.read_text().replace('origin = "yes"', 'origin = ["never", "yes"]'))

    found = judged(wordy)

    assert any(one.coincides for one in found)
    assert failing(found) == []


def test_a_reference_that_raises_is_told_with_its_line(spoil: Spoil) -> None:
    path = spoil(linear_py=("    left = given", "    left = missing + given"))

    broken = failing(judged(path))

    assert {one.question for one in broken} == {"residuals"}
    assert all("NameError" in one.fault and "linear.py, line" in one.fault for one in broken)


def test_a_typed_in_answer_is_named_and_left_to_a_person(spoil: Spoil) -> None:
    typed = '[[question.mistake]]\nid = "typed-in"\nsays = "Typed."\n\n'
    path = spoil(
        linear_toml=('[[question]]\nid = "residuals"', f'{typed}[[question]]\nid = "residuals"')
    )

    [found] = [one for one in judged(path) if one.mistake == "typed-in"]

    assert found.holds
    assert found.claim == Claim(0, 0, literal=True)


def test_a_mistake_that_nothing_is_predicted_for_is_not_passed_over_in_silence() -> None:
    mistake = Mistake(id="slip", says="A slip.", transform="negated")
    question = Question(id="a", title="A", points=1, expect="f", mistake=[mistake])

    assert untried_mistakes(question) == ["slip"]


@pytest.mark.parametrize(("values", "moved"), [("entered", 1), ("any", 1), ("computed", 4)])
def test_other_constants_are_entered_or_computed_as_the_mistake_says(
    values: str, moved: int
) -> None:
    mistake = Mistake.model_validate(
        {"id": "own", "given": {"t": "*"}, "values": values, "says": "Own."}
    )
    question = Question(id="a", title="A", points=1, expect="f")

    constant = np.array([0.5, 1.0, 2.0, 3.0])
    changed = changed_constants(mistake, ["t"], {"t": constant}, question)

    assert np.count_nonzero(changed["t"] != constant) == moved


@pytest.mark.parametrize(("pattern", "path"), [("*", "b1"), ("*bias*", "b1bias"), ("b1", "b1")])
def test_a_path_is_made_up_that_matches_the_pattern(pattern: str, path: str) -> None:
    assert path_for("b1", pattern) == path
