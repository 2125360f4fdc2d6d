"""What probes gave, read off what the student's process claims."""

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from grader.execution.frames import Frame, read_frames
from grader.execution.outcome import Probe, ProbeRun
from grader.recording.model import Library, ProbeResult, Returned, StepResult
from grader.recording.npy import read_npy

_TEXT = 500  # characters, as many as a step tells of an error
_OUTPUT = 4_000
_WARNINGS = 5
_VALUES = 2_000  # of one step
_LIBRARIES: tuple[Library, ...] = get_args(Library)


def read_probes(probes: Iterable[Probe], runs: Iterable[ProbeRun]) -> tuple[ProbeResult, ...]:
    """Read what became of the probes that had steps to take."""
    return tuple(_read(probe, run) for probe, run in zip(probes, runs, strict=True) if probe.steps)


def _read(probe: Probe, run: ProbeRun) -> ProbeResult:
    return ProbeResult(
        about=probe.about,
        found=probe.found,
        after=probe.after,
        labels=probe.labels,
        inputs={**probe.inputs, **probe.withheld},
        steps=_steps(probe, run),
        fault=_clean(run.error),
        output=_clean(run.output)[:_OUTPUT],
    )


def _steps(probe: Probe, run: ProbeRun) -> tuple[StepResult, ...]:
    """Read the steps in order; at the first that is not as it should be, reading ends."""
    steps: list[StepResult] = []
    values: dict[str, Returned] = {}
    for frame in read_frames(run.stream):
        kind = frame.header.get("kind")
        try:
            if kind == "value" and len(values) < _VALUES and len(steps) < len(probe.steps):
                path, value = _value(frame, probe.steps[len(steps)].name)
                values[path] = value
            elif kind == "step" and len(steps) < len(probe.steps):
                steps.append(_step(frame.header, len(steps), probe, values))
                values = {}
        except ValueError:
            break
    return tuple(steps)


def _value(frame: Frame, name: str) -> tuple[str, Returned]:
    """Read a value of the step at hand."""
    path, library = frame.header.get("path"), frame.header.get("library")
    if not isinstance(path, str) or not name or not path.startswith(name):
        raise ValueError("a value of another step")
    if library not in _LIBRARIES:
        raise ValueError("a value of no known library")
    return _clean(path.removeprefix(name)), Returned(read_npy(frame.payload), library)


def _step(
    header: Mapping[str, Any], number: int, probe: Probe, values: dict[str, Returned]
) -> StepResult:
    """Read the end of a step."""
    if header.get("step") != number:
        raise ValueError("a step out of order")
    seconds = header.get("seconds")
    changed = _texts(header.get("changed"))
    return StepResult(
        name=probe.steps[number].name,
        type=_text(header.get("type")),
        error=_text(header.get("error")),
        warnings=_texts(header.get("warnings"))[:_WARNINGS],
        seconds=seconds if type(seconds) is float and math.isfinite(seconds) else 0.0,
        changed=tuple(name for name in changed if name in probe.inputs),
        values=values,
    )


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError("no list of texts")
    return tuple(_text(one) for one in value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _TEXT:
        raise ValueError("no short text")
    return _clean(value)


def _clean(text: str) -> str:
    """Replace what no UTF-8 text can hold, and what would steer a terminal."""
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "\N{REPLACEMENT CHARACTER}", plain)
