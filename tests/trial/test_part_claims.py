"""Claims of a rubric about parts: the values of a mistake are named and priced as it says."""

from dataclasses import replace

import pytest

from grader.rubric.model import Rubric
from grader.rubric.parts import Part
from grader.rubric.reference import Reference, open_rubric
from grader.trial.model import Claim, Judged
from grader.trial.part_claims import PartBench, part_claims_of, untried_of_parts
from tests.trial.asked import WRITTEN, solved


@pytest.fixture(scope="module")
def opened() -> tuple[Rubric, Reference]:
    return open_rubric(WRITTEN / "written.toml")


def judged(opened: tuple[Rubric, Reference], place: int) -> list[Judged]:
    rubric, reference = opened
    bench = PartBench(rubric, reference)
    claims = [one for one in part_claims_of(rubric, reference) if one.question == place]
    return [bench.judge(one, solved()) for one in claims if one.part == 0]


def repriced(rubric: Rubric, worth: dict[str, float]) -> Rubric:
    """The same rubric with other prices for the first part of its first question."""
    question = rubric.question[0]
    first: Part = question.parts[0].model_copy(update={"worth": worth})
    changed = question.model_copy(update={"parts": [first, *question.parts[1:]]})
    return rubric.model_copy(update={"question": [changed, *rubric.question[1:]]})


def test_every_convention_and_every_mistake_of_every_part_is_claimed(
    opened: tuple[Rubric, Reference],
) -> None:
    claims = part_claims_of(*opened)

    by_part = [(claim.question, claim.part) for claim in claims]
    assert by_part == [(0, 0), (0, 0), (0, 1), (0, 1), (1, 0), (1, 0), (1, 0)]
    assert untried_of_parts(*opened) == []


def test_a_mistake_is_named_and_priced(opened: tuple[Rubric, Reference]) -> None:
    right, wrong = judged(opened, 0)

    assert (right.mistake, right.got, right.holds) == ("", 2.0, True)
    assert (wrong.mistake, wrong.got, wrong.named) == ("keeps-sign", 1.0, ("keeps-sign",))
    assert wrong.holds
    assert (wrong.question, wrong.settings) == ("square, square", "sign = 'odd'")


def test_every_accepted_convention_has_full_marks(opened: tuple[Rubric, Reference]) -> None:
    assert [(one.got, one.holds) for one in judged(opened, 1)] == [(2.0, True)] * 3


def test_the_price_of_a_part_goes_before_that_of_the_mistake(
    opened: tuple[Rubric, Reference],
) -> None:
    rubric = repriced(opened[0], {"keeps-sign": 0.25})

    wrong = judged((rubric, opened[1]), 0)[1]

    assert (wrong.wanted, wrong.got, wrong.holds) == (0.5, 0.5, True)


def test_a_mistake_that_costs_nothing_is_named_by_its_remark(
    opened: tuple[Rubric, Reference],
) -> None:
    rubric = repriced(opened[0], {"keeps-sign": 1.0})

    wrong = judged((rubric, opened[1]), 0)[1]

    assert (wrong.got, wrong.named, wrong.holds) == (2.0, ("keeps-sign",), True)


def test_what_the_solution_was_not_asked_is_not_predicted(
    opened: tuple[Rubric, Reference],
) -> None:
    rubric, reference = opened

    found = PartBench(rubric, reference).judge(Claim(0, 0, part=1), solved())

    assert not found.predicted


def test_a_mistake_that_is_right_for_all_inputs_coincides(
    opened: tuple[Rubric, Reference],
) -> None:
    rubric, reference = opened
    recording = solved()
    positive = replace(
        recording,
        probes=tuple(
            replace(one, inputs={name: abs(x) for name, x in one.inputs.items()})
            for one in recording.probes
        ),
    )

    found = PartBench(rubric, reference).judge(Claim(0, 1, part=0), positive)

    assert found.coincides


def test_a_reference_that_fails_is_told(opened: tuple[Rubric, Reference]) -> None:
    rubric, reference = opened
    broken = replace(reference, functions={**reference.functions, "square": _fails})

    found = PartBench(rubric, broken).judge(Claim(0, 0, part=0), solved())

    assert "the reference raised ZeroDivisionError" in found.fault
    assert not found.holds


def _fails(given: object, *, sign: str = "even") -> None:
    raise ZeroDivisionError


_fails.__annotations__["sign"] = bool
_fails.__kwdefaults__["sign"] = True  # type: ignore[index]
