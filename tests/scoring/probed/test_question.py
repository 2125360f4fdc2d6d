from typing import Any

import pytest

from grader.execution.asking.about import about
from grader.recording.model import Recording
from grader.rubric.parts import Part
from grader.scoring.grade import Scorer
from grader.scoring.probed.findings import Finding, Judged, carried, doubted, part_verdict
from grader.scoring.verdict import Verdict
from tests.scoring.probed.conftest import ask_cells, reference_of, rubric_of

TANH = {"probe": "function", "name": "tanh", "expect": "tanh", "inputs": "activation_inputs"}
RELU = {**TANH, "name": "relu", "expect": "relu"}
PART = Part(probe="training", name="net", points=4)


def judged(source: str, *parts: dict[str, Any], asked: dict[str, Any] | None = None) -> Verdict:
    """Judge a question with these parts by what asking for each of them gave."""
    probes = [probe for part in parts for probe in ask_cells(source, **(asked or part)).probes]
    rubric = rubric_of(dict(parts[0]), {"points": 10 * len(parts)}, "reference.ps1")
    [question] = rubric.question
    whole = [Part(points=10, **part) for part in parts]
    rubric = rubric.model_copy(update={"question": [question.model_copy(update={"parts": whole})]})
    recording = Recording("s", "s.ipynb", "k", probes=tuple(probes))
    return Scorer(rubric, reference_of("reference.ps1")).grade(recording).verdicts[0]


RIGHT = "import numpy as np\ndef tanh(x): return np.tanh(x)\n"


@pytest.mark.parametrize(
    ("source", "points", "outcome", "says"),
    [
        (f"{RIGHT}def relu(x): return np.maximum(x, 0)", 20, "correct", "Right: tanh and relu."),
        (f"{RIGHT}def relu(x): return x", 10, "partial", "Right: tanh; not right: relu."),
        (RIGHT, 10, "partial", "Right: tanh; not found: relu."),
        ("1", 0, "missing", "Not found: tanh and relu."),
        ("def relu(x): return x", 0, "wrong", "Not right: relu; not found: tanh."),
    ],
)
def test_parts_add_up_and_are_told_together(
    source: str, points: float, outcome: str, says: str
) -> None:
    verdict = judged(source, TANH, RELU)

    assert (verdict.points, verdict.outcome, verdict.explanation) == (points, outcome, says)


def test_a_part_that_was_never_asked_for_waits_for_a_person() -> None:
    verdict = judged(RIGHT, TANH, asked=RELU)

    assert (verdict.outcome, verdict.needs_review, verdict.points) == ("ungraded", True, 0)
    assert "was not called" in verdict.explanation


@pytest.mark.parametrize(
    "mended",
    [
        {"points": 3},
        {"title": "the tangent"},
        {"expect": "tanh"},
        {"worth": {"overflow": 0.5}},
        {"accept": {"of": "output"}},
    ],
)
def test_what_only_judging_depends_on_needs_no_second_run(mended: dict[str, Any]) -> None:
    assert about(Part(**{"points": 1, **TANH, **mended})) == about(Part(points=2, **TANH))


@pytest.mark.parametrize(
    "changed",
    [{"name": "tan"}, {"inputs": "loss_inputs"}, {"aliases": ["t"]}, {"seconds": 3.0}],
)
def test_what_asking_depends_on_makes_it_another_part(changed: dict[str, Any]) -> None:
    assert about(Part(points=1, **{**TANH, **changed})) != about(Part(points=1, **TANH))


FOLLOWS = Finding("accuracy", "It did not learn.", 0.5, follows=True)
OWN = Finding("sizes", "Other layers.", 0.5)


@pytest.mark.parametrize(
    ("charged", "points", "mistakes"),
    [((), 0, ("accuracy", "sizes")), (("1.1",), 2, ("sizes",))],
)
def test_what_follows_of_a_mistake_charged_before_costs_nothing(
    charged: tuple[str, ...], points: float, mistakes: tuple[str, ...]
) -> None:
    verdict = part_verdict(PART, carried(Judged("Trained.", (FOLLOWS, OWN)), charged))

    assert (verdict.points, verdict.mistakes) == (points, mistakes)


def test_what_costs_nothing_any_more_is_still_told_with_its_reason() -> None:
    verdict = part_verdict(PART, carried(Judged("Trained.", (FOLLOWS,)), ("1.1", "1.2")))

    assert verdict.outcome == "correct"
    assert verdict.remarks == (
        "It did not learn.",
        "That may come of what was charged in 1.1 and 1.2, and costs nothing here.",
    )


SLOPE = {"probe": "derivative", "name": "tanh_grad", "of": "tanh", "inputs": "derivative_inputs"}


@pytest.mark.parametrize(
    ("slope", "points"),
    [
        ("1 - np.tanh(x) ** 2", 10),
        ("1 / np.cosh(x) ** 2", 10),
        ("np.tanh(x) ** 2 - 1", 5),
        ("np.cos(x)", 0),
        ("x", 0),
    ],
)
def test_a_derivative_the_reference_has_no_function_for_is_held_against_differences(
    slope: str, points: float
) -> None:
    verdict = judged(f"{RIGHT}def tanh_grad(x): return {slope}", TANH, SLOPE)

    assert verdict.parts[1].points == points


def test_where_much_hangs_on_it_what_may_follow_is_left_to_a_person() -> None:
    judged = Judged("It trains.", (FOLLOWS,))

    verdict = part_verdict(PART, doubted(judged, ("1.1",)))

    assert (verdict.needs_review, verdict.points) == (True, 0)
    assert verdict.explanation.endswith("charged in 1.1; a person decides.")
    assert part_verdict(PART, doubted(judged, ())).points == 2


@pytest.mark.parametrize(("follows", "waits"), [(True, False), (False, True)])
def test_a_doubt_that_follows_is_settled_by_what_was_charged(follows: bool, waits: bool) -> None:
    judged = Judged("", (FOLLOWS,), doubt="Slow; a person decides.", doubt_follows=follows)

    verdict = part_verdict(PART, carried(judged, ("1.1",)))

    assert verdict.needs_review == waits
