"""Spans of printed numbers, and the open brackets they are found in."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Form = Literal["tensor", "array", "brackets", "loose"]
Shape = tuple[int, ...]

_MOST_AXES = 8
_SCALAR = re.compile(r"(?:np|numpy)\.((?:float|int|uint|complex|longdouble|clongdouble)\w*)")


@dataclass(frozen=True, slots=True)
class Span:
    """Where an array stands, and which numbers it holds: by index, or as a stack of spans."""

    start: int
    end: int
    shape: Shape
    form: Form
    numbers: range | tuple[int, ...] = ()
    rows: tuple["Span", ...] = ()
    dtype: str | None = None
    floating: bool = False
    scale: float = 1.0


@dataclass(slots=True)
class Frame:
    """An open bracket, or call, and what it has held so far.

    `opener` is "[", "(" or the name of a call.
    `first` is the index of its first number, `mark` how many spans had been found before it.
    `attached`: it follows a word or another bracket immediately, like an index. `text`: words
    stand in it. `cut`: dots stand in place of items. `ragged`: its items are of several shapes.
    """

    opener: str
    start: int
    first: int
    mark: int
    attached: bool = False
    items: int = 0
    item_shape: Shape = ()
    text: bool = False
    cut: bool = False
    ragged: bool = False
    dtype: str | None = None
    floating: bool = False
    scale: float = 1.0

    @property
    def bare(self) -> bool:
        """Whether this is a bracket without a name."""
        return self.opener in {"[", "("}

    @property
    def form(self) -> Form | None:
        """What is printed so; None for a call of anything but an array or scalar."""
        return _form(self.opener)

    def add(self, shape: Shape) -> None:
        """Take one more item."""
        if self.items and shape != self.item_shape:
            self.ragged = True
        self.item_shape = shape
        self.items += 1

    def adopt(self, child: "Frame") -> None:
        """Take over what a closed child says of the numbers in both."""
        self.dtype = self.dtype or child.dtype
        self.floating |= child.floating
        if child.scale != 1:
            self.scale = child.scale
            self.ragged |= self.bare

    def shape(self, *, is_group: bool) -> Shape | None:
        """Say the shape as an array, if it is one; a group only wraps its one item."""
        if is_group:
            shape = self.item_shape
        elif self.form in {"tensor", "array"} and self.items:
            return None
        else:
            shape = (self.items, *self.item_shape)
        return None if self.ragged or len(shape) > _MOST_AXES else shape


@lru_cache(maxsize=256)
def scalar_type(name: str) -> str | None:
    """Return the type that NumPy 2 prints scalars with: 'np.float64(0.13)'."""
    scalar = _SCALAR.fullmatch(name)
    return scalar[1] if scalar else None


@lru_cache(maxsize=256)
def _form(name: str) -> Form | None:
    if name in {"[", "("}:
        return "brackets"
    if name.endswith("ensor"):
        return "tensor"
    if name.endswith(("rray", "matrix")) or scalar_type(name):
        return "array"
    return None
