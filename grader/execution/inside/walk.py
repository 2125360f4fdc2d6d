"""The numbers in an object: what it is itself, its items and attributes, within bounds."""

from collections.abc import Iterator
from dataclasses import dataclass

from .children import ITEMS, Children
from .notes import Notes
from .numbers_in import LeftOut, Numbers, read_numbers
from .tensors import Tensors
from .types_of import lineage

DEPTH = 5  # containers in containers; modules in modules do not count
NODES = 4_000  # objects looked at below one variable
ALL_NODES = 40_000  # objects looked at in one walk
ALL_BYTES = 256 * 1024 * 1024  # of the values found in one walk
PATH_LENGTH = 200


@dataclass(frozen=True)
class Found:
    """Numbers, and the path that leads to them; the array may be the student's own memory."""

    path: str
    numbers: Numbers
    is_attribute: bool


class Walk:
    """One walk over any number of objects, which share its bounds."""

    def __init__(self, notes: Notes, tensors: Tensors | None, *, limit: int) -> None:
        """Prepare; `limit` bytes is the largest value."""
        self.cut: set[str] = set()  # the paths below which not everything was looked at
        self._notes = notes
        self._tensors = tensors
        self._children = Children(tensors, self._note_items)
        self._limit = limit
        self._left = 0
        self._all_left = ALL_NODES
        self._bytes_left = ALL_BYTES
        self._root = ""
        self._above: set[int] = set()  # ids of the containers we are in

    def find(self, value: object, path: str) -> Iterator[Found]:
        """Find the numbers in an object."""
        self._root = path
        self._left = min(NODES, self._all_left)
        self._all_left -= self._left
        yield from self._find(value, path, DEPTH, False)
        self._all_left += self._left

    def _find(self, value: object, path: str, depth: int, attribute: bool) -> Iterator[Found]:
        """Find the numbers in an object `depth` levels above the deepest."""
        if type(value) is str or id(value) in self._above or not self._may_look(path):
            return
        numbers = self._read(value)
        if isinstance(numbers, Numbers):
            self._bytes_left -= numbers.array.nbytes
            yield Found(path, numbers, attribute)
        elif isinstance(numbers, LeftOut):
            self._notes.leave_out(numbers.reason, path, numbers.size)
        if numbers is None or self._is(value, "tensor"):
            self._above.add(id(value))
            yield from self._find_below(value, path, depth, attribute)
            self._above.discard(id(value))

    def _find_below(self, value: object, path: str, depth: int, below: bool) -> Iterator[Found]:
        """Find the numbers in what an object holds."""
        cost = not (self._is(value, "module") or self._is(value, "tensor"))
        for step, child in self._children.of(value, path):
            if depth < cost:
                self._notes.leave_out(f"nested deeper than {DEPTH} levels", path)
                return
            yield from self._find(child, path + step, depth - cost, below or step[0] == ".")

    def _read(self, value: object) -> Numbers | LeftOut | None:
        """Read an object as one array; None where it is none."""
        if self._tensors is not None and self._is(value, "tensor"):
            return self._tensors.read(value, self._limit)
        return read_numbers(value, self._limit)

    def _is(self, value: object, kind: str) -> bool:
        """Say whether an object is a tensor, or a module."""
        return self._tensors is not None and getattr(self._tensors, kind) in lineage(value)

    def _may_look(self, path: str) -> bool:
        """Count an object; say whether it is still to be looked at."""
        if self._left > 0 and self._bytes_left > 0 and len(path) <= PATH_LENGTH:
            self._left -= 1
            return True
        self.cut.add(self._root)
        self._notes.leave_out("too many objects to look at them all", self._root)
        return False

    def _note_items(self, path: str, count: int) -> None:
        """Note that only some items of a container are looked at."""
        self._notes.leave_out(f"only {2 * ITEMS} of the items", path, f"{count} items")
