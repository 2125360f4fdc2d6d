"""The rubric a notebook is checked by, and the data: as told, or as found beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from grader.checking.project import find_project, rubric_in, rubric_of_notebook
from grader.faults import IntakeFault, UsageFault
from grader.intake import read_notebook
from grader.rubric.wording import join

NONE = """no rubric was found for {notebook}; there are three ways to name one:
  grader check {notebook} --rubric NAME
  a file gradmark.toml beside the notebook, or in a folder above, with: rubric = "NAME"
  the notebook's metadata: "gradmark": {{"rubric": "NAME"}}
NAME is a rubric that ships with the grader, or the path of a rubric or a student's edition."""


@dataclass(frozen=True)
class Choice:
    """What a notebook is checked with."""

    rubric: str
    supply: dict[str, Path] = field(default_factory=dict)


def choose(notebook: Path, told: str | None, supply: Mapping[str, Path]) -> Choice:
    """Choose the rubric for a notebook: as told, by gradmark.toml, or by its own metadata.

    Data that gradmark.toml names are added to those told, where it also names the rubric.

    Raises:
        UsageFault: none of these names one, or gradmark.toml is wrong.

    """
    if told is not None:
        return Choice(told, dict(supply))
    project = find_project(notebook.parent)
    if project is not None:
        return Choice(project.rubric, {**project.supply, **supply})
    named = _named_by(notebook)
    if named is None:
        raise UsageFault(NONE.format(notebook=notebook))
    return Choice(rubric_in(notebook.parent, named), dict(supply))


def notebook_of(folder: Path) -> Path:
    """Find the notebook of a folder: what gradmark.toml names, or the only one there.

    Raises:
        UsageFault: there is none, or more than one.
    """
    project = find_project(folder)
    if project is not None and project.notebook:
        return project.folder / project.notebook
    found = sorted(folder.glob("*.ipynb"))
    if len(found) == 1:
        return found[0]
    told = join([one.name for one in found[:5]], "and")
    said = f"there are several notebooks here, {told}" if found else "there is no notebook here"
    raise UsageFault(f"{said}; name the one that is meant")


def _named_by(notebook: Path) -> str | None:
    """Read the rubric a notebook names; one that cannot be read names none."""
    try:
        return rubric_of_notebook(read_notebook(notebook))
    except IntakeFault:
        return None
