"""The live session a check looks at: its variables, what was run, and what was displayed."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.live.cell_ids import CELL_IDS

LONGEST = 100_000  # characters of what a cell printed
_CELL_MAGIC = re.compile(r"\s*%%check\b[^\n]*\n?")
_OWN_LINE = re.compile(
    r"\s*(%%?check\b.*|%(load|reload)_ext\s+grader|import\s+grader(\s+as\s+\w+)?"
    r"|from\s+grader\s+import\s+check|(\w+\s*=\s*)?(\w+\.)?check\s*\([^\n]*\)"
    r"|(print|display)\s*\(\s*(\w+\.)?check\s*\([^\n]*\)\s*\)|#.*)?\s*;?\s*"
)
_OWN_CALL = re.compile(r"%%?check\b|\bcheck\s*\(|\bgrader\b")


@dataclass(frozen=True)
class Session:
    """What is looked at, and never changed.

    `sources` are the cells as they were typed, by their numbers in brackets; cells that only
    ask for a check are empty. `displayed` is what cells ended with, and `printed` what they
    printed, as far as the shell remembers, by the same numbers; `cells` are the ids of the
    notebook's cells they came from, where these are known.
    """

    names: dict[str, Any]
    sources: Mapping[int, str] = field(default_factory=dict)
    displayed: Mapping[int, object] = field(default_factory=dict)
    printed: Mapping[int, str] = field(default_factory=dict)
    cells: Mapping[int, str] = field(default_factory=dict)
    notebook: str = ""  # path of its file, where that is known
    shell: Any = None
    hidden: Mapping[str, object] = field(default_factory=dict)  # the shell's own names


def find_session() -> Session:
    """Look at the session this process has: IPython's, or else the main module's."""
    shell = live_shell()
    if shell is None:
        main = sys.modules["__main__"]
        return Session(names=vars(main), sources=_script(getattr(main, "__file__", None)))
    names = shell.user_ns
    return Session(
        names=names,
        sources=_cells(shell),
        displayed=_displayed(names.get("_oh")),
        printed=_printed(shell),
        cells=CELL_IDS.known,
        notebook=_notebook(names),
        shell=shell,
        hidden=dict(getattr(shell, "user_ns_hidden", {})),
    )


def live_shell() -> Any:
    """Give the IPython shell this process runs; None where there is none."""
    ipython = sys.modules.get("IPython")
    asked = getattr(ipython, "get_ipython", None)
    return asked() if asked is not None else None


def question_of(
    session: Session, questions: Sequence[str] = (), rubric: str | None = None
) -> dict[str, Any]:
    """Put into a message what is to be checked, and all that is known beside the variables."""
    return {
        "kind": "check",
        "questions": list(questions),
        "rubric": rubric,
        **place_of(session),
        "sources": {str(number): source for number, source in session.sources.items()},
        "printed": {str(number): text for number, text in session.printed.items()},
        "cells": {str(number): cell for number, cell in session.cells.items()},
        "torch": "torch" in sys.modules,
    }


def place_of(session: Session) -> dict[str, str]:
    """Tell where a session is: its working directory, the root where that is gone."""
    try:
        folder = str(Path.cwd())
    except OSError:
        folder = os.sep
    return {"folder": folder, "notebook": session.notebook}


def as_answer(source: str) -> str:
    """Return what of a cell answers something: nothing, where it only asks for a check."""
    source = _CELL_MAGIC.sub("", source, count=1) if _CELL_MAGIC.match(source) else source
    if _OWN_CALL.search(source) and all(map(_OWN_LINE.fullmatch, source.split("\n"))):
        return ""
    return source


def _cells(shell: Any) -> dict[int, str]:
    """Read what was typed, by the numbers students see."""
    history = getattr(shell.history_manager, "input_hist_raw", [])
    typed = enumerate(list(history))
    return {n: as_answer(source) for n, source in typed if n > 0 and type(source) is str}


def _displayed(history: object) -> dict[int, object]:
    """Read what cells ended with."""
    entries = history if type(history) is dict else {}
    return {n: value for n, value in list(entries.items()) if type(n) is int}


def _printed(shell: Any) -> dict[int, str]:
    """Read what cells printed; older shells do not remember it."""
    history = getattr(shell.history_manager, "outputs", {})
    found: dict[int, str] = {}
    for number, outputs in list(history.items()):
        texts = [
            part
            for output in outputs
            if getattr(output, "output_type", "") == "out_stream"
            for part in output.bundle.get("stream", ())
            if type(part) is str
        ]
        if texts and type(number) is int:
            found[number] = "".join(texts)[:LONGEST]
    return found


def _notebook(names: Mapping[str, Any]) -> str:
    """Tell which file the notebook is, as far as the front end says so."""
    known = names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")
    found = [path for path in known if type(path) is str and path.endswith(".ipynb")]
    return str(Path(found[0]).absolute()) if found else ""


def _script(file: object) -> dict[int, str]:
    """Read the script that is run, as one cell."""
    try:
        return {1: Path(file).read_text(encoding="utf-8")} if type(file) is str else {}
    except (OSError, ValueError):
        return {}
