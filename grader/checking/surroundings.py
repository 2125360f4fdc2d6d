"""What a notebook that is checked finds beside it: what lies in its folder, but no answers."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePath

from grader.execution.files import FILES_LIMIT, SKIPPED_FOLDERS, copy_files
from grader.rubric.loading import reference_file
from grader.rubric.model import Rubric


def bring_beside(notebook: Path, room: Path, rubric: Rubric | None, path: Path) -> Path | None:
    """Copy what lies beside a notebook into a room; None where it is more than can be brought.

    Args:
        notebook: where it lies.
        room: an empty folder.
        rubric: the teacher's own; it, its reference and its solution stay out.
        path: of the rubric.

    """
    source = notebook.resolve().parent
    if _is_flood(source):
        return None
    copy_files(source, room, free=list(_answers(source, rubric, path.resolve())))
    return room


def _is_flood(folder: Path) -> bool:
    """Say whether a folder holds too many files to be one of work, as a home folder does."""
    seen = 0
    for _, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        seen += len(names) + len(folders)
        if seen > FILES_LIMIT:
            return True
    return False


def _answers(source: Path, rubric: Rubric | None, path: Path) -> Iterator[PurePath]:
    """Name what of a folder tells answers: a folder with a rubric in it, or its single files."""
    if rubric is None or not path.is_relative_to(source):
        return
    if path.parent != source:
        yield path.parent.relative_to(source)
        return
    reference = reference_file(rubric.reference, path)
    told = [path.name, reference.name if reference else "", rubric.solution, rubric.template]
    yield from (PurePath(name) for name in told if name)
