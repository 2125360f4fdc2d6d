"""What is read from a rubric, and that nothing else than a RubricFault comes of a broken one."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.faults import RubricFault
from grader.rubric.model import Mistake, Rubric
from grader.rubric.read import read_rubric, rubric_digest
from grader.rubric.reference import open_rubric

Edit = Callable[..., None]
Mutation = Callable[[bytes], bytes]
PLACES = ("broken.toml", "line.py", "reference.__init__")

VALUES = [
    "1", "-1", "0", "1.5", "1e400", "nan", "true", '""', '"slope"', "[]", "[[]]", "[1, [2]]", "{}",
    "{ a = 1 }", '{ id = "slope" }', '{ "a b" = [] }', '["slope", "slope"]', "2024-02-29",
    "07:30:00", "2024-02-29T07:30:00Z", "0x" + "f" * 5000, "9" * 5000, '"\\u2028"', '"../x.py"',
    '"reference.__init__"', '"line.toml.py"', '"\\u0000.py"', '"' + "x" * 300 + '.py"',
]  # fmt: skip


def test_a_rubric_is_read_with_its_defaults(line: Path) -> None:
    rubric = read_rubric(line)

    assert isinstance(rubric, Rubric)
    assert (rubric.assignment, rubric.points, rubric.limits.memory_mib) == ("line", 10, 4096)
    assert rubric.question[1].tolerance is not None
    assert rubric.question[0].mistake[2] == Mistake(
        id="typed-in", worth=0, says="Nothing computes this number."
    )


def test_settings_keep_the_order_of_the_file(line: Path, edit: Edit) -> None:
    names = ["zeta", "alpha", "mid", "beta"]
    table = ", ".join(f"{name} = 1" for name in names)
    edit(('accept = { divide = ["n", "n-1"], centre = "mean" }', f"accept = {{ {table} }}"))

    rubric = read_rubric(line)

    assert list(rubric.question[0].accept) == names


def test_settings_keep_their_types(line: Path, edit: Edit) -> None:
    edit(("accept = {", 'accept = { a = 1, b = true, c = 1.0, d = [1, true, "1"],'))

    accept = read_rubric(line).question[0].accept

    assert [accept["a"], accept["b"], accept["c"]] == [1, True, 1.0]
    assert [type(accept[name]) for name in "abc"] == [int, bool, float]
    assert [type(value) for value in accept["d"]] == [int, bool, str]  # type: ignore[union-attr]


def test_a_fault_carries_its_problems_one_a_line(line: Path, edit: Edit) -> None:
    edit(("points = 4", "points = 0"), ("combine = 2", "combine = 0"))

    with pytest.raises(RubricFault) as fault:
        read_rubric(line)

    assert len(fault.value.problems) == 2
    assert str(fault.value) == "\n".join(fault.value.problems)


def test_the_digest_covers_the_rubric_and_a_reference_beside_it(line: Path) -> None:
    both = line.read_bytes() + Path("line.py").read_bytes()

    assert rubric_digest(line) == hashlib.sha256(both).hexdigest()


def test_the_digest_of_a_rubric_with_a_shipped_reference_is_that_of_its_file(
    line: Path, edit: Edit
) -> None:
    edit(('"line.py"', '"reference.line"'))

    assert rubric_digest(line) == hashlib.sha256(line.read_bytes()).hexdigest()


def test_the_digest_of_a_rubric_without_its_reference_is_refused(line: Path) -> None:
    Path("line.py").unlink()

    with pytest.raises(RubricFault, match="names a file that does not exist"):
        rubric_digest(line)


def problems_of(path: Path) -> list[str]:
    try:
        open_rubric(path)
    except RubricFault as fault:
        return fault.problems
    return []


@st.composite
def mutations(draw: st.DrawFn) -> Mutation:
    """Draw a way to spoil one line of a rubric, or some of its bytes."""
    place = draw(st.integers(0, 10_000))
    kind = draw(st.sampled_from(["delete", "double", "rename", "value", "insert", "swap"]))
    value = draw(st.sampled_from(VALUES) | st.text(max_size=8)).encode("utf-8", "surrogatepass")
    garbage = draw(st.binary(min_size=1, max_size=4))

    def mutate(content: bytes) -> bytes:
        lines = content.split(b"\n")
        number = place % len(lines)
        key, equals, old = lines[number].partition(b" = ")
        changed = {
            "delete": [],
            "double": [lines[number]] * 2,
            "rename": [key[:-1] + equals + old],
            "value": [key + b" = " + value],
            "insert": [lines[number][: place % 7] + garbage + lines[number][place % 7 :]],
            "swap": [lines[-1 - number]],
        }
        return b"\n".join([*lines[:number], *changed[kind], *lines[number + 1 :]])

    return mutate


@settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.lists(mutations(), min_size=1, max_size=4))
def test_whatever_is_done_to_a_rubric_it_is_read_or_told_line_by_line(
    line: Path, changes: list[Mutation]
) -> None:
    right = line.read_bytes()
    broken = line.with_name("broken.toml")
    content = right
    for change in changes:
        content = change(content)
    broken.write_bytes(content)

    told = problems_of(broken)

    assert all(len(problem.splitlines()) == 1 for problem in told)
    assert all(problem.startswith(PLACES) for problem in told)
    assert told or read_rubric(broken).question


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(content=st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_else(line: Path, content: bytes) -> None:
    noise = line.with_name("noise.toml")
    noise.write_bytes(content)

    with pytest.raises(RubricFault):
        read_rubric(noise)
