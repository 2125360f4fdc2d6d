"""The workflow's job this runs in: its folders, and the files by which a step speaks to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

# A later step would obey what stands in any of these.
COMMAND_FILES = (
    "GITHUB_OUTPUT",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_ENV",
    "GITHUB_PATH",
    "GITHUB_STATE",
)


@dataclass(frozen=True)
class Job:
    """Where the workspace is, where temporary files go, and the files the runner reads."""

    workspace: Path
    temporary: Path
    command_files: Mapping[str, Path]

    @property
    def outputs(self) -> Path | None:
        """The file outputs are appended to."""
        return self.command_files.get("GITHUB_OUTPUT")

    @property
    def summary(self) -> Path | None:
        """The file of the step summary."""
        return self.command_files.get("GITHUB_STEP_SUMMARY")


def read_job(environment: Mapping[str, str]) -> Job:
    """Read the job's places; outside a workflow they are the working directory and no files."""
    given = {name: environment.get(name, "") for name in COMMAND_FILES}
    return Job(
        workspace=Path(environment.get("GITHUB_WORKSPACE") or ".").resolve(),
        temporary=Path(environment.get("RUNNER_TEMP") or gettempdir()).resolve(),
        command_files={name: Path(path) for name, path in given.items() if path},
    )
