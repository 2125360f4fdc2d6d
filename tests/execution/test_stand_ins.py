"""The parts that stand in for absent libraries, compared with what is known of the real ones."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from nbformat import v4

from grader.execution import stand_ins
from grader.execution.inside.stand_ins.keras.datasets import cifar10, mnist
from grader.execution.inside.stand_ins.keras.utils import np_utils, to_categorical
from grader.execution.inside.stand_ins.torchvision.datasets import CIFAR10, MNIST
from grader.execution.inside.stand_ins.torchvision.transforms import (
    Compose,
    Lambda,
    Normalize,
    ToTensor,
)
from grader.execution.stand_ins import tell_stand_ins


def test_labels_become_rows_of_float64_as_in_keras_3_and_of_float32_as_in_keras_2() -> None:
    rows = to_categorical([2, 0], num_classes=4)

    assert rows.tolist() == [[0, 0, 1, 0], [1, 0, 0, 0]]
    assert (rows.dtype, np_utils.to_categorical([2]).dtype) == (np.float64, np.float32)
    assert to_categorical([1], dtype="uint8").dtype == np.uint8


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        (3, (4,)),
        ([0, 3], (2, 4)),
        ([[0], [3]], (2, 4)),
        ([[0, 1], [2, 3]], (2, 2, 4)),
        ([[[3]]], (1, 1, 4)),
        (np.array([0.0, 3.9]), (2, 4)),
    ],
)
def test_one_axis_more_for_the_classes_and_none_for_a_last_one_of_length_1(
    given: Any, shape: tuple[int, ...]
) -> None:
    assert to_categorical(given).shape == shape


@pytest.mark.parametrize(
    ("labels", "classes", "error"),
    [([0, 4], 4, IndexError), (["a"], None, ValueError), ([], None, ValueError)],
)
def test_labels_that_are_no_classes_are_an_error_as_in_keras(
    labels: Any, classes: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        to_categorical(labels, classes)


def test_the_digits_are_read_from_where_keras_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("KERAS_HOME", raising=False)
    (tmp_path / ".keras" / "datasets").mkdir(parents=True)
    images, labels = np.ones((3, 28, 28), np.uint8), np.arange(3, dtype=np.uint8)
    arrays = {"x_train": images, "y_train": labels, "x_test": images[:1], "y_test": labels[:1]}
    np.savez(tmp_path / ".keras" / "datasets" / "mnist.npz", **arrays)

    (x, y), (u, v) = mnist.load_data()

    assert (x.shape, y.tolist(), u.shape, v.tolist()) == ((3, 28, 28), [0, 1, 2], (1, 28, 28), [0])
    assert MNIST(tmp_path, download=True).targets.tolist() == [0, 1, 2]


def test_data_sets_that_are_not_here_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    with pytest.raises(FileNotFoundError, match="without a network"):
        mnist.load_data()
    with pytest.raises(FileNotFoundError, match=r"keras\.datasets\.cifar10 is not here"):
        cifar10.load_data()
    with pytest.raises(RuntimeError, match="MNIST was not supplied"):
        MNIST(tmp_path, download=True)
    with pytest.raises(RuntimeError, match="CIFAR10 is not here"):
        CIFAR10(tmp_path)


def test_images_become_tensors_with_the_channel_first_and_bytes_become_shares_of_1() -> None:
    grey = np.array([[0, 255], [51, 102]], dtype=np.uint8)
    colour = np.arange(12.0).reshape(2, 2, 3)

    assert torch.allclose(ToTensor()(grey), torch.tensor([[[0, 1], [0.2, 0.4]]]))
    assert torch.equal(ToTensor()(colour), torch.from_numpy(colour.transpose(2, 0, 1)))


def test_normalising_takes_a_number_for_each_channel_and_leaves_its_input_alone() -> None:
    image = torch.ones(2, 1, 1)

    result = Compose([Lambda(lambda x: x + 1), Normalize((1, 0), (2, 4))])(image)

    assert result.flatten().tolist() == [0.5, 0.5]
    assert image.flatten().tolist() == [1, 1]
    assert Normalize(0.5, 0.5, inplace=True)(image) is image


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: ToTensor()([[1]]), TypeError),
        (lambda: ToTensor()(np.ones(3)), ValueError),
        (lambda: Normalize(0, 1)(np.ones((1, 1, 1))), TypeError),
        (lambda: Normalize(0, 1)(torch.ones(1, 1, 1, dtype=torch.uint8)), TypeError),
        (lambda: Normalize(0, 1)(torch.ones(1, 1)), ValueError),
        (lambda: Normalize((0,), (0,))(torch.ones(1, 1, 1)), ValueError),
        (lambda: Lambda(1), TypeError),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_transformed_is_an_error_as_in_torchvision(
    call: Any, error: type[Exception]
) -> None:
    with pytest.raises(error):
        call()


def test_a_stand_in_is_told_of_where_it_is_imported_and_the_library_is_absent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sources = ["import numpy\n  import keras.utils", "from torchvision import x", "# import keras"]
    cells = [*map(v4.new_code_cell, sources), v4.new_markdown_cell("import tensorflow")]
    monkeypatch.setattr(stand_ins, "is_installed", lambda name: name == "torchvision")

    told = tell_stand_ins(v4.new_notebook(cells=cells))

    assert [sentence.split()[0] for sentence in told] == ["keras"]
