"""The grader's own log: faults of ours with their tracebacks, in a file, never on the terminal."""

import logging
from pathlib import Path

NAME = "grader.log"


def log_to(folder: Path) -> None:
    """Write what this process logs to a file in a folder, made when there is something to say."""
    log = logging.getLogger("grader")
    for old in list(log.handlers):
        log.removeHandler(old)
        old.close()
    handler = logging.FileHandler(folder / NAME, delay=True, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.addHandler(handler)
    log.propagate = False
