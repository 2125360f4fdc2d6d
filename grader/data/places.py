"""Where notebooks find a file, and what is laid out there."""

from pathlib import Path

from grader.data.idx import lay_out
from grader.data.store import Kept
from grader.faults import UsageFault
from grader.rubric.surroundings import DataFile

FOLDER = "/"
RAW = "MNIST/raw/"  # a place that ends so takes the four files that torchvision looks for


def places_of(file: DataFile, kept: Kept) -> tuple[tuple[str, Path], ...]:
    """Pair every place with the file on disk that is shown there; some are made if need be.

    Raises:
        UsageFault: a place asks for a layout the file has no content for.

    """
    return tuple(pair for place in file.at for pair in _at(place, file.name, kept))


def _at(place: str, name: str, kept: Kept) -> list[tuple[str, Path]]:
    if place.endswith(RAW):
        try:
            made = lay_out(kept.path, kept.path.parent.with_name(f"{kept.sha256}.idx"))
        except (ValueError, OSError) as error:
            raise UsageFault(
                f'{kept.path} cannot be laid out at {place} for "{name}": {error}'
            ) from error
        return [(f"{place}{path.name}", path) for path in made]
    return [(f"{place}{kept.path.name}" if place.endswith(FOLDER) else place, kept.path)]
