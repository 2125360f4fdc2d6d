"""Claims of a rubric about parts: the values of a mistake are named and priced as it says."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.execution.asking.about import about
from grader.execution.asking.asked import Asked
from grader.execution.asking.cases import Case
from grader.execution.asking.kinds import ask
from grader.execution.outcome import Step
from grader.recording.model import ProbeResult, Recording, Returned, StepResult
from grader.rubric.loading import load
from grader.rubric.model import Rubric
from grader.rubric.parts import Part
from grader.rubric.reference import Reference, open_rubric
from grader.trial.model import Claim, Judged
from grader.trial.part_claims import PartBench, part_claims_of, untried_of_parts
from tests.trial.asked import WRITTEN, rubric_of, solved


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


def gradient_rubric() -> Rubric:
    conventions = {"reduction": ["mean", "sum"], "factor": ["one", "half"]}
    loss = {"probe": "loss", "inputs": "loss_inputs", "accept": conventions}
    slip = {"id": "sign", "when": {"order": "label_minus_prediction"}, "says": "S.", "worth": 0.5}
    return rubric_of(
        {**loss, "name": "mse", "expect": "mse"},
        {**loss, "name": "mse_grad", "expect": "mse_grad", "of": "mse"},
        mistakes=(slip,),
    )


def mean_loss(step: Step, sent: Asked) -> np.ndarray:
    """The mean squared error around an input; at it, where that is all that is asked."""
    way, number = step.name[:-1], step.name[-1]
    first, last = (sent.inputs[f"case{number}_{name}"] for name in ("y_true", "y_pred"))
    rows = sent.inputs.get(f"{way}_moved{number}", last[None])
    other = last if way == "across" else first
    return np.array([np.mean((row - other) ** 2) for row in rows])


def gradient_asked() -> Recording:
    """What a solution is asked about a gradient; its own loss is the mean over all entries."""
    cases = load("reference.ps1", Path("a.toml")).inputs("loss_inputs")(0)
    labels = {"a": cases["one example"], "b": cases["a batch"]}
    part = gradient_rubric().question[0].parts[1]
    sent = ask(part, part.name, [Case(label, case) for label, case in labels.items()], ())
    steps = tuple(
        StepResult(step.name, "ndarray", values={"": Returned(mean_loss(step, sent), "numpy")})
        for step in sent.steps
    )
    inputs = {**sent.inputs, **sent.withheld}
    made = ProbeResult(about(part), part.name, None, tuple(labels), inputs, steps)
    return replace(solved(), probes=(made,))


def test_a_gradient_is_claimed_beside_the_loss_of_its_own_conventions() -> None:
    rubric, reference = gradient_rubric(), load("reference.ps1", Path("a.toml"))
    claims = [one for one in part_claims_of(rubric, reference) if one.part == 1]
    bench = PartBench(rubric, reference)

    found = [bench.judge(claim, gradient_asked()) for claim in claims]

    assert [one for one in found if not one.holds] == []
    assert {one.mistake: one.got for one in found} == {"": 1.0, "sign": 0.5}
    assert len(found) == 8
