"""nbgrader's autograder, asked for one student after the other: COURSE as the argument."""

import os
import sys
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from tests.bench.workers.serving import Facts, serve

ASSIGNMENT = "homework"


def main(course: Path) -> None:
    """Grade students until there are no more."""
    os.chdir(course)
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.course_id = "course"
    api = NbGraderAPI(config=config)
    database = f"sqlite:///{course / 'gradebook.db'}"

    def run(student: str) -> Facts:
        result = api.autograde(ASSIGNMENT, student, force=True, create=True)
        if not result["success"]:
            return {"error": (result.get("error") or result.get("log") or "failed")[-500:]}
        with Gradebook(database) as gradebook:
            graded = gradebook.find_submission(ASSIGNMENT, student)
            return {"score": graded.score, "of": graded.max_score}

    serve(run)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
