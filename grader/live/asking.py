"""What is asked of a session's own code, and what came of it: the judge's side of the forks."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.execution.asking.cases import cases_of
from grader.execution.asking.plan import Asking
from grader.execution.frames import read_frames
from grader.execution.outcome import Probe, ProbeRun
from grader.faults import ReferenceFault
from grader.rubric.kinds import TRAINED
from grader.rubric.model import Rubric
from grader.rubric.parts import Part
from grader.rubric.reference import Reference


@dataclass(frozen=True)
class Answers:
    """What was asked and answered, and about which parts something was not."""

    asked: tuple[Probe, ...] = ()
    runs: tuple[ProbeRun, ...] = ()
    open: frozenset[str] = frozenset()  # as `about` names parts; "" for slopes


def askable(rubric: Rubric, reference: Reference, seed: int) -> Rubric:
    """Reduce a rubric to what can be asked of a session: no training, no data files."""

    def kept(part: Part) -> bool:
        if part.probe in TRAINED:
            return False
        try:
            cases_of(part, reference, seed, {})
        except ReferenceFault:
            return False
        return True

    questions = [
        one.model_copy(update={"parts": [part for part in one.parts if kept(part)]})
        for one in rubric.question
    ]
    return rubric.model_copy(update={"question": questions})


def planned(asking: Asking, notebook: Any, seed: int) -> tuple[tuple[Probe, ...], frozenset[str]]:
    """Return the probes that can be taken in a session, and what they leave open.

    A state after an earlier cell is gone: what would be asked there stays open.
    """
    probes = asking.probes(notebook, seed)
    left = frozenset(probe.about for probe in probes if probe.after is not None)
    return tuple(probe for probe in probes if probe.after is None), left


def packed(probes: Sequence[Probe]) -> tuple[list[dict[str, Any]], bytes]:
    """Put probes into a message: what is withheld stays here."""
    told, content = [], bytearray()
    for probe in probes:
        places = {}
        for name, array in probe.inputs.items():
            begin = len(content)
            content += _encoded(array)
            places[name] = [begin, len(content)]
        told.append(
            {
                "steps": [[step.code, step.name] for step in probe.steps],
                "inputs": places,
                "seconds": probe.seconds,
                "slopes": list(probe.slopes),
            }
        )
    return told, bytes(content)


def answered(
    probes: Sequence[Probe], header: Mapping[str, Any], payload: bytes, left: frozenset[str]
) -> Answers:
    """Read what came of probes; one that did not come to its end says nothing."""
    asked, runs, still = [], [], set(left)
    lengths = header.get("lengths")
    sizes = lengths if isinstance(lengths, list) and len(lengths) == len(probes) else []
    begin = 0
    for probe, size in zip(probes, sizes, strict=False):
        stream, begin = payload[begin : begin + int(size)], begin + int(size)
        run = _run(probe, stream)
        if run is None:
            still.add(probe.about)
        else:
            asked.append(probe)
            runs.append(run)
    still |= {probe.about for probe in probes[len(sizes) :]}
    return Answers(tuple(asked), tuple(runs), frozenset(still))


def _run(probe: Probe, stream: bytes) -> ProbeRun | None:
    ended = [one.header for one in read_frames(stream) if one.header.get("kind") == "ended"]
    if not ended:
        return None
    slopes = {name: probe.inputs[name].shape for name in probe.slopes}
    return ProbeRun(stream, output=str(ended[-1].get("output") or ""), slopes=slopes)


def _encoded(array: np.ndarray) -> bytes:
    target = io.BytesIO()
    np.lib.format.write_array(target, array, allow_pickle=False)
    return target.getvalue()
