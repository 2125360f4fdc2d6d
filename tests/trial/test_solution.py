"""The notebook a rubric names as its solution: where it is looked for, and how it is read."""

from pathlib import Path

import nbformat
import pytest

from grader.faults import RubricFault
from grader.trial.solution import notebook_file, notebook_of, read_solution

SCRIPT = """# %% [markdown]
# A heading.

# %%
x = 1

y = 2
# %% second
z = 3
# %%
"""


def test_the_cells_of_a_script_begin_at_their_markers(tmp_path: Path) -> None:
    file = tmp_path / "s.py"
    file.write_text(SCRIPT)

    solution = read_solution(file)

    assert solution.sources == ("x = 1\n\ny = 2", "z = 3")
    assert solution.place(1, 3) == "line 7"
    assert solution.place(2, 1) == "line 9"


def test_a_script_without_markers_is_one_cell(tmp_path: Path) -> None:
    (tmp_path / "s.py").write_text("\nx = 1\n")

    solution = read_solution(tmp_path / "s.py")

    assert (solution.sources, solution.lines) == (("x = 1",), (2,))


def test_a_notebook_is_read_by_its_code_cells(tmp_path: Path) -> None:
    cells = [nbformat.v4.new_markdown_cell("text"), nbformat.v4.new_code_cell("x = 1")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "s.ipynb")

    solution = read_solution(tmp_path / "s.ipynb")

    assert solution.sources == ("x = 1",)
    assert solution.place(1, 2) == "cell 1, line 2"


def test_a_notebook_made_of_sources_is_valid() -> None:
    nbformat.validate(notebook_of(("x = 1", "")))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../s.py", "must stay in the rubric's folder"),
        ("/s.py", "must stay in the rubric's folder"),
        ("line_solutoin.py", 'did you mean "line_solution.py"?'),
    ],
)
def test_a_solution_that_is_not_there_is_told_with_what_is(
    tmp_path: Path, name: str, says: str
) -> None:
    (tmp_path / "line_solution.py").write_text("x = 1")

    with pytest.raises(RubricFault) as fault:
        notebook_file(name, tmp_path / "line.toml", "solution")

    assert says in str(fault.value)
    assert f'{tmp_path / "line.toml"}: "solution"' in str(fault.value)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("s.py", b"# %% [markdown]\n# text", "has no code cell"),
        ("s.py", b"x = '\xff'", "is not UTF-8 text"),
        ("s.ipynb", b"{", "cut off"),
    ],
)
def test_a_solution_that_cannot_be_read_is_a_fault_of_the_rubric(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(RubricFault, match=says):
        read_solution(tmp_path / name)
