"""JUnit XML: a test case for each question, for everything that reads it."""

import re
from xml.etree import ElementTree as ET

from grader.exchange.commands import plain
from grader.exchange.wording import explained, points
from grader.results.model import Check, CheckResult
from grader.results.words import AFTER

# What is left of Unicode after `plain` and cannot stand in XML 1.0, or is no character at all.
_NO_XML = re.compile("[\ufffe\uffff]|[\ufdd0-\ufdef]")


def junit_xml(result: CheckResult) -> str:
    """Give a test suite of one case a question, in the order of the rubric.

    A question that does not pass is a failure; one that is graded later, or by a person, is
    skipped; where the notebook could not be checked, one case is an error.
    """
    cases = [_case(check, result) for check in result.checks]
    if result.fault:
        cases.insert(0, _faulty(result))
    suites = ET.Element("testsuites")
    suite = ET.SubElement(suites, "testsuite", _counts(result, cases))
    suite.extend(cases)
    ET.indent(suites)
    text = ET.tostring(suites, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _counts(result: CheckResult, cases: list[ET.Element]) -> dict[str, str]:
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    found = {
        name: str(sum(case.find(kind) is not None for case in cases))
        for name, kind in kinds.items()
    }
    name = _text(result.assignment or "gradmark")
    time = f"{max(0.0, result.seconds):.3f}"
    return {"name": name, "tests": str(len(cases)), **found, "time": time}


def _case(check: Check, result: CheckResult) -> ET.Element:
    case = _named(check.title or check.question, check.question, result)
    if check.fails:
        share = f"{points(check.points)} of {points(check.max_points)} points"
        failure = ET.SubElement(case, "failure", {"message": share, "type": check.outcome})
        failure.text = _text(explained(check))
    elif check.waits:
        ET.SubElement(case, "skipped", {"message": _text(explained(check) or AFTER)})
    return case


def _faulty(result: CheckResult) -> ET.Element:
    case = _named(result.notebook or "notebook", "notebook", result)
    ET.SubElement(case, "error", {"message": _text(result.fault), "type": result.fault_of})
    return case


def _named(name: str, question: str, result: CheckResult) -> ET.Element:
    group = f"{result.assignment or 'gradmark'}.{question}"
    given = {"name": _text(name), "classname": _text(group), "time": "0"}
    return ET.Element("testcase", given)


def _text(text: str) -> str:
    return _NO_XML.sub("", plain(text))
