"""`grader.check` in a real kernel: right and wrong answers, and nothing in the notebook changes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.grades import contradictions, sample, state_of
from tests.live.kernels import ROOT, Kernel, ended_within, kernel

pytestmark = pytest.mark.slow
STUDENT = "student-05"  # whose notebook has several mistakes
STATE = """
def _state():
    import os, random, sys, warnings, threading
    import numpy as np, torch
    shells = ('In', 'Out')
    names = [k for k in globals() if k[0] != '_' and k not in shells]
    own = {k: id(globals()[k]) for k in names}
    return [own, repr(random.getstate()), repr(np.random.get_state()[1].tolist()),
            torch.get_rng_state().tolist(), os.getcwd(), repr(warnings.filters), dict(os.environ),
            sorted(os.listdir('.')), torch.get_num_threads(), threading.active_count(),
            sorted(map(str, sys.path)), repr(sys.stdout), repr(sys.stderr)]
"""
FUNCTIONS = """
import numpy as np
calls = []
def tanh(x):
    calls.append(1)
    print("called")
    return np.tanh(x)
def relu(x):
    return np.maximum(0, x)
def sigmoid(x):
    return 1 / (1 + np.exp(-x))
def tanh_grad(x):
    return 1 - np.tanh(x) ** 2
def relu_grad(x):
    return (x > 0).astype(float)
def sigmoid_grad(x):
    return sigmoid(x) * (1 - sigmoid(x))
"""


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    folder = tmp_path_factory.mktemp("work")
    (folder / "gradmark.toml").write_text('rubric = "hw1"\n')
    (folder / "random.py").write_text("raise RuntimeError('a file of the student')\n")
    with kernel(folder) as one:
        one.run_notebook(ROOT / "submissions" / "hw1" / f"{STUDENT}.ipynb")
        one.run("import numpy as np, torch\nimport grader")
        yield one


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    with kernel(tmp_path_factory.mktemp("functions")) as one:
        one.run("import grader")
        yield one


def checks(one: Kernel, call: str) -> dict[str, Any]:
    found = one.value(f"{call}.data")
    assert not found["fault"], found["fault"]
    return {check["question"]: check for check in found["checks"]}


def with_tanh(body: str) -> str:
    return FUNCTIONS.replace('calls.append(1)\n    print("called")\n    return np.tanh(x)', body)


def test_a_notebook_of_mistakes_is_checked_as_it_is_graded(started: Kernel) -> None:
    found = checks(started, "grader.check()")

    assert contradictions(found, sample("hw1", STUDENT)["questions"]) == []


def test_a_mistake_is_named_as_in_the_grade(started: Kernel) -> None:
    found = checks(started, "grader.check('forward-numpy', 'forward-torch')")

    assert [state_of(one) for one in found.values()] == ["fails", "fails"]
    assert [one["explained_by"] for one in found.values()] == [["softmax over batch"]] * 2


def test_random_training_is_left_to_the_grade(started: Kernel) -> None:
    found = checks(started, "grader.check('dropout-numpy')")["dropout-numpy"]

    assert state_of(found) == "waits"
    assert "grader check" in found["sentence"]


def test_the_result_is_shown_in_all_forms_and_nothing_else_is(started: Kernel) -> None:
    cell = started.run("grader.check('forward-numpy')")

    assert {"text/html", "text/markdown", "text/plain"} <= cell.data.keys()
    assert "<script" not in cell.data["text/html"]
    assert (cell.streams, cell.error) == ("", "")
    assert cell.messages == ["status", "execute_input", "execute_result", "status"]


def test_the_magics_check_too(started: Kernel) -> None:
    line = started.run("%check forward-numpy")
    cell = started.run("%%check forward-numpy\nanswer_to_all = 42")

    assert "forward-numpy" in line.data["text/plain"]
    assert "forward-numpy" in cell.data["text/plain"]
    assert started.value("answer_to_all") == 42


def test_a_magic_names_questions_and_rubric_as_people_write_them(functions: Kernel) -> None:
    functions.run(FUNCTIONS)

    line = functions.run("%check 'activations', \"loss\" rubric=ps1")

    assert "activations" in line.data["text/plain"]
    assert "loss" in line.data["text/plain"]


def test_an_unknown_question_is_told_with_the_one_that_was_meant(started: Kernel) -> None:
    said = started.run("grader.check('forward-nunpy')").data["text/plain"]

    assert 'there is no question "forward-nunpy"; did you mean "forward-numpy"?' in said


def test_nothing_in_the_notebook_changes(started: Kernel) -> None:
    started.run(STATE)
    before = started.value("_state()")

    started.run("grader.check()")

    assert started.value("_state()") == before


def test_checking_loads_nothing_but_the_grader_and_what_python_has(started: Kernel) -> None:
    started.run("import grader.live.check, sys\nloaded = set(sys.modules)")

    started.run("grader.check()")

    new = "sorted({m.split('.')[0] for m in set(sys.modules) - loaded} - sys.stdlib_module_names)"
    assert started.value(new) in ([], ["grader"])


def test_a_judge_that_was_killed_is_started_again(started: Kernel) -> None:
    started.run("import os, grader.live.process as p\nos.kill(p.KEPT.ready().pid, 9)")

    assert state_of(checks(started, "grader.check('forward-numpy')")["forward-numpy"]) == "fails"


def test_a_corrected_cell_passes(started: Kernel) -> None:
    right = ROOT / "submissions" / "hw1" / "student-01.ipynb"

    started.run_notebook(right)

    found = checks(started, "grader.check('forward-numpy', 'gradient-numpy')")
    assert [state_of(one) for one in found.values()] == ["passes", "passes"]


def test_without_a_rubric_the_three_ways_are_told(functions: Kernel) -> None:
    said = functions.run("grader.check()").data["text/plain"]

    assert all(way in said for way in ("rubric=", "gradmark.toml", "metadata"))


def test_functions_are_called_and_leave_no_trace(functions: Kernel) -> None:
    functions.run(FUNCTIONS)

    cell = functions.run("result = grader.check('activations', rubric='ps1')")

    assert (cell.streams, cell.error) == ("", "")
    assert functions.value("calls") == []
    assert functions.value("result.passes")


def test_a_wrong_function_is_named(functions: Kernel) -> None:
    functions.run(FUNCTIONS.replace("np.exp(-x)", "np.exp(x)"))

    found = checks(functions, "grader.check('activations', rubric='ps1')")["activations"]

    assert state_of(found) == "fails"
    assert "sigmoid" in found["place"]


@pytest.mark.parametrize(
    "body",
    [
        "import os; os._exit(3)",
        "raise SystemExit",
        "return input('?')",
        "return bytearray(2**40)",
        "import os, signal; os.kill(os.getppid(), signal.SIGWINCH)",
        "from IPython.display import display, HTML; display(HTML('<b>x</b>'))",
        "import sys, os; os.write(1, b'x'); sys.__stdout__.write('y'); print('z', flush=True)",
    ],
)
def test_whatever_a_function_does_the_check_answers_and_shows_nothing_of_it(
    functions: Kernel, body: str
) -> None:
    functions.run(with_tanh(body))

    cell = functions.run("result = grader.check('activations', rubric='ps1')")

    assert (cell.streams, cell.error) == ("", "")
    assert not functions.value("result.data['fault']")
    assert not functions.value("result.passes")
    assert {"display_data", "input_request"}.isdisjoint(cell.messages)


def test_a_function_that_never_ends_neither_passes_nor_fails(functions: Kernel) -> None:
    functions.run(with_tanh("while True: pass"))

    cell = functions.run("result = grader.check('activations', rubric='ps1')")

    assert (cell.streams, cell.error) == ("", "")
    assert state_of(checks(functions, "result")["activations"]) == "waits"


def test_a_large_session_is_checked(functions: Kernel) -> None:
    functions.run(FUNCTIONS)
    functions.run("for i in range(1000): globals()[f'v{i}'] = np.random.rand(25_000)")

    cell = functions.run("result = grader.check('activations', rubric='ps1')")
    functions.run("for i in range(1000): del globals()[f'v{i}']")

    assert (cell.streams, cell.error) == ("", "")
    assert functions.value("result.passes")


def test_an_interrupt_leaves_the_next_check_in_order(functions: Kernel) -> None:
    functions.run("import threading, time, _thread")
    functions.run("t = threading.Timer(0.05, _thread.interrupt_main); t.start(); grader.check()")

    functions.run("time.sleep(0.2)")

    assert checks(functions, "grader.check('activations', rubric='ps1')")


def test_the_judge_ends_with_the_kernel(tmp_path: Path) -> None:
    with kernel(tmp_path) as one:
        one.run("import grader, grader.live.process as p")
        judge = one.value("p.KEPT.ready().pid")

    assert ended_within(judge, 30)
