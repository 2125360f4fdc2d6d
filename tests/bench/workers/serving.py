"""What a measured process and the one that measures it say to each other: lines of JSON."""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO

Facts = Mapping[str, Any]


def open_line() -> TextIO:
    """Keep the way out for ourselves; what anything else prints goes where errors go."""
    line = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    # It led here; what runs from here must not find more than it would elsewhere.
    os.environ.pop("PYTHONPATH", None)
    return line


def tell(line: TextIO, **facts: Any) -> None:
    """Send one message."""
    line.write(json.dumps(facts) + "\n")


def serve(run: Callable[[str], Facts]) -> None:
    """Run every notebook named on a line of standard input, and tell how long each one took.

    `run` returns what else is worth knowing, such as a score; what it raises is told and is
    not the end.
    """
    line = open_line()
    tell(line, ready=True)
    for job in sys.stdin:
        begun = time.perf_counter()
        try:
            facts = dict(run(job.rstrip("\n")))
        except Exception as error:
            facts = {"error": f"{type(error).__name__}: {error}"[:500]}
        tell(line, seconds=time.perf_counter() - begun, **facts)


def refuse(reason: str) -> None:
    """Say why this way cannot be measured, and end."""
    tell(open_line(), refused=reason)
    sys.exit(0)
