from collections.abc import Callable
from pathlib import Path

import pytest

from grader.intake.entries import entries, kind_of, stem_of

Make = Callable[[dict[str, bytes | str | None]], Path]


def test_what_no_student_hands_in_is_not_listed(a_class: Make) -> None:
    litter = [".hidden.ipynb", "README.md", "readme.txt", ".DS_Store", "hw1.ipynb~", "Thumbs.db"]
    folder = a_class(dict.fromkeys(litter, "{}") | {"b2.ipynb": "", "a10.ipynb": "", "A9": ""})
    a_class({"__MACOSX/._a.ipynb": "", ".ipynb_checkpoints/a.ipynb": ""})

    assert [path.name for path in entries(folder)] == ["A9", "a10.ipynb", "b2.ipynb"]


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("hw1.ipynb", "hw1"),
        ("hw1.ipynb.txt", "hw1"),
        ("hw1.json", "hw1"),
        ("v1.2 final.IPYNB", "v1.2 final"),
        ("student.07.ipynb", "student.07"),
    ],
)
def test_a_stem_is_the_name_without_the_endings_of_a_format(name: str, stem: str) -> None:
    assert stem_of(Path(name)) == stem


@pytest.mark.parametrize(
    "name", ["a.ipynb", "a.IPYNB", "a.ipynb.txt", "a.ipynb.download", "a.ipynb (1)"]
)
def test_a_name_with_the_notebook_ending_is_a_notebook_whatever_it_holds(
    a_class: Make, name: str
) -> None:
    assert kind_of(a_class({name: b""}) / name) == "notebook"


@pytest.mark.parametrize("name", ["a.json", "a.txt", "a"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_name_that_says_nothing_leaves_it_to_the_content(
    a_class: Make, notebook_bytes: Callable[..., bytes], name: str, encoding: str
) -> None:
    content = notebook_bytes("x = 1").decode().encode(encoding)
    folder = a_class({name: content[:-5], f"other/{name}": "{'x': 1}"})

    assert kind_of(folder / name) == "notebook"
    assert kind_of(folder / "other" / name) == "other"


def test_a_print_out_is_a_document_and_data_is_neither(a_class: Make) -> None:
    folder = a_class({"hw1.ipynb.html": "", "hw1.pdf": "", "data.csv": ""})

    kinds = [kind_of(path) for path in entries(folder)]

    assert kinds == ["other", "document", "document"]
