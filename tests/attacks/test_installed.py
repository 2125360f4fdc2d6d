"""An installed grader lies beside the packages notebooks use; its answers stay out of sight."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.execution.isolation import detect

pytestmark = pytest.mark.skipif(not detect().full, reason="there is no full isolation here")

ROOT = Path(__file__).parents[2]
CELLS = """
import reference.hw1
# %%
import importlib.resources
importlib.resources.files("rubrics").joinpath("hw1.toml").read_text()
# %%
from grader.scoring import grade
# %%
import importlib.metadata, os, site, sys
wanted = {"hw1.toml", "hw1.py", "linear.toml"}
found = [os.path.join(at, name) for at, _, names in os.walk("/") for name in wanted & set(names)]
print("found:", found)
"""
SCRIPT = """
import grader.spared
import json, sys
from pathlib import Path
from grader.execution.run import Runner
from grader.rubric.model import Limits
from tests.attacks.attack import all_text, build_notebook
import grader
with Runner() as runner:
    ran = runner.execute(build_notebook(sys.argv[1]), limits=Limits(cell_seconds=60), seed=1)
statuses = [cell.status for cell in ran.cells]
print(json.dumps([grader.__file__, ran.isolation, statuses, all_text(ran)]))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder where a Python might be installed."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as made:
        yield Path(made)


def test_the_answers_of_an_installed_grader_cannot_be_imported(folder: Path) -> None:
    venv.create(folder / "venv", symlinks=True)
    (packages,) = (folder / "venv" / "lib").glob("*/site-packages")
    used = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "used.pth").write_text("\n".join(used))
    for name in ("grader", "reference", "rubrics"):
        shutil.copytree(ROOT / name, packages / name)
    (folder / "tests" / "attacks").mkdir(parents=True)
    for path in (*Path(__file__).parent.glob("*.toml"), Path(__file__).parent / "attack.py"):
        shutil.copy(path, folder / "tests" / "attacks")

    done = subprocess.run(
        [folder / "venv" / "bin" / "python", "-c", SCRIPT, CELLS],
        cwd=folder,
        env={**os.environ, "LD_LIBRARY_PATH": os.pathsep.join(used)},  # shown to notebooks, too
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    file, isolation, statuses, text = json.loads(
        done.stdout or json.dumps(["", "", [], done.stderr])
    )

    assert Path(file).is_relative_to(packages), done.stderr
    assert isolation == "full"
    assert statuses == ["raised", "raised", "raised", "ok"]
    assert re.findall("found: .*", text) == ["found: []"]
