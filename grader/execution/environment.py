"""What a recording depends on besides the submission: versions, platform, the recorder itself."""

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from grader.execution.stand_ins import is_installed

PACKAGES = ("numpy", "torch", "ipython", "ipykernel", "nbclient")
REPLACED = ("keras", "tensorflow", "torchvision")  # stood in for where they are not installed


@cache
def _facts() -> tuple[tuple[str, str], ...]:
    """Gather the facts once: they do not change while a process lives."""
    return (
        ("python", platform.python_version()),
        ("platform", f"{platform.system()} {platform.machine()}"),
        *((package, _version(package)) for package in PACKAGES),
        *((package, _version(package)) for package in REPLACED if is_installed(package)),
        ("gradmark", _version("gradmark")),
        ("recorder", _recorder_digest()),
    )


def describe_environment() -> dict[str, str]:
    """Name the versions a run depends on; packages are asked for, not imported."""
    return dict(_facts())


def _version(package: str) -> str:
    """Look up an installed version."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _recorder_digest() -> str:
    """Digest the code that runs and records, so that a changed recorder makes new recordings."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
