"""The tables of recording.json, and how a recording's values are packed beside them."""

import json
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, NonNegativeInt

from grader.execution.outcome import CellRun
from grader.recording.model import (
    Draws,
    Library,
    Origin,
    OwnSlope,
    ProbeResult,
    RecordedValue,
    Recording,
    Returned,
    StepResult,
)
from grader.recording.npy import read_npy, write_npy

FORMAT: Literal["gradmark/recording/3"] = "gradmark/recording/3"
_PLAIN = (
    *("submission", "file", "key", "fault", "cells", "torch_cells", "left_out", "incomplete"),
    *("changes", "data", "notes"),
    *("seconds", "peak_memory_bytes", "isolation", "environment"),
)
_VALUE = ("origin", "cell", "last_cell", "path", "library", "span")
_DRAWS = ("cell", "generator", "call", "parameters")
_SLOPE = ("function", "constant", "result")
_STEP = ("name", "type", "error", "warnings", "seconds", "changed")
_PROBE = ("about", "found", "after", "labels", "fault", "output")


class _Stored(BaseModel):
    """A table of recording.json."""

    model_config = ConfigDict(extra="forbid")


class _Place(_Stored):
    """Where an array lies in the packed arrays, in bytes."""

    start: NonNegativeInt
    size: NonNegativeInt


class _StoredValue(_Place):
    origin: Origin
    cell: int
    last_cell: int
    path: str
    library: Library
    span: tuple[int, int] | None


class _StoredDraws(_Place):
    cell: int
    generator: Literal["numpy", "python", "torch"]
    call: str
    parameters: dict[str, float]


class _StoredSlope(_Place):
    function: str
    constant: str
    result: float


class _StoredNumbers(_Place):
    library: Library


class _StoredStep(_Stored):
    name: str
    type: str
    error: str
    warnings: tuple[str, ...]
    seconds: float
    changed: tuple[str, ...]
    values: dict[str, _StoredNumbers]


class _StoredProbe(_Stored):
    about: str
    found: str
    after: int | None
    labels: tuple[str, ...]
    inputs: dict[str, _Place]
    steps: tuple[_StoredStep, ...]
    fault: str
    output: str


class _StoredRecording(_Stored):
    format: Literal["gradmark/recording/3"]
    submission: str
    file: str
    key: str
    fault: str
    cells: tuple[CellRun, ...]
    values: tuple[_StoredValue, ...]
    draws: tuple[_StoredDraws, ...]
    own_slopes: tuple[_StoredSlope, ...]
    probes: tuple[_StoredProbe, ...]
    changes: tuple[str, ...]
    data: dict[str, str]
    notes: tuple[str, ...]
    torch_cells: dict[int, tuple[str, ...]]
    left_out: tuple[str, ...]
    incomplete: tuple[int, ...]
    seconds: float
    peak_memory_bytes: int
    isolation: str
    environment: dict[str, str]


def describe(recording: Recording) -> tuple[bytes, bytes]:
    """Give recording.json and the packed arrays of a recording."""
    arrays = _Packer()
    stored = _StoredRecording(
        format=FORMAT,
        values=tuple(_describe_value(value, arrays) for value in recording.values),
        draws=tuple(_describe_draws(draws, arrays) for draws in recording.draws),
        own_slopes=tuple(_describe_slope(slope, arrays) for slope in recording.own_slopes),
        probes=tuple(_describe_probe(probe, arrays) for probe in recording.probes),
        **{name: getattr(recording, name) for name in _PLAIN},
    )
    text = json.dumps(stored.model_dump(), ensure_ascii=False)
    return text.encode("utf-8", "replace"), arrays.packed()


def restore(text: bytes, packed: bytes) -> Recording:
    """Undo `describe`; the notebooks are still missing.

    Raises:
        ValueError: the tables are damaged, or the arrays.

    """
    stored = _StoredRecording.model_validate_json(text)
    return Recording(
        values=tuple(_restore_value(value, packed) for value in stored.values),
        draws=tuple(_restore_draws(draws, packed) for draws in stored.draws),
        own_slopes=tuple(_restore_slope(slope, packed) for slope in stored.own_slopes),
        probes=tuple(_restore_probe(probe, packed) for probe in stored.probes),
        **{name: getattr(stored, name) for name in _PLAIN},
    )


class _Packer:
    """Arrays laid one after the other."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, array: np.ndarray) -> dict[str, Any]:
        """Append an array; say where it lies."""
        data = write_npy(array)
        place = {"start": self._size, "size": len(data)}
        self._parts.append(data)
        self._size += len(data)
        return place

    def packed(self) -> bytes:
        """Give all of them."""
        return b"".join(self._parts)


def _describe_value(value: RecordedValue, arrays: _Packer) -> _StoredValue:
    """Pack the array of a value, and describe the rest."""
    facts: dict[str, Any] = {name: getattr(value, name) for name in _VALUE}
    return _StoredValue(**arrays.add(value.array), **facts)


def _restore_value(stored: _StoredValue, packed: bytes) -> RecordedValue:
    """Undo `_describe_value`."""
    array = _unpack(stored, packed)
    return RecordedValue(array=array, **{name: getattr(stored, name) for name in _VALUE})


def _describe_draws(draws: Draws, arrays: _Packer) -> _StoredDraws:
    """Pack the array of draws, and describe the rest."""
    facts: dict[str, Any] = {name: getattr(draws, name) for name in _DRAWS}
    return _StoredDraws(**arrays.add(draws.array), **facts)


def _restore_draws(stored: _StoredDraws, packed: bytes) -> Draws:
    """Undo `_describe_draws`."""
    array = _unpack(stored, packed)
    return Draws(array=array, **{name: getattr(stored, name) for name in _DRAWS})


def _describe_slope(slope: OwnSlope, arrays: _Packer) -> _StoredSlope:
    """Pack the array of a slope, and describe the rest."""
    facts: dict[str, Any] = {name: getattr(slope, name) for name in _SLOPE}
    return _StoredSlope(**arrays.add(slope.array), **facts)


def _restore_slope(stored: _StoredSlope, packed: bytes) -> OwnSlope:
    """Undo `_describe_slope`."""
    array = _unpack(stored, packed)
    return OwnSlope(array=array, **{name: getattr(stored, name) for name in _SLOPE})


def _describe_probe(probe: ProbeResult, arrays: _Packer) -> _StoredProbe:
    """Pack the arrays of a probe, and describe the rest."""
    inputs = {name: _Place(**arrays.add(array)) for name, array in probe.inputs.items()}
    steps = tuple(_describe_step(step, arrays) for step in probe.steps)
    facts: dict[str, Any] = {name: getattr(probe, name) for name in _PROBE}
    return _StoredProbe(inputs=inputs, steps=steps, **facts)


def _describe_step(step: StepResult, arrays: _Packer) -> _StoredStep:
    """Pack the values of a step, and describe the rest."""
    values = {
        path: _StoredNumbers(library=one.library, **arrays.add(one.array))
        for path, one in step.values.items()
    }
    facts: dict[str, Any] = {name: getattr(step, name) for name in _STEP}
    return _StoredStep(values=values, **facts)


def _restore_probe(stored: _StoredProbe, packed: bytes) -> ProbeResult:
    """Undo `_describe_probe`."""
    inputs = {name: _unpack(place, packed) for name, place in stored.inputs.items()}
    steps = tuple(_restore_step(step, packed) for step in stored.steps)
    facts = {name: getattr(stored, name) for name in _PROBE}
    return ProbeResult(inputs=inputs, steps=steps, **facts)


def _restore_step(stored: _StoredStep, packed: bytes) -> StepResult:
    """Undo `_describe_step`."""
    values = {
        path: Returned(_unpack(one, packed), one.library) for path, one in stored.values.items()
    }
    return StepResult(values=values, **{name: getattr(stored, name) for name in _STEP})


def _unpack(place: _Place, packed: bytes) -> np.ndarray:
    """Read one of the packed arrays."""
    return read_npy(packed[place.start : place.start + place.size])
