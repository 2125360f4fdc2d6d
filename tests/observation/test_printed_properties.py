"""Whatever NumPy or torch prints is read back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.observation.printed import PrintedArray, read_numbers

EVERYTHING = 10**9
LABELS = st.sampled_from(
    ["", "w1 grad:\n", "output x2 = ", "Task (a), layer3: ", "conv2d 3.11.7\n"]
)
SHAPES = hnp.array_shapes(max_dims=3, max_side=4)


def numbers(width: int) -> st.SearchStrategy[float]:
    """Floats of every kind; rounded up, the very largest would no longer be finite."""
    largest = 2.0**1000 if width == 64 else 2.0**120
    return st.one_of(
        st.floats(-1, 1, width=width),
        st.floats(0.125, 1024, width=width),
        st.integers(-5, 5).map(float),
        st.floats(-largest, largest, width=width),
        st.sampled_from([np.nan, np.inf, -np.inf]),
    )


ARRAYS = st.one_of(
    hnp.arrays(np.float64, SHAPES, elements=numbers(64)),
    hnp.arrays(np.float64, SHAPES, elements=st.floats(-2, 2)),
    hnp.arrays(np.float32, SHAPES, elements=numbers(32)),
    hnp.arrays(np.int64, SHAPES, elements=st.integers(-(10**6), 10**6)),
    hnp.arrays(np.complex128, SHAPES, elements=st.builds(complex, numbers(64), numbers(64))),
)
NUMPY_OPTIONS = st.fixed_dictionaries(
    {
        "precision": st.integers(0, 17),
        "suppress": st.booleans(),
        "linewidth": st.integers(20, 200),
        "floatmode": st.sampled_from(["fixed", "unique", "maxprec", "maxprec_equal"]),
        "sign": st.sampled_from(["-", "+", " "]),
    }
)
TORCH_OPTIONS = st.one_of(
    st.fixed_dictionaries(
        {
            "precision": st.integers(1, 10),
            "sci_mode": st.sampled_from([None, True, False]),
            "linewidth": st.integers(20, 200),
        }
    ),
    st.sampled_from([{"profile": "default"}, {"profile": "short"}, {"profile": "full"}]),
)


@contextmanager
def torch_options(**options: Any) -> Iterator[None]:
    torch.set_printoptions(**options)
    try:
        yield
    finally:
        torch.set_printoptions(profile="default", sci_mode=None)


def assert_read_back(found: PrintedArray, printed: np.ndarray) -> None:
    assert found.values.shape == found.resolution.shape == printed.shape
    eps = np.finfo(printed.dtype).eps if printed.dtype.kind in "fc" else 0
    for part in (np.real, np.imag):
        actual, expected = part(found.values), part(printed).astype(np.float64)
        same = (actual == expected) | (np.isnan(actual) & np.isnan(expected))
        finite = np.where(np.isfinite(expected), expected, 0)
        with np.errstate(invalid="ignore"):
            error = np.where(same, 0, np.abs(actual - expected))
        assert (error <= found.resolution * (1 + 1e-6) + 2 * eps * np.abs(finite)).all()


@settings(max_examples=250, deadline=None)
@given(ARRAYS, NUMPY_OPTIONS, st.sampled_from([str, repr]), LABELS)
@example(np.array([1 + 2j, 3.5 - 10j]), {}, str, "")
def test_what_numpy_prints_is_read_back(
    array: np.ndarray, options: dict[str, Any], write: Any, label: str
) -> None:
    with np.printoptions(threshold=EVERYTHING, **options):
        text = f"{label}{write(array)}\nDone in 10:30"

    found = read_numbers(text)

    assert [one.form for one in found] == ["array" if write is repr else "brackets"]
    assert_read_back(found[0], array)


@settings(max_examples=60, deadline=None)
@given(ARRAYS, st.sampled_from(["1.13", "1.21", "1.25"]))
def test_what_older_numpy_prints_is_read_back(array: np.ndarray, version: Any) -> None:
    with np.printoptions(threshold=EVERYTHING, legacy=version):
        text = repr(array)

    (found,) = read_numbers(text)

    assert_read_back(found, array)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(np.float64, hnp.array_shapes(max_dims=3, max_side=8), elements=st.floats(-1, 1)))
def test_what_numpy_leaves_out_is_refused_with_what_it_shows(array: np.ndarray) -> None:
    with np.printoptions(threshold=6, edgeitems=2):
        text = f"gradient: {array}"

    found = read_numbers(text)

    assert len(found) == (0 if "..." in text else 1)


@settings(max_examples=150, deadline=None)
@given(ARRAYS, TORCH_OPTIONS, st.booleans(), LABELS)
def test_what_torch_prints_is_read_back(
    array: np.ndarray, options: dict[str, Any], grad: bool, label: str
) -> None:
    tensor = torch.tensor(array, requires_grad=grad and array.dtype.kind != "i")
    with torch_options(**options):
        text = f"{label}{tensor}\nDone in 10:30"

    (found,) = read_numbers(text)

    assert (found.form, found.dtype) == ("tensor", printed_dtype(tensor))
    assert_read_back(found, array)


def printed_dtype(tensor: torch.Tensor) -> str | None:
    defaults = {torch.float32, torch.int64, torch.complex64}
    return None if tensor.dtype in defaults else str(tensor.dtype)


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(
        np.float32, hnp.array_shapes(max_dims=3, max_side=8), elements=st.floats(-1, 1, width=32)
    )
)
def test_what_torch_leaves_out_is_refused_with_what_it_shows(array: np.ndarray) -> None:
    with torch_options(threshold=6, edgeitems=2):
        text = f"gradient: {torch.tensor(array)}"

    found = read_numbers(text)

    assert len(found) == (0 if "..." in text else 1)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(np.float64, (3, 4), elements=st.floats(-9, 9)), NUMPY_OPTIONS)
def test_rows_printed_one_by_one_make_the_matrix(
    array: np.ndarray, options: dict[str, Any]
) -> None:
    with np.printoptions(**options):
        text = "\n".join(str(row) for row in array)

    matrix, *rows = read_numbers(text)

    assert_read_back(matrix, array)
    assert [row.values.tolist() for row in rows] == matrix.values.tolist()


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(np.float64, (2, 3), elements=st.floats(-9, 9)), st.integers(1, 12))
def test_numbers_in_running_text_are_read_line_by_line(array: np.ndarray, decimals: int) -> None:
    lines = [f"x{i}: " + ", ".join(f"{v:.{decimals}f}" for v in row) for i, row in enumerate(array)]

    matrix, *rows = read_numbers("\n".join(lines))

    assert_read_back(matrix, array)
    assert (matrix.resolution == float(f"5e-{decimals + 1}")).all()
    assert [row.form for row in rows] == ["loose", "loose"]


@settings(max_examples=60, deadline=None)
@given(st.lists(ARRAYS, min_size=1, max_size=4))
def test_several_arrays_of_one_output_are_found_one_by_one(arrays: list[np.ndarray]) -> None:
    with np.printoptions(threshold=EVERYTHING):
        text = "".join(f"here is w1:\n{array!r} and then\n\n" for array in arrays)

    found = read_numbers(text)

    assert len(found) == len(arrays)
    for one, array in zip(found, arrays, strict=True):
        assert_read_back(one, array)
        assert text[one.start : one.end].startswith("array(")
        assert text[one.end :].startswith(" and then")


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(st.floats(), lambda inner: st.lists(inner, min_size=2, max_size=2), max_leaves=9)
)
def test_nested_lists_of_floats_are_read_where_they_are_rectangular(nested: Any) -> None:
    try:
        array = np.array(nested, dtype=np.float64)
    except ValueError:
        array = None
    found = read_numbers(str(nested))

    if array is None:
        assert all(one.values.ndim < 9 for one in found)
    else:
        assert_read_back(found[0], array if array.shape else array.reshape(1))


PIECES = ["[", "]", "(", ")", "...", "1.5", "tensor(", "np.float64(", "array(", "nan", ", dtype="]
PIECES += [", grad_fn=<", "1.0000e-05 *", "-2j", "1e-400", "1e99999", "x1", "=", " ", "\n"]
GARBAGE = st.one_of(
    st.text(alphabet="0123456789.,+-eEjx:/ \n\r\t[](){}'\"*…=\x1b−mné", max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
)


@settings(max_examples=300, deadline=None)
@given(GARBAGE)
def test_garbage_gives_no_exception_and_no_impossible_array(text: str) -> None:
    found = read_numbers(text)

    for one in found:
        assert one.values.size > 0
        assert one.values.shape == one.resolution.shape
        assert (one.resolution >= 0).all()
        assert 0 <= one.start < one.end <= len(text)
    assert [one.start for one in found] == sorted(one.start for one in found)
