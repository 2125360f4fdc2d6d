"""Callables that pass for the built-in ones they stand in for."""

import os
from collections.abc import Callable
from types import TracebackType
from typing import Any

HERE = __file__.rpartition(os.sep)[0] + os.sep
TRACEBACK: Any = vars(BaseException)["__traceback__"]


def stand_in(original: Any, call: Callable[..., Any]) -> Any:
    """Make an object that does `call` when called, and in all else looks like `original`."""
    namespace = {
        "__slots__": ("__weakref__",),
        "__call__": staticmethod(call),
        "__repr__": lambda self: repr(original),
        "__getattr__": lambda self, name: getattr(original, name),
        "__dir__": lambda self: dir(original),
        "__reduce_ex__": lambda self, protocol: original.__reduce_ex__(protocol),
        "__class__": property(lambda self: type(original)),
        "__doc__": original.__doc__,
        "__module__": property(lambda self: original.__module__),
    }
    return type(type(original).__name__, (), namespace)()


def drop_own_frames(raised: BaseException) -> None:
    """Take the recorder's frames off a student's traceback; a bare `raise` adds none."""
    trace: TracebackType | None = TRACEBACK.__get__(raised)
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(HERE):
        trace = trace.tb_next
    TRACEBACK.__set__(raised, trace)
