"""A class from end to end: `record` or `score`, as the command line does it."""

import sys
from pathlib import Path

from grader.batch import record_class, score_class
from grader.rubric.read import read_rubric
from tests.bench.notebooks import RUBRIC
from tests.bench.workers.serving import open_line, tell


def main(task: str, source: Path, target: Path, jobs: int) -> None:
    """Do the task, and tell of every submission that is done."""
    line = open_line()

    def progress(done: int, total: int, name: str) -> None:
        tell(line, done=done)

    tell(line, ready=True)
    if task == "record":
        made = record_class(read_rubric(RUBRIC), source, target, jobs=jobs, progress=progress)
        tell(line, ended=True, faults=list(made.faults))
    else:
        score_class(RUBRIC, source, target, jobs=jobs, progress=progress)
        tell(line, ended=True, faults=[])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
