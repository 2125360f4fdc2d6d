"""The file gradmark.toml in a student's folder: which rubric its notebook is checked by."""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from grader.faults import RubricFault
from grader.rubric.schema import RubricSchema
from grader.rubric.shipped import PROJECT, shipped_rubrics
from grader.rubric.table import ID_PATTERN, TEXT_PATTERN, Id, Table, Text
from grader.rubric.toml import is_file, read_toml
from grader.rubric.wording import Schema, allowed, close_match, found, quote, suggestion

_LARGEST = 64 * 1024 * 1024  # bytes of a notebook that is read for its metadata
_ID = {"type": "string", "pattern": ID_PATTERN}
_TEXT = {"type": "string", "pattern": TEXT_PATTERN}


@dataclass(frozen=True)
class Project:
    """What a gradmark.toml says, its paths made whole."""

    folder: Path
    rubric: str  # the name of one that ships with the grader, or a path
    notebook: str | None = None
    supply: dict[str, Path] = field(default_factory=dict)


class ProjectTable(Table):
    """What may stand in a gradmark.toml."""

    rubric: Text = Field(
        description="The rubric: the name of one that ships with the grader, or the path of a "
        "rubric or of a student's edition, from this file on."
    )
    notebook: Text | None = Field(
        default=None, description="The notebook that is checked where none is named."
    )
    supply: dict[Id, Text] = Field(
        default_factory=dict,
        description="Data files the rubric asks for: the path of each, from this file on.",
    )


def find_project(start: Path) -> Project | None:
    """Read the gradmark.toml of a folder, or else of the nearest folder above it that has one.

    Folders above that anybody may write to are passed over: whose file that is, nobody knows.

    Args:
        start: the folder of a notebook, or a notebook.

    Raises:
        RubricFault: there is one, and it cannot be used; with every problem of it.

    """
    path = next(iter(_files(start)), None)
    return None if path is None else read_project(path)


def read_project(path: Path) -> Project:
    """Read a gradmark.toml.

    Raises:
        RubricFault: with every problem of the file, one line each.
    """
    data = read_toml(path)
    problems = list(_problems(data))
    if not problems:
        problems = list(_problems_of_rubric(str(data["rubric"]).strip(), path.parent))
    if problems:
        raise RubricFault([f"{path}: {problem}" for problem in problems])
    table, folder = ProjectTable.model_validate(data), path.parent
    return Project(
        folder=folder,
        rubric=rubric_in(folder, table.rubric),
        notebook=table.notebook,
        supply={name: folder / Path(file).expanduser() for name, file in table.supply.items()},
    )


def rubric_in(folder: Path, name: str) -> str:
    """Make the path of a rubric that lies in a folder whole; any other name stays."""
    path = folder / Path(name).expanduser()
    return str(path) if _is_there(path) else name


def rubric_of_notebook(notebook: Mapping[str, Any]) -> str | None:
    """Return the rubric a notebook names for checks of its own, in its metadata; None if none.

    >>> rubric_of_notebook({"metadata": {"gradmark": {"rubric": "lines"}}})
    'lines'
    """
    metadata = notebook.get("metadata")
    table = metadata.get("gradmark") if isinstance(metadata, Mapping) else None
    named = table.get("rubric") if isinstance(table, Mapping) else None
    return named.strip() if isinstance(named, str) and named.strip() else None


def rubric_named_in(notebook: Path) -> str | None:
    """Read the rubric that a notebook's file names, without a look at its cells."""
    try:
        if notebook.stat().st_size > _LARGEST:
            return None
        content = json.loads(notebook.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None  # what is the matter with it is for the check to say
    return rubric_of_notebook(content) if isinstance(content, dict) else None


def _files(start: Path) -> Iterator[Path]:
    start = Path(os.path.abspath(start))  # noqa: PTH100 - a link's own folder, not its target's
    for folder in (start, *start.parents):
        if (folder == start or not _is_anybodys(folder)) and is_file(folder / PROJECT):
            yield folder / PROJECT


def _is_anybodys(folder: Path) -> bool:
    try:
        return os.name == "posix" and bool(folder.stat().st_mode & stat.S_IWOTH)
    except OSError:
        return True


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


@cache
def _schema() -> Schema:
    return ProjectTable.model_json_schema(schema_generator=RubricSchema)


def _problems(data: Mapping[str, Any]) -> Iterator[str]:
    """Hold a file against what may stand in it."""
    try:
        ProjectTable.model_validate(data)
    except ValidationError as error:
        known = _schema()["properties"]
        meant = [close_match(key, known) for key in data if key not in known]
        for detail in error.errors(include_url=False, include_context=False, include_input=False):
            key, *below = map(str, detail["loc"])
            if detail["type"] == "missing":
                # A misspelt key is one mistake: its own problem names the key that is meant.
                yield from [] if key in meant else [f"the key {quote(key)} is missing"]
            elif detail["type"] == "extra_forbidden":
                yield f"unknown key {quote(key)}{suggestion(key, known, 'keys')}"
            else:
                yield _unfit(data, key, below)


def _unfit(data: Mapping[str, Any], key: str, below: list[str]) -> str:
    wanted = _schema()["properties"][key]
    if not below:
        return f"{quote(key)} must be {allowed(wanted)}; found {_found(data[key])}"
    if below[-1] == "[key]":
        return f"table {quote(key)}: the key {quote(below[0])} must be {allowed(_ID)}"
    value = data[key][below[0]]
    return f"table {quote(key)}: {quote(below[0])} must be {allowed(_TEXT)}; found {_found(value)}"


def _found(value: Any) -> str:
    return f"the text {found(value)}" if isinstance(value, str) and value.strip() else found(value)


def _problems_of_rubric(name: str, folder: Path) -> Iterator[str]:
    """Say that a rubric is neither there nor shipped; other files are looked for when used."""
    shipped = shipped_rubrics()
    if _is_there(folder / Path(name).expanduser()) or name.removesuffix(".toml") in shipped:
        return
    near = [
        path.name for path in folder.iterdir() if path.suffix == ".toml" and path.name != PROJECT
    ]
    end = suggestion(name, [*shipped, *near], "known rubrics")
    yield f'"rubric" names neither a file nor a rubric that is shipped: {quote(name)}{end}'
