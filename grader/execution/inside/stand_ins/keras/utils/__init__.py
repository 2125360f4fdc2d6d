"""What stands in for keras.utils: one-hot labels."""

from typing import Any

import numpy as np

from . import np_utils

__all__ = ["np_utils", "to_categorical"]


def to_categorical(x: Any, num_classes: int | None = None, dtype: Any = "float64") -> Any:
    """Turn class numbers into rows with a 1 where the class is; errors are NumPy's, as in keras.

    float64 as in keras 3; `dtype` is of keras 2, where it was float32 unless said.

    Args:
        x: class numbers from 0, of any shape; a last axis of length 1 is dropped.
        num_classes: length of the new last axis; the largest number plus 1, unless said.
        dtype: of the result.

    """
    labels = np.array(x, dtype="int64")
    shape = labels.shape
    if len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    labels = labels.reshape(-1)
    classes = num_classes or np.max(labels) + 1
    categorical = np.zeros((labels.shape[0], classes), dtype=dtype)
    categorical[np.arange(labels.shape[0]), labels] = 1
    return np.reshape(categorical, (*shape, classes))
