from collections.abc import Callable
from pathlib import Path

import pytest

from grader.faults import IntakeFault
from grader.intake.choice import choose_notebook

Make = Callable[[dict[str, bytes | str | None]], Path]
Notebook = Callable[..., bytes]


def test_the_only_notebook_is_chosen_from_among_other_files(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    folder = a_class({"hw1.ipynb": notebook_bytes("x = 1"), "net.py": "", "data/x.csv": ""})

    assert choose_notebook(folder) == folder / "hw1.ipynb"


def test_a_notebook_one_folder_deeper_is_found_and_two_deeper_is_not(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    folder = a_class({"a/hw1/hw1.ipynb": notebook_bytes("x"), "b/c/d/e.ipynb": b""})

    assert choose_notebook(folder / "a") == folder / "a" / "hw1" / "hw1.ipynb"
    with pytest.raises(IntakeFault, match=r"^no notebook found in b$"):
        choose_notebook(folder / "b")


def test_a_notebook_at_the_top_comes_before_those_in_folders(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    folder = a_class({"hw1.ipynb": notebook_bytes("x"), "old/hw1.ipynb": notebook_bytes("y")})

    assert choose_notebook(folder) == folder / "hw1.ipynb"


def test_of_several_the_only_one_with_a_source_is_chosen(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    folder = a_class(
        {
            "Untitled.ipynb": notebook_bytes(),
            "Untitled1.ipynb": notebook_bytes("  \n"),
            "empty.ipynb": b"",
            "work.ipynb": notebook_bytes("x = 1"),
        }
    )

    assert choose_notebook(folder) == folder / "work.ipynb"


def test_copies_stand_back(a_class: Make, notebook_bytes: Notebook) -> None:
    same = notebook_bytes("x = 1")
    folder = a_class(
        {
            "hw1 (1).ipynb": same,
            "hw1.ipynb": same,
            "hw1-checkpoint.ipynb": notebook_bytes("x = 0"),
        }
    )

    assert choose_notebook(folder) == folder / "hw1.ipynb"


def test_two_that_differ_are_named_and_none_is_chosen(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    folder = a_class({"a.ipynb": notebook_bytes("x = 1"), "b.ipynb": notebook_bytes("x = 2")})

    with pytest.raises(IntakeFault, match=r"several notebooks, .* to grade: a\.ipynb, b\.ipynb$"):
        choose_notebook(folder)


def test_a_damaged_notebook_may_be_the_one_meant(a_class: Make, notebook_bytes: Notebook) -> None:
    content = notebook_bytes("x = 1")
    folder = a_class({"a.ipynb": content, "b.ipynb": content[:-9]})

    with pytest.raises(IntakeFault, match="several notebooks"):
        choose_notebook(folder)


def test_of_many_only_the_first_are_named(a_class: Make, notebook_bytes: Notebook) -> None:
    folder = a_class({f"{n}.ipynb": notebook_bytes(f"x = {n}") for n in range(12)})

    with pytest.raises(IntakeFault, match=r"0\.ipynb, .* 4\.ipynb and 7 more$"):
        choose_notebook(folder)


def test_what_lies_in_place_of_a_notebook_is_named(a_class: Make) -> None:
    folder = a_class({"a/hw1.py": "", "a/report.pdf": "", "a/data.csv": ""})

    with pytest.raises(
        IntakeFault, match=r"^no notebook found in a; it holds hw1\.py, report\.pdf$"
    ):
        choose_notebook(folder / "a")


def test_a_link_to_another_students_work_is_refused(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    folder = a_class({"a/hw1.ipynb": notebook_bytes("x = 1"), "b/hw1.ipynb": "-> ../a/hw1.ipynb"})

    with pytest.raises(IntakeFault, match=r"^hw1\.ipynb is a link that leads out"):
        choose_notebook(folder / "b")


def test_a_folder_that_is_a_link_is_not_searched(a_class: Make, notebook_bytes: Notebook) -> None:
    folder = a_class({"a/hw1/hw1.ipynb": notebook_bytes("x = 1"), "b/hw1": None})
    (folder / "b" / "hw1").rmdir()
    (folder / "b" / "hw1").symlink_to("../a/hw1")

    with pytest.raises(IntakeFault, match="no notebook found in b"):
        choose_notebook(folder / "b")
