"""A submission: what one student handed in, and where it is."""

import os
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    `path` is the notebook, or the place that was looked at where `fault` says why none
    was chosen. `files` is the student's own folder, None where the files of a class lie
    side by side. `digest` changes with the content of anything a run may depend on.
    """

    id: str  # the file's name without its ending, or the folder's name; unique in a class
    file: str  # the notebook's path relative to the class's folder; "" where there is none
    path: Path
    files: Path | None
    digest: str
    fault: str = ""


def display_name(path: Path | str) -> str:
    """Spell a path in text that can be written anywhere, even where its bytes are not UTF-8."""
    text = path if isinstance(path, str) else path.as_posix()
    return os.fsencode(text).decode("utf-8", "backslashreplace")


def natural_order(name: str) -> tuple[list[tuple[str, int]], str]:
    """Give the key under which student-2 comes before student-10."""
    pieces = re.findall(r"([^0-9]*)([0-9]*)", name)
    return [(text.casefold(), int(digits or -1)) for text, digits in pieces], name
