import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.recording.npy import read_npy, write_npy

NUMBERS = (
    hnp.boolean_dtypes()
    | hnp.integer_dtypes(endianness="?")
    | hnp.unsigned_integer_dtypes(endianness="?")
    | hnp.floating_dtypes(endianness="?")
    | hnp.complex_number_dtypes(endianness="?")
)
ARRAYS = hnp.arrays(NUMBERS, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))


@given(ARRAYS)
@settings(deadline=None)
def test_every_array_of_numbers_comes_back_with_its_type_and_shape(array: np.ndarray) -> None:
    back = read_npy(write_npy(array))

    assert back.dtype == array.dtype.newbyteorder("=")
    assert back.shape == array.shape
    np.testing.assert_array_equal(back, array)


def test_an_array_in_fortran_order_comes_back_as_it_was() -> None:
    array = np.asfortranarray(np.arange(12.0).reshape(3, 4))

    assert np.array_equal(read_npy(write_npy(array)), array)


def test_what_numpy_saves_can_be_read_and_changed() -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.arange(3))

    back = read_npy(buffer.getvalue())
    back[0] = 7

    assert back.tolist() == [7, 1, 2]


@pytest.mark.parametrize(
    "array",
    [
        np.array([{}, None], dtype=object),
        np.array(["a", "b"]),
        np.array([b"a"]),
        np.zeros(2, dtype=[("a", "f8")]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
    ],
)
def test_nothing_but_numbers_is_written_or_read(array: np.ndarray) -> None:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=True)

    with pytest.raises(ValueError, match=r"no array of|no type of|no \.npy"):
        write_npy(array)
    with pytest.raises(ValueError, match=r"no array of|no type of|no \.npy"):
        read_npy(buffer.getvalue())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"(2, 3)", b"(2, 4)"),
        (b"(2, 3)", b"(9**9, 3)"),
        (b"'<f8'", b"'|O'"),
        (b"'<f8'", b"'<f3'"),
        (b"(2, 3)", b"(0, 999999999999999999)"),
        (b"False", b"Maybe"),
    ],
)
def test_a_header_that_lies_is_refused(old: bytes, new: bytes) -> None:
    data = write_npy(np.ones((2, 3)))
    start, rest = data[:10], data[10:]
    header, payload = rest[:118], rest[118:]
    forged = header.replace(old, new).rstrip().ljust(117) + b"\n"
    assert forged != header

    with pytest.raises(ValueError, match=r"no |bytes"):
        read_npy(start + forged + payload)


@given(st.binary(max_size=300), st.integers(0, 200), st.integers(0, 255))
@settings(deadline=None)
def test_no_bytes_do_worse_than_a_value_error(noise: bytes, place: int, byte: int) -> None:
    data = bytearray(write_npy(np.ones((2, 3))))
    data[place % len(data)] = byte

    for attempt in (noise, bytes(data), bytes(data[:place]) + noise):
        try:
            array = read_npy(attempt)
        except ValueError:
            continue
        assert array.size <= len(attempt)
