"""The action's one step: check the notebook, and when all of that is dead, write what it said."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from grader.automation.answer import Answer, failed
from grader.automation.apart import LONGEST, check_apart
from grader.automation.classroom import is_classroom50, remove_former
from grader.automation.command_files import Watch, watched
from grader.automation.inputs import Inputs, read_inputs
from grader.automation.job import Job, read_job
from grader.automation.publication import Publication, publish
from grader.automation.target import Target, find_target
from grader.exchange.commands import command, plain
from grader.faults import UsageFault

LONGEST_IN_CLASSROOM50 = 11 * 60.0  # seconds; a job ends after fifteen minutes, installing included


def main() -> int:
    """Do what the environment asks for, and give the exit code of the step."""
    environment = dict(os.environ)
    job = read_job(environment)
    return ending(lambda: _asked(job, environment))


def ending(step: Callable[[], int]) -> int:
    """Do a step; where its files cannot be written, say so in the log, and fail."""
    try:
        return step()
    except (UsageFault, OSError) as fault:
        print(command("error", str(fault), {"title": "Not everything was written"}))  # noqa: T201
        return 1


def _asked(job: Job, environment: Mapping[str, str]) -> int:
    try:
        inputs = read_inputs(environment)
    except UsageFault as fault:
        return publish(Publication(failed("", str(fault)), Inputs(), job, environment))
    return run(inputs, job, environment)


def run(inputs: Inputs, job: Job, environment: Mapping[str, str]) -> int:
    """Check a notebook, write all outputs, and give the exit code of the step."""
    longest = LONGEST
    if is_classroom50(inputs.classroom, environment):
        remove_former(job.workspace)
        longest = LONGEST_IN_CLASSROOM50
    try:
        target = find_target(inputs, job.workspace)
    except (UsageFault, OSError) as fault:  # a name may be longer than a system takes
        return publish(Publication(failed("", str(fault)), inputs, job, environment))
    answer = _check(target, job, environment, longest)
    place = _place(target.notebook, job.workspace)
    return publish(Publication(answer, inputs, job, environment, place))


def _check(target: Target, job: Job, environment: Mapping[str, str], longest: float) -> Answer:
    """Check apart; nothing is written before this is over and all of it dead."""
    with watched(job.command_files) as watch:
        apart = check_apart(target, environment, longest=longest)
    for line in apart.said.splitlines():
        print(plain(line))  # noqa: T201  this is the log of the step
    return _noting(apart.answer, watch)


def _noting(answer: Answer, watch: Watch) -> Answer:
    """Say that somebody spoke to the runner in our name, where that was seen."""
    if not watch.changed:
        return answer
    names = ", ".join(sorted(watch.changed))
    note = f"While the notebook ran, files of the workflow were changed ({names}) and put back."
    result = answer.result
    return replace(answer, result=replace(result, notes=(*result.notes, note)))


def _place(notebook: Path, workspace: Path) -> str:
    """Name a notebook as annotations do: by its path in the repository."""
    notebook = Path(os.path.normpath(notebook))  # a link in the repository is named as itself
    if notebook.is_relative_to(workspace):
        return notebook.relative_to(workspace).as_posix()
    return notebook.name
