"""What stands in for keras.datasets: MNIST, where it was supplied."""

from typing import NoReturn

from . import mnist

__all__ = ["mnist"]


class _Elsewhere:
    """A data set that would have to be downloaded."""

    def __init__(self, name: str) -> None:
        self.__name__ = f"keras.datasets.{name}"

    def load_data(self, *_: object, **__: object) -> NoReturn:
        """Say that it is not here."""
        raise FileNotFoundError(
            f"{self.__name__} is not here: notebooks are run without a network, and keras, "
            "which is not installed, is stood in for with keras.datasets.mnist only"
        )


boston_housing = _Elsewhere("boston_housing")
california_housing = _Elsewhere("california_housing")
cifar10 = _Elsewhere("cifar10")
cifar100 = _Elsewhere("cifar100")
fashion_mnist = _Elsewhere("fashion_mnist")
imdb = _Elsewhere("imdb")
reuters = _Elsewhere("reuters")
