"""The folder of a report: a page, and the result in every form that others read."""

import tempfile
from pathlib import Path

from grader.automation.answer import Answer
from grader.exchange.junit import junit_xml
from grader.exchange.reporter import reporter_json
from grader.faults import UsageFault
from grader.reporting.files import write_report
from grader.results.file import result_json


def write_folder(answer: Answer, temporary: Path, max_score: float | None) -> Path:
    """Write the report into a new folder, and say where it is.

    Raises:
        UsageFault: nothing can be written there.

    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="gradmark-report-", dir=temporary))
    except OSError as error:
        raise UsageFault(f"{temporary} cannot be written: {error.strerror}") from error
    for name, text in _files(answer, max_score).items():
        write_report(folder / name, text.encode())
    return folder


def _files(answer: Answer, max_score: float | None) -> dict[str, str]:
    result = answer.result
    files = {
        "result.json": result_json(result),
        "junit.xml": junit_xml(result),
        "reporter.json": reporter_json(result, max_score=max_score),
    }
    return files | ({"index.html": answer.page} if answer.page else {})
