"""The rounds mutants are run in: which are run short, which whole, and what becomes of them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.trial.desk import CELL_SECONDS, Result, Task, Written
from grader.trial.model import Answer, Attempt
from grader.trial.mutation import Mutant
from grader.trial.rounds import Original, Rounds, short_form
from tests.trial.asked import rubric_of

DOUBLE, TRAINING, UNUSED = "def double(x):\n    return 2 * x", "model = train(double)", "x = 1"
SOURCES = (DOUBLE, TRAINING, UNUSED)
WRITTEN = Written(SOURCES, seconds=None)
RUBRIC = rubric_of({"probe": "function", "name": "double"}, {"probe": "training", "name": "model"})
IN_DOUBLE = Mutant("sign flipped", "line 2", "2 * x", "3 * x", ("3", *SOURCES[1:]), 1, 2)
IN_TRAINING = Mutant("call dropped", "line 3", "m", "n", (DOUBLE, "model = 1", UNUSED), 2, 1)


def answer(number: int, **changed: Any) -> Answer:
    fields: dict[str, Any] = {
        "question": "q",
        "points": 1.0,
        "max_points": 1.0,
        "outcome": "correct",
        "mistakes": (),
        "conventions": {},
        "needs_review": False,
        "explanation": "fine",
        "values": (np.array([1.0]),),
        "key": f"q.{number}",
        "part": ("double", "model")[number],
        "trained": number == 1,
    }
    return Answer(**{**fields, **changed})


def attempt(double: dict[str, Any] | None = None, model: dict[str, Any] | None = None) -> Attempt:
    answers = (answer(0, **(double or {})), answer(1, **(model or {})))
    return Attempt(answers, "", (), seconds=(0.1, 7.0, 0.1))


def rounds_of(*mutants: Mutant) -> Rounds:
    original = Original(WRITTEN, attempt(), attempt(model={"points": 0.0}))
    return Rounds(RUBRIC, original, mutants)


def settled(rounds: Rounds, first: Attempt, second: Attempt | None = None) -> list[str]:
    results: dict[Task, Result] = dict.fromkeys(rounds.first(), first)
    rounds.settle_first(results)
    whole: dict[Task, Result] = dict.fromkeys(rounds.second(), second) if second else {}
    rounds.settle_second(whole)
    return [fate.kind for fate in rounds.fates()]


def test_the_short_form_leaves_out_what_took_long() -> None:
    short = short_form(WRITTEN, attempt())

    assert short.sources == (DOUBLE, "pass", UNUSED)


def test_parts_that_are_judged_alike_without_what_takes_long_are_quick() -> None:
    original = Original(WRITTEN, attempt(), attempt(model={"points": 0.0}))

    assert original.quick == {"q.0"}
    assert original.patience == 21.0
    assert Original(WRITTEN, Attempt((), "", ()), attempt()).patience == CELL_SECONDS


def test_a_mutant_of_a_function_is_run_short_and_asked_its_question_alone() -> None:
    [task] = rounds_of(IN_DOUBLE).first()

    assert task == Written(("3", "pass", UNUSED), frozenset({"q"}))


def test_a_mutant_of_the_training_is_run_whole_and_with_patience() -> None:
    rounds = rounds_of(IN_TRAINING)

    assert rounds.first() == []
    rounds.settle_first({})
    [task] = rounds.second()
    assert (task.sources, task.seconds) == (IN_TRAINING.sources, 21.0)


def test_a_mutant_that_loses_the_marks_of_its_part_is_killed() -> None:
    killed = attempt({"points": 0.0}, {"points": 0.0})

    assert settled(rounds_of(IN_DOUBLE), killed) == ["lost"]


def test_a_mutant_that_keeps_the_marks_of_its_part_survives_whatever_others_lose() -> None:
    kept = attempt({"values": (np.array([3.0]),)}, {"points": 0.0})

    assert settled(rounds_of(IN_DOUBLE), kept) == ["survivor"]


def test_what_gave_the_same_is_tried_with_its_training() -> None:
    same = attempt(model={"points": 0.0})

    assert settled(rounds_of(IN_DOUBLE), same, attempt(model={"points": 0.5})) == ["lost"]
    assert settled(rounds_of(IN_DOUBLE), same, attempt()) == ["unchanged"]


def test_what_trains_as_well_is_accepted() -> None:
    other = attempt(model={"values": (np.array([2.0]),)})

    assert settled(rounds_of(IN_TRAINING), attempt(), other) == ["accepted"]


def test_without_a_second_round_what_needs_it_is_untried() -> None:
    assert settled(rounds_of(IN_TRAINING), attempt()) == ["untried"]


def test_of_very_many_trainings_some_are_tried_evenly_spread() -> None:
    many = [replace(IN_TRAINING, sources=(*SOURCES, str(number))) for number in range(150)]
    rounds = rounds_of(*many)
    rounds.settle_first({})

    tasks = rounds.second()
    rounds.settle_second({task: attempt(model={"points": 0.0}) for task in tasks})

    assert [int(task.sources[-1]) for task in tasks] == list(range(0, 150, 3))
    kinds = [fate.kind for fate in rounds.fates()]
    assert (kinds.count("lost"), kinds.count("untried")) == (50, 100)


def test_code_that_nothing_rests_on_is_told_apart() -> None:
    rubric = rubric_of({"probe": "function", "name": "double"})
    mutant = Mutant("constant changed", "line 4", "x = 1", "x = 2", SOURCES, 3, 1)
    rounds = Rounds(rubric, Original(WRITTEN, attempt(), attempt()), [mutant])

    assert settled(rounds, attempt()) == ["untouched"]


def test_a_notebook_that_a_process_died_of_is_a_fault() -> None:
    rounds = rounds_of(IN_DOUBLE)

    rounds.settle_first({})

    assert [fate.kind for fate in rounds.fates()] == ["fault"]


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"conventions": {"at_zero": "one"}}, "accepted"),
        ({"remarks": ("it overflows",)}, "accepted"),
        ({"values": (np.array([1.0 + 1e-15]),)}, "rounding"),
        ({"points": 0.5, "mistakes": ("slip",)}, "named"),
        ({"points": 0.0, "needs_review": True}, "person"),
        ({"fault": True}, "fault"),
    ],
)
def test_the_fate_of_a_part_is_told_like_that_of_a_value(
    changed: dict[str, Any], kind: str
) -> None:
    values = {"values": (np.array([2.0]),)} if kind == "accepted" else {}

    assert settled(rounds_of(IN_DOUBLE), attempt({**values, **changed})) == [kind]


def test_a_fate_tells_the_parts_whose_code_was_changed() -> None:
    rounds = rounds_of(IN_DOUBLE)

    rounds.settle_first({task: attempt({"points": 0.0}) for task in rounds.first()})

    assert [fate.parts for fate in rounds.fates()] == [("q, double",)]
