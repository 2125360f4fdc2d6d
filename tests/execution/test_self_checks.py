"""Lines by which students check themselves: where a notebook is graded they judge nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat import v4

from grader.execution import isolation, run, server
from grader.execution.inside.stand_ins.grader import SENTENCE, Unchecked
from grader.execution.isolation import Isolation, detect
from grader.execution.outcome import Execution
from grader.execution.run import Runner
from grader.recording.assemble import assemble
from grader.rubric.model import Limits
from tests.execution.conftest import LIGHT

WAYS = ("forked", "unwalled", "cold")
# What is asked, and what a cell shows of it.
LINES = {
    "import": ("import grader", ""),
    "from": ("from grader import check", ""),
    "check": ("grader.check('gradient')", SENTENCE),
    "all": ("grader.check()", SENTENCE),
    "kept": ("result = grader.check()", ""),
    "printed": ("print(grader.check())", SENTENCE),
    "asserted": ("assert grader.check('x').passes, result.sentence", ""),
    "extension": ("%load_ext grader", ""),
    "again": ("%reload_ext grader", ""),
    "line": ("%check gradient", SENTENCE),
    "bare line": ("%check", SENTENCE),
    "cell": ("%%check gradient\n6 * 7", f"{SENTENCE} 42"),
    "bare cell": ("%%check", SENTENCE),
    "future": ("%%check x\nfrom __future__ import annotations\n6 * 7", "42"),
    "pip": ("!pip install gradmark", SENTENCE),
    "quiet pip": ("!pip install -q --upgrade 'gradmark>=0.1'", SENTENCE),
    "magic pip": ("%pip install gradmark", SENTENCE),
    "module pip": ("!python -m pip install gradmark[live]  # once", SENTENCE),
    "uv": ("!uv pip install gradmark", SENTENCE),
    "within": ("if True:\n    !pip install gradmark\n    import grader\n6 * 7", f"{SENTENCE} 42"),
    "text": ("print('''\n!pip install gradmark\n''')", "!pip install gradmark"),
}
FAILS = ("import grader.scoring", "from grader.live import check", "import reference.hw1")
WORK = (
    "import numpy as np\nX = np.arange(6.0).reshape(2, 3)",
    "out = X @ X.T + np.random.rand(2, 2)\nprint(out)\nout",
    "def f(x):\n    return x * 2.5\ny = f(out)",
    "1 / 0\nz = 5.25",
    "z = 0.132 + y.sum(); z",
)
CHECKED = (
    "!pip install gradmark\nimport grader\n%load_ext grader\n" + WORK[0],
    "%%check gradient\n" + WORK[1],
    "%check one\n" + WORK[2] + "\ngrader.check('two')",
    "%%check x\n" + WORK[3],
    "grader.check(); " + WORK[4],
)
WALKS = """
import grader, os, sys
from pathlib import Path
grader.check = lambda *_: "full marks"
roots = {Path(grader.__file__).parents[n] for n in range(len(Path(grader.__file__).parents) - 1)}
roots |= {Path(place, "grader") for place in sys.path}
seen = [Path(at, name) for root in roots for at, _, names in os.walk(root) for name in names]
for path in seen:
    try:
        text = path.read_text(errors="replace") if path.suffix in (".py", ".toml") else ""
    except OSError:
        continue
    if "gradmark/rubric" in text or (text and {"reference", "rubrics"} & set(path.parts)):
        print("read", path)
print(len(seen) > 5, grader.check())
"""


def notebook(*sources: str) -> Any:
    return v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])


def executed(runner: Runner, *sources: str, files: Path | None = None) -> Execution:
    limits = Limits(cell_seconds=30)
    return runner.execute(notebook(*sources), limits=limits, seed=3, files=files)


def shown(cell: Any) -> str:
    texts = [o.get("text", o.get("data", {}).get("text/plain", "")) for o in cell.outputs]
    return " ".join(" ".join(texts).split())


@pytest.fixture(scope="module", params=WAYS)
def runner(request: pytest.FixtureRequest) -> Iterator[Runner]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "PRELOADED", LIGHT)
        if request.param != "cold" and not detect().forks:
            pytest.skip(f"kernels cannot be forked here: {detect().text}")
        if request.param == "unwalled":
            reduced = Isolation(False, True, detect().landlock, ("no user namespaces",))
            for module in (run, isolation):
                patch.setattr(module, "detect", lambda: reduced)
        with Runner(cold=request.param == "cold") as made:
            yield made


@pytest.fixture(scope="module")
def asked(runner: Runner) -> Execution:
    return executed(runner, *[source for source, _ in LINES.values()], *FAILS)


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_checks_says_so_and_the_cell_goes_on(asked: Execution, name: str) -> None:
    place = list(LINES).index(name)

    assert (asked.cells[place].status, asked.cells[place].error) == ("ok", "")
    assert shown(asked.notebook.cells[place]) == LINES[name][1]


def test_nothing_that_judges_can_be_imported(asked: Execution) -> None:
    refused = [cell.error.partition(":")[0] for cell in asked.cells[len(LINES) :]]

    assert refused == ["ModuleNotFoundError"] * len(FAILS)


def test_no_check_becomes_a_value(asked: Execution) -> None:
    recording = assemble("s", "s.ipynb", "key", asked.notebook, asked)

    assert {value.array.item() for value in recording.values} == {42}


def facts(ran: Execution) -> list[Any]:
    recording = assemble("s", "s.ipynb", "key", ran.notebook, ran)
    return [
        [(cell.number, cell.status, cell.error) for cell in recording.cells],
        [
            (v.origin.replace("displayed", "shown"), v.cell, v.last_cell, v.path, v.array.tobytes())
            for v in recording.values
        ],
        [(d.cell, d.call, d.array.tobytes()) for d in recording.draws],
    ]


def test_the_rest_of_a_notebook_is_recorded_as_without_its_checks(runner: Runner) -> None:
    without, with_checks = (executed(runner, *sources) for sources in (WORK, CHECKED))

    assert [cell.status for cell in without.cells] == ["ok", "ok", "ok", "raised", "ok"]
    assert facts(with_checks) == facts(without)


def test_an_error_below_the_magic_tells_the_same_line(runner: Runner) -> None:
    ran = executed(runner, "%%check x\na = 1\n1 / 0")

    assert "line 3" in str(ran.notebook.cells[0].outputs[-1]["traceback"])


def test_an_own_module_of_that_name_stays_the_students(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "grader.py").write_text("def check(): return 'my own'\n")
    (tmp_path / "reference.py").write_text("answer = 6\n")

    ran = executed(
        runner, "import grader, reference; grader.check(), reference.answer", files=tmp_path
    )

    assert shown(ran.notebook.cells[0]) == "('my own', 6)"


def test_another_copy_of_the_grader_is_stood_in_for_as_well(runner: Runner, tmp_path: Path) -> None:
    (tmp_path / "grader" / "execution" / "inside").mkdir(parents=True)
    (tmp_path / "grader" / "execution" / "inside" / "self_checks.py").touch()
    (tmp_path / "grader" / "__init__.py").write_text("def check(): return 'judged'\n")

    ran = executed(runner, "import grader; grader.check()", files=tmp_path)

    assert shown(ran.notebook.cells[0]) == SENTENCE


def test_whoever_walks_from_the_stand_in_finds_no_answers(runner: Runner) -> None:
    if runner.isolation.startswith("reduced: no sandbox") or not detect().forks:
        pytest.skip("a fresh kernel has no walls")

    ran = executed(runner, WALKS)

    assert shown(ran.notebook.cells[0]) == "True full marks"


def test_other_packages_are_not_looked_for_again_and_again(runner: Runner) -> None:
    ran = executed(runner, "!pip install surely-there-is-no-such-package")

    assert ran.cells[0].status == "ok"
    assert "Retrying" not in shown(ran.notebook.cells[0])


def test_another_process_is_told_that_a_notebook_is_graded(runner: Runner) -> None:
    ran = executed(runner, "!echo $GRADMARK_GRADING")

    assert shown(ran.notebook.cells[0]) == "1"


def test_an_unchecked_result_answers_whatever_is_asked() -> None:
    result = Unchecked()

    assert (str(result), f"{result:.2f}", repr(result.html())) == (SENTENCE,) * 3
    assert (list(result), len(result), bool(result)) == ([], 0, True)
    assert not hasattr(result, "_repr_html_")
