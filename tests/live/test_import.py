"""`import grader` is light, and harmless outside of notebooks."""

import subprocess
import sys

from grader.execution.inside.stand_ins.grader import SENTENCE

ROOT_CHECK = "import sys, grader; print(sorted(m for m in sys.modules if m in {heavy!r}))"
HEAVY = {"numpy", "torch", "pydantic", "nbformat", "IPython", "grader.scoring", "grader.live.check"}


def told(code: str, **environment: str) -> str:
    import os

    run = subprocess.run(
        [sys.executable, "-W", "error::ImportWarning", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )
    assert run.stderr == ""
    return run.stdout.strip()


def test_the_import_loads_nothing_heavy() -> None:
    assert told(ROOT_CHECK.format(heavy=HEAVY)) == "[]"


def test_a_check_while_a_notebook_is_graded_says_so_and_loads_nothing() -> None:
    code = (
        f"import grader; print(grader.check('any', rubric='x'))\n{ROOT_CHECK.format(heavy=HEAVY)}"
    )

    said = told(code, GRADMARK_GRADING="1")

    assert said.split("\n") == [SENTENCE, "[]"]


def test_a_script_that_a_graded_notebook_runs_goes_on_after_its_checks() -> None:
    code = "import grader\nassert grader.check('any').passes\nprint('done')"

    assert told(code, GRADMARK_GRADING="1") == "done"


def test_a_check_in_plain_python_looks_at_the_main_module() -> None:
    code = (
        "import numpy as np, grader\n"
        "result = grader.check('forward-numpy', rubric='hw1')\n"
        "print(result.data['fault'], [c['question'] for c in result.data['checks']])"
    )

    assert told(code) == "['forward-numpy']"
