"""The process that checks: reads a target from its input, sends an answer, and ends."""

import os
import sys

from grader.automation.answer import ANSWERS, TARGETS, Answer, failed
from grader.automation.page import page_of
from grader.automation.target import Target
from grader.checking.run import check_notebook
from grader.faults import Fault


def main(pipe: int) -> None:
    """Answer the one question of this process into a pipe that nothing it starts inherits."""
    os.set_inheritable(pipe, False)
    target = TARGETS.validate_json(sys.stdin.buffer.read())
    sent = ANSWERS.dump_json(answer_to(target))
    with os.fdopen(pipe, "wb") as answers:
        answers.write(sent)


def answer_to(target: Target) -> Answer:
    """Check a notebook; what the grader knows to have gone wrong is an answer, too."""
    try:
        checked = check_notebook(target.notebook, target.rubric, supply=target.supply)
    except Fault as fault:
        return failed(target.notebook.name, str(fault))
    return Answer(checked.result, page_of(checked))


if __name__ == "__main__":
    main(int(sys.argv[1]))
