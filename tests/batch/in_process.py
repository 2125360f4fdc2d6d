"""A batch of one worker in the test's own process: without the seconds a worker takes to start."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from typing import Any

from grader.batch.workers import in_parallel

Results = Generator[tuple[Any, Any], None, None]


def in_this_process(
    opening: Callable[[], Any], tasks: Sequence[Any], *, jobs: int, named: Callable[[Any], str]
) -> Results:
    """Do what one worker would do; several are started, as ever."""
    if jobs > 1:
        yield from in_parallel(opening, tasks, jobs=jobs, named=named)
    elif tasks:
        with closing(opening()) as desk:
            yield from ((task, desk.work(task)) for task in tasks)
