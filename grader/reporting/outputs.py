"""What a cell showed, as a page may show it: text, and pictures that really are pictures."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup, escape

from grader.reporting.numbers import bytes_text
from grader.reporting.text import clean_output, cut, one_line

_PICTURE_BYTES = 120 * 1024
_PICTURE_SIDE = 8192  # pixels; a small file can claim more than a browser has memory for
_SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_Kind = Literal["text", "stderr", "traceback", "picture", "note"]
_MOST = 20  # outputs of one cell


@dataclass(frozen=True)
class OutputView:
    """One output of a cell."""

    kind: _Kind
    text: str
    source: str = ""  # of a picture: its data URI
    lines: int = 1  # as many as there were before it was cut

    @property
    def weight(self) -> int:
        """How many bytes of a page it takes, about."""
        return 80 + len(str(escape(self.text)).encode("utf-8")) + len(self.source)


def show_outputs(outputs: Iterable[Any]) -> list[OutputView]:
    """Show the outputs of a cell, in order; a stream that was written in pieces is one."""
    found = _joined([output for output in outputs if isinstance(output, Mapping)])
    shown = [view for view in map(_show, found[:_MOST]) if view.text or view.source]
    if len(found) > _MOST:
        shown.append(OutputView("note", f"{len(found) - _MOST:,} more outputs are not shown"))
    return shown


def joined_text(value: Any) -> str:
    """Read text that notebooks keep as one string or as a list of lines; anything else is empty."""
    if isinstance(value, list | tuple):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _joined(outputs: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    joined: list[Mapping[str, Any]] = []
    for output in outputs:
        previous = joined[-1] if joined else {}
        if _stream(output) and _stream(output) == _stream(previous):
            text = joined_text(previous.get("text")) + joined_text(output.get("text"))
            joined[-1] = {**output, "text": text}
        else:
            joined.append(output)
    return joined


def _stream(output: Mapping[str, Any]) -> str:
    return str(output.get("name")) if output.get("output_type") == "stream" else ""


def _show(output: Mapping[str, Any]) -> OutputView:
    match output.get("output_type"):
        case "stream":
            kind: _Kind = "stderr" if _stream(output) == "stderr" else "text"
            return _text(kind, joined_text(output.get("text")))
        case "error":
            return _text("traceback", joined_text(_lines(output.get("traceback"))))
        case _:
            data = output.get("data")
            return _show_data(data if isinstance(data, Mapping) else {})


def _show_data(data: Mapping[str, Any]) -> OutputView:
    plain = joined_text(data.get("text/plain"))
    for media in _SIGNATURES:
        if media in data:
            return _show_picture(media, joined_text(data[media]), one_line(plain, 120))
    if plain:
        return _text("text", plain)
    kinds = one_line(", ".join(str(kind) for kind in data), 80)
    return OutputView("note", f"an output of type {kinds} is not shown" if kinds else "")


def _show_picture(media: str, encoded: str, plain: str) -> OutputView:
    """Show a picture by its decoded bytes, so that nothing but base64 gets into the page."""
    try:
        content = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return OutputView("note", "a damaged picture is not shown")
    if not content.startswith(_SIGNATURES[media]) or _is_vast(media, content):
        return OutputView("note", "a damaged picture is not shown")
    if len(content) > _PICTURE_BYTES:
        size = bytes_text(len(content)) if len(content) >= 2**20 else f"{len(content) // 1024} KiB"
        return OutputView("note", f"a picture of {size} is not shown: too large for this page")
    source = f"data:{media};base64,{base64.b64encode(content).decode()}"
    return OutputView("picture", plain or "picture", Markup(source))  # noqa: S704  base64 of ours


def _is_vast(media: str, content: bytes) -> bool:
    """Tell whether a PNG claims more pixels than fit (its size stands at bytes 16 to 24)."""
    sides = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    return media == "image/png" and max(sides) > _PICTURE_SIDE


def _text(kind: _Kind, text: str) -> OutputView:
    lines = text.rstrip().count("\n") + 1
    shown = cut(clean_output(text).rstrip(), lines=60, characters=6000, of=lines)
    return OutputView(kind, shown, lines=lines)


def _lines(value: Any) -> list[str]:
    found = value if isinstance(value, list | tuple) else [value]
    return [f"{line}\n" for line in found if isinstance(line, str)]
