"""Reports on disk: there whole, or not at all."""

from pathlib import Path

from grader.faults import UsageFault
from grader.recording.files import write_atomically


def write_report(path: Path, content: bytes) -> Path:
    """Write `content` to `path`, and say where it is.

    Raises:
        UsageFault: the folder cannot be made or written.

    """
    try:
        write_atomically(path, content)
    except OSError as error:
        raise UsageFault(f"{path} cannot be written: {error.strerror or error}") from error
    return path
