"""Figures are held to the targets, and a missed one says why."""

import pytest

from tests.bench import targets
from tests.bench.figures import ClassRun, Figures, Lap, Measured, MemoryCourse
from tests.bench.report import render
from tests.bench.targets import judge


def measured(way: str, workers: int, seconds: float) -> Measured:
    lap = Lap(count=4, wall=4 * seconds / workers, start=1.0, each=[seconds] * 4)
    return Measured(way=way, workers=workers, laps=[lap])


def figures(*ways: Measured, whole: ClassRun | None = None) -> Figures:
    return Figures(machine={}, count=4, rounds=1, ways=list(ways), whole=whole)


def class_run(*, seconds: float = 50.0, late: int = 100, deviating: list[str]) -> ClassRun:
    course = MemoryCourse(peak=110, early=100, late=late, looks=9, unseen=False)
    return ClassRun(
        notebooks=1000,
        samples=25,
        record=seconds - 5,
        score=5.0,
        rescore=4.0,
        judge=2.0,
        recording=course,
        scoring=course,
        deviating=deviating,
        faults=0,
    )


def met(found: Figures) -> dict[str, bool]:
    return {target.name: target.met for target in judge(found)}


@pytest.mark.parametrize(("ours", "holds"), [(0.054, True), (0.056, False)])
def test_the_overhead_is_held_to_the_statements_of_the_same_run(ours: float, holds: bool) -> None:
    found = figures(measured("exec", 1, 0.020), measured("ours", 1, ours))

    assert met(found) == {"overhead": holds}


@pytest.mark.parametrize(("slowest", "holds"), [(3.1, True), (2.9, False)])
def test_the_throughput_is_held_to_the_faster_of_the_others(slowest: float, holds: bool) -> None:
    found = figures(
        measured("ours", 2, 0.05), measured("nbgrader", 2, slowest), measured("otter", 2, 5.0)
    )

    assert met(found) == {"throughput": holds}


def test_a_class_is_held_to_time_memory_rescoring_and_equal_marks() -> None:
    well = class_run(deviating=[])
    badly = class_run(seconds=61.0, late=106, deviating=["student-0007, a copy of student-07"])

    assert met(figures(whole=well)) == dict.fromkeys(
        ["class", "memory", "rescoring", "equal"], True
    )
    assert not any(
        value for name, value in met(figures(whole=badly)).items() if name != "rescoring"
    )


def test_a_missed_target_stands_in_the_report_with_its_figure_and_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(targets.REASONS, "overhead", "It was a slow day.")

    page = render(figures(measured("exec", 1, 0.020), measured("ours", 1, 0.056)))

    assert "56 ms; allowed 55 ms | **missed**: It was a slow day." in page


def test_a_way_that_could_not_be_measured_stands_in_the_report() -> None:
    page = render(
        figures(Measured(way="nbgrader", workers=1, refused="no\n/here/or/there/pip was found."))
    )

    assert "not measured: no pip was found." in page
