"""Every format of one fixed result, as it was read through and kept.

`GRADMARK_KEEP=1 pytest tests/exchange/test_forms_kept.py` writes them again.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.exchange.annotations import annotations
from grader.exchange.classroom50 import release_body, result_json
from grader.exchange.gradescope import results_json
from grader.exchange.junit import junit_xml
from grader.exchange.reporter import reporter_json
from grader.exchange.summary import step_summary
from grader.results.model import CheckResult
from tests.exchange.results import FIXED, OURS, THEIRS
from tests.exchange.test_classroom50 import FACTS

KEPT = Path(__file__).with_name("kept")
NOW = datetime(2026, 9, 1, 12, 0, 5, tzinfo=UTC)
FORMS = {
    "annotations.txt": lambda: "\n".join(annotations(FIXED, "work/fits.ipynb")) + "\n",
    "classroom50.json": lambda: result_json(FIXED, FACTS, now=NOW),
    "gradescope.json": lambda: results_json(FIXED, hidden=["secret"]),
    "junit.xml": lambda: junit_xml(FIXED),
    "reporter.json": lambda: reporter_json(FIXED, max_score=100) + "\n",
    "summary.md": lambda: step_summary(FIXED),
}


UNREAD = {
    "annotations": lambda result: annotations(result, "fits.ipynb"),
    "classroom50": lambda result: result_json(result, FACTS, now=NOW),
    "gradescope": results_json,
    "junit": junit_xml,
    "release": release_body,
    "reporter": reporter_json,
    "summary": step_summary,
}


@pytest.mark.parametrize("form", UNREAD)
@pytest.mark.parametrize("result", [OURS, THEIRS], ids=["ours", "theirs"])
def test_every_format_takes_a_notebook_that_could_not_be_checked(
    form: str, result: CheckResult
) -> None:
    unread = replace(result, checks=(*THEIRS.checks, *FIXED.checks[3:]))

    assert UNREAD[form](unread)


@pytest.mark.parametrize("name", FORMS)
def test_a_format_is_as_it_was_kept(name: str) -> None:
    made, kept = FORMS[name](), KEPT / name
    if os.environ.get("GRADMARK_KEEP"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(made, encoding="utf-8", newline="\n")

    assert made == kept.read_text(encoding="utf-8")
