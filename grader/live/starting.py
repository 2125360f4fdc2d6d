"""The judge started before it is asked, while the student reads the assignment."""

from grader.live.process import KEPT
from grader.live.session import find_session, place_of


def start() -> None:
    """Start the judge and have it open the rubric; where that fails, a check will say so."""
    try:
        KEPT.ready().tell({"kind": "prepare", "rubric": None, **place_of(find_session())})
    except (OSError, ValueError):
        KEPT.end()
