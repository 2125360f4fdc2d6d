"""Which of the files in a student's folder is the notebook to grade."""

from pathlib import Path

from grader.faults import IntakeFault
from grader.intake.boundary import refuse_leaving
from grader.intake.digest import digest_of
from grader.intake.entries import entries, kind_of
from grader.intake.notebook import read_notebook
from grader.intake.submission import display_name

LEVELS = 2  # the folder itself, and the folders in it
NAMED = 5  # files a sentence lists before it says how many more there are


def notebooks_in(folder: Path, levels: int = LEVELS) -> list[Path]:
    """List the notebooks of the uppermost level that has any."""
    level = [folder]
    for _ in range(levels):
        listed = [path for place in level for path in entries(place)]
        found = [path for path in listed if not path.is_dir() and kind_of(path) == "notebook"]
        if found:
            return found
        level = [path for path in listed if path.is_dir() and not path.is_symlink()]
    return []


def choose_notebook(folder: Path) -> Path:
    """Choose the one notebook of a student's folder.

    Copies made by programs, copies of the same content and notebooks without a line of
    source stand back; of what remains there must be one.

    Raises:
        IntakeFault: there is none, there are several, or it is a link that leads away.

    """
    found = notebooks_in(folder)
    if not found:
        raise IntakeFault(f"no notebook found in {display_name(folder.name)}{_instead(folder)}")
    for path in found:
        refuse_leaving(path, folder)
    remaining = _distinct(_not_copies(found))
    if len(remaining) > 1:
        remaining = [path for path in remaining if not _is_blank(path)] or remaining
    if len(remaining) > 1:
        names = _listed(remaining, folder)
        raise IntakeFault(
            f"{display_name(folder.name)} holds several notebooks, and none is clearly the one "
            f"to grade: {names}"
        )
    return remaining[0]


def _not_copies(found: list[Path]) -> list[Path]:
    return [path for path in found if "-checkpoint" not in path.name] or found


def _distinct(found: list[Path]) -> list[Path]:
    """Keep the shortest name of those with the same content."""
    kept: dict[str, Path] = {}
    for path in sorted(found, key=lambda path: len(path.name)):
        kept.setdefault(digest_of(path, None), path)
    return [path for path in found if path in kept.values()]


def _is_blank(path: Path) -> bool:
    """Tell whether a notebook has no source at all; a damaged one may have had some."""
    try:
        return not any(cell.source.strip() for cell in read_notebook(path).cells)
    except IntakeFault:
        return path.stat().st_size == 0


def _instead(folder: Path) -> str:
    documents = [path for path in entries(folder) if kind_of(path) == "document"]
    return f"; it holds {_listed(documents, folder)}" if documents else ""


def _listed(paths: list[Path], folder: Path) -> str:
    names = [display_name(path.relative_to(folder)) for path in paths]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
