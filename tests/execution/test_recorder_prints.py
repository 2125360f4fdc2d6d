"""What the recorder keeps of printed and displayed objects."""

from typing import Any

import numpy as np
import pytest


@pytest.fixture(scope="module")
def kernel(start_recorded: Any) -> Any:
    kernel = start_recorded(value_kib=64, output_kib=64)
    kernel.run("import numpy as np, io, sys, contextlib, threading")
    return kernel


def printed(ran: Any) -> dict[str, Any]:
    return ran.values("printed")


def test_an_argument_is_kept_at_full_precision_and_tied_to_its_text(kernel: Any) -> None:
    ran = kernel.run(
        "np.set_printoptions(precision=2)\nprint('w1:', np.array([1/3]), 'é')\nprint(2/3)"
    )

    header = ran.value_headers()["print 1, argument 2"]
    assert printed(ran)["print 1, argument 2"] == [1 / 3]
    assert ran.stdout[slice(*header["span"])] == "w1: [0.33] é\n"
    assert ran.stdout[slice(*ran.value_headers()["print 2, argument 1"]["span"])] == f"{2 / 3}\n"


def test_the_value_is_that_of_the_moment(kernel: Any) -> None:
    ran = kernel.run("x = np.zeros(1)\nfor i in range(3):\n    print(x)\n    x += 1")

    assert [array.tolist() for array in printed(ran).values()] == [[0], [1], [2]]


def test_numbers_inside_containers_and_objects_are_found(kernel: Any) -> None:
    ran = kernel.run(
        "class A: w = 1\na = A(); a.v = np.ones(1)\nprint([1, np.ones(2)], {'k': 0.5}, a)"
    )

    assert list(printed(ran)) == [
        "print 1, argument 1[0]",
        "print 1, argument 1[1]",
        "print 1, argument 2['k']",
        "print 1, argument 3.v",
    ]


def test_text_written_in_between_is_counted(kernel: Any) -> None:
    ran = kernel.run(
        "sys.stdout.write('abc')\n%pwd\nprint('x', end='')\nsys.stdout.writelines(['1', '2'])\n"
        "print('err', file=sys.stderr)\nprint(0.5, 1.5, sep='|', end='!', flush=True)\nprint(3)"
    )

    spans = {path: ran.stdout[slice(*h["span"])] for path, h in ran.value_headers().items()}
    assert spans["print 3, argument 1"] == "0.5|1.5!"
    assert spans["print 4, argument 1"] == "3\n"


def test_what_goes_elsewhere_has_no_place_in_the_output(kernel: Any) -> None:
    ran = kernel.run(
        "buffer = io.StringIO()\nprint(1, file=buffer)\n"
        "with contextlib.redirect_stdout(buffer):\n    print(2)\n"
        "print(3, file=sys.stderr)\nprint(4, file=sys.stdout)\nprint(repr(buffer.getvalue()))"
    )

    spans = [header["span"] for header in ran.headers("value") if header["origin"] == "printed"]
    assert spans == [None, None, None, [0, 2]]
    assert ran.stdout == "4\n'1\\n2\\n'\n"


def test_places_are_counted_afresh_after_the_output_was_cleared(kernel: Any) -> None:
    ran = kernel.run(
        "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint(1)\n"
        "clear_output(wait=True)\nprint(25)"
    )

    header = ran.value_headers()["print 3, argument 1"]
    assert ran.stdout[slice(*header["span"])] == "25\n"


def test_a_printed_object_that_cannot_be_printed_is_kept(kernel: Any) -> None:
    ran = kernel.run(
        "class Bad:\n    def __str__(self): raise ValueError('no')\nprint(np.ones(1), Bad())"
    )

    assert "ValueError" in ran.error
    assert printed(ran)["print 1, argument 1"] == [1]


def test_displayed_objects_are_kept(kernel: Any) -> None:
    ran = kernel.run("display(np.ones(2), {'a': 1.5})\nnp.full(1, 1/3)")

    headers = ran.value_headers()
    assert ran.values("displayed")["display 3"] == [1 / 3]
    assert ran.values("displayed")["display 2['a']"] == 1.5
    assert headers["display 1"]["origin"] == "displayed"
    assert headers["display 1"]["span"] is None


def test_of_a_flood_the_first_and_last_500_prints_are_kept(kernel: Any) -> None:
    ran = kernel.run("for i in range(2000): print(i)")

    numbers = [int(array) for array in printed(ran).values()]
    assert numbers == [*range(500), *range(1500, 2000)]
    assert "1000 of the 2000 prints of the cell" in ran.left_out
    assert ran.value_headers()["print 2000, argument 1"]["span"] == [8885, 8890]


def test_output_beyond_the_limit_is_dropped_and_said(kernel: Any) -> None:
    ran = kernel.run("for i in range(2000): print('x' * 99)\nprint(1.5)")
    after = kernel.run("print('again')")

    header = ran.value_headers()["print 2001, argument 1"]
    assert len(ran.stdout) == 64 * 1024
    assert ran.left_out == ["output beyond 64 KiB"]
    assert header["span"] is None
    assert after.stdout == "again\n"


def test_prints_of_a_thread_are_kept_without_a_place(kernel: Any) -> None:
    ran = kernel.run(
        "thread = threading.Thread(target=print, args=(1.5,)); thread.start(); thread.join()"
    )

    assert printed(ran)["print 1, argument 1"] == 1.5
    assert ran.value_headers()["print 1, argument 1"]["span"] is None


def test_an_interrupt_while_a_print_is_recorded_shows_the_student_s_code_alone(
    kernel: Any,
) -> None:
    ran = kernel.run("x = np.ones(2)\nwhile True: print(x)", interrupt_after="[1. 1.]\n" * 99)

    assert ran.reply["ename"] == "KeyboardInterrupt"
    assert "inside" not in ran.error


def test_a_student_s_own_print_is_left_alone(kernel: Any) -> None:
    ran = kernel.run("def print(*args): sys.stdout.write('mine')\nprint(1)\ndel print\nprint(2)")

    assert ran.stdout == "mine2\n"
    assert list(printed(ran)) == ["print 1, argument 1"]


def test_a_forked_child_records_nothing(kernel: Any) -> None:
    ran = kernel.run(
        "import os\nchild = os.fork()\n"
        "if child == 0:\n    print(0.5); np.random.rand(3); os._exit(0)\n"
        "done = os.waitpid(child, 0)[1]"
    )

    assert printed(ran) == {}
    assert ran.draws == {}
    assert ran.values()["done"] == 0


def test_top_level_await_is_a_cell_like_any_other(kernel: Any) -> None:
    ran = kernel.run("import asyncio\nawait asyncio.sleep(0)\nprint(1.5)\nx = 2.5")

    assert np.array_equal(printed(ran)["print 1, argument 1"], 1.5)
    assert ran.values()["x"] == 2.5
