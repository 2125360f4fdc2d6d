"""How the launcher and the recorder number cells, keep to their limits and survive attacks."""

import ast
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.execution.inside.notes import Notes

INSIDE = Path(__file__).parents[2] / "grader" / "execution" / "inside"
IMPORTS = (ast.Import, ast.ImportFrom)


@pytest.fixture(scope="module")
def kernel(start_recorded: Any) -> Any:
    profile = {
        "startup/00.py": "started = 1",
        "ipython_kernel_config.py": "c.HistoryManager.enabled = True",
    }
    return start_recorded(memory_mib=2048, profile=profile)


def test_cells_get_the_numbers_they_were_promised_and_count_on(start_recorded: Any) -> None:
    kernel = start_recorded(cell_numbers=[2, 5])

    numbers = [kernel.run(code).headers("cell")[0]["cell"] for code in ("x = 1", "1 +", "y = 2")]

    assert numbers == [2, 5, 6]


def test_a_cell_run_by_a_cell_has_no_number_of_its_own(kernel: Any) -> None:
    outer = kernel.run("a = 1\nget_ipython().run_cell('b = 2')\nprint(3)\nc = 3")
    after = kernel.run("d = 4")

    (cell,) = outer.headers("cell")
    assert outer.value_headers()["c"]["cell"] == cell["cell"]
    assert outer.value_headers()["print 1, argument 1"]["span"] == [0, 2]
    assert after.headers("cell")[0]["cell"] == cell["cell"] + 1


def test_a_full_recording_goes_on_without_values(start_recorded: Any) -> None:
    kernel = start_recorded(recording_mib=1)
    kernel.run("import numpy as np\nx = np.zeros(100_000)\ny = np.zeros(20_000)")

    ran = kernel.run("x = np.ones(100_000); print(x)\ndel y")

    assert ran.values() == {}
    assert sorted(ran.ended) == ["x", "y"]
    assert any(what.endswith("the recording is full") for what in ran.left_out)
    assert ran.headers("cell")


def test_memory_is_bounded_and_the_kernel_goes_on(kernel: Any) -> None:
    ran = kernel.run("import numpy as np\nx = 1.0\ny = np.ones(2**29)")

    assert "MemoryError" in ran.error
    assert ran.values()["x"] == 1.0


def test_damage_to_what_the_recorder_uses_is_noted_and_harmless(kernel: Any) -> None:
    ran = kernel.run(
        "import numpy as np, io\n"
        "x = np.ones(2)\n"
        "import hashlib; blake = hashlib.blake2b; hashlib.blake2b = None\n"
        "print(x); y = np.random.rand(2)"
    )

    kernel.run("hashlib.blake2b = blake")
    assert ran.stdout == "[1. 1.]\n"
    assert ran.error == ""
    assert [what for what in ran.left_out if what.startswith("recorder fault: TypeError")]
    np.testing.assert_array_equal(ran.values("printed")["print 1, argument 1"], [1, 1])


def test_no_configuration_and_no_start_up_file_is_read(kernel: Any) -> None:
    ran = kernel.run(
        "shell = get_ipython()\nprint(shell.history_manager.enabled, 'started' in globals())"
    )

    assert ran.stdout == "False False\n"


def test_an_interrupt_of_the_recorder_s_own_work_shows_none_of_it() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        Notes().run(interrupted)

    assert [entry.name for entry in caught.traceback] == [
        "test_an_interrupt_of_the_recorder_s_own_work_shows_none_of_it"
    ]


def test_the_recorder_needs_nothing_but_python_and_numpy() -> None:
    sources = [path.read_text() for path in INSIDE.glob("*.py") if path.name != "launch.py"]
    imports = [
        node for text in sources for node in ast.walk(ast.parse(text)) if isinstance(node, IMPORTS)
    ]
    names = {
        (getattr(node, "module", None) or alias.name).partition(".")[0]
        for node in imports
        for alias in node.names
        if not getattr(node, "level", 0)
    }

    assert names - set(sys.stdlib_module_names) == {"numpy"}
    assert names.isdisjoint({"pickle", "marshal", "shelve"})


def test_the_core_limit_is_zero(kernel: Any) -> None:
    ran = kernel.run("import resource; print(resource.getrlimit(resource.RLIMIT_CORE))")

    assert ran.stdout == "(0, 0)\n"


def test_a_stolen_descriptor_silences_the_recorder_and_nothing_else(kernel: Any) -> None:
    kernel.run(
        "import os\n"
        "for fd in os.listdir('/proc/self/fd'):\n"
        "    if os.path.exists(f'/proc/self/fd/{fd}') and "
        "os.readlink(f'/proc/self/fd/{fd}').endswith('/stream'):\n"
        "        os.close(int(fd)); break\n"
        "mine = open('mine.txt', 'w'); assert mine.fileno() == int(fd)"
    )
    ran = kernel.run("print(1.5); x = 2; print(open('mine.txt').read() == '')")

    assert ran.stdout == "1.5\nTrue\n"
    assert ran.frames == []
