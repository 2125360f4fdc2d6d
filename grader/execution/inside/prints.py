"""Objects passed to `print` or displayed, with their numbers at that moment."""

import builtins
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from .frames import Stream, encode_array
from .notes import Notes
from .output import Meter
from .shown import Shown, Value
from .stand_in import drop_own_frames, stand_in
from .variables import value_header
from .walk import Found

VALUES = 200  # of one call

Finder = Callable[[object, str], Iterator[Found]]


class Watch:
    """Notes what `print` and `display` are given, while a cell runs."""

    def __init__(self, stream: Stream, notes: Notes, meter: Meter, find: Finder) -> None:
        self.cell = 0  # 0 where none runs
        self._notes = notes
        self._meter = meter
        self._find = find
        self._lock = threading.RLock()
        self._stdout = sys.stdout
        self._thread = threading.get_ident()
        self._prints = Shown(stream, notes, what="print")
        self._displays = Shown(stream, notes, what="display")

    def watch_print(self) -> None:
        """Put a `print` in place that does the same, and is seen."""
        builtins.print = stand_in(builtins.print, self._watched_print(builtins.print))

    def watch_display(self, formatter: Any) -> None:
        """See every object the shell's formatter is given."""
        formatter.format = self._watched_format(formatter.format)

    def finish(self) -> None:
        """Write what waited for the end of the cell."""
        with self._lock:
            self._prints.finish()
            self._displays.finish()

    def _watched_print(self, original: Callable[..., None]) -> Callable[..., None]:
        """Make a function that notes what it is given and then prints it."""

        def watched(*args: Any, **kwargs: Any) -> None:
            try:
                values = self._notes.run(self._take_printed, args) if self.cell else None
                start = self._meter.position
                try:
                    original(*args, **kwargs)
                finally:
                    if values:
                        self._notes.run(self._add_printed, values, start, kwargs.get("file"))
            except BaseException as raised:
                drop_own_frames(raised)
                raise

        return watched

    def _watched_format(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Make a function that notes what it is given and then formats it."""

        def watched(obj: object, *args: Any, **kwargs: Any) -> Any:
            try:
                if self.cell:
                    self._notes.run(self._add_displayed, obj)
                return original(obj, *args, **kwargs)
            except BaseException as raised:
                drop_own_frames(raised)
                raise

        return watched

    def _take_printed(self, arguments: tuple[object, ...]) -> list[Value]:
        """Keep the numbers in the arguments as they are now."""
        with self._lock:
            self._prints.count += 1
            name = f"print {self._prints.count}, argument"
            values: list[Value] = []
            for place, argument in enumerate(arguments, start=1):
                if type(argument) is not str:
                    values += self._take(argument, f"{name} {place}", "printed")
            return values

    def _add_printed(self, values: list[Value], start: int, file: object) -> None:
        """Tie the numbers to their place in the output, and hand them on."""
        on_page = (file is None and sys.stdout is self._stdout) or file is self._stdout
        # Text of other threads may come in between; then the place is not known.
        on_page = on_page and threading.get_ident() == self._thread
        end = self._meter.position
        if on_page and end > start:
            for header, _ in values:
                header["span"] = [start, end]
        with self._lock:
            self._prints.add(values)

    def _add_displayed(self, shown: object) -> None:
        """Keep the numbers in a displayed object."""
        with self._lock:
            self._displays.count += 1
            values = self._take(shown, f"display {self._displays.count}", "displayed")
            if values:
                self._displays.add(values)

    def _take(self, shown: object, path: str, origin: str) -> list[Value]:
        """Keep the numbers in one object."""
        found = list(islice(self._find(shown, path), VALUES + 1))
        if len(found) > VALUES:
            self._notes.leave_out(f"more than {VALUES} values at once", path)
        return [
            (value_header(one, self.cell, origin), encode_array(one.numbers.array))
            for one in found[:VALUES]
        ]
