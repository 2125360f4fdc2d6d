"""What stands in for keras.datasets.mnist: the file keras keeps after a download."""

import os
from pathlib import Path
from typing import Any

import numpy as np

Digits = tuple[Any, Any]


def load_data(path: str = "mnist.npz") -> tuple[Digits, Digits]:
    """Read the digits.

    Args:
        path: below ~/.keras/datasets, as keras has it.

    Returns:
        (x_train, y_train), (x_test, y_test): images of shape (N, 28, 28) and labels of shape
        (N,), all uint8.

    Raises:
        FileNotFoundError: nobody has supplied them; a notebook cannot download them.

    """
    named = os.environ.get("KERAS_HOME")
    place = (Path(named) if named else Path.home() / ".keras") / "datasets" / path
    if not place.exists():
        raise FileNotFoundError(
            f"MNIST is not here: there is no {place}, and notebooks are run without a network"
        )
    with np.load(place, allow_pickle=False) as file:
        return (file["x_train"], file["y_train"]), (file["x_test"], file["y_test"])
