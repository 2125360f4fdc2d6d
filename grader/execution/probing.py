"""Steps taken in forks of a notebook's process: in its last state, or in that after a cell."""

import base64
import io
import json
import os
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.execution.frames import read_frames
from grader.execution.outcome import Probe, ProbeRun
from grader.execution.warm import HEAD, REPLY, REQUEST, WarmKernel

STREAM_LIMIT = 64 * 1024 * 1024
SPARE_SECONDS = 2.0  # for the answer, past the probe's own time
CHUNK = 65536
TEXT_LIMIT = 20_000
UNANSWERED = "the notebook's process does not answer any more"


@dataclass(frozen=True)
class Prober:
    """Asks one kernel; keeps forks of the states in which something is to be asked later."""

    kernel: WarmKernel
    kept: dict[int, socket.socket]

    def keep(self, number: int) -> None:
        """Have a fork left behind that stays as the notebook is now, after a cell."""
        ours, theirs = socket.socketpair()
        with theirs:
            self.kernel.send_with({"kind": "keep"}, theirs.fileno())
            kept = self.kernel.wait(SPARE_SECONDS) == "done"
        if kept:
            self.kept[number] = ours
        else:
            ours.close()

    def run(self, probe: Probe) -> ProbeRun:
        """Run one probe."""
        result = os.memfd_create("probe")
        try:
            answered = self._ask(probe, result)
            size = os.fstat(result).st_size
            return _read(os.pread(result, min(size, STREAM_LIMIT), 0), probe, answered=answered)
        finally:
            os.close(result)

    def close(self) -> None:
        """Let go of the forks; they end with the kernel."""
        for kept in self.kept.values():
            kept.close()

    def _ask(self, probe: Probe, result: int) -> bool:
        """Send a probe, and wait for the word that it has ended."""
        request = {
            "kind": "probe",
            "steps": [[step.code, step.name] for step in probe.steps],
            "inputs": {name: _encode(array) for name, array in probe.inputs.items()},
            "seconds": probe.seconds,
            "slopes": list(probe.slopes),
            "id": "probe",
        }
        if probe.after is None:
            self.kernel.send_with(request, result)
            return self.kernel.wait(probe.seconds + SPARE_SECONDS) == "done"
        kept = self.kept.get(probe.after)
        return kept is not None and _ask_kept(kept, request, result)


def _ask_kept(kept: socket.socket, request: dict[str, Any], result: int) -> bool:
    """Send a probe to a kept fork; it is asked one thing at a time, and answers or is lost."""
    text = json.dumps(request).encode()
    kept.settimeout(request["seconds"] + SPARE_SECONDS)
    try:
        socket.send_fds(kept, [HEAD.pack(REQUEST, len(text))], [result])
        kept.sendall(text)
        kind, size = HEAD.unpack(kept.recv(HEAD.size, socket.MSG_WAITALL))
        answered = kind == REPLY and size <= CHUNK and bool(kept.recv(size, socket.MSG_WAITALL))
    except (OSError, struct.error):
        answered = False
    if not answered:  # what it says later would be taken for the next answer
        kept.close()
    return answered


def run_probes(prober: Prober, probes: Sequence[Probe]) -> tuple[ProbeRun, ...]:
    """Run probes one after the other, none of which sees what another did to a variable."""
    return tuple(prober.run(probe) for probe in probes)


def _encode(array: np.ndarray) -> str:
    """Give an array as text."""
    target = io.BytesIO()
    np.lib.format.write_array(target, array, allow_pickle=False)
    return base64.b64encode(target.getvalue()).decode("ascii")


def _read(stream: bytes, probe: Probe, *, answered: bool) -> ProbeRun:
    """Read how a probe ended off its last frame."""
    slopes = {name: probe.inputs[name].shape for name in probe.slopes}
    ended = [frame.header for frame in read_frames(stream) if frame.header.get("kind") == "ended"]
    if not ended and answered and probe.slopes:  # those found in time are there
        return ProbeRun(stream, slopes=slopes)
    if not ended:
        late = f"it did not finish within {probe.seconds:g} seconds, or its process died"
        return ProbeRun(stream, late if answered else UNANSWERED, slopes=slopes)
    error, output = ended[-1].get("error"), ended[-1].get("output")
    said = str(error or "")[:TEXT_LIMIT], str(output or "")[:TEXT_LIMIT]
    return ProbeRun(stream, *said, slopes=slopes)
