"""Brackets: which stretches of printed text are arrays, and which numbers stand outside."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from grader.observation.printed_frames import Frame, Span, scalar_type
from grader.observation.printed_tokens import tokens

_MOST_INDICES = 20
_LONGEST_GAP = 200  # characters between a shared factor and the bracket it belongs to


@dataclass(slots=True)
class Reading:
    """What a pass over the tokens of a text has found.

    `numbers` are the places of all numbers; `hidden` are ranges of numbers that belong to
    brackets, read or refused; `unclosed` are the places of brackets that never close;
    `factors` are the places where factors end, and the factors.
    """

    text: str
    numbers: list[tuple[int, int]] = field(default_factory=list)
    found: list[Span] = field(default_factory=list)
    hidden: list[tuple[int, int]] = field(default_factory=list)
    unclosed: list[int] = field(default_factory=list)
    factors: list[tuple[int, float]] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=lambda: [Frame("", 0, 0, 0, text=True)])
    depth: dict[str, int] = field(default_factory=lambda: {"[": 0, "(": 0})


def find_arrays(text: str) -> Reading:
    """Find the arrays in plain text."""
    reading = Reading(text)
    frames, numbers = reading.frames, reading.numbers
    for token in tokens(text):
        kind = token.lastgroup or ""
        if kind == "number":
            numbers.append(token.span())
            frames[-1].add(())
        elif kind == "word":
            frames[-1].text = True
        else:
            _ON[kind](reading, token)
    while len(frames) > 1:
        _abandon(reading)
    return reading


def _open(reading: Reading, token: re.Match[str]) -> None:
    start = token.start()
    before = reading.text[start - 1] if start else " "
    frame = Frame(token[0], start, len(reading.numbers), len(reading.found))
    frame.attached = token[0] == "[" and (before.isalnum() or before in "_])")
    frame.scale = _factor_before(reading, start)
    _push(reading, frame)


def _factor_before(reading: Reading, start: int) -> float:
    end, factor = reading.factors[-1] if reading.factors else (0, 1.0)
    near = start - end < _LONGEST_GAP and not reading.text[end:start].strip()
    return factor if near else 1.0


def _call(reading: Reading, token: re.Match[str]) -> None:
    frame = Frame(token[0][:-1], token.start(), len(reading.numbers), len(reading.found))
    frame.dtype = scalar_type(frame.opener)
    if frame.form is None:
        frame.attached = True
        reading.frames[-1].text = True
    _push(reading, frame)


def _push(reading: Reading, frame: Frame) -> None:
    reading.frames.append(frame)
    reading.depth[_bracket(frame)] += 1


def _bracket(frame: Frame) -> str:
    return "[" if frame.opener == "[" else "("


def _option(reading: Reading, token: re.Match[str]) -> None:
    frame = reading.frames[-1]
    dtype = token["dtype"]
    if dtype:
        frame.dtype = dtype
    frame.floating |= bool(token["grad"] or (dtype and ("float" in dtype or "complex" in dtype)))


def _ellipsis(reading: Reading, _: re.Match[str]) -> None:
    reading.frames[-1].cut = True


def _factor(reading: Reading, token: re.Match[str]) -> None:
    reading.factors.append((token.end(), float(token[0][:-1])))


def _close(reading: Reading, token: re.Match[str]) -> None:
    bracket = "[" if token[0] == "]" else "("
    if not reading.depth[bracket]:
        reading.frames[-1].text = True
        return
    while _bracket(reading.frames[-1]) != bracket:
        _abandon(reading)
    _finish(reading, _pop(reading), token.end())


_ON: dict[str, Callable[[Reading, re.Match[str]], None]] = {
    "open": _open,
    "call": _call,
    "option": _option,
    "ellipsis": _ellipsis,
    "scale": _factor,
    "close": _close,
}


def _pop(reading: Reading) -> Frame:
    frame = reading.frames.pop()
    reading.depth[_bracket(frame)] -= 1
    return frame


def _abandon(reading: Reading) -> None:
    """Give up the innermost bracket as one that does not close."""
    frame = _pop(reading)
    reading.frames[-1].text |= frame.text
    reading.frames[-1].ragged = True
    if frame.opener == "[":
        reading.unclosed.append(frame.start)
    if frame.cut and not frame.text:
        del reading.found[frame.mark :]
        reading.hidden.append((frame.first, len(reading.numbers)))


def _finish(reading: Reading, frame: Frame, end: int) -> None:
    """Close a bracket: keep it as an array, wrap its one item, or refuse it."""
    parent = reading.frames[-1]
    if frame.text or not (frame.items or frame.bare or frame.cut):
        parent.text = True
        if frame.opener == "[" and _are_integers(reading, frame):
            reading.hidden.append((frame.first, len(reading.numbers)))
        return
    is_group = frame.items == 1 and frame.opener != "[" and not _is_tuple(reading, frame, end)
    shape = frame.shape(is_group=is_group)
    whole_numbers = frame.attached and _are_integers(reading, frame)
    if frame.cut or whole_numbers:
        del reading.found[frame.mark :]
    if frame.cut or whole_numbers or shape is None:
        reading.hidden.append((frame.first, len(reading.numbers)))
        parent.cut |= frame.cut and frame.bare
        parent.ragged = True
        return
    if not is_group or frame.form in {"tensor", "array"}:
        _keep(reading, frame, end, shape)
    parent.add(shape)
    parent.adopt(frame)


def _is_tuple(reading: Reading, frame: Frame, end: int) -> bool:
    if frame.opener != "(":
        return False
    last = end - 2
    while reading.text[last].isspace():
        last -= 1
    return reading.text[last] == ","


def _are_integers(reading: Reading, frame: Frame) -> bool:
    """Whether these may be indices, sizes or counts rather than results."""
    places = reading.numbers[frame.first : frame.first + _MOST_INDICES]
    return all(reading.text[start:end].lstrip("+-").isdigit() for start, end in places)


def _keep(reading: Reading, frame: Frame, end: int, shape: tuple[int, ...]) -> None:
    """Take a bracket as an array, in place of its rows; whole arrays listed in it stay."""
    numbers = range(frame.first, len(reading.numbers))
    reading.hidden.append((numbers.start, numbers.stop))
    inner = reading.found[frame.mark :] if frame.bare else []
    listed = [span for span in inner if span.form != "brackets" and span.shape]
    del reading.found[frame.mark :]
    reading.found += listed
    if math.prod(shape):
        reading.found.append(
            Span(
                frame.start,
                end,
                shape,
                frame.form or "brackets",
                numbers,
                dtype=frame.dtype,
                floating=frame.floating,
                scale=frame.scale,
            )
        )
