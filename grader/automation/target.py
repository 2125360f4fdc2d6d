"""What is to be checked: which notebook, with which rubric; named by the workflow or found."""

from dataclasses import dataclass, field
from pathlib import Path

from grader.automation.inputs import Inputs
from grader.checking.project import (
    Project,
    find_project,
    read_project,
    rubric_in,
    rubric_named_in,
)
from grader.faults import UsageFault
from grader.rubric.shipped import PROJECT


@dataclass(frozen=True)
class Target:
    """One notebook and one rubric, a path or the name of one that is shipped."""

    notebook: Path
    rubric: str
    supply: dict[str, Path] = field(default_factory=dict)


def find_target(inputs: Inputs, workspace: Path) -> Target:
    """Find what the inputs leave open, in the workspace.

    Raises:
        UsageFault: there is no rubric or no notebook, or more than one notebook.

    """
    project = _project(inputs.config, workspace)
    notebook = _notebook(inputs.notebook, project, workspace)
    if project is not None:
        return Target(notebook, project.rubric, project.supply)
    return Target(notebook, _rubric_in(notebook))


def _project(config: str, workspace: Path) -> Project | None:
    """Read the project a config names: its file, its folder, or a rubric and nothing else."""
    place = workspace / config
    if place.is_dir():
        return find_project(place)
    if place.name == PROJECT:
        return read_project(place)
    return Project(workspace, rubric_in(workspace, config))


def _notebook(wanted: str, project: Project | None, workspace: Path) -> Path:
    """Choose the notebook: of the inputs, of the project, or the only one there."""
    folder = _notebooks_in(project, workspace)
    named = (project.notebook if project else None) or ""
    if wanted or named:
        path = workspace / wanted if wanted else folder / named
        if not path.is_file():
            raise UsageFault(f"there is no notebook {wanted or named!r} in the repository")
        return path
    # A student's edition may lie in a folder of its own, with a gradmark.toml.
    found = sorted(folder.glob("*.ipynb")) or sorted(workspace.glob("*.ipynb"))
    if len(found) == 1:
        return found[0]
    names = ", ".join(path.name for path in found[:5])
    said = f"there are several notebooks ({names})" if found else "there is no notebook"
    raise UsageFault(f"{said}; the input notebook says which one is meant")


def _notebooks_in(project: Project | None, workspace: Path) -> Path:
    """Say where the notebook lies; a teacher's config may lie outside the student's checkout."""
    inside = project is not None and project.folder.resolve().is_relative_to(workspace)
    return project.folder if project is not None and inside else workspace


def _rubric_in(notebook: Path) -> str:
    """Read which rubric a notebook names itself."""
    named = rubric_named_in(notebook)
    if named is None:
        raise UsageFault(f"there is no {PROJECT} in the repository to say which rubric is meant")
    return rubric_in(notebook.parent, named)
