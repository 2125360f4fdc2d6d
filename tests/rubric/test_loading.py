"""What a teacher reads about a reference that cannot be loaded."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.faults import RubricFault
from grader.rubric.loading import load
from grader.rubric.reference import load_reference, open_rubric

Problems = Callable[..., list[str]]
Edit = Callable[..., None]

NAMES = 'line.toml: "reference" names'


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lin.py", f'{NAMES} a file that does not exist: "lin.py"; did you mean "line.py"?'),
        (
            "other/zzz.py",
            f'{NAMES} a file that does not exist: "other/zzz.py"; '
            'the Python files beside the rubric are "line.py"',
        ),
        (
            "../line.py",
            'line.toml: "reference" must stay in the rubric\'s folder; found "../line.py"',
        ),
        (
            "sub/../../line.py",
            'line.toml: "reference" must stay in the rubric\'s folder; found "sub/../../line.py"',
        ),
        (
            "/etc/line.py",
            'line.toml: "reference" must stay in the rubric\'s folder; found "/etc/line.py"',
        ),
        (
            "C:/line.py",
            'line.toml: "reference" must stay in the rubric\'s folder; found "C:/line.py"',
        ),
    ],
)
def test_a_file_that_is_not_beside_the_rubric_is_told(
    problems: Problems, name: str, message: str
) -> None:
    assert problems(('reference = "line.py"', f'reference = "{name}"')) == [message]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("reference.hw11", '"reference.hw11"; did you mean "reference.hw1"?'),
        ("reference.zzzzzz", '"reference.zzzzzz"'),
        ("reference.hw1.part", '"reference.hw1.part"'),
    ],
)
def test_an_unknown_module_is_told(problems: Problems, name: str, message: str) -> None:
    found = problems(('reference = "line.py"', f'reference = "{name}"'))

    assert found == [f"{NAMES} a module that does not exist: {message}"]


def test_only_modules_of_the_package_reference_are_imported(line: Path) -> None:
    with pytest.raises(RubricFault, match='does not exist: "antigravity"'):
        load("antigravity", line)

    assert "antigravity" not in sys.modules


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "Centre = Literal[",
            "Centre = Literal(",
            "line.py, line 8: the reference is not valid Python: closing parenthesis ']' does not "
            'match opening parenthesis \'(\': Centre = Literal("mean", "none"]',
        ),
        (
            "Centre = Literal",
            "Centre = Litteral",
            "line.py, line 8: the reference stops with NameError: name 'Litteral' is not defined",
        ),
        (
            "Centre = Literal",
            "import no_such_package\nCentre = Literal",
            "line.py, line 8: the reference stops with ModuleNotFoundError: "
            "No module named 'no_such_package'",
        ),
        (
            "Centre = Literal",
            "raise SystemExit\nCentre = Literal",
            "line.py, line 8: the reference stops with SystemExit",
        ),
        (
            "GIVEN = {",
            "given = {",
            'line.py: must have the dict GIVEN of the constants handed out, such as {"rate": 0.4}',
        ),
        (
            '"rate": 0.25',
            '"rate": "0.25"',
            'line.py: GIVEN["rate"] must be a number or an array of numbers',
        ),
        (
            '"rate": 0.25',
            "1: 0.25",
            'line.py: GIVEN["1"] must be a number or an array of numbers',
        ),
    ],
)
def test_a_reference_that_cannot_be_used_is_told_with_its_line(
    problems: Problems, edit: Edit, old: str, new: str, message: str
) -> None:
    edit((old, new), file="line.py")

    assert problems() == [message]


def test_a_reference_without_functions_is_told(line: Path, problems: Problems) -> None:
    Path("line.py").write_text("GIVEN = {'x': 1}\n", encoding="utf-8")

    assert problems() == ["line.py: has no function whose first argument is called given"]


def test_a_faulty_reference_is_told_beside_the_problems_of_the_rubric(
    problems: Problems, edit: Edit
) -> None:
    edit(("GIVEN = {", "given = {"), file="line.py")

    found = problems(("points = 4", "points = 0"))

    assert [problem.split(": ")[0] for problem in found] == [
        'line.toml, question "slope"',
        "line.py",
    ]


def test_an_edited_reference_is_loaded_anew_and_leaves_no_bytecode(line: Path, edit: Edit) -> None:
    rubric, before = open_rubric(line)
    edit(('"rate": 0.25', '"rate": 0.75'), file="line.py")

    after = load_reference(rubric, line)

    assert (before.given["rate"], after.given["rate"]) == (0.25, 0.75)
    assert sorted(path.name for path in Path().iterdir()) == ["line.py", "line.toml"]


def test_references_of_the_same_name_in_two_folders_are_kept_apart(line: Path, edit: Edit) -> None:
    rubric, here = open_rubric(line)
    other = Path("other")
    other.mkdir()
    text = Path("line.py").read_text(encoding="utf-8").replace("0.25", "0.5")
    (other / "line.py").write_text(text, encoding="utf-8")

    there = load_reference(rubric, other / "line.toml")

    modules = {here.functions["slope"].__module__, there.functions["slope"].__module__}
    assert len(modules) == 2
    assert (here.given["rate"], there.given["rate"]) == (0.25, 0.5)
