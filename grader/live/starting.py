"""The judge started before it is asked, while the student reads the assignment."""

from grader.live.cell_ids import CELL_IDS
from grader.live.process import KEPT
from grader.live.session import find_session, live_shell, place_of


def start() -> None:
    """Start the judge and have it open the rubric; where that fails, a check will say so."""
    shell = live_shell()
    if shell is not None:
        CELL_IDS.watch(shell)
    try:
        KEPT.ready().tell({"kind": "prepare", "rubric": None, **place_of(find_session())})
    except (OSError, ValueError):
        KEPT.end()
