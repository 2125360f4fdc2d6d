"""What stands in for torchvision: MNIST, and what is usually done to its images."""

from . import datasets, transforms

__version__ = "0.0"
__all__ = ["datasets", "transforms"]
