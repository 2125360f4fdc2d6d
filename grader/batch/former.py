"""Pages of those who left the class, which the next report must not leave lying about."""

import json
from collections.abc import Iterable
from pathlib import Path

from grader.faults import UsageFault
from grader.reporting.names import page_name

PAGES = "students"  # the folder in a report folder


def remove_pages_of_former(now: Iterable[str], out: Path) -> None:
    """Remove the pages of submissions the last report had and this one has not.

    Only what the last grades.json lists was surely written by the grader.

    Raises:
        UsageFault: a page cannot be removed.

    """
    kept = {page_name(name) for name in now}
    for page in {page_name(name) for name in _reported(out / "grades.json")} - kept:
        try:
            (out / PAGES / page).unlink(missing_ok=True)
        except OSError as error:
            raise UsageFault(f"{out / PAGES / page}: {error.strerror}") from error


def _reported(grades: Path) -> list[str]:
    """List the submissions of the last report; none where there is none that can be read."""
    try:
        data = json.loads(grades.read_bytes())
        if not data["format"].startswith("gradmark/grades/"):
            return []
        return [name for entry in data["submissions"] if isinstance(name := entry["id"], str)]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []
