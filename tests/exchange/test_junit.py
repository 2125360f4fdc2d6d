from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import given, settings

from grader.exchange.junit import junit_xml
from grader.results.model import CheckResult
from tests.exchange.results import FIXED, OURS, results


def suite(result: CheckResult) -> ET.Element:
    [found] = ET.fromstring(junit_xml(result).encode())
    return found


@settings(max_examples=50, deadline=None)
@given(results())
def test_any_result_is_xml_whose_counts_are_right(result: CheckResult) -> None:
    found = suite(result)

    assert found.get("tests") == str(len(result.checks)) == str(len(found))
    assert found.get("failures") == str(len(found.findall("testcase/failure")))
    assert found.get("skipped") == str(len(found.findall("testcase/skipped")))
    for case, check in zip(found, result.checks, strict=True):
        assert {"name", "classname", "time"} == set(case.keys())
        assert [one.tag for one in case] == (
            ["failure"] if check.fails else ["skipped"] if check.waits else []
        )


def test_what_fails_says_what_and_where() -> None:
    failure = suite(FIXED)[1].find("failure")

    assert failure is not None
    assert failure.get("message") == "7.5 of 15 points"
    assert "the mean was asked for" in str(failure.text)
    assert "(cell 7)" in str(failure.text)


def test_a_fault_is_an_error_of_one_case() -> None:
    found = suite(OURS)

    assert found.get("errors") == "1"
    assert found[0][0].get("message") == "the grader itself failed"


def test_questions_without_titles_have_their_names() -> None:
    assert (
        suite(replace(FIXED, checks=(replace(FIXED.checks[0], title=""),)))[0].get("name")
        == "newton"
    )
