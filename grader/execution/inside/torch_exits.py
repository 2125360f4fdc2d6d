"""The ways by which torch's numbers become text, Python numbers or NumPy arrays, seen in passing.

They tell in which cells torch had a part, even where no tensor has a name. What is seen is
that a method is looked up: the method itself stays the original.
"""

from collections.abc import Callable
from typing import Any

from .stand_in import drop_own_frames

EXITS = ("item", "tolist", "numpy", "__array__", "__float__", "__repr__", "__format__")


class Exit:
    """A method of tensors that tells which tensor it is taken from."""

    def __init__(self, method: Any, see: Callable[[Any], None]) -> None:
        self._method = method
        self._see = see

    def __get__(self, tensor: Any, kind: Any = None) -> Any:
        """Give the original method."""
        try:
            if tensor is not None:
                self._see(tensor)
        except BaseException as raised:
            drop_own_frames(raised)
            raise
        return self._method.__get__(tensor, kind)


def watch_exits(torch: Any, see: Callable[[Any], None]) -> None:
    """Have `see` told of every tensor whose numbers leave torch."""
    for name in EXITS:
        for kind in torch.Tensor.__mro__:
            if name in vars(kind):
                setattr(torch.Tensor, name, Exit(vars(kind)[name], see))
                break
