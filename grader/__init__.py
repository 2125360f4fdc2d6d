"""Grades numerical notebooks by finding the hypothesis that explains what was observed."""

import os
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any

try:
    __version__ = version("gradmark")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0.0.0"

# Set to "1" where a notebook is run to be graded. Its own kernel has a stand-in for all of this;
# a process that it starts does not, and finds this where no walls hide it.
_GRADING = "GRADMARK_GRADING"


def check(*questions: str, rubric: str | None = None) -> Any:
    """Check questions of the live notebook, or all of them; nothing in it changes.

    Args:
        questions: their ids, as the rubric has them.
        rubric: the name of a rubric that ships with the grader, or the path of one; else it is
            found by the file `gradmark.toml`, or by the notebook's metadata.

    Returns:
        The result, which front ends show as HTML, Markdown or text.

    """
    if _is_graded():
        from grader.live.unchecked import unchecked  # noqa: PLC0415  # only where it is used

        return unchecked(*questions)
    from grader.live.check import check as live_check  # noqa: PLC0415  # only where it is used

    return live_check(*questions, rubric=rubric)


def load_ipython_extension(shell: Any) -> None:
    """Give an IPython shell the magics `%check` and `%%check`, and have the judge start."""

    def magic(line: str, cell: str | None = None) -> Any:
        """Check questions, or all: `%check task-1`; `%%check task-1` runs the cell first.

        A rubric is named as in `%check task-1 rubric=NAME`.
        """
        if cell is not None and not shell.run_cell(cell).success:
            return None
        asked = line.partition("#")[0].replace("--rubric ", "--rubric=").replace(",", " ")
        words = [word.strip("'\"").removeprefix("--") for word in asked.split()]
        named = [word for word in words if word.startswith("rubric=")]
        rubric = named[-1].partition("=")[2].strip("'\"") if named else None
        return check(*(word for word in words if word not in named), rubric=rubric)

    shell.register_magic_function(magic, "line_cell", "check")
    if not _is_graded():
        from grader.live.starting import start  # noqa: PLC0415  # only where it is used

        start()


def _is_graded() -> bool:
    return os.environ.get(_GRADING) == "1"


def _greet_shell() -> None:
    """Load the extension where this is imported in a notebook."""
    ask = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = ask() if ask is not None else None
    if shell is not None:
        with suppress(Exception):  # the import must do, whatever shell this is
            load_ipython_extension(shell)


_greet_shell()
