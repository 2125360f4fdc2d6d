"""Files written whole or not at all, in folders that one process at a time writes to."""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.faults import UsageFault

DRAFTS = ".gradmark-*.tmp"


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that whoever reads it sees the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(DRAFTS.replace("*", secrets.token_hex(8)))
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            # Else the name may be on the disk before the content when the power fails.
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def sole_use(folder: Path, *parts: str) -> Iterator[None]:
    """Keep other graders from writing to a folder, made if need be.

    Drafts are removed first that a killed process left in the folder or in `parts`, folders
    in it. The system lets go of the folder when this process dies of whatever cause.

    Raises:
        UsageFault: another process has it, or it cannot be made.

    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise UsageFault(f"{folder} cannot be written: {error.strerror}") from error
    try:
        _lock(handle, folder)
        for place in (folder, *(folder / part for part in parts)):
            for draft in place.glob(DRAFTS):
                with contextlib.suppress(OSError):
                    draft.unlink()
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    """Lock a folder where its file system knows how to; elsewhere trust to luck."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageFault(f"another grader is at work in {folder}; wait until it is done") from None
    except OSError:
        return
