"""Finds a rubric by its path, or by the name of one that is shipped."""

from importlib.resources import files
from pathlib import Path

from grader.faults import UsageFault
from grader.rubric.toml import is_file
from grader.rubric.wording import close_match, join, quote

PROJECT = "gradmark.toml"  # beside a notebook, it names the rubric


def find_rubric(name_or_path: str) -> Path:
    """Find the file of a rubric.

    Args:
        name_or_path: a path, or a shipped rubric as "lines", "lines.toml" or "rubrics/lines.toml".
            A file on the disk comes before a shipped one, a folder after it.

    Raises:
        UsageFault: there is neither.
    """
    path, shipped = Path(name_or_path), shipped_rubrics()
    if is_file(path):
        return path
    if path.parent in (Path(), Path("rubrics")) and path.name.removesuffix(".toml") in shipped:
        return shipped[path.name.removesuffix(".toml")]
    if name_or_path and _is_there(path):
        return path
    raise UsageFault(_missing(name_or_path, list(shipped)))


def shipped_rubrics() -> dict[str, Path]:
    """List the rubrics that come with the grader, by name."""
    folder = Path(str(files("rubrics")))
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _missing(name: str, shipped: list[str]) -> str:
    ships = f"the shipped ones are {join(map(quote, shipped), 'and')}" if shipped else ""
    match = close_match(Path(name).stem, shipped)
    end = f"did you mean {quote(match)}?" if match else ships
    return f"there is no rubric {quote(name)}" + (f"; {end}" if end else "")
