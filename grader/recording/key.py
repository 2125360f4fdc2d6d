"""The key of a recording: all it depends on, in one digest."""

import hashlib
import json
from collections.abc import Mapping

from grader.recording.store import FORMAT
from grader.rubric.model import Limits


def recording_key(
    content: bytes,
    limits: Limits,
    *,
    environment: Mapping[str, str],
    probes: tuple[str, ...] = (),
    seed: int = 0,
) -> str:
    """Digest what a recording depends on: where keys are equal, the same would come out.

    Args:
        content: a digest of the submission's files.
        limits: what the run may take.
        environment: as `describe_environment` gives it.
        probes: what the rubric asks the recorder to call.
        seed: set before the first cell.

    """
    parts = {
        "format": FORMAT,
        "content": content.hex(),
        "limits": limits.model_dump(),
        "probes": probes,
        "environment": dict(environment),
        "seed": seed,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("ascii")).hexdigest()
