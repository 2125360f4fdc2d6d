"""What stands in for keras.utils.np_utils of keras 2."""

from typing import Any


def to_categorical(y: Any, num_classes: int | None = None, dtype: Any = "float32") -> Any:
    """Turn class numbers into rows with a 1 where the class is."""
    from . import to_categorical as categorical  # noqa: PLC0415  # the package imports this one

    return categorical(y, num_classes, dtype)
