"""Messages arrive as they were sent, or not at all."""

import io

import pytest

from grader.live.messages import read_message, write_message


def sent(header: dict[str, object], payload: bytes = b"") -> bytes:
    stream = io.BytesIO()
    write_message(stream, header, payload)
    return stream.getvalue()


def test_a_message_arrives_as_it_was_sent() -> None:
    assert read_message(io.BytesIO(sent({"a": "ü"}, b"\0\1"))) == ({"a": "ü"}, b"\0\1")


@pytest.mark.parametrize(
    "stream",
    [b"", sent({"a": 1})[:-1], sent({}, b"12")[:-1], b"\xff" * 40, sent([1]), sent({})[:10]],  # type: ignore[arg-type]
)
def test_anything_else_is_no_message(stream: bytes) -> None:
    assert read_message(io.BytesIO(stream)) is None
