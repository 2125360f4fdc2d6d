import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.faults import UsageFault
from grader.intake import find_submissions

Make = Callable[[dict[str, bytes | str | None]], Path]
Notebook = Callable[..., bytes]


def test_one_file_or_one_folder_a_student_in_natural_order(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    content = notebook_bytes("x = 1")
    folder = a_class(
        {
            "student-10.ipynb": content,
            "student-10-late/hw1.ipynb": content,
            "student-2/hw1.ipynb": content,
            "student-3/hw1/hw1.ipynb": content,
            "README.md": "",
            "roster.csv": "",
            ".ipynb_checkpoints/student-1-checkpoint.ipynb": content,
        }
    )

    found = find_submissions(folder)

    assert [(one.id, one.file) for one in found] == [
        ("student-2", "student-2/hw1.ipynb"),
        ("student-3", "student-3/hw1/hw1.ipynb"),
        ("student-10", "student-10.ipynb"),
        ("student-10-late", "student-10-late/hw1.ipynb"),
    ]
    assert [one.path for one in found] == [folder / one.file for one in found]
    assert [one.files for one in found[:3]] == [folder / "student-2", folder / "student-3", None]
    assert not any(one.fault for one in found)


def test_a_folder_without_a_notebook_says_so_and_costs_only_itself(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    found = find_submissions(a_class({"a": None, "b.ipynb": notebook_bytes("x")}))

    assert [(one.id, one.file, one.fault) for one in found] == [
        ("a", "", "no notebook found in a"),
        ("b", "b.ipynb", ""),
    ]


def test_a_notebook_that_does_not_open_is_still_a_submission(a_class: Make) -> None:
    found = find_submissions(a_class({"a.ipynb": b"", "b.pdf": b"%PDF-1.7", "c.ipynb.txt": "{"}))

    assert [(one.id, one.file, one.fault) for one in found] == [
        ("a", "a.ipynb", ""),
        ("b", "b.pdf", ""),
        ("c", "c.ipynb.txt", ""),
    ]


def test_a_file_and_a_folder_of_one_name_are_two_submissions_with_two_ids(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    content = notebook_bytes("x = 1")

    found = find_submissions(
        a_class({"a.ipynb": content, "a/hw1.ipynb": content, "A.json": content})
    )

    assert sorted(one.id for one in found) == ["A.json", "a", "a.ipynb"]


def test_a_print_out_and_a_folder_of_data_beside_a_notebook_are_no_submissions(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    content = notebook_bytes("x = 1")

    found = find_submissions(a_class({"a.ipynb": content, "a.pdf": b"%PDF-", "a/x.csv": "1"}))

    assert [(one.id, one.file) for one in found] == [("a", "a.ipynb")]


def test_a_single_file_is_a_class_of_one(a_class: Make, notebook_bytes: Notebook) -> None:
    folder = a_class({"a.ipynb": notebook_bytes("x"), "b.ipynb": notebook_bytes("y")})

    (found,) = find_submissions(folder / "b.ipynb")

    assert (found.id, found.file, found.path) == ("b", "b.ipynb", folder / "b.ipynb")
    assert found.files is None
    assert found.digest == find_submissions(folder)[1].digest


@pytest.mark.parametrize("link", ["a.ipynb", "a"])
def test_a_link_that_leads_out_of_the_class_is_refused(
    a_class: Make, notebook_bytes: Notebook, tmp_path: Path, link: str
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "hw1.ipynb").write_bytes(notebook_bytes("x = 1"))
    target = "../other/hw1.ipynb" if link.endswith("ipynb") else "../other"

    (found,) = find_submissions(a_class({link: f"-> {target}"}))

    assert found.id == "a"
    assert found.fault == f"{link} is a link that leads out of the folder that was handed in"
    assert (found.file, found.files) == ("", None)


def test_the_class_itself_may_be_reached_by_a_link(
    a_class: Make, notebook_bytes: Notebook, tmp_path: Path
) -> None:
    a_class({"a.ipynb": notebook_bytes("x"), "b/hw1.ipynb": notebook_bytes("x")})
    (tmp_path / "link").symlink_to("class")

    assert [one.fault for one in find_submissions(tmp_path / "link")] == ["", ""]


def test_a_folder_that_cannot_be_opened_costs_only_itself(
    a_class: Make, notebook_bytes: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = notebook_bytes("x = 1")
    folder = a_class({"a/hw1.ipynb": content, "b.ipynb": content})
    forbid(monkeypatch, folder / "a")

    found = find_submissions(folder)

    assert [(one.id, one.fault) for one in found] == [
        ("a", "a cannot be opened: permission denied"),
        ("b", ""),
    ]


def test_a_class_that_cannot_be_opened_is_a_usage_fault(
    a_class: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_class({})
    forbid(monkeypatch, folder)

    with pytest.raises(UsageFault, match=rf"^cannot read {folder}: permission denied$"):
        find_submissions(folder)


def test_a_class_that_is_not_there_is_a_usage_fault(tmp_path: Path) -> None:
    with pytest.raises(UsageFault, match=r"nowhere: no such file or directory$"):
        find_submissions(tmp_path / "nowhere")


@pytest.mark.parametrize("files", [{}, {"README.md": "", "data.csv": "", ".hidden.ipynb": ""}])
def test_a_class_without_submissions_is_a_usage_fault(
    a_class: Make, files: dict[str, bytes | str | None]
) -> None:
    with pytest.raises(UsageFault, match=r"^no submissions in .*class: expected \.ipynb files or"):
        find_submissions(a_class(files))


def test_names_that_are_not_utf8_give_ids_that_can_be_written(
    a_class: Make, notebook_bytes: Notebook
) -> None:
    folder = a_class({os.fsdecode(b"caf\xe9.ipynb"): notebook_bytes("x = 1")})

    (found,) = find_submissions(folder)

    assert found.id == r"caf\xe9"
    assert found.path.is_file()


def forbid(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Refuse to list a folder, also to root, whom permissions do not stop."""
    listed = Path.iterdir

    def refusing(path: Path) -> object:
        if path == folder:
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", refusing)
