"""Many submissions at once: recorded by workers, kept, scored, reported."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.batch.record import Recorded, record_class
    from grader.batch.score import Scored, score_class

__all__ = ["Recorded", "Scored", "record_class", "score_class"]


def __getattr__(name: str) -> Any:
    """Import when asked: a worker process needs its own part of the package only, and soon."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    part = "record" if name in ("Recorded", "record_class") else "score"
    return getattr(import_module(f"{__name__}.{part}"), name)
