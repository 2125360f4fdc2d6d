"""A tensor as an array of numbers; torch is used only where student code has loaded it."""

import ctypes
from typing import Any

from .numbers_in import LeftOut, Numbers, too_large

KEPT = {"float16": "float32", "bfloat16": "float32"}  # types .npy or a reader does not know
EXACT = ("bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64")
INEXACT = ("float32", "float64", "complex64", "complex128")
KNOWN = frozenset((*EXACT, *INEXACT, *KEPT))


class Tensors:
    """What the recorder needs of torch: methods of the base class, whatever was overridden."""

    def __init__(self, torch: Any) -> None:
        self.tensor = torch.Tensor
        self.module = torch.nn.Module
        self._torch = torch
        self._base = torch._C.TensorBase
        self._quick = {torch.float32, torch.float64}
        self._plain_classes = {torch.Tensor, torch.nn.Parameter}

    def grad(self, tensor: Any) -> Any:
        """Give the gradient a tensor holds; asking any other tensor for one makes torch warn."""
        if type(tensor) not in self._plain_classes:
            return None
        with self._torch._C.DisableTorchFunction():
            if not (tensor.is_leaf or tensor.retains_grad):
                return None
            return self._base.grad.__get__(tensor)

    def read(self, tensor: Any, limit: int) -> Numbers | LeftOut:
        """Read a tensor as an array of at most `limit` bytes."""
        if type(tensor) not in self._plain_classes:
            return LeftOut("a tensor of a class of its own")
        if self._is_watched():
            return LeftOut("a tensor in a traced or transformed function")
        with self._torch._C.DisableTorchFunction():
            refused = self._refuse(tensor, limit)
            return refused or Numbers(*self._convert(tensor))

    def dtype_of(self, tensor: Any) -> str:
        """Name the type of a tensor's entries: "float32"."""
        with self._torch._C.DisableTorchFunction():
            return str(self._base.dtype.__get__(tensor)).removeprefix("torch.")

    def is_floating(self, dtype: str) -> bool:
        """Say whether a type holds real numbers."""
        return dtype.startswith(("float", "bfloat"))

    def glance(self, tensor: Any, limit: int) -> tuple[int, Any, bytes | None]:
        """Give size in bytes, shape and type, and the bytes where that is quick.

        This way takes a quarter of the time of `array`, which counts in a training loop.
        """
        with self._torch._C.DisableTorchFunction():
            size, dtype = tensor.numel() * tensor.element_size(), tensor.dtype
            key = (tensor.shape, dtype)
            if size > limit or dtype not in self._quick or not tensor.is_contiguous():
                return size, key, None
            return size, key, ctypes.string_at(tensor.data_ptr(), size) if size else b""

    def array(self, tensor: Any) -> Any:
        """Give a strided CPU tensor's entries as an array, which may share their memory."""
        with self._torch._C.DisableTorchFunction():
            return self._convert(tensor)[0]

    def _is_watched(self) -> bool:
        """Say whether somebody would see the operations that reading a tensor takes."""
        private = self._torch._C
        return bool(
            private._get_tracing_state() is not None or private._len_torch_dispatch_stack() > 0
        )

    def _refuse(self, tensor: Any, limit: int) -> LeftOut | None:
        """Say why a tensor cannot be read; None where it can."""
        kind = self.dtype_of(tensor)
        if tensor.layout is not self._torch.strided or tensor.is_nested:
            return LeftOut("a tensor that is not dense")
        if tensor.device.type != "cpu":
            return LeftOut(f"a tensor on the device {tensor.device.type}")
        if tensor.is_quantized or kind not in KNOWN:
            return LeftOut(f"a tensor of {kind}")
        size = tensor.numel() * tensor.element_size()
        return too_large(size, limit) if size > limit else None

    def _convert(self, tensor: Any) -> tuple[Any, str, str]:
        """Give array, library and the name of a type that had to be changed."""
        kind = self.dtype_of(tensor)
        plain = self._base.detach(tensor).resolve_conj().resolve_neg()
        if kind in KEPT:
            return self._base.numpy(plain.float()), "torch", kind
        return self._base.numpy(plain), "torch", ""
