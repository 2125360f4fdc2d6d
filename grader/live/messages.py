"""Messages between a notebook and its judge: a JSON header and a payload of bytes, with lengths."""

import json
import struct
from collections.abc import Mapping
from typing import IO, Any

LENGTHS = struct.Struct(">QQ")  # bytes of the header, bytes of the payload
LONGEST = 2**31  # bytes of either; more is nonsense

Message = tuple[dict[str, Any], bytes]


def write_message(stream: IO[bytes], header: Mapping[str, Any], payload: bytes = b"") -> None:
    """Write one message.

    Raises:
        OSError: nobody is there to read it.

    """
    text = json.dumps(header).encode("ascii")
    stream.write(LENGTHS.pack(len(text), len(payload)) + text)
    stream.write(payload)
    stream.flush()


def read_message(stream: IO[bytes]) -> Message | None:
    """Read one message; None where the other side has ended, or talks nonsense."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    header_size, payload_size = LENGTHS.unpack(lengths)
    if max(header_size, payload_size) > LONGEST:
        return None
    text, payload = stream.read(header_size), stream.read(payload_size)
    if len(text) < header_size or len(payload) < payload_size:
        return None
    try:
        header = json.loads(text)
    except ValueError:
        return None
    return (header, payload) if isinstance(header, dict) else None
