"""What stands in for torchvision.datasets: MNIST, where it was supplied."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

_FILES = {True: "train", False: "t10k"}
_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class MNIST(torch.utils.data.Dataset[Any]):
    """The digits: images as PIL has them, or as arrays where there is no PIL, with their labels.

    They are read below `root`, or from where keras has them, and never downloaded.
    """

    classes = tuple(f"{number} - {name}" for number, name in enumerate(_NAMES))

    def __init__(
        self,
        root: Any,
        train: bool = True,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
    ) -> None:
        self.root = str(Path(root).expanduser())
        self.train = train
        self.transform = transform
        self.target_transform = target_transform
        images, labels = self._read()
        self.data = torch.from_numpy(images)
        self.targets = torch.from_numpy(labels.astype(np.int64))

    @property
    def raw_folder(self) -> str:
        """Where torchvision has the files."""
        return str(Path(self.root, "MNIST", "raw"))

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The classes by name."""
        return {name: number for number, name in enumerate(self.classes)}

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image, target = _picture(self.data[index].numpy()), int(self.targets[index])
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            return image, self.target_transform(target)
        return image, target

    def __repr__(self) -> str:
        split = "Train" if self.train else "Test"
        return (
            f"Dataset MNIST\n    Number of datapoints: {len(self)}\n"
            f"    Root location: {self.root}\n    Split: {split}"
        )

    def _read(self) -> tuple[Any, Any]:
        folder, start = Path(self.raw_folder), _FILES[self.train]
        images, labels = (
            folder / f"{start}-images-idx3-ubyte",
            folder / f"{start}-labels-idx1-ubyte",
        )
        if images.exists() and labels.exists():
            return _read_idx(images), _read_idx(labels)
        kept = Path.home() / ".keras" / "datasets" / "mnist.npz"
        if not kept.exists():
            raise RuntimeError(
                "Dataset not found. MNIST was not supplied, and notebooks are run without a network"
            )
        part = "train" if self.train else "test"
        with np.load(kept, allow_pickle=False) as file:
            return file[f"x_{part}"], file[f"y_{part}"]


def _read_idx(path: Path) -> Any:
    """Read unsigned bytes as MNIST's own files have them: axes first, big-endian."""
    data = path.read_bytes()
    axes = np.frombuffer(data, ">u4", count=data[3], offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(axes)).reshape(axes).copy()


def _picture(array: Any) -> Any:
    """Give an image as PIL has it, where there is a PIL."""
    try:
        return importlib.import_module("PIL.Image").fromarray(array)
    except ImportError:
        return array


def _missing(name: str) -> type:
    """Make a data set that is not here, and says so when it is asked for."""

    def refuse(self: object, *_: object, **__: object) -> None:
        raise RuntimeError(
            f"torchvision.datasets.{name} is not here: notebooks are run without a network, and "
            "torchvision, which is not installed, is stood in for with MNIST only"
        )

    return type(name, (), {"__init__": refuse})


for _name in ("FashionMNIST", "EMNIST", "KMNIST", "QMNIST", "CIFAR10", "CIFAR100", "SVHN"):
    setattr(sys.modules[__name__], _name, _missing(_name))
