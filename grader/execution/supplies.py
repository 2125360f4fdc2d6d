"""Files of the assignment's, and how they come to where a notebook looks for them."""

import hashlib
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.execution.sandbox import root
from grader.rubric.surroundings import HOME

READ_ONLY = 0o444  # as all keep and show the files


@dataclass(frozen=True)
class Supply:
    """A file the assignment works on, as it was supplied for a run.

    Attributes:
        name: what the rubric calls it.
        label: which of the accepted files it is.
        sha256: its digest.
        places: where notebooks find it, "~/below/home" or "below/the/working/directory", each
            with the file on disk that is shown there.

    """

    name: str
    label: str
    sha256: str
    places: tuple[tuple[str, Path], ...]


def shown_files(supplies: Iterable[Supply]) -> dict[str, str]:
    """Say which files the sandbox shows to all, by their places in it; each is shown once."""
    files = dict.fromkeys(str(path.resolve()) for one in supplies for _, path in one.places)
    return {f"{root.DATA}/{number}": path for number, path in enumerate(files)}


def places_inside(supplies: Sequence[Supply]) -> list[tuple[str, str]]:
    """Pair what the sandbox shows to all with the places where a notebook looks."""
    shown = {path: place for place, path in shown_files(supplies).items()}
    return [
        (shown[str(path.resolve())], _below(place, root.HOME, root.WORK))
        for one in supplies
        for place, path in one.places
    ]


def places_beside(supplies: Iterable[Supply]) -> tuple[PurePosixPath, ...]:
    """List the places below the working directory, which a notebook's own files leave free."""
    places = (place for one in supplies for place, _ in one.places)
    return tuple(PurePosixPath(place) for place in places if not place.startswith(HOME))


def digest_supplies(supplies: Iterable[Supply]) -> str:
    """Digest what was supplied, and where, as recordings depend on it; "" for nothing."""
    told = [[one.name, one.sha256, *(place for place, _ in one.places)] for one in supplies]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest() if told else ""


def copy_supplies(supplies: Iterable[Supply], home: Path, work: Path) -> tuple[Path, ...]:
    """Copy the files to where a notebook looks; its own copy is all that it can spoil."""
    made = []
    for one in supplies:
        for place, path in one.places:
            target = Path(_below(place, str(home), str(work)))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod(READ_ONLY)
            made.append(target)
    return tuple(made)


def _below(place: str, home: str, work: str) -> str:
    return str(PurePosixPath(home if place.startswith(HOME) else work, place.removeprefix(HOME)))
