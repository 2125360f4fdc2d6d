"""The folder that keeps a class's recordings, and the list of the class.

WORKSPACE/class.json
WORKSPACE/recordings/<safe name>.zip
WORKSPACE/perturbed/<safe name>.zip     the runs with other constants, where there are any
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.faults import RecordingFault, UsageFault
from grader.recording.files import write_atomically

FORMAT = "gradmark/class/1"
RECORDINGS = "recordings"  # the folder in a workspace
PERTURBED = "perturbed"


@dataclass(frozen=True)
class ClassList:
    """A class: what it was recorded for, and the ids of its submissions in order."""

    assignment: str
    submissions: tuple[str, ...]


def recording_path(workspace: Path, submission: str) -> Path:
    """Say where the recording of a submission is kept.

    An id may hold anything the name of a folder may. The digest keeps names apart that
    look alike, or that a file system holds for one.
    """
    return workspace / RECORDINGS / _file_name(submission)


def perturbed_path(workspace: Path, submission: str) -> Path:
    """Say where the recording of a submission's run with other constants is kept."""
    return workspace / PERTURBED / _file_name(submission)


def _file_name(submission: str) -> str:
    digest = hashlib.sha256(submission.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    readable = re.sub(r"[^A-Za-z0-9_-]+", "-", submission).strip("-")[:60]
    return f"{readable or 'submission'}.{digest}.zip"


def save_class(listed: ClassList, workspace: Path) -> None:
    """Write the list of the class.

    Raises:
        UsageFault: it cannot be written.
    """
    path = _list_path(workspace)
    data = {
        "format": FORMAT,
        "assignment": listed.assignment,
        "submissions": list(listed.submissions),
    }
    try:
        write_atomically(path, json.dumps(data, indent=2).encode("ascii") + b"\n")
    except OSError as error:
        raise UsageFault(f"{path} cannot be written: {error.strerror or error}") from error


def load_class(workspace: Path) -> ClassList:
    """Read the list of the class.

    Raises:
        UsageFault: the folder is no workspace.
        RecordingFault: the list is damaged or of another version.

    """
    path = _list_path(workspace)
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise UsageFault(f"{workspace} holds no recordings: it has no class.json") from None
    except OSError as error:
        raise UsageFault(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise RecordingFault(f"{path}: the list of the class is damaged ({error})") from error
    if not _is_class(data):
        raise RecordingFault(f"{path}: the list of the class is damaged or of another version")
    return ClassList(data["assignment"], tuple(data["submissions"]))


def _is_class(data: Any) -> bool:
    """Say whether data are a list of the kind `save_class` writes."""
    return (
        isinstance(data, dict)
        and data.get("format") == FORMAT
        and isinstance(data.get("assignment"), str)
        and isinstance(data.get("submissions"), list)
        and all(isinstance(submission, str) for submission in data["submissions"])
    )


def _list_path(workspace: Path) -> Path:
    """Say where the list is."""
    return workspace / "class.json"
