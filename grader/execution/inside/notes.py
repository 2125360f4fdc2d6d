"""What was not recorded, and why: one sentence for each cell and reason."""

from collections.abc import Callable
from typing import Any, TypeVar

from .frames import Stream
from .stand_in import TRACEBACK

NAMES_SHOWN = 4
FAULTS_LIMIT = 20
REMEMBERED_LIMIT = 10_000
T = TypeVar("T")


class Notes:
    """Sentences gathered during a cell; what was said once of a variable is not said again."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start afresh."""
        self._names: dict[str, list[str]] = {}
        self._sentences: list[str] = []
        self._said: set[tuple[str, str, str]] = set()
        self._faults: set[str] = set()

    def leave_out(self, reason: str, path: str, size: str = "") -> None:
        """Note that `path` was not recorded."""
        what = (reason, path, size)
        if what in self._said:
            return
        if len(self._said) > REMEMBERED_LIMIT:
            self._names["too many objects to name them all"] = ["values"]
            return
        self._said.add(what)
        self._names.setdefault(reason, []).append(f"{path} ({size})" if size else path)

    def say(self, sentence: str) -> None:
        """Note a whole sentence."""
        self._sentences.append(sentence)

    def fault(self, raised: BaseException) -> None:
        """Note that the recorder itself failed."""
        sentence = f"recorder fault: {type(raised).__name__}: {raised}"[:300]
        if sentence not in self._faults and len(self._faults) < FAULTS_LIMIT:
            self._faults.add(sentence)
            self._sentences.append(sentence)

    def run(self, action: Callable[..., T], *arguments: Any) -> T | None:
        """Do a part of the recorder's work; a fault of it becomes a note, and gives None."""
        try:
            return action(*arguments)
        except KeyboardInterrupt as raised:  # it is meant for the student's code
            TRACEBACK.__set__(raised, None)
            raise
        except BaseException as raised:
            self.fault(raised)
            return None

    def write(self, stream: Stream, cell: int) -> None:
        """Write the sentences of a cell that ended."""
        sentences = [*self._sentences, *map(_sentence, self._names.items())]
        self._sentences, self._names = [], {}
        for sentence in sentences:
            stream.write({"kind": "left_out", "cell": cell, "what": sentence[:1000]})


def _sentence(group: tuple[str, list[str]]) -> str:
    """Put the names before the reason: "x_train (376 MB), x_test (62 MB): larger than 1 MiB"."""
    reason, names = group
    more = len(names) - NAMES_SHOWN
    shown = ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")
    return f"{shown}: {reason}"
