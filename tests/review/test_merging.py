"""Grades with decisions in them: points, status, and what is asked anew."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from grader.review.decisions import Decision, Decisions, made_of
from grader.review.merging import substance, undecided, with_decisions
from grader.scoring.verdict import CriterionVerdict, Grade, PartVerdict, Verdict
from tests.reporting.made import evidence, grade, verdict

NOW = datetime(2024, 5, 2, 10, 30, tzinfo=UTC)
MEAN = verdict("mean", evidence=(evidence(),))
WHY = verdict(
    "why",
    points=0,
    max_points=6,
    outcome="ungraded",
    explanation="What you wrote is read by a person.",
    needs_review=True,
    answer="The middle.",
    criteria=(
        CriterionVerdict("tells", "what it tells", 2, judged="1" * 64),
        CriterionVerdict("hides", "what it hides", 4, judged="2" * 64),
    ),
)


def submission(*verdicts: Verdict, **more: Any) -> Grade:
    status = "needs_review" if any(each.needs_review for each in verdicts) else "graded"
    return grade(*verdicts, **{"status": status, "note": "why: it waits", **more})


def criterion(name: str, points: float, **more: Any) -> Decision:
    judged = {one.id: one.judged for one in WHY.criteria}[name]
    return decision("why", points, kind="criterion", criterion=name, judged=judged, **more)


def decision(question: str, points: float | None, **more: Any) -> Decision:
    fields = {"kind": "points", "text": "As agreed.", "at": NOW, **more}
    return Decision(submission="student-01", question=question, points=points, **fields)


def decided(*made: Decision) -> Decisions:
    return made_of("lines", made)


def of(graded: Grade, question: str) -> Verdict:
    return next(each for each in graded.verdicts if each.question == question)


def test_a_grade_about_which_nothing_is_decided_is_the_same_object() -> None:
    before = submission(MEAN, WHY)

    assert with_decisions(before, decided()) is before


def test_one_criterion_of_two_leaves_the_question_waiting() -> None:
    merged = with_decisions(submission(MEAN, WHY), decided(criterion("tells", 1.5)))

    why = of(merged, "why")
    assert (merged.status, merged.points, why.outcome) == ("needs_review", 5.5, "ungraded")
    assert [one.points for one in why.criteria] == [1.5, None]


@pytest.mark.parametrize(
    ("points", "outcome"), [((2, 4), "correct"), ((2, 1), "partial"), ((0, 0), "wrong")]
)
def test_all_criteria_make_the_points_and_nothing_waits(
    points: tuple[float, float], outcome: str
) -> None:
    made = decided(criterion("tells", points[0]), criterion("hides", points[1]))

    merged = with_decisions(submission(MEAN, WHY), made)

    why = of(merged, "why")
    assert (merged.status, merged.note, merged.points) == ("graded", "", 4 + sum(points))
    assert (why.outcome, why.points, why.waits) == (outcome, sum(points), False)
    assert why.explanation.startswith(f"Read by your teacher: {sum(points)} of 6")


def test_points_of_parts_are_kept_beside_those_of_criteria() -> None:
    both = replace(WHY, points=3.0, max_points=9)
    doubted = replace(both, rest_waits=True)
    made = decided(criterion("tells", 2), criterion("hides", 4))

    sure = of(with_decisions(submission(both), made), "why")
    unsure = of(with_decisions(submission(doubted), made), "why")

    assert (sure.outcome, sure.points, sure.waits) == ("correct", 9, False)
    assert (unsure.outcome, unsure.points, unsure.needs_review) == ("ungraded", 9, True)


def test_nothing_written_can_be_overruled_and_judged_all_the_same() -> None:
    missing = replace(
        WHY,
        outcome="missing",
        needs_review=False,
        criteria=tuple(replace(one, points=0.0) for one in WHY.criteria),
    )
    made = decided(criterion("tells", 2))

    merged = of(with_decisions(submission(missing), made), "why")

    assert (merged.outcome, merged.points) == ("partial", 2)


def test_an_overruled_verdict_has_the_points_and_the_reason() -> None:
    wrong = verdict("mean", points=0, outcome="wrong", mistakes=("doubled",), explanation="Twice.")
    judged = substance(wrong)

    partly = of(
        with_decisions(submission(wrong), decided(decision("mean", 3, judged=judged))), "mean"
    )
    fully = of(
        with_decisions(submission(wrong), decided(decision("mean", 4, judged=judged))), "mean"
    )

    assert (partly.points, partly.outcome, partly.mistakes) == (3, "partial", ("doubled",))
    assert partly.explanation == "Set to 3 of 4 by your teacher: As agreed."
    assert (fully.outcome, fully.mistakes) == ("correct", ())
    assert undecided(fully) is wrong


def test_overruling_stands_above_criteria() -> None:
    made = decided(criterion("tells", 2), decision("why", 6, judged=substance(WHY)))

    merged = of(with_decisions(submission(WHY), made), "why")

    assert (merged.points, merged.outcome, merged.waits) == (6, "correct", False)


@pytest.mark.parametrize(
    "changed",
    [
        {"points": 1},
        {"max_points": 5},
        {"outcome": "partial"},
        {"mistakes": ("halved",)},
        {"explanation": "Half."},
        {"parts": (PartVerdict("mean", 1, 2, "partial", "It is half."),)},
    ],
)
def test_a_grader_that_says_something_else_is_no_longer_overruled(changed: Any) -> None:
    wrong = verdict("mean", points=0, outcome="wrong", explanation="Twice.")
    made = decided(decision("mean", 3, judged=substance(wrong)))
    now = submission(replace(wrong, **changed))

    assert with_decisions(now, made) is now


def test_a_changed_answer_is_asked_about_anew() -> None:
    other = (replace(WHY.criteria[0], judged="3" * 64), WHY.criteria[1])
    made = decided(criterion("tells", 2), criterion("hides", 4))

    merged = of(with_decisions(submission(replace(WHY, criteria=other)), made), "why")

    assert [one.points for one in merged.criteria] == [None, 4]
    assert merged.waits


def test_points_above_what_the_rubric_gives_now_do_not_count() -> None:
    made = decided(criterion("tells", 2.5))

    assert of(with_decisions(submission(WHY), made), "why").criteria[0].points is None


def test_a_comment_changes_no_points() -> None:
    made = decided(
        decision("mean", None, kind="comment", text="Well done.", judged=substance(MEAN))
    )

    merged = with_decisions(submission(MEAN), made)

    mean = of(merged, "mean")
    assert (merged.points, mean.outcome, mean.explanation) == (4, "correct", MEAN.explanation)
    assert mean.decided is not None
    assert (mean.decided.comment, mean.decided.overruled) == ("Well done.", False)


def test_other_decisions_take_the_place_of_those_merged_before() -> None:
    before = submission(MEAN, WHY, note="why: What you wrote is read by a person.")
    once = with_decisions(before, decided(criterion("tells", 2), criterion("hides", 4)))

    back = with_decisions(once, decided())

    assert (back.points, back.status, back.note) == (before.points, before.status, before.note)
    assert back.verdicts == before.verdicts


def test_a_file_nobody_could_read_is_graded_when_all_of_it_is_decided() -> None:
    unread = [verdict(each, points=0, outcome="ungraded") for each in ("one", "two")]
    cut = submission(*unread, status="ungraded", note="It is cut off.")
    made = [decision(each.question, 4, judged=substance(each)) for each in unread]

    half = with_decisions(cut, decided(made[0]))
    whole = with_decisions(half, decided(*made))

    assert (half.status, half.note) == ("ungraded", "It is cut off.")
    assert (whole.status, whole.points) == ("graded", 8)
    assert with_decisions(whole, decided()).status == "ungraded"


def test_decisions_about_others_do_nothing() -> None:
    foreign = decision("mean", 0, judged=substance(MEAN)).model_copy(update={"submission": "bob"})
    graded = submission(MEAN)

    assert with_decisions(graded, decided(foreign)) is graded
