"""Where links lead: nothing outside a student's own folder is taken for their work."""

from pathlib import Path

from grader.faults import IntakeFault
from grader.intake.submission import display_name


def refuse_leaving(path: Path, boundary: Path) -> None:
    """Raise where `path` is a link, or lies behind one, that leads out of `boundary`.

    Raises:
        IntakeFault: the link leads out, leads nowhere or runs in a circle.

    """
    name = display_name(path.name)
    try:
        target = path.resolve(strict=True)
    except (FileNotFoundError, RuntimeError):  # RuntimeError: Python < 3.13, a circle of links
        raise IntakeFault(f"{name} is a link that leads nowhere") from None
    if not target.is_relative_to(boundary.resolve()):
        raise IntakeFault(f"{name} is a link that leads out of the folder that was handed in")
