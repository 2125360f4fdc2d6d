"""What stands in for torchvision.transforms: images to tensors, normalised."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch


class Compose:
    """One transform after the other."""

    def __init__(self, transforms: Sequence[Callable[[Any], Any]]) -> None:
        self.transforms = transforms

    def __call__(self, img: Any) -> Any:
        """Apply all."""
        for transform in self.transforms:
            img = transform(img)
        return img

    def __repr__(self) -> str:
        lines = [f"    {transform}" for transform in self.transforms]
        return "\n".join(["Compose(", *lines, ")"])


class Lambda:
    """A function of the notebook's own."""

    def __init__(self, lambd: Callable[[Any], Any]) -> None:
        if not callable(lambd):
            raise TypeError(f"Argument lambd should be callable, got {type(lambd).__name__!r}")
        self.lambd = lambd

    def __call__(self, img: Any) -> Any:
        """Apply it."""
        return self.lambd(img)

    def __repr__(self) -> str:
        return "Lambda()"


class ToTensor:
    """An image (H, W) or (H, W, C) to a tensor (C, H, W); bytes become numbers in [0, 1]."""

    def __call__(self, pic: Any) -> torch.Tensor:
        """Convert one image."""
        if not (isinstance(pic, np.ndarray) or type(pic).__module__.startswith("PIL.")):
            raise TypeError(f"pic should be PIL Image or ndarray. Got {type(pic)}")
        array = np.array(pic)
        if array.ndim not in (2, 3):
            raise ValueError(f"pic should be 2/3 dimensional. Got {array.ndim} dimensions.")
        planes = array[:, :, None] if array.ndim == 2 else array
        tensor = torch.from_numpy(np.ascontiguousarray(planes.transpose(2, 0, 1)))
        if tensor.dtype != torch.uint8:
            return tensor
        return tensor.to(dtype=torch.get_default_dtype()).div(255)

    def __repr__(self) -> str:
        return "ToTensor()"


class Normalize:
    """(x - mean) / std, for each channel."""

    def __init__(self, mean: Any, std: Any, inplace: bool = False) -> None:
        self.mean = mean
        self.std = std
        self.inplace = inplace

    def __call__(self, tensor: Any) -> torch.Tensor:
        """Normalise one image, or a batch."""
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f"img should be Tensor Image. Got {type(tensor)}")
        if not tensor.is_floating_point():
            raise TypeError(f"Input tensor should be a float tensor. Got {tensor.dtype}.")
        if tensor.ndim < 3:
            raise ValueError(
                "Expected tensor to be a tensor image of size (..., C, H, W). "
                f"Got tensor.size() = {tensor.size()}"
            )
        result = tensor if self.inplace else tensor.clone()
        std = _by_channel(self.std, tensor)
        if bool((std == 0).any()):
            raise ValueError(f"std evaluated to zero after conversion to {tensor.dtype}")
        return result.sub_(_by_channel(self.mean, tensor)).div_(std)

    def __repr__(self) -> str:
        return f"Normalize(mean={self.mean}, std={self.std})"


def _by_channel(numbers: Any, tensor: torch.Tensor) -> torch.Tensor:
    """Shape a number for each channel so that it meets its plane."""
    values = torch.as_tensor(numbers, dtype=tensor.dtype, device=tensor.device)
    return values.view(-1, 1, 1) if values.ndim == 1 else values
