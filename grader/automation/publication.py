"""Everything a step says, written at once: outputs, summary, annotations, report, files."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.automation.answer import Answer
from grader.automation.classroom import is_classroom50, write_files
from grader.automation.command_files import append, write_outputs
from grader.automation.inputs import Inputs
from grader.automation.job import Job
from grader.automation.report import write_folder
from grader.automation.standing import Status, exit_code, line_of, status_of
from grader.exchange.annotations import annotations
from grader.exchange.commands import plain
from grader.exchange.reporter import encoded
from grader.exchange.summary import step_summary
from grader.exchange.wording import points
from grader.results.model import CheckResult


@dataclass(frozen=True)
class Publication:
    """An answer, and to whom it is said."""

    answer: Answer
    inputs: Inputs
    job: Job
    environment: Mapping[str, str]
    notebook: str = ""  # its path in the workspace

    @property
    def result(self) -> CheckResult:
        """What is published."""
        return self.answer.result


def publish(publication: Publication) -> int:
    """Write everything that was asked for, and give the exit code of the step."""
    result, inputs, job = publication.result, publication.inputs, publication.job
    status = status_of(result)
    if inputs.summary and job.summary:
        append(job.summary, step_summary(result))
    if job.outputs:
        write_outputs(job.outputs, _outputs(publication, status))
    for line in _lines(publication):
        print(line)  # noqa: T201  this is how a step speaks
    return _end(publication, status)


def _end(publication: Publication, status: Status) -> int:
    """Write what Classroom 50 reads, which takes any exit code for a fault of the grader's."""
    inputs = publication.inputs
    if not is_classroom50(inputs.classroom, publication.environment):
        return exit_code(status, inputs.fail_on)
    if status != "error":
        write_files(publication.result, publication.job.workspace, publication.environment)
    return exit_code(status, "error")


def _outputs(publication: Publication, status: Status) -> dict[str, str]:
    """Give the outputs; the points are those of the result, so that they agree."""
    result, max_score = publication.result, publication.inputs.max_score
    sent = encoded(result, max_score=max_score)
    said = json.loads(base64.b64decode(sent))
    score = sum(test["score"] for test in said["tests"])
    report = write_folder(publication.answer, publication.job.temporary, max_score)
    return {
        "result": sent,
        "score": points(score),
        "max-score": points(said["max_score"]),
        "passed": str(result.passes).lower(),
        "report-path": str(report),
        "status": status,
        "summary": plain(line_of(result)),
    }


def _lines(publication: Publication) -> Iterator[str]:
    result = publication.result
    if publication.inputs.annotations:
        yield from annotations(result, publication.notebook)
    yield plain(line_of(result))
