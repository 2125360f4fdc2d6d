import base64
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.exchange.reporter import LONGEST, encoded, reporter_json
from grader.exchange.shares import MOST, Part, share
from grader.results.model import Check, CheckResult
from tests.exchange.reporter import counted, decoded, log, notices, official
from tests.exchange.results import FIXED, NEWTON, OURS, THEIRS, numbers, results, weighed
from tests.exchange.runner import commands_in

SCRIPT = Path(__file__).with_name("reporter.py")
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def said(result: CheckResult, max_score: float | None = None) -> dict[str, Any]:
    return decoded(encoded(result, max_score=max_score))


def totals(document: dict[str, Any]) -> tuple[str, str, float]:
    """Give the total of the log, the official one and the maximum."""
    total, maximum = official([("one", document)])
    return f"{counted(document):.2f}", f"{total:.2f}", maximum


def of_points(*pairs: tuple[float, float]) -> CheckResult:
    checks = [
        replace(
            NEWTON,
            question=f"q{number}",
            points=earned,
            max_points=maximum,
            outcome="correct" if earned == maximum else "partial" if earned else "wrong",
        )
        for number, (earned, maximum) in enumerate(pairs)
    ]
    return replace(FIXED, checks=tuple(checks))


@SLOW
@given(weighed(), st.one_of(st.none(), st.integers(1, 1000), numbers()))
def test_both_totals_of_the_reporter_agree(result: CheckResult, max_score: float | None) -> None:
    document = said(result, max_score)

    counts, adds, maximum = totals(document)

    assert counts == adds if document["max_score"] else not document["max_score"]
    assert maximum == document["max_score"]
    assert len(adds.split(".")[1]) == 2


@SLOW
@given(weighed())
def test_the_official_total_has_two_decimals_as_the_reporter_prints_it(result: CheckResult) -> None:
    printed = notices([("one", said(result))])

    for number in [part for line in printed[:1] for part in line.split("Points ")[1].split("/")]:
        assert len(number.partition(".")[2]) <= 2


@SLOW
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=9))
def test_points_of_quarters_are_exact(pairs: list[tuple[int, int]]) -> None:
    result = of_points(*((min(a, b) / 4, b / 4) for a, b in pairs))

    document = said(result)

    assert official([("one", document)]) == (result.points, result.max_points)
    assert [t["score"] for t in document["tests"][: len(pairs)]] == [
        c.points for c in result.public
    ]


@SLOW
@given(weighed(), st.one_of(st.none(), st.integers(1, 1000)))
def test_rounding_is_small_and_never_makes_full_marks(
    result: CheckResult, max_score: int | None
) -> None:
    document = said(result, max_score)

    total, maximum = official([("one", document)])

    if maximum:
        passing = [one.points >= one.max_points for one in result.public]
        room = max(0.0101, 0.0051 / maximum)  # a hundredth of it, or half a cent
        assert abs(total / maximum - result.points / result.max_points) <= room
        assert (total == maximum) == all(passing)
        assert (total > 0) >= any(passing)


@SLOW
@given(results())
def test_all_that_is_sent_fits_and_holds_what_the_reporter_reads(result: CheckResult) -> None:
    document = said(result)

    assert len(encoded(result)) <= LONGEST
    assert document["tests"]
    assert document["status"] in {"pass", "fail", "error"}
    for test in document["tests"]:
        assert test["status"] in {"pass", "fail", "error"}
        assert isinstance(test["score"], int | float)
        assert test["name"]
        assert test["line_no"] == 0


@SLOW
@given(results())
def test_no_line_the_reporter_prints_is_a_command_of_somebody_elses(result: CheckResult) -> None:
    document = [("one", said(result))]

    assert commands_in("\n".join(log(document))) == []
    assert len(commands_in("\n".join(notices(document)))) == len(notices(document))


def test_the_stand_in_is_open_to_commands_where_text_is_not_made_plain() -> None:
    test = {"name": "a", "status": "pass", "score": 1, "line_no": 0, "test_code": "::notice::x"}
    document = {"status": "pass", "max_score": 1, "tests": [test]}

    assert commands_in("\n".join(log([("one", document)]))) == ["::notice::x"]


def test_equal_questions_all_or_nothing_are_one_test_each() -> None:
    result = of_points((10, 10), (0, 10), (10, 10), (0, 10))

    document = said(result)

    assert len(document["tests"]) == 4
    assert totals(document) == ("20.00", "20.00", 40)


def test_partial_points_add_tests_of_no_points() -> None:
    document = said(of_points((6, 6), (1.5, 4)))

    assert [test["score"] for test in document["tests"]] == [6, 1.5, 0, 0]
    assert [test["status"] for test in document["tests"]] == ["pass", "fail", "pass", "pass"]
    assert totals(document) == ("7.50", "7.50", 10)


def test_a_tenth_and_two_tenths_make_three_tenths() -> None:
    printed = notices([("one", said(of_points((0.1, 0.1), (0.2, 0.2), (0.0, 0.7))))])

    assert printed[0].endswith("Points 0.3/1")


def test_the_maximum_can_be_chosen() -> None:
    document = said(FIXED, 100)

    assert document["max_score"] == 100
    assert totals(document)[:2] == ("31.25", "31.25")


def test_a_total_that_takes_too_many_tests_is_rounded_to_a_step() -> None:
    document = said(of_points((33.33, 50), (0, 50)))

    assert totals(document) == ("33.40", "33.40", 100)
    assert len(document["tests"]) <= MOST


def test_a_maximum_that_cannot_be_cut_becomes_whole() -> None:
    shares = share([Part(0.01, 50.03), Part(50.04, 50.04)])

    assert shares is not None
    assert shares.max_score == 100
    assert sum(shares.scores) == 50


def test_a_fault_of_the_graders_announces_no_points() -> None:
    document = said(OURS, 100)

    assert document["status"] == "error"
    assert document["max_score"] == 0
    assert document["tests"][0]["status"] == "error"
    assert notices([("one", document)]) == []


def test_a_notebook_that_cannot_be_read_fails() -> None:
    document = said(THEIRS)

    assert document["status"] == "fail"
    assert {test["status"] for test in document["tests"]} == {"fail"}
    assert notices([("one", document)])[0].endswith("Points 0/40")


def test_what_could_not_be_judged_is_an_error_and_no_failure() -> None:
    result = replace(FIXED, checks=(NEWTON, replace(NEWTON, outcome="ungraded", points=0.0)))

    document = said(result)

    assert [test["status"] for test in document["tests"]] == ["pass", "error"]
    assert document["status"] == "pass"


def test_what_is_graded_later_is_no_test() -> None:
    document = said(replace(FIXED, checks=FIXED.checks[3:]))

    assert document["max_score"] == 0
    assert [test["name"] for test in document["tests"]] == [
        "All questions are graded after submission"
    ]


def long(count: int, length: int) -> CheckResult:
    check = replace(NEWTON, title="π" * length, sentence="ω" * length, outcome="wrong", points=0.0)
    return replace(FIXED, checks=(check,) * count)


@pytest.mark.parametrize(
    ("count", "length", "keeps", "drops"),
    [
        (4, 1000, {"message", "test_code"}, set()),
        (18, 1000, {"test_code"}, {"message"}),
        (40, 1000, set(), {"message", "test_code"}),
    ],
)
def test_messages_are_dropped_first_and_test_codes_next(
    count: int, length: int, keeps: set[str], drops: set[str]
) -> None:
    tests = said(long(count, length))["tests"]

    assert len(tests) == count
    assert keeps <= tests[0].keys()
    assert not drops & tests[0].keys()


@pytest.mark.parametrize(("count", "length"), [(200, 1000), (501, 10), (3000, 10)])
def test_too_many_questions_become_one(count: int, length: int) -> None:
    document = said(long(count, length))

    assert document["tests"][0]["name"] == f"{count} questions together"
    assert totals(document)[:2] == ("0.00", "0.00")


def test_what_is_sent_is_base64_of_utf_8() -> None:
    result = replace(FIXED, checks=(replace(NEWTON, title="Größe"),))

    sent = base64.b64decode(encoded(result), validate=True).decode("utf-8")

    assert sent == reporter_json(result)
    assert json.loads(sent)["tests"][0]["name"] == "Größe"


def test_the_stand_in_runs_as_a_script() -> None:
    environment = {**os.environ, "INPUT_RUNNERS": "one", "ONE_RESULTS": encoded(FIXED)}

    done = subprocess.run(
        [sys.executable, SCRIPT], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "Total points for one: 12.50/40" in done.stdout
    assert "::notice title=Autograding complete::Points 12.5/40\n" in done.stdout


def test_a_question_of_a_check_is_named_so_that_it_can_be_tried() -> None:
    slope: Check = FIXED.checks[1]

    test = said(FIXED)["tests"][1]

    assert test["test_code"].startswith(f'grader.check("{slope.question}")')
    assert slope.sentence in test["message"]
