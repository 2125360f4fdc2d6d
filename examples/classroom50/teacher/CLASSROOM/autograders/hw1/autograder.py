"""Classroom 50 runs this once in a student's checkout: installs gradmark apart, and lets it check.

It ends with 0 where grading ran, whatever was found; anything else is an error of ours.
"""

import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

VERSION = "0.1.0"
UV = "0.13.9"
HERE = Path(__file__).resolve().parent


def main() -> int:
    """Check the notebook in the working directory with what lies beside this file."""
    # A container image that has gradmark already names its Python here.
    python = os.environ.get("GRADMARK_PYTHON") or install(Path(tempfile.mkdtemp()))
    # -I: nothing of the checkout is ever imported, whatever a student calls a file.
    check = ["-I", "-m", "grader.automation.classroom50", "--config", HERE / "gradmark.toml"]
    return subprocess.run([python, *check], check=False).returncode  # noqa: S603


def install(folder: Path) -> str:
    """Install gradmark, with the small PyTorch that needs no GPU, and give its Python."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    uv = [str(folder / "bin" / "uv"), "pip", "install", "--quiet", "--python", python]
    for command in (
        [python, "-I", "-m", "pip", "install", "--quiet", f"uv=={UV}"],
        [*uv, "--torch-backend", "cpu", f"gradmark=={VERSION}"],
    ):
        # Elsewhere than in the checkout, whose settings are the student's.
        subprocess.run(command, check=True, cwd=folder, stdout=sys.stderr)  # noqa: S603
    return python


if __name__ == "__main__":
    sys.exit(main())
