"""Environments of their own for other graders, installed once below build/."""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from tests.bench.notebooks import ROOT

BUILD = ROOT / "build" / "bench"
INSTALL_SECONDS = 1800


class NotInstalled(Exception):
    """Another grader that could not be installed or prepared, and why."""


def installed(name: str, *packages: str) -> Path:
    """Give the interpreter of an environment with these packages, made if it is not there.

    NumPy and PyTorch are of the versions the project is pinned to.

    Raises:
        NotInstalled: pip failed; the message is its last line.

    """
    place = BUILD / f"environment-{name}"
    python, stamp = place / "bin" / "python", place / "installed"
    wanted = [*packages, "ipykernel", "numpy", "torch"]
    if stamp.exists() and stamp.read_text() == " ".join(wanted):
        return python
    shutil.rmtree(place, ignore_errors=True)
    venv.create(place, with_pip=True)
    constraints = ["-c", str(ROOT / "constraints.txt")]
    call([str(python), "-m", "pip", "install", "--quiet", *constraints, *wanted], BUILD)
    stamp.write_text(" ".join(wanted))
    return python


def search_path(python: Path) -> str:
    """Give the PATH of an environment in use: nbgrader calls alembic by its bare name."""
    return os.pathsep.join([str(python.parent), os.environ["PATH"]])


def call(command: list[str], folder: Path) -> None:
    """Run a command of an environment to its end.

    Raises:
        NotInstalled: it failed.

    """
    try:
        done = subprocess.run(
            command,
            check=False,
            cwd=folder,
            env={**os.environ, "PATH": search_path(Path(command[0]))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=INSTALL_SECONDS,
            text=True,
            errors="replace",
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalled(str(error)) from error
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:])
        lines = done.stdout.strip().splitlines() or [f"exit code {done.returncode}"]
        raise NotInstalled(lines[-1][:200])
