"""The recorder's stream: frames of a JSON header and a payload, read without trust.

The kernel process writes the stream, and student code shares that process; so this file
uses the standard library only, and whoever reads takes every byte for hostile.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LENGTHS = struct.Struct(">II")  # bytes of the header, bytes of the payload
HEADER_LIMIT = 64 * 1024
PAYLOAD_LIMIT = 256 * 1024 * 1024
COUNT_LIMIT = 200_000


@dataclass(frozen=True)
class Frame:
    """One message of the recorder; the header is some JSON object, nothing more is known."""

    header: dict[str, Any]
    payload: bytes = b""


def write_frame(header: dict[str, Any], payload: bytes = b"") -> bytes:
    """Give the bytes of one frame."""
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    return LENGTHS.pack(len(text), len(payload)) + text + payload


def read_frames(stream: bytes) -> Iterator[Frame]:
    """Read frames until the stream ends or stops making sense.

    A last frame that is cut off is dropped in silence: the kernel was killed while it wrote.
    Anything else unreadable ends the reading with a frame of kind "left_out" that says so.
    """
    place = 0
    for count in range(COUNT_LIMIT + 1):
        if len(stream) - place < LENGTHS.size:
            return
        header_length, payload_length = LENGTHS.unpack_from(stream, place)
        start = place + LENGTHS.size
        end = start + header_length + payload_length
        if count == COUNT_LIMIT:
            yield _stop(f"it holds more than {COUNT_LIMIT} values")
            return
        if header_length > HEADER_LIMIT or payload_length > PAYLOAD_LIMIT:
            yield _stop(f"it makes no sense from byte {place} on")
            return
        if end > len(stream):
            return
        header = _read_header(stream[start : start + header_length])
        if header is None:
            yield _stop(f"it makes no sense from byte {place} on")
            return
        yield Frame(header, stream[start + header_length : end])
        place = end


def _read_header(text: bytes) -> dict[str, Any] | None:
    """Read a header; None where it is no JSON object."""
    try:
        header = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return header if isinstance(header, dict) else None


def _stop(reason: str) -> Frame:
    """Tell why reading stopped, in the words of the frames themselves."""
    return Frame({"kind": "left_out", "what": f"the rest of the recorder's stream: {reason}"})
