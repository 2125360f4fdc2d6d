"""What stands in for keras: its data sets, and one-hot labels."""

from . import datasets, utils

__version__ = "0.0"
__all__ = ["datasets", "utils"]
