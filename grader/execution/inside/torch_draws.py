"""Torch's random draws on the CPU, seen where all of them end: in the kernels of a few operators.

A mode that sees every operation doubles the time of a loop over small tensors; the other
operators stay as fast as they are when only these few kernels are replaced.
"""

import math
import warnings
from collections.abc import Callable
from typing import Any

from .numbers_in import LeftOut, Numbers
from .parameters import Parameters, bind, number
from .stand_in import drop_own_frames
from .tape import STACK_LIMIT, Tape
from .tensors import Tensors
from .types_of import lineage

# Operator, the names of the arguments after the tensor, and what they are without being given.
OPERATORS: dict[str, tuple[tuple[str, ...], dict[str, float]]] = {
    "bernoulli_.float": (("p",), {"p": 0.5}),
    "bernoulli_.Tensor": (("p",), {}),
    "uniform_": (("low", "high"), {"low": 0.0, "high": 1.0}),
    "normal_": (("mean", "std"), {"mean": 0.0, "std": 1.0}),
    "random_": ((), {}),
    "random_.to": (("high",), {"low": 0.0}),
    "random_.from": (("low", "high"), {}),
    "randperm.generator_out": (("n",), {}),
    "multinomial": (("n",), {}),
}
TOLD = ("low", "high", "mean", "std", "p", "n")
REPEATING = {"bernoulli_.float", "uniform_", "normal_"}  # all arguments are plain numbers
REPEATING_TENSORS = {"bernoulli_.Tensor"}  # the first argument is a tensor, the others plain
GLANCED = 64 * 1024  # bytes of such a tensor
RENAMED = {"from": "low", "to": "high", "num_samples": "n"}


class TorchDraws:
    """Keeps the replaced kernels in place for as long as it lives."""

    def __init__(
        self, torch: Any, tensors: Tensors, tape: Tape, see: Callable[[Any], None]
    ) -> None:
        """Replace the kernels; `see` is told of every tensor that is drawn.

        Raises:
            AttributeError: this torch does not hand out its kernels.

        """
        self._tensors = tensors
        self._tape = tape
        self._see = see
        self._library = torch.library.Library("aten", "IMPL")
        for operator in OPERATORS:
            original = torch.library.get_kernel(f"aten::{operator}", "CPU").call_boxed
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it warns that there is a kernel already
                self._library.impl(
                    operator, self._watched(operator, original), "CPU", with_keyset=True
                )

    def _watched(self, operator: str, original: Any) -> Any:
        """Make a kernel that does what the original does, and notes the result."""
        call = operator.partition(".")[0]

        def kernel(keys: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                result = original(keys, *args, **kwargs)
                if self._tape.takes("torch", call):
                    self._tape.notes.run(self._take, operator, result, args, kwargs)
                return result
            except BaseException as raised:
                drop_own_frames(raised)
                raise

        return kernel

    def _take(
        self, operator: str, result: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Note a result; one like an earlier one of the cell takes a short way."""
        call = operator.partition(".")[0]
        size, key, entries = self._tensors.glance(result, STACK_LIMIT)
        if size > STACK_LIMIT:
            self._tape.leave_out("torch", call)
            return
        key = self._likeness(operator, key, args) if entries is not None and not kwargs else None
        if key is not None and self._tape.take_again(key, entries or b""):
            return
        self._see(result)
        drawn = self._tensors.array(result)
        self._tape.take("torch", call, drawn, self._describe(operator, args, kwargs), key)

    def _likeness(self, operator: str, kind: Any, args: tuple[Any, ...]) -> Any:
        """Give what draws have in common that go on one stack; None where that takes long."""
        if operator in REPEATING:
            return operator, kind, args[1:]
        if operator in REPEATING_TENSORS:
            size, probabilities, entries = self._tensors.glance(args[1], GLANCED)
            if size <= GLANCED and entries is not None:
                return operator, kind, probabilities, entries, args[2:]
        return None

    def _describe(self, operator: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Parameters:
        """Give the parameters of a draw that are numbers."""
        names, known = OPERATORS[operator]
        given = {RENAMED.get(name, name): value for name, value in kwargs.items()}
        found = {**known, **bind(names, args[1:], given)}
        told = {name: self._number(found[name]) for name in TOLD if name in found}
        return tuple((k, v) for k, v in told.items() if v is not None and math.isfinite(v))

    def _number(self, value: Any) -> float | None:
        """Read a number, or a tensor of which all entries are the same number."""
        if type(value) is not float and self._tensors.tensor in lineage(value):
            read: Numbers | LeftOut = self._tensors.read(value, 4096)
            return number(read.array) if isinstance(read, Numbers) else None
        return number(value)
