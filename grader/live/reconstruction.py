"""A snapshot as if it were a run: the cells that were typed, and the values they left behind."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import nbformat
import numpy as np

from grader.execution.environment import describe_environment
from grader.execution.frames import Frame, read_frames, write_frame
from grader.execution.inside.frames import encode_array
from grader.execution.outcome import CellRun, Execution, Probe, ProbeRun
from grader.live.origins import Origins
from grader.live.texts import attributable, numbers_in
from grader.recording.assemble import assemble
from grader.recording.model import Recording
from grader.recording.npy import read_npy

_ROOT = re.compile(r"[^.\[]+")
_AXES = 6  # no answer has as many
_INEXACT = "fc"
LEFT = "left torch"  # path of the numbers that may have


def notebook_of(sources: Mapping[int, str], printed: Mapping[int, str] | None = None) -> Any:
    """Build the notebook of a session: a cell for every number, those that are gone empty."""
    texts = printed or {}
    last = max(sources, default=1)
    cells = [
        _cell(number, sources.get(number, ""), texts.get(number, ""))
        for number in range(1, last + 1)
    ]
    data = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return nbformat.from_dict(data)  # type: ignore[no-untyped-call]


def _cell(number: int, source: str, text: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": f"cell-{number}",
        "metadata": {},
        "source": source,
        "execution_count": number,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": text}] if text else [],
    }


def recording_of(
    snapshot: bytes,
    sources: Mapping[int, str],
    *,
    printed: Mapping[int, str],
    torch: bool,
    lost: Collection[str] = (),
    asked: Sequence[Probe] = (),
    probes: Sequence[ProbeRun] = (),
    doubted: bool = True,
) -> Recording:
    """Put a recording together from a snapshot.

    Args:
        snapshot: frames, whose values lie in no cell yet.
        sources: of the cells, by the numbers students see.
        printed: text, by the same numbers.
        torch: whether the session has loaded torch.
        lost: variables that no cell makes any more.
        asked: what was asked of the session's own code.
        probes: what came of that.
        doubted: take what torch may have computed, and is no tensor, for torch's.

    """
    origins = Origins(sources, torch=torch)
    texts = {
        n: attributable(text, origins.prints(n)) for n, text in printed.items() if sources.get(n)
    }
    left = {
        n: numbers_in(text)
        for n, text in texts.items()
        if doubted and origins.prints(n) != "others"
    }
    notebook = notebook_of(sources, texts)
    cells = [CellRun(n, cell.source, "ok") for n, cell in enumerate(notebook.cells, start=1)]
    execution = Execution(
        notebook=notebook,
        cells=tuple(cells),
        stream=b"".join(
            _told(_current(snapshot, sources, lost), origins, len(cells), left, doubted)
        ),
        seconds=0.0,
        peak_memory_bytes=0,
        isolation="",
        environment=describe_environment(),
        asked=tuple(asked),
        probes=tuple(probes),
    )
    return assemble("live", "", "live", notebook_of(sources), execution)


def _current(snapshot: bytes, sources: Mapping[int, str], lost: Collection[str]) -> Iterator[Frame]:
    """Leave out what cells that were run again since ended with, and what no cell makes."""
    for frame in read_frames(snapshot):
        if frame.header.get("origin") == "displayed":
            kept = bool(sources.get(frame.header.get("cell", 0)))
        else:
            kept = _root(frame) not in lost
        if kept:
            yield frame


def _told(
    snapshot: Iterable[Frame],
    origins: Origins,
    cells: int,
    left: dict[int, list[np.ndarray]],
    doubted: bool,
) -> Iterator[bytes]:
    """Yield the frames of a snapshot, each with its cell, and what they say of torch."""
    types: dict[int, set[str]] = {n: set() for n in range(1, cells + 1)}
    frames = sorted(_placed(snapshot, origins, cells), key=lambda one: one.header["cell"])
    for frame in frames:
        cell = frame.header["cell"]
        yield write_frame(frame.header, frame.payload)
        if frame.header.get("kind") == "value":
            array = _read(frame)
            if frame.header.get("library") == "torch":
                types[cell] |= _floating(array)
            elif array.dtype.kind in _INEXACT and _is_torchs(frame, origins, doubted):
                types[cell] |= _floating(array)
                left.setdefault(cell, []).append(array)
    for cell, arrays in left.items():
        if arrays:
            yield _departed(cell, arrays)
    for cell, names in types.items():
        yield write_frame({"kind": "cell", "cell": cell, "torch": sorted(names)})


def _placed(snapshot: Iterable[Frame], origins: Origins, cells: int) -> Iterator[Frame]:
    """Yield the frames, each with the cell it belongs to."""
    for frame in snapshot:
        cell = frame.header.get("cell") or origins.cell_of(_root(frame))
        if type(cell) is int:
            yield Frame({**frame.header, "cell": min(max(cell, 1), cells)}, frame.payload)


def _is_torchs(frame: Frame, origins: Origins, doubted: bool) -> bool:
    """Say whether torch computed a value: in doubt it did, or did not."""
    if frame.header.get("origin") == "displayed":
        return doubted and origins.may_show_torchs(frame.header["cell"])
    name = _root(frame)
    return origins.may_be_torchs(name) if doubted else origins.is_surely_torchs(name)


def _departed(cell: int, arrays: Iterable[np.ndarray]) -> bytes:
    """Say which numbers may have left torch, in a form that no answer can be read from.

    A run's recorder sees every number leave; a snapshot can only say which may have.
    """
    numbers = np.unique(np.concatenate([np.ravel(one).real.astype(np.float64) for one in arrays]))
    block = 2 ** (_AXES - 1)
    size = max(-(-2 * numbers.size // block), 2)
    padded = np.full(block * size, np.inf)
    padded[: 2 * numbers.size : 2] = numbers
    header = {
        "kind": "value",
        "cell": cell,
        "origin": "returned",
        "path": LEFT,
        "library": "torch",
        "span": None,
    }
    return write_frame(header, encode_array(padded.reshape((2,) * (_AXES - 1) + (size,))))


def _root(frame: Frame) -> str:
    found = _ROOT.match(str(frame.header.get("path", "")))
    return found[0] if found else ""


def _read(frame: Frame) -> np.ndarray:
    try:
        return read_npy(frame.payload)
    except ValueError:
        return np.empty(0, dtype=np.int64)


def _floating(array: np.ndarray) -> set[str]:
    return {array.dtype.name} if array.dtype.kind == "f" else set()
