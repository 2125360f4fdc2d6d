"""Workflows run by act on this machine, and what they came to."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
STUBS = Path(__file__).parent / "stubs"
EXAMPLES = ROOT / "examples"
TOOLS = Path(sys.prefix) / "bin"
ACTION = "gradmark/gradmark@v0.1.0"
REPORTER = "classroom-resources/autograding-grading-reporter"
TRIES = 3
STOOD_IN = {
    "actions/checkout": "checkout",
    "actions/upload-artifact": "upload-artifact",
    "astral-sh/setup-uv": "setup-uv",
    REPORTER: "reporter",
}
_USED = re.compile(r"uses: +(\S+)@(\S+)")


@dataclass
class Outcome:
    """What a run of a workflow came to: what the runner understood, and what it only printed."""

    lines: list[dict[str, Any]]
    artifacts: Path
    seconds: float = 0.0
    outputs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outputs = {
            line["name"]: line["arg"]
            for line in self.lines
            if line.get("command") == "set-output" and len(line["stepID"]) == 1
        }

    @property
    def succeeded(self) -> bool:
        return [line["jobResult"] for line in self.lines if "jobResult" in line] == ["success"]

    @property
    def summary(self) -> str:
        told = [line for line in self.lines if line.get("command") == "summary"]
        return "\n".join(str(line.get("content", line["msg"])) for line in told)

    @property
    def log(self) -> str:
        return "".join(line["msg"] for line in self.lines if line.get("raw_output"))

    def commands(self, name: str) -> list[tuple[str, str]]:
        """List the commands of a kind the runner understood: title and message."""
        return [
            (line.get("kvPairs", {}).get("title", ""), line.get("arg", ""))
            for line in self.lines
            if line.get("command") == name
        ]

    @property
    def understood(self) -> set[str]:
        return {line["command"] for line in self.lines if line.get("command")}


def run_workflow(
    repository: Path,
    action: Path,
    room: Path,
    *,
    environment: Mapping[str, str] | None = None,
    others: Mapping[str, Path] | None = None,
    limit: float = 300,
) -> Outcome:
    """Push to a repository of a student's, as far as this machine goes.

    Args:
        repository: a folder; a git repository is made of it.
        action: a folder with our action.
        room: for everything act writes.
        environment: set for all steps.
        others: further actions and workflows, by "owner/name@ref".
        limit: seconds.

    """
    _commit(repository)
    given = {"TEST_PYTHON": sys.executable, "TEST_ARTIFACTS": str(room / "artifacts")}
    command = [str(TOOLS / "act"), "push", "--json", "-P", "ubuntu-latest=-self-hosted"]
    command += ["--action-cache-path", str(room / "cache"), "--no-cache-server"]
    for name, value in {**given, **(environment or {})}.items():
        command += ["--env", f"{name}={value}"]
    for name, folder in {**_stood_in(repository, action), **(others or {})}.items():
        command += ["--local-repository", f"{name}={folder}"]
    for _ in range(TRIES):
        ended = subprocess.run(
            command,
            cwd=repository,
            env=os.environ | {"XDG_CACHE_HOME": str(room / "xdg")},
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
        outcome = Outcome(list(_parsed(ended.stdout)), room / "artifacts")
        if not _lost_words(outcome, repository):
            break
    return outcome


def export_action(folder: Path) -> Path:
    """Copy what a release of the action consists of."""
    for name in ("action", "grader", "reference", "rubrics"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("action.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def _commit(repository: Path) -> None:
    identity = ["-c", "user.name=Student", "-c", "user.email=student@example.org"]
    for arguments in (
        ["init", "--quiet", "--initial-branch=main", "."],
        ["add", "--all", "--force"],
        [*identity, "commit", "--quiet", "--message", "Hand in"],
    ):
        subprocess.run(["git", *arguments], cwd=repository, check=True, timeout=60)


def _stood_in(repository: Path, action: Path) -> dict[str, Path]:
    """Name a folder for every action that is used, at the very version it is used at."""
    texts = [path.read_text() for path in repository.glob(".github/workflows/*")]
    texts.append((action / "action.yml").read_text())
    used = {match.groups() for text in texts for match in _USED.finditer(text)}
    known = {name: STUBS / stub for name, stub in STOOD_IN.items()}
    return {ACTION: action} | {f"{name}@{ref}": known[name] for name, ref in used if name in known}


def _lost_words(outcome: Outcome, repository: Path) -> bool:
    """Say whether act lost what a step said last, which it may on a busy machine.

    It reads a terminal that closes as the step's process ends.
    """
    titles = [title for kind in ("notice", "error") for title, _ in outcome.commands(kind)]
    texts = [path.read_text() for path in repository.glob(".github/workflows/*")]
    reports = any(REPORTER in text for text in texts)
    announced = any(title.startswith("Autograding") for title in titles)
    return "score" in outcome.outputs and (not titles or (reports and not announced))


def _parsed(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        if line.startswith("{"):
            yield json.loads(line)
