"""The data of an assignment, ready for the notebooks of a batch."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.batch.rooms import temporary_room
from grader.data.arrays import arrays_of
from grader.data.store import Store, user_store
from grader.data.supplying import find_supplies
from grader.execution.asking.plan import Asking
from grader.execution.supplies import Supply
from grader.rubric.model import Rubric


@contextmanager
def supplied(rubric: Rubric, supply: Mapping[str, Path]) -> Iterator[tuple[Supply, ...]]:
    """Find what a rubric asks for; what is given for one batch is gone when that has ended.

    Raises:
        UsageFault: a file is missing, or not the one it is taken for.

    """
    if not rubric.data and not supply:
        yield ()
        return
    kept = user_store()
    if not supply:
        yield find_supplies(rubric, {}, room=kept, kept=kept)
        return
    with temporary_room() as room:
        yield find_supplies(rubric, supply, room=Store(room / "data"), kept=kept)


def with_data(asking: Asking | None, supplies: tuple[Supply, ...]) -> Asking | None:
    """Give what is asked the arrays of the data it is made of.

    They are too large to be handed from process to process: each reads them itself.
    """
    return None if asking is None else replace(asking, data=arrays_of(supplies))
