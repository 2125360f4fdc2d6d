"""What the autograder of a Classroom 50 assignment calls, in the student's checkout."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.automation.action import ending, run
from grader.automation.inputs import Inputs
from grader.automation.job import read_job


def main(arguments: Sequence[str]) -> int:
    """Check the checkout this runs in; 0 where grading ran, whatever it found."""
    given = _parser().parse_args(arguments)
    environment = dict(os.environ) | {"GITHUB_WORKSPACE": str(Path.cwd())}
    inputs = Inputs(
        config=str(given.config.resolve()), notebook=given.notebook, classroom="classroom50"
    )
    return ending(lambda: run(inputs, read_job(environment), environment))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m grader.automation.classroom50")
    parser.add_argument("--config", type=Path, required=True, help="a gradmark.toml or a rubric")
    parser.add_argument("--notebook", default="", help="the notebook, where there are several")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
