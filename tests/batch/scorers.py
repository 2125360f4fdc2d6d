"""A scoring desk for tests that one recording is too much for."""

import os
import signal

from grader.batch.scorer import ScoringDesk
from grader.scoring.verdict import Grade


class TestedScoringDesk(ScoringDesk):
    __test__ = False

    def work(self, name: str) -> Grade:
        if name == "student-2":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().work(name)
