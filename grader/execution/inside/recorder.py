"""The recorder: tied to the shell's cells, it keeps what every cell computed, showed and drew."""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .frames import Stream
from .notes import Notes
from .numpy_draws import watch_numpy, watch_python
from .output import Meter, meter_clearing, meter_streams
from .prints import Watch
from .slopes import Slopes
from .steps import Steps
from .tape import Tape
from .tensors import Tensors
from .torch_draws import TorchDraws
from .torch_exits import Departures, watch_exits
from .torch_import import when_torch_is_imported
from .variables import Variables
from .walk import Found, Walk


@dataclass(frozen=True)
class Settings:
    """How a run is recorded. `cell_numbers` are those of the cells that will be run, in order."""

    seed: int = 0
    preload_torch: bool = False
    memory_mib: int = 0
    cell_numbers: tuple[int, ...] = ()
    first_cell: int = 1
    value_kib: int = 1024
    recording_mib: int = 64
    output_kib: int = 1024


class Recorder:
    """Everything the recorder consists of, in one kernel process."""

    def __init__(self, shell: Any) -> None:
        self._settings = Settings()
        self._shell = shell
        self._cell = 0  # 0 where none runs
        self._message = ""  # id of the message that asked to run the cell
        self._depth = 0  # cells run by cells
        self._ran = 0
        self._seed_torch: Callable[[int], Any] | None = None
        self._torch: TorchDraws | None = None
        self._torch_types: set[str] = set()
        self._tensors: Tensors | None = None
        self._departures: Departures | None = None
        self._notes = Notes()
        self._stream = Stream()
        self._meter = Meter()
        self._tape = Tape(self._stream, self._notes)
        self._watch = Watch(self._stream, self._notes, self._meter, self._find)
        self._variables = Variables(self._stream, self._notes)

    def attach(self) -> None:
        """Watch everything from the next cell on."""
        meter_streams(self._meter)
        meter_clearing(self._shell.display_pub, self._meter)
        self._watch.watch_print()
        self._watch.watch_display(self._shell.display_formatter)
        watch_numpy(self._tape)
        watch_python(self._tape)
        when_torch_is_imported(lambda torch: self._notes.run(self._attach_torch, torch))
        self._shell.events.register("pre_run_cell", self._before_cell)
        self._shell.events.register("post_run_cell", self._after_cell)
        os.register_at_fork(after_in_child=self._fall_silent)

    def begin(self, settings: Settings, stream: int) -> None:
        """Record from the next cell on, into an open file."""
        self._settings = settings
        self._meter.limit = settings.output_kib * 1024
        self._stream.begin(stream, values_limit=settings.recording_mib * 1024 * 1024)

    def steps(self, inputs: dict[str, Any], stream: int) -> Steps:
        """Prepare to take steps in a process forked for it, and to write into an open file."""
        self._stream.begin(stream, values_limit=self._settings.recording_mib * 1024 * 1024)
        return Steps(self._shell.user_ns, inputs, self._stream, self._notes, self._walk)

    def slopes(self, given: dict[str, Any]) -> Slopes:
        """Prepare to differentiate the notebook's own functions at some constants."""
        return Slopes(self._shell.user_ns, given, self._tensors)

    def write_last(self, header: dict[str, Any]) -> None:
        """Write one more frame."""
        self._stream.write(header)

    def forget(self) -> None:
        """Have no cell run yet, whatever was run to warm up."""
        self._ran = 0
        self._message = ""
        self._notes.forget()
        self._variables.forget()

    def _attach_torch(self, torch: Any) -> None:
        """Watch torch as well."""
        self._seed_torch = torch.manual_seed
        torch.manual_seed(self._settings.seed)
        self._tensors = Tensors(torch)
        self._departures = Departures(self._tensors, self._stream, self._notes)
        watch_exits(torch, self._see_departure)
        try:
            self._torch = TorchDraws(torch, self._tensors, self._tape, self._see_tensor)
        except AttributeError:
            version = torch.__version__
            self._notes.say(f"random draws of torch: version {version} does not show them")

    def _before_cell(self, info: Any) -> None:
        """Begin a cell, unless it is run by a cell."""
        try:
            message = self._message_id()
            if message == self._message and self._depth > 0:
                self._depth += 1
                return
            if self._cell:  # it was broken off without a word
                self._end()
            self._message, self._depth = message, 1
            self._begin()
        except BaseException as raised:
            self._notes.fault(raised)

    def _after_cell(self, result: Any) -> None:
        """End the cell, however it ended."""
        try:
            self._depth -= 1
            if self._depth == 0 and self._cell:
                self._end()
        except BaseException as raised:
            self._notes.fault(raised)

    def _begin(self) -> None:
        """Take the next cell's number, and start watching."""
        numbers = self._settings.cell_numbers
        if self._ran < len(numbers):
            number = numbers[self._ran]
        elif numbers:
            number = numbers[-1] + self._ran - len(numbers) + 1
        else:
            number = self._settings.first_cell + self._ran
        if self._ran == 0:  # not earlier: the kernel draws numbers while it starts
            np.random.seed(self._settings.seed % 2**32)
            random.seed(self._settings.seed)
            if self._seed_torch is not None:
                self._seed_torch(self._settings.seed)
        self._ran += 1
        self._torch_types.clear()
        self._meter.begin(self._message)
        self._set_cell(number)

    def _end(self) -> None:
        """Write what the cell left behind, and stop watching."""
        cell = self._cell
        parts = (
            self._watch.finish,
            self._record_variables,
            self._tape.finish,
            self._record_departures,
        )
        for part in parts:
            try:
                self._notes.run(part)
            except KeyboardInterrupt as raised:  # the cell itself has ended
                self._notes.fault(raised)
        self._set_cell(0)
        if self._meter.cut:
            self._notes.say(f"output beyond {self._settings.output_kib} KiB")
        self._notes.write(self._stream, cell)
        self._stream.write({"kind": "cell", "cell": cell, "torch": sorted(self._torch_types)})

    def _record_variables(self) -> None:
        """Write the variables that are new or changed, and end those that are not."""
        self._variables.record(self._shell.user_ns, self._cell, self._walk(), self._see)

    def _record_departures(self) -> None:
        """Write the numbers that left torch."""
        if self._departures is not None:
            self._departures.finish(self._cell)

    def _find(self, shown: object, path: str) -> Iterator[Found]:
        """Find the numbers in a printed or displayed object."""
        for found in self._walk().find(shown, path):
            self._see(found)
            yield found

    def _walk(self) -> Walk:
        """Start a walk."""
        return Walk(self._notes, self._tensors, limit=self._settings.value_kib * 1024)

    def _see(self, found: Found) -> None:
        """Note a type torch computed in."""
        numbers = found.numbers
        if numbers.library == "torch":
            self._see_type(numbers.dtype or numbers.array.dtype.name)

    def _see_tensor(self, tensor: Any) -> None:
        """Note the type of a tensor seen on its way out of torch."""
        if self._cell and self._tensors is not None:
            kind = self._notes.run(self._tensors.dtype_of, tensor)
            self._see_type(kind or "")

    def _see_departure(self, tensor: Any) -> None:
        """Note type and numbers of a tensor on its way out of torch."""
        self._see_tensor(tensor)
        if self._cell and self._departures is not None:
            # Back to whoever looked the method up: past Notes.run, this method and the Exit.
            self._notes.run(self._departures.see, tensor, 3)

    def _see_type(self, kind: str) -> None:
        """Note a type if it is one of real numbers."""
        if kind.startswith(("float", "bfloat")):
            self._torch_types.add(kind)

    def _set_cell(self, number: int) -> None:
        """Tell all parts which cell runs."""
        self._cell = self._watch.cell = self._tape.cell = number

    def _message_id(self) -> str:
        """Name the message that asked to run the cell."""
        return str(self._shell.get_parent().get("header", {}).get("msg_id", ""))

    def _fall_silent(self) -> None:
        """Record nothing in a forked process."""
        self._set_cell(0)
        self._stream.open = False
