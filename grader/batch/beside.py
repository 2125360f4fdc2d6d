"""What a notebook finds beside it: data for the whole class, and the student's own files."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.execution.files import copy_files
from grader.faults import UsageFault
from grader.intake.digest import digest_of


@contextmanager
def files_beside(data: Path | None, own: Path | None) -> Iterator[tuple[Path | None, list[str]]]:
    """Give a folder of all files, the student's in place of data of the same name.

    Yields:
        The folder, and a sentence for each file that was too much.

    """
    if data is None or own is None:
        yield data or own, []
        return
    with tempfile.TemporaryDirectory(prefix="gradmark-files-") as both:
        notes = [note for folder in (data, own) for note in copy_files(folder, Path(both))]
        yield Path(both), notes


def digest_data(data: Path | None) -> str:
    """Digest the data of a class, of which recordings depend; "" where there are none.

    Raises:
        UsageFault: there is no such folder.
    """
    if data is None:
        return ""
    if not data.is_dir():
        said = "it is a file, not a folder" if data.exists() else "there is no such folder"
        raise UsageFault(f"{data} cannot be handed to the notebooks: {said}")
    return digest_of(data, data)
