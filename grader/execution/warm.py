"""A kernel forked by the fork server: asked and heard by a socket, without ZMQ."""

import json
import os
import select
import socket
import struct
import threading
import time
from typing import Any

from grader.execution.kernel import NEAR, Fate, KernelFault, describe_death, stop_if_asked
from grader.execution.outputs import NotebookOutputs
from grader.execution.processes import Memory, read_memory
from grader.execution.server import ForkServer

HEAD = struct.Struct(">cI")  # as in forked/channel.py
REQUEST, REPLY, OUTPUT, WORD = b"q", b"r", b"o", b"w"
MESSAGE_LIMIT = 8 * 1024 * 1024  # bytes; a kernel that announces more talks nonsense
CHUNK = 64 * 1024  # little enough for a look at the clock after each
READY_SECONDS = 30
DEATH_SECONDS = 0.5  # for a process to die that closed its channel
LOOK_SECONDS = 0.02  # between two looks at a working kernel


class WarmKernel:
    """A forked kernel; `stream` is the file its recorder writes."""

    def __init__(
        self,
        server: ForkServer,
        settings: dict[str, Any],
        files: int,
        outputs: NotebookOutputs,
        stop: threading.Event,
    ) -> None:
        """Have a kernel forked.

        Args:
            server: ready, and serving nobody else.
            settings: what the child reads.
            files: descriptor of a tar archive for the working directory.
            outputs: where the outputs go.
            stop: breaks the run off.

        Raises:
            KernelFault: the server died.

        """
        self.memory = Memory()
        self._base = server.address_space
        self._memory_limit = settings["memory"] - self._base
        self.reply: dict[str, Any] = {}
        self.complete = False
        self._server = server
        self._outputs = outputs
        self._stop = stop
        self._index = -1
        self._asked = ""
        self._released = False
        self._looked = time.monotonic()
        self._buffer = bytearray()
        self._unsent = b""
        self._unsent_descriptors: list[int] = []
        self._requests = 0
        self._pid = -1
        self.stream = os.memfd_create("stream")
        told = os.memfd_create("settings")
        os.write(told, json.dumps({**settings, "message": MESSAGE_LIMIT}).encode())
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        self._watched = -1
        server.bound(settings)
        try:
            descriptors = [theirs.fileno(), self.stream, told, files]
            self._number, self._watched = server.run(descriptors)
            self._pid = _pid_of(self._watched)
            self._kills = server.kills()
            # What fails before the first cell is no fault of the notebook's.
            if self.wait(READY_SECONDS) != "done":
                raise KernelFault(f"a kernel could not be prepared: {server.last_words()}")
        except BaseException:
            self._close()
            raise
        finally:
            os.close(told)
            theirs.close()

    def send(self, cell: Any, index: int, count: int) -> None:
        """Have a cell run."""
        self.reply, self.complete = {}, False
        self._index, self._asked = index, f"cell-{count}"
        self._put({"id": self._asked, "code": cell.source})

    def send_with(self, request: dict[str, Any], descriptor: int) -> None:
        """Ask for something other than a cell, handing a descriptor over."""
        self.reply, self.complete = {}, False
        self._requests += 1
        self._asked = f"probe-{self._requests}"
        self._put({**request, "id": self._asked}, descriptor)

    def wait(self, seconds: float) -> Fate:
        """Take what the kernel says, until the cell has ended, or the kernel, or the time."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                return "late"
            if self._has_message():  # one by one, with a look at the clock after each
                try:
                    if self._take_next():
                        return "done"
                except ValueError:
                    return "broken"
                self._look()
                continue
            channel = self._socket.fileno()
            ready, writable, _ = select.select(
                [channel, self._watched],
                [channel] if self._unsent else [],
                [],
                min(left, LOOK_SECONDS),
            )
            self._look()
            if writable:
                self._send_on()
            heard = channel in ready
            if heard and not self._hear():
                # A channel also ends when its process does, a moment before that can be seen.
                return (
                    "dead" if select.select([self._watched], [], [], DEATH_SECONDS)[0] else "broken"
                )
            if self._watched in ready and not heard:
                return "dead"

    def interrupt(self) -> None:
        """Do what a person does who presses stop."""
        self._server.interrupt(self._number)

    def recover(self) -> None:
        """Nothing: the next cell's outputs come by the same socket."""

    def death(self) -> str:
        """Say how the kernel ended; nothing while it lives."""
        ready, _, _ = select.select([self._watched], [], [], 0)
        return describe_death(self._await_end()) if ready else ""

    def starved(self) -> bool:
        """Say whether the kernel is likely to have died for lack of memory."""
        near = self.memory.address_space - self._base >= NEAR * self._memory_limit
        return near or self._server.kills() > self._kills

    def end(self) -> None:
        """Kill the kernel and all it started, and see it gone."""
        self._release()
        self._await_end()

    def close(self) -> None:
        """Kill the kernel, and let go of it; its server sees to what is left."""
        try:
            self._release()
        finally:
            self._close()

    def read_stream(self, limit: int) -> bytes:
        """Read what the recorder wrote so far."""
        return os.pread(self.stream, min(os.fstat(self.stream).st_size, limit), 0)

    def _release(self) -> None:
        """Have the kernel killed, once."""
        if not self._released:
            self._note_memory()
            self._released = True
            self._server.end(self._number)

    def _await_end(self) -> int:
        """Wait for the server to say how the kernel ended."""
        code, resident = self._server.ended(self._number)
        self.memory = self.memory.peak(Memory(resident=resident))
        return code

    def _put(self, request: dict[str, Any], descriptor: int | None = None) -> None:
        """Begin to send a request; `wait` sends what the kernel does not take at once."""
        text = json.dumps(request).encode()
        self._unsent = HEAD.pack(REQUEST, len(text)) + text
        self._unsent_descriptors = [] if descriptor is None else [descriptor]
        self._send_on()

    def _send_on(self) -> None:
        """Send what the kernel takes now; one that died is noticed while waiting for it."""
        try:
            part = self._unsent[:CHUNK]
            sent = socket.send_fds(self._socket, [part], self._unsent_descriptors)
        except BlockingIOError:
            return
        except OSError:
            sent = len(self._unsent)
        self._unsent, self._unsent_descriptors = self._unsent[sent:], []

    def _hear(self) -> bool:
        """Take what has come; False where the channel has ended."""
        try:
            part = self._socket.recv(CHUNK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._buffer += part
        return bool(part)

    def _has_message(self) -> bool:
        """Say whether a message has come whole, or announces itself as nonsense."""
        if len(self._buffer) < HEAD.size:
            return False
        kind, size = HEAD.unpack_from(self._buffer)
        nonsense = size > MESSAGE_LIMIT or kind not in (REPLY, OUTPUT, WORD)
        return nonsense or len(self._buffer) >= HEAD.size + size

    def _take_next(self) -> bool:
        """Take the next message; say whether it ended the cell.

        Raises:
            ValueError: it makes no sense.

        """
        kind, size = HEAD.unpack_from(self._buffer)
        if size > MESSAGE_LIMIT or kind not in (REPLY, OUTPUT, WORD):
            raise ValueError("no message")
        text = bytes(self._buffer[HEAD.size : HEAD.size + size])
        del self._buffer[: HEAD.size + size]
        return self._take(kind, text)

    def _take(self, kind: bytes, text: bytes) -> bool:
        """Take one message; say whether it ended the cell."""
        outputs = self._outputs.of(self._index) if self._index >= 0 else None
        if outputs is not None and kind == OUTPUT and outputs.cut:
            return False  # there is no room for it, whatever it is
        try:
            message = json.loads(text)
            if message["type"] == "lost" and outputs is not None:
                outputs.lose()
            if message.get("cell") != self._asked or not isinstance(message["content"], dict):
                return False
        except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
            raise ValueError("no message") from error
        if kind == REPLY:
            self.reply, self.complete = message["content"], True
            return True
        self._outputs.receive(
            self._index, {"msg_type": message["type"], "content": message["content"]}
        )
        return False

    def _look(self) -> None:
        """Note the memory peaks so far, but not at every word of the kernel's."""
        stop_if_asked(self._stop)
        if time.monotonic() - self._looked > LOOK_SECONDS / 2:
            self._looked = time.monotonic()
            self._note_memory()

    def _note_memory(self) -> None:
        self.memory = self.memory.peak(read_memory(self._pid))

    def _close(self) -> None:
        self._socket.close()
        os.close(self.stream)
        if self._watched >= 0:
            os.close(self._watched)


def _pid_of(watched: int) -> int:
    """Ask which process a descriptor watches, by its number among ours; -1 where it is gone."""
    with open(f"/proc/self/fdinfo/{watched}", encoding="ascii") as file:  # noqa: PTH123
        for line in file:
            if line.startswith("Pid:"):
                return int(line.split()[1])
    return -1
