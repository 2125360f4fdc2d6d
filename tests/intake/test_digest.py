import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.intake import digest as digest_module
from grader.intake.digest import digest_of

Make = Callable[[dict[str, bytes | str | None]], Path]
FILES: dict[str, bytes | str | None] = {"hw1.ipynb": "a", "data/x.csv": "1,2", "empty/x": ""}


def of_folder(folder: Path, files: dict[str, bytes | str | None], a_class: Make) -> str:
    a_class({f"{folder.name}/{name}": content for name, content in files.items()})
    return digest_of(folder / "hw1.ipynb", folder)


def test_the_same_files_elsewhere_have_the_same_digest(a_class: Make) -> None:
    root = a_class({})

    assert of_folder(root / "a", FILES, a_class) == of_folder(root / "b", FILES, a_class)


@pytest.mark.parametrize(
    "change",
    [
        {"hw1.ipynb": "b"},
        {"data/x.csv": "1,3"},
        {"data/y.csv": ""},
        {".config": "x"},
        {"data/link": "-> x.csv"},
        {"link": "-> data"},
    ],
)
def test_a_change_of_any_file_changes_the_digest(
    a_class: Make, change: dict[str, bytes | str | None]
) -> None:
    root = a_class({})

    assert of_folder(root / "a", FILES, a_class) != of_folder(root / "b", FILES | change, a_class)


def test_a_file_that_moved_within_the_folder_changes_the_digest(a_class: Make) -> None:
    folder = a_class(FILES)
    before = digest_of(folder / "hw1.ipynb", folder)

    (folder / "data" / "x.csv").rename(folder / "x.csv")

    assert digest_of(folder / "hw1.ipynb", folder) != before


def test_which_of_the_files_is_the_notebook_changes_the_digest(a_class: Make) -> None:
    folder = a_class({"a.ipynb": "1", "b.ipynb": "2"})

    assert digest_of(folder / "a.ipynb", folder) != digest_of(folder / "b.ipynb", folder)


def test_what_programs_leave_behind_does_not_count(a_class: Make) -> None:
    folder = a_class(FILES)
    before = digest_of(folder / "hw1.ipynb", folder)

    a_class({".ipynb_checkpoints/a.ipynb": "x", "__pycache__/a.pyc": "x", ".DS_Store": "x"})

    assert digest_of(folder / "hw1.ipynb", folder) == before


def test_a_file_without_a_folder_depends_on_itself_alone(a_class: Make) -> None:
    folder = a_class(FILES)
    before = digest_of(folder / "hw1.ipynb", None)

    a_class({"data/x.csv": "changed"})

    assert digest_of(folder / "hw1.ipynb", None) == before


def test_beyond_the_bound_size_and_time_stand_for_the_content(
    a_class: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_module, "HASHED_BYTES", 5)
    folder = a_class({"a.bin": "1234", "hw1.ipynb": "a", "z.bin": "1234"})
    state = (folder / "z.bin").stat()
    before = digest_of(folder / "hw1.ipynb", folder)

    (folder / "z.bin").write_text("4321")
    os.utime(folder / "z.bin", ns=(state.st_atime_ns, state.st_mtime_ns))
    same = digest_of(folder / "hw1.ipynb", folder)
    os.utime(folder / "z.bin", ns=(state.st_atime_ns, state.st_mtime_ns + 1000))

    assert same == before
    assert digest_of(folder / "hw1.ipynb", folder) != before


def test_links_are_not_followed_and_pipes_not_opened(a_class: Make, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("1")
    folder = a_class(FILES | {"link": "-> ../outside", "loop": "-> ."})
    os.mkfifo(folder / "pipe")
    before = digest_of(folder / "hw1.ipynb", folder)

    (tmp_path / "outside").write_text("2")

    assert digest_of(folder / "hw1.ipynb", folder) == before
