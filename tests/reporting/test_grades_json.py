import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from grader.reporting import write_grades_json
from grader.reporting.grades_schema import SCHEMA
from grader.scoring.reproduction import Reproduction
from grader.scoring.verdict import CriterionVerdict, Decided, Grade
from tests.reporting.made import class_of, evidence, grade, verdict


def _written(folder: Path, *grades: Grade) -> Any:
    write_grades_json(class_of(*grades), folder / "grades.json")
    return json.loads((folder / "grades.json").read_text("utf-8"), parse_constant=_refuse)


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def test_the_file_follows_the_contract(tmp_path: Path) -> None:
    found = verdict(
        points=2.0,
        outcome="partial",
        mistakes=("doubled",),
        conventions={"order": "slope_first"},
        evidence=(evidence(cell=12, part="x", max_abs_error=2e-9),),
    )

    written = _written(tmp_path, grade(found, note="Well done."))

    assert written == {
        "format": "gradmark/grades/1",
        "assignment": "lines",
        "rubric_digest": "0123456789abcdef" * 4,
        "submissions": [
            {
                "id": "student-01",
                "file": "student-01.ipynb",
                "points": 2.0,
                "max_points": 4.0,
                "status": "graded",
                "note": "Well done.",
                "seconds": 1.235,
                "reproduction": None,
                "questions": [
                    {
                        "id": "line",
                        "points": 2.0,
                        "max_points": 4.0,
                        "outcome": "partial",
                        "cause": None,
                        "conventions": {"order": "slope_first"},
                        "mistakes": ["doubled"],
                        "explanation": "It is right.",
                        "evidence": [
                            {
                                "cell": 12,
                                "origin": "variable",
                                "path": "slope",
                                "part": "x",
                                "max_abs_error": 2e-9,
                            }
                        ],
                        "needs_review": False,
                        "parts": [],
                        "criteria": [],
                        "answer": "",
                        "decision": None,
                    }
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    "grades",
    [
        (),
        (grade(status="ungraded", note="Not a notebook."),),
        (grade(verdict(cause="timed_out", evidence=(evidence(),)), verdict("curve")), grade()),
        (grade(reproduction=Reproduction("agrees", "It agrees.")),),
    ],
)
def test_every_file_satisfies_the_committed_schema(tmp_path: Path, grades: tuple[Grade]) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(_written(tmp_path, *grades), schema)


def test_what_a_person_decided_stands_beside_what_was_found(tmp_path: Path) -> None:
    before = verdict(points=0, outcome="ungraded", answer="The \ud800middle.")
    criterion = CriterionVerdict("tells", "what it tells", 4, 3.0, "No example.")
    decided = Decided(before, comment="Well.", by="T", at="2024-05-02T10:30:00+00:00")
    found = replace(before, points=3.0, outcome="partial", criteria=(criterion,), decided=decided)

    written = _written(tmp_path, grade(found))

    entry = written["submissions"][0]["questions"][0]
    assert entry["answer"] == "The \ufffdmiddle."
    assert entry["criteria"] == [
        {
            "id": "tells",
            "says": "what it tells",
            "points": 3.0,
            "max_points": 4.0,
            "reason": "No example.",
        }
    ]
    assert entry["decision"] == {
        "overruled": False,
        "reason": "",
        "comment": "Well.",
        "by": "T",
        "at": "2024-05-02T10:30:00+00:00",
        "points_before": 0.0,
        "outcome_before": "ungraded",
    }
    jsonschema.validate(written, json.loads(SCHEMA.read_text("utf-8")))


@pytest.mark.parametrize("error", [float("nan"), float("inf")])
def test_a_difference_that_is_not_finite_is_null(tmp_path: Path, error: float) -> None:
    found = verdict(evidence=(evidence(max_abs_error=error),))

    written = _written(tmp_path, grade(found))

    assert written["submissions"][0]["questions"][0]["evidence"][0]["max_abs_error"] is None


@pytest.mark.parametrize("points", [float("nan"), float("inf"), -1.0])
def test_points_that_are_no_points_are_refused_and_nothing_is_written(
    tmp_path: Path, points: float
) -> None:
    with pytest.raises(ValidationError):
        _written(tmp_path, grade(verdict(points=points)))

    assert list(tmp_path.iterdir()) == []


def test_text_no_file_can_hold_does_not_stop_the_class(tmp_path: Path) -> None:
    found = verdict(explanation="\ud800", evidence=(evidence(path="\udfff"),))

    written = _written(tmp_path, grade(found, note="\ud800", submission="s\udc80"))

    assert written["submissions"][0]["id"] == "s\ufffd"


def test_what_came_of_the_stored_outputs_is_written(tmp_path: Path) -> None:
    found = Reproduction("does_not_reproduce", "cell 1 printed 1 here, 2 in the \ud800 file.")

    written = _written(tmp_path, grade(verdict(), reproduction=found))

    assert written["submissions"][0]["reproduction"] == {
        "state": "does_not_reproduce",
        "sentence": "cell 1 printed 1 here, 2 in the \ufffd file.",
    }
