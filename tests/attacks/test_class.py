"""A class with hostile members, graded by the command line; the others get their due."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from grader.execution.isolation import detect
from tests.attacks.attack import Attack, build_notebook, filled_in, read_themes

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(not detect().full, reason="there is no full isolation here"),
]

LINEAR = Path(__file__).parents[1] / "assignments" / "linear" / "linear.toml"
GOOD = {
    "ada": [
        "import numpy as np\nt = np.arange(4.0)\nu = np.array([1.137, 2.941, 5.218, 7.083])",
        "line = np.polyfit(t, u, 1)",
        "left = u - np.polyval(line, t)\nearly, late = left[:2], left[2:]",
    ],
    "bob": [
        "import numpy as np\nt = np.arange(4.0)\nu = np.array([1.137, 2.941, 5.218, 7.083])",
        "line = np.array([(t @ u) / (t @ t), 0.0])",
    ],
}
HOSTILE = {  # the attack, by the name under which it is handed in
    "::error file=x::hacked": "writes-workflow-commands",
    "=cmd|calc": "writes-templates",
    "{{ 7 * 7 }}": "forges-frames",
    "<script>attack()<": "writes-html",
    "\x1b[31mred": "writes-to-the-terminal",
    "-rf": "kills-everybody",
    "a..b": "leaves-daemons-and-dies",
    "$(touch x)": "hands-on-pickles",
    "a\nb": "swallows-interruptions",
    "plain": "takes-ten-gigabytes",
    "ada.": "forges-messages",
}


@dataclass(frozen=True)
class Graded:
    """What came of grading a class."""

    code: int
    said: str
    out: Path

    @property
    def grades(self) -> dict[str, Any]:
        listed = json.loads((self.out / "grades.json").read_text())["submissions"]
        return {entry["id"]: {**entry, "seconds": 0} for entry in listed}


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The good ones by themselves."""
    return grade_class(tmp_path_factory.mktemp("alone"), GOOD)


@pytest.fixture(scope="module")
def among(tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """The good ones among hostile ones."""
    folder = tmp_path_factory.mktemp("among")
    places = {"MARK": "markofaclass", "PID": "999999", "CLASS": str(folder / "class")}
    attacks = {attack.id: attack for theme in read_themes() for attack in theme.attacks}
    hostile = {name: sources_of(attacks[id_], places) for name, id_ in HOSTILE.items()}
    return grade_class(folder, {**hostile, **GOOD})


def sources_of(attack: Attack, places: dict[str, str]) -> list[str]:
    return [cell.source for cell in build_notebook(filled_in(attack, places).notebook).cells]


def grade_class(folder: Path, class_: dict[str, Sequence[str]]) -> Graded:
    (folder / "class").mkdir()
    for name, sources in class_.items():
        cells = [v4.new_code_cell(source) for source in sources]
        nbformat.write(v4.new_notebook(cells=cells), folder / "class" / f"{name}.ipynb")
    rubric = folder / "linear.toml"
    rubric.write_text(LINEAR.read_text().replace("cell_seconds = 20", "cell_seconds = 2"))
    (folder / "linear.py").write_text(LINEAR.with_suffix(".py").read_text())
    command = ["run", rubric, folder / "class", "--out", folder / "out", "--jobs", "2"]
    done = subprocess.run(
        [sys.executable, "-c", "from grader.cli import main; main()", *map(str, command)],
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        env={**os.environ, "COLUMNS": "200"},
    )
    return Graded(done.returncode, done.stdout + done.stderr, folder / "out")


def test_the_class_is_graded_to_its_end(among: Graded) -> None:
    assert among.code == 0, among.said
    assert len(among.grades) == len(HOSTILE) + len(GOOD)
    assert "ungraded" not in {among.grades[name]["status"] for name in GOOD}


def test_the_good_ones_get_what_they_get_without_the_others(alone: Graded, among: Graded) -> None:
    assert {name: among.grades[name] for name in GOOD} == alone.grades


def test_no_hostile_one_gets_points(among: Graded) -> None:
    assert {among.grades[name]["points"] for name in among.grades if name not in GOOD} <= {0, None}


def test_what_the_command_line_says_is_plain(among: Graded) -> None:
    assert "\x1b" not in among.said
    assert re.search(r"^::", among.said, re.M) is None


def test_no_cell_of_the_table_is_a_formula(among: Graded) -> None:
    rows = csv.reader((among.out / "grades.csv").read_text(encoding="utf-8-sig").splitlines())

    assert [cell for row in rows for cell in row if cell.startswith(("=", "@", "|", "%"))] == []


def test_no_page_holds_what_would_run(among: Graded) -> None:
    pages = [path.read_text() for path in among.out.rglob("*.html")]

    assert len(pages) == 1 + len(HOSTILE) + len(GOOD)
    for text in ("<script>attack", "<img src=x", '"javascript:', "\x1b"):
        assert [text for page in pages if text in page] == []


def test_nothing_was_run_beside_the_class(among: Graded) -> None:
    made = {path.name for path in among.out.parent.rglob("*")}

    assert "x" not in made
    assert not [name for name in made if "markofaclass" in name]
