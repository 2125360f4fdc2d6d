"""Which rubric a session is checked with: by argument, by the project's file, by the notebook."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.checking.project import find_project, rubric_named_in
from grader.faults import UsageFault
from grader.rubric.shipped import find_rubric

NONE = (
    'No rubric was found. Name one, as in grader.check(rubric="NAME"); or put a file '
    'gradmark.toml with the line rubric = "NAME" beside the notebook; or put '
    '"gradmark": {"rubric": "NAME"} into the notebook\'s metadata.'
)
_MOST = 50  # notebooks looked at


@dataclass(frozen=True)
class Whereabouts:
    """What a session knows of its place."""

    folder: Path
    rubric: str = ""  # as it was given to the check
    notebook: str = ""  # the path of its file, where that is known


def rubric_of(place: Whereabouts) -> Path:
    """Find the rubric of a session.

    Raises:
        UsageFault: none is named, or the one that is named is not there.

    """
    if place.rubric:
        return _found(place.rubric, place.folder)
    project = find_project(place.folder)
    if project is not None:
        return _found(project.rubric, project.folder)
    for notebook in _notebooks(place):
        named = rubric_named_in(notebook)
        if named:
            return _found(named, notebook.parent)
    raise UsageFault(NONE)


def _found(rubric: str, folder: Path) -> Path:
    """Find a rubric by a path from a folder, or by the name of one that is shipped."""
    beside = folder / Path(rubric).expanduser()
    try:
        return beside if beside.exists() else find_rubric(rubric)
    except OSError as error:
        raise UsageFault(f"{rubric} cannot be read") from error


def _notebooks(place: Whereabouts) -> Sequence[Path]:
    """Return the session's notebook; the only one of the folder that names a rubric, else."""
    if place.notebook and Path(place.notebook).is_file():
        return [Path(place.notebook)]
    here = sorted(place.folder.glob("*.ipynb"))[:_MOST]
    naming = [notebook for notebook in here if rubric_named_in(notebook)]
    return naming if len(naming) == 1 else []
