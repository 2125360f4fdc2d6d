"""The key of a recording: all it depends on, in one digest."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from grader.intake.budget import REWRITING
from grader.recording.stored import FORMAT
from grader.rubric.model import Limits
from grader.rubric.surroundings import Budget


def recording_key(
    content: bytes,
    limits: Limits,
    *,
    environment: Mapping[str, str],
    probes: tuple[str, ...] = (),
    seed: int = 0,
    budget: Budget | None = None,
) -> str:
    """Digest what a recording depends on: where keys are equal, the same would come out.

    Args:
        content: a digest of the submission's files.
        limits: what the run may take.
        environment: as `describe_environment` gives it.
        probes: what the rubric asks the recorder to call.
        seed: set before the first cell.
        budget: what keeps training short; one that limits nothing is like none.

    """
    parts: dict[str, Any] = {
        "format": FORMAT,
        "content": content.hex(),
        "limits": limits.model_dump(),
        "probes": probes,
        "environment": dict(environment),
        "seed": seed,
    }
    if budget is not None and budget.is_set:
        parts["budget"] = {"rewriting": REWRITING, **budget.model_dump()}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("ascii")).hexdigest()
