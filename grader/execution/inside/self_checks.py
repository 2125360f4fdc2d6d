"""Lines by which students check themselves, made harmless where their notebook is graded."""

import os
import re
import sys
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from pathlib import Path
from typing import Any

from .stand_ins.grader import SENTENCE

HERE = Path(__file__).resolve().parent
STAND_IN = HERE / "stand_ins" / "grader.py"
MARK = Path("grader", "execution", "inside", "self_checks.py")  # wherever a grader lies
OURS = ("grader", "reference", "rubrics")
MAGIC = "check"
_CELL_MAGIC = re.compile(rf"%%{MAGIC}\b(?!\?)")
_BEGUN = re.compile(r"^from\s+__future__\b", re.MULTILINE)  # only the first statement may
_SPEC = r"gradmark(?:\[[\w,\s-]*\])?(?:\s*[=<>!~]=?=?\s*[\w.*]+)?"
_INSTALL = re.compile(
    r"[!%]\s*(?:python3?\s+-m\s+)?(?:uv\s+)?pip3?\s+install"
    rf"(?:\s+-[-\w]+)*\s+(?P<quote>['\"]?){_SPEC}(?P=quote)(?:\s+-[-\w]+)*\s*(?:#.*)?\Z"
)


def make_harmless(shell: Any) -> None:
    """Have `import grader`, its magic, and its installation do nothing but say so.

    A cell under the magic runs as it would without it, not within another cell.
    """
    sys.meta_path.insert(0, _Finder())
    shell.register_magic_function(_say_so, "line", MAGIC)
    lines = shell.input_transformer_manager
    lines.line_transforms.insert(0, _without_magic)
    lines.token_transformers.insert(0, _Installation)


class _Finder:
    """Asked first, it finds a stand-in for the grader; a student's own module stays theirs."""

    __module__ = "stand_ins"  # whoever looks at how things are imported sees what this is

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Find the stand-in.

        Raises:
            ModuleNotFoundError: what was found is a part of the grader.

        """
        if name not in OURS:
            return None
        found = PathFinder.find_spec(name)
        if found is not None and not _is_ours(found):
            return None
        if name == "grader":
            return spec_from_file_location(name, STAND_IN)
        if found is not None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


class _Installation:
    """A line that installs the grader, which is there; by the names IPython has for these."""

    priority = 5  # before the one for any command

    def __init__(self, start: tuple[int, int]) -> None:
        self.start_line, self.start_col = start[0] - 1, start[1]

    @classmethod
    def find(cls, tokens_by_line: Any) -> "_Installation | None":
        """Find the first such line of a cell."""
        for line in tokens_by_line:
            first = next((token for token in line if token.string.strip()), None)
            if first is not None and first.string in ("!", "%"):
                text = first.line[first.start[1] :].strip()
                return cls(first.start) if _INSTALL.match(text) else None
        return None

    def transform(self, lines: list[str]) -> list[str]:
        """Put the magic in its place."""
        line = lines[self.start_line]
        call = f"{line[: self.start_col]}get_ipython().run_line_magic({MAGIC!r}, '')\n"
        return [*lines[: self.start_line], call, *lines[self.start_line + 1 :]]


def _without_magic(lines: list[str]) -> list[str]:
    """Make a magic of the cell one of its first line, so that all lines keep their numbers."""
    if not lines or not _CELL_MAGIC.match(lines[0]):
        return lines
    silent = _BEGUN.search("".join(lines[1:]))
    return ["\n" if silent else lines[0][1:], *lines[1:]]


def _say_so(line: str) -> None:
    """Check nothing."""
    sys.stdout.write(f"{SENTENCE}\n")


def _is_ours(found: ModuleSpec) -> bool:
    """Say whether a module is a part of the grader; inside walls an empty folder is left of it."""
    if found.origin is not None:
        mark = Path(found.origin).parent.parent / MARK
        return os.path.exists(mark)  # noqa: PTH110  # pathlib's raises where nothing may be seen
    return not any(_has_entries(place) for place in found.submodule_search_locations or ())


def _has_entries(place: str) -> bool:
    """Say whether a folder can be looked into, and holds anything."""
    try:
        return any(True for _ in Path(place).iterdir())
    except OSError:
        return False
