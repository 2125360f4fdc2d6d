"""Where the work of a trial is done: by processes, each of which has a desk of its own."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from grader.batch.progress import Progress
from grader.batch.workers import Lost, in_parallel
from grader.execution.supplies import Supply
from grader.trial.desk import Measure, PartClaim, Result, Task, TrialDesk, Written
from grader.trial.model import Attempt, Claim

DIED = "the process died that worked on it"
Results = dict[Task, Result]


@dataclass(frozen=True)
class Workshop:
    """A rubric, and how it is put on trial."""

    path: Path
    supplies: tuple[Supply, ...]
    jobs: int
    progress: Progress

    def work(self, tasks: Sequence[Task]) -> Results:
        """Do tasks; what a process died of is not among the results."""
        found: Results = {}
        tasks = list(dict.fromkeys(tasks))
        if not tasks:
            return found
        opening = partial(TrialDesk, self.path, self.supplies)
        with closing(in_parallel(opening, tasks, jobs=self.jobs, named=_name)) as results:
            for done, (task, result) in enumerate(results, start=1):
                if not isinstance(result, Lost):
                    found[task] = result
                self.progress(done, len(tasks), _name(task))
        return found


def attempt_of(results: Results, task: Written) -> Attempt:
    """Return what came of a notebook."""
    found = results.get(task)
    return found if isinstance(found, Attempt) else Attempt((), "", (), DIED)


def _name(task: Task) -> str:
    if isinstance(task, Claim | PartClaim):
        return "conventions and mistakes"
    return "tolerances" if isinstance(task, Measure) else "notebooks"
