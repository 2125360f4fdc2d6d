"""Where the temporary files of a batch lie, so that nothing of them outlives it for long."""

import contextlib
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from grader.execution.processes import end_marked
from grader.execution.workplace import remove_tree
from grader.faults import UsageFault

PREFIX = "gradmark-batch-"
LOCK = "lock"


@contextmanager
def temporary_room() -> Iterator[Path]:
    """Make a folder for all temporary files of a batch; remove it, and what dead batches left.

    A batch holds a lock in its folder, which the system lets go of when the batch dies of
    whatever cause. A folder with a lock that nobody holds is therefore left over.

    Raises:
        UsageFault: there is no place for temporary files.

    """
    try:
        for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK}"):
            _remove_stale(lock)
        room = Path(tempfile.mkdtemp(prefix=PREFIX))
        held = _hold(room)
    except OSError as error:
        raise UsageFault(f"no temporary files can be written: {error.strerror}") from error
    try:
        yield room
    finally:
        remove_tree(room)
        held.close()


def _hold(room: Path) -> IO[bytes]:
    """Hold a lock as long as the file is open; before it is held there is none to be seen."""
    draft = room / "draft"
    file = draft.open("wb")
    fcntl.flock(file, fcntl.LOCK_EX)
    draft.rename(room / LOCK)
    return file


def _remove_stale(lock: Path) -> None:
    """Remove the folder of a batch that is dead, and end what still runs in it."""
    room = lock.parent
    with contextlib.suppress(OSError):  # held, or gone, or somebody else's
        found = room.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            return
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            end_marked(f"{room}{os.sep}")  # workers of that batch, and their kernels
            remove_tree(room)
