"""Processes that run notebooks in one way, started, handed one job after the other, and ended."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.memory import descendants
from tests.bench.notebooks import ROOT

ANSWER_SECONDS = 900
LEAVE_SECONDS = 20

Answer = dict[str, Any]
Enough = Callable[[], bool]


class WayFault(Exception):
    """A way that could not be measured, and why."""


@dataclass(frozen=True)
class Command:
    """How a worker is started: interpreter, module, arguments, variables of its environment."""

    python: Path
    module: str
    arguments: tuple[str, ...]
    variables: tuple[tuple[str, str], ...] = ()


class Worker:
    """One process, and the lines between it and us."""

    def __init__(self, command: Command, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._log = (folder / "log").open("ab")
        self._rest = b""
        self.process = subprocess.Popen(
            [str(command.python), "-m", command.module, *command.arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **dict(command.variables)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        # Both are pipes; Popen's types cannot know.
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._jobs, self.answers = self.process.stdin, self.process.stdout

    def give(self, job: str) -> None:
        """Hand over a job; the answer comes when it is done, or the news that nobody works."""
        with contextlib.suppress(BrokenPipeError):
            self._jobs.write(job.encode() + b"\n")
            self._jobs.flush()

    def read(self) -> list[Answer]:
        """Read the answers that are there.

        Raises:
            WayFault: the process has ended, or refuses.

        """
        data = os.read(self.answers.fileno(), 65536)
        if not data:
            raise WayFault(f"a worker ended with exit code {self.process.wait()}")
        *lines, self._rest = (self._rest + data).split(b"\n")
        answers: list[Answer] = [json.loads(line) for line in lines]
        for answer in answers:
            if "refused" in answer:
                raise WayFault(answer["refused"])
        return answers

    def end(self) -> None:
        """Let the process end by itself, which closes what it holds; kill what is left then."""
        family = list(descendants([self.process.pid]))
        with contextlib.suppress(OSError):
            self._jobs.close()
        try:
            self.process.wait(LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            for pid in family:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
        self.answers.close()
        self._log.close()


class Crew:
    """Workers of one way, all ready."""

    def __init__(self, commands: Sequence[Command], folder: Path) -> None:
        self.start_seconds = 0.0
        self._begun = time.perf_counter()
        self._workers: list[Worker] = []
        try:
            for number, command in enumerate(commands):
                self._workers.append(Worker(command, folder / str(number)))
            for _ in self._heard(dict.fromkeys(self._workers, 1)):
                pass
        except BaseException:
            self.end()
            raise

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pids(self) -> list[int]:
        """The workers' processes."""
        return [worker.process.pid for worker in self._workers]

    def warm_up(self, job: str) -> None:
        """Have every worker do the same job, whatever comes of it, and note the time till then."""
        for worker in self._workers:
            worker.give(job)
        for _ in self._heard(dict.fromkeys(self._workers, 1)):
            pass
        self.start_seconds = time.perf_counter() - self._begun

    def run(self, jobs: Sequence[str], *, enough: Enough = lambda: False) -> list[Answer]:
        """Do the jobs, each worker the next one when it is free; no more once there is `enough`."""
        waiting = list(reversed(jobs))
        owed = dict.fromkeys(self._workers, 0)
        for worker in self._workers:
            if waiting:
                worker.give(waiting.pop())
                owed[worker] = 1
        answers = []
        for worker, answer in self._heard(owed):
            answers.append(answer)
            if waiting and not enough():
                worker.give(waiting.pop())
                owed[worker] += 1
        return answers

    def _heard(self, owed: dict[Worker, int]) -> Iterator[tuple[Worker, Answer]]:
        """Give answers as they come, until no worker owes one any more."""
        with selectors.DefaultSelector() as selector:
            for worker in owed:
                selector.register(worker.answers, selectors.EVENT_READ, worker)
            while any(owed.values()):
                ready = selector.select(ANSWER_SECONDS)
                if not ready:
                    raise WayFault(f"no answer within {ANSWER_SECONDS} seconds")
                for key, _ in ready:
                    for answer in key.data.read():
                        owed[key.data] -= 1
                        yield key.data, answer

    def end(self) -> None:
        """End all workers."""
        for worker in self._workers:
            worker.end()
