"""What is said to have become of a mutant."""

from typing import Any

import numpy as np
import pytest

from grader.trial.fates import fate_of
from grader.trial.model import Answer, Attempt
from grader.trial.mutation import Mutant

MUTANT = Mutant("sign flipped", "line 1", "a = b + c", "a = b - c", ("a = b - c",))
VALUE = np.array([1.0, 2.0])


def answer(**changed: Any) -> Answer:
    fields: dict[str, Any] = {
        "question": "line",
        "points": 4.0,
        "max_points": 4.0,
        "outcome": "correct",
        "mistakes": (),
        "conventions": {"order": "slope_first"},
        "needs_review": False,
        "explanation": "`line` (cell 2): right",
        "values": (VALUE,),
    }
    return Answer(**{**fields, **changed})


def attempt(drawn: str = "", **changed: Any) -> Attempt:
    return Attempt((answer(**changed),), drawn, ())


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        (attempt(points=2.0, mistakes=("slip",)), "named"),
        (attempt(points=0.0), "lost"),
        (attempt(points=0.0, needs_review=True), "person"),
        (attempt(), "unchanged"),
        (attempt(values=(VALUE * (1 + 1e-15),)), "rounding"),
        (attempt(values=(VALUE * (1 + 1e-9),)), "survivor"),
        (attempt(values=(VALUE[::-1],), conventions={"order": "other"}), "accepted"),
        (attempt(values=(VALUE[::-1],), mistakes=("remark",)), "accepted"),
        (attempt(values=(VALUE, VALUE)), "survivor"),
        (attempt(values=(np.array([np.nan, 2.0]),)), "survivor"),
        (attempt(points=0.0, fault=True), "fault"),
        (Attempt((), "", (), "the run failed"), "fault"),
    ],
)
def test_the_fate_of_a_mutant_follows_from_points_and_values(found: Attempt, kind: str) -> None:
    assert fate_of(MUTANT, found, attempt(), ()).kind == kind


def test_other_draws_explain_only_answers_that_depend_on_them() -> None:
    found = attempt(drawn="b", values=(VALUE + 1,))

    fates = [fate_of(MUTANT, found, attempt(drawn="a"), random) for random in (["line"], [])]

    assert [(fate.kind, fate.says) for fate in fates] == [
        ("accepted", "other random draws"),
        ("survivor", "line: `line` (cell 2): right"),
    ]


def test_an_accepted_mutant_names_the_convention() -> None:
    found = attempt(values=(VALUE[::-1],), conventions={"order": "intercept_first"})

    assert fate_of(MUTANT, found, attempt(), ()).says == "order intercept_first"
