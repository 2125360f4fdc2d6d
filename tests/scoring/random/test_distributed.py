"""Random results without their draws: a small random walk, graded by how such walks end."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.recording.model import Draws, Recording
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from grader.scoring.verdict import Verdict
from tests.recordings import recording, value
from tests.scoring.walk import REFERENCE, RUBRIC, STEPS, WRONG_ORDER, A, Walk, walk

Grade = Callable[..., Verdict]


@pytest.fixture(scope="module")
def grade(tmp_path_factory: pytest.TempPathFactory) -> Grade:
    folder = tmp_path_factory.mktemp("walk")
    (folder / "walk.py").write_text(REFERENCE)
    (folder / "plain.toml").write_text(RUBRIC)
    for how in ("rolled", "backward", "between"):
        (folder / f"{how}.toml").write_text(RUBRIC + WRONG_ORDER.format(how=how))

    def judge(found: Recording, rubric: str = "plain") -> Verdict:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
            scorer = Scorer(*open_rubric(folder / f"{rubric}.toml"))
            return scorer.grade(found).verdicts[0]

    return judge


def held(ended: Walk, **more: Any) -> Recording:
    a, b = ended
    return recording(
        value("a_end", a, cell=2), value("b_end", b, cell=2), sources=["pass"] * 2, **more
    )


def test_a_right_walk_without_draws_on_record_gets_full_marks(grade: Grade) -> None:
    verdict = grade(held(walk(1)))

    assert (verdict.outcome, verdict.points, verdict.mistakes) == ("correct", 10, ())
    assert not verdict.needs_review
    assert verdict.conventions == {"pace": "one"}
    assert verdict.explanation.startswith(
        "`a_end` (cell 2) and `b_end` (cell 2): no draws on record reproduce these values, but "
        "they are what such training gives: the right training (pace one; squared distance "
    )
    assert verdict.explanation.endswith("; a true one is refused in 1 of 5,000 cases).")
    assert "at 3 degrees of freedom, p = " in verdict.explanation


def test_an_average_is_not_shown_as_what_was_expected(grade: Grade) -> None:
    verdict = grade(held(walk(1)))

    assert {piece.part for piece in verdict.evidence} == {"a", "b"}
    assert not verdict.show_expected


@pytest.mark.parametrize("seed", range(2, 6))
@pytest.mark.parametrize(
    ("how", "mistakes", "points"),
    [
        ({"step": 1.5}, (), 10),
        ({"step": 2.0}, ("doubled",), 5),
        ({"chance": 0.25}, ("swapped",), 5),
        ({"same": True}, ("same-draws",), 3),
    ],
)
def test_what_was_done_is_named_and_priced(
    grade: Grade, how: dict[str, Any], mistakes: tuple[str, ...], points: float, seed: int
) -> None:
    verdict = grade(held(walk(seed, **how)))

    assert (verdict.mistakes, verdict.points) == (mistakes, points)


def test_few_flags_are_gone_through_one_by_one(grade: Grade) -> None:
    verdict = grade(held(walk(3, same=True)))

    assert "one of the 8 results there can be" in verdict.explanation
    assert verdict.remarks == ("Drawn once only.",)


def test_what_no_training_gives_goes_to_a_person(grade: Grade) -> None:
    a, b = walk(1)

    verdict = grade(held((a + 0.5, b)))

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)
    assert "nor are they what any of these gives" in verdict.explanation
    assert verdict.remarks == (
        "What any such training leaves as it is holds here: The sum of b stays as it was.",
    )


def test_a_broken_constraint_is_enough_to_refuse(grade: Grade) -> None:
    a, b = walk(1)
    off = b + np.array([0, 0, 0, 1e-4])

    verdict = grade(held((a, off)))

    assert verdict.outcome == "ungraded"
    assert "it is off by 1e-04" in verdict.remarks[0]


def test_ways_of_different_worth_that_both_fit_are_named_and_not_decided(grade: Grade) -> None:
    verdict = grade(held(walk(1)), "rolled")

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)
    assert "worth different marks" in verdict.explanation
    assert "the right training (" in verdict.explanation
    assert '"wrong order" (' in verdict.explanation


def test_a_way_that_explains_it_far_better_is_decided_for_and_the_next_best_named(
    grade: Grade,
) -> None:
    moved = [0.0]
    for _ in range(STEPS):
        moved.append(moved[-1] + 0.02 * np.exp(0.1 * moved[-1]))
    a = (moved[120] + moved[121]) / 2
    b = 0.5 + 0.1 * a * np.array([1.0, 1.0, 1.0, -3.0])

    verdict = grade(held((A + a * np.array([[1.0], [-1.0]]), b)), "between")

    assert (verdict.outcome, verdict.points, verdict.mistakes) == ("partial", 5, ("wrong-order",))
    assert "; the next best, the right training, is 10^" in verdict.explanation
    assert verdict.explanation.endswith(" times less likely.")


def test_a_mistake_that_leads_to_the_same_results_costs_nothing(grade: Grade) -> None:
    assert grade(held(walk(1)), "backward").points == 10


@pytest.mark.parametrize("count", [STEPS * 3, STEPS * 2, 60])
def test_draws_that_may_have_been_used_and_do_not_fit_give_no_points(
    grade: Grade, count: int
) -> None:
    other = Draws(np.random.default_rng(5).random(count), 2, "numpy", "rand")

    verdict = grade(held(walk(1), draws=[other]))

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)
    assert "random draws of this run do not reproduce these values" in verdict.explanation
    assert "the right training (" in verdict.explanation


def test_draws_that_cannot_be_the_flags_do_not_matter(grade: Grade) -> None:
    few = Draws(np.random.default_rng(5).random(2), 1, "numpy", "rand")
    normals = Draws(np.random.default_rng(5).standard_normal(5), 1, "numpy", "randn")

    assert grade(held(walk(1), draws=[few, normals])).points == 10


def test_draws_that_may_have_become_the_flags_in_a_way_not_known_are_left_to_a_person(
    grade: Grade,
) -> None:
    chosen = Draws(np.random.default_rng(5).integers(0, 4, 40), 1, "numpy", "permutation")

    verdict = grade(held(walk(1), draws=[chosen]))

    assert (verdict.outcome, verdict.points) == ("ungraded", 0)


@pytest.mark.parametrize("code", ["rng.shuffle(mask)", "random.sample(range(4), 2)"])
def test_a_run_that_shuffles_is_left_to_a_person(grade: Grade, code: str) -> None:
    a, b = walk(1)

    found = recording(value("a", a), value("b", b), sources=[code])

    assert grade(found).outcome == "ungraded"


def test_only_the_latest_answer_is_looked_at(grade: Grade) -> None:
    (a, b), (late_a, late_b) = walk(1), walk(2)
    found = recording(
        value("a", a, cell=1),
        value("b", b, cell=1),
        value("a", late_a + 0.5, cell=2),
        value("b", late_b, cell=2),
        sources=["pass"] * 2,
    )

    assert grade(found).outcome == "ungraded"


def test_values_of_the_wrong_shape_are_no_answer(grade: Grade) -> None:
    a, b = walk(1)

    verdict = grade(held((a[:, :2], b)))

    assert verdict.outcome == "missing"


def test_values_that_are_not_finite_are_no_answer(grade: Grade) -> None:
    a, b = walk(1)

    verdict = grade(held((np.where(a > 5, np.nan, a), b)))

    assert verdict.outcome == "missing"


def test_half_an_answer_is_not_judged_by_its_distribution(grade: Grade) -> None:
    a, _ = walk(1)

    verdict = grade(recording(value("a_end", a, cell=1)))

    assert (verdict.outcome, verdict.points) == ("missing", 0)


def lines(ended: Walk, decimals: int) -> str:
    with np.printoptions(precision=decimals, suppress=True):
        return f"a\n{ended[0]}\nb\n{ended[1]}\n"


@pytest.mark.parametrize("decimals", [4, 8])
def test_stored_numbers_earn_nothing_but_are_told_apart(grade: Grade, decimals: int) -> None:
    doubled = walk(1, step=2.0)
    found = recording(sources=["raise ValueError"], stored={1: lines(doubled, decimals)})

    verdict = grade(found)

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)
    assert 'The stored numbers fit "doubled" (pace one; ' in verdict.explanation
    assert verdict.explanation.endswith("A person decides.")


def test_stored_numbers_that_fit_nothing_are_told_too(grade: Grade) -> None:
    a, b = walk(1)
    found = recording(sources=["raise ValueError"], stored={1: lines((a + 0.5, b), 4)})

    assert "The stored numbers fit no known way of training." in grade(found).explanation


def test_literals_earn_nothing_but_are_told_apart(grade: Grade) -> None:
    a, b = walk(1)
    source = f"a_end = np.array({a.tolist()})\nb_end = np.array({b.tolist()})"
    found = recording(value("a_end", a), value("b_end", b), sources=[source])

    verdict = grade(found)

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)
    assert verdict.mistakes == ("typed-in",)
    assert "They fit the right training (" in verdict.explanation
    assert verdict.remarks[0] == "Typed in."


def test_printed_numbers_are_judged_like_held_ones(grade: Grade) -> None:
    found = recording(sources=["print(f())"], printed={1: lines(walk(1), 6)})

    verdict = grade(found)

    assert (verdict.outcome, verdict.points) == ("correct", 10)


def test_too_few_printed_digits_decide_nothing(grade: Grade) -> None:
    found = recording(sources=["print(f())"], printed={1: lines(walk(1), 2)})

    verdict = grade(found)

    assert (verdict.outcome, verdict.points, verdict.needs_review) == ("ungraded", 0, True)
    assert "too few digits are known" in verdict.explanation or "worth different" in (
        verdict.explanation
    )
