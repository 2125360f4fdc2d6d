"""Recordings scored again, without pages: no report is written."""

from pathlib import Path

from grader.recording.store import load
from grader.rubric.reference import open_rubric
from grader.scoring.grade import Scorer
from tests.bench.notebooks import RUBRIC
from tests.bench.workers.serving import Facts, serve

if __name__ == "__main__":
    scorer = Scorer(*open_rubric(RUBRIC))

    def run(path: str) -> Facts:
        """Judge one recording."""
        grade = scorer.grade(load(Path(path)))
        return {"score": grade.points}

    serve(run)
