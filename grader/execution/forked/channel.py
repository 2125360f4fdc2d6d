"""The one socket by which a kernel without ZMQ is asked, and by which it answers."""

import json
import os
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.jsonutil import json_clean
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session

HEAD = struct.Struct(">cI")  # what the message is, bytes of its text
REPLY, OUTPUT, WORD = b"r", b"o", b"w"  # a word: what matters even where there is no room left
SILENT = {"status", "execute_input"}
WORDS = {"error", "clear_output"}
REPLIES = {"execute_reply", "ready"}
CLIPPED = 2000  # characters


class Channel:
    """Sends and receives; in a process that student code forked it does nothing."""

    def __init__(self) -> None:
        self.limit = 0  # bytes; a message that is longer is not sent, and that is said
        self._socket: socket.socket | None = None
        self._process = 0
        self._lock = threading.Lock()

    def open(self, descriptor: int) -> None:
        """Take the socket; one that was taken before is let go of."""
        self._socket = socket.socket(fileno=descriptor)
        self._process = os.getpid()
        self._lock = threading.Lock()  # a thread that is not here may have held the other

    @property
    def opened(self) -> bool:
        """Say whether anybody listens; nobody does before the fork."""
        return self._socket is not None

    @property
    def mine(self) -> bool:
        """Say whether this is the process that was given the socket."""
        return self._socket is not None and os.getpid() == self._process

    def fileno(self) -> int:
        """Give the socket's descriptor."""
        return self._socket.fileno() if self._socket else -1

    def send(self, kind: bytes, message: bytes) -> None:
        """Send one message."""
        if self._socket is None or not self.mine:
            return
        if len(message) > self.limit:
            kind, message = WORD, b'{"type":"lost"}'
        with self._lock:
            self._socket.sendall(HEAD.pack(kind, len(message)) + message)

    def receive(self) -> tuple[dict[str, Any] | None, list[int]]:
        """Wait for a request, and what comes with it; None where nobody asks any more."""
        if self._socket is None:
            return None, []
        head, descriptors, _, _ = socket.recv_fds(self._socket, HEAD.size, 1)
        while head and len(head) < HEAD.size:
            head += self._socket.recv(HEAD.size - len(head))
        if not head:
            return None, []
        _, size = HEAD.unpack(head)
        parts = bytearray()
        while len(parts) < size:
            part = self._socket.recv(size - len(parts))
            if not part:
                return None, []
            parts += part
        return json.loads(parts), descriptors


class ChannelSession(Session):
    """Packs messages as Jupyter does, and sends them by the channel."""

    channel: Channel
    before_reply: Callable[[], None]

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        *_: Any,
        **__: Any,
    ) -> Any:
        """Send a message; what nobody reads is dropped."""
        if isinstance(msg_or_type, dict):
            message = msg_or_type
            parent = message.get("parent_header")
        else:
            message = {"content": content, "header": {"msg_type": msg_or_type}}
        kind, content = message["header"]["msg_type"], message["content"]
        if kind not in SILENT:
            self.publish(kind, content, parent)
        return message

    def publish(self, kind: str, content: Any, parent: Any) -> None:
        """Send a message's content, and whose cell it belongs to."""
        if kind == "execute_reply":
            self.before_reply()
        body: dict[str, Any] = {"type": kind, "content": content, "cell": _request(parent)}
        what = REPLY if kind in REPLIES else WORD if kind in WORDS else OUTPUT
        text = _pack(body)
        if what == REPLY and len(text) > self.channel.limit:  # an error of a size
            text = _pack({**body, "content": _clipped(content)})
        self.channel.send(what, text)


class NoThread(IOPubThread):
    """Stands where ZMQ's thread would be: what is scheduled is done at once."""

    def __init__(self) -> None:  # deliberately not the base's, which opens sockets
        self.io_loop: Any = None
        self.thread: Any = None

    def schedule(self, f: Any) -> None:
        """Do it."""
        f()


class ChannelStream(OutStream):
    """Standard output or error: lines go out at once, the rest with the next line or flush."""

    def __init__(self, session: ChannelSession, name: str) -> None:
        super().__init__(session, NoThread(), name, watchfd=False)  # type: ignore[no-untyped-call]
        self._beside = 1 if name == "stdout" else 2

    def write(self, string: str) -> int | None:  # type: ignore[override]
        """Write text, as a stream of the notebook's does."""
        written = super().write(string)
        if "\n" in string:
            self._flush()
        return written

    def is_mine(self) -> None:
        """Belong to this process from now on, a forked one."""
        self._master_pid = os.getpid()

    def _schedule_flush(self) -> None:
        """Leave it to the next line."""

    def _flush(self) -> None:
        """Send what was written; from a process that student code forked, by its descriptor."""
        for parent, text in self._flush_buffers():  # type: ignore[no-untyped-call]
            if not text or not self.session.channel.opened:
                continue
            if self.session.channel.mine:
                self.session.publish("stream", {"name": self.name, "text": text}, parent)
            else:
                os.write(self._beside, text.encode("utf-8", "replace"))


def _clipped(content: Any) -> dict[str, Any]:
    """Keep of a reply what is needed of it."""
    return {name: str(content.get(name))[:CLIPPED] for name in ("status", "ename", "evalue")}


def _pack(body: dict[str, Any]) -> bytes:
    """Give JSON, in which text may be anything and numbers are finite."""
    try:
        return json.dumps(body, default=json_default, allow_nan=False).encode("ascii")
    except ValueError:
        clean = json_clean(body)  # type: ignore[no-untyped-call]
        return json.dumps(clean, default=json_default).encode("ascii")


def _request(parent: Any) -> str:
    """Name the request a message answers."""
    header = parent.get("header", parent) if isinstance(parent, dict) else {}
    return str(header.get("msg_id", header.get("id", ""))) if isinstance(header, dict) else ""


# It passes for what it stands for: student code may print its type.
ChannelStream.__name__ = ChannelStream.__qualname__ = OutStream.__name__
ChannelStream.__module__ = OutStream.__module__
