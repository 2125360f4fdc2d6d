"""The composed notebooks: the same ones every time, doing what they are said to do."""

from collections import Counter
from pathlib import Path

import pytest

from grader.rubric.read import read_rubric
from tests.bench import validity
from tests.bench.composed.assembly import compose
from tests.bench.composed.choosing import choose_half
from tests.bench.composed.deeds import DECLARED, NUMPY, TORCH, UNDECLARED
from tests.bench.composed.judging import Judged, due
from tests.bench.composed.plan import Odd, Truth
from tests.bench.composed.running import faults, prove, run

MANY = [compose(7, index) for index in range(400)]
RUBRIC = read_rubric(validity.RUBRIC)


def test_a_number_always_gives_the_same_notebook() -> None:
    assert compose(3, 11) == compose(3, 11)
    assert compose(3, 11).notebook() == compose(3, 11).notebook()


def test_no_two_notebooks_are_alike() -> None:
    assert len({one.cells for one in MANY}) == len(MANY)


def test_every_way_of_writing_is_used() -> None:
    assert {half.style for one in MANY for half in one.halves} == {*NUMPY, *TORCH}


def test_every_mistake_of_the_rubric_is_made() -> None:
    declared = {mistake.id for question in RUBRIC.question for mistake in question.mistake}

    made = {deed.mistake for deed in DECLARED}

    assert made == {name for name in declared if not _is_transformed(name)}


def _is_transformed(name: str) -> bool:
    """Say whether a mistake is known only by what became of the value."""
    tables = [m for q in RUBRIC.question for m in q.mistake if m.id == name]
    return all(table.transform for table in tables)


def test_right_halves_and_wrong_ones_are_both_common() -> None:
    deeds = Counter(truth.deed for one in MANY for truth in one.truths.values())

    assert deeds["right"] > len(MANY)
    assert len(deeds) > len({deed.mistake for deed in DECLARED}) + len(UNDECLARED) / 2


def test_no_notebook_as_handed_in_tells_anything_or_sets_a_seed_but_by_mistake() -> None:
    for one in MANY:
        source = "\n".join(source for _, source in one.cells)
        assert "_told_" not in source
        assert "_drawn_" not in source
        if not any(half.draws == "repeated" for half in one.halves):
            assert "seed(" not in source


def test_programs_do_what_they_are_said_to_do() -> None:
    assert [said for one in MANY[:8] for said in prove(one)] == []


def test_a_program_that_does_something_else_is_found() -> None:
    one = next(o for o in MANY if all(truth.deed == "right" for truth in o.truths.values()))
    told = run(one)
    told["numpy"].values["gradient"][0] = {
        name: value + 0.01 for name, value in told["numpy"].values["gradient"][0].items()
    }

    assert [said.split(" ")[0] for said in faults(one, told)] == ["gradient-numpy"]


def test_the_points_due_are_those_of_the_rubric() -> None:
    question = RUBRIC.question[0]
    twice, odd = Truth(frozenset({"softmax-twice"})), Truth(odd=Odd("tanh", ("forward",)))

    assert due(RUBRIC, question, Truth(), {}) == question.points
    assert due(RUBRIC, question, twice, {}) == question.points / 2
    assert due(RUBRIC, question, odd, {}) is None


def test_a_mistake_paid_for_upstream_costs_nothing_downstream() -> None:
    first, second = RUBRIC.question[0], RUBRIC.question[2]
    following = second.model_copy(update={"follows": [first.id]})
    rubric = RUBRIC.model_copy(update={"question": [first, following]})
    twice = Truth(frozenset({"softmax-twice"}))

    assert due(rubric, following, twice, {first.id: twice.mistakes}) == second.points
    assert due(rubric, following, twice, {first.id: frozenset()}) == second.points / 2


@pytest.mark.parametrize(
    ("truth", "points", "wanted"),
    [
        (Truth(), 15, False),
        (Truth(frozenset({"softmax-twice"})), 15, True),
        (Truth(odd=Odd("tanh", ("forward",))), 15, True),
        (Truth(odd=Odd("tanh", ("forward",))), 0, False),
    ],
)
def test_full_marks_for_wrong_work_are_false(truth: Truth, points: float, wanted: bool) -> None:
    owed = None if truth.odd else 7.5 if truth.mistakes else 15
    one = Judged("n", "q", "script", truth, "right", points, owed, 15, "", well_named=False)

    assert one.false_full is wanted


def test_halves_are_chosen_by_chance_alone() -> None:
    import random

    assert choose_half(random.Random(5), "torch") == choose_half(random.Random(5), "torch")


@pytest.mark.proof
def test_a_sample_gets_no_marks_it_must_not(tmp_path: Path) -> None:
    judged = validity.grade_all([compose(1, index) for index in range(4, 8)], tmp_path, jobs=2)

    assert len(judged) == 4 * len(RUBRIC.question)
    assert [one for one in judged if one.false_full] == []
