"""The random draws of a run: like draws of a cell are one stack, in the order they were drawn."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .frames import Stream, encode_array
from .notes import Notes
from .numbers_in import NUMERIC_KINDS
from .stand_in import drop_own_frames

STACK_LIMIT = 2 * 1024 * 1024  # bytes of like draws in one cell
TAPE_LIMIT = 12 * 1024 * 1024  # bytes of all draws of a notebook

Parameters = tuple[tuple[str, float], ...]
Describe = Callable[[tuple[Any, ...], dict[str, Any]], Parameters]


@dataclass
class Stack:
    """Draws of one kind, shape and type."""

    generator: str
    call: str
    parameters: Parameters
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    count: int = 0
    entries: bytearray = field(default_factory=bytearray)


class Tape:
    """Takes the results of random functions, and writes them when the cell ends."""

    def __init__(self, stream: Stream, notes: Notes) -> None:
        self.cell = 0  # 0 where none runs
        self._stream = stream
        self.notes = notes
        self._lock = threading.RLock()
        self._stacks: dict[Any, Stack] = {}
        self._left = TAPE_LIMIT
        self._inside = threading.local()
        self._full: set[tuple[str, str]] = set()  # functions whose results no longer fit

    def watched(self, generator: str, name: str, draw: Any, describe: Describe) -> Any:
        """Make a function that draws, and notes what was drawn.

        What one random function draws by calling another is noted once, as its own result.
        """

        def watched(*args: Any, **kwargs: Any) -> Any:
            try:
                if not self.takes(generator, name) or getattr(self._inside, "a_draw", False):
                    return draw(*args, **kwargs)
                self._inside.a_draw = True
                try:
                    result = draw(*args, **kwargs)
                finally:
                    self._inside.a_draw = False
                self.notes.run(self._take, generator, name, result, describe, args, kwargs)
                return result
            except BaseException as raised:
                drop_own_frames(raised)
                raise

        return watched

    def takes(self, generator: str, call: str) -> bool:
        """Say whether a function's results are wanted now."""
        return self.cell > 0 and (generator, call) not in self._full

    def take(
        self,
        generator: str,
        call: str,
        drawn: np.ndarray,
        parameters: Parameters,
        key: object = None,
    ) -> None:
        """Put a result on its stack, which `key` will find again."""
        key = key or (generator, call, drawn.shape, drawn.dtype.str, parameters)
        if drawn.nbytes > STACK_LIMIT:
            self.leave_out(generator, call)
            return
        with self._lock:
            if key not in self._stacks:
                stack = Stack(generator, call, parameters, drawn.shape, drawn.dtype)
                self._stacks[key] = stack
        self.take_again(key, drawn.tobytes())

    def take_again(self, key: object, entries: bytes) -> bool:
        """Put the bytes of a result on the stack of its key; say whether there is one."""
        with self._lock:
            stack = self._stacks.get(key)
            if stack is None:
                return False
            if len(entries) > min(self._left, STACK_LIMIT - len(stack.entries)):
                self.leave_out(stack.generator, stack.call)
                return True
            self._left -= len(entries)
            stack.count += 1
            stack.entries += entries
            return True

    def leave_out(self, generator: str, call: str) -> None:
        """Note that a function's results are too many, or too large."""
        self._full.add((generator, call))
        self.notes.leave_out("more random draws than are recorded", f"{generator} {call}")

    def finish(self) -> None:
        """Write the stacks of the cell."""
        with self._lock:
            stacks, self._stacks = self._stacks, {}
            self._full.clear()
        for stack in stacks.values():
            if stack.count:
                self._write(stack)

    def _take(
        self,
        generator: str,
        call: str,
        result: Any,
        describe: Describe,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        """Take a result if it consists of numbers."""
        drawn = np.asarray(result)
        if drawn.dtype.kind in NUMERIC_KINDS:
            self.take(generator, call, drawn, describe(args, kwargs))

    def _write(self, stack: Stack) -> None:
        """Write one stack."""
        header = {
            "kind": "draws",
            "cell": self.cell,
            "generator": stack.generator,
            "call": stack.call,
            "parameters": dict(stack.parameters),
        }
        drawn = np.frombuffer(stack.entries, stack.dtype).reshape(stack.count, *stack.shape)
        self._stream.write(header, encode_array(drawn))
