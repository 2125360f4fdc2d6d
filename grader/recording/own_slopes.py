"""The slopes of the student's own functions, read off what their process claims."""

import math
import re
from collections.abc import Iterable, Iterator

import numpy as np

from grader.execution.frames import Frame, read_frames
from grader.execution.outcome import ProbeRun
from grader.recording.model import OwnSlope
from grader.recording.npy import read_npy

MOST = 32  # of a recording
_NAME = re.compile(r"[^\W\d]\w{0,60}(\.[^\W\d]\w{0,60})?")


def read_slopes(probes: Iterable[ProbeRun]) -> tuple[OwnSlope, ...]:
    """Read the slopes that probes found; entries that are not as they should be are dropped."""
    return tuple(slope for probe in probes for slope in _read(probe))[:MOST]


def _read(probe: ProbeRun) -> Iterator[OwnSlope]:
    if not probe.slopes:
        return
    for frame in read_frames(probe.stream):
        try:
            if frame.header.get("kind") == "slope":
                yield _slope(frame, probe)
        except ValueError:
            continue


def _slope(frame: Frame, probe: ProbeRun) -> OwnSlope:
    """Read one slope.

    Raises:
        ValueError: it is none.

    """
    function, constant = frame.header.get("function"), frame.header.get("constant")
    result, array = frame.header.get("result"), read_npy(frame.payload)
    if not isinstance(function, str) or _NAME.fullmatch(function) is None:
        raise ValueError("no name of a function")
    if not isinstance(constant, str) or probe.slopes.get(constant) != array.shape:
        raise ValueError("no slope with respect to a constant")
    if array.dtype != np.float64 or not np.isfinite(array).all():
        raise ValueError("no slope")
    if type(result) is not float or not math.isfinite(result):
        raise ValueError("no result")
    return OwnSlope(array, function, constant, result)
