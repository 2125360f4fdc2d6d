"""The zip that Gradescope builds an autograder from: two scripts, the rubric, and its files."""

import io
import json
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from grader.rubric.shipped import PROJECT

SOURCE = "assignment"  # the folder of the rubric and its reference
DATA = "data"
WHEELS = "wheels"
REQUIREMENTS = "requirements.txt"
UV = "0.13.9"
_FIXED_TIME = (2020, 1, 1, 0, 0, 0)  # so that the same parts make the same zip

# Gradescope's Ubuntu has a Python of its own, often too old, so uv brings one. It and the
# environment are where an ordinary user can read them, as the sandbox does.
_SETUP = """\
#!/usr/bin/env bash
# Installs the grader; run once, as root, when Gradescope builds the autograder.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
export UV_PYTHON_INSTALL_DIR=/opt/python UV_TORCH_BACKEND=cpu UV_LINK_MODE=copy
source="${GRADMARK_AUTOGRADER:-/autograder}/source"

apt-get update -qq
apt-get install -y -qq --no-install-recommends ca-certificates python3 python3-pip python3-venv
python3 -m venv /opt/uv
/opt/uv/bin/pip install --quiet "uv==@UV@"
/opt/uv/bin/uv venv --quiet --python @PYTHON@ /opt/gradmark
cd "$source"
/opt/uv/bin/uv pip install --quiet --python /opt/gradmark/bin/python -r @REQUIREMENTS@
chmod -R go= "$source"
/opt/gradmark/bin/grader doctor || true
"""
_RUN = """\
#!/usr/bin/env bash
# Grades one submission; run by Gradescope, and by hand with another folder than /autograder.
set -u
home="${GRADMARK_AUTOGRADER:-/autograder}"
exec "${GRADMARK_PYTHON:-/opt/gradmark/bin/python}" -I -m grader.automation.gradescope "$home"
"""


@dataclass(frozen=True)
class Autograder:
    """What an autograder is made of.

    Attributes:
        rubric: the name of a shipped rubric, or of a file in `files`.
        files: of the assignment, by their paths beside the rubric.
        data: by the names the rubric has for them, each with its file name and content.
        requirements: what pip installs, a line each.
        wheels: by their file names; requirements may name them.
        python: the version of Python.

    """

    rubric: str
    requirements: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    data: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    wheels: Mapping[str, bytes] = field(default_factory=dict)
    python: str = "3.12"


def autograder_zip(autograder: Autograder) -> bytes:
    """Give the zip; its scripts are executable, and their lines end as Linux wants it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(_contents(autograder).items()):
            _add(archive, name, content)
    return held.getvalue()


def _contents(autograder: Autograder) -> dict[str, bytes]:
    return {
        "setup.sh": _setup(autograder.python).encode(),
        "run_autograder": _RUN.encode(),
        PROJECT: _project(autograder).encode(),
        REQUIREMENTS: "".join(f"{line}\n" for line in autograder.requirements).encode(),
        **{f"{SOURCE}/{name}": content for name, content in autograder.files.items()},
        **{f"{DATA}/{name}/{file}": held for name, (file, held) in autograder.data.items()},
        **{f"{WHEELS}/{name}": content for name, content in autograder.wheels.items()},
    }


def _setup(python: str) -> str:
    given = {"@UV@": UV, "@PYTHON@": python, "@REQUIREMENTS@": REQUIREMENTS}
    text = _SETUP
    for mark, value in given.items():
        text = text.replace(mark, value)
    return text


def _project(autograder: Autograder) -> str:
    """Write gradmark.toml; strings of JSON are strings of TOML."""
    shipped = autograder.rubric not in autograder.files
    rubric = autograder.rubric if shipped else f"{SOURCE}/{autograder.rubric}"
    lines = [f"rubric = {json.dumps(rubric)}"]
    if autograder.data:
        lines += ["", "[supply]"]
        lines += [
            f"{json.dumps(name)} = {json.dumps(f'{DATA}/{name}/{file}')}"
            for name, (file, _) in autograder.data.items()
        ]
    return "\n".join(lines) + "\n"


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    mode = 0o755 if name in ("setup.sh", "run_autograder") else 0o644
    entry = zipfile.ZipInfo(name, _FIXED_TIME)
    entry.create_system = 3  # Unix: only then is the mode below looked at
    entry.external_attr = (stat.S_IFREG | mode) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
